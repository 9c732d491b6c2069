//! Stack sets with more instances than a page shows: what a run asks that changes nothing, and what it sees all the same.

use std::{collections::BTreeSet, ops::RangeInclusive, sync::Arc, time::Duration};

use accel::{
    cfn::ssm,
    core::{AccountId, AccountInfo, Email},
    prelude::*,
};
use accel_deploy::{
    Allowed, Place,
    cloud::{CloudExt as _, cloudformation::DeleteStackInstances},
};
use accel_simulator::SimulatedCloud;

use super::{HERE, app, cloud_of, deploy, engine, graph, on_a_paused_clock};

fn id(n: usize) -> String {
    format!("{}", 100_000_000_000 + n)
}

fn accounts(count: usize) -> App {
    accounts_in(1..=count)
}

fn accounts_in(numbers: RangeInclusive<usize>) -> App {
    let (mut app, _) = app();
    let accounts: Vec<_> = numbers
        .map(|n| {
            let info = AccountInfo { id: AccountId::parse(&id(n)).ok(), ..AccountInfo::default() };
            app.scope().declare_account_as(&format!("account-{n}"), info)
        })
        .collect();
    let set = StackSet::for_accounts(accounts).regions([HERE]);
    app.open("everywhere", set).add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
    app
}

/// Somebody deletes the instances in these accounts.
async fn delete_by_hand(cloud: &SimulatedCloud, accounts: &[usize], name: &str) {
    let delete = DeleteStackInstances {
        stack_set_name: "example-everywhere".to_owned(),
        accounts: Some(accounts.iter().map(|n| id(*n)).collect()),
        regions: vec![HERE.name().to_owned()],
        operation_id: Some(name.to_owned()),
        ..DeleteStackInstances::default()
    };
    cloud.call(&Place::caller(HERE.name()), &delete).await.expect("an operation");
    tokio::time::sleep(Duration::from_secs(600)).await;
}

/// The calls about stack sets of one more run, which changes nothing.
async fn asked(cloud: &Arc<SimulatedCloud>, app: App) -> Vec<String> {
    let before = cloud.calls().len();
    let outcome = deploy(cloud, app).await;
    assert_eq!((outcome.failed, outcome.unchanged), (vec![], 1));
    let calls = cloud.calls().split_off(before).into_iter().map(|(_, call)| call);
    assert!(calls.clone().all(|call| call.is_read()));
    calls.filter(|call| call.action.contains("Stack")).map(|call| call.action.into()).collect()
}

const KNOWN: [&str; 2] = ["DescribeStackSet", "ListStackSetOperations"];

#[test]
fn two_calls_tell_that_250_instances_are_as_they_were_left() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, accounts(250)).await.changed, ["everywhere"]);
        assert_eq!(asked(&cloud, accounts(250)).await, KNOWN);
        // One more account is wanted: its instance is made, and that was an operation too.
        assert_eq!(deploy(&cloud, accounts(251)).await.changed, ["everywhere"]);
        assert_eq!(asked(&cloud, accounts(251)).await, KNOWN);
        // And two fewer.
        assert_eq!(deploy(&cloud, accounts(249)).await.changed, ["everywhere"]);
        assert_eq!(asked(&cloud, accounts(249)).await, KNOWN);
    });
}

#[test]
fn an_instance_that_somebody_deletes_is_seen_and_made_again() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, accounts(250)).await.changed, ["everywhere"]);
        delete_by_hand(&cloud, &[77], "by-hand").await;
        assert_eq!(deploy(&cloud, accounts(250)).await.changed, ["everywhere"]);
        assert_eq!(asked(&cloud, accounts(250)).await, KNOWN);
    });
}

/// A tenth may fail, and the operation succeeds nevertheless.
#[test]
fn an_instance_that_failed_is_seen_although_its_operation_succeeded() {
    on_a_paused_clock(async |cloud| {
        let place = (id(42), HERE.name().to_owned(), "example-everywhere".to_owned());
        cloud.world(|world| world.failures.insert(place, "Quota exceeded".to_owned()));
        assert_eq!(deploy(&cloud, accounts(250)).await.partial.len(), 1);
        cloud.world(|world| world.failures.clear());
        assert_eq!(deploy(&cloud, accounts(250)).await.changed, ["everywhere"]);
        assert_eq!(asked(&cloud, accounts(250)).await, KNOWN);
    });
}

/// The operation of a killed run that leaves something to do does not say that all is done.
#[test]
fn what_a_killed_run_has_left_to_do_is_done() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, accounts_in(1..=150)).await.changed, ["everywhere"]);
        // Ten leave and ten join: that takes two operations.
        let (engine, paths) =
            engine(&cloud, graph(accounts_in(11..=160)), Allowed::default()).await;
        let run = tokio::spawn(async move { engine.apply(&paths, |_| {}).await });
        let begun = |action: &str| cloud.calls().iter().any(|(_, call)| call.action == action);
        while !begun("DeleteStackInstances") && !run.is_finished() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        run.abort();
        assert!(run.await.is_err(), "it came to its end");
        tokio::time::sleep(Duration::from_secs(1000)).await;
        let outcome = deploy(&cloud, accounts_in(11..=160)).await;
        assert_eq!((outcome.failed, outcome.changed), (vec![], vec!["everywhere".to_owned()]));
        assert_eq!(asked(&cloud, accounts_in(11..=160)).await, KNOWN);
    });
}

/// Somebody who has done something that changes nothing costs a look at all pages.
#[test]
fn an_operation_of_somebody_else_is_looked_behind() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, accounts(250)).await.changed, ["everywhere"]);
        delete_by_hand(&cloud, &[900], "by-hand").await;
        let pages = ["ListStackInstances"; 3];
        assert_eq!(asked(&cloud, accounts(250)).await, [&KNOWN[..], &pages].concat());
    });
}

/// What is found does not come into the ids of operations: one content has one name, or two, with numbers.
#[test]
fn ids_are_of_what_is_wanted_and_there_is_always_a_next_one() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, accounts(3)).await.changed, ["everywhere"]);
        for n in 0..101 {
            delete_by_hand(&cloud, &[n % 3 + 1], &format!("by-hand-{n}")).await;
            assert_eq!(deploy(&cloud, accounts(3)).await.changed, ["everywhere"], "{n}");
        }
        let calls = cloud.calls().into_iter();
        let created = calls.filter(|(_, call)| call.action == "CreateStackInstances");
        let ids = created.map(|(_, call)| call.request["OperationId"].to_string());
        let ids: BTreeSet<String> = ids.collect();
        let names = ids.iter().filter_map(|id| id.rsplit_once('-').map(|(name, _)| name));
        assert_eq!((ids.len(), names.collect::<BTreeSet<_>>().len()), (102, 1));
    });
}

/// Ten sets in one unit, which has one below.
fn over_a_unit() -> App {
    let mut app = App::new("example");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let unit = org.add("workloads", OrganizationalUnit::builder().build());
    let below = org.add("below", OrganizationalUnit::builder().parent(unit).build());
    for (n, unit) in [unit, below].into_iter().enumerate() {
        let email = Email::parse(&format!("aws+{n}@example.com")).expect("an address");
        org.add(&format!("account-{n}"), Account::builder().email(email).unit(unit).build());
    }
    let access = org.stack_set_access();
    for n in 0..10 {
        let set = StackSet::for_units([unit]).regions([HERE]);
        let mut set = org.open(&format!("set-{n}"), set);
        set.after(access);
        set.add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
    }
    app
}

/// Organizations answers a few calls a second.
#[test]
fn a_unit_is_asked_once_for_all_sets() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let cloud = cloud_of(directory.path(), over_a_unit());
        assert_eq!(deploy(&cloud, over_a_unit()).await.failed, []);
        let before = cloud.calls().len();
        assert_eq!(deploy(&cloud, over_a_unit()).await.changed, Vec::<String>::new());
        let calls = cloud.calls().split_off(before).into_iter();
        let asked = calls.filter(|(_, call)| call.action == "ListAccountsForParent");
        assert_eq!(asked.count(), 2);
    });
}
