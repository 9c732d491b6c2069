//! What AWS has to allow before a plan is carried out.

use accel::{core::Email, prelude::*};
use accel_deploy::Plan;

use super::{app, cloud_of, deploy, on_a_paused_clock, plan};

/// An organization with so many accounts, the one that manages it among them.
fn accounts(count: usize) -> App {
    let mut app = App::new("example");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    for n in 1..count {
        let email = Email::parse(&format!("aws+{n}@example.com")).expect("an address");
        org.add(&format!("account-{n:02}"), Account::builder().email(email).build());
    }
    app
}

fn codes(plan: &Plan) -> Vec<(&str, u64, u64)> {
    let rows = plan.prerequisites.iter();
    rows.map(|row| (row.code.as_str(), row.need, row.current)).collect()
}

#[test]
fn more_accounts_than_are_given_are_a_prerequisite_of_the_plan() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().unwrap();
        let cloud = cloud_of(directory.path(), accounts(13));
        let planned = plan(&cloud, accounts(13)).await;
        assert_eq!(codes(&planned), [("L-E619E033", 13, 10)]);
        let text = planned.to_string();
        let line = "! L-E619E033: 13 accounts of the organization in us-east-1, and 10 are allowed: raise it at \
                    https://us-east-1.console.aws.amazon.com/servicequotas/home/services/organizations/quotas/L-E619E033";
        assert!(text.lines().any(|it| it == line), "{text}");
        let json = serde_json::to_value(&planned).expect("JSON");
        assert_eq!(json["prerequisites"][0]["need"], 13);
        // What is allowed is no part of what is done.
        let mut allowed = planned.clone();
        allowed.prerequisites.clear();
        assert_eq!(allowed.hash(), planned.hash());
        assert_eq!(codes(&plan(&cloud, accounts(10)).await), []);
        // Those that are there already count, and so do those that are still to be made.
        assert_eq!(deploy(&cloud, accounts(10)).await.failed, []);
        assert_eq!(codes(&plan(&cloud, accounts(12)).await), [("L-E619E033", 12, 10)]);
    });
}

#[test]
fn a_thousand_stack_sets_are_given() {
    let sets = |count: usize| {
        let (mut app, prod) = app();
        for n in 0..count {
            let set = StackSet::for_accounts([prod]).regions([super::HERE]);
            app.open(&format!("set-{n}"), set).add(
                "on",
                accel::cfn::ssm::Parameter::new(accel::cfn::ssm::parameter::Type::STRING, "a"),
            );
        }
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(codes(&plan(&cloud, sets(1000)).await), []);
        assert_eq!(codes(&plan(&cloud, sets(1001)).await), [("L-EC62D81A", 1001, 1000)]);
    });
}
