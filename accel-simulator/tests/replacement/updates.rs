//! What an update replaces, and what is said of it.

use accel_deploy::cloud::cloudformation::{CancelUpdateStack, CreateChangeSet, ExecuteChangeSet};
use serde_json::json;

use super::{REGION, Stacks, after, subnet, topic};

#[tokio::test(start_paused = true)]
async fn a_property_that_cannot_be_changed_replaces_the_resource() {
    let stacks = Stacks::new();
    stacks.deploy("net", json!({"Subnet": subnet("10.0.0.0/24")})).await.unwrap();
    let first = stacks.id("net", "Subnet").await;
    let mut tagged = subnet("10.0.0.0/24");
    tagged["Properties"]["MapPublicIpOnLaunch"] = json!(true);
    let changes = stacks.deploy("net", json!({ "Subnet": tagged })).await.unwrap();
    assert_eq!(changes["Subnet"].action, "Modify");
    assert_eq!(changes["Subnet"].replacement.as_deref(), Some("False"));
    assert_eq!(changes["Subnet"].policy_action, None);
    assert_eq!(stacks.id("net", "Subnet").await, first);
    assert_eq!(stacks.resources("net").await["Subnet"].resource_status.0, "UPDATE_COMPLETE");

    let mut ids = vec![first.clone()];
    for block in ["10.0.1.0/24", "10.0.0.0/24"] {
        let changes = stacks.deploy("net", json!({"Subnet": subnet(block)})).await.unwrap();
        assert_eq!(changes["Subnet"].replacement.as_deref(), Some("True"));
        assert_eq!(changes["Subnet"].policy_action.as_deref(), Some("ReplaceAndDelete"));
        assert_eq!(changes["Subnet"].physical_resource_id.as_ref(), ids.last());
        let id = stacks.id("net", "Subnet").await;
        assert!(!ids.contains(&id), "{id} was there before: {ids:?}");
        ids.push(id);
    }
}

/// The tables say of `Placement/Tenancy` that it replaces, not of all of `Placement`: only what is below counts.
#[tokio::test(start_paused = true)]
async fn only_the_part_of_a_property_counts_that_cannot_be_changed() {
    let stacks = Stacks::new();
    let table = |names: serde_json::Value| {
        json!({"Table": {"Type": "AWS::DynamoDB::Table", "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": names,
        }}})
    };
    let id = json!({"AttributeName": "id", "AttributeType": "S"});
    stacks.deploy("data", table(json!([id]))).await.unwrap();
    let first = stacks.id("data", "Table").await;
    let other = json!({"AttributeName": "other", "AttributeType": "S"});
    let changes = stacks.deploy("data", table(json!([id, other]))).await.unwrap();
    assert_eq!(changes["Table"].replacement.as_deref(), Some("False"));
    assert_eq!(stacks.id("data", "Table").await, first);
}

#[tokio::test(start_paused = true)]
async fn what_refers_to_a_replaced_resource_may_be_replaced_in_turn() {
    let stacks = Stacks::new();
    let template = |block: &str| {
        json!({
            "Resources": {
                "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": block}},
                "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {
                    "VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24",
                }},
                // Its value can be changed.
                "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {
                    "Type": "String", "Name": "/net/subnet", "Value": {"Ref": "Subnet"},
                }},
            },
            "Outputs": {"Subnet": {"Value": {"Ref": "Subnet"}}},
        })
    };
    stacks.deploy_template("net", template("10.0.0.0/16")).await.unwrap();
    let before = stacks.resources("net").await;
    let changes = stacks.deploy_template("net", template("10.1.0.0/16")).await.unwrap();
    let said: Vec<_> =
        changes.values().map(|it| it.replacement.as_deref().unwrap_or_default()).collect();
    assert_eq!(said, ["False", "True", "True"]);
    let now = stacks.resources("net").await;
    for of in ["Vpc", "Subnet"] {
        assert_ne!(now[of].physical_resource_id, before[of].physical_resource_id, "{of}");
    }
    assert_eq!(now["Parameter"].physical_resource_id, before["Parameter"].physical_resource_id);
    let subnet = now["Subnet"].physical_resource_id.clone().unwrap();
    assert_eq!(stacks.outputs("net").await["Subnet"], subnet);
}

#[tokio::test(start_paused = true)]
async fn nothing_becomes_a_thing_of_another_type() {
    let stacks = Stacks::new();
    stacks.deploy("app", json!({"It": {"Type": "AWS::SNS::Topic"}})).await.unwrap();
    let first = stacks.id("app", "It").await;
    let refused = stacks.deploy("app", json!({"It": {"Type": "AWS::SQS::Queue"}})).await;
    let words = "Update of resource type is not permitted. The new template modifies resource type of the following \
                 resources: [It]";
    assert!(refused.is_err_and(|reason| reason.contains(words)));
    assert_eq!(stacks.id("app", "It").await, first);
}

#[tokio::test(start_paused = true)]
async fn a_name_that_stays_stands_in_the_way_of_a_replacement() {
    let stacks = Stacks::new();
    stacks.deploy("app", json!({"Topic": topic("alerts.fifo")})).await.unwrap();
    let mut fifo = topic("alerts.fifo");
    fifo["Properties"]["FifoTopic"] = json!(true);
    stacks.deploy("app", json!({ "Topic": fifo })).await.unwrap();
    assert_eq!(stacks.status("app").await.as_deref(), Some("UPDATE_ROLLBACK_COMPLETE"));
    assert_eq!(
        stacks.events("app").await,
        [
            "Topic UPDATE_FAILED alerts.fifo CloudFormation cannot update a stack when a custom-named resource requires \
          replacing. Rename alerts.fifo and update the stack again."
        ]
    );
    fifo["Properties"]["TopicName"] = json!("others.fifo");
    stacks.deploy("app", json!({ "Topic": fifo })).await.unwrap();
    assert_eq!(stacks.status("app").await.as_deref(), Some("UPDATE_COMPLETE"));
    assert_eq!(stacks.id("app", "Topic").await, "others.fifo");
}

/// Neither by a failure nor by whoever cancels it.
#[tokio::test(start_paused = true)]
async fn what_goes_back_keeps_its_ids() {
    let stacks = Stacks::new();
    let with = |block: &str| json!({"Subnet": subnet(block), "Topic": {"Type": "AWS::SNS::Topic"}});
    stacks.deploy("net", with("10.0.0.0/24")).await.unwrap();
    let first = stacks.id("net", "Subnet").await;
    let place = (super::ACCOUNT.to_owned(), REGION.to_owned(), "Topic".to_owned());
    stacks.0.world(|world| world.failures.insert(place.clone(), "Quota exceeded".to_owned()));
    stacks.deploy("net", with("10.0.1.0/24")).await.unwrap();
    assert_eq!(stacks.status("net").await.as_deref(), Some("UPDATE_ROLLBACK_COMPLETE"));
    assert_eq!(stacks.id("net", "Subnet").await, first);

    stacks.0.world(|world| world.failures.clear());
    let create = CreateChangeSet {
        stack_name: "net".to_owned(),
        change_set_name: "another".to_owned(),
        template_body: Some(json!({ "Resources": with("10.0.1.0/24") }).to_string()),
        ..CreateChangeSet::default()
    };
    stacks.send(&create).await.unwrap();
    let execute = ExecuteChangeSet {
        change_set_name: "another".to_owned(),
        stack_name: Some("net".to_owned()),
        client_request_token: None,
    };
    stacks.send(&execute).await.unwrap();
    let cancel = CancelUpdateStack { stack_name: "net".to_owned(), ..CancelUpdateStack::default() };
    stacks.send(&cancel).await.unwrap();
    after(60).await;
    assert_eq!(stacks.id("net", "Subnet").await, first);
    let events = stacks.events("net").await;
    assert!(events.contains(&format!("Subnet UPDATE_COMPLETE {first}")), "{events:?}");
    assert!(!events.iter().any(|event| event.contains("DELETE")), "{events:?}");
}
