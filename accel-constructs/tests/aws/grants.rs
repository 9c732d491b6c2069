use accel_constructs::{
    platform::{Bucket, BucketRef},
    security::{IamRole, IamRoleRef, KmsKey},
};
use accel_core::{
    AccountInfo, AccountRef, App, Region, Scope, Stack, StackSet, account_id, policy::Principal,
};
use serde_json::Value;

use super::{codes, of_type, synth, template};

fn accounts(app: &mut App) -> [AccountRef; 2] {
    let id = |id| AccountInfo { id: Some(id), ..AccountInfo::default() };
    let mut app = app.scope();
    [
        app.declare_account_as("data", id(account_id!("111111111111"))),
        app.declare_account_as("jobs", id(account_id!("222222222222"))),
    ]
}

fn ireland(account: AccountRef) -> Stack {
    Stack::new(account.in_region(Region::EU_WEST_1))
}

fn bucket(stack: &mut Scope<'_, Stack>) -> BucketRef {
    let key = stack.add("key", KmsKey::builder().build());
    stack.add("bucket", Bucket::builder().key(key).build())
}

fn role() -> IamRole {
    IamRole::builder().trusted([Principal::service("ec2.amazonaws.com")]).build()
}

fn named_role() -> IamRole {
    IamRole::builder().name("job").trusted([Principal::service("ec2.amazonaws.com")]).build()
}

fn statements<'a>(template: &'a Value, kind: &str, document: &str) -> Vec<&'a Value> {
    let [resource] = of_type(template, kind)[..] else { panic!("one {kind}") };
    let document = resource.pointer(document);
    let statements = document.and_then(|document| document["Statement"].as_array());
    statements.map(|statements| statements.iter().collect()).unwrap_or_default()
}

#[test]
fn in_one_account_the_role_is_told() {
    let mut app = App::new("acme");
    let [data, _] = accounts(&mut app);
    let mut stack = app.open("store", ireland(data));
    let bucket = bucket(&mut stack);
    let role = stack.add("job", role());
    bucket.grant_read(&mut stack, role);
    bucket.grant_read(&mut stack, role);
    let store = template(&synth(app), "data/eu-west-1/store");
    let told = statements(&store, "AWS::IAM::Role", "/Policies/0/PolicyDocument");
    let actions: Vec<_> = told.iter().map(|statement| &statement["Action"]).collect();
    assert_eq!(
        actions,
        [
            &serde_json::json!(["s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"]),
            &serde_json::json!("kms:Decrypt"),
        ]
    );
    assert_eq!(statements(&store, "AWS::S3::BucketPolicy", "/PolicyDocument").len(), 1);
    assert_eq!(statements(&store, "AWS::KMS::Key", "/KeyPolicy").len(), 1);
}

#[test]
fn across_accounts_both_sides_are_told() {
    let mut app = App::new("acme");
    let [data, jobs] = accounts(&mut app);
    let bucket = bucket(&mut app.open("store", ireland(data)));
    let mut stack = app.open("jobs", ireland(jobs));
    let role = stack.add("job", named_role());
    bucket.grant_read_write(&mut stack, role);
    let assembly = synth(app);

    let jobs = template(&assembly, "jobs/eu-west-1/jobs");
    let told = statements(&jobs, "AWS::IAM::Role", "/Policies/0/PolicyDocument");
    assert_eq!(told.len(), 2);
    assert_eq!(jobs["Parameters"].as_object().map(|parameters| parameters.len()), Some(2));

    let store = template(&assembly, "data/eu-west-1/store");
    assert!(store.get("Parameters").is_none(), "the bucket waits for nobody");
    let [_, bucket_side] = statements(&store, "AWS::S3::BucketPolicy", "/PolicyDocument")[..]
    else {
        panic!("two statements")
    };
    let [_, key_side] = statements(&store, "AWS::KMS::Key", "/KeyPolicy")[..] else {
        panic!("two statements")
    };
    for side in [bucket_side, key_side] {
        assert_eq!(side["Principal"]["AWS"], "222222222222");
        let arn = side["Condition"]["ArnEquals"]["aws:PrincipalArn"].to_string();
        assert!(arn.contains(":role/job"), "{arn}");
    }
    assert_eq!(key_side["Resource"], "*");
}

#[test]
fn a_role_that_exists_is_let_in_by_the_resource() {
    let mut app = App::new("acme");
    let [data, _] = accounts(&mut app);
    let mut stack = app.open("store", ireland(data));
    let bucket = bucket(&mut stack);
    let admin = IamRole::existing("arn:aws:iam::333333333333:role/admin");
    bucket.grant_read(&mut stack, admin);
    let store = template(&synth(app), "data/eu-west-1/store");
    let policy = statements(&store, "AWS::S3::BucketPolicy", "/PolicyDocument");
    assert_eq!(policy[1]["Principal"]["AWS"], "arn:aws:iam::333333333333:role/admin");
}

#[test]
fn an_unnamed_role_of_another_account_gets_nothing() {
    let mut app = App::new("acme");
    let [data, jobs] = accounts(&mut app);
    let bucket = bucket(&mut app.open("store", ireland(data)));
    let mut stack = app.open("jobs", ireland(jobs));
    let role = stack.add("job", role());
    bucket.grant_read(&mut stack, role);
    assert_eq!(codes(app), ["grant-to-unnamed-role"]);
}

#[test]
fn a_role_of_a_stack_set_gets_nothing_from_outside() {
    let mut app = App::new("acme");
    let [data, jobs] = accounts(&mut app);
    let bucket = bucket(&mut app.open("store", ireland(data)));
    let mut set = app.open("job-set", StackSet::for_accounts([jobs]).regions([Region::EU_WEST_1]));
    let role: IamRoleRef = set.add("job", named_role());
    bucket.grant_read(&mut set, role);
    assert_eq!(codes(app), ["grant-into-stack-set"]);
}

#[test]
fn a_role_of_another_app_gets_nothing() {
    let mut other = App::new("other");
    let [_, jobs] = accounts(&mut other);
    let role = other.open("jobs-stack", ireland(jobs)).add("job", role());
    let mut app = App::new("acme");
    let [data, _] = accounts(&mut app);
    let mut stack = app.open("store", ireland(data));
    let bucket = bucket(&mut stack);
    bucket.grant_read(&mut stack, role);
    assert_eq!(codes(app), ["foreign-handle"]);
}
