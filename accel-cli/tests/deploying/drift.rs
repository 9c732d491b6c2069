//! What somebody has changed by hand in a simulated cloud.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::session::Session;

/// The logical id of a construct of the program.
fn logical_id(session: &Session, construct: &str) -> String {
    let manifest: Value =
        serde_json::from_str(&session.read("sim/assembly/manifest.json")).unwrap();
    let levels = [&manifest["stacks"], &manifest["stackSets"]];
    let nodes = levels.into_iter().flat_map(|level| level.as_object().unwrap());
    let mut constructs = nodes.flat_map(|(path, node)| {
        let constructs = node["constructs"].as_object().unwrap();
        constructs
            .iter()
            .map(move |(id, below)| (id, format!("{path}/{}", below.as_str().unwrap())))
    });
    constructs.find(|(_, path)| path == construct).unwrap().0.clone()
}

fn change(session: &Session, account: &str, construct: &str, change: &Value) {
    let of = logical_id(session, construct);
    let by_hand = json!({"account": account, "region": "eu-west-1", "of": of, "change": change});
    session.write("sim/faults.json", &json!({ "byHand": [by_hand] }).to_string());
}

#[test]
fn what_was_changed_by_hand_is_shown_with_its_construct() {
    let session = Session::new();
    session.outpost("deploy --simulate=sim").well();
    let nothing = session.outpost("drift --simulate=sim --exit-code").well();
    assert_eq!(nothing, "0 resources changed by hand\n");
    let set = json!({"set": {"property": "/BucketName", "value": "someone-elses"}});
    change(&session, "999999999999", "main/eu-west-1/data/bucket", &set);
    assert_snapshot!(session.outpost("drift --simulate=sim").well(), @r"
    main/eu-west-1/data/bucket  AWS::S3::Bucket in main, eu-west-1: MODIFIED
        /BucketName: outpost-data -> someone-elses
    1 resource changed by hand
    ");
    // The file was read: it is in the cloud now.
    std::fs::remove_file(session.path("sim/faults.json")).unwrap();
    let ended = session.outpost("drift --simulate=sim --exit-code");
    assert_eq!(ended.code, 2);
    let json = session.accel("drift sim/assembly --simulate=sim --json").well();
    let drifts: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        drifts["drifts"],
        json!([{"construct": "main/eu-west-1/data/bucket", "account": "main", "region": "eu-west-1",
            "type": "AWS::S3::Bucket", "status": "MODIFIED", "properties": [
                {"path": "/BucketName", "expected": "outpost-data", "actual": "someone-elses"}]}])
    );
    let only = session.outpost("drift --simulate=sim --exit-code --only everywhere").well();
    assert_eq!(only, "0 resources changed by hand\n");
}

#[test]
fn a_change_of_nothing_is_refused_by_name() {
    let session = Session::new();
    session.outpost("deploy --simulate=sim").well();
    let by_hand = json!({"account": "999999999999", "region": "eu-west-1", "of": "Bukket", "change": "deleted"});
    session.write("sim/faults.json", &json!({ "byHand": [by_hand] }).to_string());
    let error = session.outpost("drift --simulate=sim").with(1);
    assert_snapshot!(error, @r#"
    error[not-deployed]: faults.json: nothing can be changed by hand: no stack in 999999999999, eu-west-1 has a resource `Bukket`; the resources there are ["BucketC5879B8D"]
       = help: mend the file, or take another directory

    1 error
    "#);
}
