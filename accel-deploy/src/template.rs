//! What the parts of a template refer to.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// What a template has that its resources may need.
const SECTIONS: [&str; 3] = ["Parameters", "Conditions", "Mappings"];

/// Why a template cannot be completed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incomplete {
    /// The logical id of another resource that is referred to and that it does not have.
    Resource(String),
    /// A section of it that is no object, so that nothing can be added.
    Section(&'static str),
}

/// The logical ids or names in a section.
pub(crate) fn names_of(section: &Value) -> BTreeSet<String> {
    section.as_object().into_iter().flat_map(Map::keys).cloned().collect()
}

/// Puts something into a section, which is made if it is not there.
///
/// # Errors
/// If the section is no object, as in a template that CloudFormation would not take.
pub(crate) fn add(
    template: &mut Value,
    section: &'static str,
    name: &str,
    value: Value,
) -> Result<(), Incomplete> {
    let sections = template.as_object_mut().ok_or(Incomplete::Section(section))?;
    let members = sections.entry(section).or_insert_with(|| json!({}));
    let members = members.as_object_mut().ok_or(Incomplete::Section(section))?;
    members.insert(name.to_owned(), value);
    Ok(())
}

/// The names of the template that a value refers to.
pub(crate) fn references(value: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(value, &mut names);
    names
}

/// Takes out of `DependsOn` what the template does not have; it is only about the order.
pub(crate) fn keep_order(template: &mut Value, id: &str) {
    let there = names_of(&template["Resources"]);
    let resource = template.get_mut("Resources").and_then(|it| it.get_mut(id));
    let Some(resource) = resource.and_then(Value::as_object_mut) else { return };
    if let Some(Value::Array(others)) = resource.get_mut("DependsOn") {
        others.retain(|other| other.as_str().is_some_and(|other| there.contains(other)));
        if others.is_empty() {
            resource.remove("DependsOn");
        }
    }
}

/// Adds to a template what a resource of it refers to, and what that refers to, as another template has it.
///
/// # Errors
/// Where that takes another resource, or a section that is none.
pub(crate) fn complete(template: &mut Value, from: &Value, id: &str) -> Result<(), Incomplete> {
    let mut open = vec![template["Resources"][id].clone()];
    while let Some(value) = open.pop() {
        for name in references(&value) {
            let is_there = |name: &str| {
                let sections = SECTIONS.iter().chain(&["Resources"]);
                sections.into_iter().any(|section| !template[section][name].is_null())
            };
            if is_there(&name) {
                continue;
            }
            if !from["Resources"][&name].is_null() {
                return Err(Incomplete::Resource(name));
            }
            for section in SECTIONS {
                let added = &from[section][&name];
                if !added.is_null() {
                    add(template, section, &name, added.clone())?;
                    open.push(added.clone());
                }
            }
        }
    }
    Ok(())
}

fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        Value::Object(object) => {
            for (key, inner) in object {
                reference(key, inner, names);
                collect(inner, names);
            }
        }
        _ => {}
    }
}

fn reference(function: &str, argument: &Value, names: &mut BTreeSet<String>) {
    let first = || argument.get(0).unwrap_or(argument).as_str();
    match function {
        "Ref" | "Condition" => names.extend(argument.as_str().map(str::to_owned)),
        "Fn::If" | "Fn::FindInMap" => names.extend(first().map(str::to_owned)),
        "Fn::GetAtt" => names.extend(first().map(before_dot)),
        "Fn::Sub" => {
            let inside = first().into_iter().flat_map(|text| text.split("${").skip(1));
            let inside = inside.filter_map(|rest| Some(rest.split_once('}')?.0));
            names.extend(inside.filter(|name| !name.starts_with('!')).map(before_dot));
        }
        _ => {}
    }
}

fn before_dot(name: &str) -> String {
    name.split('.').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_added_to_a_section_that_is_no_object() {
        let from = json!({"Parameters": {"Vpc": {"Type": "String"}}});
        let resources =
            json!({"Subnet": {"DependsOn": [], "Properties": {"VpcId": {"Ref": "Vpc"}}}});
        for (parameters, expected) in [
            (json!({}), Ok(())),
            (json!("none"), Err(Incomplete::Section("Parameters"))),
            (json!(["Vpc"]), Err(Incomplete::Section("Parameters"))),
        ] {
            let mut template = json!({"Parameters": parameters, "Resources": resources});
            assert_eq!(complete(&mut template, &from, "Subnet"), expected, "{parameters}");
        }
        for template in [json!("none"), json!([]), json!({"Resources": "none"})] {
            let mut kept = template.clone();
            let added = add(&mut kept, "Resources", "Subnet", json!({}));
            assert_eq!(added, Err(Incomplete::Section("Resources")), "{template}");
            keep_order(&mut kept, "Subnet");
            assert_eq!(kept, template);
        }
    }
}
