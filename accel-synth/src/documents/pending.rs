use std::collections::BTreeSet;

use accel_core::{
    Diagnostic, Diagnostics,
    tree::{NodeId, Tree},
};
use litemap::LiteMap;

use super::DocumentValue;
use crate::codes;

/// Documents that are left out, by what they wait for.
#[derive(Default)]
pub(super) struct Pending(LiteMap<String, Vec<(String, NodeId)>>);

impl Pending {
    pub(super) fn add(
        &mut self,
        tree: &Tree,
        path: &str,
        origin: NodeId,
        values: &[DocumentValue],
    ) {
        let missing = values.iter().filter(|value| !value.known && value.variable.is_none());
        let missing: BTreeSet<String> = missing.map(|value| value.source.describe(tree)).collect();
        // Anything else that keeps a document from being printed was reported as an error.
        if !missing.is_empty() {
            let missing: Vec<String> = missing.into_iter().collect();
            self.0.entry(missing.join(" and ")).or_default().push((path.to_owned(), origin));
        }
    }

    /// One warning for what is missing, however many documents wait for it.
    pub(super) fn report(self, tree: &Tree, diagnostics: &mut Diagnostics) {
        for (missing, documents) in self.0 {
            let [(path, origin), others @ ..] = &documents[..] else { continue };
            let (what, need) = match others.len() {
                0 => (format!("`{path}` is left out"), "it needs"),
                1 => (format!("`{path}` and another document are left out"), "they need"),
                n => (format!("`{path}` and {n} other documents are left out"), "they need"),
            };
            let message = format!("{what}: {need} {missing}, which is not known yet");
            let help =
                "deploy, commit the lock file that the deployment writes, and synthesize again";
            let location = tree[*origin].location();
            diagnostics.push(
                Diagnostic::warning(&codes::VALUE_NOT_KNOWN_YET, message, location).help(help),
            );
        }
    }
}
