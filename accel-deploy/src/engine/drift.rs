//! What somebody has changed by hand.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use accel_synth::manifest::{Stack, StackSet, Template};
use serde::Serialize;

use super::{
    Engine, Shared, Trouble,
    deadline::Deadline,
    outcome::{Failed, FailedInstance, Failure},
    stack::was_never_made,
    stack_set::Goal,
    told::STARS,
};
use crate::{
    cloud::{
        Cloud, ErrorClass, Place,
        cloudformation::{
            DescribeStackDriftDetectionStatus, DescribeStackResourceDrifts, DetectStackDrift,
            DetectStackSetDrift, OperationPreferences, StackResourceDrift,
        },
    },
    graph::{Node, Subject},
};

mod secrets;

use secrets::Secrets;

const POLL: Duration = Duration::from_secs(5);

/// A resource that is not as its template says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Drift {
    /// The construct path of the resource, or of its stack or stack set if the template does not know it.
    pub construct: String,
    /// Its account, by name, or by id for an instance of a stack set.
    pub account: String,
    /// Its region.
    pub region: String,
    /// `AWS::S3::Bucket`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// `MODIFIED` or `DELETED`.
    pub status: String,
    /// Its changes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<DriftedProperty>,
}

/// A property that is not as the template says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DriftedProperty {
    /// Where: `/VersioningConfiguration/Status`.
    pub path: String,
    /// What the template says; stars if that is, or has in it, a parameter with `NoEcho`.
    pub expected: String,
    /// What is there; stars likewise.
    pub actual: String,
}

impl<C: Cloud + 'static> Engine<C> {
    /// Lets CloudFormation compare the stacks and the instances of stack sets among `paths` with their templates. It
    /// changes no resource; of a stack set it is an operation as any other.
    ///
    /// # Errors
    /// The first that cannot be compared.
    pub async fn drift(&self, paths: &[String]) -> Result<Vec<Drift>, Failure> {
        self.shared.who_calls().await.map_err(|trouble| self.shared.failure("", &trouble))?;
        let compare = |shared: Arc<Shared<C>>, path: String| async move {
            match shared.graph.get(&path) {
                Some(node) => shared.drift(node).await,
                None => Err(Trouble::Refused(format!("there is no `{path}`"))),
            }
        };
        let mut found = BTreeMap::new();
        let mut failed = None;
        self.each(paths, compare, |path, result| {
            match result {
                Ok(drifts) => {
                    found.insert(path.to_owned(), drifts);
                }
                // What is not there has not drifted.
                Err(Trouble::Unknown(_)) => {}
                Err(trouble) => {
                    failed.get_or_insert_with(|| self.shared.failure(path, &trouble));
                }
            }
            true
        })
        .await;
        failed.map_or_else(|| Ok(found.into_values().flatten().collect()), Err)
    }
}

impl<C: Cloud> Shared<C> {
    async fn drift(&self, node: &Node) -> Result<Vec<Drift>, Trouble> {
        match &node.subject {
            // Of a step, the plan says it; accounts are learned from it.
            Subject::Step(_) => match self.look(node).await {
                Ok(_) | Err(Trouble::Refused(_)) => Ok(Vec::new()),
                Err(trouble) => Err(trouble),
            },
            Subject::Stack(stack) => self.drift_of_stack(node, stack).await,
            Subject::StackSet(set) => self.drift_of_stack_set(node, set).await,
            Subject::Removal(_) => Ok(Vec::new()),
        }
    }

    async fn drift_of_stack(&self, node: &Node, stack: &Stack) -> Result<Vec<Drift>, Trouble> {
        let place = self.place(&stack.account, &stack.region)?;
        let found = self.stack(&place, &stack.name).await?;
        // What was never made has not drifted.
        if found.is_none_or(|found| was_never_made(&found.stack_status.0)) {
            return Ok(Vec::new());
        }
        let detect = DetectStackDrift { stack_name: stack.name.clone() };
        let id = self.call(&place, &detect).await?.stack_drift_detection_id;
        let status = DescribeStackDriftDetectionStatus { stack_drift_detection_id: id };
        let deadline = self.deadline();
        let ended = loop {
            let status = self.call(&place, &status).await?;
            if status.detection_status != "DETECTION_IN_PROGRESS" {
                break status;
            }
            if self.is_over(deadline) {
                let way_out = "see in CloudFormation what holds it up";
                return Err(Deadline::give_up("the comparison runs", way_out));
            }
            self.pause(POLL).await;
        };
        if ended.detection_status != "DETECTION_COMPLETE" {
            let reason = ended.detection_status_reason.unwrap_or_default();
            return Err(Trouble::Refused(format!("the comparison failed: {reason}")));
        }
        if ended.stack_drift_status.as_deref() != Some("DRIFTED") {
            return Ok(Vec::new());
        }
        let drifts = self.resource_drifts(&place, &stack.name).await?.into_iter();
        let secrets = Secrets::of(&self.deployed_template(&place, &stack.name).await?);
        let at = (stack.account.as_str(), stack.region.as_str());
        Ok(drifts.map(|drift| of(&node.path, &stack.template, at, &secrets, drift)).collect())
    }

    async fn drift_of_stack_set(&self, node: &Node, set: &StackSet) -> Result<Vec<Drift>, Trouble> {
        let Some(deployed) = self.stack_set(set).await? else { return Ok(Vec::new()) };
        let secrets = Secrets::of(&deployed.template_body);
        let operations = self.operations(set).await?;
        if let Some(running) = operations.running() {
            self.ended_before(set, running).await?;
        }
        let mut ids = operations.ids(Goal::new(&["drift", &set.name]));
        let id = self.next_id(set, &mut ids, false).await?;
        let detect = DetectStackSetDrift {
            stack_set_name: set.name.clone(),
            operation_preferences: Some(all_at_once()),
            operation_id: Some(id.clone()),
            call_as: None,
        };
        if let Err(error) = self.call(&self.administrator(set), &detect).await {
            // Where the reply was lost, the id tells whether it was begun.
            let is_open = error.class == ErrorClass::Ambiguous;
            if !is_open || self.operation(set, &id).await.is_err() {
                return Err(error.into());
            }
        }
        let failed = self.result(set, &id).await?;
        let instances = self.instances(set).await?;
        // What was never made has not drifted.
        let is_there = |failed: &FailedInstance| {
            let mut instances = instances.iter().filter(|it| it.stack_id.is_some());
            instances.any(|it| it.account == failed.account && it.region == failed.region)
        };
        let unknown: Failed = failed.into_iter().filter(is_there).collect();
        if !unknown.is_empty() {
            let message = format!("some instances cannot be compared: {unknown}");
            return Err(Trouble::Refused(message));
        }
        let mut found = Vec::new();
        let drifted =
            instances.into_iter().filter(|it| it.drift_status.as_deref() == Some("DRIFTED"));
        for instance in drifted {
            let (account, region) = (instance.account, instance.region);
            let Some(stack) = instance.stack_id else { continue };
            let place = self.place_of(&account, &region);
            let drifts = self.resource_drifts(&place, &stack).await?.into_iter();
            let at = (account.as_str(), region.as_str());
            found.extend(drifts.map(|drift| of(&node.path, &set.template, at, &secrets, drift)));
        }
        Ok(found)
    }

    async fn resource_drifts(
        &self,
        place: &Place,
        stack: &str,
    ) -> Result<Vec<StackResourceDrift>, Trouble> {
        let mut describe = DescribeStackResourceDrifts {
            stack_name: stack.to_owned(),
            stack_resource_drift_status_filters: Some(vec![
                "MODIFIED".to_owned(),
                "DELETED".to_owned(),
            ]),
            next_token: None,
        };
        let mut drifts = Vec::new();
        loop {
            let page = self.call(place, &describe).await?;
            drifts.extend(page.stack_resource_drifts);
            describe.next_token = page.next_token;
            if describe.next_token.is_none() {
                return Ok(drifts);
            }
        }
    }
}

/// Each instance is looked at, whichever cannot be compared: nothing is changed.
fn all_at_once() -> OperationPreferences {
    OperationPreferences {
        region_concurrency_type: Some("PARALLEL".to_owned()),
        max_concurrent_percentage: Some(100),
        failure_tolerance_percentage: Some(100),
        concurrency_mode: Some("SOFT_FAILURE_TOLERANCE".to_owned()),
        ..OperationPreferences::default()
    }
}

fn of(
    path: &str,
    template: &Template,
    at: (&str, &str),
    secrets: &Secrets,
    drift: StackResourceDrift,
) -> Drift {
    let id = &drift.logical_resource_id;
    let construct = match template.constructs.get(id) {
        Some(construct) => format!("{path}/{construct}"),
        None => path.to_owned(),
    };
    let properties = drift.property_differences.into_iter().map(|property| {
        let is_secret = secrets.are_in(id, &property.property_path);
        let shown = |value: String| if is_secret { STARS.to_owned() } else { value };
        DriftedProperty {
            expected: shown(property.expected_value),
            actual: shown(property.actual_value),
            path: property.property_path,
        }
    });
    let (account, region) = at;
    Drift {
        construct,
        account: account.to_owned(),
        region: region.to_owned(),
        type_name: drift.resource_type,
        status: drift.stack_resource_drift_status,
        properties: properties.collect(),
    }
}
