use std::collections::BTreeMap;

use accel_core::App;
use accel_synth::manifest::{Manifest, Template};

use crate::problem::Location;

/// The lines of the program that added the constructs, by path; none of an assembly on disk.
#[derive(Debug, Default)]
pub(crate) struct Lines(BTreeMap<String, Location>);

/// Where something went wrong: a construct, and what it is called in its template.
pub(super) struct Named<'a> {
    pub(super) logical_id: &'a str,
    pub(super) construct: String,
    pub(super) location: Option<Location>,
}

impl Lines {
    pub(super) fn of(app: &App) -> Self {
        let tree = app.tree();
        Self(tree.ids().map(|id| (tree.path(id), Location::from(tree[id].location()))).collect())
    }

    /// The line that added a construct, or the closest one above it.
    pub(super) fn find(&self, path: &str) -> Option<Location> {
        let above = path.rmatch_indices('/').map(|(end, _)| &path[..end]);
        std::iter::once(path).chain(above).find_map(|path| self.0.get(path)).copied()
    }

    /// The constructs below a stack or stack set that AWS speaks of in these words.
    pub(super) fn named_in<'a>(
        &self,
        manifest: &'a Manifest,
        path: &str,
        words: &str,
    ) -> Vec<Named<'a>> {
        let stack = manifest.stacks.get(path).map(|stack| &stack.template);
        let template = stack.or_else(|| manifest.stack_sets.get(path).map(|set| &set.template));
        let constructs = template.into_iter().flat_map(|Template { constructs, .. }| constructs);
        let named = constructs.filter(|(logical_id, _)| is_word_of(logical_id, words));
        named
            .map(|(logical_id, construct)| {
                let construct = format!("{path}/{construct}");
                let location = self.find(&construct);
                Named { logical_id, construct, location }
            })
            .collect()
    }
}

/// Whether a logical id, which has letters and digits only, stands in a text by itself.
fn is_word_of(logical_id: &str, text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == logical_id)
}
