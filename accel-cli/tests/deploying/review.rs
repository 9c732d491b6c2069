//! What is agreed to before anything is changed.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::session::Session;

#[test]
fn a_reviewed_plan_is_done_once() {
    let session = Session::new();
    session.outpost("plan --simulate=sim --out plan.json").well();
    let deploy = "deploy --simulate=sim --plan plan.json";
    assert!(session.outpost(deploy).well().starts_with("2 changed"));
    // Now there is nothing to do, which is not what was reviewed.
    assert_snapshot!(session.outpost(deploy).with(4), @r"
    error[not-reviewed]: what would be done now is not what was reviewed, and nothing was changed:
      `everywhere`: was created; is unchanged
      `main/eu-west-1/data`: was created; is unchanged
       = help: plan and review again

    1 error
    ");
}

#[test]
fn another_content_is_another_plan() {
    let session = Session::new();
    session.outpost("deploy --simulate=sim").well();
    session.outpost("plan --simulate=sim --setting alert --out plan.json").well();
    let error = session.outpost("deploy --simulate=sim --setting alarm --plan plan.json").with(4);
    assert!(
        error.contains("`everywhere`: updated, of another content"),
        "the same stack set is updated in both: {error}"
    );
    session.outpost("deploy --simulate=sim --setting alert --plan plan.json").well();
}

#[test]
fn a_plan_that_somebody_edited_is_none() {
    let session = Session::new();
    session.outpost("plan --simulate=sim --out plan.json").well();
    let plan = session.read("plan.json");
    session.write("plan.json", &plan.replace("\"create\"", "\"update\""));
    let error = session.outpost("deploy --simulate=sim --plan plan.json").with(4);
    assert!(error.contains("`plan.json`: it was edited"), "{error}");
    session.write("plan.json", &plan.replace("\"version\": 1", "\"version\": 2"));
    let error = session.outpost("deploy --simulate=sim --plan plan.json").with(4);
    assert!(error.contains("is of version 2, and this is 1"), "{error}");
    let error = session.outpost("deploy --simulate=sim --plan none.json").with(4);
    assert!(error.contains("`none.json`: No such file"), "{error}");
    assert_eq!(session.entries(), ["plan.json", "sim"]);
}

#[test]
fn what_was_reviewed_stands_in_every_event() {
    let session = Session::new();
    session.outpost("plan --simulate=sim --out plan.json").well();
    let plan: Value = serde_json::from_str(&session.read("plan.json")).unwrap();
    let events = session.outpost("deploy --simulate=sim --events json").well();
    let events: Vec<Value> =
        events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!events.is_empty());
    for (event, seq) in events.iter().zip(1..) {
        assert_eq!((&event["seq"], &event["plan"]), (&Value::from(seq), &plan["hash"]));
        assert!(event["ts"].is_u64() && event["node"].is_string(), "{event}");
        assert_ne!(event["from"], event["to"], "{event}");
    }
}

#[test]
fn events_say_where_and_why_and_all_else_is_on_the_standard_error() {
    let session = Session::new();
    session.outpost("deploy --simulate=sim").well();
    let again =
        "deploy --simulate=sim --bucket other --allow-replace --setting alert --events json";
    let ended = session.outpost(again);
    assert!(ended.stderr.starts_with("2 changed, 0 unchanged, "), "{}", ended.stderr);
    let events = ended.well();
    let events: Vec<Value> =
        events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let first = |node: &str| events.iter().find(|event| event["node"] == node).unwrap();
    let stack = first("main/eu-west-1/data");
    assert_eq!((&stack["account"], &stack["region"]), (&json!("main"), &json!("eu-west-1")));
    assert_eq!(
        (&stack["to"], &stack["reason"]),
        (&json!("updating"), &json!("the template differs"))
    );
    let set = first("everywhere");
    assert_eq!((&set["account"], &set["region"]), (&Value::Null, &Value::Null));
    // An object more would be none of them.
    let error = session.outpost(&format!("{again} --json")).with(64);
    assert!(error.contains("'--events <FORMAT>' cannot be used with '--json'"), "{error}");
}

/// Nobody is asked, and AWS would refuse it halfway.
#[test]
fn what_aws_has_to_allow_is_said_where_nobody_is_asked() {
    let session = Session::new();
    let ended = session.outpost("deploy --simulate=sim --grows");
    let says = "! L-E619E033: 1 accounts of the organization more in us-east-1, and 10 are allowed; how many there are \
                could not be looked at: organizations:ListAccounts: AWSOrganizationsNotInUseException: ";
    assert!(ended.stderr.lines().any(|line| line.starts_with(says)), "{}", ended.stderr);
}

#[test]
fn what_would_be_lost_is_refused_whoever_agrees() {
    let session = Session::new();
    session.outpost("deploy --simulate=sim").well();
    let error = session.outpost("deploy --simulate=sim --without-data --yes").with(4);
    assert!(error.contains("error[stateful-loss]"), "{error}");
    let plan = "plan --simulate=sim --without-data --allow-delete --out plan.json";
    session.outpost(plan).well();
    let deploy = "deploy --simulate=sim --without-data --allow-delete --plan plan.json";
    session.outpost(deploy).well();
}
