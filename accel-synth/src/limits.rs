//! Limits of AWS that a whole template or a policy can exceed. Sources, as of 2026:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>,
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>,
//! <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html>.

use std::collections::BTreeMap;

use accel_core::{
    Diagnostic, Diagnostics, Prop, Resource,
    policy::PolicyLimits,
    tree::{Kind, NodeId, Tree},
};
use litemap::LiteMap;

use crate::{codes, json::JsonWriter, layout::Layout, links::Links, manifest::stack_name};

/// Beyond this a template goes through a bucket.
pub(crate) const INLINE_TEMPLATE_BYTES: usize = 51_200;
/// The "1 MB" of the documentation are a million bytes: "Template may not exceed 1000000 bytes in size."
const TEMPLATE_BYTES: usize = 1_000_000;
const RESOURCES: usize = 500;
const PARAMETERS: usize = 200;
const OUTPUTS: usize = 200;
const MAPPINGS: usize = 200;
const STACK_NAME: usize = 128;
const DESCRIPTION_BYTES: usize = 1_024;

/// Policy documents of other types: the property, how many characters AWS takes without white space,
/// and the way out.
const POLICY_DOCUMENTS: &[(&str, &str, usize, &str)] = &[
    ("AWS::IAM::ManagedPolicy", "PolicyDocument", 6_144, "split it into several managed policies"),
    ("AWS::IAM::Policy", "PolicyDocument", 10_240, "move statements into a managed policy"),
    ("AWS::IAM::RolePolicy", "PolicyDocument", 10_240, "move statements into a managed policy"),
    ("AWS::IAM::GroupPolicy", "PolicyDocument", 5_120, "move statements into a managed policy"),
    ("AWS::IAM::UserPolicy", "PolicyDocument", 2_048, "move statements into a managed policy"),
    (
        "AWS::IAM::Role",
        "AssumeRolePolicyDocument",
        4_096,
        "trust fewer principals, or a role they share",
    ),
    ("AWS::KMS::Key", "KeyPolicy", 32_768, "delegate to the account, and grant in its roles"),
    ("AWS::S3::BucketPolicy", "PolicyDocument", 20_480, "give access points policies of their own"),
];

/// How many characters AWS takes of all inline policies together, without white space.
const INLINE_POLICIES: [(&str, usize); 3] =
    [("AWS::IAM::Role", 10_240), ("AWS::IAM::Group", 5_120), ("AWS::IAM::User", 2_048)];

/// Reports every template and policy that is over a limit, and stacks that share a name.
pub(crate) fn check(tree: &Tree, layout: &Layout, links: &Links, diagnostics: &mut Diagnostics) {
    let mut check = Check { tree, layout, links, diagnostics };
    check.templates();
    check.stack_names();
    check.policies();
    check.attachments();
}

/// A template's size, known once it is printed.
pub(crate) fn check_size(tree: &Tree, node: NodeId, bytes: usize, diagnostics: &mut Diagnostics) {
    if bytes > TEMPLATE_BYTES {
        over(
            tree,
            node,
            bytes,
            "bytes",
            TEMPLATE_BYTES,
            "split the stack into several",
            diagnostics,
        );
    }
}

fn over(
    tree: &Tree,
    node: NodeId,
    given: usize,
    what: &str,
    allowed: usize,
    help: &str,
    diagnostics: &mut Diagnostics,
) {
    let message = format!("`{}` has {given} {what}", tree.path(node));
    diagnostics.push(
        Diagnostic::error(&codes::LIMIT_EXCEEDED, message, tree[node].location())
            .allowed(format!("at most {allowed}"))
            .help(help),
    );
}

struct Check<'a> {
    tree: &'a Tree,
    layout: &'a Layout,
    links: &'a Links,
    diagnostics: &'a mut Diagnostics,
}

impl Check<'_> {
    fn over(&mut self, node: NodeId, given: usize, what: &str, allowed: usize, help: &str) {
        if given > allowed {
            over(self.tree, node, given, what, allowed, help, self.diagnostics);
        }
    }

    fn templates(&mut self) {
        for (template, members) in self.layout.templates() {
            let count = |is: fn(&Kind) -> bool| {
                members.iter().filter(|&&node| is(self.tree[node].kind())).count()
            };
            let resources = count(|kind| matches!(kind, Kind::Resource(_) | Kind::Published(_)));
            let parameters = count(|kind| matches!(kind, Kind::Parameter(_)));
            let outputs = count(|kind| matches!(kind, Kind::Output(_)));
            let mappings = count(|kind| matches!(kind, Kind::Mapping(_)));
            let links = self.links.of(template);
            let parameters = parameters + links.map_or(0, |links| links.parameters.len());
            let outputs = outputs + links.map_or(0, |links| links.outputs.len());
            let mappings = mappings + links.map_or(0, |links| links.mappings.len());
            let split =
                "split it into several stacks: open a second one and add a part of this there";
            self.over(template, resources, "resources", RESOURCES, split);
            let values = "pass fewer values between stacks: build what needs them in one stack, or \
                          refer to things by names that are known at synth";
            self.over(template, parameters, "parameters", PARAMETERS, values);
            self.over(template, outputs, "outputs", OUTPUTS, values);
            self.over(template, mappings, "mappings", MAPPINGS, split);
            let description = match self.tree[template].kind() {
                Kind::Stack(stack) => stack.get_description(),
                Kind::StackSet(set) => set.get_description(),
                _ => None,
            };
            let bytes = description.map_or(0, str::len);
            let shorten = "shorten the description";
            self.over(template, bytes, "bytes of description", DESCRIPTION_BYTES, shorten);
            if let Kind::StackSet(set) = self.tree[template].kind() {
                let empty = match set.targets() {
                    accel_core::Targets::Units { units, .. } => units.is_empty(),
                    accel_core::Targets::Accounts(accounts) => accounts.is_empty(),
                };
                let missing = match (set.get_regions().is_empty(), empty) {
                    (true, _) => "regions",
                    (_, true) => "targets",
                    _ => continue,
                };
                let message = format!("`{}` has no {missing}", self.tree.path(template));
                let location = self.tree[template].location();
                let help = "name them: `StackSet::for_units([ou]).regions([Region::EU_WEST_1])`";
                self.diagnostics
                    .push(Diagnostic::error(&codes::EMPTY_STACK_SET, message, location).help(help));
            }
        }
    }

    fn stack_names(&mut self) {
        let mut taken: BTreeMap<_, NodeId> = BTreeMap::new();
        for (template, _) in self.layout.templates() {
            let name = stack_name(self.tree, self.layout, template);
            let shorten = "shorten the ids of its scopes or of the app";
            self.over(template, name.len(), "characters of stack name", STACK_NAME, shorten);
            if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let message = format!("the stack name `{name}` does not begin with a letter");
                let location = self.tree[self.tree.root()].location();
                self.diagnostics.push(
                    Diagnostic::error(&codes::LIMIT_EXCEEDED, message, location)
                        .help("give the app an id that begins with a letter"),
                );
            }
            let place = self.tree.environment(template);
            if let Some(first) = taken.insert((place, name.clone()), template) {
                // Two of one path are a duplicate id, which building reported.
                if self.tree.path(first) == self.tree.path(template) {
                    continue;
                }
                let message = format!(
                    "`{}` and `{}` would both be called `{name}`",
                    self.tree.path(first),
                    self.tree.path(template)
                );
                let location = self.tree[template].location();
                self.diagnostics.push(
                    Diagnostic::error(&codes::DUPLICATE_STACK_NAME, message, location)
                        .note("the other one is made here", self.tree[first].location())
                        .help("rename one of them"),
                );
            }
        }
    }

    /// Sizes of policies, as AWS counts them: without white space.
    fn policies(&mut self) {
        for node in self.tree.ids() {
            let Some(resource) = self.tree[node].resource() else { continue };
            let inline = INLINE_POLICIES.iter().find(|(name, _)| *name == resource.type_name());
            if let Some((_, allowed)) = inline {
                let policies = resource.get("Policies").and_then(Prop::as_list).unwrap_or_default();
                let documents =
                    policies.iter().filter_map(|it| it.as_object()?.get("PolicyDocument"));
                let size = documents.map(policy_size).sum();
                let what = "characters of inline policies, without white space";
                self.over(node, size, what, *allowed, "move statements into managed policies");
            }
            let (property, allowed, help) = match resource.type_name() {
                "AWS::Organizations::Policy" => match organization_limits(resource) {
                    Some((_, limits)) => (
                        "Content",
                        limits.characters,
                        "drop statements, merge those with the same effect, condition and resource, \
                         or split it into two policies",
                    ),
                    None => match setting_limit(resource) {
                        Some(allowed) => ("Content", allowed, "say less, or split it by targets"),
                        None => continue,
                    },
                },
                other => match POLICY_DOCUMENTS.iter().find(|(name, ..)| *name == other) {
                    Some((_, property, allowed, help)) => (*property, *allowed, *help),
                    None => continue,
                },
            };
            let Some(document) = resource.get(property) else { continue };
            let size = policy_size(document);
            self.over(node, size, "characters of policy, without white space", allowed, help);
        }
    }

    /// How many policies of a type each target has: as many as the most generous profile of them says.
    fn attachments(&mut self) {
        let mut attached: LiteMap<_, (Vec<NodeId>, usize)> = LiteMap::new_vec();
        for node in self.tree.ids() {
            let Some(resource) = self.tree[node].resource() else { continue };
            let Some((kind, limits)) = organization_limits(resource) else { continue };
            let targets = resource.get("TargetIds").and_then(Prop::as_list).unwrap_or_default();
            for target in targets {
                let (policies, allowed) =
                    attached.entry((kind, format!("{target:?}"))).or_default();
                policies.push(node);
                *allowed = limits.own().max(*allowed);
            }
        }
        for ((kind, _), (policies, allowed)) in attached {
            if policies.len() <= allowed {
                continue;
            }
            let last = policies[policies.len() - 1];
            let others: Vec<String> =
                policies.iter().map(|&node| format!("`{}`", self.tree.path(node))).collect();
            let message =
                format!("one target has {} {kind} policies: {}", policies.len(), others.join(", "));
            self.diagnostics.push(
                Diagnostic::error(&codes::LIMIT_EXCEEDED, message, self.tree[last].location())
                    .allowed(format!(
                        "at most {allowed}, beside the one that AWS attaches and that allows everything"
                    ))
                    .help("merge their statements into fewer policies, or attach some of them to a unit above"),
            );
        }
    }
}

/// What a policy that binds accounts is called, and the limits of its profile.
fn organization_limits(resource: &Resource) -> Option<(&'static str, PolicyLimits)> {
    if resource.type_name() != "AWS::Organizations::Policy" {
        return None;
    }
    let profile = resource.get_policy_profile();
    match resource.get("Type").and_then(Prop::as_str)? {
        "SERVICE_CONTROL_POLICY" => Some(("service control", profile.service_control())),
        "RESOURCE_CONTROL_POLICY" => Some(("resource control", profile.resource_control())),
        _ => None,
    }
}

/// How many characters a policy of an organization has that sets something and allows nothing.
fn setting_limit(resource: &Resource) -> Option<usize> {
    match resource.get("Type").and_then(Prop::as_str)? {
        "AISERVICES_OPT_OUT_POLICY" => Some(2_500),
        "TAG_POLICY"
        | "BACKUP_POLICY"
        | "CHATBOT_POLICY"
        | "DECLARATIVE_POLICY_EC2"
        | "SECURITYHUB_POLICY" => Some(10_000),
        _ => None,
    }
}

/// The size of a policy document without white space; what is not literal counts as its shortest form.
fn policy_size(document: &Prop) -> usize {
    match document {
        Prop::String(text) => text.chars().filter(|c| !c.is_whitespace()).count(),
        document => {
            let mut json = JsonWriter::compact();
            json.prop(document, &mut |json, _| json.string(""));
            json.finish().chars().count()
        }
    }
}
