//! What policies of settings may say: their members, and the values of each.

use accel_core::Prop;

use crate::foundation::PolicyType;

/// The settings of a type of policy: where each is (`*` is any name, `**` whatever is below), and its values;
/// any if there are none. No table for types that the catalogue does not have.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html>
/// and the pages beside it.
const fn settings(policy_type: PolicyType) -> &'static [(&'static str, &'static [&'static str])] {
    const ON: &[&str] = &["enabled", "disabled"];
    const PREFERENCE: &[&str] = &["no_preference", "enabled", "disabled"];
    match policy_type {
        PolicyType::DeclarativeEc2 => &[
            ("ec2_attributes/exception_message", &[]),
            ("ec2_attributes/allowed_images_settings/**", &[]),
            ("ec2_attributes/image_block_public_access/state", &["unblocked", "block_new_sharing"]),
            ("ec2_attributes/instance_metadata_defaults/http_endpoint", PREFERENCE),
            ("ec2_attributes/instance_metadata_defaults/http_put_response_hop_limit", &[]),
            (
                "ec2_attributes/instance_metadata_defaults/http_tokens",
                &["no_preference", "required", "optional"],
            ),
            ("ec2_attributes/instance_metadata_defaults/instance_metadata_tags", PREFERENCE),
            ("ec2_attributes/serial_console_access/status", ON),
            (
                "ec2_attributes/snapshot_block_public_access/state",
                &["unblocked", "block_new_sharing", "block_all_sharing"],
            ),
            (
                "ec2_attributes/vpc_block_public_access/internet_gateway_block/mode",
                &["off", "block_ingress", "block_bidirectional"],
            ),
            (
                "ec2_attributes/vpc_block_public_access/internet_gateway_block/exclusions_allowed",
                ON,
            ),
        ],
        PolicyType::S3 => &[("s3_attributes/public_access_block_configuration", &["all", "none"])],
        PolicyType::AiServicesOptOut => &[("services/*/opt_out_policy", &["optIn", "optOut"])],
        PolicyType::Inspector => &[
            ("inspector/enablement/*/enable_in_regions", &[]),
            ("inspector/enablement/*/disable_in_regions", &[]),
            ("inspector/enablement/lambda_standard_scanning/lambda_code_scanning/*", &[]),
        ],
        PolicyType::SecurityHub => &[
            ("securityhub/enable_in_regions", &[]),
            ("securityhub/disable_in_regions", &[]),
            ("securityhub/features/**", &[]),
        ],
        PolicyType::Tag => &[
            ("tags/*/tag_key", &[]),
            ("tags/*/tag_value", &[]),
            ("tags/*/enforced_for", &[]),
            ("tags/*/report_required_tag_for", &[]),
        ],
        _ => &[],
    }
}

const OPERATORS: [&str; 4] =
    ["@@assign", "@@append", "@@remove", "@@operators_allowed_for_child_policies"];

/// What is wrong with the content of a policy, and what is allowed there; none if nothing is.
pub(super) fn problem(policy_type: PolicyType, content: &Prop) -> Option<(String, String)> {
    let settings = settings(policy_type);
    if settings.is_empty() {
        return None;
    }
    let mut path = Vec::new();
    below(settings, content, &mut path)
}

fn below<'a>(
    settings: &[(&str, &[&str])],
    content: &'a Prop,
    path: &mut Vec<&'a str>,
) -> Option<(String, String)> {
    let here = path.join("/");
    let Some(members) = content.as_object() else {
        let allowed = OPERATORS.join(", ");
        return Some((format!("says `{here}` without an operator"), allowed));
    };
    for (name, member) in members.iter() {
        if let Some(values) = name.starts_with("@@").then(|| values(settings, path)) {
            if !OPERATORS.contains(&name.as_str()) {
                return Some((format!("has the operator `{name}`"), OPERATORS.join(", ")));
            }
            let is_control = name.as_str() == OPERATORS[3];
            match (values, member.as_str()) {
                (None, _) if !is_control => {
                    return Some((format!("sets `{here}`"), paths(settings)));
                }
                (Some([_, ..]), None) if !is_control => {
                    return Some((format!("sets `{here}` to no text"), paths(settings)));
                }
                (Some(known @ [_, ..]), Some(value)) if !known.contains(&value) => {
                    return Some((format!("sets `{here}` to `{value}`"), known.join(", ")));
                }
                _ => continue,
            }
        }
        path.push(name.as_str());
        let wrong = if settings.iter().any(|(pattern, _)| leads(pattern, path)) {
            below(settings, member, path)
        } else {
            Some((format!("says something of `{}`", path.join("/")), paths(settings)))
        };
        path.pop();
        if wrong.is_some() {
            return wrong;
        }
    }
    None
}

/// The values of the setting at `path`, if it is one.
fn values<'a>(settings: &[(&str, &'a [&'a str])], path: &[&str]) -> Option<&'a [&'a str]> {
    let is = |pattern: &str| pattern.ends_with("**") || pattern.split('/').count() == path.len();
    let mut found = settings.iter().filter(|(pattern, _)| is(pattern) && leads(pattern, path));
    found.next().map(|(_, values)| *values)
}

/// Whether `path` is on the way to `pattern`, or there.
fn leads(pattern: &str, path: &[&str]) -> bool {
    let segments: Vec<&str> = pattern.split('/').collect();
    path.iter().enumerate().all(|(index, name)| match segments.get(index) {
        Some(&("*" | "**")) => true,
        Some(segment) => segment == name,
        None => segments.last() == Some(&"**"),
    })
}

fn paths(settings: &[(&str, &[&str])]) -> String {
    settings.iter().map(|(pattern, _)| *pattern).collect::<Vec<_>>().join(", ")
}
