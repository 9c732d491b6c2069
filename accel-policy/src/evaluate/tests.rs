use serde_json::json;

use super::*;
use crate::Origin;

const ROLE: &str = "arn:aws:iam::111111111111:role/app";
const OBJECT: &str = "arn:aws:s3:::orders/1";

fn policy(statements: serde_json::Value) -> Policy {
    let document = json!({"Version": "2012-10-17", "Statement": statements});
    Policy::from_value(&document, Origin::of("p", "prod/p")).unwrap()
}

fn statement(effect: &str, action: &str) -> serde_json::Value {
    json!({"Effect": effect, "Action": action, "Resource": "*"})
}

fn granting(principal: serde_json::Value) -> Option<Policy> {
    Some(policy(json!({
        "Effect": "Allow", "Action": "*", "Resource": "*", "Principal": principal
    })))
}

fn identity(effect: &str, action: &str) -> PolicySet {
    PolicySet { identity: vec![policy(statement(effect, action))], ..PolicySet::default() }
}

fn role() -> Principal {
    Principal::role_session(ROLE, "s")
}

fn read() -> Request {
    Request::new(role(), "s3:GetObject", OBJECT).resource_account("111111111111").complete()
}

#[track_caller]
fn implicitly(request: &Request, set: &PolicySet, layer: Layer) {
    assert_eq!(evaluate(request, set), Decision::ImplicitlyDenied(layer));
}

#[test]
fn identity_alone_allows_in_its_own_account() {
    assert!(evaluate(&read(), &identity("Allow", "s3:Get*")).is_allowed());
    implicitly(&read(), &identity("Allow", "s3:Put*"), Layer::Identity);
    let both = PolicySet {
        identity: vec![policy(json!([statement("Allow", "*"), statement("Deny", "s3:*")]))],
        ..PolicySet::default()
    };
    let Decision::ExplicitlyDenied(reason) = evaluate(&read(), &both) else { panic!() };
    assert_eq!((reason.statement, reason.construct.as_deref()), (2, Some("prod/p")));
}

#[test]
fn across_accounts_both_sides_must_allow() {
    let request = read().resource_account("222222222222");
    let mut set = identity("Allow", "s3:*");
    implicitly(&request, &set, Layer::Resource);
    set.resource = granting(json!({"AWS": "111111111111"}));
    assert!(evaluate(&request, &set).is_allowed());
    set.identity.clear();
    implicitly(&request, &set, Layer::Identity);
}

#[test]
fn in_one_account_the_resource_alone_allows_whom_it_names() {
    let with = |principal| PolicySet { resource: granting(principal), ..PolicySet::default() };
    assert!(evaluate(&read(), &with(json!({"AWS": ROLE}))).is_allowed());
    assert!(evaluate(&read(), &with(json!("*"))).is_allowed());
    implicitly(&read(), &with(json!({"AWS": "arn:aws:iam::111111111111:root"})), Layer::Identity);
}

#[test]
fn a_boundary_limits_identity_and_role_but_not_the_session_that_is_named() {
    let boundary = Some(policy(statement("Allow", "ec2:*")));
    let mut set = PolicySet { boundary, ..identity("Allow", "s3:*") };
    implicitly(&read(), &set, Layer::Boundary);
    set.resource = granting(json!({"AWS": ROLE}));
    implicitly(&read(), &set, Layer::Boundary);
    set.resource = granting(json!({"AWS": "arn:aws:sts::111111111111:assumed-role/app/s"}));
    assert!(evaluate(&read(), &set).is_allowed());
    set.resource = granting(json!("*"));
    assert!(evaluate(&read(), &set).is_allowed());
}

#[test]
fn every_level_of_the_organization_must_allow() {
    let level = |name: &str, policies| Level { name: name.to_owned(), policies };
    let full = || vec![Policy::full_access("FullAWSAccess")];
    let mut set = identity("Allow", "*");
    set.scps = vec![level("root", full()), level("unit", vec![]), level("account", full())];
    implicitly(&read(), &set, Layer::ServiceControl("unit".to_owned()));
    set.principal_manages = true;
    assert!(evaluate(&read(), &set).is_allowed());
    set.principal_manages = false;
    set.scps[1].policies = full();
    assert!(evaluate(&read(), &set).is_allowed());
    set.scps[0].policies.push(policy(statement("Deny", "s3:GetObject")));
    assert!(evaluate(&read(), &set).is_denied());
    let linked = "arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/Linked";
    let request = Request::new(Principal::role_session(linked, "s"), "s3:GetObject", OBJECT);
    assert!(evaluate(&request.complete(), &set).is_allowed());
}

#[test]
fn resource_control_only_denies_and_only_where_it_is_supported() {
    let deny = policy(json!({
        "Effect": "Deny", "Principal": "*", "Action": ["s3:*", "ec2:*"], "Resource": "*"
    }));
    let level = Level { name: "root".to_owned(), policies: vec![deny] };
    let mut set = PolicySet { rcps: vec![level], ..identity("Allow", "*") };
    assert!(evaluate(&read(), &set).is_denied());
    let run = Request::new(role(), "ec2:DescribeInstances", "*").complete();
    assert!(evaluate(&run, &set).is_allowed());
    set.resource_manages = true;
    assert!(evaluate(&read(), &set).is_allowed());
}

#[test]
fn roles_and_keys_trust_nobody_by_themselves() {
    let assume =
        Request::new(role(), "sts:AssumeRole", "arn:aws:iam::111111111111:role/b").complete();
    let mut set = identity("Allow", "*");
    implicitly(&assume, &set, Layer::Resource);
    set.resource = granting(json!({"AWS": "111111111111"}));
    assert!(evaluate(&assume, &set).is_allowed());
    let key = "arn:aws:kms:eu-west-1:111111111111:key/k";
    let decrypt = Request::new(role(), "kms:Decrypt", key).complete();
    assert!(evaluate(&decrypt, &set).is_allowed());
    set.identity.clear();
    implicitly(&decrypt, &set, Layer::Identity);
    set.resource = None;
    implicitly(&decrypt, &set, Layer::Resource);
}

#[test]
fn services_and_strangers_have_only_what_the_resource_gives() {
    let logs = Principal::Service("logs.amazonaws.com".to_owned());
    let request = Request::new(logs, "s3:PutObject", OBJECT).complete();
    let mut set = identity("Allow", "*");
    implicitly(&request, &set, Layer::Resource);
    set.resource = granting(json!({"Service": "logs.amazonaws.com"}));
    assert!(evaluate(&request, &set).is_allowed());
    let stranger = Request::new(Principal::Anonymous, "s3:GetObject", OBJECT).complete();
    implicitly(&stranger, &set, Layer::Resource);
    set.resource = granting(json!("*"));
    assert!(evaluate(&stranger, &set).is_allowed());
}

#[test]
fn the_root_user_is_limited_by_the_organization_alone() {
    let root = Request::new(Principal::root("111111111111"), "iam:CreateUser", "*").complete();
    let mut set = PolicySet::default();
    assert!(evaluate(&root, &set).is_allowed());
    set.boundary = Some(policy(statement("Deny", "*")));
    assert!(evaluate(&root, &set).is_allowed());
    let deny = policy(json!({
        "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}
    }));
    set.scps = vec![Level {
        name: "account".to_owned(),
        policies: vec![Policy::full_access("FullAWSAccess"), deny],
    }];
    assert!(matches!(evaluate(&root, &set), Decision::ExplicitlyDenied(_)));
}

#[test]
fn not_principal_spares_only_who_is_named_whole() {
    let deny = |names: &[&str]| PolicySet {
        resource: Some(policy(json!({
            "Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": {"AWS": names}
        }))),
        ..identity("Allow", "*")
    };
    let session = "arn:aws:sts::111111111111:assumed-role/app/s";
    assert!(evaluate(&read(), &deny(&[ROLE])).is_denied());
    assert!(evaluate(&read(), &deny(&[ROLE, session, "111111111111"])).is_allowed());
}

#[test]
fn what_nobody_said_is_asked_for_and_never_guessed() {
    let region = |effect| {
        policy(json!({
            "Effect": effect, "Action": "*", "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}
        }))
    };
    let open = Request::new(role(), "s3:GetObject", OBJECT);
    let mut set = identity("Allow", "*");
    set.identity.push(region("Deny"));
    let Decision::Unknown(keys) = evaluate(&open, &set) else { panic!() };
    assert_eq!(keys.into_iter().collect::<Vec<_>>(), ["aws:requestedregion"]);
    let here = open.clone().with("aws:RequestedRegion", ["eu-west-1"]);
    assert!(evaluate(&here, &set).is_allowed());
    // What nothing allows is denied, whatever the key is.
    set.identity.remove(0);
    assert!(evaluate(&open, &set).is_denied());
}
