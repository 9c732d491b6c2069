//! What CloudFormation looks at before it does something.

use std::collections::{BTreeMap, BTreeSet};

use accel_core::{Region, Severity};
use accel_deploy::{
    cloud::cloudformation::{Parameter, Tag},
    is_secret,
};
use accel_synth::{
    schema::{self, Capability, capability},
    validate::template::{Finding, validate_template},
};
use serde_json::{Map, Value};

use super::{Key, Stack};
use crate::{
    template::{Made, Template},
    world::Refusal,
};

/// The largest template that a bucket may hold, in bytes.
const TEMPLATE: usize = 1_000_000;

/// The longest description of a template, in bytes.
const DESCRIPTION: usize = 1_024;

/// Of how many a part of a template may be.
const SECTIONS: [(&str, usize); 4] =
    [("Resources", 500), ("Parameters", 200), ("Outputs", 200), ("Mappings", 200)];

/// The longest value of a parameter, in bytes.
const VALUE: usize = 4_096;

/// The longest name of a stack, change set or stack set.
const NAME: usize = 128;

/// The most tags of a stack or stack set.
const TAGS: usize = 50;

/// The parameters of the store that resources are, by name.
pub(crate) fn published<'a>(
    resources: impl IntoIterator<Item = &'a Made>,
) -> Vec<(String, String)> {
    let resources = resources.into_iter();
    resources
        .filter(|made| made.kind == "AWS::SSM::Parameter")
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
        generations: BTreeMap::new(),
        parameters: given
            .filter_map(|it| Some((it.parameter_key.clone(), it.parameter_value.clone()?)))
            .collect(),
    }
}

/// What CloudFormation checks before it takes a template: what it is made of, not yet what its resources say.
pub(crate) fn checked<'a>(
    key: &'a Key,
    body: &str,
    parameters: &[Parameter],
    capabilities: &[String],
) -> Result<Template<'a>, Refusal> {
    let refused = |message: String| Err(Refusal::new("ValidationError", message));
    if body.len() > TEMPLATE {
        return refused(format!("Template may not exceed {TEMPLATE} bytes in size."));
    }
    if let Err(error) = serde_json::from_str::<Value>(body) {
        return refused(format!("Template format error: JSON not well-formed. {error}"));
    }
    let template = template(key, body, parameters);
    if template.body["Description"].as_str().is_some_and(|text| text.len() > DESCRIPTION) {
        return refused(format!(
            "Template format error: 'Description' length is greater than {DESCRIPTION}."
        ));
    }
    for (section, most) in SECTIONS {
        let count = template.body[section].as_object().map_or(0, Map::len);
        if count > most {
            let what = section.to_lowercase();
            return refused(format!(
                "Template format error: Number of {what}, {count}, is greater than maximum allowed, {most}"
            ));
        }
    }
    let missing = template.missing();
    if !missing.is_empty() {
        return refused(format!("Parameters: [{}] must have values", missing.join(", ")));
    }
    let declared = &template.body["Parameters"];
    if let Some(extra) = template.parameters.keys().find(|name| declared[name.as_str()].is_null()) {
        return refused(format!("Parameters: [{extra}] do not exist in the template"));
    }
    let defaults = declared.as_object().into_iter().flatten();
    if let Some((name, _)) = defaults
        .filter_map(|(name, declared)| Some((name, declared["Default"].as_str()?)))
        .find(|(_, default)| default.len() > VALUE)
    {
        return refused(format!(
            "Template format error: Parameter '{name}' default value length is greater than {VALUE}."
        ));
    }
    if let Some((name, _)) = template.parameters.iter().find(|(_, value)| value.len() > VALUE) {
        return refused(format!("Parameter '{name}' has a value of more than {VALUE} bytes"));
    }
    let Some(resources) = template.body["Resources"].as_object().filter(|it| !it.is_empty()) else {
        return refused("At least one Resources member must be defined.".to_owned());
    };
    let kinds = resources.values().filter_map(|resource| resource["Type"].as_str());
    let mut unknown: Vec<&str> =
        kinds.filter(|kind| !schema::is_known(kind) && !schema::is_extension(kind)).collect();
    if !unknown.is_empty() {
        unknown.sort_unstable();
        unknown.dedup();
        return refused(format!(
            "Template format error: Unrecognized resource types: [{}]",
            unknown.join(", ")
        ));
    }
    let missing = missing_capabilities(&template.body, resources, capabilities);
    if !missing.is_empty() {
        let message = format!("Requires capabilities : [{}]", missing.join(", "));
        return Err(Refusal::new("InsufficientCapabilitiesException", message));
    }
    Ok(template)
}

/// What is not acknowledged and has to be.
fn missing_capabilities(
    body: &Value,
    resources: &Map<String, Value>,
    given: &[String],
) -> Vec<&'static str> {
    let of = |resource: &Value| {
        let kind = resource["Type"].as_str().unwrap_or_default();
        capability(kind, |property| !resource["Properties"][property].is_null())
    };
    let macros = (!body["Transform"].is_null()).then_some(Capability::AutoExpand);
    let needed: BTreeSet<Capability> = resources.values().filter_map(of).chain(macros).collect();
    let has = |wanted: Capability| given.iter().any(|it| it == wanted.name());
    let is_missing = |wanted: &Capability| match wanted {
        Capability::Iam => !has(Capability::Iam) && !has(Capability::NamedIam),
        other => !has(*other),
    };
    // One includes the other.
    let both = needed.contains(&Capability::NamedIam);
    let needed = needed.into_iter().filter(|wanted| !both || *wanted != Capability::Iam);
    needed.filter(is_missing).map(Capability::name).collect()
}

/// What CloudFormation says of the resources of a template once it looks at their properties, if it does not take them
/// in these regions.
pub(crate) fn invalid(body: &str, regions: &[&str]) -> Option<String> {
    let regions: Vec<Region> = regions.iter().filter_map(|name| Region::parse(name).ok()).collect();
    let findings = validate_template(body, &regions).ok()?.into_iter();
    let errors = findings.filter(|finding| finding.violation.severity() == Severity::Error);
    let said: Vec<String> = errors
        .map(|Finding { logical_id, violation, .. }| {
            format!(
                "Properties validation failed for resource {logical_id} with message: {violation}"
            )
        })
        .collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// Refuses names that are none: of stacks, change sets and stack sets.
pub(crate) fn named(member: &str, name: &str) -> Result<(), Refusal> {
    let mut letters = name.chars();
    let is_good = letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    let constraint = match name.len() {
        ..=NAME if is_good => return Ok(()),
        ..=NAME => {
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*".to_owned()
        }
        _ => format!("Member must have length less than or equal to {NAME}"),
    };
    Err(unfit(member, name, &constraint))
}

/// Refuses more tags than there may be.
pub(crate) fn tagged(tags: &[Tag]) -> Result<(), Refusal> {
    match tags.len() {
        ..=TAGS => Ok(()),
        count => {
            let constraint = format!("Member must have length less than or equal to {TAGS}");
            Err(unfit("tags", &format!("{count} tags"), &constraint))
        }
    }
}

/// A value that an API does not take.
pub(crate) fn unfit(member: &str, value: &str, constraint: &str) -> Refusal {
    let message = format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}"
    );
    Refusal::new("ValidationError", message)
}

/// The parameters as anybody may see them: stars for what their template keeps secret.
pub(crate) fn shown(body: &str, parameters: &[Parameter]) -> Vec<Parameter> {
    let mut shown = parameters.to_vec();
    // Most have no secrets, and need not be read.
    if body.contains("NoEcho") {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        for parameter in &mut shown {
            if is_secret(&body["Parameters"][&parameter.parameter_key]) {
                parameter.parameter_value = Some("****".to_owned());
            }
        }
    }
    shown
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
