//! What becomes of what is replaced or no longer in a template.

use accel_deploy::cloud::cloudformation::{CreateChangeSet, ResourceToImport};
use serde_json::{Value, json};

use super::{ACCOUNT, REGION, Stacks, subnet};

/// A subnet with a policy.
fn with(block: &str, policy: &str, value: &str) -> Value {
    let mut subnet = subnet(block);
    subnet[policy] = json!(value);
    json!({ "Subnet": subnet, "Topic": {"Type": "AWS::SNS::Topic"} })
}

#[tokio::test(start_paused = true)]
async fn the_policy_of_the_new_template_keeps_what_is_replaced() {
    let stacks = Stacks::new();
    stacks.deploy("net", with("10.0.0.0/24", "DeletionPolicy", "Delete")).await.unwrap();
    let first = stacks.id("net", "Subnet").await;
    let retained = with("10.0.1.0/24", "UpdateReplacePolicy", "Retain");
    let changes = stacks.deploy("net", retained).await.unwrap();
    assert_eq!(changes["Subnet"].policy_action.as_deref(), Some("ReplaceAndRetain"));
    let skipped = format!("Subnet DELETE_SKIPPED {first}");
    assert_eq!(stacks.events("net").await, [skipped.as_str()]);
    assert!(stacks.imports("other", &first).await.is_ok(), "it is there");

    let second = stacks.id("net", "Subnet").await;
    let deleted = with("10.0.2.0/24", "UpdateReplacePolicy", "Delete");
    let changes = stacks.deploy("net", deleted).await.unwrap();
    assert_eq!(changes["Subnet"].policy_action.as_deref(), Some("ReplaceAndDelete"));
    assert_eq!(stacks.events("net").await, [skipped.as_str()]);
    assert!(stacks.imports("other", &second).await.unwrap_err().contains("was not found"));
}

#[tokio::test(start_paused = true)]
async fn the_policy_of_the_old_template_keeps_what_is_no_longer_in_it() {
    let stacks = Stacks::new();
    stacks.deploy("net", with("10.0.0.0/24", "DeletionPolicy", "Retain")).await.unwrap();
    let first = stacks.id("net", "Subnet").await;
    let changes = stacks.deploy("net", json!({"Topic": {"Type": "AWS::SNS::Topic"}})).await;
    let changes = changes.unwrap();
    assert_eq!(changes["Subnet"].policy_action.as_deref(), Some("Retain"));
    assert_eq!(stacks.events("net").await, [format!("Subnet DELETE_SKIPPED {first}")]);
    assert!(stacks.imports("other", &first).await.is_ok(), "it is there");

    // What comes back under its logical id is another one.
    stacks.deploy("net", with("10.0.0.0/24", "DeletionPolicy", "Delete")).await.unwrap();
    let second = stacks.id("net", "Subnet").await;
    assert_ne!(second, first);
    stacks.delete("net").await;
    assert!(stacks.imports("other", &second).await.unwrap_err().contains("was not found"));
    assert!(stacks.imports("other", &first).await.is_ok(), "it is still there");
}

#[tokio::test(start_paused = true)]
async fn what_was_imported_is_replaced_by_what_is_made() {
    let stacks = Stacks::new();
    stacks.0.world(|world| {
        world.add_existing(ACCOUNT, REGION, "AWS::EC2::Subnet", [("SubnetId", "subnet-0abc")]);
    });
    stacks.imports("taking-in", "subnet-0abc").await.unwrap();
    stacks.execute("taking-in").await;
    assert_eq!(stacks.id("taking-in", "Subnet").await, "subnet-0abc");
    let status = stacks.resources("taking-in").await["Subnet"].resource_status.to_string();
    assert_eq!(status, "IMPORT_COMPLETE");
    stacks.deploy("taking-in", json!({"Subnet": subnet("10.0.3.0/24")})).await.unwrap();
    let made = stacks.id("taking-in", "Subnet").await;
    assert_ne!(made, "subnet-0abc");
    assert!(stacks.imports("other", "subnet-0abc").await.unwrap_err().contains("was not found"));
}

impl Stacks {
    /// Whether a stack can take in this subnet, which it can if it is there and in no stack.
    async fn imports(&self, stack: &str, id: &str) -> Result<(), String> {
        let resources = with("10.0.0.0/24", "DeletionPolicy", "Retain")["Subnet"].clone();
        let create = CreateChangeSet {
            stack_name: stack.to_owned(),
            change_set_name: "next".to_owned(),
            change_set_type: Some("IMPORT".to_owned()),
            template_body: Some(json!({"Resources": {"Subnet": resources}}).to_string()),
            resources_to_import: Some(vec![ResourceToImport {
                resource_type: "AWS::EC2::Subnet".to_owned(),
                logical_resource_id: "Subnet".to_owned(),
                resource_identifier: [("SubnetId".to_owned(), id.to_owned())].into(),
            }]),
            ..CreateChangeSet::default()
        };
        self.look_at(stack, &create).await.map(|_| ())
    }
}
