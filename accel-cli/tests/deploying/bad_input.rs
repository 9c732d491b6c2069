//! What a stranger may give that is not what it should be: one error says so, and nothing is changed.

use std::fs;

use serde_json::json;

use crate::session::Session;

const TEMPLATE: &str = "out/stacks/main/eu-west-1/data.template.json";

/// The one error of a command that is to end so, which changes nothing in the simulated cloud.
fn refused(session: &Session, arguments: &str, code: i32) -> String {
    let calls = || fs::read_to_string(session.path("sim/cloud.jsonl")).unwrap_or_default();
    let before = calls();
    let error = session.accel(arguments).with(code);
    assert!(error.ends_with("\n1 error\n") && error.matches("error[").count() == 1, "{error}");
    assert!(error.contains("   = help: "), "{error}");
    assert_eq!(calls(), before, "{error}");
    error
}

#[test]
fn an_assembly_that_is_none_is_not_deployed() {
    let session = Session::new();
    let absent = refused(&session, "deploy out --simulate=sim", 1);
    assert!(
        absent.contains("error[no-assembly]: `out`: `manifest.json`: No such file"),
        "{absent}"
    );
    session.outpost("synth --out out").well();
    let (manifest, template) = (session.read("out/manifest.json"), session.read(TEMPLATE));
    let newer = manifest.replace("\"version\": 1,", "\"version\": 2,");
    let half = &manifest[..manifest.len() / 2];
    for (file, text, says) in [
        ("out/manifest.json", None, "`manifest.json`: No such file"),
        ("out/manifest.json", Some(""), "`manifest.json` is not a manifest: EOF while parsing"),
        ("out/manifest.json", Some(half), "`manifest.json` is not a manifest: EOF while parsing"),
        (
            "out/manifest.json",
            Some("[]"),
            "is not a manifest: invalid length 0, expected an object",
        ),
        (
            "out/manifest.json",
            Some("{}"),
            "`manifest.json` is not a manifest: missing field `version`",
        ),
        ("out/manifest.json", Some(&newer), "is of version 2, and this accel reads version 1"),
        (TEMPLATE, None, "`stacks/main/eu-west-1/data.template.json`: No such file"),
        (TEMPLATE, Some("{}"), "data.template.json` is not the file that the manifest lists"),
    ] {
        match text {
            Some(text) => session.write(file, text),
            None => fs::remove_file(session.path(file)).unwrap(),
        }
        for command in ["plan", "deploy", "destroy", "status", "drift"] {
            let error = refused(&session, &format!("{command} out --simulate=sim"), 1);
            assert!(
                error.starts_with("error[no-assembly]: `out`: ") && error.contains(says),
                "{error}"
            );
        }
        session.write("out/manifest.json", &manifest);
        session.write(TEMPLATE, &template);
    }
    // Nothing was begun.
    assert_eq!(session.entries(), ["out"]);
    session.accel("plan out --simulate=sim").well();
}

#[test]
fn what_is_beside_a_simulated_cloud_is_looked_at_first() {
    for (file, text, begins) in [
        ("sim", "", "error[cannot-write]: `sim`: Not a directory"),
        ("sim/cloud.jsonl", "{}\n", "error[not-deployed]: sim/cloud.jsonl, line 1: missing field"),
        ("sim/accel.lock", "<<<<<<< ours\n", "error[invalid-lock]: `sim/accel.lock`: "),
        (
            "sim/faults.json",
            "{",
            "error[not-deployed]: sim/faults.json is not what it should be: EOF",
        ),
        (
            "sim/faults.json",
            r#"{"calls": [{"of": "all", "nth": 1, "fault": "nope"}]}"#,
            "error[not-deployed]: sim/faults.json is not what it should be: unknown variant `nope`, expected one \
             of `throttled`",
        ),
        (
            "sim/faults.json/none",
            "",
            "error[not-deployed]: sim/faults.json is not what it should be: Is a directory",
        ),
        ("sim/journal.jsonl/none", "", "error[cannot-write]: `sim/journal.jsonl`: Is a directory"),
        ("sim/run.json/none", "", "error[cannot-write]: `sim/run.json`: Is a directory"),
    ] {
        let session = Session::new();
        session.outpost("synth --out out").well();
        session.write(file, text);
        let error = refused(&session, "deploy out --simulate=sim", 1);
        assert!(error.starts_with(begins), "{error}");
        if session.path(file).is_file() {
            assert_eq!(session.read(file), text, "it is not written over");
        }
    }
}

#[test]
fn a_lock_file_that_is_none_is_told_of_before_anything_is_looked_for() {
    let session = Session::new();
    session.outpost("synth --out out").well();
    session.write("sim/accel.lock", "<<<<<<< ours\n");
    let faults =
        r#"{"calls": [{"of": "organizations:ListAccounts", "nth": 1, "fault": "expired"}]}"#;
    session.write("sim/faults.json", faults);
    let error = refused(&session, "lookup out --simulate=sim", 1);
    assert!(error.starts_with("error[invalid-lock]: `sim/accel.lock`: "), "{error}");
}

#[test]
fn what_is_not_there_is_named_with_what_is() {
    let session = Session::new();
    session.outpost("synth --out out --asks").well();
    for (given, begins, help) in [
        (
            "--only main/eu-west-1/dat",
            "error[no-such-construct]: nothing that is deployed is called or below `main/eu-west-1/dat`",
            "did you mean `main/eu-west-1/data`? `plan` shows the paths",
        ),
        (
            "--only elsewhere/altogether",
            "error[no-such-construct]: nothing that is deployed is called or below `elsewhere/altogether`",
            "`plan` shows the paths",
        ),
        (
            "--parameter everywhere.Group=admins",
            "error[missing-parameter]: no parameter `everywhere.Group` needs a value",
            "those that need a value are `main/eu-west-1/people.GroupAD936FCB`",
        ),
    ] {
        for command in ["plan", "deploy"] {
            let error = refused(&session, &format!("{command} out --simulate=sim {given}"), 1);
            assert!(error.starts_with(begins), "{error}");
            assert!(error.contains(&format!("   = help: {help}\n")), "{error}");
        }
    }
}

#[test]
fn a_plan_of_something_else_is_not_done() {
    let session = Session::new();
    session.outpost("synth --out out").well();
    session.outpost("synth --out others --asks").well();
    session.accel("plan out --simulate=sim --out plan.json").well();
    let plan = session.read("plan.json");
    let manifest = session.read("others/manifest.json");
    session.write("others/manifest.json", &manifest.replace("\"outpost\"", "\"other\""));
    session.accel("plan others --simulate=sim --out plan.json").well();
    let others = session.read("plan.json");
    for (text, says) in [
        ("", "`plan.json`: it is no plan of this version: EOF"),
        (&plan[..plan.len() / 2], "`plan.json`: it is no plan of this version: EOF"),
        ("{}", "`plan.json`: it is no plan of this version: missing field `version`"),
        (&others, "it is of the app `outpost`, not of `other`"),
    ] {
        session.write("plan.json", text);
        let error = refused(&session, "deploy out --simulate=sim --plan plan.json", 4);
        assert!(error.starts_with("error[not-reviewed]: ") && error.contains(says), "{error}");
    }
}

#[test]
fn credentials_of_another_account_are_told_apart() {
    let session = Session::new();
    session.outpost("synth --out out").well();
    let manifest = session.read("out/manifest.json");
    session.write("out/manifest.json", &manifest.replace("\"999999999999\"", "\"888888888888\""));
    for command in ["plan", "deploy", "status", "drift", "lookup"] {
        let error = refused(&session, &format!("{command} out --simulate=sim"), 1);
        assert!(
            error.starts_with(
                "error[not-deployed]: the credentials are of 999999999999, and the management account `main` is \
                 888888888888: take credentials of that account, or mend its id in the program\n"
            ),
            "{error}"
        );
    }
}

/// The look at what is there fails before a bucket, a lease or a record is made.
#[test]
fn a_region_that_is_not_enabled_changes_nothing() {
    let session = Session::new();
    session.outpost("synth --out out").well();
    let of_stacks = json!({"of": "cloudformation:DescribeStacks", "nth": 1, "times": 99, "fault": "not-enabled"});
    session.write("sim/faults.json", &json!({"calls": [of_stacks]}).to_string());
    let error = refused(&session, "deploy out --simulate=sim --yes", 1);
    assert!(error.contains("`main/eu-west-1/data` (main 999999999999, eu-west-1): "), "{error}");
    assert!(error.contains("is the region enabled in the account?"), "{error}");
    assert_eq!(session.read("sim/cloud.jsonl"), "");
    assert!(!session.path("sim/accel.lock").exists());
}
