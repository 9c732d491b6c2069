//! What is said of what is there: differences, reasons, ids.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::session::Session;

#[test]
fn a_plan_shows_properties_replacements_and_who_may_do_what() {
    let session = Session::new();
    session.outpost("deploy --simulate=sim").well();
    let changed = "plan --simulate=sim --setting alert --bucket others --reader --allow-replace";
    let shown = session.outpost(changed).well();
    let (shown, _) = shown.rsplit_once("plan ").unwrap();
    assert_snapshot!(shown, @r#"
    ~ stack main/eu-west-1/data
        -/+ bucket  AWS::S3::Bucket  (stateful: the objects in it, and its name until it is made again)
              ~ BucketName: "outpost-data" -> "others"  (replaces)

    ~ stack set everywhere
        ~   role     AWS::IAM::Role
              + ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
        ~   setting  AWS::SSM::Parameter
              ~ Value: "calm" -> "alert"

    2 resources to change, 1 to replace

    ! who may do what changes by everywhere/role (AWS::IAM::Role)
    ~ everywhere
        the template differs
    ~ main/eu-west-1/data
        the template differs
    "#);
    let json: Value =
        serde_json::from_str(&session.outpost(&format!("{changed} --json")).well()).unwrap();
    assert_eq!(json["permissions"], json!(["everywhere/role (AWS::IAM::Role)"]));
    let edits = &json["changes"]["templates"][1]["resources"];
    assert!(edits.to_string().contains("\"alert\""), "{edits}");
}

#[test]
fn what_fails_is_named_with_its_construct_and_line() {
    let session = Session::new();
    session.outpost("synth --out out").well();
    let manifest: Value = serde_json::from_str(&session.read("out/manifest.json")).unwrap();
    let constructs = &manifest["stacks"]["main/eu-west-1/data"]["constructs"];
    let id = constructs.as_object().unwrap().keys().next().unwrap();
    let faults = json!({"failures": [
        {"account": "999999999999", "region": "eu-west-1", "of": id, "reason": "Quota exceeded"}
    ]});
    session.write("sim/faults.json", &faults.to_string());
    let error = session.outpost("deploy --simulate=sim").with(1);
    let error = error[error.find("error[").unwrap()..].to_owned();
    assert!(
        error.starts_with(
            "error[not-deployed]: `main/eu-west-1/data` (main 999999999999, eu-west-1): "
        ),
        "{error}"
    );
    assert!(error.contains("Quota exceeded"), "{error}");
    assert!(error.contains("  --> accel-cli/examples/outpost.rs:"), "{error}");
    let note =
        format!("note: `{id}` is `main/eu-west-1/data/bucket`: accel-cli/examples/outpost.rs:");
    assert!(error.contains(&note), "{error}");
    // Of an assembly, there is no program to name a line of.
    let error = session.accel("deploy out --simulate=sim").with(1);
    assert!(error.contains(&format!("note: `{id}` is `main/eu-west-1/data/bucket`\n")), "{error}");
    assert!(!error.contains("-->"), "{error}");
}

#[test]
fn accounts_that_are_there_are_looked_up() {
    let session = Session::new();
    let shown = session.outpost("lookup --simulate=sim").well();
    assert_eq!(shown, "0 found, 0 not there; sim/accel.lock\n");
    let shown = session.outpost("lookup --simulate=sim --adopts").well();
    assert_eq!(
        shown,
        "west <aws+west@example.com>: not there\n0 found, 1 not there; sim/accel.lock\n"
    );
}

#[test]
fn what_steps_look_up_is_found_and_changes_nothing() {
    let session = Session::new();
    let shown = session.outpost("lookup --simulate=sim --looks-up").well();
    assert!(shown.starts_with("auditor.Arn: "), "{shown}");
    assert!(shown.ends_with("1 found, 0 not there; sim/accel.lock\n"), "{shown}");
    let json = session.outpost("lookup --simulate=sim --looks-up --json").well();
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["found"][0]["path"], &json["unknown"]), (&json!("auditor"), &json!([])));
    let nothing = session.outpost("plan --simulate=sim --looks-up --only auditor").well();
    assert!(nothing.contains("0 to create"), "{nothing}");
    assert_eq!(session.read("sim/cloud.jsonl"), "");
}
