//! What AWS has to allow before a plan is carried out.

use std::{fs, sync::Arc};

use accel::{core::Email, prelude::*};
use accel_deploy::{Call, CloudError, Engine, Place, Plan};

use accel_simulator::SimulatedCloud;

use super::{app, cloud_of, deploy, graph, meddling::Between, on_a_paused_clock, plan};

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

/// Service Quotas says how many there may be. Who may not ask it takes what is given by default.
#[test]
fn what_aws_has_raised_is_no_prerequisite_and_who_may_not_ask_has_the_default() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let faults = directory.path().join("faults.json");
        fs::write(faults, r#"{"quotas": {"L-E619E033": 13}}"#).expect("a file");
        let cloud = cloud_of(directory.path(), accounts(13));
        assert_eq!(codes(&plan(&cloud, accounts(13)).await), []);
        assert_eq!(codes(&plan(&cloud, accounts(14)).await), [("L-E619E033", 14, 13)]);
        let refused = Arc::new(Between {
            cloud: Arc::clone(&cloud),
            before: |_: &SimulatedCloud, _: &Place, call: &Call| {
                let is_asked = call.action == "GetServiceQuota";
                let error = |code| CloudError::answer(&call.service, &call.action, code, "no");
                is_asked.then(|| Err(error("AccessDeniedException")))
            },
        });
        let graph = Arc::new(graph(accounts(13)));
        let paths: Vec<String> = graph.nodes().map(|node| node.path.clone()).collect();
        let planned = Engine::new(refused, graph).plan(&paths).await.expect("a plan");
        assert_eq!(codes(&planned), [("L-E619E033", 13, 10)]);
        // The quota that is told is the one that is kept to.
        let outcome = deploy(&cloud, accounts(14)).await;
        assert_eq!(outcome.failed.len(), 1, "{:?}", outcome.failed);
        assert!(
            outcome.failed[0].reason.contains("ACCOUNT_LIMIT_EXCEEDED"),
            "{:?}",
            outcome.failed
        );
    });
}

#[test]
fn a_quota_that_nobody_knows_is_refused_with_those_that_there_are() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("faults.json"), r#"{"quotas": {"L-1": 13}}"#).expect("a file");
    let error = on_a_paused_clock(async |_| {
        SimulatedCloud::open(directory.path(), Vec::new()).expect_err("a refusal").to_string()
    });
    assert!(error.contains("`L-1` is no quota") && error.contains("L-E619E033"), "{error}");
}
