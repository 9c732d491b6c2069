//! Where policy documents are in the properties of a resource.

use std::{borrow::Cow, fmt};

use accel_core::{Intrinsic, Prop};

use super::template;
use crate::read;

/// A document, as it was given.
pub(super) enum Found<'a> {
    Document(&'a Prop),
    /// Its JSON.
    Text(&'a str),
    /// Its JSON, as `Fn::Sub` takes it.
    Template(&'a str),
}

impl<'a> Found<'a> {
    pub(super) fn read(&self) -> Result<Cow<'a, Prop>, serde_json::Error> {
        Ok(match *self {
            Self::Document(document) => Cow::Borrowed(document),
            Self::Text(text) => Cow::Owned(read::json(text)?),
            Self::Template(text) => Cow::Owned(template::json(text)?),
        })
    }
}

/// Hands every document in `value` to `visit`, with its path from the resource. A document is what has
/// statements with effects, wherever it is, so that no list of properties has to be kept. `is_policy` is whether text in
/// the property is known to be one.
pub(super) fn documents(
    property: &str,
    is_policy: bool,
    value: &Prop,
    visit: &mut dyn FnMut(Found<'_>, &Path<'_>),
) {
    let mut path = Vec::new();
    let is_policy = is_policy || names_policy(property);
    search(value, is_policy, &mut path, &mut |found, steps| {
        visit(found, &Path { property, steps });
    });
}

/// The way from a resource to a document. It becomes text only where something is wrong: most documents
/// are right.
pub(super) struct Path<'a> {
    property: &'a str,
    steps: &'a [Step<'a>],
}

enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.property)?;
        self.steps.iter().try_for_each(|step| match step {
            Step::Member(name) => write!(f, "/{name}"),
            Step::Item(index) => write!(f, "/{index}"),
        })
    }
}

fn search<'a>(
    value: &'a Prop,
    is_policy: bool,
    path: &mut Vec<Step<'a>>,
    visit: &mut dyn FnMut(Found<'a>, &[Step<'_>]),
) {
    match value {
        Prop::Object(object) if object.get("Statement").is_some_and(has_effects) => {
            visit(Found::Document(value), path);
        }
        Prop::Object(object) => {
            for (name, value) in object.iter() {
                let is_policy = is_policy || names_policy(name);
                if may_hold(value, is_policy) {
                    path.push(Step::Member(name));
                    search(value, is_policy, path, visit);
                    path.pop();
                }
            }
        }
        Prop::List(values) => {
            for (index, value) in values.iter().enumerate() {
                if !may_hold(value, is_policy) {
                    continue;
                }
                path.push(Step::Item(index));
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
            Intrinsic::Sub(text, _) if is_policy && text.trim_start().starts_with('{') => {
                visit(Found::Template(text), path);
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
fn may_hold(value: &Prop, is_policy: bool) -> bool {
    match value {
        Prop::Bool(_) | Prop::Integer(_) | Prop::Float(_) => false,
        Prop::String(_) => is_policy,
        _ => true,
    }
}

/// Rules of firewalls and of data protection have statements too.
fn has_effects(statements: &Prop) -> bool {
    let effect =
        |statement: &Prop| statement.as_object().is_some_and(|it| it.get("Effect").is_some());
    super::items(statements).iter().any(effect)
}
