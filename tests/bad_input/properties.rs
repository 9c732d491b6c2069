//! Properties, through the escape hatch.

use std::panic::Location;

use accel::{
    core::{Object, Prop, Resource},
    prelude::*,
};
use accel_testing::insta;

use super::{HERE, app, problem};

/// A resource of one property, set through the escape hatch.
#[track_caller]
fn with(type_name: &'static str, property: &str, value: impl Into<Prop>) -> String {
    stack!(app, stack);
    let resource = stack.add("thing", Resource::new(type_name));
    stack[resource].set(property.to_owned(), value);
    problem(app, Location::caller().line())
}

#[test]
fn outside_an_enumeration() {
    insta::assert_snapshot!(with("AWS::S3::Bucket", "AccessControl", "public"), @r#"
    value-not-allowed: `prod/eu-west-1/apps/thing` (AWS::S3::Bucket): `AccessControl` is "public"
    note: allowed: `AuthenticatedRead`, `AwsExecRead`, `BucketOwnerFullControl`, `BucketOwnerRead`, `LogDeliveryWrite`, `Private`, `PublicRead` or `PublicReadWrite`
    help: did you mean `PublicRead`?
    "#);
    let object = Prop::object([("Status", "On")]);
    insta::assert_snapshot!(with("AWS::S3::Bucket", "VersioningConfiguration", object), @r#"
    value-not-allowed: `prod/eu-west-1/apps/thing` (AWS::S3::Bucket): `VersioningConfiguration/Status` is "On"
    note: allowed: `Enabled` or `Suspended`
    help: give it a value that is allowed, or, if AWS allows more than its schemas say, say so with `resource.newer_than_schemas()`
    "#);
}

#[test]
fn that_do_not_match_a_pattern() {
    insta::assert_snapshot!(with("AWS::S3::Bucket", "BucketName", "My_Bucket"), @r#"
    pattern-mismatch: `prod/eu-west-1/apps/thing` (AWS::S3::Bucket): `BucketName` is "My_Bucket"
    note: allowed: text that matches ^(?![.\-])(?!.*\.\.)(?!.*\-\.)(?!.*\.\-)[a-z0-9.\-]{3,63}(?<![.\-])$
    help: give it a value that is allowed
    "#);
    insta::assert_snapshot!(with("AWS::Logs::LogGroup", "LogGroupName", "all logs"), @r#"
    pattern-mismatch: `prod/eu-west-1/apps/thing` (AWS::Logs::LogGroup): `LogGroupName` is "all logs"
    note: allowed: text that matches ^[\.\-_\/#A-Za-z0-9]{1,512}\Z
    help: give it a value that is allowed
    "#);
}

#[test]
fn outside_a_range() {
    insta::assert_snapshot!(with("AWS::SQS::Queue", "DelaySeconds", 901), @"
    out-of-range: `prod/eu-west-1/apps/thing` (AWS::SQS::Queue): `DelaySeconds` is 901
    note: allowed: at most 900
    help: give it a value that is allowed
    ");
}

#[test]
fn of_another_type() {
    insta::assert_snapshot!(with("AWS::SQS::Queue", "DelaySeconds", "ten"), @r#"
    wrong-type: `prod/eu-west-1/apps/thing` (AWS::SQS::Queue): `DelaySeconds` is "ten"
    note: allowed: integer
    help: give it a value that is allowed
    "#);
    insta::assert_snapshot!(with("AWS::SNS::Topic", "TopicName", Object::new()), @"
    wrong-type: `prod/eu-west-1/apps/thing` (AWS::SNS::Topic): `TopicName` is an empty object
    note: allowed: string
    help: give it a value that is allowed
    ");
}

#[test]
fn that_do_not_exist() {
    insta::assert_snapshot!(with("AWS::S3::Bucket", "Name", "logs"), @"
    unknown-property: `prod/eu-west-1/apps/thing` (AWS::S3::Bucket): there is no property `Name`
    note: allowed: `AbacStatus`, `AccelerateConfiguration`, `AccessControl`, `AnalyticsConfigurations`, `Arn`, `BucketEncryption`, `BucketName`, `BucketNamePrefix`, `BucketNamespace`, `CorsConfiguration`, `DomainName`, `DualStackDomainName` and 18 more
    help: leave it out, or, if it is newer than the schemas of accel, say so with `resource.newer_than_schemas()`
    ");
    insta::assert_snapshot!(with("AWS::S3::Bucket", "BucketNme", "logs"), @"
    unknown-property: `prod/eu-west-1/apps/thing` (AWS::S3::Bucket): there is no property `BucketNme`
    note: allowed: `AbacStatus`, `AccelerateConfiguration`, `AccessControl`, `AnalyticsConfigurations`, `Arn`, `BucketEncryption`, `BucketName`, `BucketNamePrefix`, `BucketNamespace`, `CorsConfiguration`, `DomainName`, `DualStackDomainName` and 18 more
    help: did you mean `BucketName`?
    ");
}

#[test]
fn that_are_missing() {
    stack!(app, stack);
    let line = line!() + 1;
    stack.add("route", Resource::new("AWS::EC2::Route"));
    insta::assert_snapshot!(problem(app, line), @r#"
    missing-property: `prod/eu-west-1/apps/route` (AWS::EC2::Route): `RouteTableId` is required and not set
    note: allowed: a value
    help: set it: `resource.set("RouteTableId", ..)`
    "#);
}

#[test]
fn of_a_type_that_does_not_exist() {
    stack!(app, stack);
    let line = line!() + 1;
    stack.add("queue", Resource::new("AWS::SQS::Qeue"));
    insta::assert_snapshot!(problem(app, line), @"
    unknown-resource-type: `prod/eu-west-1/apps/queue` (AWS::SQS::Qeue): there is no resource type AWS::SQS::Qeue
    note: allowed: a resource type of CloudFormation, `Custom::*`, or an extension
    help: did you mean `AWS::SQS::Queue`?
    ");
}
