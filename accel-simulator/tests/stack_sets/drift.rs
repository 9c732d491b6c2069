//! Comparisons of the instances of a set with what is there.

use super::*;
use accel_deploy::cloud::cloudformation::{
    DescribeStackInstance, DescribeStackSet, DetectStackSetDrift, StackInstance, StackSetDrift,
    StackSetOperation,
};

fn detect(id: &str) -> DetectStackSetDrift {
    DetectStackSetDrift {
        stack_set_name: SET.to_owned(),
        operation_id: Some(id.to_owned()),
        operation_preferences: Some(all_at_once()),
        call_as: None,
    }
}

impl Sets {
    /// With instances in four accounts.
    async fn deployed(is_managed: bool) -> Self {
        let sets = Self::new(is_managed).await;
        let create = CreateStackInstances {
            operation_preferences: Some(all_at_once()),
            ..create("make", 1..=4)
        };
        sets.send(&create).await.expect("it is taken");
        after(100).await;
        sets
    }

    async fn operation(&self, id: &str) -> StackSetOperation {
        let (stack_set_name, operation_id) = (SET.to_owned(), id.to_owned());
        let describe =
            DescribeStackSetOperation { stack_set_name, operation_id, ..Default::default() };
        self.send(&describe).await.expect("an operation").stack_set_operation
    }

    /// What the operation says, or else the set.
    async fn drift(&self, id: Option<&str>) -> Option<StackSetDrift> {
        let describe = DescribeStackSet { stack_set_name: SET.to_owned(), call_as: None };
        match id {
            Some(id) => self.operation(id).await.stack_set_drift_detection_details,
            None => {
                let set = self.send(&describe).await.expect("a set").stack_set;
                set.stack_set_drift_detection_details
            }
        }
    }

    async fn instance(&self, account: u64) -> StackInstance {
        let describe = DescribeStackInstance {
            stack_set_name: SET.to_owned(),
            stack_instance_account: self::account(account),
            stack_instance_region: "eu-west-1".to_owned(),
            call_as: None,
        };
        self.send(&describe).await.expect("an instance").stack_instance
    }
}

/// "For stack sets, contains information about the last completed drift operation performed on the stack set. [..] For
/// stack set operations, includes information about drift operations currently being performed."
#[tokio::test(start_paused = true)]
async fn a_comparison_is_an_operation_and_the_set_has_the_last_one_that_ended() {
    let sets = Sets::deployed(false).await;
    sets.delete_topic(2).unwrap();
    assert_eq!(sets.drift(None).await, None);
    assert_eq!(sets.instance(2).await.drift_status.as_deref(), Some("NOT_CHECKED"));
    sets.send(&detect("look")).await.unwrap();
    let operation = sets.operation("look").await;
    assert_eq!((&*operation.action, &*operation.status), ("DETECT_DRIFT", "RUNNING"));
    let running = operation.stack_set_drift_detection_details.unwrap();
    assert_eq!(running.drift_detection_status.as_deref(), Some("IN_PROGRESS"));
    assert_eq!(
        (running.total_stack_instances_count, running.in_progress_stack_instances_count),
        (4, 4)
    );
    assert_eq!(sets.drift(None).await, None);
    after(100).await;
    let ended = StackSetDrift {
        drift_status: Some("DRIFTED".to_owned()),
        drift_detection_status: Some("COMPLETED".to_owned()),
        total_stack_instances_count: 4,
        drifted_stack_instances_count: 1,
        in_sync_stack_instances_count: 3,
        in_progress_stack_instances_count: 0,
        failed_stack_instances_count: 0,
    };
    assert_eq!(sets.drift(Some("look")).await.as_ref(), Some(&ended));
    assert_eq!(sets.drift(None).await, Some(ended));
    assert_eq!(sets.status("look").await, "SUCCEEDED");
    let instances = [sets.instance(1).await, sets.instance(2).await];
    let drifts: Vec<_> = instances.iter().map(|it| it.drift_status.as_deref().unwrap()).collect();
    assert_eq!(drifts, ["IN_SYNC", "DRIFTED"]);
    // It is no change of the instance, but the last that was done to it.
    assert_eq!(instances[1].status, "CURRENT");
    assert_eq!(instances[1].last_operation_id.as_deref(), Some("look"));
    // What was made has no such details.
    assert_eq!(sets.drift(Some("make")).await, None);
}

/// "You can only run a single drift detection operation on a given stack set at one time."
#[tokio::test(start_paused = true)]
async fn there_is_one_comparison_at_a_time_with_managed_execution_too() {
    let sets = Sets::deployed(true).await;
    sets.send(&detect("look")).await.unwrap();
    assert_eq!(sets.refused(&detect("again")).await, "OperationInProgressException");
    // Anything else waits for it.
    let managed = Some(ManagedExecution { active: true });
    sets.send(&UpdateStackSet { managed_execution: managed, ..update("change") }).await.unwrap();
    assert_eq!(sets.status("change").await, "QUEUED");
    after(100).await;
    assert_eq!(sets.status("change").await, "RUNNING");
    after(100).await;
    sets.send(&detect("again")).await.unwrap();
    // An operation that has its id is no other one.
    after(100).await;
    assert_eq!(sets.refused(&detect("again")).await, "InvalidOperationException");
}

/// "COMPLETED: [..] without failing on any stack instances. PARTIAL_SUCCESS: [..] without exceeding the failure
/// tolerance." And "a stack instance can exist without a stack".
#[tokio::test(start_paused = true)]
async fn an_instance_that_was_never_made_cannot_be_compared() {
    let sets = Sets::new(false).await;
    sets.breaks(3, "eu-west-1");
    let create = CreateStackInstances {
        operation_preferences: Some(all_at_once()),
        ..create("make", 1..=4)
    };
    sets.send(&create).await.unwrap();
    after(100).await;
    let never = sets.instance(3).await;
    assert_eq!((never.stack_id, &*never.status), (None, "OUTDATED"));
    assert!(sets.instance(2).await.stack_id.is_some());
    sets.send(&detect("look")).await.unwrap();
    after(100).await;
    let drift = sets.drift(None).await.unwrap();
    assert_eq!(drift.drift_status.as_deref(), Some("IN_SYNC"));
    assert_eq!(drift.drift_detection_status.as_deref(), Some("PARTIAL_SUCCESS"));
    assert_eq!((drift.in_sync_stack_instances_count, drift.failed_stack_instances_count), (3, 1));
    assert_eq!(sets.results("look", &["eu-west-1"]).await, ["SSFS"]);
    // Why it was not made is still said.
    assert_eq!(sets.instance(3).await.status_reason.as_deref(), Some("broken"));
    // Without a tolerance, it has failed.
    let strict = DetectStackSetDrift { operation_preferences: None, ..detect("strictly") };
    sets.send(&strict).await.unwrap();
    after(600).await;
    let drift = sets.drift(None).await.unwrap();
    assert_eq!(drift.drift_detection_status.as_deref(), Some("FAILED"));
    assert_eq!(sets.results("strictly", &["eu-west-1"]).await, ["SSFC"]);
}

/// "To stop a drift detection stack set operation, use StopStackSetOperation."
#[tokio::test(start_paused = true)]
async fn a_comparison_can_be_stopped() {
    let sets = Sets::deployed(false).await;
    sets.delete_topic(1).unwrap();
    let one_by_one = DetectStackSetDrift { operation_preferences: None, ..detect("look") };
    sets.send(&one_by_one).await.unwrap();
    after(70).await;
    sets.stop("look").await.unwrap();
    after(100).await;
    assert_eq!(sets.status("look").await, "STOPPED");
    let drift = sets.drift(None).await.unwrap();
    assert_eq!(drift.drift_detection_status.as_deref(), Some("STOPPED"));
    assert_eq!((drift.drifted_stack_instances_count, drift.in_sync_stack_instances_count), (1, 1));
    assert_eq!(sets.instance(4).await.drift_status.as_deref(), Some("NOT_CHECKED"));
}

#[tokio::test(start_paused = true)]
async fn what_was_deleted_by_hand_cannot_be_changed_and_fails_with_the_resource() {
    let sets = Sets::deployed(false).await;
    sets.delete_topic(2).unwrap();
    let named = UpdateStackSet {
        template_body: Some(TEMPLATE.replace(
            r#""AWS::SNS::Topic""#,
            r#""AWS::SNS::Topic", "Properties": {"DisplayName": "Alarms"}"#,
        )),
        ..update("change")
    };
    sets.send(&named).await.unwrap();
    after(100).await;
    let reason = sets.instance(2).await.status_reason.unwrap();
    assert!(
        reason.starts_with("ResourceLogicalId:Topic, ResourceType:AWS::SNS::Topic, "),
        "{reason}"
    );
    assert!(reason.ends_with(" was not found."), "{reason}");
    assert_eq!(sets.results("change", &["eu-west-1"]).await, ["SFSS"]);
}

#[tokio::test(start_paused = true)]
async fn an_instance_is_not_described_where_there_is_none() {
    let sets = Sets::deployed(false).await;
    let describe = DescribeStackInstance {
        stack_set_name: SET.to_owned(),
        stack_instance_account: account(9),
        stack_instance_region: "eu-west-1".to_owned(),
        call_as: None,
    };
    assert_eq!(sets.refused(&describe).await, "StackInstanceNotFoundException");
}
