//! Values by account: written before the instances that read them, read again when a row changes, and gone when nobody
//! reads them any more.

use std::{sync::Arc, time::Duration};

use accel::{cfn::ssm, core::Email, prelude::*, synth::synth};
use accel_deploy::{
    Allowed, Graph, Place,
    cloud::{CloudExt as _, ssm::GetParameters},
};
use accel_simulator::SimulatedCloud;

use super::{HERE, THERE, cloud_of, deploy, engine, on_a_paused_clock, plan};

const FIRST: &str = "200000000001";
const SECOND: &str = "200000000002";

/// An organization of twenty accounts, and a set in some of them whose instances make their account's row of one table,
/// and of more that are like it, a parameter of their own.
fn tables(count: usize, accounts: usize, first: &str, others: &str) -> App {
    let mut app = App::new("example");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let unit = org.add("workloads", OrganizationalUnit::builder().build());
    let members: Vec<_> = (1..=20)
        .map(|n| {
            let email = Email::parse(&format!("aws+{n}@example.com")).expect("an address");
            org.add(&format!("account-{n:02}"), Account::builder().email(email).unit(unit).build())
        })
        .collect();
    if count > 0 {
        let rows = || [(members[0], first.to_owned())];
        let set = StackSet::for_accounts(members[..accounts].to_vec()).regions([HERE, THERE]);
        let mut set = app.open("everywhere", set);
        for n in 0..count {
            let key = format!("key-{n}");
            let value = Value::<String>::by_account_or(key, rows(), others.to_owned());
            let own = ssm::Parameter::new(ssm::parameter::Type::STRING, value);
            set.add(&format!("own-{n}"), own.name(format!("own-{n}")));
        }
    }
    app
}

fn with_a_cloud(run: impl AsyncFnOnce(Arc<SimulatedCloud>)) {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let cloud = cloud_of(directory.path(), table("a", "z"));
        cloud.world(|world| world.account_quota = 30);
        run(cloud).await;
    });
}

fn table(first: &str, others: &str) -> App {
    tables(1, 2, first, others)
}

async fn value(
    cloud: &SimulatedCloud,
    account: &str,
    region: Region,
    name: &str,
) -> Option<String> {
    let get = GetParameters { names: vec![name.to_owned()], with_decryption: None };
    let found = cloud.call(&Place::account(account, region.name()), &get).await;
    found.expect("an answer").parameters.pop().map(|parameter| parameter.value)
}

/// What the instances have read.
async fn read(cloud: &SimulatedCloud) -> Vec<String> {
    let mut values = Vec::new();
    for account in [FIRST, SECOND] {
        for region in [HERE, THERE] {
            values.extend(value(cloud, account, region, "own-0").await);
        }
    }
    values
}

/// The name of the parameter that a table is written to.
fn name_in(app: App) -> String {
    let assembly = synth(app).expect("an app without problems");
    let set = assembly.manifest().stack_sets.values().next().expect("a set");
    set.by_account["key-0"].parameter.clone()
}

/// The calls of an action since a number of calls.
fn calls(cloud: &SimulatedCloud, since: usize, action: &str) -> usize {
    let calls = cloud.calls().into_iter().skip(since);
    calls.filter(|(_, call)| call.action == action).count()
}

#[test]
fn a_value_is_there_before_the_instance_that_reads_it() {
    with_a_cloud(async |cloud| {
        let outcome = deploy(&cloud, table("a", "z")).await;
        assert_eq!((outcome.failed, outcome.partial), (vec![], vec![]));
        assert_eq!(read(&cloud).await, ["a", "a", "z", "z"]);
        let before = cloud.calls().len();
        assert_eq!(deploy(&cloud, table("a", "z")).await.changed, Vec::<String>::new());
        // The store is not asked.
        assert_eq!(calls(&cloud, before, "GetParameters"), 0);
    });
}

#[test]
fn a_changed_row_reaches_the_instances_and_the_former_value_goes() {
    with_a_cloud(async |cloud| {
        assert_eq!(deploy(&cloud, table("a", "z")).await.failed, []);
        let former = name_in(table("a", "z"));
        assert_ne!(former, name_in(table("b", "z")));
        let planned = plan(&cloud, table("b", "z")).await;
        assert!(!planned.is_empty(), "{planned}");
        assert_eq!(deploy(&cloud, table("b", "z")).await.changed, ["everywhere"]);
        assert_eq!(read(&cloud).await, ["b", "b", "z", "z"]);
        for account in [FIRST, SECOND] {
            assert_eq!(value(&cloud, account, THERE, &former).await, None);
        }
        let before = cloud.mutating_calls();
        assert_eq!(deploy(&cloud, table("b", "z")).await.changed, Vec::<String>::new());
        assert_eq!(cloud.mutating_calls(), before);
    });
}

/// Those that have failed still read it.
#[test]
fn a_former_value_stays_until_all_instances_are_current() {
    with_a_cloud(async |cloud| {
        assert_eq!(deploy(&cloud, tables(1, 20, "a", "z")).await.failed, []);
        let former = name_in(tables(1, 20, "a", "z"));
        let place = (SECOND.to_owned(), HERE.name().to_owned(), "example-everywhere".to_owned());
        cloud.world(|world| world.failures.insert(place, "Quota exceeded".to_owned()));
        assert_eq!(deploy(&cloud, tables(1, 20, "b", "z")).await.partial.len(), 1);
        assert_eq!(value(&cloud, SECOND, HERE, &former).await.as_deref(), Some("z"));
        cloud.world(|world| world.failures.clear());
        assert_eq!(deploy(&cloud, tables(1, 20, "b", "z")).await.changed, ["everywhere"]);
        for account in [FIRST, SECOND] {
            assert_eq!(value(&cloud, account, HERE, &former).await, None);
        }
    });
}

/// A run that ends between the operation and its end leaves nothing to the next one that the record does not say.
#[test]
fn values_of_a_run_that_was_stopped_go_with_the_next_one() {
    with_a_cloud(async |cloud| {
        assert_eq!(deploy(&cloud, table("a", "z")).await.failed, []);
        let stopped = async |app: App, after: &str| {
            let (engine, paths) =
                engine(&cloud, Graph::new(&synth(app).unwrap()).unwrap(), Allowed::default()).await;
            let before = cloud.calls().len();
            let run = tokio::spawn(async move { engine.apply(&paths, |_| {}).await });
            while calls(&cloud, before, after) == 0 && !run.is_finished() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            run.abort();
            assert!(run.await.is_err(), "it came to its end");
            // The lease of a run that was killed is over after a quarter of an hour.
            tokio::time::sleep(Duration::from_secs(1000)).await;
        };
        // One is killed when a value of its is there, the next when its operation runs.
        stopped(table("b", "z"), "PutParameter").await;
        stopped(table("c", "z"), "UpdateStackSet").await;
        assert_eq!(read(&cloud).await, ["c", "c", "z", "z"]);
        let outcome = deploy(&cloud, table("c", "z")).await;
        assert_eq!((outcome.failed, outcome.changed), (vec![], vec!["everywhere".to_owned()]));
        for former in ["a", "b"].map(|row| name_in(table(row, "z"))) {
            assert_eq!(value(&cloud, FIRST, HERE, &former).await, None, "{former}");
        }
        assert_eq!(deploy(&cloud, table("c", "z")).await.changed, Vec::<String>::new());
    });
}

#[test]
fn values_go_with_the_instances_that_read_them() {
    with_a_cloud(async |cloud| {
        assert_eq!(deploy(&cloud, table("a", "z")).await.failed, []);
        let name = name_in(table("a", "z"));
        // The second account leaves, and then the set.
        assert_eq!(deploy(&cloud, tables(1, 1, "a", "z")).await.failed, []);
        assert_eq!(value(&cloud, SECOND, HERE, &name).await, None);
        assert_eq!(value(&cloud, FIRST, HERE, &name).await.as_deref(), Some("a"));
        assert_eq!(deploy(&cloud, tables(0, 0, "", "")).await.failed, []);
        assert_eq!(value(&cloud, FIRST, HERE, &name).await, None);
    });
}

/// 12 tables are two calls for each account and region, whatever else there is, and nothing is written twice.
#[test]
fn the_store_is_asked_ten_names_at_a_time_and_written_where_it_differs() {
    with_a_cloud(async |cloud| {
        assert_eq!(deploy(&cloud, tables(12, 3, "a", "z")).await.failed, []);
        assert_eq!(calls(&cloud, 0, "GetParameters"), 3 * 2 * 2);
        assert_eq!(calls(&cloud, 0, "PutParameter"), 3 * 2 * 12);
    });
}
