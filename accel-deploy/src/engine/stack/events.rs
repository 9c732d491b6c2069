//! The events of a stack's last operation: who began it, and why it failed.

use super::is_ours;
use crate::{
    cloud::{
        Cloud, CloudError, Place,
        cloudformation::{DescribeStackEvents, StackEvent},
    },
    engine::{
        Shared,
        existing::{Made, way_out},
    },
};

impl<C: Cloud> Shared<C> {
    /// Why a stack has failed: the resources that failed by themselves in its last operation, first to last.
    pub(in crate::engine) async fn reasons(
        &self,
        place: &Place,
        name: &str,
    ) -> Result<String, CloudError> {
        let events = self.last_operation(place, name).await?;
        let mut reasons: Vec<String> = Vec::new();
        for event in events.iter().rev().filter(|event| event.resource_status.is_failed()) {
            let reason = event.resource_status_reason.as_deref().unwrap_or_default();
            // Those that were only stopped say nothing.
            if !reason.contains("cancelled") && event.logical_resource_id != name {
                reasons.push(format!(
                    "`{}` ({}): {reason}",
                    event.logical_resource_id, event.resource_type
                ));
            }
        }
        reasons.dedup();
        if reasons.is_empty() {
            return Ok("AWS gives no reason".to_owned());
        }
        let way_out = reasons.iter().find_map(|reason| way_out(reason, Made::InStack));
        reasons.extend(way_out.map(str::to_owned));
        Ok(reasons.join("; "))
    }

    /// The token of somebody else's operation, if the last one is: that of no run of accel. Who gave none has none.
    pub(super) async fn others_token(
        &self,
        place: &Place,
        name: &str,
    ) -> Result<Option<String>, CloudError> {
        let events = self.last_operation(place, name).await?;
        let token = events.into_iter().next_back().and_then(|event| event.client_request_token);
        Ok(Some(token.unwrap_or_default()).filter(|token| !is_ours(token)))
    }

    /// The events of the operation that was begun last, the newest first. A stack has those of all it went through.
    async fn last_operation(
        &self,
        place: &Place,
        name: &str,
    ) -> Result<Vec<StackEvent>, CloudError> {
        let mut describe = DescribeStackEvents { stack_name: name.to_owned(), next_token: None };
        let mut events = Vec::new();
        loop {
            let page = self.call(place, &describe).await?;
            for event in page.stack_events {
                let is_first = begins(&event);
                events.push(event);
                if is_first {
                    return Ok(events);
                }
            }
            describe.next_token = page.next_token;
            if describe.next_token.is_none() {
                return Ok(events);
            }
        }
    }
}

/// Whether an operation on the stack begins with an event: to go back and to clean up is a part of it.
fn begins(event: &StackEvent) -> bool {
    event.logical_resource_id == event.stack_name
        && event.resource_type == "AWS::CloudFormation::Stack"
        && matches!(
            event.resource_status.0.as_str(),
            "CREATE_IN_PROGRESS"
                | "UPDATE_IN_PROGRESS"
                | "DELETE_IN_PROGRESS"
                | "IMPORT_IN_PROGRESS"
                | "REVIEW_IN_PROGRESS"
        )
}
