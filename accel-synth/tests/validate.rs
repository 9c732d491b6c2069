//! What validation says, and what it lets pass, through the API that tools use.

use accel_core::{Object, Prop, Region};
use accel_synth::{
    read,
    validate::{Kind, Options, Violation, template::validate_template, validate},
};

fn violations(type_name: &str, json: &str) -> Vec<Violation> {
    let properties = read::json(json).expect("the test is valid JSON");
    let properties = properties.as_object().expect("properties are an object");
    validate(type_name, properties, Options::default())
}

/// One line a violation.
fn said(type_name: &str, json: &str) -> String {
    let lines: Vec<String> = violations(type_name, json).iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[track_caller]
fn passes(type_name: &str, json: &str) {
    assert_eq!(said(type_name, json), "", "{type_name} {json}");
}

#[test]
fn a_missing_property_is_named() {
    insta::assert_snapshot!(said("AWS::Logs::SubscriptionFilter", r#"{"FilterPattern": ""}"#));
}

#[test]
fn an_unknown_property_comes_with_the_nearest_and_all_known() {
    insta::assert_snapshot!(said(
        "AWS::S3::Bucket",
        r#"{"VersioningConfiguration": {"Stauts": "Enabled"}}"#
    ));
}

#[test]
fn scalars_are_checked_by_type_value_pattern_length_and_range() {
    insta::assert_snapshot!(said(
        "AWS::Lambda::Function",
        r#"{"Role": "nobody", "Code": {"ZipFile": "x"}, "Runtime": "nodejs99.x", "Timeout": 5000,
            "MemorySize": "a lot", "Handler": "", "Environment": []}"#,
    ));
}

#[test]
fn lists_are_checked_by_count_and_duplicates() {
    insta::assert_snapshot!(said(
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        r#"{"Actions": [], "Conditions": [{}, {}], "Priority": 1, "ListenerArn": "x"}"#,
    ));
    insta::assert_snapshot!(said(
        "AWS::SNS::Topic",
        r#"{"Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}, {"Key": "aws:b", "Value": "3"}]}"#,
    ));
}

#[test]
fn combinations_are_checked() {
    insta::assert_snapshot!(said(
        "AWS::EC2::Subnet",
        r#"{"VpcId": "vpc-12345678", "AvailabilityZone": "a", "AvailabilityZoneId": "b",
            "Ipv4IpamPoolId": "ipam-pool-1"}"#,
    ));
    insta::assert_snapshot!(said("AWS::Events::Rule", "{}"));
}

#[test]
fn a_value_of_no_form_is_told_what_each_form_asks_for() {
    insta::assert_snapshot!(said("AWS::EC2::Instance", r#"{"LaunchTemplate": {"Version": "1"}}"#));
    insta::assert_snapshot!(said(
        "AWS::EC2::Instance",
        r#"{"LaunchTemplate": {"Version": "1", "LaunchTemplateId": "a", "LaunchTemplateName": "b"}}"#,
    ));
}

#[test]
fn what_aws_computes_cannot_be_set() {
    insta::assert_snapshot!(said("AWS::SQS::Queue", r#"{"QueueUrl": "https://example.com"}"#));
}

#[test]
fn scalars_are_coerced_as_cloudformation_does() {
    passes(
        "AWS::Lambda::EventSourceMapping",
        r#"{"FunctionName": "f", "BatchSize": "60", "Enabled": "true"}"#,
    );
    passes("AWS::SSM::Parameter", r#"{"Type": "String", "Value": 1}"#);
    passes("AWS::Logs::LogGroup", r#"{"RetentionInDays": "30"}"#);
    let wrong = violations("AWS::Logs::LogGroup", r#"{"RetentionInDays": "thirty"}"#);
    assert_eq!(wrong[0].kind, Kind::WrongType);
}

#[test]
fn what_only_the_deployment_knows_passes() {
    for value in [
        r#"{"Ref": "Days"}"#,
        r#"{"Fn::GetAtt": ["A", "B"]}"#,
        r#"{"Fn::FindInMap": ["a", "b", "c"]}"#,
        r#""{{resolve:ssm:/days}}""#,
        r#"{"Fn::Transform": {"Name": "Macro"}}"#,
    ] {
        passes("AWS::Logs::LogGroup", &format!(r#"{{"RetentionInDays": {value}}}"#));
    }
    passes("AWS::ECS::Service", r#"{"TaskDefinition": "t", "LoadBalancers": {"Ref": "List"}}"#);
}

#[test]
fn both_branches_of_a_condition_are_looked_into() {
    let of = |yes: &str, no: &str| {
        let json = format!(r#"{{"RetentionInDays": {{"Fn::If": ["IsTest", {yes}, {no}]}}}}"#);
        violations("AWS::Logs::LogGroup", &json)
    };
    assert_eq!(of("30", "90"), []);
    assert_eq!(of("30", r#"{"Ref": "AWS::NoValue"}"#), []);
    assert_eq!(of("30", "2").len(), 1);
    assert_eq!(of(r#"{"Fn::If": ["Other", 2, 3]}"#, "4").len(), 2);
}

#[test]
fn no_value_is_as_if_nothing_were_there() {
    let required = r#"{"TopicName": "t", "Endpoint": "e", "Protocol": "sms", "TopicArn": {"Ref": "AWS::NoValue"}}"#;
    let missing = violations("AWS::SNS::Subscription", required);
    assert!(missing.iter().any(|violation| violation.kind == Kind::MissingProperty), "{missing:?}");
    let exclusive = r#"{"VpcId": "vpc-12345678", "CidrBlock": "10.0.0.0/24",
        "AvailabilityZone": {"Fn::If": ["C", "us-east-1a", {"Ref": "AWS::NoValue"}]},
        "AvailabilityZoneId": {"Fn::If": ["C", {"Ref": "AWS::NoValue"}, "use1-az1"]}}"#;
    passes("AWS::EC2::Subnet", exclusive);
}

#[test]
fn policy_documents_pass() {
    passes(
        "AWS::IAM::Role",
        r#"{"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"Service": {"Fn::Sub": "ec2.${AWS::URLSuffix}"}}, "Action": "sts:AssumeRole"}]}}"#,
    );
}

#[test]
fn a_type_that_no_schema_describes_passes_if_none_can() {
    passes("Custom::Thing", r#"{"ServiceToken": "arn", "Anything": [1]}"#);
    passes(
        "AWS::CloudFormation::CustomResource",
        r#"{"ServiceToken": "arn:aws:lambda:x", "Anything": [1]}"#,
    );
    passes("Datadog::Monitors::Monitor", r#"{"Query": "q"}"#);
    insta::assert_snapshot!(said("AWS::S3::Bukcet", "{}"));
}

#[test]
fn a_resource_can_be_newer_than_the_schemas() {
    let newer = Options { newer_than_schemas: true, ..Options::default() };
    let none = Object::new();
    assert_eq!(validate("AWS::New::Thing", &none, newer), []);
    let bucket = Prop::object([
        ("NewProperty", Prop::from(1)),
        ("AccessControl", "NewValue".into()),
        ("BucketName", "UPPER".into()),
        ("BucketNamespace", Prop::list([1])),
    ]);
    let kinds: Vec<Kind> = validate("AWS::S3::Bucket", bucket.as_object().unwrap(), newer)
        .iter()
        .map(|violation| violation.kind)
        .collect();
    assert_eq!(kinds, [Kind::PatternMismatch, Kind::WrongType]);
}

#[test]
fn a_type_has_to_be_available_in_every_region() {
    let none = Object::new();
    let regions = [Region::US_EAST_1, Region::CN_NORTH_1, Region::EUSC_DE_EAST_1];
    let options = Options { regions: &regions, newer_than_schemas: false };
    let said: Vec<_> = validate("AWS::SageMaker::Cluster", &none, options)
        .into_iter()
        .filter(|violation| violation.kind != Kind::MissingProperty)
        .map(|violation| (violation.severity().to_string(), violation.to_string()))
        .collect();
    insta::assert_debug_snapshot!(said);
}

#[test]
fn a_type_that_is_only_in_the_service_spec_is_checked_for_names_and_types() {
    let types = include_str!("../data/types-without-schema.txt");
    assert!(types.lines().any(|line| line == "AWS::AccessAnalyzer::ArchiveRule"), "choose another");
    insta::assert_snapshot!(said(
        "AWS::AccessAnalyzer::ArchiveRule",
        r#"{"AnalyserName": "n", "RuleName": ["n"]}"#
    ));
}

#[test]
fn a_whole_template_is_read() {
    let findings = validate_template(
        r#"{"Resources": {
            "Good": {"Type": "AWS::SQS::Queue"},
            "Bad": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 901}},
            "Fn::ForEach::Many": ["x", [], {}]}}"#,
        &[Region::EU_WEST_1],
    );
    let lines: Vec<String> = findings.unwrap().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"));
    assert!(validate_template("[]", &[]).is_err());
}

#[test]
fn hostile_values_do_not_panic() {
    let deep = format!("{}1{}", r#"{"Fn::If": ["c", "#.repeat(60), r#", 1]}"#.repeat(60));
    for value in
        [deep.as_str(), "[]", "{}", "1e308", "\"\\u0000\"", r#"{"Ref": 1}"#, r#"{"Fn::If": []}"#]
    {
        for property in ["RetentionInDays", "LogGroupName", "Tags", "DataProtectionPolicy"] {
            violations("AWS::Logs::LogGroup", &format!(r#"{{"{property}": {value}}}"#));
        }
    }
}
