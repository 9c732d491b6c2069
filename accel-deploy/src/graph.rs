//! What an assembly consists of, and what waits for what.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use accel_synth::{
    Assembly,
    diff::Diff,
    manifest::{Manifest, TargetSet, Template},
};
use serde_json::Value;

use crate::{
    deployed::{Deployed, Formers, Setting},
    step::Steps,
};

mod node;
mod over;

pub use self::node::{Node, NodeKind};
pub(crate) use self::node::{Removal, Subject};

/// The steps, stacks and stack sets of an assembly by path, and their order.
#[derive(Debug)]
pub struct Graph {
    pub(crate) manifest: Manifest,
    pub(crate) templates: BTreeMap<String, String>,
    /// What earlier runs deployed, if the run keeps a record of it.
    pub(crate) deployed: Option<Deployed>,
    /// What they have replaced, by the paths of now.
    formers: Formers,
    /// How the assembly differs from that.
    differences: Diff,
    /// Whether the stacks of a stack set stay, by its name: what the program says, of sets too that are to be
    /// there no longer.
    retained: BTreeMap<String, bool>,
    nodes: BTreeMap<String, Node>,
}

/// Why an assembly cannot be deployed as it is.
#[derive(Debug)]
pub enum GraphError {
    /// The file of the steps is not what this version writes.
    Steps(String),
    /// A node waits for one that is not there.
    Missing {
        /// The one that waits.
        node: String,
        /// What it waits for.
        after: String,
    },
    /// Nodes wait for each other.
    Cycle(Vec<String>),
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Steps(reason) => write!(f, "the organization's steps cannot be read: {reason}"),
            Self::Missing { node, after } => {
                write!(f, "`{node}` comes after `{after}`, which the assembly does not have")
            }
            Self::Cycle(nodes) => write!(f, "these wait for each other: {}", nodes.join(", ")),
        }
    }
}

impl std::error::Error for GraphError {}

impl Graph {
    /// Reads what is to be deployed from an assembly.
    ///
    /// # Errors
    /// If its steps cannot be read, or its order cannot be kept.
    pub fn new(assembly: &Assembly) -> Result<Self, GraphError> {
        let manifest = assembly.manifest().clone();
        let mut nodes = BTreeMap::new();
        let mut templates = BTreeMap::new();
        let files: BTreeMap<&str, &str> = assembly.files().collect();
        if let Some(steps) = manifest.steps.as_deref().and_then(|path| files.get(path)) {
            let steps: Steps = serde_json::from_str(steps)
                .map_err(|error| GraphError::Steps(error.to_string()))?;
            for step in steps.steps {
                let (path, after) = (step.path.clone(), step.after.clone());
                nodes.insert(
                    path.clone(),
                    Node { path, after, subject: Subject::Step(Box::new(step)) },
                );
            }
        }
        let mut add = |path: &String, template: &Template, subject| {
            let text = files.get(template.template.as_str()).copied().unwrap_or_default();
            templates.insert(template.template.clone(), text.to_owned());
            let after = template.after.clone();
            nodes.insert(path.clone(), Node { path: path.clone(), after, subject });
        };
        for (path, stack) in &manifest.stacks {
            add(path, &stack.template, Subject::Stack(Box::new(stack.clone())));
        }
        for (path, set) in &manifest.stack_sets {
            add(path, &set.template, Subject::StackSet(Box::new(set.clone())));
        }
        wait_for_accounts(&mut nodes);
        let retained = retained(&manifest);
        let graph = Self {
            manifest,
            templates,
            deployed: None,
            formers: Formers::default(),
            differences: Diff::default(),
            retained,
            nodes,
        };
        graph.check_order()?;
        Ok(graph)
    }

    /// The graph of an app that is to be there no longer: nothing of an assembly, but its accounts.
    #[must_use]
    pub fn of_nothing(assembly: &Assembly) -> Self {
        let mut manifest = assembly.manifest().clone();
        let retained = retained(&manifest);
        manifest.stacks.clear();
        manifest.stack_sets.clear();
        manifest.documents.clear();
        manifest.steps = None;
        let (templates, nodes) = (BTreeMap::new(), BTreeMap::new());
        Self {
            manifest,
            templates,
            deployed: None,
            formers: Formers::default(),
            differences: Diff::default(),
            retained,
            nodes,
        }
    }

    pub(crate) fn steps(&self) -> impl Iterator<Item = (&str, Setting)> {
        self.nodes.values().filter_map(|node| match &node.subject {
            Subject::Step(step) => Some((node.path.as_str(), Setting::of(step)?)),
            _ => None,
        })
    }

    /// What is only looked up: by the path of its step, and the names of what becomes known of it.
    pub fn lookups(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
        self.nodes.values().filter_map(|node| match &node.subject {
            Subject::Step(step) if step.call.is_none() => {
                Some((node.path.as_str(), step.read.results.keys().map(String::as_str)))
            }
            _ => None,
        })
    }

    /// All nodes, by path.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.values()
    }

    /// The node of a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Node> {
        self.nodes.get(path)
    }

    /// The text of a template; empty if the assembly has it not.
    pub(crate) fn text_of(&self, template: &Template) -> &str {
        self.templates.get(&template.template).map_or("", String::as_str)
    }

    /// Of a template, its file and text.
    pub(crate) fn file_of(&self, template: &Template) -> (String, String) {
        (template.template.clone(), self.text_of(template).to_owned())
    }

    /// The parameters that have neither a source nor a default: by path of the stack or stack set, and
    /// name. Somebody has to give their values.
    pub fn open_parameters(&self) -> impl Iterator<Item = (&str, String)> {
        self.asked_for().map(|(path, name, _)| (path, name))
    }

    /// Those of them whose values CloudFormation shows to nobody.
    pub(crate) fn secret_parameters(&self) -> impl Iterator<Item = (&str, String)> {
        let asked_for = self.asked_for();
        asked_for.filter_map(|(path, name, is_secret)| is_secret.then_some((path, name)))
    }

    /// [`Self::open_parameters`], and whether each is a secret.
    fn asked_for(&self) -> impl Iterator<Item = (&str, String, bool)> {
        self.nodes.values().flat_map(|node| {
            let template = node.subject.template();
            let text = template.and_then(|template| self.templates.get(&template.template));
            let body = text.and_then(|text| serde_json::from_str::<Value>(text).ok());
            let declared = body.as_ref().and_then(|body| body["Parameters"].as_object());
            let open = declared.into_iter().flatten().filter(|(name, declared)| {
                declared["Default"].is_null()
                    && template.is_some_and(|template| !template.parameters.contains_key(*name))
            });
            let asked_for =
                open.map(|(name, it)| (node.path.as_str(), name.clone(), is_secret(it)));
            asked_for.collect::<Vec<_>>()
        })
    }

    /// The paths of `selected` and of all they wait for.
    #[must_use]
    pub fn with_what_they_wait_for(&self, selected: impl Fn(&str) -> bool) -> Vec<String> {
        let mut wanted: Vec<&str> =
            self.nodes.keys().map(String::as_str).filter(|path| selected(path)).collect();
        let mut all = BTreeSet::new();
        while let Some(path) = wanted.pop() {
            if all.insert(path.to_owned())
                && let Some(node) = self.nodes.get(path)
            {
                wanted.extend(node.after.iter().map(String::as_str));
            }
        }
        all.into_iter().collect()
    }

    fn check_order(&self) -> Result<(), GraphError> {
        let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
        let mut waiting_for: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for node in self.nodes.values() {
            waits.insert(&node.path, node.after.len());
            for after in &node.after {
                if !self.nodes.contains_key(after) {
                    let (node, after) = (node.path.clone(), after.clone());
                    return Err(GraphError::Missing { node, after });
                }
                waiting_for.entry(after).or_default().push(&node.path);
            }
        }
        let mut ready: Vec<&str> =
            waits.iter().filter(|(_, count)| **count == 0).map(|(path, _)| *path).collect();
        while let Some(path) = ready.pop() {
            waits.remove(path);
            for next in waiting_for.remove(path).unwrap_or_default() {
                if let Some(count) = waits.get_mut(next) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(next);
                    }
                }
            }
        }
        if waits.is_empty() {
            return Ok(());
        }
        Err(GraphError::Cycle(waits.into_keys().map(str::to_owned).collect()))
    }
}

/// Whether CloudFormation shows the value of a parameter, which a template declares so, to nobody.
#[must_use]
pub fn is_secret(parameter: &Value) -> bool {
    parameter["NoEcho"] == true || parameter["NoEcho"] == "true"
}

fn retained(manifest: &Manifest) -> BTreeMap<String, bool> {
    manifest.stack_sets.values().map(|set| (set.name.clone(), set.retain_stacks)).collect()
}

/// The instances of a unit are those of the accounts in it: first all accounts are there, and in their
/// units.
fn wait_for_accounts(nodes: &mut BTreeMap<String, Node>) {
    let is_account = |node: &&Node| matches!(&node.subject, Subject::Step(step) if step.kind == "account" || step.kind == "account-unit");
    let accounts: Vec<String> =
        nodes.values().filter(is_account).map(|node| node.path.clone()).collect();
    for node in nodes.values_mut() {
        let by_unit = matches!(
            &node.subject,
            Subject::StackSet(set) if matches!(set.targets, TargetSet::Units { .. })
        );
        if by_unit {
            node.after.extend(accounts.iter().cloned());
            node.after.sort();
            node.after.dedup();
        }
    }
}
