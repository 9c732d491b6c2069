//! How what is deployed stands, whatever the app says now.

use std::{collections::BTreeMap, sync::Arc};

use accel_synth::manifest::{Stack, StackSet};
use serde::Serialize;

use super::{Engine, Shared, State, Trouble, outcome::Failure, stack::was_never_made};
use crate::{
    cloud::{Cloud, cloudformation::StackInstance},
    graph::{Node, NodeKind, Subject},
};

/// How a node stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeStatus {
    /// The construct path.
    pub path: String,
    /// What it is.
    pub kind: NodeKind,
    /// In short.
    pub standing: Standing,
    /// What AWS says of it: `UPDATE_COMPLETE`, or how many instances are current.
    pub status: String,
    /// Why it is not well, in AWS's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The instances of a stack set that are not current.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instances: Vec<InstanceStatus>,
}

/// How a node stands, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is there, and nothing is wrong with it.
    Good,
    /// It is not there.
    Absent,
    /// Something happens to it.
    Busy,
    /// It is there, and something is wrong with it.
    Bad,
    /// Nobody knows the account that it is in.
    Unknown,
}

/// An instance of a stack set that is not current.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InstanceStatus {
    /// The account's id.
    pub account: String,
    /// The region.
    pub region: String,
    /// `OUTDATED` or `INOPERABLE`, and how its last operation went.
    pub status: String,
    /// The root cause, in AWS's words.
    pub reason: String,
}

impl<C: Cloud + 'static> Engine<C> {
    /// Looks how the nodes of `paths` stand. It changes nothing.
    ///
    /// # Errors
    /// The first node that cannot be looked at.
    pub async fn status(&self, paths: &[String]) -> Result<Vec<NodeStatus>, Failure> {
        self.shared.who_calls().await.map_err(|trouble| self.shared.failure("", &trouble))?;
        let look = |shared: Arc<Shared<C>>, path: String| async move {
            match shared.graph.get(&path) {
                Some(node) => shared.status(node).await,
                None => Err(Trouble::Refused(format!("there is no `{path}`"))),
            }
        };
        let mut found = BTreeMap::new();
        let mut failed = None;
        self.each(paths, look, |path, result| {
            match result {
                Ok(status) => {
                    found.insert(path.to_owned(), status);
                }
                Err(trouble) => {
                    failed.get_or_insert_with(|| self.shared.failure(path, &trouble));
                }
            }
            true
        })
        .await;
        failed.map_or_else(|| Ok(found.into_values().collect()), Err)
    }
}

impl<C: Cloud> Shared<C> {
    async fn status(&self, node: &Node) -> Result<NodeStatus, Trouble> {
        let looked = match &node.subject {
            Subject::Step(_) | Subject::Removal(_) => self.status_of_look(node).await,
            Subject::Stack(stack) => self.status_of_stack(node, stack).await,
            Subject::StackSet(set) => self.status_of_stack_set(node, set).await,
        };
        match looked {
            Err(Trouble::Unknown(what)) => {
                let mut status = NodeStatus::new(node, Standing::Unknown, "unknown");
                status.reason = Some(format!("needs {what}"));
                Ok(status)
            }
            Err(Trouble::NotThere(reason)) => {
                let mut status = NodeStatus::new(node, Standing::Absent, "absent");
                status.reason = Some(reason);
                Ok(status)
            }
            // A step that is refused stands so.
            Err(Trouble::Refused(reason)) if matches!(node.subject, Subject::Step(_)) => {
                let mut status = NodeStatus::new(node, Standing::Bad, "differs");
                status.reason = Some(reason);
                Ok(status)
            }
            looked => looked,
        }
    }

    async fn status_of_look(&self, node: &Node) -> Result<NodeStatus, Trouble> {
        // What a next deployment would keep is no concern of now.
        if node.cleanup().is_some_and(|cleanup| !self.graph.is_begun(cleanup)) {
            return Ok(NodeStatus::new(node, Standing::Good, "nothing is kept"));
        }
        let (standing, status) = match (self.look(node).await?, node.is_removal()) {
            (State::Present, false) => (Standing::Good, "is so"),
            (State::Present, true) => (Standing::Good, "is gone"),
            (State::Absent(_), _) => (Standing::Absent, "absent"),
            (State::Differs(_), true) => (Standing::Bad, "is still there"),
            (State::Differs(_), false) => (Standing::Bad, "differs"),
        };
        Ok(NodeStatus::new(node, standing, status))
    }

    async fn status_of_stack(&self, node: &Node, stack: &Stack) -> Result<NodeStatus, Trouble> {
        let place = self.place(&stack.account, &stack.region)?;
        let Some(found) = self.stack(&place, &stack.name).await? else {
            return Ok(NodeStatus::new(node, Standing::Absent, "absent"));
        };
        self.learn_outputs(&node.path, &found);
        let is = &found.stack_status;
        let standing = match () {
            () if was_never_made(&is.0) => Standing::Absent,
            () if is.is_in_progress() => Standing::Busy,
            () if is.is_complete() => Standing::Good,
            () => Standing::Bad,
        };
        let mut status = NodeStatus::new(node, standing, &is.0);
        status.reason = match standing {
            Standing::Bad => Some(self.reasons(&place, &stack.name).await?),
            Standing::Absent if is.is_rollback() => {
                let reasons = self.reasons(&place, &stack.name).await?;
                Some(format!("it was never made: {reasons}"))
            }
            Standing::Absent => Some("it was never made, only a change set for it".to_owned()),
            _ => None,
        };
        Ok(status)
    }

    async fn status_of_stack_set(
        &self,
        node: &Node,
        set: &StackSet,
    ) -> Result<NodeStatus, Trouble> {
        if self.stack_set(set).await?.is_none() {
            return Ok(NodeStatus::new(node, Standing::Absent, "absent"));
        }
        let instances = self.instances(set).await?;
        let others: Vec<InstanceStatus> =
            instances.iter().filter(|it| it.status != "CURRENT").map(InstanceStatus::of).collect();
        let running = self.running_operation(set).await?;
        let standing = match () {
            () if running.is_some() => Standing::Busy,
            () if others.is_empty() => Standing::Good,
            () => Standing::Bad,
        };
        let current = instances.len() - others.len();
        let counted = format!("{current} of {} current", instances.len());
        let mut status = NodeStatus::new(node, standing, &counted);
        status.instances = others;
        Ok(status)
    }
}

impl NodeStatus {
    fn new(node: &Node, standing: Standing, status: &str) -> Self {
        Self {
            path: node.path.clone(),
            kind: node.kind(),
            standing,
            status: status.to_owned(),
            reason: None,
            instances: Vec::new(),
        }
    }
}

impl InstanceStatus {
    fn of(instance: &StackInstance) -> Self {
        let detailed = instance.stack_instance_status.as_ref();
        let detailed = detailed.and_then(|status| status.detailed_status.as_deref());
        let status = match detailed {
            Some(detailed) => format!("{} ({detailed})", instance.status),
            None => instance.status.clone(),
        };
        let (account, region) = (instance.account.clone(), instance.region.clone());
        let reason = instance.status_reason.clone();
        let reason = reason.unwrap_or_else(|| "AWS gives no reason".to_owned());
        Self { account, region, status, reason }
    }
}
