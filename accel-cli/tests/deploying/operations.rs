//! How things stand, what was done, what was left in the middle.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::session::{Ended, Session};

/// A deployment whose credentials run out at its nth mutating request.
fn cut_short(session: &Session, nth: u32) {
    let faults = json!({"calls": [{"of": "mutating", "nth": nth, "fault": "expired"}]});
    session.write("sim/faults.json", &faults.to_string());
    let ended = session.outpost("deploy --simulate=sim");
    let stderr = ended.with(5);
    assert!(stderr.contains("to go on from here: "), "{stderr}");
    assert!(stderr.contains("outpost resume --simulate=sim\n"), "{stderr}");
    std::fs::remove_file(session.path("sim/faults.json")).unwrap();
}

#[test]
fn what_was_left_in_the_middle_goes_on_with_its_own_assembly() {
    let session = Session::new();
    cut_short(&session, 9);
    // Whatever the program says now.
    let resumed = session.outpost("resume --simulate=sim --setting alert").well();
    assert!(resumed.contains(" 0 failed, 0 stopped, 0 skipped"), "{resumed}");
    let nothing = session.accel("resume --simulate=sim").well();
    assert!(nothing.starts_with("0 changed, 2 unchanged"), "{nothing}");
    assert_eq!(session.outpost("plan --simulate=sim --exit-code").code, 0);
}

#[test]
fn one_in_a_hundred_that_fails_ends_a_deployment_with_3() {
    let session = Session::new();
    let failure = json!({"account": "300000000042", "region": "eu-west-1", "of": "outpost-crowd", "reason": "Quota exceeded"});
    session.write("sim/faults.json", &json!({"failures": [failure]}).to_string());
    let ended = session.outpost("deploy --simulate=sim --crowd");
    assert!(
        ended.stdout.starts_with("2 changed, 0 unchanged, 1 partial, 0 failed, "),
        "{}",
        ended.stdout
    );
    let stderr = ended.with(3);
    assert!(stderr.contains("300000000042 in eu-west-1: Quota exceeded"), "{stderr}");
    assert!(stderr.contains("to go on from here: "), "{stderr}");
    std::fs::remove_file(session.path("sim/faults.json")).unwrap();
    let mended = session.outpost("deploy --simulate=sim --crowd").well();
    assert!(mended.starts_with("1 changed, 2 unchanged, 0 partial, "), "{mended}");
}

/// What has failed, and how to go on, are told all the same.
#[test]
fn a_lock_file_that_cannot_be_written_hides_nothing_else() {
    let session = Session::new();
    std::fs::create_dir_all(session.path("sim/accel.lock.new")).unwrap();
    let faults = json!({"calls": [{"of": "mutating", "nth": 9, "fault": "expired"}]});
    session.write("sim/faults.json", &faults.to_string());
    let stderr = session.outpost("deploy --simulate=sim").with(5);
    for says in [
        "error[credentials-expired]: ",
        "error[cannot-write]: `sim/accel.lock`: ",
        "outpost resume --simulate=sim\n",
    ] {
        assert!(stderr.contains(says), "{says}: {stderr}");
    }
    // All is well but for the file.
    std::fs::remove_file(session.path("sim/faults.json")).unwrap();
    let stderr = session.outpost("resume --simulate=sim").with(1);
    assert!(stderr.contains("error[cannot-write]: "), "{stderr}");
    std::fs::remove_dir(session.path("sim/accel.lock.new")).unwrap();
    session.outpost("resume --simulate=sim").well();
}

#[test]
fn the_command_to_go_on_with_is_quoted_for_a_shell() {
    let session = Session::new();
    let faults = json!({"calls": [{"of": "mutating", "nth": 9, "fault": "expired"}]});
    session.write("my sim/faults.json", &faults.to_string());
    let stderr = session.outpost_words(&["deploy", "--simulate=my sim"]).with(5);
    assert!(stderr.contains("outpost resume '--simulate=my sim'\n"), "{stderr}");
}

/// A file that is always full is a disk that is.
#[cfg(target_os = "linux")]
#[test]
fn a_journal_without_room_is_noticed_before_anything_is_changed() {
    let session = Session::new();
    std::fs::create_dir(session.path("sim")).unwrap();
    std::os::unix::fs::symlink("/dev/full", session.path("sim/journal.jsonl")).unwrap();
    let error = session.outpost("deploy --simulate=sim").with(1);
    assert!(error.contains("error[cannot-write]: `sim/journal.jsonl`: "), "{error}");
    assert_eq!(std::fs::read_to_string(session.path("sim/cloud.jsonl")).unwrap_or_default(), "");
    std::fs::remove_file(session.path("sim/journal.jsonl")).unwrap();
    session.outpost("deploy --simulate=sim").well();
}

#[test]
fn a_part_of_a_line_that_a_killed_run_left_spoils_no_other() {
    let session = Session::new();
    session.outpost("deploy --simulate=sim").well();
    let journal = session.path("sim/journal.jsonl");
    let text = std::fs::read_to_string(&journal).unwrap();
    std::fs::write(&journal, &text[..text.len() - 9]).unwrap();
    let first = || {
        let events = session.accel("events --simulate=sim --json").well();
        serde_json::from_str::<Value>(&events).unwrap()["events"][0].clone()
    };
    let before = first();
    session.outpost("deploy --simulate=sim --setting alert").well();
    let after = first();
    assert_eq!((&before["seq"], &after["seq"]), (&json!(1), &json!(1)));
    assert_ne!(before["plan"], after["plan"]);
}

#[test]
fn a_destruction_is_resumed_as_one() {
    let session = Session::new();
    session.outpost("deploy --simulate=sim").well();
    let faults = json!({"calls": [{"of": "mutating", "nth": 2, "fault": "expired"}]});
    session.write("sim/faults.json", &faults.to_string());
    session.outpost("destroy --simulate=sim --allow-delete").with(5);
    std::fs::remove_file(session.path("sim/faults.json")).unwrap();
    session.outpost("resume --simulate=sim").well();
    let status = session.outpost("status --simulate=sim");
    assert_snapshot!(shown(status), @r"
    + everywhere           absent
    + main/eu-west-1/data  absent
    0 well, 2 not there, 0 busy, 0 not well, 0 unknown; 0 instances not current
    exit 3
    ");
}

#[test]
fn nothing_is_resumed_or_shown_where_nothing_was_begun() {
    let session = Session::new();
    for command in ["resume", "events"] {
        let error = session.accel(&format!("{command} --simulate=sim")).with(1);
        assert!(error.starts_with("error[no-run]: no run was begun in `sim`"), "{error}");
    }
    assert_eq!(session.entries(), [""; 0]);
}

#[test]
fn instances_that_are_not_current_are_shown_with_their_reason() {
    let session = Session::new();
    session.outpost("deploy --simulate=sim").well();
    assert_eq!(session.outpost("status --simulate=sim").code, 0);
    let faults = json!({"failures": [
        {"account": "111111111111", "region": "eu-west-1", "of": "outpost-everywhere", "reason": "Quota exceeded"}
    ]});
    session.write("sim/faults.json", &faults.to_string());
    session.outpost("deploy --simulate=sim --setting alert");
    assert_snapshot!(shown(session.outpost("status --simulate=sim")), @r"
    ! everywhere           1 of 2 current
        111111111111 in eu-west-1: OUTDATED (FAILED): Quota exceeded
      main/eu-west-1/data  CREATE_COMPLETE
    1 well, 0 not there, 0 busy, 1 not well, 0 unknown; 1 instance not current
    exit 3
    ");
    let json = session.outpost("status --simulate=sim --json");
    let status: Value = serde_json::from_str(&json.stdout).unwrap();
    let instance = &status["nodes"][0]["instances"][0];
    assert_eq!(instance["account"], "111111111111");
    assert_eq!(json.code, 3);
}

#[test]
fn the_journal_of_the_last_run_is_shown() {
    let session = Session::new();
    session.outpost("deploy --simulate=sim").well();
    session.outpost("deploy --simulate=sim --setting alert").well();
    assert_snapshot!(session.accel("events --simulate=sim").well(), @r"
    updating everywhere: the template differs
        done everywhere
    ");
    let json: Value =
        serde_json::from_str(&session.outpost("events --simulate=sim --json").well()).unwrap();
    assert_eq!(json["events"].as_array().unwrap().len(), 2);
    assert_eq!(json["events"][1]["to"], "done");
}

#[test]
fn buckets_are_shown_by_the_calls_that_make_them() {
    let session = Session::new();
    let made = session.outpost("bootstrap --simulate=sim").well();
    let lines: Vec<&str> = made.lines().collect();
    let calls: Vec<Value> =
        lines[..lines.len() - 1].iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let calls: Vec<&Value> = calls.iter().map(|call| &call["call"]).collect();
    assert_eq!(
        calls,
        [
            "s3:CreateBucket",
            "s3:PutBucketVersioning",
            "s3:PutBucketEncryption",
            "s3:PutPublicAccessBlock"
        ]
    );
    assert_eq!(lines.last(), Some(&"accel-outpost-999999999999-us-east-1: made"));
    let again = session.outpost("bootstrap --simulate=sim").well();
    assert_eq!(again, "accel-outpost-999999999999-us-east-1: there, and as it should be\n");
}

fn shown(ended: Ended) -> String {
    format!("{}exit {}\n", ended.stdout, ended.code)
}
