//! What the record has, by the paths that it has in a manifest: an account may be called otherwise now, and with it all that is
//! in it.

use accel_synth::manifest::{Manifest, Template, ValueSource};

use super::{Deployed, Formers};
use crate::graph::{Graph, Subject};

impl Deployed {
    /// What used something, and what that was, by the paths that they have in a manifest.
    pub(crate) fn edges(&self, manifest: &Manifest) -> impl Iterator<Item = (String, String)> {
        let stacks = self.stacks.iter().map(|(path, stack)| (path, &stack.template));
        let sets = self.stack_sets.iter().map(|(path, set)| (path, &set.template));
        let now = |path| self.path_in(manifest, path).to_owned();
        stacks.chain(sets).flat_map(move |(path, template)| {
            template.after.iter().map(move |after| (now(path), now(after)))
        })
    }

    /// The paths of what used something of a stack or stack set, as they are in a manifest.
    pub(crate) fn users_of(&self, owner: &str, manifest: &Manifest) -> Vec<String> {
        self.edges(manifest).filter(|(_, used)| used == owner).map(|(user, _)| user).collect()
    }

    /// By the paths that their owners have in a manifest.
    pub(crate) fn formers_in(&self, manifest: &Manifest) -> Formers {
        self.former.renamed(|path| self.path_in(manifest, path))
    }

    /// The path that something of the record has in a manifest: another one if its account is called otherwise, for instance.
    fn path_in<'p>(&self, manifest: &'p Manifest, path: &'p str) -> &'p str {
        if manifest.stacks.contains_key(path) || manifest.stack_sets.contains_key(path) {
            return path;
        }
        let wanted = if let Some(stack) = self.stacks.get(path) {
            let mut wanted = manifest.stacks.iter();
            wanted.find(|(_, wanted)| self.is_same(stack, wanted, manifest)).map(|it| it.0)
        } else if let Some(set) = self.stack_sets.get(path) {
            let mut wanted = manifest.stack_sets.iter();
            wanted.find(|(_, wanted)| wanted.name == set.name).map(|it| it.0)
        } else {
            None
        };
        wanted.map_or(path, String::as_str)
    }

    /// Lets what is there come after what it is about to use, beside what it uses.
    pub(super) fn take_edges(&mut self, graph: &Graph, path: &str) {
        let wanted = graph.get(path).and_then(|node| node.subject.template());
        let stacks = self.stacks.get_mut(path).map(|stack| &mut stack.template);
        let there = stacks.or_else(|| self.stack_sets.get_mut(path).map(|set| &mut set.template));
        if let (Some(wanted), Some(there)) = (wanted, there) {
            let added = wanted.after.iter().filter(|after| !there.after.contains(after));
            let added: Vec<_> = added.cloned().collect();
            there.after.extend(added);
        }
    }

    /// Puts in what has had another path until now, as it was; whether there is such a thing.
    pub(super) fn take_renamed(&mut self, graph: &Graph, path: &str) -> bool {
        match graph.get(path).map(|node| &node.subject) {
            Some(Subject::Stack(wanted)) => {
                let known = self.stack(wanted, &graph.manifest).cloned();
                let Some(mut known) = known else { return false };
                self.rename(&mut known.template, &graph.manifest);
                self.stacks.insert(path.to_owned(), known);
            }
            Some(Subject::StackSet(wanted)) => {
                let Some(mut known) = self.stack_set(wanted).cloned() else { return false };
                self.rename(&mut known.template, &graph.manifest);
                self.stack_sets.insert(path.to_owned(), known);
            }
            _ => return false,
        }
        true
    }

    /// Lets a template come after, and take its values from, what the others of the record are called in a manifest.
    fn rename(&self, template: &mut Template, manifest: &Manifest) {
        let now = |path: &mut String| *path = self.path_in(manifest, path).to_owned();
        template.after.iter_mut().for_each(now);
        for source in template.parameters.values_mut() {
            match source {
                ValueSource::Output { stack, .. } => now(stack),
                ValueSource::Published { stack_set, .. } => now(stack_set),
                _ => {}
            }
        }
    }
}
