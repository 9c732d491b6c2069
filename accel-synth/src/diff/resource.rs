use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Action, Edit, edit::Comparison, entry::action, path::Path};
use crate::schema::{Replacement, replacement, why_stateful};

/// How a resource differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceDiff {
    /// Its name in the template.
    pub logical_id: String,
    /// Its construct path below the stack or stack set.
    pub construct: String,
    /// `AWS::EC2::VPC`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// What happens to it.
    pub action: Action,
    /// By what AWS knows it, property and value, if it is imported.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub identifier: BTreeMap<String, String>,
    /// What its deletion or replacement loses, if it is stateful.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stateful: Option<&'static str>,
    /// Whether the deployed resource's policy keeps the real thing when it is deleted or replaced.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub kept: bool,
    /// If it is replaced or deleted: the construct paths of other stacks and stack sets that use its values, as they
    /// are deployed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<String>,
    /// Its changes; none if it is made or deleted. Properties stand as they are called, other attributes
    /// behind an `@`: `@DeletionPolicy`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
}

impl ResourceDiff {
    /// How a resource differs; none if it means the same.
    pub(super) fn new(
        logical_id: &str,
        construct: &str,
        old: Option<&Value>,
        new: Option<&Value>,
    ) -> Option<Self> {
        let mut diff = Self {
            logical_id: logical_id.to_owned(),
            construct: construct.to_owned(),
            type_name: type_name(new.or(old)?).to_owned(),
            action: action(old, new),
            identifier: BTreeMap::new(),
            stateful: None,
            kept: false,
            used_by: Vec::new(),
            edits: Vec::new(),
        };
        if let (Some(old), Some(new)) = (old, new) {
            diff.edits = edits(type_name(old), old, new);
            diff.action = diff.worst()?;
        }
        diff.judge(old);
        Some(diff)
    }

    /// Adds a change that the replacement of another construct brings.
    pub(super) fn follow(&mut self, edit: Edit, resource: &Value) {
        self.action = self.action.max(Action::from(edit.replacement));
        self.edits.push(edit);
        self.judge(Some(resource));
    }

    /// Says what is lost and what is kept of the resource as it is deployed.
    fn judge(&mut self, deployed: Option<&Value>) {
        let Some(deployed) = deployed else { return };
        let policy = |name: &str| deployed[name].as_str().is_some_and(|p| p.starts_with("Retain"));
        self.stateful = why_stateful(type_name(deployed));
        self.kept = match self.action {
            Action::Add | Action::Import | Action::Change => false,
            Action::MayReplace | Action::Replace => policy("UpdateReplacePolicy"),
            Action::Remove => policy("DeletionPolicy"),
        };
    }

    /// Whether deploying takes the place of a deployed resource that holds something, or deletes it.
    pub(super) const fn is_endangered(&self) -> bool {
        self.stateful.is_some()
            && !matches!(self.action, Action::Add | Action::Import | Action::Change)
    }

    fn worst(&self) -> Option<Action> {
        self.edits.iter().map(|edit| Action::from(edit.replacement)).max()
    }
}

pub(super) fn type_name(resource: &Value) -> &str {
    resource["Type"].as_str().unwrap_or_default()
}

fn edits(type_name: &str, old: &Value, new: &Value) -> Vec<Edit> {
    let replaces = |path: &str| replacement(type_name, path);
    let mut comparison = Comparison::new(&replaces);
    let none = Map::new();
    let properties = |resource: &Value| resource["Properties"].as_object().unwrap_or(&none).clone();
    comparison.objects(&Path::default(), &properties(old), &properties(new));
    let mut edits = comparison.edits;
    // CloudFormation makes a resource of another type anew, at best.
    let mut attributes = Comparison::new(&|attribute| match attribute {
        "Type" => Replacement::Yes,
        _ => Replacement::No,
    });
    attributes.objects(&Path::default(), &self::attributes(old), &self::attributes(new));
    edits.extend(
        attributes.edits.into_iter().map(|edit| Edit { path: format!("@{}", edit.path), ..edit }),
    );
    edits
}

/// What a resource has beside its properties.
fn attributes(resource: &Value) -> Map<String, Value> {
    let mut attributes = resource.as_object().cloned().unwrap_or_default();
    attributes.remove("Properties");
    if let Some(others) = attributes.get_mut("DependsOn") {
        let items = match others.take() {
            Value::Array(items) => items,
            other => vec![other],
        };
        let names: BTreeSet<&str> = items.iter().filter_map(Value::as_str).collect();
        *others = names.into_iter().collect();
    }
    attributes
}
