//! What a run may do, tells while it runs, and has done.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::{
    Stop,
    existing::{Made, way_out},
};
use crate::values::Values;

/// What a deployment may lose of what cannot be had back: data, names, states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Stateful resources may be deleted, and stacks that are protected from termination.
    pub delete: bool,
    /// Stateful resources may be replaced by new and empty ones.
    pub replace: bool,
}

/// A node's state has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Counts from 1.
    pub seq: u64,
    /// Milliseconds since the epoch of Unix, by the cloud's clock.
    pub ts: u64,
    /// The construct path.
    pub node: String,
    /// The account's name, if the node is in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The region, if the node is in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The state before.
    pub from: Progress,
    /// The state now.
    pub to: Progress,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How far a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    /// For what comes first.
    Waiting,
    /// It is being made.
    Creating,
    /// It is being changed.
    Updating,
    /// It is no longer in the app, and being deleted.
    Deleting,
    /// It is as it should be.
    Done,
    /// It is, but for some of its instances.
    Partial,
    /// It could not be made so.
    Failed,
    /// Something that it waits for has failed, or the run was asked to end before.
    Skipped,
    /// The run was asked to end while it was being done.
    Stopped,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Waiting => "waiting",
            Self::Creating => "creating",
            Self::Updating => "updating",
            Self::Deleting => "deleting",
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Stopped => "stopped",
        })
    }
}

/// What a deployment did.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Nodes that were as they should be.
    pub unchanged: usize,
    /// The paths of what was created, updated or deleted.
    pub changed: Vec<String>,
    /// Settings that are no longer in the app, and stay: nothing but a person can say how to undo them.
    pub left: Vec<String>,
    /// What is done but for some instances, by path.
    pub partial: Vec<Failure>,
    /// What could not be done.
    pub failed: Vec<Failure>,
    /// The paths of what was not begun: it waits for something that failed, or the run was asked to end.
    pub skipped: Vec<String>,
    /// What was being done when the run was [asked to cancel it](Stop::Cancel), and is not as it should be.
    pub stopped: Vec<Failure>,
    /// How the run was asked to end, if it was before all was done: run again to go on from there.
    pub interrupted: Option<Stop>,
    /// What was learned of the world.
    pub values: Values,
}

/// Why a node is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The node's construct path.
    pub path: String,
    /// In the words of AWS where it has some.
    pub reason: String,
    /// Whether the run can be resumed when the caller has valid credentials again.
    pub expired: bool,
    /// Whether it was not tried, because something would be lost that is not [`Allowed`].
    pub guarded: bool,
}

/// Instances of a stack set that failed, although its operation went well.
#[derive(Debug, Default)]
pub(super) struct Failed(Vec<FailedInstance>);

/// An instance that failed, and why.
#[derive(Debug)]
pub(super) struct FailedInstance {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) reason: String,
}

impl Failed {
    /// More are counted.
    const NAMED: usize = 20;

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &FailedInstance> {
        self.0.iter()
    }

    /// How many there are in the region that has most of them.
    pub(super) fn most_in_one_region(&self) -> usize {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for instance in &self.0 {
            *counts.entry(&instance.region).or_default() += 1;
        }
        counts.into_values().max().unwrap_or_default()
    }
}

impl FailedInstance {
    pub(super) fn is_at(&self, (account, region): &(String, String)) -> bool {
        self.account == *account && self.region == *region
    }
}

impl Extend<FailedInstance> for Failed {
    fn extend<I: IntoIterator<Item = FailedInstance>>(&mut self, more: I) {
        self.0.extend(more);
    }
}

impl FromIterator<FailedInstance> for Failed {
    fn from_iter<I: IntoIterator<Item = FailedInstance>>(instances: I) -> Self {
        Self(instances.into_iter().collect())
    }
}

impl IntoIterator for Failed {
    type Item = FailedInstance;
    type IntoIter = std::vec::IntoIter<FailedInstance>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, instance) in self.0.iter().take(Self::NAMED).enumerate() {
            let between = if index == 0 { "" } else { "; " };
            let FailedInstance { account, region, reason } = instance;
            write!(f, "{between}{account} in {region}: {reason}")?;
        }
        if let Some(more) = self.0.len().checked_sub(Self::NAMED).filter(|more| *more > 0) {
            write!(f, "; and {more} more")?;
        }
        let mut instances = self.0.iter();
        match instances.find_map(|it| way_out(&it.reason, Made::InStackSet)) {
            Some(way_out) => write!(f, "; {way_out}"),
            None => Ok(()),
        }
    }
}
