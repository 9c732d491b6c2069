//! What replaces a resource, and what becomes of the old one.

mod cleanup;
mod cloud_control;
mod instances;
mod no_changes;
mod updates;
mod uses;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use accel_deploy::{
    Operation, Place,
    cloud::{
        CloudExt as _,
        cloudformation::{
            ChangeSet, CreateChangeSet, DeleteChangeSet, DeleteStack, DescribeChangeSet,
            DescribeStackEvents, DescribeStacks, ExecuteChangeSet, ListStackResources,
            ResourceChange, StackEvent, StackResource,
        },
    },
};
use accel_simulator::SimulatedCloud;
use serde_json::{Value, json};

const ACCOUNT: &str = "999999999999";
const REGION: &str = "eu-west-1";

/// Stacks of the caller's account, in one region.
struct Stacks(Arc<SimulatedCloud>, &'static str);

impl Stacks {
    fn new() -> Self {
        Self(Arc::new(SimulatedCloud::new()), REGION)
    }

    /// The stacks of the same account in another region.
    fn elsewhere(&self) -> Self {
        Self(Arc::clone(&self.0), "us-east-1")
    }

    async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, String> {
        let sent = self.0.call(&Place::caller(self.1), operation).await;
        sent.map_err(|error| format!("{}: {}", error.code, error.message))
    }

    /// Makes or changes a stack, and waits: what its change set says, or why there is none.
    async fn deploy(
        &self,
        stack: &str,
        resources: Value,
    ) -> Result<BTreeMap<String, ResourceChange>, String> {
        self.deploy_template(stack, json!({ "Resources": resources })).await
    }

    async fn deploy_template(
        &self,
        stack: &str,
        template: Value,
    ) -> Result<BTreeMap<String, ResourceChange>, String> {
        let kind = match self.status(stack).await.as_deref() {
            None | Some("REVIEW_IN_PROGRESS") => "CREATE",
            Some(_) => "UPDATE",
        };
        let create = CreateChangeSet {
            stack_name: stack.to_owned(),
            change_set_name: "next".to_owned(),
            change_set_type: Some(kind.to_owned()),
            template_body: Some(template.to_string()),
            capabilities: vec!["CAPABILITY_NAMED_IAM".to_owned()],
            ..CreateChangeSet::default()
        };
        let change_set = self.look_at(stack, &create).await?;
        self.execute(stack).await;
        let changes = change_set.changes.into_iter().filter_map(|change| change.resource_change);
        Ok(changes.map(|change| (change.logical_resource_id.clone(), change)).collect())
    }

    /// What a change set would do, or why it cannot be executed. It stays if it can.
    async fn look_at(&self, stack: &str, create: &CreateChangeSet) -> Result<ChangeSet, String> {
        let (change_set_name, stack_name) = ("next".to_owned(), Some(stack.to_owned()));
        let drop = DeleteChangeSet {
            change_set_name: change_set_name.clone(),
            stack_name: stack_name.clone(),
        };
        self.send(&drop).await?;
        self.send(create).await?;
        let describe =
            DescribeChangeSet { change_set_name, stack_name, ..DescribeChangeSet::default() };
        let change_set = self.send(&describe).await?;
        match change_set.status_reason {
            Some(reason) => Err(reason),
            None => Ok(change_set),
        }
    }

    async fn execute(&self, stack: &str) {
        let execute = ExecuteChangeSet {
            change_set_name: "next".to_owned(),
            stack_name: Some(stack.to_owned()),
            client_request_token: None,
        };
        self.send(&execute).await.expect("it is taken");
        after(60).await;
    }

    async fn delete(&self, stack: &str) {
        let delete = DeleteStack { stack_name: stack.to_owned(), ..DeleteStack::default() };
        self.send(&delete).await.expect("it is taken");
        after(60).await;
    }

    async fn status(&self, stack: &str) -> Option<String> {
        let describe =
            DescribeStacks { stack_name: Some(stack.to_owned()), ..DescribeStacks::default() };
        let stacks = self.send(&describe).await.ok()?.stacks;
        Some(stacks[0].stack_status.to_string())
    }

    async fn outputs(&self, stack: &str) -> BTreeMap<String, String> {
        let describe =
            DescribeStacks { stack_name: Some(stack.to_owned()), ..DescribeStacks::default() };
        let outputs = self.send(&describe).await.expect("a stack").stacks.remove(0).outputs;
        outputs.into_iter().map(|it| (it.output_key, it.output_value)).collect()
    }

    async fn resources(&self, stack: &str) -> BTreeMap<String, StackResource> {
        let list =
            ListStackResources { stack_name: stack.to_owned(), ..ListStackResources::default() };
        let listed = self.send(&list).await.expect("a stack").stack_resource_summaries;
        listed.into_iter().map(|it| (it.logical_resource_id.clone(), it)).collect()
    }

    /// The physical id of a resource.
    async fn id(&self, stack: &str, resource: &str) -> String {
        self.resources(stack).await[resource].physical_resource_id.clone().expect("it is made")
    }

    /// Each event of a resource as its name, status and id, with the reason if there is one; the oldest first.
    async fn events(&self, stack: &str) -> Vec<String> {
        let describe =
            DescribeStackEvents { stack_name: stack.to_owned(), ..DescribeStackEvents::default() };
        let events = self.send(&describe).await.expect("a stack").stack_events;
        let line = |event: &StackEvent| {
            let id = event.physical_resource_id.as_deref().unwrap_or_default();
            let reason = event.resource_status_reason.as_deref().unwrap_or_default();
            let (of, status) = (&event.logical_resource_id, &event.resource_status);
            format!("{of} {status} {id} {reason}").trim_end().to_owned()
        };
        let of_resource = |event: &&StackEvent| event.logical_resource_id != stack;
        events.iter().rev().filter(of_resource).map(line).collect()
    }
}

async fn after(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

/// A subnet; another block is another subnet.
fn subnet(block: &str) -> Value {
    json!({
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": "vpc-0abcdef0", "CidrBlock": block},
    })
}

/// A topic that another name, or being FIFO, replaces.
fn topic(name: &str) -> Value {
    json!({"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}})
}
