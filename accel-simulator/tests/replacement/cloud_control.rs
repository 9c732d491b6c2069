//! One resource by its id.

use accel_deploy::cloud::cloudcontrolapi::{
    DeleteResource, GetResource, GetResourceRequestStatus, ProgressEvent,
};
use serde_json::json;

use super::{ACCOUNT, REGION, Stacks, after, subnet, topic};

const SUBNET: &str = "AWS::EC2::Subnet";

fn delete(kind: &str, id: &str, token: &str) -> DeleteResource {
    DeleteResource {
        type_name: kind.to_owned(),
        identifier: id.to_owned(),
        client_token: Some(token.to_owned()).filter(|token| !token.is_empty()),
    }
}

impl Stacks {
    async fn get(&self, kind: &str, id: &str) -> Result<(), String> {
        let get = GetResource { type_name: kind.to_owned(), identifier: id.to_owned() };
        let found = self.send(&get).await?;
        assert_eq!(found.resource_description.identifier, id);
        Ok(())
    }

    pub(super) async fn is_there(&self, kind: &str, id: &str) -> bool {
        match self.get(kind, id).await {
            Ok(()) => true,
            Err(error) => {
                assert!(error.starts_with("ResourceNotFoundException: "), "{error}");
                false
            }
        }
    }

    async fn begin(&self, delete: &DeleteResource) -> Result<ProgressEvent, String> {
        Ok(self.send(delete).await?.progress_event)
    }

    async fn progress(&self, token: &str) -> Result<ProgressEvent, String> {
        let get = GetResourceRequestStatus { request_token: token.to_owned() };
        Ok(self.send(&get).await?.progress_event)
    }

    /// How a deletion ends: its status and the code of the error.
    async fn end(&self, delete: &DeleteResource) -> (String, Option<String>) {
        let begun = self.begin(delete).await.expect("it is taken");
        after(60).await;
        let ended = self.progress(&begun.request_token).await.expect("it is known");
        (ended.operation_status, ended.error_code)
    }
}

#[tokio::test(start_paused = true)]
async fn a_resource_is_found_wherever_it_is() {
    let stacks = Stacks::new();
    stacks.0.world(|world| {
        world.add_existing(ACCOUNT, REGION, SUBNET, [("SubnetId", "subnet-0abc")]);
    });
    let mut retained = subnet("10.0.0.0/24");
    retained["DeletionPolicy"] = json!("Retain");
    stacks.deploy("net", json!({"Subnet": retained})).await.unwrap();
    let id = stacks.id("net", "Subnet").await;
    for there in ["subnet-0abc", &id] {
        assert!(stacks.is_there(SUBNET, there).await, "{there}");
    }
    assert!(!stacks.is_there(SUBNET, "subnet-0def").await);
    assert!(!stacks.is_there("AWS::EC2::VPC", &id).await, "of another type");
    stacks.delete("net").await;
    assert!(stacks.is_there(SUBNET, &id).await, "its policy keeps it");
}

#[tokio::test(start_paused = true)]
async fn types_that_are_none_or_not_supported_are_refused() {
    let stacks = Stacks::new();
    for (kind, code) in [
        ("AWS::EC2::Nonsense", "TypeNotFoundException"),
        ("AWS::Route53::RecordSet", "UnsupportedActionException"),
        ("Custom::Thing", "UnsupportedActionException"),
        ("Example::Some::Thing", "UnsupportedActionException"),
    ] {
        let got = stacks.get(kind, "it").await.unwrap_err();
        let deleted = stacks.begin(&delete(kind, "it", "")).await.unwrap_err();
        for error in [got, deleted] {
            assert!(error.starts_with(code), "{kind}: {error}");
        }
    }
    let error = stacks.progress("0123").await.unwrap_err();
    assert!(error.starts_with("RequestTokenNotFoundException"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_deletion_takes_a_while_and_happens_once() {
    let stacks = Stacks::new();
    stacks.0.world(|world| {
        world.add_existing(ACCOUNT, REGION, SUBNET, [("SubnetId", "subnet-0abc")]);
    });
    let first = delete(SUBNET, "subnet-0abc", "first");
    let begun = stacks.begin(&first).await.unwrap();
    assert_eq!(begun.operation_status, "IN_PROGRESS");
    assert_eq!(stacks.begin(&first).await.unwrap(), begun);
    assert!(stacks.is_there(SUBNET, "subnet-0abc").await, "it goes on");
    for other in ["", "second"] {
        let error = stacks.begin(&delete(SUBNET, "subnet-0abc", other)).await.unwrap_err();
        assert!(error.starts_with("ConcurrentOperationException"), "{error}");
    }
    let error = stacks.begin(&delete(SUBNET, "subnet-0def", "first")).await.unwrap_err();
    assert!(error.starts_with("ClientTokenConflictException"), "{error}");
    after(10).await;
    let ended = stacks.progress(&begun.request_token).await.unwrap();
    assert_eq!((&*ended.operation_status, ended.error_code.as_deref()), ("SUCCESS", None));
    assert_eq!(stacks.begin(&first).await.unwrap(), ended, "the same request has this answer");
    assert!(!stacks.is_there(SUBNET, "subnet-0abc").await);
    let again = stacks.end(&delete(SUBNET, "subnet-0abc", "")).await;
    assert_eq!(again, ("FAILED".to_owned(), Some("NotFound".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_deletion_of_what_is_in_use_fails_or_is_remembered() {
    let stacks = Stacks::new();
    let resources = json!({"Subnet": subnet("10.0.0.0/24"), "Topic": topic("alerts")});
    stacks.deploy("net", resources).await.unwrap();
    let id = stacks.id("net", "Subnet").await;
    let uses = json!({"Use": {"Type": "AWS::SSM::Parameter", "Properties": {
        "Type": "StringList", "Value": format!("{id},alerts"),
    }}});
    stacks.deploy("app", uses).await.unwrap();
    let ended = stacks.end(&delete(SUBNET, &id, "")).await;
    assert_eq!(ended, ("FAILED".to_owned(), Some("ResourceConflict".to_owned())));
    assert!(stacks.is_there(SUBNET, &id).await);
    let ended = stacks.end(&delete("AWS::SNS::Topic", "alerts", "")).await;
    assert_eq!(ended, ("SUCCESS".to_owned(), None));
    assert!(!stacks.is_there("AWS::SNS::Topic", "alerts").await);
    let broken = stacks.0.world(|world| world.broken().to_vec());
    assert_eq!(broken.len(), 1, "{broken:?}");
    // The stack does not know, and its other resource goes once who uses it is gone, though its stack is not.
    assert!(stacks.resources("net").await.contains_key("Topic"));
    let user = stacks.id("app", "Use").await;
    stacks.end(&delete("AWS::SSM::Parameter", &user, "")).await;
    assert_eq!(stacks.end(&delete(SUBNET, &id, "")).await, ("SUCCESS".to_owned(), None));
}
