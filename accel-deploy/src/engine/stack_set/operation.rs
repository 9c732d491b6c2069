//! Operations on stack sets: which one goes on, and how one ends.

use std::time::Duration;

use accel_synth::manifest::StackSet;

use super::tally::Counting;
use crate::{
    cloud::{
        Cloud, CloudError, ErrorClass,
        cloudformation::{
            DescribeStackSetOperation, InstanceFilter, ListStackSetOperationResults,
            ListStackSetOperations, OperationResult, StackSetOperation, StopStackSetOperation,
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

/// So many failed operations for the same content are enough to say that it does not work.
const OPERATIONS: u32 = 100;

impl<C: Cloud> Shared<C> {
    /// The id of the next operation for a content: that of one that runs, or a new one after those that
    /// have ended. A run that was killed finds its own.
    pub(super) async fn operation_id(
        &self,
        set: &StackSet,
        content: &[&str],
    ) -> Result<String, Trouble> {
        for attempt in 1..=OPERATIONS {
            let id = format!("{}-{attempt}", token(content));
            match self.operation(set, &id).await {
                Ok(operation) if is_running(&operation) => {
                    self.result(set, &id).await?;
                }
                Ok(_) => {}
                Err(error) if error.class == ErrorClass::NotFound => return Ok(id),
                Err(error) => return Err(error.into()),
            }
        }
        Err(Trouble::Refused(format!("{OPERATIONS} operations did not bring it to what is wanted")))
    }

    /// An operation that still runs.
    pub(in crate::engine) async fn running_operation(
        &self,
        set: &StackSet,
    ) -> Result<Option<String>, CloudError> {
        let mut list = ListStackSetOperations {
            stack_set_name: set.name.clone(),
            ..ListStackSetOperations::default()
        };
        loop {
            let page = self.call(&self.administrator(set), &list).await?;
            let mut operations = page.summaries.into_iter();
            let running = operations
                .find(|it| matches!(it.status.as_str(), "RUNNING" | "QUEUED" | "STOPPING"));
            list.next_token = page.next_token;
            if running.is_some() || list.next_token.is_none() {
                return Ok(running.map(|running| running.operation_id));
            }
        }
    }

    async fn operation(&self, set: &StackSet, id: &str) -> Result<StackSetOperation, CloudError> {
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
        if is_ours(id) {
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
            if !is_running(&operation) {
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
            if !is_running(&operation) {
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

fn is_running(operation: &StackSetOperation) -> bool {
    matches!(operation.status.as_str(), "RUNNING" | "QUEUED" | "STOPPING")
}
