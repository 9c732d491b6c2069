//! What a template comes to in an account and region: its resources, with ids, and its outputs.

use std::collections::BTreeMap;

use accel_synth::schema::{self, Replacement};
use serde_json::{Map, Value};

/// Where a template is evaluated, and with what.
pub(crate) struct Template<'a> {
    pub(crate) body: Value,
    pub(crate) stack: &'a str,
    pub(crate) account: &'a str,
    pub(crate) region: &'a str,
    /// The ids of resources that are there, by logical id.
    pub(crate) known: BTreeMap<String, String>,
    /// How many resources of a logical id are no more, if any are.
    pub(crate) generations: BTreeMap<String, u64>,
    pub(crate) parameters: BTreeMap<String, String>,
}

/// A resource as it was made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Made {
    pub(crate) kind: String,
    pub(crate) physical: String,
    pub(crate) properties: Value,
}

impl Template<'_> {
    /// The resources whose conditions hold, by logical id.
    pub(crate) fn resources(&self) -> BTreeMap<String, Made> {
        let mut made = BTreeMap::new();
        for (id, resource) in members(&self.body["Resources"]) {
            let holds = resource["Condition"].as_str().is_none_or(|name| self.holds(name));
            if holds {
                let kind = resource["Type"].as_str().unwrap_or_default().to_owned();
                let properties = self.evaluate(&resource["Properties"]);
                made.insert(id.clone(), Made { kind, physical: self.physical(id), properties });
            }
        }
        made
    }

    /// The outputs whose conditions hold, by name.
    pub(crate) fn outputs(&self) -> BTreeMap<String, String> {
        members(&self.body["Outputs"])
            .filter(|(_, output)| output["Condition"].as_str().is_none_or(|name| self.holds(name)))
            .map(|(name, output)| (name.clone(), text(&self.evaluate(&output["Value"]))))
            .collect()
    }

    /// The parameters that are neither given nor have a default.
    pub(crate) fn missing(&self) -> Vec<String> {
        members(&self.body["Parameters"])
            .filter(|(name, declared)| {
                !self.parameters.contains_key(*name) && declared["Default"].is_null()
            })
            .map(|(name, _)| name.clone())
            .collect()
    }

    fn holds(&self, condition: &str) -> bool {
        self.decide(&self.body["Conditions"][condition])
    }

    fn decide(&self, condition: &Value) -> bool {
        let Some((function, arguments)) = function(condition) else { return false };
        let items = arguments.as_array().map(Vec::as_slice).unwrap_or_default();
        match function {
            "Fn::Equals" => match items {
                [left, right] => text(&self.evaluate(left)) == text(&self.evaluate(right)),
                _ => false,
            },
            "Fn::Not" => items.first().is_some_and(|item| !self.decide(item)),
            "Fn::And" => items.iter().all(|item| self.decide(item)),
            "Fn::Or" => items.iter().any(|item| self.decide(item)),
            "Condition" => arguments.as_str().is_some_and(|name| self.holds(name)),
            _ => false,
        }
    }

    fn evaluate(&self, value: &Value) -> Value {
        if let Some((function, arguments)) = function(value) {
            return self.call(function, arguments);
        }
        match value {
            Value::Array(items) => {
                let items = items.iter().map(|item| self.evaluate(item));
                items.filter(|item| !item.is_null()).collect()
            }
            Value::Object(object) => {
                let members =
                    object.iter().map(|(name, value)| (name.clone(), self.evaluate(value)));
                Value::Object(members.filter(|(_, value)| !value.is_null()).collect())
            }
            other => other.clone(),
        }
    }

    fn call(&self, function: &str, arguments: &Value) -> Value {
        let items = arguments.as_array().map(Vec::as_slice).unwrap_or_default();
        match (function, items) {
            ("Ref", _) => self.reference(arguments.as_str().unwrap_or_default()),
            ("Fn::GetAtt", [id, attribute]) => self.attribute(&text(id), &text(attribute)).into(),
            ("Fn::Join", [by, list]) => {
                let list = self.evaluate(list);
                let texts = list.as_array().into_iter().flatten().map(text);
                texts.collect::<Vec<_>>().join(&text(by)).into()
            }
            ("Fn::Select", [index, list]) => {
                let list = self.evaluate(list);
                let index = text(index).parse().unwrap_or(usize::MAX);
                list.get(index).cloned().unwrap_or_default()
            }
            ("Fn::Split", [by, whole]) => {
                let whole = text(&self.evaluate(whole));
                whole.split(&text(by)).map(Value::from).collect()
            }
            ("Fn::If", [condition, yes, no]) => {
                self.evaluate(if self.holds(&text(condition)) { yes } else { no })
            }
            ("Fn::FindInMap", [map, first, second]) => {
                let (map, first, second) = (
                    text(&self.evaluate(map)),
                    text(&self.evaluate(first)),
                    text(&self.evaluate(second)),
                );
                self.body["Mappings"][map][first][second].clone()
            }
            ("Fn::Sub", [pattern, values]) => self.substitute(&text(pattern), values),
            ("Fn::Sub", _) => self.substitute(&text(arguments), &Value::Null),
            ("Fn::GetAZs", _) => ["a", "b", "c"]
                .iter()
                .map(|zone| Value::from(format!("{}{zone}", self.region)))
                .collect(),
            ("Fn::Cidr", [_, count, ..]) => {
                let count = text(&self.evaluate(count)).parse().unwrap_or(1_u32);
                (0..count).map(|index| Value::from(format!("10.0.{index}.0/24"))).collect()
            }
            // What an encoding or a printed document is made of decides nothing here.
            ("Fn::Base64" | "Fn::ToJsonString" | "Fn::Transform", _) => {
                text(&self.evaluate(arguments)).into()
            }
            ("Fn::Length", _) => self.evaluate(arguments).as_array().map_or(0, Vec::len).into(),
            _ => Value::Null,
        }
    }

    fn reference(&self, name: &str) -> Value {
        match name {
            "AWS::AccountId" => self.account.into(),
            "AWS::Region" => self.region.into(),
            "AWS::Partition" => "aws".into(),
            "AWS::URLSuffix" => "amazonaws.com".into(),
            "AWS::StackName" => self.stack.into(),
            "AWS::StackId" => stack_id(self.account, self.region, self.stack).into(),
            "AWS::NoValue" => Value::Null,
            "AWS::NotificationARNs" => Value::Array(Vec::new()),
            name => match self.parameters.get(name) {
                Some(value) if self.is_list(name) => value.split(',').map(Value::from).collect(),
                Some(value) => value.as_str().into(),
                None if !self.body["Parameters"][name].is_null() => {
                    self.body["Parameters"][name]["Default"].clone()
                }
                None => self.physical(name).into(),
            },
        }
    }

    fn is_list(&self, parameter: &str) -> bool {
        self.body["Parameters"][parameter]["Type"]
            .as_str()
            .is_some_and(|kind| kind.contains("List"))
    }

    fn substitute(&self, pattern: &str, values: &Value) -> Value {
        let mut whole = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            whole.push_str(before);
            let Some((name, after)) = after.split_once('}') else { break };
            whole.push_str(
                &match (name.strip_prefix('!'), values.get(name), name.split_once('.')) {
                    (Some(literal), ..) => format!("${{{literal}}}"),
                    (_, Some(value), _) => text(&self.evaluate(value)),
                    (_, _, Some((id, attribute))) => self.attribute(id, attribute),
                    _ => text(&self.reference(name)),
                },
            );
            rest = after;
        }
        whole.push_str(rest);
        whole.into()
    }

    /// The id that a resource has, the name that it is given, or an id made from where it is, which none had before.
    fn physical(&self, id: &str) -> String {
        if let Some(known) = self.known.get(id) {
            return known.clone();
        }
        let resource = &self.body["Resources"][id];
        let kind = resource["Type"].as_str().unwrap_or_default();
        let short = kind.rsplit("::").next().unwrap_or_default();
        let named = ["Name".to_owned(), format!("{short}Name")]
            .iter()
            .filter(|name| schema::replacement(kind, name) == Replacement::Yes)
            .find_map(|name| resource["Properties"].get(name))
            .filter(|name| !name.to_string().contains(&format!("\"{id}\"")))
            .map(|name| text(&self.evaluate(name)));
        named.unwrap_or_else(|| {
            let mut place = vec![self.account, self.region, self.stack, id];
            let generation = self.generations.get(id).map(u64::to_string);
            place.extend(generation.as_deref());
            format!("{}-{:016x}", short.to_lowercase(), fnv(&place))
        })
    }

    fn attribute(&self, id: &str, attribute: &str) -> String {
        let kind = self.body["Resources"][id]["Type"].as_str().unwrap_or_default();
        let service = kind.split("::").nth(1).unwrap_or_default().to_lowercase();
        let physical = self.physical(id);
        if attribute.ends_with("Arn") || attribute == "TopicARN" {
            let region = if service == "iam" { "" } else { self.region };
            let short = kind.rsplit("::").next().unwrap_or_default().to_lowercase();
            return format!("arn:aws:{service}:{region}:{}:{short}/{physical}", self.account);
        }
        if attribute.ends_with("Id") {
            return physical;
        }
        format!("{physical}.{}", attribute.to_lowercase())
    }
}

pub(crate) fn stack_id(account: &str, region: &str, name: &str) -> String {
    let hash = fnv(&[account, region, name]);
    format!("arn:aws:cloudformation:{region}:{account}:stack/{name}/{hash:016x}")
}

/// Whether an id is one that was made: no other resource has it, anywhere.
pub(crate) fn is_made(id: &str) -> bool {
    id.rsplit_once('-').is_some_and(|(_, hash)| {
        hash.len() == 16 && hash.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

/// FNV-1a over texts, each with its end.
pub(crate) fn fnv(texts: &[&str]) -> u64 {
    fnv_of(texts.iter().flat_map(|text| text.bytes().chain([0])))
}

pub(crate) fn fnv_of(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    })
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn function(value: &Value) -> Option<(&str, &Value)> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    let (name, arguments) = object.iter().next()?;
    let is = name == "Ref" || name == "Condition" || name.starts_with("Fn::");
    is.then_some((name.as_str(), arguments))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn functions_are_evaluated() {
        let template = Template {
            body: json!({
                "Parameters": {"Stage": {"Type": "String"}, "Size": {"Type": "Number", "Default": 3}},
                "Mappings": {"Zones": {"eu-west-1": {"Count": 2}}},
                "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
                "Resources": {
                    "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
                    "Topic": {"Type": "AWS::SNS::Topic", "Condition": "IsProd",
                        "Properties": {"TopicName": {"Fn::Sub": "t-${AWS::Region}-${Stage}"}}},
                },
                "Outputs": {
                    "A": {"Value": {"Fn::Join": ["/", ["a", {"Ref": "Size"}]]}},
                    "B": {"Value": {"Fn::Select": [1, {"Fn::Split": [",", "x,y"]}]}},
                    "C": {"Value": {"Fn::If": ["IsProd", "yes", "no"]}},
                    "D": {"Value": {"Fn::FindInMap": ["Zones", {"Ref": "AWS::Region"}, "Count"]}},
                    "E": {"Value": {"Fn::GetAtt": ["Key", "Arn"]}},
                    "F": {"Value": {"Ref": "Topic"}},
                },
            }),
            stack: "network",
            account: "222222222222",
            region: "eu-west-1",
            known: BTreeMap::new(),
            generations: BTreeMap::new(),
            parameters: [("Stage".to_owned(), "dev".to_owned())].into(),
        };
        let outputs = template.outputs();
        let found: Vec<_> = outputs.values().map(String::as_str).collect();
        assert_eq!(found[..4], ["a/3", "y", "no", "2"]);
        assert!(
            found[4].starts_with("arn:aws:kms:eu-west-1:222222222222:key/key-"),
            "{}",
            found[4]
        );
        assert_eq!(found[5], "t-eu-west-1-dev");
        assert_eq!(template.resources().into_keys().collect::<Vec<_>>(), ["Key"]);
        assert!(template.missing().is_empty());
    }
}
