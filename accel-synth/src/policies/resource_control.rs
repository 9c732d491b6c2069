//! What a resource control policy may say.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>.

use accel_core::{Object, Prop};
use accel_policy::actions;

use super::{Problem, items};
use crate::codes;

pub(super) fn check(statement: &Object, report: &mut dyn FnMut(Problem)) {
    let is =
        |element: &str, value: &str| statement.get(element).and_then(Prop::as_str) == Some(value);
    let mut refused = |message: &str, allowed: &'static str, help: &'static str| {
        report(Problem {
            code: &codes::RESOURCE_CONTROL_STATEMENT,
            message: message.to_owned(),
            allowed: allowed.into(),
            help: help.into(),
        });
    };
    if is("Effect", "Allow") {
        refused(
            "allows something, which a resource control policy cannot",
            "`Deny`: AWS attaches `RCPFullAWSAccess` itself",
            "turn the statement round: deny what shall not be, and leave the rest to other policies",
        );
    }
    for element in ["NotAction", "NotPrincipal"] {
        if statement.get(element).is_some() {
            refused(
                &format!("has `{element}`, which a resource control policy cannot have"),
                "`Action`, and `Principal` as `*`",
                "name the actions, and say who is exempt by a condition on `aws:PrincipalArn`",
            );
        }
    }
    let everybody = is("Principal", "*")
        || statement.get("Principal").and_then(Prop::as_object).is_some_and(|kinds| {
            kinds.len() == 1 && kinds.get("AWS").and_then(Prop::as_str) == Some("*")
        });
    if !everybody && statement.get("NotPrincipal").is_none() {
        refused(
            "has not `*` as its principal",
            "`\"Principal\": \"*\"`",
            "say whom it is about by a condition: `aws:PrincipalArn`, `aws:PrincipalOrgID`",
        );
    }
    for name in statement.get("Action").map(items).unwrap_or_default() {
        let Some(name) = name.as_str() else { continue };
        let service = name.split_once(':').map_or(name, |(service, _)| service);
        if service.contains('*') {
            refused(
                &format!("denies `{name}`: a resource control policy names the services"),
                "`service:*`",
                "name the services: `s3:*`, `kms:*`",
            );
        } else if actions::service(service).is_some_and(|known| !known.supports_resource_control())
        {
            refused(
                &format!("denies `{name}`, but resource control policies do not bind `{service}`"),
                "services that AWS lists for resource control policies",
                "deny it to the organization's principals, by a service control policy",
            );
        }
    }
    if is("Effect", "Deny") && holds_for_ordinary_requests(statement) {
        report(Problem {
            code: &codes::DENIES_ORDINARY_REQUESTS,
            message:
                "denies every request that no service of AWS makes on behalf of somebody: only \
                      those have the keys that it compares"
                    .to_owned(),
            allowed: "conditions that do not hold where a key is missing, or one that asks for it"
                .into(),
            help: "add `\"Bool\": {\"aws:PrincipalIsAWSService\": \"true\"}`, and `\"Null\": \
                   {\"aws:SourceAccount\": \"false\"}`"
                .into(),
        });
    }
}

/// The keys that a request has only if a service makes it on behalf of somebody.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
const ON_BEHALF: [&str; 4] =
    ["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"];

/// Whether all conditions are about such keys alone, and all hold where the key is missing: whatever
/// else there is in an ordinary request, it does not matter.
fn holds_for_ordinary_requests(statement: &Object) -> bool {
    let Some(tests) = statement.get("Condition").and_then(Prop::as_object) else { return false };
    let mut conditions = tests.iter().flat_map(|(test, keys)| {
        let keys = keys.as_object().into_iter().flat_map(Object::iter);
        keys.map(move |(key, values)| (test.as_str(), key.as_str(), values))
    });
    !tests.is_empty()
        && conditions.all(|(test, key, values)| {
            ON_BEHALF.iter().any(|known| known.eq_ignore_ascii_case(key))
                && holds_without(test, values)
        })
}

/// Whether a condition holds where the request has no such key.
fn holds_without(test: &str, values: &Prop) -> bool {
    if test.starts_with("ForAnyValue:") {
        return false;
    }
    if test == "Null" {
        return match values {
            Prop::Bool(is_null) => *is_null,
            values => values.as_str() == Some("true"),
        };
    }
    test.starts_with("ForAllValues:") || test.ends_with("IfExists") || test.contains("Not")
}
