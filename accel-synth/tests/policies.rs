//! Policies that others published and that do not do what they were meant to, written anew, and what
//! else synthesis says of policy documents.

use accel_core::{AccountInfo, App, Prop, Region, Resource, Stack, account_id};
use accel_synth::{read, synth};

fn diagnostics(change: impl FnOnce(&mut Resource), type_name: &'static str) -> String {
    let mut app = App::new("example");
    let info = AccountInfo { id: Some(account_id!("111111111111")), ..AccountInfo::default() };
    let account = app.scope().declare_account_as("management", info);
    let mut resource = Resource::new(type_name);
    change(&mut resource);
    app.open("policies", Stack::new(account.in_region(Region::US_EAST_1))).add("policy", resource);
    match synth(app) {
        Ok(assembly) => assembly.warnings().to_string(),
        Err(diagnostics) => diagnostics.to_string(),
    }
}

/// What synthesis says of a policy of an organization, without the line.
fn of_organization(policy_type: &str, content: Prop) -> String {
    let said = diagnostics(
        |policy| {
            policy.set("Name", "guardrail").set("Type", policy_type.to_owned());
            policy.set("Content", content);
        },
        "AWS::Organizations::Policy",
    );
    let lines = said.lines().filter(|line| !line.starts_with("  -->"));
    lines.collect::<Vec<_>>().join("\n")
}

fn json(text: &str) -> Prop {
    read::json(text).expect("the test is valid JSON")
}

#[test]
fn a_service_that_has_another_name_now_is_found() {
    let content = json(
        r#"{"Version": "2012-10-17", "Statement": [{"Sid": "ProtectMacie", "Effect": "Deny",
            "Action": ["macie:AssociateS3Resources", "macie:DisableMacie", "macie:*"], "Resource": "*"}]}"#,
    );
    insta::assert_snapshot!(of_organization("SERVICE_CONTROL_POLICY", content));
}

#[test]
fn a_confused_deputy_policy_that_denies_everybody_is_refused() {
    let deny = |condition: &str| {
        json(&format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Deny", "Principal": "*",
                "Action": ["s3:*", "sqs:*"], "Resource": "*", "Condition": {condition}}}]}}"#
        ))
    };
    let broad = r#"{"StringNotEqualsIfExists": {"aws:SourceOrgID": "o-exampleorg"}}"#;
    insta::assert_snapshot!(of_organization("RESOURCE_CONTROL_POLICY", deny(broad)));
    let narrow = r#"{"StringNotEqualsIfExists": {"aws:SourceOrgID": "o-exampleorg"},
        "Null": {"aws:SourceAccount": "false"}, "Bool": {"aws:PrincipalIsAWSService": "true"}}"#;
    assert_eq!(of_organization("RESOURCE_CONTROL_POLICY", deny(narrow)), "");
}

#[test]
fn a_resource_control_policy_that_allows_or_is_too_large_is_refused() {
    let bucket = |index| format!(r#""arn:aws:s3:::exempt-bucket-number-{index:03}/*""#);
    let buckets: Vec<String> = (0..150).map(bucket).collect();
    let content = json(&format!(
        r#"{{"Version": "2012-10-17", "Statement": [
            {{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}},
            {{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "NotResource": [{}]}},
            {{"Effect": "Deny", "Principal": {{"AWS": "111111111111"}}, "NotAction": "s3:GetObject",
              "Resource": "*"}},
            {{"Effect": "Deny", "Principal": "*", "Action": "ec2:RunInstances", "Resource": "*"}}]}}"#,
        buckets.join(",")
    ));
    insta::assert_snapshot!(of_organization("RESOURCE_CONTROL_POLICY", content));
}

#[test]
fn broken_json_is_refused_at_its_line_and_column() {
    let text = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\n    \"Effect\": \"Deny\",\n    \
                \"Action\": \"s3:DeleteBucket\"\n    \"Resource\": \"*\"\n  }]\n}\n";
    insta::assert_snapshot!(of_organization("SERVICE_CONTROL_POLICY", text.into()));
}

#[test]
fn names_are_checked_in_policies_of_every_kind() {
    let trust = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AsumeRole"}}"#;
    let inline = r#"[{"PolicyName": "read", "PolicyDocument": {"Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:ListObjects", "s3:Gett*", "GetObject"],
        "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipleOrgID": "o-a", "s3:prefix": "a",
        "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub": "b"}}}]}}]"#;
    let said = diagnostics(
        |role| {
            role.set("AssumeRolePolicyDocument", json(trust)).set("Policies", json(inline));
        },
        "AWS::IAM::Role",
    );
    let problems = said.lines().filter(|line| line.starts_with("error") || line.contains("help"));
    insta::assert_snapshot!(problems.collect::<Vec<_>>().join("\n"));
}

#[test]
fn names_newer_than_the_table_pass_where_the_program_says_so() {
    let said = diagnostics(
        |topic| {
            let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                "Principal": "*", "Action": "sns:PublishTomorrow", "Resource": "*"}]}"#;
            topic.set("PolicyDocument", json(policy)).set("Topics", Prop::list(["a"]));
            topic.newer_than_schemas();
        },
        "AWS::SNS::TopicPolicy",
    );
    assert_eq!(said, "");
}

#[test]
fn statements_of_other_languages_are_left_alone() {
    let rules = r#"[{"Name": "r", "Priority": 0, "Action": {"Block": {}}, "Statement":
        {"GeoMatchStatement": {"CountryCodes": ["AQ"]}}, "VisibilityConfig": {"MetricName": "r",
        "CloudWatchMetricsEnabled": true, "SampledRequestsEnabled": true}}]"#;
    let said = diagnostics(
        |acl| {
            acl.set("Scope", "REGIONAL").set("Rules", json(rules));
            acl.set("DefaultAction", json(r#"{"Allow": {}}"#));
            acl.set(
                "VisibilityConfig",
                json(
                    r#"{"MetricName": "a", "CloudWatchMetricsEnabled": true,
                        "SampledRequestsEnabled": true}"#,
                ),
            );
        },
        "AWS::WAFv2::WebACL",
    );
    assert_eq!(said, "");
    let tags = r#"{"tags": {"team": {"tag_key": {"@@assign": "team"}}}}"#;
    assert_eq!(of_organization("TAG_POLICY", json(tags)), "");
}
