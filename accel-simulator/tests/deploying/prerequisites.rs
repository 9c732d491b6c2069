//! What AWS has to allow before a plan is carried out.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use accel::{
    core::{AccountId, AccountInfo, Email, Partition, Prop, Resource},
    prelude::*,
};
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
    rows.map(|row| (row.code.as_deref().unwrap_or("-"), row.need, row.current)).collect()
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

/// Who may not look does not know that there are none.
#[test]
fn how_many_accounts_there_are_is_not_taken_for_none() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let cloud = cloud_of(directory.path(), accounts(12));
        assert_eq!(deploy(&cloud, accounts(9)).await.failed, []);
        // What each account's step reads is another call to the same operation.
        let asked = AtomicUsize::new(0);
        let refused = Arc::new(Between {
            cloud: Arc::clone(&cloud),
            before: move |_: &SimulatedCloud, _: &Place, call: &Call| {
                let is_last =
                    call.action == "ListAccounts" && asked.fetch_add(1, Ordering::Relaxed) >= 11;
                let error = |code| CloudError::answer(&call.service, &call.action, code, "no");
                is_last.then(|| Err(error("AccessDeniedException")))
            },
        });
        let graph = Arc::new(graph(accounts(12)));
        let paths: Vec<String> = graph.nodes().map(|node| node.path.clone()).collect();
        let planned = Engine::new(refused, graph).plan(&paths).await.expect("a plan");
        let says = "! L-E619E033: 3 accounts of the organization more in us-east-1, and 10 are allowed; how many there \
                    are could not be looked at: organizations:ListAccounts: AccessDeniedException: no; look, and raise \
                    it if need be, at https://us-east-1.console";
        let text = planned.to_string();
        assert!(text.lines().any(|line| line.starts_with(says)), "{text}");
    });
}

#[test]
fn more_units_and_policies_than_anybody_has_are_prerequisites() {
    let units = |count: usize| {
        let mut app = App::new("example");
        let mut org = app.open("org", Organization::create(email!("aws@example.com")));
        for n in 0..count {
            org.add(&format!("unit-{n}"), OrganizationalUnit::builder().build());
        }
        drop(org);
        app
    };
    let policies = |count: usize| {
        let (mut app, prod) = app();
        for part in 0..count.div_ceil(500) {
            let mut stack =
                app.open(&format!("policies-{part}"), Stack::new(prod.in_region(super::THERE)));
            for n in part * 500..count.min((part + 1) * 500) {
                let mut policy = Resource::new("AWS::Organizations::Policy");
                policy.set("Name", format!("policy-{n}"));
                policy.set("Type", "TAG_POLICY");
                policy.set("Content", Prop::object([("tags", Prop::object::<&str, Prop>([]))]));
                stack.add(&format!("policy-{n}"), policy);
            }
        }
        app
    };
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let cloud = cloud_of(directory.path(), units(1));
        assert_eq!(codes(&plan(&cloud, units(2000)).await), []);
        let planned = plan(&cloud, units(2001)).await;
        assert_eq!(codes(&planned), [("-", 2001, 2000)]);
        let says = "! 2001 organizational units in us-east-1, and 2000 are allowed: AWS allows nobody more";
        assert!(planned.to_string().lines().any(|line| line == says), "{planned}");
    });
    on_a_paused_clock(async |cloud| {
        assert_eq!(codes(&plan(&cloud, policies(1000)).await), []);
        let planned = plan(&cloud, policies(1001)).await;
        assert_eq!(codes(&planned), [("-", 1001, 1000)]);
        assert!(
            planned.to_string().contains("1001 policies of the type TAG_POLICY in"),
            "{planned}"
        );
    });
}

#[test]
fn a_hundred_thousand_instances_of_a_stack_set_are_given() {
    let regions = Region::all().iter().filter(|region| region.partition() == Partition::Aws);
    let regions: Vec<Region> = regions.copied().take(25).collect();
    let instances = |accounts: u64| {
        let (mut app, _) = app();
        let accounts: Vec<_> = (1..=accounts)
            .map(|n| {
                let id = AccountId::parse(&format!("{}", 100_000_000_000 + n)).ok();
                let info = AccountInfo { id, ..AccountInfo::default() };
                app.scope().declare_account_as(&format!("account-{n}"), info)
            })
            .collect();
        let set = StackSet::for_accounts(accounts).regions(regions.iter().copied());
        app.open("everywhere", set).add("topic", accel::cfn::sns::Topic::new());
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(codes(&plan(&cloud, instances(4_000)).await), []);
        let planned = plan(&cloud, instances(4_001)).await;
        assert_eq!(codes(&planned), [("L-C8225BA5", 100_025, 100_000)]);
        assert!(
            planned.to_string().contains("instances of the stack set `example-everywhere` in"),
            "{planned}"
        );
    });
}
