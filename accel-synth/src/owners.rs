//! Resources of which an account and region has at most one, and names that are the account's.

use accel_core::{
    Diagnostic, Diagnostics,
    tree::{Kind, Tree},
};
use litemap::LiteMap;

use crate::{codes, layout::Layout};

/// Types of which an account has at most one per region: a second one fails, or fights with the first.
const ONE_PER_REGION: &[&str] = &[
    "AWS::ApiGateway::Account",
    "AWS::Config::ConfigurationRecorder",
    "AWS::Config::DeliveryChannel",
    "AWS::Detective::Graph",
    "AWS::EC2::SnapshotBlockPublicAccess",
    "AWS::EC2::VPCBlockPublicAccessOptions",
    "AWS::GuardDuty::Detector",
    "AWS::InspectorV2::Filter",
    "AWS::Macie::Session",
    "AWS::SecurityHub::FindingAggregator",
    "AWS::SecurityHub::Hub",
    "AWS::SecurityHub::HubV2",
    "AWS::SecurityHub::OrganizationConfiguration",
    "AWS::XRay::TransactionSearchConfig",
];

/// Types whose names are the account's, the same in every region, with the property that sets the name.
const GLOBAL_NAMES: &[(&str, &str)] = &[
    ("AWS::CloudFront::CachePolicy", "Name"),
    ("AWS::IAM::Group", "GroupName"),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::User", "UserName"),
    ("AWS::S3::Bucket", "BucketName"),
];

/// Reports both.
pub(crate) fn check(tree: &Tree, layout: &Layout, diagnostics: &mut Diagnostics) {
    one_per_region(tree, layout, diagnostics);
    for (template, members) in layout.templates() {
        let Kind::StackSet(set) = tree[template].kind() else { continue };
        if set.get_regions().len() < 2 {
            continue;
        }
        for &node in members {
            let Some(resource) = tree[node].resource() else { continue };
            let global = GLOBAL_NAMES.iter().find(|(name, _)| *name == resource.type_name());
            let Some((_, property)) = global else { continue };
            let fixed = resource.get(property).and_then(accel_core::Prop::as_str);
            let conditional =
                resource.policies().is_some_and(|policies| policies.condition.is_some());
            if let (Some(name), false) = (fixed, conditional) {
                let message = format!(
                    "`{}` is called `{name}` in every one of {} regions",
                    tree.path(node),
                    set.get_regions().len()
                );
                let location = resource.overridden_at(property).unwrap_or(tree[node].location());
                diagnostics.push(
                    Diagnostic::error(&codes::GLOBAL_NAME_COLLISION, message, location).help(
                        format!(
                            "leave `{property}` out, add `Value::own_region()` to it, or make the \
                             resource in one region only"
                        ),
                    ),
                );
            }
        }
    }
}

fn one_per_region(tree: &Tree, layout: &Layout, diagnostics: &mut Diagnostics) {
    let mut owners = LiteMap::new_vec();
    for (template, members) in layout.templates() {
        // A set's own instances are in different places; within one template two are two.
        let place = tree.environment(template).ok_or(template);
        // In the order of the program: the second one is the one too many.
        let mut members = members.to_vec();
        members.sort();
        for node in members {
            let Some(resource) = tree[node].resource() else { continue };
            let type_name = resource.type_name();
            if !ONE_PER_REGION.contains(&type_name) {
                continue;
            }
            if let Some(first) = owners.insert((place, type_name), node) {
                let message = format!(
                    "`{}` and `{}` both are the one `{type_name}` of their account and region",
                    tree.path(first),
                    tree.path(node)
                );
                diagnostics.push(
                    Diagnostic::error(&codes::TWO_OWNERS, message, tree[node].location())
                        .note("the other one is made here", tree[first].location())
                        .help(
                            "keep one of the two, and pass what it gives back to whoever needs it",
                        ),
                );
            }
        }
    }
}
