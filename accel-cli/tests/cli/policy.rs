//! `policy why`: what the synthesized policies decide, and where they are made.

use insta::assert_snapshot;
use serde_json::Value;

use crate::session::{Session, without_line_numbers};

const READ: &str = "policy why prod/reader s3:GetObject prod/eu-west-1/data/bucket/1.json --reader";

#[test]
fn what_is_denied_names_the_statement_and_the_line() {
    let session = Session::new();
    let shown = session.tour(&format!("{READ} --context aws:SecureTransport=false"));
    assert_snapshot!(without_line_numbers(&shown));
}

#[test]
fn what_is_allowed_names_each_step() {
    let session = Session::new();
    let shown = session.tour(&format!("{READ} --complete"));
    assert_snapshot!(without_line_numbers(&shown));
}

#[test]
fn what_nobody_said_is_asked_for() {
    let session = Session::new();
    let shown = session.tour(&format!("{READ} --exit-code"));
    assert!(shown.starts_with("not known:"), "{shown}");
    assert!(shown.contains("  it hangs on `aws:securetransport`\n"), "{shown}");
    assert!(shown.ends_with("--- exit 2\n"), "{shown}");
    assert!(!session.tour(READ).contains("--- exit"));
    let allowed = session.tour(&format!("{READ} --complete --exit-code"));
    assert!(allowed.starts_with("allowed:") && !allowed.contains("--- exit"), "{allowed}");
}

#[test]
fn a_written_assembly_says_what_the_program_says_without_its_lines() {
    let session = Session::new();
    session.tour("synth --reader");
    let read = READ.replace(" --reader", " --complete --json");
    let written: Value = serde_json::from_str(&session.accel(&read)).unwrap();
    let mut said: Value = serde_json::from_str(&session.tour(&format!("{read} --reader"))).unwrap();
    assert_eq!(written["decision"], "allowed");
    let line = &said["by"][0]["location"]["file"];
    assert!(line.as_str().unwrap().ends_with("tour.rs"), "{said}");
    without_locations(&mut said);
    assert_eq!(written, said);
}

fn without_locations(value: &mut Value) {
    if let Value::Object(members) = value {
        members.remove("location");
        members.values_mut().for_each(without_locations);
    } else if let Value::Array(items) = value {
        items.iter_mut().for_each(without_locations);
    }
}

#[test]
fn a_session_has_what_its_policy_lets_it() {
    let session = Session::new();
    let policy =
        r#"{"Statement": {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}}"#;
    session.write("session.json", policy);
    let shown = session.tour(&format!("{READ} --complete --session-policy session.json"));
    assert!(shown.starts_with("denied:"), "{shown}");
    assert!(shown.contains("nothing allows it in the session's policy"), "{shown}");
    session.write("session.json", "{");
    assert_snapshot!(session.tour(&format!("{READ} --session-policy session.json")));
}

#[test]
fn whoever_may_be_asked_about() {
    let session = Session::new();
    let decision = |who: &str, what: &str| {
        let shown = session.tour(&format!("policy why {who} {what} --complete --reader"));
        shown.split(':').next().unwrap().to_owned()
    };
    let read = "s3:GetObject arn:aws:s3:::acme-orders/1.json";
    assert_eq!(decision("prod", read), "allowed");
    assert_eq!(decision("prod:root", read), "allowed");
    assert_eq!(decision("arn:aws:iam::111111111111:role/reader", read), "allowed");
    assert_eq!(decision("prod/eu-west-1/data/reader", read), "allowed");
    assert_eq!(decision("cloudtrail.amazonaws.com", read), "denied");
    assert_eq!(decision("sandbox", read), "denied");
    assert_eq!(decision("prod/reader", "s3:PutObject arn:aws:s3:::acme-orders/1.json"), "denied");
    let assume = "sts:AssumeRole prod/eu-west-1/data/reader";
    assert_eq!(decision("ec2.amazonaws.com", assume), "allowed");
    assert_eq!(decision("prod", assume), "denied");
}

#[test]
fn what_is_not_there_is_said() {
    let session = Session::new();
    let ask = |question: &str| session.tour(&format!("policy why {question} --reader"));
    assert_snapshot!(ask("prd s3:GetObject *"));
    assert_snapshot!(ask("prod/raeder s3:GetObject *"));
    assert_snapshot!(ask("prod s3:GetObjet *"));
    assert_snapshot!(ask("prod s3:GetObject prod/eu-west-1/data/buket"));
    assert_snapshot!(ask("prod s3:GetObject * --context aws:SourceIP4=203.0.113.1"));
    assert_snapshot!(ask("arn:aws:s3:::orders s3:GetObject *"));
    assert_snapshot!(ask("prod s3:GetObject * --context aws:SourceIp"));
}

#[test]
fn help_says_who_may_be_asked_about() {
    assert_snapshot!(Session::new().accel("policy why -h"));
}
