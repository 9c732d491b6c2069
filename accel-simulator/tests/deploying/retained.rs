//! Stacks that stay when their account leaves a stack set, or the set leaves the app: nothing is lost, no flag is needed.

use std::sync::Arc;

use accel::{
    cfn::s3,
    core::{AccountFilter, Email},
    prelude::*,
    synth::synth,
};
use accel_deploy::{
    Allowed, Graph, Outcome, Place,
    cloud::{
        CloudExt as _,
        cloudformation::{self, DescribeStackSet, DescribeStacks},
    },
};
use accel_simulator::SimulatedCloud;
use serde_json::Value;

use super::{HERE, THERE, app, cloud_of, deploy, engine, on_a_paused_clock, plan};

const STAY: &str = "the stacks stay, with all that is in them, and are nobody's from then on";

/// A bucket, which cannot be had back, in these regions of an account by roles that are there; without any there is no set.
fn by_roles(regions: &[Region], retain: bool) -> App {
    let (mut app, prod) = app();
    if !regions.is_empty() {
        let set = StackSet::for_accounts([prod]).regions(regions.iter().copied());
        app.open("stores", set.retain_on_removal(retain)).add("store", s3::Bucket::new());
    }
    app
}

/// The same in two accounts of a unit, without the second one, or without the set.
fn by_unit(has_second: bool, has_set: bool) -> App {
    let mut app = App::new("example");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let unit = org.add("workloads", OrganizationalUnit::builder().build());
    let accounts = ["one", "two"].map(|id| {
        let email = Email::parse(&format!("aws+{id}@example.com")).expect("an address");
        org.add(id, Account::builder().email(email).unit(unit).build())
    });
    let access = org.stack_set_access();
    if has_set {
        let set = StackSet::for_units([unit]).regions([HERE]).retain_on_removal(true);
        let set = match has_second {
            true => set,
            false => set.filter(AccountFilter::Except(vec![accounts[1]])),
        };
        let mut set = org.open("stores", set);
        set.after(access);
        set.add("store", s3::Bucket::new());
    }
    app
}

async fn destroy(cloud: &Arc<SimulatedCloud>, app: App) -> Outcome {
    let assembly = synth(app).expect("an app without problems");
    let (engine, paths) = engine(cloud, Graph::of_nothing(&assembly), Allowed::default()).await;
    engine.apply(&paths, |_| {}).await
}

/// The `RetainStacks` of each deletion of instances.
fn retained(cloud: &SimulatedCloud) -> Vec<Value> {
    let calls = cloud.calls().into_iter();
    let deletions = calls.filter(|(_, call)| call.action == "DeleteStackInstances");
    deletions.map(|(_, call)| call.request["RetainStacks"].clone()).collect()
}

async fn has_stack(cloud: &SimulatedCloud, place: &Place, set: &str) -> bool {
    let stack_name = Some(format!("StackSet-{set}"));
    let describe = DescribeStacks { stack_name, ..DescribeStacks::default() };
    cloud.call(place, &describe).await.is_ok()
}

async fn stack_set(cloud: &SimulatedCloud, name: &str) -> Option<cloudformation::StackSet> {
    let describe = DescribeStackSet { stack_set_name: name.to_owned(), call_as: None };
    cloud.call(&Place::caller(HERE.name()), &describe).await.ok().map(|found| found.stack_set)
}

#[test]
fn a_region_and_then_the_set_leave_and_the_stacks_stay() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, by_roles(&[HERE, THERE], true)).await.failed, []);
        let planned = plan(&cloud, by_roles(&[HERE], true)).await.to_string();
        let says = format!("1 instances are no longer wanted: {STAY}");
        assert!(planned.contains(&says) && !planned.contains("--allow-delete"), "{planned}");
        assert_eq!(deploy(&cloud, by_roles(&[HERE], true)).await.changed, ["stores"]);

        let planned = plan(&cloud, by_roles(&[], true)).await.to_string();
        assert!(planned.contains(STAY) && !planned.contains("--allow-delete"), "{planned}");
        let outcome = deploy(&cloud, by_roles(&[], true)).await;
        assert_eq!((outcome.failed, outcome.changed), (vec![], vec!["stores".to_owned()]));
        assert!(stack_set(&cloud, "example-stores").await.is_none());
        for region in [HERE, THERE] {
            assert!(has_stack(&cloud, &Place::caller(region.name()), "example-stores").await);
        }
        assert_eq!(retained(&cloud), [true, true]);
        let planned = plan(&cloud, by_roles(&[], true)).await;
        assert!(planned.is_empty(), "{planned}");
    });
}

#[test]
fn the_same_is_refused_where_the_stacks_do_not_stay() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, by_roles(&[HERE, THERE], false)).await.failed, []);
        for regions in [&[HERE][..], &[]] {
            let outcome = deploy(&cloud, by_roles(regions, false)).await;
            let failed = &outcome.failed[0];
            assert!(failed.guarded && failed.reason.contains("--allow-delete"), "{failed:?}");
        }
        assert_eq!(retained(&cloud), [Value::Null; 0]);
    });
}

/// A run that does not bring a set to its end is a run of this program all the same.
#[test]
fn they_stay_as_the_last_program_says_that_had_the_set() {
    for (said, last) in [(false, true), (true, false)] {
        on_a_paused_clock(async |cloud| {
            let there = ["999999999999", THERE.name(), "example-stores"].map(str::to_owned);
            cloud.world(|world| world.failures.insert(there.into(), "Quota exceeded".to_owned()));
            for retain in [said, last] {
                let outcome = deploy(&cloud, by_roles(&[HERE, THERE], retain)).await;
                assert_eq!(outcome.failed.len() + outcome.partial.len(), 1, "{outcome:?}");
            }
            cloud.world(|world| world.failures.clear());
            let outcome = deploy(&cloud, by_roles(&[], last)).await;
            assert!(outcome.failed.iter().all(|failed| failed.guarded), "{outcome:?}");
            assert_eq!(outcome.failed.is_empty(), last);
            assert_eq!(retained(&cloud), vec![Value::Bool(true); usize::from(last)]);
            assert!(has_stack(&cloud, &Place::caller(HERE.name()), "example-stores").await);
        });
    }
}

#[test]
fn who_destroys_keeps_them_as_the_program_says_now() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, by_roles(&[HERE], true)).await.failed, []);
        let failed = destroy(&cloud, by_roles(&[HERE], false)).await.failed;
        assert!(failed[0].guarded && failed[0].reason.contains("--allow-delete"), "{failed:?}");

        assert_eq!(deploy(&cloud, by_roles(&[HERE], false)).await.failed, []);
        assert_eq!(destroy(&cloud, by_roles(&[HERE], true)).await.failed, []);
        assert!(stack_set(&cloud, "example-stores").await.is_none());
        assert!(has_stack(&cloud, &Place::caller(HERE.name()), "example-stores").await);
        assert_eq!(retained(&cloud), [true]);
    });
}

#[test]
fn a_set_of_units_keeps_its_stacks_too() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let cloud = cloud_of(directory.path(), by_unit(true, true));
        assert_eq!(deploy(&cloud, by_unit(true, true)).await.failed, []);
        // What AWS does by itself when an account leaves the unit is the same.
        let auto =
            stack_set(&cloud, "example-org-stores").await.and_then(|set| set.auto_deployment);
        assert_eq!(auto.and_then(|it| it.retain_stacks_on_account_removal), Some(true));
        assert_eq!(deploy(&cloud, by_unit(false, true)).await.failed, []);
        assert_eq!(deploy(&cloud, by_unit(false, false)).await.failed, []);
        assert!(stack_set(&cloud, "example-org-stores").await.is_none());
        assert_eq!(retained(&cloud), [true, true]);
        for account in ["200000000001", "200000000002"] {
            let place = Place::account(account, HERE.name());
            assert!(has_stack(&cloud, &place, "example-org-stores").await, "{account}");
        }
    });
}
