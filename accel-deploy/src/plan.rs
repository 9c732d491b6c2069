//! What a deployment would do, before it does.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    deployed::Setting,
    graph::{Graph, Node, NodeKind, Subject},
    quotas::Prerequisite,
};

/// What would be done to each node, by path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The app's id.
    pub app: String,
    /// What AWS has to allow first: quotas that are less than what there will be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prerequisites: Vec<Prerequisite>,
    /// In the order of their paths.
    pub entries: Vec<Entry>,
    /// Settings that are no longer in the app, and stay until somebody undoes them by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
}

/// What would be done to one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The node's construct path.
    pub path: String,
    /// What it is.
    pub kind: NodeKind,
    /// What would be done.
    pub action: Action,
    /// Why, or what is not known before: one line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// The digest of what is wanted: template, targets, where values come from.
    pub wanted: String,
}

/// What is done to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
        let Self { app, entries, left, .. } = self;
        digest(&[&serde_json::to_string(&(app, entries, left)).unwrap_or_default()])
    }

    /// What another plan would do otherwise, one line each.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let (ours, theirs) = (self.by_path(), other.by_path());
        let mut differences = Vec::new();
        if self.app != other.app {
            differences.push(format!("it is of the app `{}`, not of `{}`", other.app, self.app));
        }
        let paths: BTreeSet<&str> = ours.keys().chain(theirs.keys()).copied().collect();
        for path in paths {
            let said = |entry: Option<&Entry>| match entry {
                Some(Entry { action, reasons, .. }) if reasons.is_empty() => action.to_string(),
                Some(Entry { action, reasons, .. }) => format!("{action}: {}", reasons.join("; ")),
                None => "not in it".to_owned(),
            };
            match (ours.get(path).copied(), theirs.get(path).copied()) {
                (ours, theirs) if ours == theirs => {}
                (Some(ours), Some(theirs)) if said(Some(ours)) == said(Some(theirs)) => {
                    differences.push(format!("`{path}`: {}, of another content", ours.action));
                }
                (ours, theirs) => {
                    let (ours, theirs) = (said(ours), said(theirs));
                    differences.push(format!("`{path}`: was {ours}; is {theirs}"));
                }
            }
        }
        if self.left != other.left {
            differences.push("the settings that stay are others".to_owned());
        }
        differences
    }

    fn by_path(&self) -> BTreeMap<&str, &Entry> {
        self.entries.iter().map(|entry| (entry.path.as_str(), entry)).collect()
    }
}

impl Entry {
    pub(crate) fn new(graph: &Graph, node: &Node, action: Action, reasons: Vec<String>) -> Self {
        let (path, kind) = (node.path.clone(), node.kind());
        Self { path, kind, action, reasons, wanted: wanted(graph, node) }
    }
}

/// A reviewed plan is of these contents and of no others.
fn wanted(graph: &Graph, node: &Node) -> String {
    // Plain structs of texts always serialize.
    let (entry, template) = match &node.subject {
        Subject::Step(step) => (serde_json::to_string(&Setting::of(step)), ""),
        Subject::Stack(stack) => (serde_json::to_string(stack), graph.text_of(&stack.template)),
        Subject::StackSet(set) => (serde_json::to_string(set), graph.text_of(&set.template)),
        Subject::Removal(_) => (Ok(String::new()), ""),
    };
    digest(&[&entry.unwrap_or_default(), template])
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "unchanged",
            Self::Create => "created",
            Self::Update => "updated",
            Self::Delete => "deleted",
            Self::AfterOthers => "after others",
        })
    }
}

/// For people: what AWS has to allow first, one line for each node that something is done to, and the counts.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |action| self.entries.iter().filter(|entry| entry.action == action).count();
        for prerequisite in &self.prerequisites {
            writeln!(f, "! {prerequisite}")?;
        }
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
