//! Stack sets that deploy to new accounts by themselves, one after another.

use accel::{cfn::ssm, core::Email, prelude::*};
use accel_deploy::{
    Place,
    cloud::{CloudExt as _, cloudformation::DescribeStackSet},
};
use accel_simulator::SimulatedCloud;

use super::{HERE, cloud_of, deploy, on_a_paused_clock, plan};

/// A set `keys` and a set `logs`, which comes after it if it is said so.
fn sets(is_ordered: bool) -> App {
    let mut app = App::new("example");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let unit = org.add("workloads", OrganizationalUnit::builder().build());
    let email = Email::parse("aws+one@example.com").expect("an address");
    org.add("one", Account::builder().email(email).unit(unit).build());
    let access = org.stack_set_access();
    let set = |org: &mut Scope<'_, Organization>, id: &str, first: Option<_>| {
        let mut set = org.open(id, StackSet::for_units([unit]).regions([HERE]));
        set.after(access);
        if let Some(first) = first {
            set.after(first);
        }
        set.add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "yes"));
        set.reference()
    };
    let keys = set(&mut org, "keys", None);
    set(&mut org, "logs", is_ordered.then_some(keys));
    app
}

/// The ARN of a set, and of those that it depends on for new accounts.
async fn depends_on(cloud: &SimulatedCloud, set: &str) -> (String, Vec<String>) {
    let describe = DescribeStackSet { stack_set_name: set.to_owned(), call_as: None };
    let found = cloud.call(&Place::caller(HERE.name().to_owned()), &describe).await;
    let found = found.expect("a stack set").stack_set;
    let auto = found.auto_deployment.expect("it deploys by itself");
    assert_eq!(auto.enabled, Some(true));
    (found.stack_set_arn, auto.depends_on.unwrap_or_default())
}

#[test]
fn a_set_that_comes_after_another_does_so_in_new_accounts_too() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let cloud = cloud_of(directory.path(), sets(false));
        assert_eq!(deploy(&cloud, sets(false)).await.failed, []);
        let (keys, _) = depends_on(&cloud, "example-org-keys").await;
        assert_eq!(depends_on(&cloud, "example-org-logs").await.1, [""; 0]);

        let planned = plan(&cloud, sets(true)).await;
        let logs = planned.entries.iter().find(|it| it.path == "org/logs").expect("an entry");
        assert_eq!(logs.reasons, ["the deployment to new accounts differs"]);
        assert_eq!(deploy(&cloud, sets(true)).await.changed, ["org/logs"]);
        assert_eq!(depends_on(&cloud, "example-org-logs").await.1, [keys]);
        let planned = plan(&cloud, sets(true)).await;
        assert!(planned.is_empty(), "{planned}");
    });
}

/// The first was looked at already, so its ARN is known.
#[test]
fn two_calls_tell_that_nothing_changes_also_of_a_set_that_depends_on_another() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let cloud = cloud_of(directory.path(), sets(true));
        assert_eq!(deploy(&cloud, sets(true)).await.failed, []);
        let before = cloud.calls().len();
        assert_eq!(deploy(&cloud, sets(true)).await.changed, Vec::<String>::new());
        let calls = cloud.calls().split_off(before).into_iter();
        let asked = calls.filter(|(_, call)| call.action.contains("Stack"));
        assert_eq!(asked.count(), 2 * 2);
    });
}

#[test]
fn a_new_set_depends_on_what_is_made_before_it_in_the_same_run() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let cloud = cloud_of(directory.path(), sets(true));
        assert_eq!(deploy(&cloud, sets(true)).await.failed, []);
        let (keys, none) = depends_on(&cloud, "example-org-keys").await;
        assert_eq!(none, [""; 0]);
        assert_eq!(depends_on(&cloud, "example-org-logs").await.1, [keys]);
        let planned = plan(&cloud, sets(true)).await;
        assert!(planned.is_empty(), "{planned}");
    });
}
