//! Stacks and stack sets, place by place.

use litemap::LiteMap;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    Action, Diff, Edit, EntryDiff, ResourceDiff, TemplateDiff, TemplateKind, Withdrawal,
    edit::edits,
    entry::{action, pairs},
    identity::Identity,
    phrase::{Phrases, source},
};
use crate::{
    Assembly,
    manifest::{StackSet, TargetSet, Template},
    ordered::IntoMap as _,
};

/// What has names in a template beside resources, and what one of each is called.
const SECTIONS: [(&str, &str); 4] = [
    ("Parameters", "parameter"),
    ("Conditions", "condition"),
    ("Mappings", "mapping"),
    ("Outputs", "output"),
];

/// Adds what differs between stacks and between stack sets.
pub(super) fn compare(identity: &Identity<'_>, diff: &mut Diff) {
    let (old, new) = (&identity.renamed, identity.new.manifest());
    for (path, old, new) in pairs(&old.stacks, &new.stacks) {
        let Some(name) = new.or(old).map(|stack| &stack.name) else { continue };
        let sides = (old.map(|stack| &stack.template), new.map(|stack| &stack.template));
        let mut pair = Pair::new(identity, path, name, TemplateKind::Stack, sides);
        pair.diff.settings.extend(settings(old, new));
        pair.finish(diff);
    }
    for (path, old, new) in pairs(&old.stack_sets, &new.stack_sets) {
        let Some(name) = new.or(old).map(|set| &set.name) else { continue };
        let sides = (old.map(|set| &set.template), new.map(|set| &set.template));
        let mut pair = Pair::new(identity, path, name, TemplateKind::StackSet, sides);
        pair.diff.settings.extend(settings(old, new));
        if let (Some(old), Some(new)) = (old, new) {
            pair.diff.withdrawal = withdrawal(identity, old, new);
        }
        if new.is_none() && old.is_some_and(|old| old.retain_stacks) {
            pair.diff.retained = true;
            pair.diff.resources.clear();
        }
        pair.finish(diff);
    }
}

/// What a stack makes by its template and has by its imports is not made, but taken in.
pub(super) fn mark_imports(identity: &Identity<'_>, templates: &mut [TemplateDiff]) {
    for template in templates.iter_mut().filter(|it| it.kind == TemplateKind::Stack) {
        let Some(stack) = identity.new.manifest().stacks.get(&template.path) else { continue };
        for resource in template.resources.iter_mut().filter(|it| it.action == Action::Add) {
            if let Some(import) = stack.imports.get(&resource.logical_id) {
                resource.action = Action::Import;
                resource.identifier = import.identifier.clone();
            }
        }
    }
}

/// A template of the assembly, read.
pub(super) fn read(assembly: &Assembly, template: &Template) -> Value {
    let text = assembly.file(&template.template);
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// A stack or a stack set while it is compared.
struct Pair {
    old: Value,
    new: Value,
    is_rewritten: bool,
    diff: TemplateDiff,
}

impl Pair {
    fn new(
        identity: &Identity<'_>,
        path: &str,
        name: &str,
        kind: TemplateKind,
        (old, new): (Option<&Template>, Option<&Template>),
    ) -> Self {
        let text = |assembly: &Assembly, template: Option<&Template>| {
            template.and_then(|template| assembly.manifest().files.get(&template.template)).cloned()
        };
        let is_rewritten = text(identity.old, old) != text(identity.new, new);
        // Templates of the same text need no look, though where their parameters come from may differ.
        let read = |assembly: &Assembly, template: Option<&Template>| {
            let Some(template) = template else { return Value::Null };
            let mut value = if is_rewritten { read(assembly, template) } else { json!({}) };
            add_sources(&mut value, template);
            value
        };
        let mut pair = Self {
            old: read(identity.old, old),
            new: read(identity.new, new),
            is_rewritten,
            diff: TemplateDiff::new(path, name, kind, action(old, new)),
        };
        for template in [old, new].into_iter().flatten() {
            pair.diff.names.extend(identity.names_in(template));
        }
        pair.resources();
        if pair.diff.action == Action::Change {
            pair.diff.settings = edits(&rest(&pair.old), &rest(&pair.new));
            for (section, kind) in SECTIONS {
                pair.entries(section, kind);
            }
        }
        pair
    }

    fn resources(&mut self) {
        let (old, new) = (section(&self.old, "Resources"), section(&self.new, "Resources"));
        let differing = differing(&old, &new);
        let diffs = differing.filter_map(|(id, old, new)| {
            let construct = self.diff.names.get(id).map_or(id, String::as_str);
            ResourceDiff::new(id, construct, old, new)
        });
        self.diff.resources = diffs.collect();
    }

    fn entries(&mut self, name: &str, kind: &str) {
        let phrases = Phrases { names: &self.diff.names };
        let (old, new) = (section(&self.old, name), section(&self.new, name));
        let differing = differing(&old, &new);
        let entry = |(name, old, new): (&str, Option<&Value>, Option<&Value>)| {
            let mut entry = EntryDiff::new(kind, name, action(old, new));
            match (old, new) {
                (Some(old), Some(new)) => entry.edits = edits(old, new),
                _ => {
                    let value = new.or(old).and_then(|entry| entry.get("Value"));
                    let value = value.map(|value| phrases.line(value));
                    entry.note = value.or_else(|| self.diff.names.get(name).cloned());
                }
            }
            entry
        };
        let entries: Vec<_> = differing.map(entry).collect();
        self.diff.entries.extend(entries);
    }

    fn finish(mut self, diff: &mut Diff) {
        if !self.diff.is_nothing() {
            self.diff.sort();
            diff.templates.push(self.diff);
        } else if self.is_rewritten {
            diff.rewritten.push(self.diff.path);
        }
    }
}

fn differing<'v>(
    old: &'v LiteMap<String, &'v Value>,
    new: &'v LiteMap<String, &'v Value>,
) -> impl Iterator<Item = (&'v str, Option<&'v Value>, Option<&'v Value>)> {
    let all = pairs(old, new).map(|(name, old, new)| (name, old.copied(), new.copied()));
    all.filter(|(_, old, new)| old != new)
}

fn section<'v>(template: &'v Value, name: &str) -> LiteMap<String, &'v Value> {
    let entries = template[name].as_object().into_iter().flatten();
    entries.map(|(name, entry)| (name.clone(), entry)).into_lite_map()
}

/// The description, the transforms.
fn rest(template: &Value) -> Value {
    let mut rest = template.as_object().cloned().unwrap_or_default();
    rest.retain(|key, _| key != "Resources" && SECTIONS.iter().all(|(section, _)| key != section));
    Value::Object(rest)
}

/// Says in each parameter where its value comes from.
fn add_sources(of: &mut Value, template: &Template) {
    for (name, source) in &template.parameters {
        let parameters = &mut of["Parameters"];
        parameters[name.as_str()]["Source"] = serde_json::to_value(source).unwrap_or_default();
    }
}

/// What the manifest says beside the template. Where the file is and the order of deployment are nothing
/// that is deployed; imports are told with the resources.
fn settings<S: Serialize>(old: Option<&S>, new: Option<&S>) -> Vec<Edit> {
    let (Some(old), Some(new)) = (old, new) else { return Vec::new() };
    let value = |manifest: &S| {
        let mut object = match serde_json::to_value(manifest) {
            Ok(Value::Object(object)) => object,
            _ => Map::new(),
        };
        let apart = ["template", "upload", "parameters", "after", "constructs", "imports"];
        object.retain(|key, _| !apart.contains(&key.as_str()));
        Value::Object(object)
    };
    edits(&value(old), &value(new))
}

/// What leaves a stack set's targets and regions, with the stateful resources that are there.
fn withdrawal(identity: &Identity<'_>, old: &StackSet, new: &StackSet) -> Option<Withdrawal> {
    let gone = |old: &[String], new: &[String]| -> Vec<String> {
        old.iter().filter(|item| !new.contains(item)).cloned().collect()
    };
    let mut from = gone(&old.regions, &new.regions);
    match (&old.targets, &new.targets) {
        (TargetSet::Accounts(old), TargetSet::Accounts(new)) => from.extend(gone(old, new)),
        (
            TargetSet::Units { units: old, filter: was, accounts: listed },
            TargetSet::Units { units: new, filter: is, accounts: lists },
        ) => {
            from.extend(old.iter().filter(|unit| !new.contains(unit)).map(source));
            if (was, listed) != (is, lists) {
                from.push("what the filter leaves out".to_owned());
            }
        }
        _ => from.push("all targets it had".to_owned()),
    }
    if from.is_empty() {
        return None;
    }
    if new.retain_stacks {
        return Some(Withdrawal { from, retained: true, resources: Vec::new() });
    }
    let template = read(identity.old, &old.template);
    let resources = section(&template, "Resources");
    let deleted = resources.iter().filter_map(|(id, resource)| {
        let construct = old.template.constructs.get(id).unwrap_or(id);
        ResourceDiff::new(id, construct, Some(resource), None)
    });
    let resources = deleted.filter(ResourceDiff::is_endangered).collect();
    Some(Withdrawal { from, retained: false, resources })
}
