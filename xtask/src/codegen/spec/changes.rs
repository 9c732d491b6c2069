//! What differs between two releases of the source data.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
};

use super::{Property, Resource, Spec};

impl Spec {
    /// Added (`+`), removed (`-`) and changed (`~`) types, properties and attributes, a line each.
    pub(super) fn changes(&self, new: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        each(&by_name(self), &by_name(new), |name, pair| match pair {
            Pair::Added(_) => lines.push(format!("+ {name}")),
            Pair::Removed(_) => lines.push(format!("- {name}")),
            Pair::Both(before, after) => resource(name, before, after, &mut lines),
        });
        lines
    }
}

fn by_name(spec: &Spec) -> BTreeMap<String, &Resource> {
    spec.resources().map(|resource| (resource.type_name.clone(), resource)).collect()
}

fn resource(name: &str, before: &Resource, after: &Resource, lines: &mut Vec<String>) {
    properties(name, &before.properties, &after.properties, lines);
    properties(&format!("{name} GetAtt"), &before.attributes, &after.attributes, lines);
    each(&before.types, &after.types, |nested, pair| {
        let name = format!("{name} {nested}");
        match pair {
            Pair::Added(_) => lines.push(format!("+ {name}")),
            Pair::Removed(_) => lines.push(format!("- {name}")),
            Pair::Both(before, after) => properties(&name, before, after, lines),
        }
    });
    value(name, "Ref", &before.reference, &after.reference, lines);
    value(name, "tags", &before.tags, &after.tags, lines);
}

fn properties(
    owner: &str,
    before: &BTreeMap<String, Property>,
    after: &BTreeMap<String, Property>,
    lines: &mut Vec<String>,
) {
    each(before, after, |name, pair| match pair {
        Pair::Added(_) => lines.push(format!("+ {owner}.{name}")),
        Pair::Removed(_) => lines.push(format!("- {owner}.{name}")),
        Pair::Both(before, after) => {
            let property = format!("{owner}.{name}");
            value(&property, "type", &before.kind, &after.kind, lines);
            value(&property, "required", &before.required, &after.required, lines);
            value(&property, "replacement", &before.replacement, &after.replacement, lines);
            value(&property, "references", &before.references, &after.references, lines);
        }
    });
}

fn value<T: PartialEq + Debug>(
    owner: &str,
    what: &str,
    before: &T,
    after: &T,
    lines: &mut Vec<String>,
) {
    if before != after {
        lines.push(format!("~ {owner}: {what} {before:?} -> {after:?}"));
    }
}

enum Pair<T> {
    Added(T),
    Removed(T),
    Both(T, T),
}

fn each<'a, T>(
    before: &'a BTreeMap<String, T>,
    after: &'a BTreeMap<String, T>,
    mut visit: impl FnMut(&str, Pair<&'a T>),
) {
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for name in names {
        match (before.get(name), after.get(name)) {
            (Some(before), Some(after)) => visit(name, Pair::Both(before, after)),
            (Some(before), None) => visit(name, Pair::Removed(before)),
            (None, Some(after)) => visit(name, Pair::Added(after)),
            (None, None) => {}
        }
    }
}
