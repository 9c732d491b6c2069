//! Stacks that somebody changed by hand, and what CloudFormation says of them.

use std::{fs, io, path::Path, time::Duration};

use accel_deploy::{
    CloudError, Operation, Place,
    cloud::{
        CloudExt as _,
        cloudformation::{
            CreateChangeSet, DescribeStackDriftDetectionStatus, DescribeStackEvents,
            DescribeStackResourceDrifts, DescribeStacks, DetectStackDrift, ExecuteChangeSet,
            StackDriftStatus,
        },
        ssm::PutParameter,
    },
};
use accel_simulator::{ByHand, Change, SimulatedCloud};
use serde_json::{Value, json};

const ACCOUNT: &str = "999999999999";
const REGION: &str = "eu-west-1";

struct Drifting {
    cloud: SimulatedCloud,
}

fn template(delay: u64) -> Value {
    json!({"Resources": {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": delay, "QueueName": "jobs"}},
        "Setting": {"Type": "AWS::SSM::Parameter", "Properties":
            {"Name": "/setting", "Type": "String", "Value": "calm"}},
        "Topic": {"Type": "AWS::SNS::Topic"},
    }})
}

impl Drifting {
    async fn new(cloud: SimulatedCloud) -> Self {
        let it = Self { cloud };
        it.change("CREATE", 20).await;
        it
    }

    async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, CloudError> {
        self.cloud.call(&Place::caller(REGION), operation).await
    }

    /// Makes or updates the stack; its status then.
    async fn change(&self, kind: &str, delay: u64) -> String {
        let (stack_name, change_set_name) = ("stack".to_owned(), format!("to-{delay}"));
        let create = CreateChangeSet {
            stack_name: stack_name.clone(),
            change_set_name: change_set_name.clone(),
            change_set_type: Some(kind.to_owned()),
            template_body: Some(template(delay).to_string()),
            ..CreateChangeSet::default()
        };
        self.send(&create).await.expect("it is taken");
        let stack_name = Some(stack_name);
        let execute = ExecuteChangeSet { change_set_name, stack_name, client_request_token: None };
        self.send(&execute).await.expect("it is taken");
        after(60).await;
        let describe = DescribeStacks { stack_name: Some("stack".to_owned()), next_token: None };
        self.send(&describe).await.expect("a stack").stacks[0].stack_status.to_string()
    }

    fn by_hand(&self, of: &str, change: Change) -> Result<(), String> {
        self.cloud.world(|world| world.change_by_hand(&by_hand(of, change)))
    }

    async fn detect(&self) -> Result<String, CloudError> {
        let detect = DetectStackDrift { stack_name: "stack".to_owned() };
        self.send(&detect).await.map(|detection| detection.stack_drift_detection_id)
    }

    async fn detection(&self, id: &str) -> StackDriftStatus {
        let describe =
            DescribeStackDriftDetectionStatus { stack_drift_detection_id: id.to_owned() };
        self.send(&describe).await.expect("a detection")
    }

    /// Of each resource that is not in sync: its status, and its differences.
    async fn drifts(&self, stack: &str) -> Vec<String> {
        let filters = ["MODIFIED", "DELETED"].map(str::to_owned).to_vec();
        let describe = DescribeStackResourceDrifts {
            stack_name: stack.to_owned(),
            stack_resource_drift_status_filters: Some(filters),
            next_token: None,
        };
        let drifts = self.send(&describe).await.expect("a stack").stack_resource_drifts;
        let said = drifts.into_iter().map(|it| {
            let differences = it.property_differences.iter().map(|it| {
                format!(" {} {} {}", it.property_path, it.expected_value, it.actual_value)
            });
            let differences: String = differences.collect();
            format!("{} {}{differences}", it.logical_resource_id, it.stack_resource_drift_status)
        });
        said.collect()
    }

    async fn compared(&self) -> Vec<String> {
        self.detect().await.expect("it is taken");
        after(10).await;
        self.drifts("stack").await
    }
}

fn by_hand(of: &str, change: Change) -> ByHand {
    let [account, region, of] = [ACCOUNT, REGION, of].map(str::to_owned);
    ByHand { account, region, of, change }
}

fn delay(seconds: u64) -> Change {
    Change::Set { property: "/DelaySeconds".to_owned(), value: seconds.into() }
}

async fn after(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn a_comparison_takes_its_time_and_finds_what_was_changed() {
    let it = Drifting::new(SimulatedCloud::new()).await;
    it.by_hand("Queue", delay(120)).unwrap();
    it.by_hand("Topic", Change::Deleted).unwrap();
    // Nobody has looked yet.
    assert_eq!(it.drifts("stack").await, [""; 0]);
    let id = it.detect().await.unwrap();
    let running = it.detection(&id).await;
    assert_eq!(running.detection_status, "DETECTION_IN_PROGRESS");
    assert_eq!(running.drifted_stack_resource_count, None);
    let another = it.detect().await.unwrap_err();
    assert!(another.message.contains("in progress"), "{another}");
    after(10).await;
    let ended = it.detection(&id).await;
    assert_eq!(ended.detection_status, "DETECTION_COMPLETE");
    assert_eq!(ended.stack_drift_status.as_deref(), Some("DRIFTED"));
    assert_eq!(ended.drifted_stack_resource_count, Some(2));
    let expected = ["Queue MODIFIED /DelaySeconds 20 120", "Topic DELETED"];
    assert_eq!(it.drifts("stack").await, expected);
    // A stack has an id as well.
    let describe = DescribeStacks { stack_name: Some("stack".to_owned()), next_token: None };
    let stack = it.send(&describe).await.unwrap().stacks.remove(0);
    assert_eq!(it.drifts(&stack.stack_id).await, expected);
    // Each resource that was compared is listed.
    let all = DescribeStackResourceDrifts { stack_name: "stack".to_owned(), ..Default::default() };
    assert_eq!(it.send(&all).await.unwrap().stack_resource_drifts.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_stack_as_it_should_be_is_in_sync() {
    let it = Drifting::new(SimulatedCloud::new()).await;
    // What the template does not say, is not compared.
    let property = "/VisibilityTimeout".to_owned();
    it.by_hand("Queue", Change::Set { property, value: json!(1) }).unwrap();
    let id = it.detect().await.unwrap();
    after(10).await;
    let ended = it.detection(&id).await;
    assert_eq!(ended.stack_drift_status.as_deref(), Some("IN_SYNC"));
    assert_eq!(ended.drifted_stack_resource_count, Some(0));
}

#[tokio::test(start_paused = true)]
async fn an_update_undoes_what_it_changes_itself_and_nothing_else() {
    let it = Drifting::new(SimulatedCloud::new()).await;
    it.by_hand("Queue", delay(120)).unwrap();
    let value = json!("wild");
    it.by_hand("Setting", Change::Set { property: "/Value".to_owned(), value }).unwrap();
    assert_eq!(it.change("UPDATE", 30).await, "UPDATE_COMPLETE");
    assert_eq!(it.compared().await, ["Setting MODIFIED /Value calm wild"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_deleted_by_hand_cannot_be_updated() {
    let it = Drifting::new(SimulatedCloud::new()).await;
    it.by_hand("Queue", Change::Deleted).unwrap();
    assert_eq!(it.change("UPDATE", 30).await, "UPDATE_ROLLBACK_COMPLETE");
    let events = DescribeStackEvents { stack_name: "stack".to_owned(), next_token: None };
    let events = it.send(&events).await.unwrap().stack_events;
    let event = events.iter().find(|event| event.resource_status.is_failed()).expect("a failure");
    assert_eq!(
        event.resource_status_reason.as_deref(),
        Some("Resource of type 'AWS::SQS::Queue' with identifier 'jobs' was not found.")
    );
    assert_eq!(it.compared().await, ["Queue DELETED"]);
}

/// Whoever writes to the store changes the resource that a stack has made there.
#[tokio::test(start_paused = true)]
async fn a_parameter_that_is_overwritten_by_its_own_call_has_drifted() {
    let it = Drifting::new(SimulatedCloud::new()).await;
    let put = PutParameter {
        name: "/setting".to_owned(),
        value: "wild".to_owned(),
        overwrite: Some(true),
        ..PutParameter::default()
    };
    it.send(&put).await.unwrap();
    assert_eq!(it.compared().await, ["Setting MODIFIED /Value calm wild"]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_compared_is_refused() {
    let it = Drifting::new(SimulatedCloud::new()).await;
    let code = |error: CloudError| error.code;
    let absent = DetectStackDrift { stack_name: "other".to_owned() };
    assert_eq!(it.send(&absent).await.map_err(code).unwrap_err(), "ValidationError");
    it.cloud.world(|world| {
        world.set_stack_status(ACCOUNT, REGION, "stack", "UPDATE_IN_PROGRESS");
    });
    let error = it.detect().await.unwrap_err();
    assert!(error.message.ends_with("it is in UPDATE_IN_PROGRESS state"), "{error}");
    let nobodys =
        DescribeStackDriftDetectionStatus { stack_drift_detection_id: "detection-7".to_owned() };
    assert_eq!(it.send(&nobodys).await.map_err(code).unwrap_err(), "ValidationError");
}

fn says(directory: &Path, of: &str, change: &Value) {
    let by_hand = json!({"account": ACCOUNT, "region": REGION, "of": of, "change": change});
    let faults = json!({ "byHand": [by_hand] });
    fs::write(directory.join("faults.json"), faults.to_string()).expect("a file");
}

#[tokio::test(start_paused = true)]
async fn a_file_changes_by_hand_once() {
    let directory = tempfile::tempdir().unwrap();
    let open = || SimulatedCloud::open(directory.path(), Vec::new());
    Drifting::new(open().unwrap()).await;
    let set = json!({"set": {"property": "/DelaySeconds", "value": 120}});
    says(directory.path(), "Queue", &set);
    let it = Drifting { cloud: open().unwrap() };
    let drifted = "Queue MODIFIED /DelaySeconds 20 120";
    assert_eq!(it.compared().await, [drifted]);
    // The file still says it, and the update has undone it.
    it.change("UPDATE", 30).await;
    let it = Drifting { cloud: open().unwrap() };
    assert_eq!(it.compared().await, [""; 0]);
    // Without the file, what was done stays done.
    says(directory.path(), "Topic", &json!("deleted"));
    drop(open().unwrap());
    fs::remove_file(directory.path().join("faults.json")).unwrap();
    let it = Drifting { cloud: open().unwrap() };
    assert_eq!(it.compared().await, ["Topic DELETED"]);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_changes_what_is_not_there_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let open = || SimulatedCloud::open(directory.path(), Vec::new());
    Drifting::new(open().unwrap()).await;
    let set = |property: &str| json!({"set": {"property": property, "value": 1}});
    for (of, change, says_why) in [
        (
            "Queu",
            json!("deleted"),
            r#"a resource `Queu`; the resources there are ["Queue", "Setting", "Topic"]"#,
        ),
        ("Queue", set("DelaySeconds"), "there is no property `DelaySeconds`"),
        ("Queue", json!("moved"), "unknown variant `moved`"),
    ] {
        says(directory.path(), of, &change);
        let error = open().map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        let error = error.to_string();
        assert!(error.contains("faults.json") && error.contains(says_why), "{error}");
    }
    // Nothing of it has happened.
    fs::remove_file(directory.path().join("faults.json")).unwrap();
    let it = Drifting { cloud: open().unwrap() };
    assert_eq!(it.compared().await, [""; 0]);
}
