//! Where policy documents are in the properties of a resource.

use accel_core::{Intrinsic, Prop};

/// A document, as it was given.
pub(super) enum Found<'a> {
    Document(&'a Prop),
    /// Its JSON.
    Text(&'a str),
}

/// Hands every document in `value` to `visit`, with its path from the resource. A document is what has
/// statements with effects, wherever it is, so that no list of properties has to be kept.
pub(super) fn documents(
    type_name: &str,
    property: &str,
    value: &Prop,
    visit: &mut dyn FnMut(Found<'_>, &str),
) {
    let mut path = Vec::new();
    let is_policy = names_policy(property)
        || (type_name, property) == ("AWS::Organizations::Policy", "Content");
    search(value, is_policy, &mut path, &mut |found, steps| {
        let path = std::iter::once(property).chain(steps.iter().map(String::as_str));
        visit(found, &path.collect::<Vec<_>>().join("/"));
    });
}

fn search<'a>(
    value: &'a Prop,
    is_policy: bool,
    path: &mut Vec<String>,
    visit: &mut dyn FnMut(Found<'a>, &[String]),
) {
    match value {
        Prop::Object(object) if object.get("Statement").is_some_and(has_effects) => {
            visit(Found::Document(value), path);
        }
        Prop::Object(object) => {
            for (name, value) in object.iter() {
                if has_parts(value) {
                    path.push(name.to_string());
                    search(value, is_policy || names_policy(name), path, visit);
                    path.pop();
                }
            }
        }
        Prop::List(values) => {
            for (index, value) in values.iter().enumerate().filter(|(_, value)| has_parts(value)) {
                path.push(index.to_string());
                search(value, is_policy, path, visit);
                path.pop();
            }
        }
        Prop::String(text) if is_policy && text.trim_start().starts_with('{') => {
            visit(Found::Text(text), path);
        }
        Prop::Intrinsic(intrinsic) => match &**intrinsic {
            Intrinsic::ToJsonString(value) => search(value, is_policy, path, visit),
            Intrinsic::If(_, yes, no) => {
                search(yes, is_policy, path, visit);
                search(no, is_policy, path, visit);
            }
            Intrinsic::Table(table) => {
                table.rows().for_each(|row| search(row, is_policy, path, visit));
            }
            _ => {}
        },
        _ => {}
    }
}

/// Whether text in the property is JSON. Of other texts nobody says so, and what becomes of old images is said
/// in another language.
fn names_policy(property: &str) -> bool {
    property.contains("Policy") && !property.contains("Lifecycle")
}

/// Whether there can be a document in it.
fn has_parts(value: &Prop) -> bool {
    !matches!(value, Prop::Bool(_) | Prop::Integer(_) | Prop::Float(_))
}

/// Rules of firewalls and of data protection have statements too.
fn has_effects(statements: &Prop) -> bool {
    let effect =
        |statement: &Prop| statement.as_object().is_some_and(|it| it.get("Effect").is_some());
    super::items(statements).iter().any(effect)
}
