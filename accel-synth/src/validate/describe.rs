//! Words for values and rules.

use accel_core::{Object, Prop, nearest};

use crate::schema::encoding::types;

/// More of a value than this says nothing more.
const LONGEST: usize = 60;

/// Longer lists of names are cut.
const MOST: usize = 12;

/// A value as a person would name it.
pub(super) fn value(prop: &Prop) -> String {
    match prop {
        Prop::Bool(value) => value.to_string(),
        Prop::Integer(value) => value.to_string(),
        Prop::Float(value) => value.to_string(),
        Prop::String(text) if text.chars().count() <= LONGEST => format!("{:?}", text.as_str()),
        Prop::String(text) => {
            format!("{:?}...", text.chars().take(LONGEST).collect::<String>())
        }
        Prop::List(items) => list(items),
        Prop::Object(entries) => object(entries),
        Prop::Intrinsic(_) => "known at deployment".to_owned(),
    }
}

/// A list, by its length.
pub(super) fn list(items: &[Prop]) -> String {
    format!("a list of {}", counted(items.len() as u64, "item"))
}

/// An object, by its first few names.
pub(super) fn object(entries: &Object) -> String {
    let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    match &names[..] {
        [] => "an empty object".to_owned(),
        [first, second, third, _, ..] => {
            let more = names.len() - 3;
            format!("an object with `{first}`, `{second}`, `{third}` and {more} more")
        }
        names => format!("an object with {}", and(names)),
    }
}

/// The names of the types of a mask.
pub(super) fn type_names(mask: u8) -> String {
    let names = types::NAMES.iter().filter(|(bit, _)| mask & bit != 0);
    names.map(|(_, name)| *name).collect::<Vec<_>>().join(" or ")
}

/// The allowed values, and which of them was probably meant.
pub(super) fn values(allowed: &[&str], given: &str) -> (String, Option<String>) {
    let near = nearest(given, allowed.iter().copied());
    (some(allowed), near.map(|near| format!("did you mean `{near}`?")))
}

/// `a`, `b` or `c`; the first few and how many more if there are many.
pub(super) fn some(names: &[&str]) -> String {
    if names.len() <= MOST {
        return joined(names, " or ");
    }
    let shown: Vec<String> = names[..MOST].iter().map(|name| format!("`{name}`")).collect();
    format!("{} and {} more", shown.join(", "), names.len() - MOST)
}

/// `a` and `b`.
pub(super) fn and(names: &[&str]) -> String {
    joined(names, " and ")
}

fn joined(names: &[&str], last: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match &quoted[..] {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., end] => format!("{}{last}{end}", first.join(", ")),
    }
}

/// `1 item`, `2 items`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
