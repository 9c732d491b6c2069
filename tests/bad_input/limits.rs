//! More than AWS takes.

use accel::{
    constructs::foundation::ServiceControlPolicy,
    core::{PolicyDocument, Resource, actions, policy::Statement},
    prelude::*,
};
use accel_testing::insta;

use super::{HERE, app, problem};

#[test]
fn resources_of_a_stack() {
    let (mut app, [prod, _]) = app();
    let line = line!() + 1;
    let mut stack = app.open("apps", Stack::new(prod.in_region(HERE)));
    for number in 0..501 {
        stack.add(&format!("topic-{number}"), Resource::new("AWS::SNS::Topic"));
    }
    insta::assert_snapshot!(problem(app, line), @"
    limit-exceeded: `prod/eu-west-1/apps` has 501 resources
    note: allowed: at most 500
    help: split it into several stacks: open a second one and add a part of this there
    ");
}

#[test]
fn characters_of_a_service_control_policy() {
    let mut app = App::new("test");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let buckets = (0..400).map(|number| format!("arn:aws:s3:::bucket-{number}"));
    let deny = Statement::deny(actions!["s3:DeleteBucket"]).resources(buckets);
    let policy = ServiceControlPolicy::builder()
        .document(PolicyDocument::from([deny]))
        .targets([org.root()])
        .build();
    let line = line!() + 1;
    org.add("deny-much", policy);
    insta::assert_snapshot!(problem(app, line), @"
    limit-exceeded: `management/us-east-1/org/home/deny-much/policy` has 10386 characters of policy, without white space
    note: allowed: at most 5120
    help: drop statements, merge those with the same effect, condition and resource, or split it into two policies
    ");
}

#[test]
fn owners_of_one_detector() {
    stack!(app, stack);
    let detector = || {
        let mut detector = Resource::new("AWS::GuardDuty::Detector");
        detector.set("Enable", true);
        detector
    };
    stack.add("detector", detector());
    let line = line!() + 1;
    stack.add("another", detector());
    insta::assert_snapshot!(problem(app, line), @"
    two-owners: `prod/eu-west-1/apps/detector` and `prod/eu-west-1/apps/another` both are the one `AWS::GuardDuty::Detector` of their account and region
    note: the other one is made here, in this file
    help: keep one of the two, and pass what it gives back to whoever needs it
    ");
}

#[test]
fn that_a_stack_set_of_units_cannot_have() {
    for (type_name, needs) in [
        ("AWS::Serverless::Function", "needs the transform `AWS::Serverless-2016-10-31`"),
        ("AWS::CloudFormation::Stack", "is a nested stack"),
    ] {
        let mut app = App::new("test");
        let org = app.open("org", Organization::create(email!("aws@example.com")));
        let root = org.root();
        let mut set = app.open("everywhere", StackSet::for_units([root]).regions([HERE]));
        let mut expanded = Resource::new(type_name);
        expanded.set("TemplateURL", "https://example.com/template.json").newer_than_schemas();
        let line = line!() + 1;
        set.add("expanded", expanded);
        let said = problem(app, line);
        assert!(said.starts_with("expanded-in-stack-set: `everywhere/expanded`"), "{said}");
        assert!(said.contains(needs), "{said}");
    }
}
