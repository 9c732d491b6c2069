//! A graph over what earlier runs have deployed: what is deleted, and what changes before what.

use std::collections::{BTreeMap, BTreeSet};

use accel_synth::{
    Assembly,
    diff::{Blocked, Diff},
    manifest::{Manifest, StackSet},
};
use serde_json::Value;

use super::{Graph, Node, Removal, Subject};
use crate::{
    cleanup::{self, Cleanup, Going, Owner},
    deployed::{Deployed, Formers},
    engine::Allowed,
};

impl Graph {
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

    /// Whether an earlier run has kept something for it.
    pub(crate) fn is_begun(&self, cleanup: &Cleanup) -> bool {
        self.formers.of(&cleanup.path).next().is_some()
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
}
