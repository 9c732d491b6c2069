//! What a deployment would do, before it does.

use std::fmt;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::graph::NodeKind;

/// What would be done to each node, by path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The app's id.
    pub app: String,
    /// In the order of their paths.
    pub entries: Vec<Entry>,
    /// Settings that are no longer in the app, and stay until somebody undoes them by hand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
}

/// What would be done to one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The node's construct path.
    pub path: String,
    /// What it is.
    pub kind: NodeKind,
    /// What would be done.
    pub action: Action,
    /// Why, or what is not known before: one line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

/// What is done to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Nothing: it is as it should be.
    None,
    /// It is not there.
    Create,
    /// It is there, and differs.
    Update,
    /// It is there, and no longer in the app.
    Delete,
    /// It needs values that are known only when others are made.
    AfterOthers,
}

impl Plan {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.iter().all(|entry| entry.action == Action::None)
    }

    /// The digest of the plan: the same for the same actions for the same reasons.
    #[must_use]
    pub fn hash(&self) -> String {
        // Plain structs of texts always serialize.
        digest(&[&serde_json::to_string(self).unwrap_or_default()])
    }
}

/// For people: one line for each node that something is done to, and the counts.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |action| self.entries.iter().filter(|entry| entry.action == action).count();
        for entry in self.entries.iter().filter(|entry| entry.action != Action::None) {
            let sign = match entry.action {
                Action::Create => '+',
                Action::Update => '~',
                Action::Delete => '-',
                Action::None | Action::AfterOthers => '?',
            };
            writeln!(f, "{sign} {}", entry.path)?;
            for reason in &entry.reasons {
                writeln!(f, "    {reason}")?;
            }
        }
        for setting in &self.left {
            writeln!(f, "! {setting} is no longer in the app, and stays: undo it by hand")?;
        }
        writeln!(
            f,
            "plan {}: {} to create, {} to update, {} to delete, {} after others, {} unchanged",
            &self.hash()[..12],
            count(Action::Create),
            count(Action::Update),
            count(Action::Delete),
            count(Action::AfterOthers),
            count(Action::None),
        )
    }
}

/// A digest of texts, in hex; no two lists of texts are taken for each other.
pub(crate) fn digest(texts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text.len().to_be_bytes());
        hasher.update(text);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
