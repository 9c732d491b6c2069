//! Policies that others published and that do not do what they were meant to, written anew, and what
//! else synthesis says of policy documents.

use accel_core::{
    AccountInfo, AccountRef, App, Call, Construct, Intrinsic, Object, Prop, Protocol, Read, Region,
    Resource, Scope, Stack, Step, account_id,
};
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
fn the_inline_policies_of_a_role_have_one_limit_together() {
    let said = |policies: usize| {
        let resources =
            ["a"; 100].map(|letter| format!(r#""arn:aws:s3:::{}/*""#, letter.repeat(30)));
        let policy = format!(
            r#"{{"PolicyName": "p", "PolicyDocument": {{"Version": "2012-10-17", "Statement": [
                {{"Effect": "Allow", "Action": "s3:GetObject", "Resource": [{}]}}]}}}}"#,
            resources.join(", ")
        );
        let all = format!("[{}]", vec![policy; policies].join(", "));
        let trust = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}"#;
        let change = |role: &mut Resource| {
            role.set("AssumeRolePolicyDocument", json(trust)).set("Policies", json(&all));
        };
        diagnostics(change, "AWS::IAM::Role")
    };
    assert_eq!(said(2), "");
    let three = said(3);
    assert!(three.contains("characters of inline policies, without white space"), "{three}");
    assert!(three.contains("at most 10240"), "{three}");
}

#[test]
fn an_operator_that_does_not_exist_is_refused() {
    let deny = |operator: &str| {
        let content = format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Deny", "Action": "s3:*", "Resource": "*",
                "Condition": {{"{operator}": {{"aws:PrincipalOrgID": "o-exampleorg"}}}}}}]}}"#
        );
        of_organization("SERVICE_CONTROL_POLICY", json(&content))
    };
    assert_eq!(deny("StringNotEqualsIfExists"), "");
    insta::assert_snapshot!(deny("ForAllValues:StringNotEqualIfExists"));
}

#[test]
fn a_policy_that_is_none_by_the_grammar_is_refused_and_one_that_is_not_known_yet_is_told() {
    let deny = |statements: Prop| {
        let document = [("Version", Prop::from("2012-10-17")), ("Statement", statements)];
        of_organization("SERVICE_CONTROL_POLICY", Prop::object(document))
    };
    let statement = |element: &str| {
        json(&format!(r#"{{"Effect": "Deny", "{element}": "s3:*", "Resource": "*"}}"#))
    };
    assert_eq!(deny(statement("Action")), "");
    let element = "error[no-policy]: `management/us-east-1/policies/policy` is no policy: statement 1: `Actions` is no \
                   element of a statement";
    let said = deny(statement("Actions"));
    assert!(said.starts_with(element), "{said}");
    // A text with placeholders is known, and so is one that CloudFormation makes of an object.
    let known = Intrinsic::ToJsonString(json(
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}"#,
    ));
    let said = of_organization("SERVICE_CONTROL_POLICY", Prop::Intrinsic(Box::new(known)));
    assert_eq!(said, "");
    let open = Intrinsic::Select(0, Prop::list([statement("Action")]));
    let said = deny(Prop::list([Prop::Intrinsic(Box::new(open))]));
    assert!(said.starts_with("warning[no-policy]"), "{said}");
    assert!(said.contains("whom the organization locks out is not checked"), "{said}");
}

#[test]
fn a_policy_that_sets_something_has_a_limit_too() {
    let tags = |count: usize| {
        let tag =
            |index| format!(r#""tag-{index:04}": {{"tag_key": {{"@@assign": "Tag-{index:04}"}}}}"#);
        let tags: Vec<String> = (0..count).map(tag).collect();
        let content = json(&format!(r#"{{"tags": {{{}}}}}"#, tags.join(", ")));
        of_organization("TAG_POLICY", content)
    };
    assert_eq!(tags(100), "");
    assert!(tags(300).contains("at most 10000"), "{}", tags(300));
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
fn texts_with_placeholders_are_checked_as_far_as_they_stand_there() {
    let say = |text: &'static str| {
        let said = diagnostics(
            |topic| {
                let document = Prop::Intrinsic(Box::new(Intrinsic::Sub(text.into(), Vec::new())));
                topic.set("PolicyDocument", document).set("Topics", Prop::list(["a"]));
                topic.newer_than_schemas();
            },
            "AWS::SNS::TopicPolicy",
        );
        said.lines().next().unwrap_or_default().to_owned()
    };
    let broken = say("{\n  \"Statement\": [{\"Action\": \"sns:${Verb}\",}]\n}");
    assert!(
        broken.contains("error[policy-not-json]: `management/us-east-1/policies/policy`"),
        "{broken}"
    );
    assert!(broken.contains("PolicyDocument is no JSON at line 2"), "{broken}");
    let said = say(r#"{"Statement": [${More}, {"Effect": "Allow", "Action": "sns:${Verb}"}]}"#);
    assert_eq!(said, "");
}

#[test]
fn names_are_checked_in_texts_with_placeholders() {
    let said = diagnostics(
        |topic| {
            let text = r#"{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "${Account}"},
                "Action": ["sns:${Verb}", "sns:Publsh"], "Resource": "${Topic}"}]}"#;
            let document = Prop::Intrinsic(Box::new(Intrinsic::Sub(text.into(), Vec::new())));
            topic.set("PolicyDocument", document).set("Topics", Prop::list(["a"]));
        },
        "AWS::SNS::TopicPolicy",
    );
    let problems: Vec<_> = said.lines().filter(|line| line.starts_with("error")).collect();
    let [problem] = problems[..] else { panic!("{said}") };
    assert!(problem.contains("names `sns:Publsh`, but `sns` has no action `Publsh`"), "{said}");
}

/// A step that puts a policy.
struct PutPolicy {
    account: AccountRef,
    request: Object,
    inverse: Option<Object>,
}

impl Construct for PutPolicy {
    type Level = App;
    type Output = ();
    fn build(self, scope: &mut Scope<'_, App>) {
        let call = |action, request| Call {
            service: "organizations",
            action,
            protocol: Protocol::Json { target: "AWSOrganizationsV20161128" },
            request,
        };
        scope.step(Step {
            kind: "policy",
            account: self.account,
            region: Region::US_EAST_1,
            setting: "policy".into(),
            call: Some(call("CreatePolicy", self.request)),
            read: Read {
                call: call("DescribePolicy", Object::new()),
                absent: &[],
                pointer: "/Policy",
                expect: Object::new(),
                results: Vec::new(),
                prefix: "",
                found: Vec::new(),
            },
            inverse: self.inverse.map(|request| call("UpdatePolicy", request)),
            prerequisites: Vec::new(),
        });
    }
}

#[test]
fn policies_in_requests_of_steps_are_checked_too() {
    let say = |policy_type: &'static str, content: &'static str, undone: Option<&'static str>| {
        let mut app = App::new("example");
        let account = app.scope().declare_account_as("management", AccountInfo::default());
        let request = |content: &'static str| -> Object {
            [("Type", policy_type), ("Content", content)].into_iter().collect()
        };
        let (request, inverse) = (request(content), undone.map(request));
        app.add("put", PutPolicy { account, request, inverse });
        let said = match synth(app) {
            Ok(assembly) => assembly.warnings().to_string(),
            Err(diagnostics) => diagnostics.to_string(),
        };
        said.lines().filter(|line| line.starts_with("error")).collect::<Vec<_>>().join("\n")
    };
    const GOOD: &str = r#"{"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}"#;
    const BAD: &str = r#"{"Statement": {"Effect": "Deny", "Action": "s4:*", "Resource": "*"}}"#;
    const TAGS: &str = r#"{"tags": {"team": {"tag_key": {"@@assign": "team"}}}}"#;
    let wrong = "error[unknown-action]: `put` (organizations:CreatePolicy): Content names `s4:*`";
    assert!(say("SERVICE_CONTROL_POLICY", BAD, None).starts_with(wrong));
    assert_eq!(say("SERVICE_CONTROL_POLICY", GOOD, None), "");
    assert_eq!(say("TAG_POLICY", TAGS, None), "");
    let undone = say("SERVICE_CONTROL_POLICY", GOOD, Some(BAD));
    assert!(undone.contains("(organizations:UpdatePolicy): Content names `s4:*`"), "{undone}");
    let allows = say(
        "RESOURCE_CONTROL_POLICY",
        r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}"#,
        None,
    );
    assert!(allows.starts_with("error[resource-control-statement]"), "{allows}");
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
