//! The rows of `organization/steps.json`, and how the reply of a read is compared with what a row expects.

use std::collections::BTreeMap;

use accel_synth::manifest::ValueSource;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::cloud::Protocol;

#[derive(Debug, Deserialize)]
pub(crate) struct Steps {
    pub(crate) steps: Vec<Step>,
}

/// A setting that no template can say: the call that makes it so, and the one that tells whether it is.
#[derive(Debug, Deserialize)]
pub(crate) struct Step {
    pub(crate) path: String,
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) kind: String,
    pub(crate) setting: String,
    pub(crate) after: Vec<String>,
    /// None if it only looks up what exists already.
    pub(crate) call: Option<Request>,
    pub(crate) read: Read,
}

impl Step {
    /// Whether it makes this account, or asks it to join.
    pub(crate) fn is_of_account(&self, id: &str, email: &str) -> bool {
        let text = |pointer| self.call.as_ref()?.request.pointer(pointer)?.as_str();
        text("/Target/Id") == Some(id) || !email.is_empty() && text("/Email") == Some(email)
    }

    /// In words: `hosted-zone/example.com in prod, us-east-1`.
    pub(crate) fn called(&self) -> String {
        format!("`{}` in {}, {}", self.setting, self.account, self.region)
    }
}

/// A call whose request may hold values that are known only when it is sent.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    pub(crate) service: String,
    pub(crate) action: String,
    pub(crate) protocol: Protocol,
    pub(crate) request: Value,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Read {
    pub(crate) call: Request,
    /// The codes of errors that mean it is not there.
    pub(crate) absent: Vec<String>,
    /// Where in the reply; `*` is any item of a list.
    pub(crate) pointer: String,
    pub(crate) expect: Value,
    /// Result to member of what was found.
    pub(crate) results: BTreeMap<String, String>,
    /// What stands before each result, and is no part of it.
    #[serde(default)]
    pub(crate) prefix: String,
    /// Member of the call's request to member of what was found instead.
    pub(crate) found: BTreeMap<String, String>,
}

/// A part of a request that stands for a value.
pub(crate) enum Stand {
    Value(ValueSource),
    Join(Vec<Value>),
    Pseudo(String),
}

impl Stand {
    /// Reads `{"$value": source}`, `{"$join": [...]}` and `{"$pseudo": name}`; anything else is itself.
    pub(crate) fn of(members: &Map<String, Value>) -> Option<Self> {
        let (name, value) = members.iter().next().filter(|_| members.len() == 1)?;
        match name.as_str() {
            "$value" => ValueSource::deserialize(value).ok().map(Self::Value),
            "$join" => value.as_array().cloned().map(Self::Join),
            "$pseudo" => value.as_str().map(|name| Self::Pseudo(name.to_owned())),
            _ => None,
        }
    }
}

/// What a pointer with `*` for any item finds, in order.
pub(crate) fn find<'a>(reply: &'a Value, pointer: &str) -> Vec<&'a Value> {
    pointer.split('/').skip(1).fold(vec![reply], |found, step| {
        found
            .into_iter()
            .flat_map(|value| -> Vec<&Value> {
                match (value, step) {
                    (Value::Array(items), "*") => items.iter().collect(),
                    // In XML a list of one is its item.
                    (Value::Object(_), "*") => vec![value],
                    (Value::Array(items), index) => index
                        .parse()
                        .ok()
                        .and_then(|index: usize| items.get(index))
                        .into_iter()
                        .collect(),
                    (Value::Object(members), name) => members.get(name).into_iter().collect(),
                    _ => Vec::new(),
                }
            })
            .collect()
    })
}

/// Whether a reply says at least what is expected. The replies of some protocols are texts throughout.
pub(crate) fn says(actual: &Value, expected: &Value) -> bool {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => expected
            .iter()
            .all(|(name, expected)| actual.get(name).is_some_and(|actual| says(actual, expected))),
        (Value::Array(actual), Value::Array(expected)) => {
            expected.iter().all(|expected| actual.iter().any(|actual| says(actual, expected)))
        }
        (Value::String(actual), Value::Bool(expected)) => {
            actual == if *expected { "true" } else { "false" }
        }
        (Value::String(actual), Value::Number(expected)) => {
            actual.parse().is_ok_and(|actual: serde_json::Number| actual == *expected)
        }
        _ => actual == expected,
    }
}

/// The name of the member by which a reply asks to be read on, and its value.
pub(crate) fn next_page(reply: &Value) -> Option<(&'static str, &Value)> {
    ["NextToken", "nextToken"].into_iter().find_map(|name| {
        reply.get(name).filter(|token| !token.is_null()).map(|token| (name, token))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pointer_finds_any_item() {
        let reply = json!({"Accounts": [{"Id": "1"}, {"Id": "2"}], "Root": {"Name": "r"}});
        assert_eq!(find(&reply, "/Accounts/*").len(), 2);
        assert_eq!(find(&reply, "/Accounts/1/Id"), [&json!("2")]);
        assert_eq!(find(&reply, "/Root/Name"), [&json!("r")]);
        assert_eq!(find(&reply, ""), [&reply]);
        assert_eq!(find(&reply, "/Root/*"), [&json!({"Name": "r"})]);
        assert!(find(&reply, "/Nothing/*").is_empty());
    }

    #[test]
    fn a_reply_may_say_more_and_in_texts() {
        let reply = json!({"A": "true", "B": "14", "C": ["x", "y"], "D": 1});
        assert!(says(&reply, &json!({"A": true, "B": 14, "C": ["y"]})));
        assert!(!says(&reply, &json!({"A": false})));
        assert!(!says(&reply, &json!({"E": true})));
        assert!(!says(&reply, &json!({"C": ["z"]})));
    }
}
