//! Comparisons of the instances of a stack set with what is there, which are operations as any other.

use accel_deploy::cloud::cloudformation::StackSetDrift;

use super::{
    StackSet,
    operation::{Action, End, Operation},
};
use crate::{stacks::Key, world::World};

impl World {
    pub(super) fn compare_instance(&mut self, key: Key) -> End {
        if !self.stacks.contains_key(&key) {
            return End::Failed("The stack instance has no stack to compare".to_owned());
        }
        match self.compare(&key) {
            0 => End::Succeeded,
            _ => End::Drifted,
        }
    }
}

impl StackSet {
    /// What the last comparison that has ended found. "Information about drift operations in-progress isn't included."
    pub(super) fn drift(&self) -> Option<StackSetDrift> {
        self.operations.get(self.compared.as_ref()?)?.drift()
    }
}

impl Operation {
    /// What a comparison has found until now; none of another operation.
    pub(super) fn drift(&self) -> Option<StackSetDrift> {
        if self.work.action != Action::DetectDrift {
            return None;
        }
        let count = |is: fn(Option<&End>) -> bool| {
            let results = self.results().values().filter(|progress| is(progress.end()));
            u32::try_from(results.count()).unwrap_or(u32::MAX)
        };
        let drifted = count(|end| matches!(end, Some(End::Drifted)));
        let in_sync = count(|end| matches!(end, Some(End::Succeeded)));
        let failed = count(|end| matches!(end, Some(End::Failed(_) | End::Refused(_))));
        let drift = match (drifted, in_sync) {
            (0, 0) => "NOT_CHECKED",
            (0, _) => "IN_SYNC",
            _ => "DRIFTED",
        };
        let detection = match (self.status(), failed) {
            ("SUCCEEDED", 0) => "COMPLETED",
            ("SUCCEEDED", _) => "PARTIAL_SUCCESS",
            ("FAILED", _) => "FAILED",
            ("STOPPING" | "STOPPED", _) => "STOPPED",
            _ => "IN_PROGRESS",
        };
        Some(StackSetDrift {
            drift_status: Some(drift.to_owned()),
            drift_detection_status: Some(detection.to_owned()),
            total_stack_instances_count: u32::try_from(self.results().len()).unwrap_or(u32::MAX),
            drifted_stack_instances_count: drifted,
            in_sync_stack_instances_count: in_sync,
            in_progress_stack_instances_count: count(|end| end.is_none()),
            failed_stack_instances_count: failed,
        })
    }
}
