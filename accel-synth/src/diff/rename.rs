use std::collections::BTreeSet;

use litemap::LiteMap;
use serde::Serialize;
use serde_json::Value;

use super::{Action, ResourceDiff, TemplateDiff, TemplateKind, compare::read, identity::Identity};
use crate::ordered::IntoMap as _;

/// What looks like a rename that was not declared: what is deleted has a twin that is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rename {
    /// The construct path it had.
    pub old: String,
    /// The construct path it has.
    pub new: String,
}

/// More pairs than this are too many to look at.
const PAIRS: usize = 10_000;

/// Adds the renames that there seem to be to `templates`.
pub(super) fn find(identity: &Identity<'_>, templates: &mut [TemplateDiff]) {
    for template in templates.iter_mut().filter(|template| template.action == Action::Change) {
        template.renames = constructs(identity, template);
    }
    for index in 0..templates.len() {
        let Some(old) = renamed_from(identity, templates, index) else { continue };
        let new = templates[index].path.clone();
        templates[index].renames.push(Rename { old, new });
    }
}

/// The path of the deleted stack or stack set that has the same resources as the one made at `index`.
fn renamed_from(
    identity: &Identity<'_>,
    templates: &[TemplateDiff],
    index: usize,
) -> Option<String> {
    let made = &templates[index];
    if made.action != Action::Add {
        return None;
    }
    let (old, new) = (&identity.renamed.stacks, &identity.new.manifest().stacks);
    let resources = |template: &TemplateDiff| -> BTreeSet<(String, String)> {
        let resources = template.resources.iter();
        resources.map(|one| (one.logical_id.clone(), one.type_name.clone())).collect()
    };
    let is_twin = |gone: &&TemplateDiff| {
        let place = |stack: &crate::manifest::Stack| (stack.account.clone(), stack.region.clone());
        let same_place = made.kind == TemplateKind::StackSet
            || old.get(&gone.path).map(place) == new.get(&made.path).map(place);
        gone.action == Action::Remove
            && gone.kind == made.kind
            && same_place
            && !gone.resources.is_empty()
            && resources(gone) == resources(made)
    };
    let mut twins = templates.iter().filter(is_twin);
    twins.next().filter(|_| twins.next().is_none()).map(|gone| gone.path.clone())
}

/// Renamed constructs of one template: the outermost paths below which the same was deleted and made.
fn constructs(identity: &Identity<'_>, template: &TemplateDiff) -> Vec<Rename> {
    let with = |action| -> Vec<&ResourceDiff> {
        template.resources.iter().filter(|resource| resource.action == action).collect()
    };
    let (removed, added) = (with(Action::Remove), with(Action::Add));
    if removed.is_empty() || removed.len() * added.len() > PAIRS {
        return Vec::new();
    }
    let mut candidates = BTreeSet::new();
    for old in &removed {
        for new in added.iter().filter(|new| new.type_name == old.type_name) {
            candidates.extend(prefixes(&old.construct, &new.construct));
        }
    }
    let twins: Vec<_> = candidates
        .into_iter()
        .filter(|(old, new)| {
            let (below_old, below_new) = (below(&removed, old), below(&added, new));
            // One resource of one type is no pattern; its properties must be the same too.
            below_old == below_new && (below_old.len() > 1 || same(identity, template, old, new))
        })
        .collect();
    let inside = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
    };
    let outermost = twins.iter().filter(|(old, new)| {
        !twins.iter().any(|(above, beside)| inside(old, above) && inside(new, beside))
    });
    let outermost: Vec<_> = outermost.collect();
    // If there are two ways to see it, there is none.
    let unique = outermost.iter().filter(|(old, new)| {
        outermost.iter().filter(|(other, another)| other == old || another == new).count() == 1
    });
    let full = |path: &str| format!("{}/{path}", template.path);
    unique.map(|(old, new)| Rename { old: full(old), new: full(new) }).collect()
}

/// The paths that differ when what both have in common at the end is taken off, segment by segment.
fn prefixes<'p>(mut old: &'p str, mut new: &'p str) -> Vec<(&'p str, &'p str)> {
    let mut prefixes = vec![(old, new)];
    while let (Some((old_above, old_id)), Some((new_above, new_id))) =
        (old.rsplit_once('/'), new.rsplit_once('/'))
        && old_id == new_id
    {
        (old, new) = (old_above, new_above);
        prefixes.push((old, new));
    }
    prefixes
}

/// Path below `prefix` to type.
fn below<'r>(resources: &[&'r ResourceDiff], prefix: &str) -> LiteMap<&'r str, &'r str> {
    let below = resources.iter().filter_map(|resource| {
        let rest = resource.construct.strip_prefix(prefix)?;
        (rest.is_empty() || rest.starts_with('/')).then_some((rest, resource.type_name.as_str()))
    });
    below.into_lite_map()
}

/// Whether both have one resource, with the same properties.
fn same(identity: &Identity<'_>, template: &TemplateDiff, old: &str, new: &str) -> bool {
    let manifests = (&identity.renamed, identity.new.manifest());
    let path = &template.path;
    let templates = match template.kind {
        TemplateKind::Stack => (
            manifests.0.stacks.get(path).map(|stack| &stack.template),
            manifests.1.stacks.get(path).map(|stack| &stack.template),
        ),
        TemplateKind::StackSet => (
            manifests.0.stack_sets.get(path).map(|set| &set.template),
            manifests.1.stack_sets.get(path).map(|set| &set.template),
        ),
    };
    let (Some(before), Some(after)) = templates else { return false };
    let properties = |value: Value, prefix: &str, action: Action| {
        let is_it = |resource: &&ResourceDiff| {
            resource.action == action && resource.construct.starts_with(prefix)
        };
        let resource = template.resources.iter().find(is_it)?;
        Some(value["Resources"][&resource.logical_id]["Properties"].clone())
    };
    let old = properties(read(identity.old, before), old, Action::Remove);
    old.is_some() && old == properties(read(identity.new, after), new, Action::Add)
}
