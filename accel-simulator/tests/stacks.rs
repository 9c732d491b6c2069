//! What stops and goes back in a stack, and what is shown of it.

use std::time::Duration;

use accel_deploy::{
    Operation, Place,
    cloud::{
        CloudExt as _,
        cloudformation::{
            CancelUpdateStack, ContinueUpdateRollback, CreateChangeSet, CreateStackSet,
            DescribeStackSet, DescribeStacks, ExecuteChangeSet, Parameter,
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
        let (change_set_name, stack_name) = (format!("to-{name}"), STACK.to_owned());
        let create = CreateChangeSet {
            stack_name: stack_name.clone(),
            change_set_name: change_set_name.clone(),
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
        let stack_name = Some(stack_name);
        let execute = ExecuteChangeSet { change_set_name, stack_name, client_request_token: None };
        self.send(&execute).await.expect("it is taken");
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
    stacks.begin("UPDATE", "b").await;
    after(10).await;
    assert_eq!(stacks.name().await, "b");
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
