//! What an assembly consists of, and what waits for what.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use accel_synth::{
    Assembly,
    diff::{Blocked, Diff},
    manifest::{Manifest, Stack, StackSet, TargetSet, Template},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    cleanup::{self, Cleanup, Going, Owner},
    cloud::Place,
    deployed::{Deployed, Formers, Setting},
    engine::Allowed,
    step::{Step, Steps},
};

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

/// One thing to deploy.
#[derive(Debug)]
pub struct Node {
    /// Its construct path.
    pub path: String,
    /// The paths of what comes first.
    pub after: Vec<String>,
    pub(crate) subject: Subject,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// A setting of the organization or of an account.
    Step,
    /// One template in one account and region.
    Stack,
    /// One template in many accounts and regions.
    StackSet,
}

#[derive(Debug)]
pub(crate) enum Subject {
    Step(Box<Step>),
    Stack(Box<Stack>),
    StackSet(Box<StackSet>),
    Removal(Box<Removal>),
}

/// What is to be there no longer.
#[derive(Debug)]
pub(crate) enum Removal {
    Stack {
        /// Unknown if nobody knows the account's id.
        place: Option<Place>,
        stack: Stack,
    },
    StackSet(StackSet),
    /// Of what a stack or stack set has no more that stays itself.
    Cleanup(Cleanup),
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

    /// This graph where earlier runs have deployed something already: what is no longer wanted becomes a
    /// node that deletes it, after all that used it has changed or is deleted too; and what used another
    /// node's values, and does so no more, changes before that other one.
    #[must_use]
    pub fn over(mut self, deployed: Deployed) -> Self {
        self.add_removals(&deployed);
        let edges: Vec<(String, String)> = deployed.edges(&self.manifest).collect();
        for (user, used) in edges {
            let (Some(_), Some(producer)) = (self.nodes.get(&user), self.nodes.get(&used)) else {
                continue;
            };
            // What still waits for it stays behind it.
            if !producer.after.contains(&user) && !self.waits_for(&user, &used) {
                self.nodes.entry(used).and_modify(|producer| producer.after.push(user));
            }
        }
        self.formers = deployed.formers_in(&self.manifest);
        self.differences = self.differences_from(&deployed);
        self.put_cleanups_off(&deployed);
        self.deployed = Some(deployed);
        self
    }

    fn differences_from(&self, deployed: &Deployed) -> Diff {
        let manifest = Manifest {
            steps: None,
            documents: BTreeMap::new(),
            files: BTreeMap::new(),
            ..self.manifest.clone()
        };
        let new = Assembly::of_parts(manifest, self.templates.clone());
        accel_synth::diff::diff(&deployed.assembly(self), &new)
    }

    /// What is replaced and used by others is deleted after those have changed.
    fn put_cleanups_off(&mut self, deployed: &Deployed) {
        let cleanup = |node: &Node| {
            let owner = match &node.subject {
                Subject::Stack(stack) => Owner::Stack(stack.clone()),
                Subject::StackSet(set) => Owner::StackSet(set.clone()),
                Subject::Step(_) | Subject::Removal(_) => return None,
            };
            self.cleanup(&node.path, owner, deployed)
        };
        let cleanups: Vec<Cleanup> = self.nodes.values().filter_map(cleanup).collect();
        for cleanup in cleanups {
            let users = cleanup.users.iter().filter(|user| self.nodes.contains_key(*user));
            let after = users.chain([&cleanup.path]).cloned().collect();
            self.add_removal(&cleanup::path_of(&cleanup.path), after, Removal::Cleanup(cleanup));
        }
    }

    fn cleanup(&self, path: &str, owner: Owner, deployed: &Deployed) -> Option<Cleanup> {
        let going = self.going(path, deployed);
        if !going.iter().any(|it| it.is_needed) {
            return None;
        }
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        let old = read(deployed.template_of(&owner, &self.manifest)?);
        let new = read(self.templates.get(&owner.template().template)?);
        Cleanup::new(path, owner, [&old, &new], &going)
    }

    /// What a stack or stack set has no more when it is changed, and what earlier runs have kept of it.
    fn going(&self, path: &str, deployed: &Deployed) -> Vec<Going> {
        let mut templates = self.differences.templates.iter();
        let resources = templates.find(|it| it.path == path).map(|it| &it.resources);
        // Those that change before it does need nothing of it any more.
        let moves_later = |user: &String| self.waits_for(user, path);
        let mut going: Vec<Going> = (resources.into_iter().flatten())
            .filter_map(|it| Going::of(it, it.used_by.iter().any(moves_later)))
            .collect();
        for (id, former) in self.formers.of(path) {
            match going.iter_mut().find(|it| it.logical_id == *id) {
                Some(known) => {
                    known.is_needed = true;
                    // Whoever an earlier run has brought to what is replaced now.
                    known.used_by.extend(deployed.users_of(path, &self.manifest));
                }
                None => going.push(former.going(id, deployed.users_of(path, &self.manifest))),
            }
        }
        going
    }

    pub(crate) const fn formers(&self) -> &Formers {
        &self.formers
    }

    /// What of a stack or stack set is kept while others move.
    pub(crate) fn cleanup_of(&self, owner: &str) -> Option<&Cleanup> {
        self.nodes.get(&cleanup::path_of(owner))?.cleanup()
    }

    pub(crate) fn cleanups(&self) -> impl Iterator<Item = &Cleanup> {
        self.nodes.values().filter_map(Node::cleanup)
    }

    fn add_removals(&mut self, deployed: &Deployed) {
        for (path, stack) in deployed.stacks() {
            let mut wanted = self.manifest.stacks.values();
            let is_wanted = wanted.any(|wanted| deployed.is_same(stack, wanted, &self.manifest));
            if self.nodes.contains_key(path) || is_wanted {
                continue;
            }
            let place = deployed.place(&stack.account, &stack.region);
            // By which role an account is entered, the program says now.
            let place = place.map(|place| match self.manifest.accounts.get(&stack.account) {
                Some(account) => place.entered_by(account.access_role.as_deref()),
                None => place,
            });
            let removal = Removal::Stack { place, stack: stack.clone() };
            self.add_removal(path, Vec::new(), removal);
        }
        for (path, set) in deployed.stack_sets() {
            let is_wanted = self.manifest.stack_sets.values().any(|wanted| wanted.name == set.name);
            if !self.nodes.contains_key(path) && !is_wanted {
                let mut set = set.clone();
                self.retain_as_said(&mut set);
                self.add_removal(path, Vec::new(), Removal::StackSet(set));
            }
        }
    }

    /// Lets a set of the record keep its stacks or not as the program says now, if it has the set: nothing in AWS
    /// has to change first.
    pub(crate) fn retain_as_said(&self, set: &mut StackSet) {
        if let Some(retained) = self.retained.get(&set.name) {
            set.retain_stacks = *retained;
        }
    }

    fn add_removal(&mut self, path: &str, after: Vec<String>, removal: Removal) {
        let subject = Subject::Removal(Box::new(removal));
        let node = Node { path: path.to_owned(), after, subject };
        self.nodes.insert(path.to_owned(), node);
    }

    /// Whether one node waits for another, perhaps by way of others.
    fn waits_for(&self, node: &str, other: &str) -> bool {
        let mut open = vec![node];
        let mut seen = BTreeSet::new();
        while let Some(path) = open.pop() {
            if path == other {
                return true;
            }
            if seen.insert(path)
                && let Some(node) = self.nodes.get(path)
            {
                open.extend(node.after.iter().map(String::as_str));
            }
        }
        false
    }

    /// What would be lost that is not allowed.
    pub(crate) fn endangered(&self, allowed: Allowed) -> Vec<Blocked> {
        self.differences.blocked(allowed.replace, allowed.delete)
    }

    /// Settings of earlier runs that are no longer wanted, and what was replaced in a stack that leaves, in words.
    pub(crate) fn left(&self) -> impl Iterator<Item = String> {
        let wanted: Vec<_> = self.steps().map(|(_, setting)| setting).collect();
        let settings = self.deployed.iter().flat_map(Deployed::settings);
        let settings = settings.filter(move |(_, setting)| !wanted.contains(setting));
        settings
            .map(|(path, setting)| format!("`{path}` ({setting})"))
            .chain(self.formers.left(|owner| self.cleanup_of(owner).is_some()))
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

impl Removal {
    /// The stack that it is, or is in.
    fn stack(&self) -> Option<&Stack> {
        match self {
            Self::Stack { stack, .. } => Some(stack),
            Self::StackSet(_) => None,
            Self::Cleanup(cleanup) => match &cleanup.owner {
                Owner::Stack(stack) => Some(stack),
                Owner::StackSet(_) => None,
            },
        }
    }
}

impl Subject {
    pub(crate) const fn template(&self) -> Option<&Template> {
        match self {
            Self::Step(_) | Self::Removal(_) => None,
            Self::Stack(stack) => Some(&stack.template),
            Self::StackSet(set) => Some(&set.template),
        }
    }
}

impl Node {
    /// What it is.
    #[must_use]
    pub fn kind(&self) -> NodeKind {
        match &self.subject {
            Subject::Step(_) => NodeKind::Step,
            Subject::Stack(_) => NodeKind::Stack,
            Subject::StackSet(_) => NodeKind::StackSet,
            Subject::Removal(removal) => match removal.stack() {
                Some(_) => NodeKind::Stack,
                None => NodeKind::StackSet,
            },
        }
    }

    /// Whether it is to be deleted: it is no longer in the app.
    #[must_use]
    pub const fn is_removal(&self) -> bool {
        matches!(self.subject, Subject::Removal(_))
    }

    fn cleanup(&self) -> Option<&Cleanup> {
        match &self.subject {
            Subject::Removal(removal) => match &**removal {
                Removal::Cleanup(cleanup) => Some(cleanup),
                Removal::Stack { .. } | Removal::StackSet(_) => None,
            },
            _ => None,
        }
    }

    /// The path of the unit that a stack set begins with.
    #[must_use]
    pub fn canary(&self) -> Option<&str> {
        match &self.subject {
            Subject::StackSet(set) => set.canary_unit(),
            _ => None,
        }
    }

    /// The name of its account, if it is in one.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match &self.subject {
            Subject::Step(step) => Some(&step.account),
            Subject::Stack(stack) => Some(&stack.account),
            Subject::StackSet(_) => None,
            Subject::Removal(removal) => Some(&removal.stack()?.account),
        }
    }

    /// Its region, if it is in one.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        match &self.subject {
            Subject::Step(step) => Some(&step.region),
            Subject::Stack(stack) => Some(&stack.region),
            Subject::StackSet(_) => None,
            Subject::Removal(removal) => Some(&removal.stack()?.region),
        }
    }
}
