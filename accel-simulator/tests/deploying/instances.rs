//! Instances of stack sets of which some fail: what is said, and what the next run tries again.

use std::{fs, sync::Arc, time::Duration};

use accel::{
    cfn::ssm,
    core::{AccountFilter, AccountId, AccountInfo, Email, OperationPreferences},
    prelude::*,
};
use accel_deploy::{
    Place,
    cloud::{
        CloudExt as _,
        cloudformation::{DeleteStack, DeleteStackInstances},
    },
};
use accel_simulator::{Gate, SimulatedCloud};
use serde_json::{Value, json};

use super::{HERE, THERE, app, cloud_of, deploy, on_a_paused_clock};

fn account(n: u64) -> String {
    format!("{}", 100_000_000_000 + n)
}

/// A stack set in a hundred accounts.
fn hundred(regions: &[Region]) -> App {
    hundred_in(regions, OperationPreferences::default())
}

pub(crate) fn hundred_in(regions: &[Region], preferences: OperationPreferences) -> App {
    let (mut app, _) = app();
    let accounts = (1..=100_u64).map(|n| {
        let id = AccountId::parse(&account(n)).ok();
        let info = AccountInfo { id, ..AccountInfo::default() };
        app.scope().declare_account_as(&format!("account-{n}"), info)
    });
    let accounts: Vec<_> = accounts.collect();
    let set = StackSet::for_accounts(accounts).regions(regions.iter().copied());
    let set = set.operation_preferences(preferences);
    app.open("everywhere", set).add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
    app
}

pub(crate) fn breaks_in(
    cloud: &SimulatedCloud,
    accounts: impl IntoIterator<Item = u64>,
    region: Region,
) {
    cloud.world(|world| {
        for n in accounts {
            let place = (account(n), region.name().to_owned(), "example-everywhere".to_owned());
            world.failures.insert(place, "Quota exceeded".to_owned());
        }
    });
}

fn mend(cloud: &SimulatedCloud) {
    cloud.world(|world| world.failures.clear());
}

/// What each operation on instances was for.
fn operations(cloud: &SimulatedCloud) -> Vec<(String, Value)> {
    let calls = cloud.calls().into_iter();
    let operations =
        calls.filter(|(_, call)| call.action.ends_with("StackInstances") && !call.is_read());
    operations.map(|(_, call)| (call.action.into_owned(), call.request)).collect()
}

#[test]
fn one_in_a_hundred_is_partial_and_is_tried_again_alone() {
    on_a_paused_clock(async |cloud| {
        breaks_in(&cloud, [42], HERE);
        let outcome = deploy(&cloud, hundred(&[HERE, THERE])).await;
        assert_eq!((outcome.failed.len(), outcome.partial.len()), (0, 1));
        assert_eq!(outcome.partial[0].reason, "100000000042 in eu-west-1: Quota exceeded");
        // Still broken: it is as partial as before, because it is one of a hundred.
        let outcome = deploy(&cloud, hundred(&[HERE, THERE])).await;
        assert_eq!((outcome.failed, outcome.partial.len()), (Vec::new(), 1));
        mend(&cloud);
        assert_eq!(deploy(&cloud, hundred(&[HERE, THERE])).await.changed, ["everywhere"]);
        let operations = operations(&cloud);
        let actions: Vec<_> = operations.iter().map(|(action, _)| action.as_str()).collect();
        assert_eq!(
            actions,
            ["CreateStackInstances", "UpdateStackInstances", "UpdateStackInstances"]
        );
        for (_, request) in &operations[1..] {
            assert_eq!(request["Accounts"], json!(["100000000042"]));
            assert_eq!(request["Regions"], json!(["eu-west-1"]));
        }
        assert_eq!(deploy(&cloud, hundred(&[HERE, THERE])).await.unchanged, 1);
    });
}

#[test]
fn an_account_whose_gate_failed_is_named_with_it_and_tried_again() {
    on_a_paused_clock(async |cloud| {
        let place = (account(42), HERE.name().to_owned());
        let gate = Gate::Failed("alarms are on".to_owned());
        cloud.world(|world| world.gates.insert(place, gate));
        let outcome = deploy(&cloud, hundred(&[HERE])).await;
        assert_eq!((outcome.failed, outcome.partial.len()), (Vec::new(), 1));
        assert_eq!(
            outcome.partial[0].reason,
            "100000000042 in eu-west-1: the account gate, the function AWSCloudFormationStackSetAccountGate there, has \
             not let it in: alarms are on"
        );
        cloud.world(|world| world.gates.clear());
        assert_eq!(deploy(&cloud, hundred(&[HERE])).await.changed, ["everywhere"]);
        let operations = operations(&cloud);
        assert_eq!(operations[1].1["Accounts"], json!(["100000000042"]));
    });
}

#[test]
fn who_failed_is_known_although_the_list_of_results_is_behind() {
    on_a_paused_clock(async |cloud| {
        breaks_in(&cloud, [42], HERE);
        cloud.world(|world| world.list_lag = Duration::from_secs(30));
        let outcome = deploy(&cloud, hundred(&[HERE])).await;
        assert_eq!((outcome.failed, outcome.partial.len()), (Vec::new(), 1));
        assert_eq!(outcome.partial[0].reason, "100000000042 in eu-west-1: Quota exceeded");
        // Nothing is tried again in the same run.
        assert_eq!(operations(&cloud).len(), 1);
    });
}

#[test]
fn a_tenth_is_tolerated_again_and_more_is_not() {
    on_a_paused_clock(async |cloud| {
        breaks_in(&cloud, 1..=10, HERE);
        let outcome = deploy(&cloud, hundred(&[HERE])).await;
        assert_eq!((outcome.failed, outcome.partial.len()), (Vec::new(), 1));
        let outcome = deploy(&cloud, hundred(&[HERE])).await;
        assert_eq!((outcome.failed, outcome.partial.len()), (Vec::new(), 1));
        let (_, request) = operations(&cloud).pop().expect("an operation");
        assert_eq!(request["Accounts"], (1..=10).map(account).collect::<Value>());
        mend(&cloud);
        assert_eq!(deploy(&cloud, hundred(&[HERE])).await.changed, ["everywhere"]);
    });
}

#[test]
fn all_fail_the_stack_set_and_are_all_tried_again() {
    on_a_paused_clock(async |cloud| {
        breaks_in(&cloud, 1..=100, HERE);
        let outcome = deploy(&cloud, hundred(&[HERE])).await;
        assert_eq!((outcome.failed.len(), outcome.partial.len()), (1, 0));
        let reason = &outcome.failed[0].reason;
        assert!(
            reason.contains("is FAILED: 100000000001 in eu-west-1: Quota exceeded"),
            "{reason}"
        );
        assert!(reason.ends_with("; and 80 more"), "{reason}");
        mend(&cloud);
        assert_eq!(deploy(&cloud, hundred(&[HERE])).await.changed, ["everywhere"]);
        let (_, request) = operations(&cloud).pop().expect("an operation");
        assert_eq!(request["Accounts"], (1..=100).map(account).collect::<Value>());
    });
}

/// One operation is for all regions of its accounts: these need two, so that no others are touched.
#[test]
fn accounts_that_failed_in_other_regions_are_tried_apart() {
    on_a_paused_clock(async |cloud| {
        breaks_in(&cloud, [1, 2], HERE);
        breaks_in(&cloud, [2, 3], THERE);
        assert_eq!(deploy(&cloud, hundred(&[HERE, THERE])).await.partial.len(), 1);
        mend(&cloud);
        breaks_in(&cloud, [2], HERE);
        breaks_in(&cloud, [2, 3], THERE);
        let outcome = deploy(&cloud, hundred(&[HERE, THERE])).await;
        assert_eq!(
            outcome.partial[0].reason,
            "100000000002 in eu-west-1: Quota exceeded; 100000000002 in us-east-1: Quota exceeded; \
             100000000003 in us-east-1: Quota exceeded"
        );
        let tried = operations(&cloud).split_off(1);
        let tried: Vec<_> = tried.iter().map(|(_, it)| (&it["Accounts"], &it["Regions"])).collect();
        assert_eq!(
            tried,
            [
                (&json!([account(1), account(2)]), &json!(["eu-west-1"])),
                (&json!([account(2), account(3)]), &json!(["us-east-1"])),
            ]
        );
    });
}

/// A stack set over a unit with accounts that the run makes.
fn unit() -> App {
    unit_without(None)
}

/// The same, in which one account of the unit has no instance.
fn unit_without(left_out: Option<u64>) -> App {
    let mut app = App::new("example");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let unit = org.add("workloads", OrganizationalUnit::builder().build());
    let mut filter = AccountFilter::All;
    for n in 1..=20 {
        let email = Email::parse(&format!("aws+{n}@example.com")).expect("an address");
        let account = Account::builder().email(email).unit(unit).build();
        let account = org.add(&format!("account-{n:02}"), account);
        if left_out == Some(n) {
            filter = AccountFilter::Except(vec![account]);
        }
    }
    let access = org.stack_set_access();
    let set = StackSet::for_units([unit]).regions([HERE]).filter(filter);
    let mut set = org.open("everywhere", set);
    set.after(access);
    set.add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
    app
}

#[test]
fn in_units_only_the_accounts_that_failed_are_tried_again() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().unwrap();
        let cloud = cloud_of(directory.path(), unit());
        cloud.world(|world| {
            world.account_quota = 30;
            let account = "200000000007".to_owned();
            let place = (account, HERE.name().to_owned(), "example-org-everywhere".to_owned());
            world.failures.insert(place, "Quota exceeded".to_owned());
        });
        let outcome = deploy(&cloud, unit()).await;
        assert_eq!((outcome.failed, outcome.partial.len()), (Vec::new(), 1));
        mend(&cloud);
        assert_eq!(deploy(&cloud, unit()).await.changed, ["org/everywhere"]);
        let operations = operations(&cloud);
        assert_eq!(operations.len(), 2);
        let units = &operations[0].1["DeploymentTargets"]["OrganizationalUnitIds"];
        assert_eq!(
            operations[1].1["DeploymentTargets"],
            json!({
                "Accounts": ["200000000007"], "OrganizationalUnitIds": units,
                "AccountFilterType": "INTERSECTION",
            })
        );
    });
}

/// A deletion that fails leaves an instance that AWS leaves out of updates. Nobody but a person gets it out of there.
#[test]
fn an_inoperable_instance_is_named_with_the_way_out_and_not_tried() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().unwrap();
        let cloud = cloud_of(directory.path(), unit());
        cloud.world(|world| world.account_quota = 30);
        assert_eq!(deploy(&cloud, unit()).await.failed, []);
        let stuck = "200000000007".to_owned();
        let place = (stuck.clone(), HERE.name().to_owned(), "example-org-everywhere".to_owned());
        cloud.world(|world| world.failures.insert(place, "The bucket is not empty".to_owned()));
        let outcome = deploy(&cloud, unit_without(Some(7))).await;
        let reason = &outcome.failed[0].reason;
        assert!(reason.contains("200000000007 in eu-west-1: The bucket is not empty"), "{reason}");
        mend(&cloud);
        // The account is wanted again. What could not be deleted is one of twenty, so the rest is as it should be.
        let before = operations(&cloud).len();
        let outcome = deploy(&cloud, unit()).await;
        assert_eq!((outcome.failed, outcome.partial.len()), (Vec::new(), 1));
        assert_eq!(
            outcome.partial[0].reason,
            "200000000007 in eu-west-1: it is INOPERABLE: The bucket is not empty; delete the instance and keep \
             its stack, delete the stack in the account, and deploy again"
        );
        assert_eq!(operations(&cloud).len(), before);
        // Which somebody does.
        let organization_unit =
            operations(&cloud)[0].1["DeploymentTargets"]["OrganizationalUnitIds"].clone();
        let let_go = DeleteStackInstances {
            stack_set_name: "example-org-everywhere".to_owned(),
            deployment_targets: serde_json::from_value(json!({
                "Accounts": [stuck], "OrganizationalUnitIds": organization_unit,
                "AccountFilterType": "INTERSECTION",
            }))
            .ok(),
            regions: vec![HERE.name().to_owned()],
            retain_stacks: true,
            operation_id: Some("by-hand".to_owned()),
            ..DeleteStackInstances::default()
        };
        cloud.call(&Place::caller(HERE.name()), &let_go).await.unwrap();
        tokio::time::sleep(Duration::from_secs(120)).await;
        let stack_name = "StackSet-example-org-everywhere".to_owned();
        let delete = DeleteStack { stack_name, ..DeleteStack::default() };
        cloud.call(&Place::account(&*stuck, HERE.name()), &delete).await.unwrap();
        tokio::time::sleep(Duration::from_secs(120)).await;
        assert_eq!(deploy(&cloud, unit()).await.changed, ["org/everywhere"]);
        assert_eq!(deploy(&cloud, unit()).await.changed, Vec::<String>::new());
    });
}

/// A directory whose faults are the same is the same cloud, whatever failed in it before.
#[test]
fn what_failed_in_one_run_has_failed_for_the_next() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().unwrap();
        let faults = r#"{"failures": [
            {"account": "100000000003", "region": "eu-west-1", "of": "example-everywhere", "reason": "Quota exceeded"}
        ]}"#;
        fs::write(directory.path().join("faults.json"), faults).unwrap();
        let open = || Arc::new(SimulatedCloud::open(directory.path(), Vec::new()).unwrap());
        let cloud = open();
        assert_eq!(deploy(&cloud, hundred(&[HERE])).await.partial.len(), 1);
        let world = cloud.world(|world| world.clone());
        let again = open();
        assert!(again.world(|it| it.clone()) == world);
        assert_eq!(deploy(&again, hundred(&[HERE])).await.partial.len(), 1);
        fs::remove_file(directory.path().join("faults.json")).unwrap();
        assert_eq!(deploy(&open(), hundred(&[HERE])).await.changed, ["everywhere"]);
    });
}
