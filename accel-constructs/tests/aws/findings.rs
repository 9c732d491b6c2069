//! Findings by severity, to topics and to whoever is subscribed to them.

use accel_constructs::{
    foundation::Account,
    security::{FindingSeverity, FindingsReceiver, FindingsRouting},
};
use accel_core::{App, Region, Value as Prop, email};

use super::{codes, of_type, organization, synth, template};

fn app(routes: Vec<(FindingSeverity, FindingsReceiver)>) -> App {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let audit = Account::builder().email(email!("aws+audit@example.com")).build();
    let audit = org.add("audit", audit);
    let routing =
        FindingsRouting::builder().administrator(audit).region(Region::EU_WEST_1).routes(routes);
    org.add("findings", routing.build());
    app
}

#[test]
fn each_severity_has_a_rule_a_topic_and_its_receivers() {
    let pager = FindingsReceiver::https(Prop::managed("security/pager"));
    let team = FindingsReceiver::email(email!("security@example.com"));
    let routes = vec![
        (FindingSeverity::High, pager.clone()),
        (FindingSeverity::Critical, pager),
        (FindingSeverity::High, team),
    ];
    let stack = template(&synth(app(routes)), "audit/eu-west-1/org/findings/routing");

    let rules = of_type(&stack, "AWS::Events::Rule");
    let labels: Vec<_> = rules
        .iter()
        .map(|rule| &rule["EventPattern"]["detail"]["findings"]["Severity"]["Label"][0])
        .collect();
    assert_eq!(labels, ["CRITICAL", "HIGH"]);
    for rule in rules {
        assert_eq!(rule["EventPattern"]["source"][0], "aws.securityhub");
        assert_eq!(rule["EventPattern"]["detail"]["findings"]["Workflow"]["Status"][0], "NEW");
        assert!(rule["Targets"][0]["DeadLetterConfig"]["Arn"].is_object());
    }
    let topics = of_type(&stack, "AWS::SNS::Topic");
    assert_eq!(topics.len(), 2);
    assert!(topics.iter().all(|topic| topic["KmsMasterKeyId"].is_object()));
    let subscriptions = of_type(&stack, "AWS::SNS::Subscription");
    let mut protocols: Vec<_> =
        subscriptions.iter().filter_map(|subscription| subscription["Protocol"].as_str()).collect();
    protocols.sort_unstable();
    assert_eq!(protocols, ["email", "https", "https"]);
    // The URL has a key in it, so it is read where it is used.
    assert!(stack.to_string().contains("{{resolve:secretsmanager:security/pager"));

    // Each topic takes what its own rule sends, and nothing in plain text.
    let policies = of_type(&stack, "AWS::SNS::TopicPolicy");
    assert_eq!(policies.len(), 2);
    for policy in policies {
        let statements = &policy["PolicyDocument"]["Statement"];
        assert_eq!(statements[0]["Principal"]["Service"], "events.amazonaws.com");
        assert!(statements[0]["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::GetAtt"].is_array());
        assert_eq!(statements[1]["Condition"]["Bool"]["aws:SecureTransport"], "false");
    }
    let [key] = of_type(&stack, "AWS::KMS::Key")[..] else { panic!("one key") };
    assert!(key["KeyPolicy"].to_string().contains("events.amazonaws.com"));
}

#[test]
fn findings_go_somewhere_and_never_in_plain_text() {
    assert_eq!(codes(app(Vec::new())), ["findings-without-receiver"]);
    let plain = FindingsReceiver::https("http://pager.example.com/sns");
    assert_eq!(codes(app(vec![(FindingSeverity::High, plain)])), ["findings-endpoint"]);
}
