//! Takes resources that exist into a stack: by a change set that does nothing else, before all other changes.

use std::collections::{BTreeMap, BTreeSet};

use accel_synth::manifest::{Import, Stack};
use serde_json::{Value, json};

use super::{Shared, Trouble, Wanted, token};
use crate::{
    cloud::{
        Cloud, Place,
        cloudformation::{CreateChangeSet, Parameter, ResourceToImport},
    },
    template::{Incomplete, add, complete, keep_order, names_of},
};

/// What a stack is to take in.
pub(super) struct Taken {
    resources: Vec<ResourceToImport>,
    /// What is deployed, with these resources and what they need.
    template: Value,
    /// Those that the deployed template has.
    known_parameters: BTreeSet<String>,
}

impl<C: Cloud> Shared<C> {
    /// What of a stack's imports it does not have yet; none if it has them all.
    pub(super) fn import(
        &self,
        stack: &Stack,
        deployed: Option<&str>,
    ) -> Result<Option<Taken>, Trouble> {
        if stack.imports.is_empty() {
            return Ok(None);
        }
        let wanted = serde_json::from_str(self.text(&stack.template)?).unwrap_or_default();
        Taken::of(&stack.imports, &wanted, deployed).map_err(Trouble::Refused)
    }

    pub(super) async fn take_in(
        &self,
        place: &Place,
        path: &str,
        stack: &str,
        taken: Taken,
        wanted: &Wanted,
    ) -> Result<(), Trouble> {
        let text = taken.template.to_string();
        let parameters = taken.parameters(&wanted.parameters);
        let contents = serde_json::to_string(&(&taken.resources, &parameters)).unwrap_or_default();
        let name = token(&["import", path, &text, &contents, &wanted.print()]);
        let create = CreateChangeSet {
            stack_name: stack.to_owned(),
            change_set_name: name,
            change_set_type: Some("IMPORT".to_owned()),
            parameters,
            capabilities: wanted.capabilities.clone(),
            // An import changes no tags, and cannot give a new stack any.
            tags: None,
            resources_to_import: Some(taken.resources),
            ..CreateChangeSet::default()
        };
        self.carry_out(place, &text, create).await.map(|_| ()).map_err(|trouble| match trouble {
            Trouble::Refused(reason) => {
                let (said, way_out) = (reason.trim_end_matches('.'), way_out(&reason));
                Trouble::Refused(format!("the import fails: {said}; {way_out}"))
            }
            other => other,
        })
    }
}

fn lines<'a>(
    stack: &Stack,
    imports: impl Iterator<Item = (&'a String, &'a Import)>,
) -> Vec<String> {
    let line = |(id, import): (&'a String, &'a Import)| {
        let construct = stack.template.constructs.get(id).unwrap_or(id);
        let identifier = import.identifier.iter();
        let identifier: Vec<_> =
            identifier.map(|(name, value)| format!("{name} {value}")).collect();
        format!("imports `{construct}` ({}): {}", import.type_name, identifier.join(", "))
    };
    imports.map(line).collect()
}

fn way_out(reason: &str) -> &'static str {
    if reason.contains("already exists in stack") {
        "a resource is of one stack: let the other one go of it first, keeping it by its deletion policy"
    } else {
        "look whether it is there, in this account and region, by this identifier and with these properties"
    }
}

impl Taken {
    /// Compares what is wanted with the text that is deployed.
    fn of(
        imports: &BTreeMap<String, Import>,
        wanted: &Value,
        deployed: Option<&str>,
    ) -> Result<Option<Self>, String> {
        let mut template = match deployed.map(str::trim) {
            None | Some("") => whole_without_contents(wanted),
            Some(text) => serde_json::from_str(text).map_err(|_| {
                "the template that is deployed is no JSON, so nothing can be added to it for an import: \
                 deploy the stack without the imports first"
                    .to_owned()
            })?,
        };
        let is_there = |id: &&String| !template["Resources"][id.as_str()].is_null();
        let lacking: Vec<&String> = imports.keys().filter(|id| !is_there(id)).collect();
        if lacking.is_empty() {
            return Ok(None);
        }
        let known_parameters = names_of(&template["Parameters"]);
        let mut resources = Vec::new();
        for &id in &lacking {
            let import = &imports[id];
            add(&mut template, "Resources", id, wanted["Resources"][id].clone())
                .map_err(|why| unfit(id, why))?;
            resources.push(ResourceToImport {
                resource_type: import.type_name.clone(),
                logical_resource_id: id.clone(),
                resource_identifier: import.identifier.clone(),
            });
        }
        for &id in &lacking {
            keep_order(&mut template, id);
            complete(&mut template, wanted, id).map_err(|why| unfit(id, why))?;
        }
        Ok(Some(Self { resources, template, known_parameters }))
    }

    pub(super) fn lines(&self, stack: &Stack) -> Vec<String> {
        let is_taken = |id: &String| self.resources.iter().any(|it| it.logical_resource_id == *id);
        lines(stack, stack.imports.iter().filter(|(id, _)| is_taken(id)))
    }

    /// Those that the template declares: the stack's own keep their values.
    fn parameters(&self, wanted: &[Parameter]) -> Vec<Parameter> {
        let own = self.known_parameters.iter().map(|name| Parameter {
            parameter_key: name.clone(),
            parameter_value: None,
            use_previous_value: Some(true),
        });
        let added = names_of(&self.template["Parameters"]);
        let added = wanted.iter().filter(|it| {
            added.contains(&it.parameter_key) && !self.known_parameters.contains(&it.parameter_key)
        });
        own.chain(added.cloned()).collect()
    }
}

/// Why a resource cannot be added to what is deployed, and the way out.
fn unfit(id: &str, why: Incomplete) -> String {
    match why {
        Incomplete::Resource(name) => format!(
            "`{id}` is imported and refers to `{name}`, which the stack does not have yet, and an import \
             makes nothing: deploy `{name}` before the import is added, import it as well, or write what it is as text"
        ),
        Incomplete::Section(section) => format!(
            "`{section}` of the template that is deployed is no object, so nothing can be added to it for the \
             import of `{id}`: deploy the stack without the imports first"
        ),
    }
}

/// The frame of a new stack's template.
fn whole_without_contents(wanted: &Value) -> Value {
    let mut template = json!({ "Resources": {} });
    for name in ["AWSTemplateFormatVersion", "Description", "Transform"] {
        if !wanted[name].is_null() {
            template[name] = wanted[name].clone();
        }
    }
    template
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(deployed: Option<&str>, of: Value) -> Result<Option<Taken>, String> {
        let identifier = BTreeMap::from([("SubnetId".to_owned(), "subnet-0abc".to_owned())]);
        let import = Import { type_name: "AWS::EC2::Subnet".to_owned(), identifier };
        let wanted = json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Parameters": {"Vpc": {"Type": "String"}, "Stage": {"Type": "String"}, "Other": {"Type": "String"}},
            "Mappings": {"Blocks": {"prod": {"Cidr": "10.0.0.0/24"}}, "Unused": {}},
            "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
            "Resources": {
                "Subnet": {"Type": "AWS::EC2::Subnet", "DependsOn": ["Logs", "Topic"], "Properties": of},
                "Logs": {"Type": "AWS::S3::Bucket"},
                "Topic": {"Type": "AWS::SNS::Topic"},
            },
            "Outputs": {"Id": {"Value": {"Ref": "Subnet"}}},
        });
        Taken::of(&[("Subnet".to_owned(), import)].into(), &wanted, deployed)
    }

    #[test]
    fn what_is_deployed_gets_the_resource_and_what_it_refers_to() {
        let deployed = r#"{"Parameters": {"Old": {"Type": "String"}}, "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}"#;
        let cidr = json!({"Fn::FindInMap": ["Blocks", "prod", "Cidr"]});
        let of = json!({
            "VpcId": {"Fn::Sub": "${Vpc}"},
            "CidrBlock": {"Fn::If": ["IsProd", cidr, {"Ref": "AWS::NoValue"}]},
        });
        let taken = taken(Some(deployed), of).unwrap().unwrap();
        let template = &taken.template;
        let names = |section: &str| names_of(&template[section]).into_iter().collect::<Vec<_>>();
        // What a condition refers to as well.
        assert_eq!(names("Parameters"), ["Old", "Stage", "Vpc"]);
        assert_eq!(
            (names("Conditions"), names("Mappings")),
            (vec!["IsProd".to_owned()], vec!["Blocks".to_owned()])
        );
        assert_eq!(names("Resources"), ["Subnet", "Topic"]);
        assert_eq!(template["Resources"]["Subnet"]["DependsOn"], json!(["Topic"]));
        assert_eq!(
            (&template["Outputs"], &template["AWSTemplateFormatVersion"]),
            (&Value::Null, &Value::Null)
        );
        let parameter = |name: &str| Parameter {
            parameter_key: name.to_owned(),
            parameter_value: Some(name.to_lowercase()),
            use_previous_value: None,
        };
        let parameters = taken.parameters(&["Old", "Other", "Stage", "Vpc"].map(parameter));
        let sent = parameters.iter().map(|it| {
            (it.parameter_key.as_str(), it.parameter_value.as_deref(), it.use_previous_value)
        });
        assert_eq!(
            sent.collect::<Vec<_>>(),
            [("Old", None, Some(true)), ("Stage", Some("stage"), None), ("Vpc", Some("vpc"), None)]
        );
    }

    #[test]
    fn a_new_stack_has_what_is_imported_alone() {
        for deployed in [None, Some(""), Some("{}")] {
            let taken = taken(deployed, json!({})).unwrap().unwrap();
            let resources = json!({"Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {}}});
            assert_eq!(taken.template["Resources"], resources, "{deployed:?}");
        }
    }

    #[test]
    fn what_cannot_be_added_is_refused_and_what_is_there_is_not() {
        let of = json!({"Tags": [{"Value": {"Fn::GetAtt": ["Logs", "Arn"]}}]});
        let reason = taken(None, of.clone()).err().unwrap();
        assert!(reason.starts_with("`Subnet` is imported and refers to `Logs`, "), "{reason}");
        let reason = taken(Some("Resources:\n  Topic: {}\n"), of.clone()).err().unwrap();
        assert!(reason.starts_with("the template that is deployed is no JSON"), "{reason}");
        assert!(taken(Some(r#"{"Resources": {"Subnet": {}}}"#), of).unwrap().is_none());
        for deployed in ["[]", r#""none""#, r#"{"Resources": ["Topic"]}"#] {
            let reason = taken(Some(deployed), json!({})).err().unwrap();
            let said = "`Resources` of the template that is deployed is no object";
            assert!(reason.starts_with(said), "{deployed}: {reason}");
        }
        let deployed = r#"{"Resources": {"Logs": {}}, "Parameters": "none"}"#;
        let reason = taken(Some(deployed), json!({"VpcId": {"Ref": "Vpc"}})).err().unwrap();
        assert!(reason.starts_with("`Parameters` of the template"), "{reason}");
    }
}
