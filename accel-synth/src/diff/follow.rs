//! What the replacement of a resource brings with it: its id and attributes become others, and so do the
//! properties that refer to them, here and in other stacks, though no template says so.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use litemap::LiteMap;
use serde_json::Value;

use super::{
    Action, Edit, ResourceDiff, TemplateDiff, TemplateKind, compare::read, identity::Identity,
    path::Path, resource::type_name, used_by::Consumers,
};
use crate::{
    manifest::{Manifest, Template},
    schema::{Replacement, replacement},
};

/// Adds to `templates` what follows from the replacements in them.
pub(super) fn replacements(identity: &Identity<'_>, templates: &mut Vec<TemplateDiff>) {
    let mut follow = Follow::new(identity, templates);
    while let Some(cause) = follow.open.pop() {
        follow.resources(&cause);
        follow.outputs(&cause);
    }
    follow.templates.iter_mut().for_each(TemplateDiff::sort);
    follow.templates.sort_by(|a, b| (a.kind as u8, &a.path).cmp(&(b.kind as u8, &b.path)));
}

/// Something in a template whose value becomes another one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cause {
    /// The construct path of the stack or stack set.
    template: String,
    /// A resource or a parameter of it.
    name: String,
    /// The construct that is replaced.
    replaced: String,
    is_certain: bool,
}

struct Follow<'a> {
    identity: &'a Identity<'a>,
    templates: &'a mut Vec<TemplateDiff>,
    read: LiteMap<String, Rc<Value>>,
    consumers: Consumers<'a>,
    open: Vec<Cause>,
    seen: BTreeSet<Cause>,
}

impl<'a> Follow<'a> {
    fn new(identity: &'a Identity<'a>, templates: &'a mut Vec<TemplateDiff>) -> Self {
        let mut follow = Self {
            identity,
            templates,
            read: LiteMap::new_vec(),
            consumers: Consumers::of(identity.new.manifest()),
            open: Vec::new(),
            seen: BTreeSet::new(),
        };
        let causes: Vec<_> = follow
            .templates
            .iter()
            .flat_map(|template| {
                template.resources.iter().filter_map(|resource| cause(&template.path, resource))
            })
            .collect();
        causes.into_iter().for_each(|cause| follow.push(cause));
        follow
    }

    fn push(&mut self, cause: Cause) {
        if self.seen.insert(cause.clone()) {
            self.open.push(cause);
        }
    }

    fn manifest(&self, path: &str) -> Option<&'a Template> {
        template_of(self.identity.new.manifest(), path)
    }

    /// The new template at `path`.
    fn template(&mut self, path: &str) -> Rc<Value> {
        if let Some(known) = self.read.get(path) {
            return Rc::clone(known);
        }
        let value = self.manifest(path).map(|template| read(self.identity.new, template));
        let value = Rc::new(value.unwrap_or_default());
        self.read.insert(path.to_owned(), Rc::clone(&value));
        value
    }

    fn resources(&mut self, cause: &Cause) {
        let template = self.template(&cause.template);
        for (id, resource) in template["Resources"].as_object().into_iter().flatten() {
            let mut places = Vec::new();
            find(&resource["Properties"], &cause.name, &Path::default(), &mut places);
            if places.is_empty() {
                continue;
            }
            if let Some(cause) = self.resource(cause, id, resource, &places) {
                self.push(cause);
            }
            if type_name(resource) == "AWS::SSM::Parameter" {
                self.published(cause, &resource["Properties"]["Name"]);
            }
        }
    }

    /// Notes that properties of a resource follow; says so if it is replaced because of that.
    fn resource(
        &mut self,
        cause: &Cause,
        id: &str,
        resource: &Value,
        places: &[Path],
    ) -> Option<Cause> {
        let template = self.template_diff(&cause.template)?;
        let position = template.resources.iter().position(|found| found.logical_id == id);
        let mut diff = match position {
            Some(position) => template.resources.remove(position),
            None => ResourceDiff {
                logical_id: id.to_owned(),
                construct: template.names.get(id).cloned().unwrap_or_else(|| id.to_owned()),
                type_name: type_name(resource).to_owned(),
                action: Action::Change,
                identifier: BTreeMap::new(),
                stateful: None,
                kept: false,
                used_by: Vec::new(),
                edits: Vec::new(),
            },
        };
        let mut seen: BTreeSet<String> = diff.edits.iter().map(|edit| edit.path.clone()).collect();
        let is_new = diff.action == Action::Add;
        for place in places.iter().filter(|_| !is_new) {
            let certainty = if cause.is_certain { Replacement::Yes } else { Replacement::Maybe };
            let by_schema = replacement(type_name(resource), &place.in_schema());
            if seen.insert(place.to_string()) {
                let edit = Edit {
                    path: place.to_string(),
                    action: Action::Change,
                    old: None,
                    new: None,
                    replacement: by_schema.min(certainty),
                    because: Some(cause.replaced.clone()),
                };
                diff.follow(edit, resource);
            }
        }
        let next = self::cause(&cause.template, &diff);
        if !(diff.edits.is_empty() && diff.action == Action::Change) {
            template.resources.push(diff);
        }
        next
    }

    fn outputs(&mut self, cause: &Cause) {
        let template = self.template(&cause.template);
        for (output, value) in template["Outputs"].as_object().into_iter().flatten() {
            if refers_to(value, &cause.name) {
                self.consumers(cause, output);
            }
        }
    }

    fn published(&mut self, cause: &Cause, parameter: &Value) {
        let set = self.identity.new.manifest().stack_sets.get(&cause.template);
        let mut keys = set.into_iter().flat_map(|set| &set.published);
        if let Some((key, _)) = keys.find(|(_, name)| parameter.as_str() == Some(name.as_str())) {
            self.consumers(cause, key);
        }
    }

    fn consumers(&mut self, cause: &Cause, value: &str) {
        let consumers = self.consumers.get(&cause.template, value).to_vec();
        for (template, parameter) in consumers {
            self.push(Cause {
                template: template.to_owned(),
                name: parameter.to_owned(),
                ..cause.clone()
            });
        }
    }

    /// The diff of a template, begun if there was nothing to say of it so far.
    fn template_diff(&mut self, path: &str) -> Option<&mut TemplateDiff> {
        if let Some(index) = self.templates.iter().position(|template| template.path == path) {
            return self.templates.get_mut(index);
        }
        let manifest = self.identity.new.manifest();
        let (name, kind) = match (manifest.stacks.get(path), manifest.stack_sets.get(path)) {
            (Some(stack), _) => (&stack.name, TemplateKind::Stack),
            (_, Some(set)) => (&set.name, TemplateKind::StackSet),
            _ => return None,
        };
        let mut diff = TemplateDiff::new(path, name, kind, Action::Change);
        diff.names = self.identity.names_in(self.manifest(path)?);
        self.templates.push(diff);
        self.templates.last_mut()
    }
}

/// The resource as a cause, if it is replaced.
fn cause(template: &str, resource: &ResourceDiff) -> Option<Cause> {
    matches!(resource.action, Action::Replace | Action::MayReplace).then(|| Cause {
        template: template.to_owned(),
        name: resource.logical_id.clone(),
        replaced: format!("{template}/{}", resource.construct),
        is_certain: resource.action == Action::Replace,
    })
}

/// The template of a stack or stack set.
pub(super) fn template_of<'m>(manifest: &'m Manifest, path: &str) -> Option<&'m Template> {
    let stack = manifest.stacks.get(path).map(|stack| &stack.template);
    stack.or_else(|| manifest.stack_sets.get(path).map(|set| &set.template))
}

/// Whether something in `value` refers to `name`.
pub(super) fn refers_to(value: &Value, name: &str) -> bool {
    let mut places = Vec::new();
    find(value, name, &Path::default(), &mut places);
    !places.is_empty()
}

/// The places in `value` that refer to `name`.
fn find(value: &Value, name: &str, path: &Path, places: &mut Vec<Path>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                find(item, name, &path.index(index), places);
            }
        }
        Value::Object(object) => {
            for (key, inner) in object {
                if refers(key, inner, name) {
                    places.push(path.clone());
                } else if key.starts_with("Fn::") {
                    find(inner, name, path, places);
                } else {
                    find(inner, name, &path.key(key), places);
                }
            }
        }
        _ => {}
    }
}

fn refers(function: &str, argument: &Value, name: &str) -> bool {
    let is_attribute = |text: &str| {
        text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let first = |argument: &Value| match argument {
        Value::Array(parts) => parts.first().and_then(Value::as_str).map(str::to_owned),
        argument => argument.as_str().map(str::to_owned),
    };
    match function {
        "Ref" => argument.as_str() == Some(name),
        "Fn::GetAtt" => first(argument).is_some_and(|target| is_attribute(&target)),
        "Fn::Sub" => first(argument).is_some_and(|text| {
            text.split("${")
                .skip(1)
                .any(|rest| rest.split_once('}').is_some_and(|(inside, _)| is_attribute(inside)))
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_of_a_reference_is_found() {
        let value = json!({
            "A": { "Ref": "Key" },
            "B": [{ "Fn::GetAtt": ["Key", "Arn"] }, { "Fn::GetAtt": ["Keys", "Arn"] }],
            "C": { "Fn::Join": ["", ["x", { "Fn::Sub": "${Key.Arn}/*" }]] },
            "D": { "Fn::Sub": ["${!Key} ${Other}", { "Other": { "Ref": "Key" } }] },
            "E": "Key",
        });
        let mut places = Vec::new();
        find(&value, "Key", &Path::default(), &mut places);
        let mut places: Vec<_> = places.iter().map(ToString::to_string).collect();
        places.sort();
        assert_eq!(places, ["A", "B[0]", "C[1][1]", "D[1].Other"]);
    }
}
