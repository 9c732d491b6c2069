use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::policy::is_statement;
use crate::manifest::ValueSource;
use crate::ordered::IntoMap as _;

/// Characters of a value that a line shows.
const SHOWN: usize = 100;

/// Whether the object is a function of CloudFormation and not a value with properties.
pub(super) fn is_intrinsic(object: &Map<String, Value>) -> bool {
    object.len() == 1
        && object
            .keys()
            .all(|key| matches!(key.as_str(), "Ref" | "Condition") || key.contains("::"))
}

/// One text for a value, whatever the order of its keys.
pub(super) fn canonical(value: &Value) -> String {
    match value {
        Value::Object(object) => {
            let sorted = object.iter().map(|(key, value)| (key, canonical(value))).into_lite_map();
            let entries: Vec<_> =
                sorted.iter().map(|(key, value)| format!("{key:?}:{value}")).collect();
            format!("{{{}}}", entries.join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        scalar => scalar.to_string(),
    }
}

/// Says a value in a few words, references by construct path instead of logical id.
pub(super) struct Phrases<'a> {
    /// By logical id and by parameter.
    pub(super) names: &'a BTreeMap<String, String>,
}

impl Phrases<'_> {
    /// At most a line.
    pub(super) fn line(&self, value: &Value) -> String {
        let text = self.value(value);
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}...", text[..end].trim_end()),
            None => text,
        }
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::String(text) => format!("{text:?}"),
            Value::Object(object) if is_intrinsic(object) => format!("\"{}\"", self.inner(value)),
            value if is_statement(value) => self.statement(value),
            Value::Object(object) => {
                if let Ok(from) = ValueSource::deserialize(value) {
                    return source(&from);
                }
                let sorted = object.iter().into_lite_map();
                let entries: Vec<_> = sorted
                    .into_iter()
                    .map(|(key, value)| format!("{key}: {}", self.value(value)))
                    .collect();
                if entries.is_empty() {
                    "{}".into()
                } else {
                    format!("{{ {} }}", entries.join(", "))
                }
            }
            Value::Array(items) => {
                format!(
                    "[{}]",
                    items.iter().map(|item| self.value(item)).collect::<Vec<_>>().join(", ")
                )
            }
            scalar => scalar.to_string(),
        }
    }

    /// A text, or what stands inside of one: `${vpc.CidrBlock}`.
    fn inner(&self, value: &Value) -> String {
        let Value::Object(object) = value else {
            return value.as_str().map_or_else(|| self.value(value), str::to_owned);
        };
        let Some((function, argument)) = object.iter().next().filter(|_| is_intrinsic(object))
        else {
            return self.value(value);
        };
        match (function.as_str(), argument) {
            ("Ref", Value::String(name)) => format!("${{{}}}", self.name(name)),
            ("Fn::GetAtt", Value::Array(parts)) => {
                let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
                match parts[..] {
                    [name, attribute] => format!("${{{}.{attribute}}}", self.name(name)),
                    _ => format!("${{{}}}", parts.join(".")),
                }
            }
            ("Fn::Join", Value::Array(parts)) => match &parts[..] {
                [Value::String(separator), Value::Array(items)] => {
                    let items: Vec<_> = items.iter().map(|item| self.inner(item)).collect();
                    items.join(separator)
                }
                _ => self.call(function, argument),
            },
            ("Fn::Sub", Value::String(text)) => text.clone(),
            _ => self.call(function, argument),
        }
    }

    fn call(&self, function: &str, argument: &Value) -> String {
        let name = function.trim_start_matches("Fn::");
        let arguments = match argument {
            Value::Array(arguments) => arguments.as_slice(),
            argument => std::slice::from_ref(argument),
        };
        let arguments: Vec<_> = arguments.iter().map(|argument| self.inner(argument)).collect();
        format!("${{{name}({})}}", arguments.join(", "))
    }

    fn name<'n>(&'n self, logical_id: &'n str) -> &'n str {
        self.names.get(logical_id).map_or(logical_id, String::as_str)
    }

    /// `Allow s3:GetObject on "arn:..." to Service: "ec2.amazonaws.com" if { ... }`.
    fn statement(&self, statement: &Value) -> String {
        let part = |key: &str, before: &str| {
            statement.get(key).map(|value| format!(" {before}{}", self.names(value)))
        };
        let parts = [
            part("Effect", ""),
            part("Action", ""),
            part("NotAction", "all but "),
            part("Resource", "on "),
            part("NotResource", "on all but "),
            part("Principal", "to "),
            part("NotPrincipal", "to all but "),
            statement.get("Condition").map(|value| format!(" if {}", self.value(value))),
            statement.get("Sid").map(|value| format!(" ({})", self.names(value))),
        ];
        parts.into_iter().flatten().collect::<String>().trim_start().to_owned()
    }

    /// Names without quotes: nothing else can stand in these places.
    fn names(&self, value: &Value) -> String {
        match value {
            Value::Array(items) => {
                items.iter().map(|item| self.names(item)).collect::<Vec<_>>().join(", ")
            }
            Value::Object(kinds) if !is_intrinsic(kinds) => {
                let sorted = kinds.iter().into_lite_map();
                let kinds: Vec<_> = sorted
                    .into_iter()
                    .map(|(kind, names)| format!("{kind} {}", self.names(names)))
                    .collect();
                kinds.join(" and ")
            }
            name => self.inner(name),
        }
    }
}

/// Where a value comes from: `Vpc38FABA71 of prod/eu-west-1/network`.
pub(super) fn source(source: &ValueSource) -> String {
    match source {
        ValueSource::Literal { value } => format!("{value:?}"),
        ValueSource::Output { stack, output } => format!("{output} of {stack}"),
        ValueSource::Step { step, result } => format!("{result} of {step}"),
        ValueSource::Document { document } => format!("the id of {document}"),
        ValueSource::AccountId { account } => format!("the id of the account {account}"),
        ValueSource::Published { stack_set, key, account, region } => {
            format!("{key} of {stack_set} in {account}/{region}")
        }
    }
}
