//! Accounts that are entered by roles of their own.

use accel::{
    cfn::ssm,
    core::{Email, account_id},
    prelude::*,
};
use accel_simulator::SimulatedCloud;

use super::{HERE, cloud_of, deploy, on_a_paused_clock, plan};

/// Three accounts with a stack in each: one that is made, and two that join, which have other roles.
fn organization(adopted: &'static str, bought: &'static str, value: &'static str) -> App {
    let mut app = App::new("example");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let email = |name| Email::parse(&format!("aws+{name}@example.com")).expect("an address");
    let made = org.add("made", Account::builder().email(email("made")).build());
    let account = Account::builder().email(email("adopted")).access_role(adopted);
    let adopted = org.add("adopted", account.id(account_id!("222222222222")).build());
    let account = Account::builder().email(email("bought")).access_role(bought);
    let bought = org.add("bought", account.id(account_id!("333333333333")).build());
    for (name, account) in [("one", made), ("two", adopted), ("three", bought)] {
        app.open(name, Stack::new(account.in_region(HERE)))
            .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, value));
    }
    app
}

/// What is in the accounts that join, from the first day in the organization.
fn have(cloud: &SimulatedCloud, roles: [(&str, &str); 2]) {
    cloud.world(|world| {
        for (id, role) in roles {
            world.roles.insert(id.to_owned(), role.to_owned());
        }
    });
}

#[test]
fn each_account_is_entered_by_the_role_that_the_program_says() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let app = |value| organization("AdoptedAccess", "BoughtAccess", value);
        let cloud = cloud_of(directory.path(), app("a"));
        have(&cloud, [("222222222222", "AdoptedAccess"), ("333333333333", "BoughtAccess")]);
        assert_eq!(deploy(&cloud, app("a")).await.failed, []);
        let calls = cloud.calls().into_iter();
        let made = calls.filter(|(_, call)| call.action == "ExecuteChangeSet");
        let mut roles: Vec<_> = made.map(|(place, _)| place.role).collect();
        roles.sort();
        let role = |role: &str| Some(role.to_owned());
        assert_eq!(roles, [None, role("AdoptedAccess"), role("BoughtAccess")]);
        assert!(plan(&cloud, app("a")).await.is_empty());
        // The cloud that is opened again has the same calls by the same roles.
        assert_eq!(deploy(&cloud, app("b")).await.changed.len(), 3);
    });
}

#[test]
fn a_role_that_does_not_let_in_is_named_with_its_account() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let app = |bought, value| organization("AdoptedAccess", bought, value);
        let cloud = cloud_of(directory.path(), app("BoughtAccess", "a"));
        have(&cloud, [("222222222222", "AdoptedAccess"), ("333333333333", "BoughtAccess")]);
        assert_eq!(deploy(&cloud, app("BoughtAccess", "a")).await.failed, []);
        let before = cloud.mutating_calls();
        let outcome = deploy(&cloud, app("Bought", "b")).await;
        let reasons: Vec<&str> = outcome.failed.iter().map(|it| it.reason.as_str()).collect();
        let [reason] = reasons[..] else { panic!("{reasons:?}") };
        assert!(
            reason.starts_with(
                "the caller does not come into the account `bought` (333333333333) by the role `Bought`, which the \
                 program names: sts:GetCallerIdentity: AccessDenied: "
            ),
            "{reason}"
        );
        assert!(reason.contains("role/Bought;") && reason.contains("`--access-role`"), "{reason}");
        assert_eq!((outcome.changed.len(), cloud.mutating_calls()), (0, before));
    });
}
