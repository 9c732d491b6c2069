//! The laws of the simulated world.

use std::{fs, path::PathBuf, time::Duration};

use accel_deploy::{
    Call, Cloud as _, CloudError, ErrorClass, Place, Protocol,
    cloud::{CloudExt as _, s3, ssm, sts::GetCallerIdentity},
};
use accel_simulator::SimulatedCloud;
use serde_json::{Value, json};

async fn organizations(
    cloud: &SimulatedCloud,
    action: &'static str,
    request: Value,
) -> Result<Value, CloudError> {
    let protocol = Protocol::Json { target: "AWSOrganizationsV20161128".into() };
    let call = Call { service: "organizations".into(), action: action.into(), protocol, request };
    cloud.send(&Place::caller("us-east-1"), call).await
}

async fn create_account(cloud: &SimulatedCloud, email: &str) -> Value {
    let request = json!({ "AccountName": "a", "Email": email });
    let status = organizations(cloud, "CreateAccount", request).await.expect("is taken");
    let id = status["CreateAccountStatus"]["Id"].clone();
    tokio::time::sleep(Duration::from_secs(45)).await;
    let request = json!({ "CreateAccountRequestId": id });
    let status =
        organizations(cloud, "DescribeCreateAccountStatus", request).await.expect("is known");
    status["CreateAccountStatus"].clone()
}

fn directory(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&directory);
    directory
}

#[tokio::test(start_paused = true)]
async fn an_account_takes_its_time_and_its_address() {
    let cloud = SimulatedCloud::new();
    let none = organizations(&cloud, "ListRoots", json!({})).await.unwrap_err();
    assert_eq!(none.code, "AWSOrganizationsNotInUseException");
    organizations(&cloud, "CreateOrganization", json!({})).await.unwrap();
    let request = json!({ "AccountName": "a", "Email": "a@example.com" });
    let status = organizations(&cloud, "CreateAccount", request).await.unwrap();
    assert_eq!(status["CreateAccountStatus"]["State"], "IN_PROGRESS");
    assert_eq!(cloud.world(|world| world.organization.as_ref().unwrap().accounts.len()), 1);
    let second = create_account(&cloud, "a@example.com").await;
    assert_eq!(second["FailureReason"], "EMAIL_ALREADY_EXISTS");
    assert_eq!(cloud.world(|world| world.organization.as_ref().unwrap().accounts.len()), 2);
    cloud.world(|world| world.account_quota = 2);
    let third = create_account(&cloud, "b@example.com").await;
    assert_eq!(third["FailureReason"], "ACCOUNT_LIMIT_EXCEEDED");
}

#[tokio::test(start_paused = true)]
async fn a_suspended_account_cannot_be_entered() {
    let cloud = SimulatedCloud::new();
    organizations(&cloud, "CreateOrganization", json!({})).await.unwrap();
    let made = create_account(&cloud, "a@example.com").await;
    let id = made["AccountId"].as_str().unwrap();
    let place = Place::account(id, "eu-central-1");
    assert_eq!(cloud.call(&place, &GetCallerIdentity {}).await.unwrap().account, id);
    cloud.world(|world| {
        let accounts = &mut world.organization.as_mut().unwrap().accounts;
        accounts.get_mut(id).unwrap().state = "SUSPENDED".to_owned();
    });
    let denied = cloud.call(&place, &GetCallerIdentity {}).await.unwrap_err();
    assert_eq!(denied.class, ErrorClass::Denied);
}

#[tokio::test(start_paused = true)]
async fn units_are_unique_in_their_parent_and_accounts_move() {
    let cloud = SimulatedCloud::new();
    organizations(&cloud, "CreateOrganization", json!({})).await.unwrap();
    let unit = json!({ "Name": "core", "ParentId": "r-sim1" });
    let made = organizations(&cloud, "CreateOrganizationalUnit", unit.clone()).await.unwrap();
    let again = organizations(&cloud, "CreateOrganizationalUnit", unit).await.unwrap_err();
    assert_eq!(again.code, "DuplicateOrganizationalUnitException");
    let account = create_account(&cloud, "a@example.com").await["AccountId"].clone();
    let unit = &made["OrganizationalUnit"]["Id"];
    let request = json!({
        "AccountId": account, "SourceParentId": "r-sim1", "DestinationParentId": unit,
    });
    organizations(&cloud, "MoveAccount", request.clone()).await.unwrap();
    let stale = organizations(&cloud, "MoveAccount", request).await.unwrap_err();
    assert_eq!(stale.code, "SourceParentNotFoundException");
    let parents = organizations(&cloud, "ListParents", json!({ "ChildId": account })).await;
    assert_eq!(parents.unwrap()["Parents"][0]["Id"], *unit);
}

#[tokio::test(start_paused = true)]
async fn a_conditional_put_writes_only_what_it_may() {
    let cloud = SimulatedCloud::new();
    let place = Place::caller("eu-central-1");
    cloud.world(|world| world.occupy_bucket("taken", "888888888888"));
    let taken = s3::CreateBucket { bucket: "taken".to_owned() };
    assert_eq!(cloud.call(&place, &taken).await.unwrap_err().code, "BucketAlreadyExists");
    let absent = cloud.call(&place, &s3::HeadBucket { bucket: "b".to_owned() }).await;
    assert_eq!(absent.unwrap_err().class, ErrorClass::NotFound);
    cloud.call(&place, &s3::CreateBucket { bucket: "b".to_owned() }).await.unwrap();
    let mut put = s3::PutObject {
        bucket: "b".to_owned(),
        key: "lock".to_owned(),
        body: "1".to_owned(),
        if_none_match: Some("*".to_owned()),
        ..s3::PutObject::default()
    };
    let written = cloud.call(&place, &put).await.unwrap();
    let refused = cloud.call(&place, &put).await.unwrap_err();
    assert_eq!(refused.code, "PreconditionFailed");
    put.if_none_match = None;
    put.if_match = Some(written.e_tag);
    put.body = "2".to_owned();
    cloud.call(&place, &put).await.unwrap();
    assert_eq!(cloud.call(&place, &put).await.unwrap_err().code, "PreconditionFailed");
}

#[tokio::test(start_paused = true)]
async fn a_world_that_is_opened_again_is_the_same() {
    let directory = directory("same");
    let cloud = SimulatedCloud::open(&directory, Vec::new()).unwrap();
    organizations(&cloud, "CreateOrganization", json!({})).await.unwrap();
    create_account(&cloud, "a@example.com").await;
    let put = ssm::PutParameter {
        name: "/p".to_owned(),
        value: "v".to_owned(),
        r#type: Some("String".to_owned()),
        ..ssm::PutParameter::default()
    };
    cloud.call(&Place::caller("us-east-1"), &put).await.unwrap();
    assert_eq!(cloud.mutating_calls(), 3);
    let before = cloud.world(|world| world.clone());
    let file = directory.join("cloud.jsonl");
    let mut text = fs::read_to_string(&file).unwrap();
    text.push_str("{\"at\":1");
    fs::write(&file, text).unwrap();
    let again = SimulatedCloud::open(&directory, Vec::new()).unwrap();
    assert_eq!(again.world(|world| world.clone()), before);
    let exists = again.call(&Place::caller("us-east-1"), &put).await.unwrap_err();
    assert_eq!(exists.class, ErrorClass::Exists);
    SimulatedCloud::open(&directory, Vec::new()).unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_is_not_simulated_is_refused() {
    let cloud = SimulatedCloud::new();
    let unknown = organizations(&cloud, "LeaveOrganization", json!({})).await.unwrap_err();
    assert_eq!(unknown.class, ErrorClass::Refused);
    organizations(&cloud, "CreateOrganization", json!({})).await.unwrap();
    let unknown = organizations(&cloud, "LeaveOrganization", json!({})).await.unwrap_err();
    assert_eq!(unknown.code, "UnknownOperationException");
}
