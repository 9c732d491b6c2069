//! What the parts of a template refer to.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// What a template has that its resources may need.
const SECTIONS: [&str; 3] = ["Parameters", "Conditions", "Mappings"];

/// The logical ids or names in a section.
pub(crate) fn names_of(section: &Value) -> BTreeSet<String> {
    section.as_object().into_iter().flat_map(Map::keys).cloned().collect()
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
    let Some(resource) = template["Resources"][id].as_object_mut() else { return };
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
/// The logical id of another resource that it refers to and the template does not have.
pub(crate) fn complete(template: &mut Value, from: &Value, id: &str) -> Result<(), String> {
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
                return Err(name);
            }
            for section in SECTIONS {
                let added = &from[section][&name];
                if !added.is_null() {
                    template[section][&name] = added.clone();
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
