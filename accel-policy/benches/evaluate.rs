//! What a simulated request costs: `cargo bench -p accel-policy`.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::hint::black_box;

use accel_policy::{Level, Origin, Policy, PolicySet, Principal, Request, evaluate};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::json;

fn policy(index: usize, effect: &str) -> Policy {
    let document = json!({"Version": "2012-10-17", "Statement": {
        "Effect": effect,
        "Action": [format!("s3:Get{index}*"), format!("dynamodb:Put{index}*"), "s3:List*"],
        "Resource": ["arn:aws:s3:::orders/${aws:username}/*", "arn:aws:s3:::shared/*"],
        "Condition": {
            "StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]},
            "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/break-glass"}
        }
    }});
    Policy::from_value(&document, Origin::named(format!("p{index}"))).expect("a policy")
}

fn request() -> Request {
    let role = Principal::role_session("arn:aws:iam::111111111111:role/app", "s");
    Request::new(role, "s3:GetObject", "arn:aws:s3:::orders/1")
        .resource_account("111111111111")
        .with("aws:RequestedRegion", ["us-east-1"])
        .complete()
}

fn simple(criterion: &mut Criterion) {
    let allow = json!({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}});
    let allow = Policy::from_value(&allow, Origin::named("allow")).expect("a policy");
    let policies = PolicySet { identity: vec![allow], ..PolicySet::default() };
    let request = request();
    assert!(evaluate(&request, &policies).is_allowed());
    criterion.bench_function("evaluate, one policy", |bencher| {
        bencher.iter(|| evaluate(black_box(&request), black_box(&policies)));
    });
}

fn fifty(criterion: &mut Criterion) {
    let level = |name: &str, from: usize| {
        let denies = (from..from + 13).map(|index| policy(index, "Deny"));
        let policies = [Policy::full_access("FullAWSAccess")].into_iter().chain(denies).collect();
        Level { name: name.to_owned(), policies }
    };
    let mut identity: Vec<_> = (0..10).map(|index| policy(index, "Allow")).collect();
    identity.push(Policy::full_access("AdministratorAccess"));
    let policies = PolicySet {
        identity,
        scps: vec![level("root", 10), level("unit", 30), level("account", 50)],
        ..PolicySet::default()
    };
    let request = request();
    assert!(evaluate(&request, &policies).is_allowed());
    criterion.bench_function("evaluate, 53 policies", |bencher| {
        bencher.iter(|| evaluate(black_box(&request), black_box(&policies)));
    });
}

criterion_group!(benches, simple, fifty);
criterion_main!(benches);
