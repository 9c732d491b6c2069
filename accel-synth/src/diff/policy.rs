use std::{borrow::Cow, collections::BTreeSet};

use serde_json::{Map, Value};

use super::phrase::{canonical, is_intrinsic};
use crate::ordered::IntoMap as _;
use litemap::LiteMap;

/// A policy document: compared by what its statements mean.
pub(super) struct Policy<'a> {
    pub(super) document: Cow<'a, Map<String, Value>>,
}

impl<'a> Policy<'a> {
    /// The policy that `value` is, be it written as an object or as the text of one.
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        let document = match value {
            Value::Object(document) => Cow::Borrowed(document),
            Value::String(text) if text.trim_start().starts_with('{') => {
                match serde_json::from_str(text) {
                    Ok(Value::Object(document)) => Cow::Owned(document),
                    _ => return None,
                }
            }
            _ => return None,
        };
        let is_policy = match document.get("Statement")? {
            Value::Array(statements) => statements.iter().any(is_statement),
            statement => is_statement(statement),
        };
        is_policy.then_some(Self { document })
    }

    fn statements(&self) -> LiteMap<String, &Value> {
        let statements = match self.document.get("Statement") {
            Some(Value::Array(statements)) => statements.as_slice(),
            Some(statement) => std::slice::from_ref(statement),
            None => &[],
        };
        statements.iter().map(|statement| (meaning(statement), statement)).into_lite_map()
    }
}

/// The statements that only `old` has, and those that only `new` has.
pub(super) fn differences<'a>(
    old: &'a Policy<'_>,
    new: &'a Policy<'_>,
) -> (Vec<&'a Value>, Vec<&'a Value>) {
    let (old, new) = (old.statements(), new.statements());
    let only = |these: &LiteMap<String, &'a Value>, those: &LiteMap<String, &'a Value>| {
        let missing = these.iter().filter(|(meaning, _)| !those.contains_key(*meaning));
        missing.map(|(_, statement)| *statement).collect()
    };
    (only(&old, &new), only(&new, &old))
}

pub(super) fn is_statement(value: &Value) -> bool {
    value.as_object().is_some_and(|statement| {
        statement.contains_key("Effect")
            && (statement.contains_key("Action") || statement.contains_key("NotAction"))
    })
}

/// One text for all ways to write a statement: one item or a list of it, any order, actions and names of
/// condition keys in any case, a flag or its text.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
fn meaning(statement: &Value) -> String {
    let Value::Object(statement) = statement else { return canonical(statement) };
    if is_intrinsic(statement) {
        return canonical(&Value::Object(statement.clone()));
    }
    let parts = statement.iter().map(|(key, value)| {
        let value = match (key.as_str(), value) {
            ("Action" | "NotAction", value) => set(value, str::to_ascii_lowercase),
            ("Resource" | "NotResource", value) => set(value, str::to_owned),
            ("Principal" | "NotPrincipal", Value::Object(kinds)) if !is_intrinsic(kinds) => {
                entries(kinds, str::to_owned, &|value| set(value, str::to_owned))
            }
            ("Condition", Value::Object(operators)) if !is_intrinsic(operators) => {
                entries(operators, str::to_owned, &|keys| match keys {
                    Value::Object(keys) if !is_intrinsic(keys) => {
                        entries(keys, str::to_ascii_lowercase, &|value| set(value, str::to_owned))
                    }
                    other => canonical(other),
                })
            }
            (_, value) => canonical(value),
        };
        (key, value)
    });
    let parts = parts.into_lite_map();
    format!("{parts:?}")
}

fn entries(
    object: &Map<String, Value>,
    name: fn(&str) -> String,
    value: &dyn Fn(&Value) -> String,
) -> String {
    let entries = object.iter().map(|(key, inner)| (name(key), value(inner))).into_lite_map();
    format!("{entries:?}")
}

fn set(value: &Value, text: fn(&str) -> String) -> String {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        item => std::slice::from_ref(item),
    };
    let items = items.iter().map(|item| match item {
        Value::String(item) => text(item),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        other => canonical(other),
    });
    format!("{:?}", items.collect::<BTreeSet<_>>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn differ(old: &Value, new: &Value) -> (usize, usize) {
        let (old, new) = (Policy::of(old).unwrap(), Policy::of(new).unwrap());
        let (removed, added) = differences(&old, &new);
        (removed.len(), added.len())
    }

    #[test]
    fn form_and_order_mean_nothing() {
        let old = json!({ "Statement": [
            { "Effect": "Allow", "Action": "s3:GetObject", "Resource": ["a", { "Ref": "B" }] },
            { "Effect": "Deny", "Action": ["s3:Put*", "s3:Delete*"], "Resource": "*",
              "Principal": { "AWS": ["1", "2"] },
              "Condition": { "Bool": { "aws:SecureTransport": false } } },
        ]});
        let new = json!({ "Statement": [
            { "Effect": "Deny", "Action": ["S3:delete*", "s3:put*"], "Resource": ["*"],
              "Principal": { "AWS": ["2", "1"] },
              "Condition": { "Bool": { "AWS:SecureTransport": ["false"] } } },
            { "Effect": "Allow", "Action": ["s3:getobject"], "Resource": [{ "Ref": "B" }, "a"] },
        ]});
        assert_eq!(differ(&old, &new), (0, 0));
        assert_eq!(differ(&old, &Value::String(new.to_string())), (0, 0));
    }

    #[test]
    fn everything_else_means_something() {
        let base = json!({ "Effect": "Allow", "Action": "a:B", "Resource": "arn:x" });
        let others = [
            json!({ "Effect": "Deny", "Action": "a:B", "Resource": "arn:x" }),
            json!({ "Effect": "Allow", "Action": "a:C", "Resource": "arn:x" }),
            json!({ "Effect": "Allow", "NotAction": "a:B", "Resource": "arn:x" }),
            json!({ "Effect": "Allow", "Action": "a:B", "Resource": "arn:X" }),
            json!({ "Effect": "Allow", "Action": "a:B", "Resource": "arn:x", "Condition": {
                "StringEquals": { "aws:PrincipalOrgID": "o-1" } } }),
        ];
        for other in others {
            assert_eq!(
                differ(&json!({ "Statement": base }), &json!({ "Statement": [other] })),
                (1, 1)
            );
        }
    }

    #[test]
    fn not_everything_with_statements_is_a_policy() {
        assert!(Policy::of(&json!({ "Statement": [{ "Name": "rate-limit" }] })).is_none());
        assert!(Policy::of(&json!("{ not json")).is_none());
        assert!(Policy::of(&json!({ "Rules": [] })).is_none());
    }
}
