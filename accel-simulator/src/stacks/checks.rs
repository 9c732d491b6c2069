//! What CloudFormation looks at before it does something.

use std::collections::BTreeMap;

use accel_deploy::cloud::cloudformation::{Change, Parameter, ResourceChange};
use serde_json::Value;

use super::{Key, Stack};
use crate::{
    template::{Made, Template},
    world::Refusal,
};

/// The parameters of the store that resources are, by name.
pub(crate) fn published(resources: &BTreeMap<String, Made>) -> Vec<(String, String)> {
    let parameters = resources.values().filter(|made| made.kind == "AWS::SSM::Parameter");
    parameters
        .filter_map(|made| {
            let value = made.properties["Value"].as_str()?;
            Some((made.properties["Name"].as_str()?.to_owned(), value.to_owned()))
        })
        .collect()
}

pub(crate) fn template<'a>(key: &'a Key, body: &str, parameters: &[Parameter]) -> Template<'a> {
    let given = parameters.iter();
    Template {
        body: serde_json::from_str(body).unwrap_or_default(),
        account: &key.0,
        region: &key.1,
        stack: &key.2,
        known: BTreeMap::new(),
        parameters: given
            .filter_map(|it| Some((it.parameter_key.clone(), it.parameter_value.clone()?)))
            .collect(),
    }
}

/// What CloudFormation checks before it takes a template.
pub(crate) fn checked<'a>(
    key: &'a Key,
    body: &str,
    parameters: &[Parameter],
    capabilities: &[String],
) -> Result<Template<'a>, Refusal> {
    let refused = |message: String| Err(Refusal("ValidationError", message));
    if let Err(error) = serde_json::from_str::<Value>(body) {
        return refused(format!("Template format error: JSON not well-formed. {error}"));
    }
    let template = template(key, body, parameters);
    let missing = template.missing();
    if !missing.is_empty() {
        return refused(format!("Parameters: [{}] must have values", missing.join(", ")));
    }
    let declared = &template.body["Parameters"];
    if let Some(extra) = template.parameters.keys().find(|name| declared[name.as_str()].is_null()) {
        return refused(format!("Parameters: [{extra}] do not exist in the template"));
    }
    let resources =
        template.body["Resources"].as_object().map(serde_json::Map::len).unwrap_or_default();
    if resources == 0 {
        return refused("At least one Resources member must be defined.".to_owned());
    }
    if resources > 500 {
        return refused(format!(
            "Template format error: Number of resources, {resources}, is greater than maximum allowed, 500"
        ));
    }
    let needs = template.resources().values().fold("", |needs, made| {
        let is_iam = made.kind.starts_with("AWS::IAM::");
        let named =
            ["RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName"];
        match (is_iam, named.iter().any(|name| !made.properties[*name].is_null())) {
            (true, true) => "CAPABILITY_NAMED_IAM",
            (true, false) if needs.is_empty() => "CAPABILITY_IAM",
            _ => needs,
        }
    });
    let has = |name: &str| capabilities.iter().any(|capability| capability == name);
    if !needs.is_empty() && !has(needs) && !has("CAPABILITY_NAMED_IAM") {
        let message = format!("Requires capabilities : [{needs}]");
        return Err(Refusal("InsufficientCapabilitiesException", message));
    }
    Ok(template)
}

pub(super) fn changes(
    before: &BTreeMap<String, Made>,
    after: &BTreeMap<String, Made>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for (id, made) in after {
        match before.get(id) {
            None => changes.push(change("Add", id, &made.kind)),
            Some(old) if old != made => changes.push(change("Modify", id, &made.kind)),
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|(id, _)| !after.contains_key(*id));
    changes.extend(gone.map(|(id, made)| change("Remove", id, &made.kind)));
    changes
}

pub(super) fn change(action: &str, id: &str, kind: &str) -> Change {
    Change {
        r#type: Some("Resource".to_owned()),
        resource_change: Some(ResourceChange {
            action: action.to_owned(),
            logical_resource_id: id.to_owned(),
            resource_type: kind.to_owned(),
            ..ResourceChange::default()
        }),
    }
}

/// The parameters with the values that the stack has for those that keep theirs.
pub(super) fn valued(parameters: &[Parameter], stack: Option<&Stack>) -> Vec<Parameter> {
    let before = |name: &str| {
        let mut parameters = stack.into_iter().flat_map(|stack| &stack.parameters);
        parameters.find(|it| it.parameter_key == name).cloned()
    };
    let valued = parameters.iter().map(|it| match it.use_previous_value {
        Some(true) => before(&it.parameter_key).unwrap_or_else(|| it.clone()),
        _ => it.clone(),
    });
    valued.collect()
}
