//! Resources that exist are taken into stacks: into new ones and those that are there, once, and nothing is made anew.

use std::{fs, path::Path, sync::Arc};

use accel::{
    cfn::{ec2, s3},
    core::template::Output,
    prelude::*,
};
use accel_deploy::{
    Outcome, Place,
    cloud::{
        CloudExt as _,
        cloudformation::{self, DescribeStacks},
    },
};
use accel_simulator::SimulatedCloud;
use serde_json::Value;

use super::{HERE, app, deploy, engine, graph, on_a_paused_clock, plan};

const ACCOUNT: &str = "999999999999";
const STACK: &str = "example-network";
const PATH: &str = "prod/eu-west-1/network";

/// A stack of this: a bucket of its own, and a VPC that exists, with its id for others.
fn network(has_bucket: bool, has_vpc: bool) -> App {
    let (mut app, prod) = app();
    let mut stack = app.open("network", Stack::new(prod.in_region(HERE)));
    if has_bucket {
        stack.add("logs", s3::Bucket::new());
    }
    if has_vpc {
        let vpc = stack.add("vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
        stack[vpc].retain().import("vpc-0abc");
        stack.add("vpc-id", Output::new(vpc.id()));
    }
    app
}

/// The VPC is there, and in no stack.
fn add_vpc(cloud: &SimulatedCloud) {
    let vpc = [("VpcId", "vpc-0abc")];
    cloud.world(|world| world.add_existing(ACCOUNT, HERE.name(), "AWS::EC2::VPC", vpc));
}

/// The change sets that were asked for, by type and with what they import, and how many were executed.
fn change_sets(cloud: &SimulatedCloud) -> (Vec<String>, usize) {
    let (mut asked, mut executed) = (Vec::new(), 0);
    for (_, call) in cloud.calls() {
        executed += usize::from(call.action == "ExecuteChangeSet");
        if call.action == "CreateChangeSet" {
            let kind = call.request["ChangeSetType"].as_str().unwrap_or_default();
            let imports = call.request["ResourcesToImport"].as_array().cloned().unwrap_or_default();
            let ids = imports.iter().map(|it| it["ResourceIdentifier"].to_string());
            asked.push(format!("{kind}{}", ids.collect::<String>()));
        }
    }
    (asked, executed)
}

const IMPORT: &str = r#"IMPORT{"VpcId":"vpc-0abc"}"#;

fn reason(outcome: &Outcome) -> &str {
    &outcome.failed.first().expect("a failure").reason
}

async fn stack(cloud: &SimulatedCloud) -> cloudformation::Stack {
    let describe = DescribeStacks { stack_name: Some(STACK.to_owned()), next_token: None };
    let found = cloud.call(&Place::caller(HERE.name()), &describe).await.expect("a stack");
    found.stacks.into_iter().next().expect("a stack")
}

/// The stack gives the id of what existed, is the app's, and the next run has nothing to do.
async fn assert_whole(cloud: &Arc<SimulatedCloud>, app: fn() -> App) {
    let found = stack(cloud).await;
    let given: Vec<_> = found.outputs.iter().map(|it| it.output_value.as_str()).collect();
    assert_eq!(given, ["vpc-0abc"]);
    assert!(found.tags.iter().any(|tag| tag.key == "accel:app" && tag.value == "example"));
    let before = cloud.mutating_calls();
    let outcome = deploy(cloud, app()).await;
    assert_eq!((outcome.failed.len(), outcome.changed.len()), (0, 0));
    assert_eq!(cloud.mutating_calls(), before);
}

#[test]
fn a_stack_that_is_there_takes_in_what_exists_and_then_changes() {
    on_a_paused_clock(async |cloud| {
        add_vpc(&cloud);
        assert_eq!(deploy(&cloud, network(true, false)).await.failed, []);
        let planned = plan(&cloud, network(true, true)).await.to_string();
        let line = format!("~ {PATH}\n    imports `vpc` (AWS::EC2::VPC): VpcId vpc-0abc\n");
        assert!(planned.contains(&line), "{planned}");
        let outcome = deploy(&cloud, network(true, true)).await;
        assert_eq!((outcome.failed.len(), outcome.changed.len()), (0, 1), "{:?}", outcome.failed);
        let asked = ["CREATE", IMPORT, "UPDATE"].map(str::to_owned).to_vec();
        assert_eq!(change_sets(&cloud), (asked, 3));
        assert_whole(&cloud, || network(true, true)).await;
        // What was imported is the stack's like all else, and stays when it goes.
        assert_eq!(deploy(&cloud, network(true, false)).await.failed, []);
        assert_eq!(deploy(&cloud, network(true, true)).await.failed, []);
        assert_whole(&cloud, || network(true, true)).await;
    });
}

#[test]
fn a_stack_that_is_new_begins_with_what_exists() {
    on_a_paused_clock(async |cloud| {
        add_vpc(&cloud);
        let planned = plan(&cloud, network(true, true)).await.to_string();
        let line = format!("+ {PATH}\n    imports `vpc` (AWS::EC2::VPC): VpcId vpc-0abc\n");
        assert!(planned.contains(&line), "{planned}");
        assert_eq!(deploy(&cloud, network(true, true)).await.failed, []);
        assert_eq!(change_sets(&cloud), ([IMPORT, "UPDATE"].map(str::to_owned).to_vec(), 2));
        assert_whole(&cloud, || network(true, true)).await;
    });
}

#[test]
fn what_was_imported_needs_no_import_any_more() {
    on_a_paused_clock(async |cloud| {
        add_vpc(&cloud);
        assert_eq!(deploy(&cloud, network(false, true)).await.failed, []);
        let (mut app, prod) = app();
        let mut stack = app.open("network", Stack::new(prod.in_region(HERE)));
        let vpc = stack.add("vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
        stack[vpc].retain();
        stack.add("vpc-id", Output::new(vpc.id()));
        let before = change_sets(&cloud);
        let outcome = deploy(&cloud, app).await;
        assert_eq!((outcome.failed.len(), outcome.changed.len()), (0, 0));
        assert_eq!(change_sets(&cloud), before);
    });
}

/// A cloud in a directory, for one run.
fn open(directory: &Path, faults: &str) -> Arc<SimulatedCloud> {
    let existing = format!(
        r#"[{{"account": "{ACCOUNT}", "region": "eu-west-1", "type": "AWS::EC2::VPC",
            "identifier": {{"VpcId": "vpc-0abc"}}}}]"#
    );
    let text = format!(r#"{{"calls": [{faults}], "existing": {existing}}}"#);
    fs::write(directory.join("faults.json"), text).expect("a directory that can be written");
    Arc::new(SimulatedCloud::open(directory, Vec::new()).expect("a cloud"))
}

/// How often an import was executed, by what the world has seen.
fn imports_begun(directory: &Path) -> usize {
    let journal = fs::read_to_string(directory.join("cloud.jsonl")).expect("a journal");
    let events = journal.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    let events: Vec<Value> = events.collect();
    let names = |action: &str| -> Vec<String> {
        let of = events.iter().filter(|it| it["action"] == action && it["code"].is_null());
        of.filter_map(|it| Some(it["request"]["ChangeSetName"].as_str()?.to_owned())).collect()
    };
    let created = events.iter().filter(|it| it["request"]["ChangeSetType"] == "IMPORT");
    let imports: Vec<&str> =
        created.filter_map(|it| it["request"]["ChangeSetName"].as_str()).collect();
    names("ExecuteChangeSet").iter().filter(|name| imports.contains(&name.as_str())).count()
}

#[test]
fn wherever_a_run_ends_the_next_one_goes_on_and_imports_once() {
    let mut calls = 0;
    for fault in ["expired", "lost-reply"] {
        for nth in 1..60 {
            let directory = tempfile::tempdir().unwrap();
            let is_met = on_a_paused_clock(async |_| {
                let faults = format!(r#"{{"of": "mutating", "nth": {nth}, "fault": "{fault}"}}"#);
                let cloud = open(directory.path(), &faults);
                let outcome = deploy(&cloud, network(true, true)).await;
                // Credentials that are no longer valid end a run; whether a lost reply was done, is looked at.
                let is_met = cloud.mutating_calls() >= nth;
                let ends = fault == "expired" && is_met;
                assert_eq!(outcome.failed.is_empty(), !ends, "{fault} {nth}: {:?}", outcome.failed);
                is_met
            });
            if !is_met {
                break;
            }
            calls += 1;
            on_a_paused_clock(async |_| {
                let cloud = open(directory.path(), "");
                let outcome = deploy(&cloud, network(true, true)).await;
                assert_eq!(outcome.failed, [], "{fault} {nth}");
                assert_whole(&cloud, || network(true, true)).await;
            });
            assert_eq!(imports_begun(directory.path()), 1, "{fault} {nth}");
        }
    }
    assert!(calls >= 20, "{calls} calls");
}

#[test]
fn what_does_not_exist_is_said_and_nothing_is_made_instead() {
    on_a_paused_clock(async |cloud| {
        let outcome = deploy(&cloud, network(true, true)).await;
        assert_eq!(
            reason(&outcome),
            "the import fails: its change set is refused: Resource of type 'AWS::EC2::VPC' with identifier \
             'vpc-0abc' was not found; look whether it is there, in this account and region, by this identifier \
             and with these properties"
        );
        assert_eq!(change_sets(&cloud), (vec![IMPORT.to_owned()], 0));
        // It is there after all.
        add_vpc(&cloud);
        assert_eq!(deploy(&cloud, network(true, true)).await.failed, []);
        assert_whole(&cloud, || network(true, true)).await;
    });
}

#[test]
fn what_another_stack_has_is_left_to_it() {
    on_a_paused_clock(async |cloud| {
        add_vpc(&cloud);
        assert_eq!(deploy(&cloud, network(false, true)).await.failed, []);
        let (mut app, prod) = app();
        let mut second = app.open("second", Stack::new(prod.in_region(HERE)));
        let vpc = second.add("vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
        second[vpc].retain().import("vpc-0abc");
        let (engine, _) = engine(&cloud, graph(app), accel_deploy::Allowed::default()).await;
        let outcome = engine.apply(&["prod/eu-west-1/second".to_owned()], |_| {}).await;
        let reason = reason(&outcome);
        assert!(
            reason.contains("vpc-0abc already exists in stack arn:aws:cloudformation:eu-west-1:")
                && reason.ends_with(
                    "let the other one go of it first, keeping it by its deletion policy"
                ),
            "{reason}"
        );
    });
}

#[test]
fn an_import_that_is_taken_back_is_tried_again_when_it_is_mended() {
    for has_stack in [false, true] {
        on_a_paused_clock(async |cloud| {
            add_vpc(&cloud);
            if has_stack {
                assert_eq!(deploy(&cloud, network(true, false)).await.failed, []);
            }
            let id = {
                let assembly = accel::synth::synth(network(true, true)).expect("an app");
                let stacks = &assembly.manifest().stacks;
                stacks[PATH].imports.keys().next().expect("an import").clone()
            };
            let place = (ACCOUNT.to_owned(), HERE.name().to_owned(), id.clone());
            let broken = "The VPC cannot be read".to_owned();
            cloud.world(|world| world.failures.insert(place, broken));
            let outcome = deploy(&cloud, network(true, true)).await;
            let wanted = format!(
                "the import fails: IMPORT_ROLLBACK_COMPLETE: `{id}` (AWS::EC2::VPC): The VPC cannot be read; look"
            );
            assert!(reason(&outcome).starts_with(&wanted), "{}", reason(&outcome));
            cloud.world(|world| world.failures.clear());
            assert_eq!(deploy(&cloud, network(true, true)).await.failed, []);
            assert_whole(&cloud, || network(true, true)).await;
        });
    }
}

#[test]
fn a_stack_whose_import_could_not_be_taken_back_is_left_to_people() {
    on_a_paused_clock(async |cloud| {
        add_vpc(&cloud);
        assert_eq!(deploy(&cloud, network(true, false)).await.failed, []);
        let status = "IMPORT_ROLLBACK_FAILED";
        cloud.world(|world| world.set_stack_status(ACCOUNT, HERE.name(), STACK, status));
        let before = change_sets(&cloud);
        let outcome = deploy(&cloud, network(true, true)).await;
        let wanted = "`example-network` in eu-west-1 is IMPORT_ROLLBACK_FAILED: ";
        assert!(reason(&outcome).starts_with(wanted), "{}", reason(&outcome));
        assert_eq!(change_sets(&cloud), before);
    });
}

#[test]
fn what_is_imported_brings_what_it_needs_of_the_template() {
    let hosts = |has_subnet: bool| {
        let (mut app, prod) = app();
        let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
        let vpc = network.add("vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
        network[vpc].retain().import("vpc-0abc");
        let mut hosts = app.open("hosts", Stack::new(prod.in_region(HERE)));
        hosts.add("logs", s3::Bucket::new());
        if has_subnet {
            let subnet = ec2::Subnet::new(vpc.id()).cidr_block("10.0.0.0/24");
            let subnet = hosts.add("subnet", subnet);
            hosts[subnet].retain().import("subnet-0abc");
        }
        app
    };
    on_a_paused_clock(async |cloud| {
        add_vpc(&cloud);
        let subnet = [("SubnetId", "subnet-0abc")];
        cloud.world(|world| world.add_existing(ACCOUNT, HERE.name(), "AWS::EC2::Subnet", subnet));
        assert_eq!(deploy(&cloud, hosts(false)).await.failed, []);
        assert_eq!(deploy(&cloud, hosts(true)).await.failed, []);
        let calls = cloud.calls();
        let import = |(_, call): &&(Place, accel_deploy::Call)| {
            call.request["ResourcesToImport"][0]["ResourceType"] == "AWS::EC2::Subnet"
        };
        let (_, import) = calls.iter().find(import).expect("an import");
        assert_eq!(import.request["Parameters"][0]["ParameterValue"], "vpc-0abc");
        assert!(import.request["Tags"].is_null());
        let before = cloud.mutating_calls();
        assert_eq!(deploy(&cloud, hosts(true)).await.failed, []);
        assert_eq!(cloud.mutating_calls(), before);
    });
}

#[test]
fn what_refers_to_something_that_is_yet_to_be_made_is_refused_at_once() {
    let subnet = || {
        let (mut app, prod) = app();
        let mut stack = app.open("network", Stack::new(prod.in_region(HERE)));
        let vpc = stack.add("vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
        let subnet = ec2::Subnet::new(vpc.id()).cidr_block("10.0.0.0/24");
        let subnet = stack.add("subnet", subnet);
        stack[subnet].retain().import("subnet-0abc");
        app
    };
    on_a_paused_clock(async |cloud| {
        let (engine, paths) =
            engine(&cloud, graph(subnet()), accel_deploy::Allowed::default()).await;
        let failure = engine.plan(&paths).await.expect_err("it cannot be done");
        assert!(
            failure.reason.contains("is imported and refers to")
                && failure.reason.contains("import it as well"),
            "{}",
            failure.reason
        );
        assert_eq!(reason(&deploy(&cloud, subnet()).await), failure.reason);
        assert_eq!(change_sets(&cloud), (Vec::new(), 0));
    });
}

#[test]
fn who_makes_what_exists_is_told_that_it_can_be_imported() {
    let orders = |is_imported: bool| {
        let (mut app, prod) = app();
        let mut stack = app.open("data", Stack::new(prod.in_region(HERE)));
        let orders = stack.add("orders", s3::Bucket::new().bucket_name("example-orders"));
        stack[orders].retain();
        if is_imported {
            stack[orders].import("example-orders");
        }
        app
    };
    on_a_paused_clock(async |cloud| {
        let bucket = [("BucketName", "example-orders")];
        cloud.world(|world| world.add_existing(ACCOUNT, HERE.name(), "AWS::S3::Bucket", bucket));
        let outcome = deploy(&cloud, orders(false)).await;
        let reason = reason(&outcome);
        assert!(
            reason.contains("example-orders already exists")
                && reason.contains("import it into the stack"),
            "{reason}"
        );
        // The stack that was never made is deleted, and the next one begins with the bucket.
        assert_eq!(deploy(&cloud, orders(true)).await.failed, []);
    });
}
