//! Accounts of a unit that a stack set is for: all, some, more, those that join it, and one that is suspended meanwhile.

use std::{sync::Arc, time::Duration};

use accel::{
    cfn::ssm,
    core::{AccountFilter, AccountLimit, AccountRef, Email, OperationPreferences},
    prelude::*,
};
use accel_deploy::{
    Call, Cloud as _, Place, Protocol,
    cloud::{
        CloudExt as _,
        cloudformation::{ListStackInstances, StackInstance},
    },
};
use accel_simulator::{Account as Member, SimulatedCloud};
use serde_json::{Value, json};

use super::{
    HERE, cloud_of, deploy,
    meddling::{Between, run},
    on_a_paused_clock,
};

const SET: &str = "example-org-everywhere";
/// Of somebody else: the app does not name it.
const GUEST: &str = "300000000001";

/// Three accounts in a unit, then one in another unit, and a set over the first unit by what a filter makes of it.
fn filtered(filter: impl Fn(&[AccountRef]) -> AccountFilter) -> App {
    let mut app = App::new("example");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let workloads = org.add("workloads", OrganizationalUnit::builder().build());
    let others = org.add("others", OrganizationalUnit::builder().build());
    let accounts: Vec<_> = [workloads, workloads, workloads, others]
        .into_iter()
        .enumerate()
        .map(|(n, unit)| {
            let email = Email::parse(&format!("aws+{n}@example.com")).expect("an address");
            org.add(&format!("account-{n}"), Account::builder().email(email).unit(unit).build())
        })
        .collect();
    let access = org.stack_set_access();
    // One after the other.
    let preferences = OperationPreferences {
        max_concurrent: AccountLimit::Count(1),
        ..OperationPreferences::default()
    };
    let set = StackSet::for_units([workloads]).regions([HERE]).filter(filter(&accounts));
    let mut set = org.open("everywhere", set.operation_preferences(preferences));
    set.after(access);
    set.add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
    app
}

fn only(accounts: &'static [usize]) -> App {
    filtered(|all| AccountFilter::Only(accounts.iter().map(|n| all[*n]).collect()))
}

fn and(accounts: &'static [usize]) -> App {
    filtered(|all| AccountFilter::And(accounts.iter().map(|n| all[*n]).collect()))
}

fn with_a_cloud(app: App, run: impl AsyncFnOnce(Arc<SimulatedCloud>)) {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        run(cloud_of(directory.path(), app)).await;
    });
}

async fn instances(cloud: &SimulatedCloud) -> Vec<StackInstance> {
    let list =
        ListStackInstances { stack_set_name: SET.to_owned(), ..ListStackInstances::default() };
    cloud.call(&Place::caller(HERE.name()), &list).await.expect("a set").summaries
}

/// The last digit of each account that has an instance, and the status of that.
async fn found(cloud: &SimulatedCloud) -> Vec<String> {
    let instances = instances(cloud).await.into_iter();
    instances.map(|it| format!("{} {}", &it.account[11..], it.status)).collect()
}

/// The targets of each operation that made or deleted instances.
fn targets(cloud: &SimulatedCloud) -> Vec<(String, Value)> {
    let calls = cloud.calls().into_iter().map(|(_, call)| call);
    let calls = calls.filter(|call| call.action.ends_with("StackInstances") && !call.is_read());
    calls.map(|call| (call.action.into(), call.request["DeploymentTargets"].clone())).collect()
}

/// The id of a unit by its name.
fn unit(cloud: &SimulatedCloud, name: &str) -> String {
    cloud.world(|world| {
        let units = &world.organization.as_ref().expect("an organization").units;
        units.iter().find(|(_, unit)| unit.name == name).expect("a unit").0.clone()
    })
}

/// An account of somebody else joins a unit, and what AWS does then has its end.
async fn join(cloud: &SimulatedCloud, id: &str, name: &str) {
    let to = unit(cloud, name);
    cloud.world(|world| {
        let guest = Member {
            name: "guest".to_owned(),
            email: "guest@example.com".to_owned(),
            state: "ACTIVE".to_owned(),
            parent: "r-sim1".to_owned(),
        };
        let organization = world.organization.as_mut().expect("an organization");
        organization.accounts.insert(id.to_owned(), guest);
    });
    let request = json!({"AccountId": id, "SourceParentId": "r-sim1", "DestinationParentId": to});
    let protocol = Protocol::Json { target: "AWSOrganizationsV20161128".into() };
    let (service, action) = ("organizations".into(), "MoveAccount".into());
    let call = Call { service, action, protocol, request };
    cloud.send(&Place::caller("us-east-1"), call).await.expect("it is moved");
    tokio::time::sleep(Duration::from_secs(600)).await;
}

#[test]
fn an_intersection_is_for_the_named_accounts_of_the_unit() {
    // The fourth is not in the unit.
    with_a_cloud(only(&[0, 2, 3]), async |cloud| {
        assert_eq!(deploy(&cloud, only(&[0, 2, 3])).await.failed, []);
        assert_eq!(found(&cloud).await, ["1 CURRENT", "3 CURRENT"]);
        // One more and one fewer.
        assert_eq!(deploy(&cloud, only(&[0, 1])).await.changed, ["org/everywhere"]);
        assert_eq!(found(&cloud).await, ["1 CURRENT", "2 CURRENT"]);
        let unit = unit(&cloud, "workloads");
        let of = |accounts: &[&str], units: &str| {
            json!({
                "Accounts": accounts, "OrganizationalUnitIds": [units],
                "AccountFilterType": "INTERSECTION",
            })
        };
        let create = "CreateStackInstances".to_owned();
        assert_eq!(
            targets(&cloud),
            [
                (create.clone(), of(&["200000000001", "200000000003", "200000000004"], &unit)),
                ("DeleteStackInstances".to_owned(), of(&["200000000003"], "r-sim1")),
                (create, of(&["200000000001", "200000000002"], &unit)),
            ]
        );
        assert_eq!(deploy(&cloud, only(&[0, 1])).await.changed, Vec::<String>::new());
    });
}

#[test]
fn an_account_that_joins_the_unit_is_none_of_an_intersection() {
    with_a_cloud(only(&[0]), async |cloud| {
        assert_eq!(deploy(&cloud, only(&[0])).await.failed, []);
        join(&cloud, GUEST, "workloads").await;
        assert_eq!(found(&cloud).await, ["1 CURRENT"]);
        assert_eq!(deploy(&cloud, only(&[0])).await.changed, Vec::<String>::new());
    });
}

#[test]
fn a_union_is_for_the_unit_and_for_accounts_elsewhere() {
    // The third is in the unit anyhow.
    with_a_cloud(and(&[2, 3]), async |cloud| {
        assert_eq!(deploy(&cloud, and(&[2, 3])).await.failed, []);
        assert_eq!(found(&cloud).await, ["1 CURRENT", "2 CURRENT", "3 CURRENT", "4 CURRENT"]);
        // AWS takes no union when instances are made.
        let [(_, units), (_, added)] = &targets(&cloud)[..] else { panic!("two operations") };
        let unit = unit(&cloud, "workloads");
        assert_eq!(*units, json!({"OrganizationalUnitIds": [unit], "AccountFilterType": "NONE"}));
        assert_eq!(
            *added,
            json!({
                "Accounts": ["200000000004"], "OrganizationalUnitIds": ["r-sim1"],
                "AccountFilterType": "INTERSECTION",
            })
        );
        assert_eq!(deploy(&cloud, and(&[2, 3])).await.changed, Vec::<String>::new());
        // Who is not named any more and not in the unit leaves.
        assert_eq!(deploy(&cloud, and(&[2])).await.changed, ["org/everywhere"]);
        assert_eq!(found(&cloud).await, ["1 CURRENT", "2 CURRENT", "3 CURRENT"]);
    });
}

#[test]
fn an_account_that_joins_the_unit_is_one_of_a_union() {
    with_a_cloud(and(&[3]), async |cloud| {
        assert_eq!(deploy(&cloud, and(&[3])).await.failed, []);
        // AWS deploys to it by itself, and the next run leaves that alone.
        join(&cloud, GUEST, "workloads").await;
        let all = ["1 CURRENT", "2 CURRENT", "3 CURRENT", "4 CURRENT", "1 CURRENT"];
        assert_eq!(found(&cloud).await, all);
        assert_eq!(deploy(&cloud, and(&[3])).await.changed, Vec::<String>::new());
        // One that joins another unit is none.
        join(&cloud, "300000000002", "others").await;
        assert_eq!(deploy(&cloud, and(&[3])).await.changed, Vec::<String>::new());
        assert_eq!(found(&cloud).await, all);
    });
}

/// AWS skips it, which is no failure, and so does the next run. When it is open again it gets what the others have.
#[test]
fn an_account_that_is_suspended_while_the_operation_runs_is_left_alone_until_it_is_open_again() {
    let app = || filtered(|_| AccountFilter::All);
    let set_state = |cloud: &SimulatedCloud, state: &str| {
        cloud.world(|world| {
            let accounts = &mut world.organization.as_mut().expect("an organization").accounts;
            accounts.get_mut(GUEST).expect("an account").state = state.to_owned();
        });
    };
    with_a_cloud(app(), async |cloud| {
        // Before the guest is there, for one account alone.
        assert_eq!(deploy(&cloud, only(&[0])).await.failed, []);
        join(&cloud, GUEST, "workloads").await;
        let meddler = Arc::new(Between {
            cloud: Arc::clone(&cloud),
            before: move |cloud: &SimulatedCloud, _: &Place, call: &Call| {
                // The first look at the operation, which has begun in the first account.
                if call.action == "DescribeStackSetOperation" && targets(cloud).len() == 2 {
                    set_state(cloud, "SUSPENDED");
                }
                None
            },
        });
        let outcome = run(&meddler, app()).await;
        assert_eq!((outcome.failed, outcome.partial), (vec![], vec![]));
        assert_eq!(outcome.changed, ["org/everywhere"]);
        let guest = instances(&cloud).await.pop().expect("an instance");
        let status = guest.stack_instance_status.and_then(|status| status.detailed_status);
        assert_eq!(
            (guest.account.as_str(), guest.status.as_str(), status.as_deref()),
            (GUEST, "OUTDATED", Some("SKIPPED_SUSPENDED_ACCOUNT"))
        );
        assert_eq!(deploy(&cloud, app()).await.changed, Vec::<String>::new());
        set_state(&cloud, "ACTIVE");
        assert_eq!(deploy(&cloud, app()).await.changed, ["org/everywhere"]);
        let all = ["1 CURRENT", "2 CURRENT", "3 CURRENT", "1 CURRENT"];
        assert_eq!(found(&cloud).await, all);
    });
}
