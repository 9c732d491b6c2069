//! What others use is not deleted, or missed.

use std::sync::Arc;

use accel_deploy::cloud::cloudcontrolapi::DeleteResource;
use accel_simulator::SimulatedCloud;
use serde_json::{Value, json};

use super::{ACCOUNT, REGION, Stacks, after, subnet};

/// A parameter that has this for its value.
fn parameter(value: &str) -> Value {
    json!({"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}})
}

fn using(value: &str) -> Value {
    json!({"Use": parameter(value)})
}

#[tokio::test(start_paused = true)]
async fn a_subnet_in_use_outlives_the_cleanup() {
    for next in [json!({"Subnet": subnet("10.0.1.0/24")}), using("no")] {
        let stacks = Stacks::new();
        stacks.deploy("net", json!({"Subnet": subnet("10.0.0.0/24")})).await.unwrap();
        let id = stacks.id("net", "Subnet").await;
        stacks.deploy("app", using(&id)).await.unwrap();
        stacks.deploy("net", next).await.unwrap();
        assert_eq!(stacks.status("net").await.as_deref(), Some("UPDATE_COMPLETE"));
        let [event] = &*stacks.events("net").await else { panic!("one event") };
        assert!(
            event.starts_with(&format!("Subnet DELETE_FAILED {id} Resource handler")),
            "{event}"
        );
        assert!(stacks.is_there("AWS::EC2::Subnet", &id).await);
        assert_eq!(stacks.broken(), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_subnet_that_nobody_uses_is_deleted() {
    let stacks = Stacks::new();
    stacks.deploy("net", json!({"Subnet": subnet("10.0.0.0/24")})).await.unwrap();
    let id = stacks.id("net", "Subnet").await;
    stacks.deploy("net", json!({"Subnet": subnet("10.0.1.0/24")})).await.unwrap();
    assert!(!stacks.is_there("AWS::EC2::Subnet", &id).await);
    assert_eq!(stacks.events("net").await, [""; 0]);
}

/// Its own stack's use is none, and neither is that of a stack that is gone.
#[tokio::test(start_paused = true)]
async fn a_stack_whose_subnet_is_in_use_is_not_deleted() {
    let stacks = Stacks::new();
    let resources = json!({
        "Subnet": subnet("10.0.0.0/24"),
        "Own": {"Type": "AWS::SSM::Parameter", "Properties": {
            "Type": "String", "Name": "/net/subnet", "Value": {"Fn::Sub": "${Subnet},none"},
        }},
    });
    stacks.deploy("net", resources).await.unwrap();
    let id = stacks.id("net", "Subnet").await;
    stacks
        .deploy("app", using(&format!("arn:aws:ec2:eu-west-1:999999999999:subnet/{id}")))
        .await
        .unwrap();
    stacks.delete("net").await;
    assert_eq!(stacks.status("net").await.as_deref(), Some("DELETE_FAILED"));
    let [event] = &*stacks.events("net").await else { panic!("one event") };
    assert!(event.starts_with(&format!("Subnet DELETE_FAILED {id} ")), "{event}");
    let left = stacks.resources("net").await;
    assert_eq!(left.keys().collect::<Vec<_>>(), ["Subnet"]);
    assert_eq!(left["Subnet"].resource_status.0, "DELETE_FAILED");
    stacks.delete("app").await;
    stacks.delete("net").await;
    assert_eq!(stacks.status("net").await, None);
    assert!(!stacks.is_there("AWS::EC2::Subnet", &id).await);
    assert_eq!(stacks.broken(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_is_deleted_in_use_is_remembered() {
    let topic = |name: &str| json!({"Topic": super::topic(name)});
    for how in ["replaced", "dropped", "deleted"] {
        let stacks = Stacks::new();
        stacks.deploy("events", topic("alerts")).await.unwrap();
        stacks.deploy("app", using("arn:aws:sns:eu-west-1:999999999999:alerts")).await.unwrap();
        stacks.deploy("other", using("alerts-of-others")).await.unwrap();
        match how {
            "replaced" => drop(stacks.deploy("events", topic("alarms")).await.unwrap()),
            "dropped" => drop(stacks.deploy("events", using("no")).await.unwrap()),
            _ => stacks.delete("events").await,
        }
        let expected = format!(
            "AWS::SNS::Topic `alerts` in {ACCOUNT}, {REGION} was deleted, and `Use` of stack app in {ACCOUNT}, {REGION} \
             uses it"
        );
        assert_eq!(stacks.broken(), [expected], "{how}");
    }
}

/// Whoever keeps it, or has moved before, breaks nobody.
#[tokio::test(start_paused = true)]
async fn what_is_kept_or_no_longer_used_breaks_nobody() {
    let stacks = Stacks::new();
    let topic = |name: &str| {
        let mut topic = super::topic(name);
        topic["UpdateReplacePolicy"] = json!("Retain");
        json!({ "Topic": topic })
    };
    stacks.deploy("events", topic("alerts")).await.unwrap();
    stacks.deploy("app", using("alerts")).await.unwrap();
    stacks.deploy("events", topic("alarms")).await.unwrap();
    stacks.deploy("app", using("alarms")).await.unwrap();
    stacks.deploy("events", json!({"Topic": super::topic("sirens")})).await.unwrap();
    let expected = "AWS::SNS::Topic `alarms` in";
    assert!(stacks.broken()[0].starts_with(expected), "{:?}", stacks.broken());
    assert_eq!(stacks.broken().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_use_in_another_place_counts_unless_it_is_of_one_there() {
    let topic = || json!({"Topic": super::topic("alerts")});
    for has_its_own in [false, true] {
        let stacks = Stacks::new();
        let elsewhere = stacks.elsewhere();
        stacks.deploy("events", topic()).await.unwrap();
        if has_its_own {
            elsewhere.deploy("events", topic()).await.unwrap();
        }
        elsewhere.deploy("app", using("alerts")).await.unwrap();
        stacks.delete("events").await;
        assert_eq!(stacks.broken().len(), usize::from(!has_its_own), "{:?}", stacks.broken());
    }
}

/// What is in the directory of a cloud is all that there is of it.
#[tokio::test(start_paused = true)]
async fn a_world_with_all_this_is_the_same_when_it_is_opened_again() {
    let directory = tempfile::tempdir().unwrap();
    let open = || Arc::new(SimulatedCloud::open(directory.path(), Vec::new()).unwrap());
    let stacks = Stacks(open(), REGION);
    let with =
        |block: &str, name: &str| json!({"Subnet": subnet(block), "Topic": super::topic(name)});
    stacks.deploy("net", with("10.0.0.0/24", "alerts")).await.unwrap();
    let first = stacks.id("net", "Subnet").await;
    stacks.deploy("app", using(&format!("{first},alerts"))).await.unwrap();
    stacks.deploy("net", with("10.0.1.0/24", "alarms")).await.unwrap();
    let delete = DeleteResource {
        type_name: "AWS::EC2::Subnet".to_owned(),
        identifier: first,
        client_token: None,
    };
    stacks.send(&delete).await.unwrap();
    after(60).await;
    // Who reads what has ended keeps it so.
    stacks.status("net").await;
    let before = stacks.0.world(|world| world.clone());
    assert_eq!(before.broken().len(), 1, "{:?}", before.broken());
    assert_eq!(open().world(|world| world.clone()), before);
}

impl Stacks {
    fn broken(&self) -> Vec<String> {
        self.0.world(|world| world.broken().to_vec())
    }
}
