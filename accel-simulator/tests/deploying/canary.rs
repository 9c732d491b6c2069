//! Stack sets of which one unit goes first.

use std::{sync::Arc, time::Duration};

use accel::{
    cfn::ssm,
    core::{AccountLimit, ConcurrencyMode, Email, OperationPreferences, RegionConcurrency},
    prelude::*,
};
use accel_deploy::{
    Allowed, Place, Plan,
    cloud::{CloudExt as _, cloudformation::GetTemplate},
};
use accel_simulator::SimulatedCloud;
use serde_json::{Value, json};

use super::{HERE, THERE, cloud_of, deploy, engine, graph, on_a_paused_clock, plan};

/// A unit with four accounts, two of which are in a unit below it that goes first.
fn units(value: &'static str) -> App {
    let mut app = App::new("example");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let all = org.add("workloads", OrganizationalUnit::builder().build());
    let first = org.add("first", OrganizationalUnit::builder().parent(all).build());
    for (n, unit) in [first, first, all, all].into_iter().enumerate() {
        let email = Email::parse(&format!("aws+{n}@example.com")).expect("an address");
        org.add(&format!("account-{n}"), Account::builder().email(email).unit(unit).build());
    }
    let access = org.stack_set_access();
    let set = StackSet::for_units([all]).regions([HERE]).canary(first);
    let mut set = org.open("everywhere", set);
    set.after(access);
    set.add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, value));
    app
}

const SET: &str = "example-org-everywhere";

fn cloud() -> (tempfile::TempDir, Arc<SimulatedCloud>) {
    let directory = tempfile::tempdir().expect("a directory");
    let cloud = cloud_of(directory.path(), units("a"));
    (directory, cloud)
}

fn account(n: usize) -> String {
    format!("{}", 200_000_000_000_u64 + n as u64)
}

/// The accounts in the order of their names get ids in some other one.
fn ids(cloud: &SimulatedCloud) -> (Vec<String>, Vec<String>) {
    cloud.world(|world| {
        let accounts = &world.organization.as_ref().expect("an organization").accounts;
        let of = |names: [&str; 2]| {
            let account = |n: &str| {
                let is_it = |email: &str| email == format!("aws+{n}@example.com");
                accounts.iter().find(|(_, it)| is_it(&it.email)).expect("an account").0.clone()
            };
            names.into_iter().map(account).collect()
        };
        (of(["0", "1"]), of(["2", "3"]))
    })
}

/// Each operation on the set, and the accounts whose instances say otherwise now.
fn operations(cloud: &SimulatedCloud) -> Vec<(String, Value)> {
    let is_operation =
        |action: &str| action.ends_with("StackInstances") || action == "UpdateStackSet";
    let calls = cloud.calls().into_iter();
    let operations = calls.filter(|(_, call)| is_operation(&call.action) && !call.is_read());
    operations.map(|(_, call)| (call.action.into_owned(), call.request)).collect()
}

fn actions(operations: &[(String, Value)]) -> Vec<&str> {
    operations.iter().map(|(action, _)| action.as_str()).collect()
}

/// What the instance in an account has, if it has one.
async fn has(cloud: &SimulatedCloud, account: &str) -> Option<String> {
    let get = GetTemplate { stack_name: format!("StackSet-{SET}"), template_stage: None };
    let template = cloud.call(&Place::account(account, HERE.name()), &get).await.ok()?;
    let template: Value = serde_json::from_str(&template.template_body).expect("JSON");
    let resource = template["Resources"].as_object()?.values().next()?;
    resource["Properties"]["Value"].as_str().map(str::to_owned)
}

async fn all_have(cloud: &SimulatedCloud, accounts: &[String], value: Option<&str>) {
    for account in accounts {
        assert_eq!(has(cloud, account).await.as_deref(), value, "{account}");
    }
}

fn reasons(plan: &Plan) -> Vec<String> {
    let entry = plan.entries.iter().find(|it| it.path == "org/everywhere");
    entry.expect("an entry").reasons.clone()
}

#[test]
fn a_unit_goes_first_when_instances_are_made_and_when_they_change() {
    on_a_paused_clock(async |_| {
        let (_directory, cloud) = cloud();
        let planned = reasons(&plan(&cloud, units("a")).await);
        assert!(planned.contains(&"first in `org/first`".to_owned()), "{planned:?}");
        assert_eq!(deploy(&cloud, units("a")).await.failed, []);
        let made = operations(&cloud);
        assert_eq!(actions(&made), ["CreateStackInstances", "CreateStackInstances"]);
        let unit =
            |it: &(String, Value)| it.1["DeploymentTargets"]["OrganizationalUnitIds"].clone();
        assert_ne!(unit(&made[0]), unit(&made[1]));
        let (first, others) = ids(&cloud);
        assert_eq!(
            reasons(&plan(&cloud, units("b")).await),
            ["the template differs", "first the 2 instances in `org/first`"]
        );
        assert_eq!(deploy(&cloud, units("b")).await.changed, ["org/everywhere"]);
        let changed = operations(&cloud).split_off(2);
        assert_eq!(actions(&changed), ["UpdateStackSet", "UpdateStackInstances"]);
        assert_eq!(unit(&changed[0]), unit(&made[0]));
        assert_eq!(changed[0].1["Regions"], json!(["eu-west-1"]));
        assert_eq!(changed[1].1["DeploymentTargets"]["Accounts"], json!(others));
        all_have(&cloud, &first, Some("b")).await;
        all_have(&cloud, &others, Some("b")).await;
        let planned = plan(&cloud, units("b")).await;
        assert!(planned.is_empty(), "{planned}");
    });
}

#[test]
fn where_the_first_unit_fails_nothing_else_is_begun_until_it_is_mended() {
    on_a_paused_clock(async |_| {
        let (_directory, cloud) = cloud();
        // Of the two accounts one fails: when the instances are made...
        let place = (account(1), HERE.name().to_owned(), SET.to_owned());
        let fails = || {
            cloud.world(|world| world.failures.insert(place.clone(), "Quota exceeded".to_owned()))
        };
        fails();
        let outcome = deploy(&cloud, units("a")).await;
        let reason = &outcome.failed[0].reason;
        assert_eq!((outcome.failed.len(), outcome.partial.len()), (1, 0));
        assert!(reason.starts_with("`org/first` goes first, and has failed: "), "{reason}");
        assert!(reason.contains("200000000001 in eu-west-1: Quota exceeded"), "{reason}");
        let (first, others) = ids(&cloud);
        assert!(first.contains(&account(1)), "{first:?}");
        all_have(&cloud, &others, None).await;
        // ... and again: the one is tried alone, and still no other.
        assert_eq!(deploy(&cloud, units("a")).await.failed.len(), 1);
        let tried = operations(&cloud);
        assert_eq!(actions(&tried), ["CreateStackInstances", "UpdateStackInstances"]);
        assert_eq!(tried[1].1["DeploymentTargets"]["Accounts"], json!([account(1)]));
        cloud.world(|world| world.failures.clear());
        assert_eq!(deploy(&cloud, units("a")).await.failed, []);
        all_have(&cloud, &others, Some("a")).await;
        // When they change.
        fails();
        assert_eq!(deploy(&cloud, units("b")).await.failed.len(), 1);
        assert_eq!(deploy(&cloud, units("b")).await.failed.len(), 1);
        all_have(&cloud, &others, Some("a")).await;
        // What mends it goes first too.
        cloud.world(|world| world.failures.clear());
        assert_eq!(deploy(&cloud, units("c")).await.failed, []);
        all_have(&cloud, &[first, others].concat(), Some("c")).await;
        let planned = plan(&cloud, units("c")).await;
        assert!(planned.is_empty(), "{planned}");
    });
}

/// Instances take a minute: the first of them end after one, the others after another one.
#[test]
fn a_run_that_was_killed_is_finished_in_the_same_order() {
    for seconds in [1, 30, 59, 61, 75, 90, 119] {
        on_a_paused_clock(async |_| {
            let (_directory, cloud) = cloud();
            assert_eq!(deploy(&cloud, units("a")).await.failed, []);
            let before = operations(&cloud).len();
            let (first, others) = ids(&cloud);
            let (killed, paths) = engine(&cloud, graph(units("b")), Allowed::default()).await;
            let run = killed.apply(&paths, |_| {});
            let ended = tokio::time::timeout(Duration::from_secs(seconds), run).await;
            assert!(ended.is_err(), "it has ended within {seconds} s");
            if has(&cloud, &first[0]).await.as_deref() != Some("b") {
                all_have(&cloud, &others, Some("a")).await;
            }
            assert_eq!(deploy(&cloud, units("b")).await.failed, []);
            all_have(&cloud, &[first, others].concat(), Some("b")).await;
            let done = operations(&cloud).split_off(before);
            assert_eq!(actions(&done), ["UpdateStackSet", "UpdateStackInstances"], "{seconds} s");
        });
    }
}

#[test]
fn operations_roll_out_as_the_set_prefers() {
    let app = |preferences| {
        let (mut app, prod) = super::app();
        let set = StackSet::for_accounts([prod]).regions([HERE, THERE, Region::EU_CENTRAL_1]);
        let mut set = app.open("everywhere", set.operation_preferences(preferences));
        set.add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
        app
    };
    let sent = |preferences| {
        on_a_paused_clock(async |cloud| {
            assert_eq!(deploy(&cloud, app(preferences)).await.failed, []);
            operations(&cloud)[0].1["OperationPreferences"].clone()
        })
    };
    assert_eq!(
        sent(OperationPreferences::default()),
        json!({
            "RegionConcurrencyType": "PARALLEL", "MaxConcurrentPercentage": 100,
            "FailureTolerancePercentage": 10, "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE",
        })
    );
    let careful = OperationPreferences {
        region_concurrency: RegionConcurrency::Sequential(vec![THERE]),
        max_concurrent: AccountLimit::Count(3),
        failure_tolerance: AccountLimit::Count(2),
        concurrency_mode: ConcurrencyMode::Strict,
    };
    assert_eq!(
        sent(careful),
        json!({
            "RegionConcurrencyType": "SEQUENTIAL",
            "RegionOrder": ["us-east-1", "eu-west-1", "eu-central-1"],
            "MaxConcurrentCount": 3, "FailureToleranceCount": 2,
            "ConcurrencyMode": "STRICT_FAILURE_TOLERANCE",
        })
    );
}
