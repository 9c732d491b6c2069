//! What a plan changes inside of templates.

use std::collections::BTreeMap;

use accel_synth::{
    Assembly,
    diff::{self, Diff},
    manifest::{self, Manifest, Stack, StackSet},
};
use serde_json::Value;

use super::{Engine, Shared, Trouble, outcome::Failure};
use crate::{
    cloud::Cloud,
    graph::Subject,
    plan::{Action, Plan},
};

/// Stacks and stack sets, with their templates by file.
#[derive(Default)]
struct Parts {
    stacks: BTreeMap<String, Stack>,
    stack_sets: BTreeMap<String, StackSet>,
    templates: BTreeMap<String, String>,
}

impl<C: Cloud + 'static> Engine<C> {
    /// How the templates that a plan updates differ from those that are deployed, property by property. There are no
    /// change sets for stack sets, and those of stacks would have to be made.
    ///
    /// # Errors
    /// If a template cannot be looked at.
    pub async fn changes(&self, plan: &Plan) -> Result<Diff, Failure> {
        let shared = &self.shared;
        let (mut old, mut new) = (Parts::default(), Parts::default());
        for entry in plan.entries.iter().filter(|entry| entry.action == Action::Update) {
            let body = shared.deployed_body(&entry.path).await;
            let body = body.map_err(|trouble| shared.failure(&entry.path, &trouble))?;
            // What somebody wrote in YAML is not compared; that it differs, the plan says.
            let Some(body) = body.filter(|body| serde_json::from_str::<Value>(body).is_ok()) else {
                continue;
            };
            shared.take_wanted(&mut new, &entry.path);
            shared.take_deployed(&mut old, &entry.path, body);
        }
        Ok(diff::diff(&shared.assembly_of(old), &shared.assembly_of(new)))
    }
}

impl<C: Cloud> Shared<C> {
    /// What the change of one node does to the template that is there.
    pub(super) fn changes_of(&self, path: &str, deployed: &str) -> Diff {
        let (mut old, mut new) = (Parts::default(), Parts::default());
        self.take_wanted(&mut new, path);
        self.take_deployed(&mut old, path, deployed.to_owned());
        diff::diff(&self.assembly_of(old), &self.assembly_of(new))
    }

    async fn deployed_body(&self, path: &str) -> Result<Option<String>, Trouble> {
        match self.graph.get(path).map(|node| &node.subject) {
            Some(Subject::Stack(stack)) => {
                let place = self.place(&stack.account, &stack.region)?;
                Ok(Some(self.deployed_template(&place, &stack.name).await?))
            }
            Some(Subject::StackSet(set)) => {
                Ok(self.stack_set(set).await?.map(|it| it.template_body))
            }
            _ => Ok(None),
        }
    }

    fn take_wanted(&self, parts: &mut Parts, path: &str) {
        match self.graph.get(path).map(|node| &node.subject) {
            Some(Subject::Stack(stack)) => {
                parts.templates.extend([self.graph.file_of(&stack.template)]);
                parts.stacks.insert(path.to_owned(), (**stack).clone());
            }
            Some(Subject::StackSet(set)) => {
                parts.templates.extend([self.graph.file_of(&set.template)]);
                parts.stack_sets.insert(path.to_owned(), (**set).clone());
            }
            _ => {}
        }
    }

    /// What is known of it by the record, or else as it is wanted now.
    fn take_deployed(&self, parts: &mut Parts, path: &str, body: String) {
        let deployed = self.graph.deployed.as_ref();
        let file = format!("{path}.deployed.json");
        match self.graph.get(path).map(|node| &node.subject) {
            Some(Subject::Stack(stack)) => {
                let known = deployed.and_then(|it| it.stacks().find(|(known, _)| *known == path));
                let mut stack = known.map_or_else(|| (**stack).clone(), |(_, stack)| stack.clone());
                stack.template.template.clone_from(&file);
                parts.stacks.insert(path.to_owned(), stack);
            }
            Some(Subject::StackSet(set)) => {
                let known =
                    deployed.and_then(|it| it.stack_sets().find(|(known, _)| *known == path));
                let mut set = known.map_or_else(|| (**set).clone(), |(_, set)| set.clone());
                set.template.template.clone_from(&file);
                parts.stack_sets.insert(path.to_owned(), set);
            }
            _ => return,
        }
        parts.templates.insert(file, body);
    }

    fn assembly_of(&self, parts: Parts) -> Assembly {
        let manifest = Manifest {
            version: manifest::VERSION,
            app: self.graph.manifest.app.clone(),
            accounts: self.graph.manifest.accounts.clone(),
            stacks: parts.stacks,
            stack_sets: parts.stack_sets,
            steps: None,
            documents: BTreeMap::new(),
            files: BTreeMap::new(),
        };
        Assembly::of_parts(manifest, parts.templates)
    }
}
