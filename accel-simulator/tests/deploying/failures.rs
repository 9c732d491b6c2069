//! What fails, what is said of it, and what the next run does.

use std::{fs, sync::Arc, time::Duration};

use accel::{cfn::ssm, prelude::*};
use accel_deploy::Call;
use accel_simulator::SimulatedCloud;

use super::{Allowed, HERE, app, deploy, engine, graph, on_a_paused_clock, order};

const MANAGEMENT: &str = "999999999999";

/// A stack with one parameter.
fn setting(value: &'static str) -> App {
    let (mut app, prod) = app();
    app.open("setting", Stack::new(prod.in_region(HERE)))
        .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, value));
    app
}

/// The logical id of that parameter.
pub(super) fn logical_id(cloud: &SimulatedCloud) -> String {
    let calls = cloud.calls();
    let create = calls.iter().find(|(_, call)| call.action == "CreateChangeSet");
    let body = create.and_then(|(_, call)| call.request["TemplateBody"].as_str());
    let template: serde_json::Value =
        body.and_then(|body| serde_json::from_str(body).ok()).expect("a template");
    let resources = template["Resources"].as_object().expect("resources");
    resources.keys().next().expect("a resource").clone()
}

fn breaks(cloud: &SimulatedCloud, name: &str, reason: &str) {
    let place = (MANAGEMENT.to_owned(), HERE.name().to_owned(), name.to_owned());
    cloud.world(|world| world.failures.insert(place, reason.to_owned()));
}

fn mend(cloud: &SimulatedCloud) {
    cloud.world(|world| world.failures.clear());
}

#[test]
fn a_stack_that_was_never_made_is_deleted_and_made_again() {
    on_a_paused_clock(async |cloud| {
        // To learn what the resource is called.
        let other = Arc::new(SimulatedCloud::new());
        assert_eq!(deploy(&other, setting("a")).await.failed, []);
        let name = logical_id(&other);
        breaks(&cloud, &name, "Quota exceeded");
        let outcome = deploy(&cloud, setting("a")).await;
        let reason = &outcome.failed[0].reason;
        assert_eq!(
            reason,
            &format!("ROLLBACK_COMPLETE: `{name}` (AWS::SSM::Parameter): Quota exceeded")
        );
        mend(&cloud);
        assert_eq!(deploy(&cloud, setting("a")).await.failed, []);
        assert_eq!(
            order(&cloud),
            [
                "ExecuteChangeSet example-setting",
                "DeleteStack example-setting",
                "ExecuteChangeSet example-setting"
            ]
        );
    });
}

#[test]
fn an_update_that_was_taken_back_is_made_again() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, setting("a")).await.failed, []);
        breaks(&cloud, &logical_id(&cloud), "Quota exceeded");
        let outcome = deploy(&cloud, setting("b")).await;
        let reason = &outcome.failed[0].reason;
        assert!(reason.starts_with("UPDATE_ROLLBACK_COMPLETE: "), "{reason}");
        mend(&cloud);
        let outcome = deploy(&cloud, setting("b")).await;
        assert_eq!((outcome.failed.len(), outcome.changed.len()), (0, 1));
        assert_eq!(deploy(&cloud, setting("b")).await.changed.len(), 0);
    });
}

/// A stack has the events of all that it went through, the newest first, a hundred a page; to go back has some as well.
#[test]
fn the_reasons_are_those_of_the_operation_that_has_just_failed() {
    let settings = |value: &'static str| {
        let (mut app, prod) = app();
        let mut stack = app.open("setting", Stack::new(prod.in_region(HERE)));
        for n in 0..150 {
            let setting = ssm::Parameter::new(ssm::parameter::Type::STRING, value);
            stack.add(&format!("on-{n}"), setting);
        }
        drop(stack);
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, settings("a")).await.failed, []);
        let name = logical_id(&cloud);
        for reason in ["Quota exceeded", "Not today"] {
            breaks(&cloud, &name, reason);
            let outcome = deploy(&cloud, settings("b")).await;
            assert_eq!(
                outcome.failed[0].reason,
                format!("UPDATE_ROLLBACK_COMPLETE: `{name}` (AWS::SSM::Parameter): {reason}")
            );
        }
        let described = |it: &&(_, Call)| it.1.action == "DescribeStackEvents";
        assert_eq!(cloud.calls().iter().filter(described).count(), 4);
    });
}

/// The change set of that name is there, and was executed when the stack was made.
#[test]
fn a_protection_that_alone_has_changed_is_changed() {
    let protected = |is_protected| {
        let (mut app, prod) = app();
        let stack = Stack::new(prod.in_region(HERE)).termination_protection(is_protected);
        app.open("setting", stack)
            .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, protected(false)).await.failed, []);
        for is_protected in [true, false] {
            let outcome = deploy(&cloud, protected(is_protected)).await;
            assert_eq!((outcome.failed, outcome.changed.len()), (Vec::new(), 1));
            assert_eq!(deploy(&cloud, protected(is_protected)).await.changed.len(), 0);
        }
        assert_eq!(order(&cloud), ["ExecuteChangeSet example-setting"]);
    });
}

/// The SDK gives up after a third of a second.
#[test]
fn throttling_is_waited_out_for_minutes() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().unwrap();
        let faults = r#"{"calls": [
            {"of": "cloudformation:CreateChangeSet", "nth": 1, "times": 20, "fault": "throttled"},
            {"of": "reads", "nth": 4, "times": 15, "fault": "throttled"}
        ]}"#;
        fs::write(directory.path().join("faults.json"), faults).unwrap();
        let cloud = Arc::new(SimulatedCloud::open(directory.path(), Vec::new()).unwrap());
        let start = tokio::time::Instant::now();
        assert_eq!(deploy(&cloud, setting("a")).await.failed, []);
        assert!(start.elapsed() > Duration::from_secs(120), "{:?}", start.elapsed());
    });
}

/// What cannot be read is not there is what a hasty reader says, and creates it a second time.
#[test]
fn what_cannot_be_looked_at_is_not_made() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().unwrap();
        let faults = r#"{"calls": [
            {"of": "cloudformation:DescribeStacks", "nth": 1, "times": 1000, "fault": "throttled"}
        ]}"#;
        fs::write(directory.path().join("faults.json"), faults).unwrap();
        let cloud = Arc::new(SimulatedCloud::open(directory.path(), Vec::new()).unwrap());
        let outcome = deploy(&cloud, setting("a")).await;
        assert!(outcome.failed[0].reason.contains("Rate exceeded"), "{:?}", outcome.failed);
        assert!(!cloud.calls().iter().any(|(_, call)| call.action == "CreateChangeSet"));
    });
}

/// A node that waits for others is planned without a look if there is nothing to look at yet; credentials that ran
/// out say nothing of the kind.
#[test]
fn nothing_is_planned_on_credentials_that_ran_out() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().unwrap();
        let faults = r#"{"calls": [
            {"of": "cloudformation:DescribeStackSet", "nth": 1, "fault": "expired"}
        ]}"#;
        fs::write(directory.path().join("faults.json"), faults).unwrap();
        let cloud = Arc::new(SimulatedCloud::open(directory.path(), Vec::new()).unwrap());
        let (mut app, prod) = app();
        let mut first = app.open("first", Stack::new(prod.in_region(HERE)));
        first.add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
        let first = first.node();
        let mut second = app.open("second", StackSet::for_accounts([prod]).regions([HERE]));
        second.add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "b"));
        second.after(first);
        let (engine, paths) = engine(&cloud, graph(app), Allowed::default()).await;
        let failure = engine.plan(&paths).await.unwrap_err();
        assert!(failure.expired, "{}", failure.reason);
    });
}

#[test]
fn an_address_that_an_account_has_already_is_said_with_the_way_out() {
    let organization = || {
        let mut app = App::new("example");
        let mut org = app.open("org", Organization::create(email!("aws@example.com")));
        org.add("prod", Account::builder().email(email!("aws+prod@example.com")).build());
        app
    };
    on_a_paused_clock(async |cloud| {
        cloud.world(|world| world.take_address("aws+prod@example.com"));
        let outcome = deploy(&cloud, organization()).await;
        let reason = &outcome.failed[0].reason;
        assert!(
            reason.contains("EMAIL_ALREADY_EXISTS") && reason.contains("another one, or its id"),
            "{reason}"
        );
        cloud.world(|world| world.free_addresses());
        assert_eq!(deploy(&cloud, organization()).await.failed, []);
    });
}

#[test]
fn what_is_of_another_type_needs_another_id() {
    let with = |is_topic| {
        let (mut app, prod) = app();
        let mut stack = app.open("setting", Stack::new(prod.in_region(HERE)));
        if is_topic {
            stack.add("on", accel::cfn::sns::Topic::new());
        } else {
            stack.add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "on"));
        }
        drop(stack);
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, with(false)).await.failed, []);
        let outcome = deploy(&cloud, with(true)).await;
        let reason = &outcome.failed[0].reason;
        assert!(reason.contains("Update of resource type is not permitted"), "{reason}");
        assert!(
            reason.ends_with("give what is of another type another id in the program"),
            "{reason}"
        );
    });
}
