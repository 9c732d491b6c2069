//! A template where it is deployed: what its values are there.

use accel_policy::{Origin, Policy};
use serde_json::{Map, Value};

use super::{Access, AccessError, ORGANIZATION};
use crate::manifest::{Template, ValueSource};
use crate::ordered::IntoMap as _;

/// How a function begins that nothing evaluated, in the JSON of a document with its text.
const OPEN: &str = r#""<{\"Fn::"#;

/// A stack, or an instance of a stack set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) access: &'a Access<'a>,
    /// The construct path of the stack or stack set.
    pub(super) path: &'a str,
    pub(super) template: &'a Template,
    pub(super) json: &'a Value,
    /// By name.
    pub(super) account: &'a str,
    pub(super) region: &'a str,
}

impl<'a> Place<'a> {
    /// The resources of one type, by logical id.
    pub(super) fn resources(
        &self,
        kind: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        let all = self.json["Resources"].as_object().into_iter().flatten();
        all.filter(move |(_, resource)| resource["Type"] == kind)
    }

    pub(super) fn construct(&self, id: &str) -> String {
        let below = self.template.constructs.get(id).map_or(id, String::as_str);
        format!("{}/{below}", self.path)
    }

    pub(super) fn account_id(&self) -> &'a str {
        self.access.accounts.get(self.account).map_or("", String::as_str)
    }

    /// A document as a policy.
    pub(super) fn policy(&self, document: &Value, origin: Origin) -> Result<Policy, AccessError> {
        let Origin { policy, construct } = origin.clone();
        let known = self.known(document);
        let read = match &known {
            Value::String(text) => Policy::parse(text, origin),
            known => Policy::from_value(known, origin),
        };
        read.map_err(|error| AccessError::Unreadable {
            policy,
            construct,
            error: error.to_string(),
            is_open: known.to_string().contains(OPEN),
        })
    }

    /// The root, the step of a unit, or the name of an account.
    pub(super) fn target(&self, value: &Value) -> Option<String> {
        match value["Ref"].as_str().and_then(|name| self.template.parameters.get(name)) {
            Some(ValueSource::Step { result, .. }) if result == "RootId" => Some("root".to_owned()),
            Some(ValueSource::Step { step, .. }) => Some(step.clone()),
            Some(ValueSource::AccountId { account }) => Some(account.clone()),
            _ => self.access.account_of(&self.text(value)).map(str::to_owned),
        }
    }

    /// A document with its functions evaluated.
    pub(super) fn known(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.known(item)).collect(),
            Value::Object(members) if is_function(members) => Value::String(self.text(value)),
            Value::Object(members) => {
                let known = members.iter().map(|(name, value)| (name.clone(), self.known(value)));
                Value::Object(known.into_members())
            }
            other => other.clone(),
        }
    }

    /// A text; what only a deployment knows is a name that nothing else has.
    pub(super) fn text(&self, value: &Value) -> String {
        if let Some(text) = value.as_str() {
            return text.to_owned();
        }
        if let Some(name) = value["Ref"].as_str() {
            return self.reference(name);
        }
        match (&value["Fn::Join"], &value["Fn::Sub"], &value["Fn::GetAtt"]) {
            (Value::Array(parts), ..) if let [separator, Value::Array(items)] = &parts[..] => {
                let items: Vec<_> = items.iter().map(|item| self.text(item)).collect();
                items.join(separator.as_str().unwrap_or_default())
            }
            (_, Value::String(text), _) => self.substituted(text, &Map::new()),
            (_, Value::Array(parts), _)
                if let [Value::String(text), Value::Object(own)] = &parts[..] =>
            {
                self.substituted(text, own)
            }
            (_, _, Value::Array(parts))
                if let [Value::String(id), Value::String(attribute)] = &parts[..] =>
            {
                self.attribute(id, attribute)
            }
            _ => match value.get("Fn::ToJsonString") {
                Some(value) => self.known(value).to_string(),
                None => format!("<{value}>"),
            },
        }
    }

    /// What `Ref` gives.
    fn reference(&self, name: &str) -> String {
        match name {
            "AWS::AccountId" => return self.account_id().to_owned(),
            "AWS::Partition" => return "aws".to_owned(),
            "AWS::Region" => return self.region.to_owned(),
            "AWS::URLSuffix" => return "amazonaws.com".to_owned(),
            _ => {}
        }
        let access = self.access;
        match self.template.parameters.get(name) {
            Some(ValueSource::Literal { value }) => value.clone(),
            Some(ValueSource::AccountId { account }) => {
                access.accounts.get(account).cloned().unwrap_or_default()
            }
            Some(ValueSource::Step { result, step })
                if result == "Id" && !access.parents.contains_key(step) =>
            {
                ORGANIZATION.to_owned()
            }
            Some(ValueSource::Output { stack, output }) => self.output(stack, output, name),
            _ if self.json["Resources"].get(name).is_some() => self.resource_reference(name),
            _ => format!("<{name}>"),
        }
    }

    /// What another stack gives.
    fn output(&self, stack: &str, output: &str, name: &str) -> String {
        let access = self.access;
        let found = access.assembly.manifest().stacks.get(stack);
        let place = found.and_then(|it| access.place(stack, &it.account, &it.region).ok());
        match place.map(|place| place.text(&place.json["Outputs"][output]["Value"])) {
            Some(text) => text,
            None => format!("<{name}>"),
        }
    }

    /// A text of `Fn::Sub`, with the values that it brings.
    fn substituted(&self, text: &str, own: &Map<String, Value>) -> String {
        let mut parts = text.split("${");
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let Some((inside, rest)) = part.split_once('}') else {
                whole.push_str("${");
                whole.push_str(part);
                continue;
            };
            match (inside.strip_prefix('!'), own.get(inside), inside.split_once('.')) {
                // A variable of the policy, not of the template.
                (Some(literal), ..) => whole.push_str(&format!("${{{literal}}}")),
                (_, Some(value), _) => whole.push_str(&self.text(value)),
                (_, _, Some((id, attribute))) => whole.push_str(&self.attribute(id, attribute)),
                _ => whole.push_str(&self.reference(inside)),
            }
            whole.push_str(rest);
        }
        whole
    }
}

fn is_function(members: &Map<String, Value>) -> bool {
    members.len() == 1 && members.keys().all(|name| name == "Ref" || name.starts_with("Fn::"))
}
