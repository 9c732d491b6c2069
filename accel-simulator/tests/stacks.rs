//! What stops and goes back in a stack, and what is shown of it.

use std::time::Duration;

use accel_deploy::{
    Operation, Place,
    cloud::{
        CloudExt as _,
        cloudformation::{
            CancelUpdateStack, ContinueUpdateRollback, CreateChangeSet, CreateStackSet,
            DeleteChangeSet, DescribeChangeSet, DescribeStackSet, DescribeStacks, ExecuteChangeSet,
            Parameter,
        },
    },
};
use accel_simulator::SimulatedCloud;

const STACK: &str = "stack";
const TEMPLATE: &str = r#"{
    "Parameters": {"Name": {"Type": "String"}},
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Name"}}}}
}"#;

struct Stacks {
    cloud: SimulatedCloud,
}

impl Stacks {
    async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, String> {
        let sent = self.cloud.call(&Place::caller("eu-west-1"), operation).await;
        sent.map_err(|error| error.to_string())
    }

    /// Begins to make or change the stack.
    async fn begin(&self, kind: &str, name: &str) {
        self.prepare(kind, name).await;
        self.execute(name).await.expect("it is taken");
    }

    async fn execute(&self, name: &str) -> Result<(), String> {
        let execute = ExecuteChangeSet {
            change_set_name: format!("to-{name}"),
            stack_name: Some(STACK.to_owned()),
            client_request_token: None,
        };
        self.send(&execute).await.map(|_| ())
    }

    async fn delete(&self, name: &str) {
        let delete = DeleteChangeSet {
            change_set_name: format!("to-{name}"),
            stack_name: Some(STACK.to_owned()),
        };
        self.send(&delete).await.expect("it is taken");
    }

    /// Whether a change set can be executed, or how its execution is going; and its id.
    async fn execution(&self, name: &str) -> Result<(String, String), String> {
        let describe = DescribeChangeSet {
            change_set_name: format!("to-{name}"),
            stack_name: Some(STACK.to_owned()),
            ..DescribeChangeSet::default()
        };
        let there = self.send(&describe).await?;
        Ok((there.execution_status.unwrap_or_default(), there.change_set_id))
    }

    /// Makes a change set.
    async fn prepare(&self, kind: &str, name: &str) {
        let (change_set_name, stack_name) = (format!("to-{name}"), STACK.to_owned());
        let create = CreateChangeSet {
            stack_name,
            change_set_name,
            change_set_type: Some(kind.to_owned()),
            template_body: Some(TEMPLATE.to_owned()),
            parameters: vec![Parameter {
                parameter_key: "Name".to_owned(),
                parameter_value: Some(name.to_owned()),
                use_previous_value: None,
            }],
            ..CreateChangeSet::default()
        };
        self.send(&create).await.expect("it is taken");
    }

    async fn status(&self) -> String {
        let describe =
            DescribeStacks { stack_name: Some(STACK.to_owned()), ..DescribeStacks::default() };
        self.send(&describe).await.expect("a stack").stacks[0].stack_status.to_string()
    }

    /// The topic's name, which is in the one resource.
    async fn name(&self) -> String {
        let describe =
            DescribeStacks { stack_name: Some(STACK.to_owned()), ..DescribeStacks::default() };
        let stack = self.send(&describe).await.expect("a stack").stacks.remove(0);
        stack.parameters[0].parameter_value.clone().unwrap_or_default()
    }
}

async fn after(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

/// "You can cancel only stacks that are in the UPDATE_IN_PROGRESS state."
#[tokio::test(start_paused = true)]
async fn an_update_that_is_cancelled_goes_back() {
    let stacks = Stacks { cloud: SimulatedCloud::new() };
    let cancel = CancelUpdateStack { stack_name: STACK.to_owned(), ..CancelUpdateStack::default() };
    assert!(stacks.send(&cancel).await.unwrap_err().contains("does not exist"));
    stacks.begin("CREATE", "a").await;
    assert!(stacks.send(&cancel).await.unwrap_err().contains("cannot be called"));
    after(10).await;
    stacks.begin("UPDATE", "b").await;
    stacks.send(&cancel).await.unwrap();
    assert_eq!(stacks.status().await, "UPDATE_ROLLBACK_IN_PROGRESS");
    after(10).await;
    assert_eq!(stacks.status().await, "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(stacks.name().await, "a");
    stacks.delete("b").await;
    stacks.begin("UPDATE", "b").await;
    after(10).await;
    assert_eq!(stacks.name().await, "b");
}

/// "When you execute a change set, CloudFormation deletes all other change sets associated with the stack."
#[tokio::test(start_paused = true)]
async fn the_change_set_that_was_executed_stays_and_is_executed_once() {
    let stacks = Stacks { cloud: SimulatedCloud::new() };
    let execution = async |name| stacks.execution(name).await.map(|(status, _)| status);
    stacks.begin("CREATE", "a").await;
    assert_eq!(execution("a").await.unwrap(), "EXECUTE_IN_PROGRESS");
    after(10).await;
    assert_eq!(execution("a").await.unwrap(), "EXECUTE_COMPLETE");
    let refused = stacks.execute("a").await.unwrap_err();
    assert!(refused.contains("InvalidChangeSetStatus"), "{refused}");
    stacks.prepare("UPDATE", "b").await;
    stacks.prepare("UPDATE", "c").await;
    assert_eq!(execution("c").await.unwrap(), "AVAILABLE");
    stacks.execute("b").await.unwrap();
    assert!(execution("a").await.unwrap_err().contains("ChangeSetNotFound"));
    assert!(execution("c").await.unwrap_err().contains("ChangeSetNotFound"));
    let cancel = CancelUpdateStack { stack_name: STACK.to_owned(), ..CancelUpdateStack::default() };
    stacks.send(&cancel).await.unwrap();
    after(10).await;
    let (status, id) = stacks.execution("b").await.unwrap();
    assert_eq!(status, "EXECUTE_FAILED");
    // One of the same name that is made anew is another one.
    stacks.delete("b").await;
    stacks.prepare("UPDATE", "b").await;
    let (status, other) = stacks.execution("b").await.unwrap();
    assert!(status == "AVAILABLE" && id != other, "{status} {id} {other}");
}

#[tokio::test(start_paused = true)]
async fn a_way_back_that_failed_can_be_gone_on_with() {
    let stacks = Stacks { cloud: SimulatedCloud::new() };
    stacks.begin("CREATE", "a").await;
    after(10).await;
    let go_on = ContinueUpdateRollback { stack_name: STACK.to_owned(), ..Default::default() };
    assert!(stacks.send(&go_on).await.unwrap_err().contains("cannot be called"));
    stacks.cloud.world(|world| {
        world.set_stack_status("999999999999", "eu-west-1", STACK, "UPDATE_ROLLBACK_FAILED");
    });
    stacks.send(&go_on).await.unwrap();
    after(10).await;
    assert_eq!(stacks.status().await, "UPDATE_ROLLBACK_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn what_a_template_keeps_secret_is_shown_as_stars() {
    let stacks = Stacks { cloud: SimulatedCloud::new() };
    let secret = TEMPLATE.replace(r#""Type": "String""#, r#""Type": "String", "NoEcho": true"#);
    let parameters = vec![Parameter {
        parameter_key: "Name".to_owned(),
        parameter_value: Some("hidden".to_owned()),
        use_previous_value: None,
    }];
    let create = CreateChangeSet {
        stack_name: STACK.to_owned(),
        change_set_name: "first".to_owned(),
        change_set_type: Some("CREATE".to_owned()),
        template_body: Some(secret.clone()),
        parameters: parameters.clone(),
        ..CreateChangeSet::default()
    };
    stacks.send(&create).await.expect("it is taken");
    let execute = ExecuteChangeSet {
        change_set_name: "first".to_owned(),
        stack_name: Some(STACK.to_owned()),
        client_request_token: None,
    };
    stacks.send(&execute).await.expect("it is taken");
    let set = CreateStackSet {
        stack_set_name: "set".to_owned(),
        template_body: Some(secret),
        parameters,
        ..CreateStackSet::default()
    };
    stacks.send(&set).await.expect("it is taken");
    tokio::time::sleep(Duration::from_secs(60)).await;
    let describe =
        DescribeStacks { stack_name: Some(STACK.to_owned()), ..DescribeStacks::default() };
    let of_stack = stacks.send(&describe).await.expect("a stack").stacks.remove(0).parameters;
    let describe = DescribeStackSet { stack_set_name: "set".to_owned(), call_as: None };
    let of_set = stacks.send(&describe).await.expect("a set").stack_set.parameters;
    for shown in [of_stack, of_set] {
        assert_eq!(shown[0].parameter_value.as_deref(), Some("****"));
    }
}
