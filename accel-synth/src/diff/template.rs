use std::collections::BTreeMap;

use serde::Serialize;

use super::{Action, Edit, EntryDiff, Rename, ResourceDiff};

/// How a stack or a stack set differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplateDiff {
    /// The construct path.
    pub path: String,
    /// What AWS calls it.
    pub name: String,
    /// Which of the two it is.
    pub kind: TemplateKind,
    /// Made, changed or deleted.
    pub action: Action,
    /// Termination protection, targets, regions, operation preferences, capabilities, ...
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<Edit>,
    /// Instances of a stack set that are deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<Withdrawal>,
    /// Whether the stacks of a stack set's instances stay, if it is deleted: then none of its resources is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub retained: bool,
    /// Those that would lose something first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<ResourceDiff>,
    /// Parameters, conditions, mappings and outputs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<EntryDiff>,
    /// Deleted and added constructs that look like renamed ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renames: Vec<Rename>,
    /// For the text: construct paths by logical id, and what parameters stand for.
    #[serde(skip)]
    pub(super) names: BTreeMap<String, String>,
}

/// What a [`TemplateDiff`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateKind {
    /// A stack.
    Stack,
    /// A stack set.
    StackSet,
}

/// Instances that leave a stack set, and what goes with them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Withdrawal {
    /// Regions, accounts and units that are targeted no longer.
    pub from: Vec<String>,
    /// Whether their stacks stay, with all that is in them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub retained: bool,
    /// The stateful resources of each instance that are deleted.
    pub resources: Vec<ResourceDiff>,
}

impl TemplateDiff {
    /// Nothing yet.
    pub(super) fn new(path: &str, name: &str, kind: TemplateKind, action: Action) -> Self {
        Self {
            path: path.to_owned(),
            name: name.to_owned(),
            kind,
            action,
            settings: Vec::new(),
            withdrawal: None,
            retained: false,
            resources: Vec::new(),
            entries: Vec::new(),
            renames: Vec::new(),
            names: BTreeMap::new(),
        }
    }

    pub(super) const fn is_nothing(&self) -> bool {
        matches!(self.action, Action::Change)
            && self.settings.is_empty()
            && self.withdrawal.is_none()
            && self.resources.is_empty()
            && self.entries.is_empty()
    }

    /// Stateful resources first, of those the ones with the worst to come.
    pub(super) fn sort(&mut self) {
        self.resources.sort_by(|a, b| {
            let rank = |resource: &ResourceDiff| {
                (resource.is_endangered(), resource.stateful.is_some(), resource.action)
            };
            rank(b).cmp(&rank(a)).then_with(|| a.construct.cmp(&b.construct))
        });
    }
}
