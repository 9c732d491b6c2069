//! Instances of stack sets are stacks as others are.

use accel_deploy::cloud::cloudformation::{
    CreateStackInstances, CreateStackSet, DeleteStackInstances, ListStackSetOperationResults,
    UpdateStackSet,
};
use serde_json::{Value, json};

use super::{ACCOUNT, REGION, Stacks, after, subnet};

const INSTANCE: &str = "StackSet-net";

fn template(subnet: &Value) -> Option<String> {
    Some(json!({"Resources": {"Subnet": subnet}}).to_string())
}

fn using(id: &str) -> Value {
    json!({"Use": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": id}}})
}

impl Stacks {
    /// A stack set with one instance, in the caller's account.
    async fn of_set(subnet: &Value) -> Self {
        let stacks = Self::new();
        let create = CreateStackSet {
            stack_set_name: "net".to_owned(),
            template_body: template(subnet),
            ..CreateStackSet::default()
        };
        stacks.send(&create).await.expect("it is taken");
        let create = CreateStackInstances {
            stack_set_name: "net".to_owned(),
            accounts: Some(vec![ACCOUNT.to_owned()]),
            regions: vec![REGION.to_owned()],
            ..CreateStackInstances::default()
        };
        stacks.send(&create).await.expect("it is taken");
        after(100).await;
        stacks
    }

    /// Gives the set another subnet: what came of the instance, and why.
    async fn update_set(&self, subnet: &Value) -> (String, Option<String>) {
        let update = UpdateStackSet {
            stack_set_name: "net".to_owned(),
            template_body: template(subnet),
            ..UpdateStackSet::default()
        };
        let started = self.send(&update).await.expect("it is taken");
        self.result(started.operation_id).await
    }

    async fn delete_instance(&self) -> (String, Option<String>) {
        let delete = DeleteStackInstances {
            stack_set_name: "net".to_owned(),
            accounts: Some(vec![ACCOUNT.to_owned()]),
            regions: vec![REGION.to_owned()],
            ..DeleteStackInstances::default()
        };
        let started = self.send(&delete).await.expect("it is taken");
        self.result(started.operation_id).await
    }

    async fn result(&self, operation_id: String) -> (String, Option<String>) {
        after(100).await;
        let list = ListStackSetOperationResults {
            stack_set_name: "net".to_owned(),
            operation_id,
            ..ListStackSetOperationResults::default()
        };
        let result = self.send(&list).await.expect("an operation").summaries.remove(0);
        (result.status, result.status_reason)
    }
}

#[tokio::test(start_paused = true)]
async fn an_instance_replaces_and_cleans_up() {
    let stacks = Stacks::of_set(&subnet("10.0.0.0/24")).await;
    let first = stacks.id(INSTANCE, "Subnet").await;
    stacks.deploy("app", using(&first)).await.unwrap();
    let mut next = subnet("10.0.1.0/24");
    assert_eq!(stacks.update_set(&next).await, ("SUCCEEDED".to_owned(), None));
    let second = stacks.id(INSTANCE, "Subnet").await;
    assert_ne!(second, first);
    let [event] = &*stacks.events(INSTANCE).await else { panic!("one event") };
    assert!(event.starts_with(&format!("Subnet DELETE_FAILED {first} ")), "{event}");
    next["Properties"]["CidrBlock"] = json!("10.0.2.0/24");
    next["UpdateReplacePolicy"] = json!("Retain");
    stacks.update_set(&next).await;
    assert_eq!(stacks.events(INSTANCE).await[1], format!("Subnet DELETE_SKIPPED {second}"));
}

#[tokio::test(start_paused = true)]
async fn an_instance_in_use_is_not_deleted() {
    let stacks = Stacks::of_set(&subnet("10.0.0.0/24")).await;
    let id = stacks.id(INSTANCE, "Subnet").await;
    stacks.deploy("app", using(&id)).await.unwrap();
    let (status, reason) = stacks.delete_instance().await;
    assert_eq!(status, "FAILED");
    assert!(reason.is_some_and(|reason| reason.contains("DependencyViolation")));
    assert_eq!(stacks.status(INSTANCE).await.as_deref(), Some("DELETE_FAILED"));
    stacks.delete("app").await;
    assert_eq!(stacks.delete_instance().await.0, "SUCCEEDED");
    assert_eq!(stacks.status(INSTANCE).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_name_that_stays_fails_the_instance() {
    let group = |prefix: &str| {
        json!({"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {
            "Name": "web", "Port": 80, "Protocol": prefix, "VpcId": "vpc-0abcdef0",
        }})
    };
    let stacks = Stacks::of_set(&group("HTTP")).await;
    let (status, reason) = stacks.update_set(&group("TCP")).await;
    assert_eq!(status, "FAILED");
    assert!(reason.is_some_and(|reason| reason.contains("Rename web and update")));
    assert_eq!(stacks.id(INSTANCE, "Subnet").await, "web");
}
