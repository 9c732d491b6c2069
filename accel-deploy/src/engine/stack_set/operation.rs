//! Operations on stack sets: which one goes on, and how one ends.

use std::time::Duration;

use accel_synth::manifest::StackSet;

use super::tally::Counting;
use crate::{
    cloud::{
        Cloud, CloudError, ErrorClass,
        cloudformation::{
            DescribeStackSetOperation, InstanceFilter, ListStackSetOperationResults,
            ListStackSetOperations, OperationResult, OperationSummary, StackSetOperation,
            StopStackSetOperation,
        },
    },
    engine::{
        ROUNDS, Shared, Trouble,
        deadline::Deadline,
        outcome::{Failed, FailedInstance},
        stack::{is_ours, stop_is_answered, token},
    },
};

const POLL: Duration = Duration::from_secs(10);

/// What a stack set is to be, for the ids of operations.
///
/// An id is a digest of what is wanted (template, parameters, targets, preferences), never of what was found, and a
/// number: a run that goes on with a killed one asks for the same ids, and so finds what that one has begun. There are two
/// digests of it. Whoever reads the list of operations and finds that the last one was to leave nothing to do, and has
/// succeeded, knows the instances without asking for them.
pub(in crate::engine) struct Goal {
    /// Of operations after which there is nothing left to do, if they succeed everywhere.
    reached: String,
    /// Of those that leave something to others.
    approached: String,
}

impl Goal {
    pub(in crate::engine) fn new(content: &[&str]) -> Self {
        let approached = token(&[&["approached"], content].concat());
        Self { reached: token(content), approached }
    }
}

/// The last operations of a stack set, the newest first, as [AWS lists them][order].
///
/// [order]: https://docs.aws.amazon.com/cli/latest/reference/cloudformation/list-stack-set-operations.html
pub(in crate::engine) struct Operations(Vec<OperationSummary>);

impl Operations {
    /// One that has not ended.
    pub(in crate::engine) fn running(&self) -> Option<&str> {
        let running = self.0.iter().find(|it| goes_on(&it.status));
        running.map(|running| running.operation_id.as_str())
    }

    /// Whether all instances are known to be as wanted: the last operation left nothing to do, and whoever had done
    /// something since would have left one of their own.
    pub(super) fn have_reached(&self, goal: &Goal) -> bool {
        let Some(last) = self.0.first() else { return false };
        let is_newest = self.0.iter().all(|it| it.creation_timestamp <= last.creation_timestamp);
        let failed = last.status_details.as_ref().map(|it| it.failed_stack_instances_count);
        let has_succeeded = last.status == "SUCCEEDED" && failed == Some(0);
        let is_for_it = number(&last.operation_id, &goal.reached).is_some();
        is_newest && is_for_it && has_succeeded && self.running().is_none()
    }

    /// Ids for new operations.
    pub(in crate::engine) fn ids(&self, goal: Goal) -> Ids {
        let next = |name: &str| {
            let numbers = self.0.iter().filter_map(|it| number(&it.operation_id, name));
            numbers.max().unwrap_or_default() + 1
        };
        let [reached, approached] = [goal.reached, goal.approached].map(|name| (next(&name), name));
        Ids { reached, approached }
    }
}

/// The numbers and names of the next operations.
pub(in crate::engine) struct Ids {
    reached: (u32, String),
    approached: (u32, String),
}

/// The number in an id of this name.
fn number(id: &str, name: &str) -> Option<u32> {
    id.strip_prefix(name)?.strip_prefix('-')?.parse().ok()
}

impl<C: Cloud> Shared<C> {
    /// The id of the next operation, which leaves nothing to do or does. One that the list does not show yet is waited
    /// for.
    pub(in crate::engine) async fn next_id(
        &self,
        set: &StackSet,
        ids: &mut Ids,
        leaves_nothing: bool,
    ) -> Result<String, Trouble> {
        let (next, name) = if leaves_nothing { &mut ids.reached } else { &mut ids.approached };
        loop {
            let id = format!("{name}-{next}");
            *next += 1;
            match self.operation(set, &id).await {
                Ok(operation) if goes_on(&operation.status) => {
                    self.result(set, &id).await?;
                }
                Ok(_) => {}
                Err(error) if error.class == ErrorClass::NotFound => return Ok(id),
                Err(error) => return Err(error.into()),
            }
        }
    }

    pub(in crate::engine) async fn operations(
        &self,
        set: &StackSet,
    ) -> Result<Operations, CloudError> {
        let list = ListStackSetOperations {
            stack_set_name: set.name.clone(),
            max_results: Some(100),
            ..ListStackSetOperations::default()
        };
        Ok(Operations(self.call(&self.administrator(set), &list).await?.summaries))
    }

    /// An operation that still runs.
    pub(in crate::engine) async fn running_operation(
        &self,
        set: &StackSet,
    ) -> Result<Option<String>, CloudError> {
        Ok(self.operations(set).await?.running().map(str::to_owned))
    }

    pub(in crate::engine) async fn operation(
        &self,
        set: &StackSet,
        id: &str,
    ) -> Result<StackSetOperation, CloudError> {
        let describe = DescribeStackSetOperation {
            stack_set_name: set.name.clone(),
            operation_id: id.to_owned(),
            call_as: None,
        };
        Ok(self.call(&self.administrator(set), &describe).await?.stack_set_operation)
    }

    /// Waits for an operation that was begun before. What a killed run's has come to counts; that of somebody else is
    /// none of ours, and whether it has failed or not, the next look shows what is left to do.
    pub(in crate::engine) async fn attend(
        &self,
        set: &StackSet,
        id: &str,
    ) -> Result<Failed, Trouble> {
        // What a comparison could not look at has failed in no deployment.
        if is_ours(id) && self.operation(set, id).await?.action != "DETECT_DRIFT" {
            return self.result(set, id).await;
        }
        self.ended_before(set, id).await?;
        Ok(Failed::default())
    }

    /// Waits for the end of an operation that was begun before, however it ends. That of somebody else is not waited
    /// for without end.
    pub(in crate::engine) async fn ended_before(
        &self,
        set: &StackSet,
        id: &str,
    ) -> Result<(), Trouble> {
        let deadline = self.deadline();
        loop {
            let operation = self.operation(set, id).await?;
            if !goes_on(&operation.status) {
                return Ok(());
            }
            if self.stop.is_cancelled() {
                return Err(Trouble::Stopped(format!("it waits for the operation {id}")));
            }
            if !is_ours(id) && self.is_over(deadline) {
                let StackSetOperation { action, status, .. } = &operation;
                let what = format!(
                    "the operation {id} ({action}) on `{}`, which no run of accel has begun, is {status}",
                    set.name
                );
                let way_out = "wait for its end or stop it in CloudFormation";
                return Err(Deadline::give_up(&what, way_out));
            }
            self.pause(POLL).await;
        }
    }

    /// Waits for an operation of ours. Instances that failed within the tolerance are its result; more are an
    /// error. If the run is cancelled, the operation is stopped: none is begun any more, and those
    /// that run are waited for.
    pub(in crate::engine) async fn result(
        &self,
        set: &StackSet,
        id: &str,
    ) -> Result<Failed, Trouble> {
        let mut is_stopping = false;
        let mut counting = Counting::default();
        let operation = loop {
            let operation = self.operation(set, id).await?;
            if !goes_on(&operation.status) {
                break operation;
            }
            if self.stop.is_cancelled() && !is_stopping {
                let stop = StopStackSetOperation {
                    stack_set_name: set.name.clone(),
                    operation_id: id.to_owned(),
                    call_as: None,
                };
                let answer = self.call(&self.administrator(set), &stop).await;
                is_stopping = stop_is_answered(answer)?;
            }
            counting.look(self, set, id).await;
            self.pause(POLL).await;
        };
        if self.stop.is_cancelled() && operation.status == "STOPPED" {
            return Err(Trouble::Stopped(format!("the operation {id} is {}", operation.status)));
        }
        let details = operation.status_details.as_ref();
        let count = details.map_or(0, |details| details.failed_stack_instances_count);
        let failed = self.failed(set, id, count as usize).await?;
        if operation.status == "SUCCEEDED" {
            return Ok(failed);
        }
        let reason = operation.status_reason.unwrap_or_default();
        Err(Trouble::Refused(format!(
            "the operation {id} is {}: {}",
            operation.status,
            if failed.is_empty() { reason } else { failed.to_string() }
        )))
    }

    /// The instances that failed, `count` of them by the operation itself: the list of an operation's results is
    /// documented to be behind, and to miss some is to take a part for the whole.
    async fn failed(&self, set: &StackSet, id: &str, count: usize) -> Result<Failed, Trouble> {
        for _ in 0..ROUNDS {
            let failed = self.listed_failed(set, id).await?;
            if failed.iter().count() >= count {
                return Ok(failed);
            }
            self.pause(POLL).await;
        }
        Err(Trouble::Refused(format!(
            "the operation {id} failed in {count} instances, and AWS does not list them"
        )))
    }

    async fn listed_failed(&self, set: &StackSet, id: &str) -> Result<Failed, CloudError> {
        let mut list = ListStackSetOperationResults {
            stack_set_name: set.name.clone(),
            operation_id: id.to_owned(),
            max_results: Some(100),
            filters: Some(vec![InstanceFilter {
                name: "OPERATION_RESULT_STATUS".to_owned(),
                values: "FAILED".to_owned(),
            }]),
            ..ListStackSetOperationResults::default()
        };
        let mut failed = Failed::default();
        loop {
            let page = self.call(&self.administrator(set), &list).await?;
            failed.extend(page.summaries.into_iter().map(|result| FailedInstance {
                account: result.account.clone(),
                region: result.region.clone(),
                reason: reason(result),
            }));
            list.next_token = page.next_token;
            if list.next_token.is_none() {
                return Ok(failed);
            }
        }
    }
}

/// Why an instance failed. One that the gate of its account has not let in was not touched.
fn reason(result: OperationResult) -> String {
    let said = result.status_reason.unwrap_or_default();
    match result.account_gate_result {
        Some(gate) if gate.status.as_deref() == Some("FAILED") => format!(
            "the account gate, the function AWSCloudFormationStackSetAccountGate there, has not let it in: {}",
            gate.status_reason.unwrap_or(said)
        ),
        _ => said,
    }
}

fn goes_on(status: &str) -> bool {
    matches!(status, "RUNNING" | "QUEUED" | "STOPPING")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::cloudformation::OperationStatusDetails;

    fn operation(id: &str, status: &str, at: &str, failed: u32) -> OperationSummary {
        OperationSummary {
            operation_id: id.to_owned(),
            status: status.to_owned(),
            creation_timestamp: Some(at.to_owned()),
            status_details: Some(OperationStatusDetails { failed_stack_instances_count: failed }),
            ..OperationSummary::default()
        }
    }

    #[test]
    fn the_goal_is_reached_if_the_last_operation_says_so() {
        let goal = Goal::new(&["template"]);
        let (reached, approached) =
            (format!("{}-2", goal.reached), format!("{}-3", goal.approached));
        let ended = |id: &str, at: &str| operation(id, "SUCCEEDED", at, 0);
        let is_reached = |operations: Vec<_>| Operations(operations).have_reached(&goal);
        assert!(is_reached(vec![ended(&reached, "2026-01-02")]));
        assert!(is_reached(vec![ended(&reached, "2026-01-02"), ended("by-hand", "2026-01-01")]));
        for operations in [
            vec![],
            vec![ended(&approached, "2026-01-02")],
            vec![ended(&format!("{}-2", Goal::new(&["other"]).reached), "2026-01-02")],
            vec![operation(&reached, "SUCCEEDED", "2026-01-02", 1)],
            vec![operation(&reached, "FAILED", "2026-01-02", 0)],
            vec![ended("by-hand", "2026-01-03"), ended(&reached, "2026-01-02")],
            // Not in the order that is documented.
            vec![ended(&reached, "2026-01-02"), ended("by-hand", "2026-01-03")],
            vec![ended(&reached, "2026-01-02"), operation("by-hand", "RUNNING", "2026-01-01", 0)],
        ] {
            let ids: Vec<_> = operations.iter().map(|it| it.operation_id.clone()).collect();
            assert!(!is_reached(operations), "{ids:?}");
        }
    }
}
