//! Which resources an update replaces: those that cannot become what they are to be.

use std::collections::{BTreeMap, BTreeSet};

use accel_synth::schema::{self, Replacement};
use serde_json::Value;

use super::Key;
use crate::{
    template::{Made, Template},
    world::World,
};

/// What a template makes of the resources of a stack.
pub(crate) struct Update<'a> {
    pub(super) template: Template<'a>,
    pub(super) before: BTreeMap<String, Made>,
    /// The ids of those that it takes in.
    pub(super) imported: BTreeMap<String, String>,
    pub(super) resources: BTreeMap<String, Made>,
    /// Why CloudFormation does not begin with it.
    pub(crate) refused: Option<String>,
}

impl World {
    /// Evaluates a template where there are these resources already, with the ids of those that it takes in.
    pub(crate) fn update<'a>(
        &self,
        key: &Key,
        mut template: Template<'a>,
        before: &BTreeMap<String, Made>,
        imported: &BTreeMap<String, String>,
    ) -> Update<'a> {
        template.generations = self.generations.get(key).cloned().unwrap_or_default();
        template.known = imported.clone();
        let there = before.iter().map(|(id, made)| (id.clone(), made.physical.clone()));
        template.known.extend(there);
        // One that is replaced has another id, which may replace those that refer to it.
        loop {
            let mut resources = template.resources();
            let unresolved = self.resolve((&key.0, &key.1), &mut resources).err();
            let replaced: Vec<String> = resources
                .iter()
                .filter(|(id, made)| {
                    template.known.contains_key(*id)
                        && before.get(*id).is_some_and(|before| is_replaced(before, made))
                })
                .map(|(id, _)| id.clone())
                .collect();
            if replaced.is_empty() {
                let (before, imported) = (before.clone(), imported.clone());
                let refused = retyped(&before, &resources).or(unresolved);
                return Update { template, before, imported, resources, refused };
            }
            for id in replaced {
                template.known.remove(&id);
                *template.generations.entry(id).or_default() += 1;
            }
        }
    }
}

impl Update<'_> {
    /// Whether a resource gives way to another one of the same logical id.
    pub(super) fn replaces(&self, id: &str) -> bool {
        self.before.contains_key(id)
            && self.resources.contains_key(id)
            && !self.template.known.contains_key(id)
    }

    /// What is replaced or no longer in the template, as it was.
    pub(super) fn leaving(&self) -> impl Iterator<Item = (&String, &Made)> {
        let leaves = |id: &String| !self.resources.contains_key(id) || self.replaces(id);
        self.before.iter().filter(move |(id, _)| leaves(id))
    }

    /// Why a resource cannot be replaced: the new one would have the name of the old one, which is still there.
    pub(super) fn collision(&self, id: &str) -> Option<String> {
        let (before, after) = (self.before.get(id)?, self.resources.get(id)?);
        let is_same = before.kind == after.kind && before.physical == after.physical;
        (is_same && self.replaces(id)).then(|| {
            format!(
                "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {} and \
                 update the stack again.",
                before.physical
            )
        })
    }
}

/// Nothing can become a thing of another type.
fn retyped(before: &BTreeMap<String, Made>, after: &BTreeMap<String, Made>) -> Option<String> {
    let is_other = |(id, made): &(&String, &Made)| {
        before.get(*id).is_some_and(|before| before.kind != made.kind)
    };
    let ids: Vec<&str> = after.iter().filter(is_other).map(|(id, _)| id.as_str()).collect();
    (!ids.is_empty()).then(|| {
        format!(
            "Update of resource type is not permitted. The new template modifies resource type of the following resources: [{}]",
            ids.join(", ")
        )
    })
}

fn is_replaced(before: &Made, after: &Made) -> bool {
    differs(&after.kind, "", &before.properties, &after.properties)
}

/// Whether a property differs, there or below, that only another resource can have.
fn differs(kind: &str, path: &str, before: &Value, after: &Value) -> bool {
    if before == after {
        return false;
    }
    match schema::replacement(kind, path) {
        Replacement::No => return false,
        Replacement::Yes => return true,
        // Something below may be such a property, and the other things there are not.
        Replacement::Maybe => {}
    }
    let steps: BTreeSet<String> = [before, after].into_iter().flat_map(steps).collect();
    steps.iter().any(|step| {
        let path = if path.is_empty() { step.clone() } else { format!("{path}/{step}") };
        differs(kind, &path, at(before, step), at(after, step))
    })
}

fn steps(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members.keys().cloned().collect(),
        Value::Array(items) => (0..items.len()).map(|index| index.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// What is missing is nothing.
fn at<'a>(value: &'a Value, step: &str) -> &'a Value {
    let found = match value {
        Value::Array(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
        value => value.get(step),
    };
    found.unwrap_or(&Value::Null)
}
