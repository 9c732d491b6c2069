//! Secrets are sent to the cloud, and stand nowhere else.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::session::Session;

/// The beginning of the other one, too.
const SECRET: &str = "correct-horse";
const LONGER: &str = "correct-horse-battery";

/// The files below a directory that hold the secret.
fn holders(directory: &Path) -> Vec<String> {
    let mut holders = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            holders.extend(self::holders(&path));
        } else if fs::read_to_string(&path).unwrap().contains(SECRET) {
            holders.push(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    holders.sort();
    holders
}

/// The logical ids of what has a value that only people know: the parameter and the resource.
fn ids(session: &Session) -> [String; 2] {
    let manifest: Value = serde_json::from_str(&session.read("out/manifest.json")).unwrap();
    let constructs = manifest["stacks"]["main/eu-west-1/vault"]["constructs"].as_object().unwrap();
    let id = |construct: &str| {
        constructs.iter().find(|(_, path)| *path == construct).map(|(id, _)| id.clone()).unwrap()
    };
    let template = manifest["stacks"]["main/eu-west-1/vault"]["template"].as_str().unwrap();
    let template: Value = serde_json::from_str(&session.read(&format!("out/{template}"))).unwrap();
    let parameter = template["Parameters"].as_object().unwrap().keys().next().unwrap().clone();
    [parameter, id("secret/given")]
}

#[test]
fn a_secret_is_sent_and_stands_nowhere_else() {
    let session = Session::new();
    session.outpost("synth --secrets --out out").well();
    let [parameter, resource] = ids(&session);
    let given = |name: &str, of_stack: &str| {
        format!(
            "{name} --secrets --simulate=sim --parameter main/eu-west-1/vault.{parameter}={of_stack} \
             --parameter vaults.{parameter}={LONGER}"
        )
    };
    // AWS repeats in its errors what it was given.
    let reason = format!("{LONGER} is too short, and so is {SECRET}");
    let failure = |account: &str, of: &str| json!({"account": account, "region": "eu-west-1", "of": of, "reason": reason});
    let faults = json!({"failures": [
        failure("999999999999", &resource), failure("111111111111", "outpost-vaults")
    ]});
    session.write("sim/faults.json", &faults.to_string());
    let mut told = Vec::new();
    for arguments in ["deploy", "deploy --events json"] {
        let failed = session.outpost(&given(arguments, SECRET));
        assert_eq!(failed.code, 1, "{}", failed.stderr);
        let cause = "**** is too short, and so is ****";
        assert!(failed.stderr.contains(cause), "{}", failed.stderr);
        told.extend([failed.stdout, failed.stderr]);
    }
    assert!(session.read("sim/journal.jsonl").contains("**** is too short"));
    fs::remove_file(session.path("sim/faults.json")).unwrap();

    for arguments in ["plan", "plan --json", "plan --out plan.json", "deploy --events json"] {
        let ended = session.outpost(&given(arguments, SECRET));
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        told.extend([ended.stdout, ended.stderr]);
    }
    // Somebody with a console has changed the secret, and not by much.
    let set = json!({"property": "/SecretString", "value": format!("{SECRET}-of-theirs")});
    let by_hand = json!({
        "account": "999999999999", "region": "eu-west-1", "of": resource, "change": {"set": set}
    });
    session.write("sim/faults.json", &json!({ "byHand": [by_hand] }).to_string());
    for arguments in ["status", "drift", "drift --json", "lookup", "events", "events --json"] {
        let ended = session.outpost(&format!("{arguments} --secrets --simulate=sim"));
        assert_eq!(ended.code, 0, "{arguments}: {}", ended.stderr);
        if arguments == "drift" {
            let drift = "    /SecretString: **** -> ****\n";
            assert!(ended.stdout.contains(drift), "{}", ended.stdout);
        }
        told.extend([ended.stdout, ended.stderr]);
    }
    fs::remove_file(session.path("sim/faults.json")).unwrap();
    let holders = told.iter().filter(|text| text.contains(SECRET)).collect::<Vec<_>>();
    assert!(holders.is_empty(), "{holders:?}");
    // The simulated cloud itself has it, as AWS would; the record of what is deployed, which is in it, has not.
    assert_eq!(self::holders(&session.path("")), ["cloud.jsonl"]);
    for line in session.read("sim/cloud.jsonl").lines().filter(|line| line.contains(SECRET)) {
        let call: Value = serde_json::from_str(line).unwrap();
        let action = call["action"].as_str().unwrap();
        let takes = ["CreateChangeSet", "CreateStackSet", "ChangeConditions"];
        assert!(takes.contains(&action), "{line}");
    }
}

#[test]
fn what_cannot_be_compared_is_sent_with_the_next_change() {
    let session = Session::new();
    session.outpost("synth --secrets --out out").well();
    let [parameter, _] = ids(&session);
    let deploy = |value: &str, more: &str| {
        let given = format!("--parameter main/eu-west-1/vault.{parameter}={value}");
        session.outpost(&format!("deploy --secrets --simulate=sim {given} {more}")).well()
    };
    deploy("one", "");
    assert!(deploy("two", "").starts_with("0 changed"));
    let is_sent = || session.read("sim/cloud.jsonl").contains("\"two\"");
    assert!(!is_sent());
    deploy("two", "--setting loud");
    assert!(is_sent());
}

#[test]
fn what_is_no_parameter_is_not_repeated() {
    let session = Session::new();
    let error = session.outpost(&format!("plan --simulate=sim --parameter {SECRET}")).with(64);
    assert!(error.contains("is no `PATH.NAME=VALUE`") && !error.contains(SECRET), "{error}");
    let unknown = format!("plan --simulate=sim --parameter data.Password={SECRET}");
    let error = session.outpost(&unknown).with(1);
    assert!(error.contains("no parameter `data.Password`") && !error.contains(SECRET), "{error}");
}
