//! Which properties a template fills with what CloudFormation shows to nobody.

use serde_json::Value;

use crate::graph::is_secret;

/// A template as it is deployed, and its parameters with `NoEcho`.
pub(super) struct Secrets {
    template: Value,
    names: Vec<String>,
}

impl Secrets {
    pub(super) fn of(template: &str) -> Self {
        let template: Value = serde_json::from_str(template).unwrap_or_default();
        let parameters = template["Parameters"].as_object().into_iter().flatten();
        let secrets = parameters.filter(|(_, parameter)| is_secret(parameter));
        let names = secrets.map(|(name, _)| name.clone()).collect();
        Self { template, names }
    }

    /// Whether a property has a secret in it; `path` is that of a drift, `/Environment/Variables/KEY`.
    pub(super) fn are_in(&self, resource: &str, path: &str) -> bool {
        let mut value = &self.template["Resources"][resource]["Properties"];
        for name in path.split('/').skip(1) {
            let name = name.replace("~1", "/").replace("~0", "~");
            // Below a function the template has other names, and in a list perhaps other places: all of it counts.
            let Some(below) = value.as_object().and_then(|it| it.get(&name)) else { break };
            value = below;
        }
        self.is_in(value)
    }

    fn is_in(&self, value: &Value) -> bool {
        let mut names = self.names.iter();
        match value {
            Value::Object(object) => {
                names.any(|name| object.get("Ref").is_some_and(|it| it == name))
                    || object.values().any(|it| self.is_in(it))
            }
            Value::Array(items) => items.iter().any(|it| self.is_in(it)),
            // Of `Fn::Sub`.
            Value::String(text) => names.any(|name| text.contains(&format!("${{{name}}}"))),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_secret_is_found_wherever_a_property_takes_it_from() {
        let template = json!({
            "Parameters": {
                "Key": {"Type": "String", "NoEcho": true},
                "Word": {"Type": "String", "NoEcho": "true"},
                "Size": {"Type": "Number"},
            },
            "Resources": {"Function": {"Properties": {
                "MemorySize": {"Ref": "Size"},
                "Description": {"Fn::Sub": "of ${Word}"},
                "Environment": {"Variables": {
                    "a/b": {"Fn::Join": ["", ["key=", {"Ref": "Key"}]]},
                    "plain": "Key",
                }},
                "Tags": [{"Key": "size", "Value": {"Ref": "Size"}}, {"Key": "key", "Value": {"Ref": "Key"}}],
                "Layers": {"Fn::If": ["Has", ["x", {"Fn::Sub": ["${it}", {"it": {"Ref": "Word"}}]}], []]},
                "Handler": {"Fn::GetAtt": ["Key", "Word"]},
            }}},
        });
        let secrets = Secrets::of(&template.to_string());
        let is_secret = |path: &str| secrets.are_in("Function", path);
        for path in [
            "/Description",
            "/Environment",
            "/Environment/Variables/a~1b",
            "/Tags/1/Value",
            "/Layers/1",
        ] {
            assert!(is_secret(path), "{path}");
        }
        for path in ["/MemorySize", "/Environment/Variables/plain", "/Handler"] {
            assert!(!is_secret(path), "{path}");
        }
        assert!(!secrets.are_in("Other", "/Description"));
    }
}
