//! Which other stacks take the values of what is replaced or deleted.

use std::collections::BTreeSet;

use litemap::LiteMap;
use serde_json::Value;

use super::{
    Action, TemplateDiff,
    compare::read,
    follow::{refers_to, template_of},
    identity::Identity,
    resource::type_name,
};
use crate::manifest::{Manifest, ValueSource};

/// The templates and parameters that take a value, by the template and the output or key it is from.
pub(super) struct Consumers<'a>(LiteMap<(&'a str, &'a str), Vec<(&'a str, &'a str)>>);

impl<'a> Consumers<'a> {
    pub(super) fn of(manifest: &'a Manifest) -> Self {
        let stacks = manifest.stacks.iter().map(|(path, stack)| (path, &stack.template));
        let sets = manifest.stack_sets.iter().map(|(path, set)| (path, &set.template));
        let mut consumers: LiteMap<_, Vec<_>> = LiteMap::new_vec();
        for (path, template) in stacks.chain(sets) {
            for (parameter, source) in &template.parameters {
                let value = match source {
                    ValueSource::Output { stack, output } => (stack.as_str(), output.as_str()),
                    ValueSource::Published { stack_set, key, .. } => {
                        (stack_set.as_str(), key.as_str())
                    }
                    _ => continue,
                };
                consumers.entry(value).or_default().push((path.as_str(), parameter.as_str()));
            }
        }
        Self(consumers)
    }

    pub(super) fn get<'s>(&'s self, template: &'s str, value: &'s str) -> &'s [(&'a str, &'a str)] {
        self.0.get(&(template, value)).map_or(&[], Vec::as_slice)
    }
}

/// Says of each resource that is replaced or deleted which stacks and stack sets use it as they are deployed.
pub(super) fn mark(identity: &Identity<'_>, templates: &mut [TemplateDiff]) {
    let consumers = Consumers::of(&identity.renamed);
    for template in templates.iter_mut().filter(|template| template.action == Action::Change) {
        let goes = |action| matches!(action, Action::MayReplace | Action::Replace | Action::Remove);
        if !template.resources.iter().any(|resource| goes(resource.action)) {
            continue;
        }
        let path = template.path.as_str();
        let Some(deployed) = template_of(&identity.renamed, path) else { continue };
        let body = read(identity.old, deployed);
        for resource in template.resources.iter_mut().filter(|resource| goes(resource.action)) {
            let mut users = BTreeSet::new();
            for value in values_of(identity, path, &body, &resource.logical_id) {
                users.extend(consumers.get(path, value).iter().map(|(user, _)| *user));
            }
            resource.used_by = users.into_iter().map(str::to_owned).collect();
        }
    }
}

/// The outputs of a stack, and the keys that a stack set publishes, which have something of a resource.
fn values_of<'v>(
    identity: &'v Identity<'_>,
    path: &str,
    body: &'v Value,
    id: &str,
) -> Vec<&'v str> {
    let outputs = body["Outputs"].as_object().into_iter().flatten();
    let outputs = outputs.filter(|(_, output)| refers_to(output, id));
    let mut values: Vec<&str> = outputs.map(|(output, _)| output.as_str()).collect();
    if let Some(set) = identity.renamed.stack_sets.get(path) {
        let is_published = |name: &str| {
            let mut resources = body["Resources"].as_object().into_iter().flatten();
            resources.any(|(_, it)| {
                type_name(it) == "AWS::SSM::Parameter"
                    && it["Properties"]["Name"].as_str() == Some(name)
                    && refers_to(&it["Properties"]["Value"], id)
            })
        };
        let keys = set.published.iter().filter(|(_, name)| is_published(name));
        values.extend(keys.map(|(key, _)| key.as_str()));
    }
    values
}
