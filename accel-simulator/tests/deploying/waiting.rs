//! What others have begun is waited for, but not for ever; and how it has ended is none of ours.

use std::{sync::Arc, time::Duration};

use accel::{
    cfn::ssm,
    core::{AccountInfo, account_id},
    prelude::*,
};
use accel_deploy::{
    Call, CloudError, Place,
    cloud::{
        CloudExt as _,
        cloudformation::{DescribeStackSetOperation, UpdateStackSet},
    },
};
use accel_simulator::{Gate, SimulatedCloud};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    HERE, app, deploy,
    meddling::{Between, run},
    on_a_paused_clock,
};

const HOUR: Duration = Duration::from_secs(60 * 60);

fn setting(value: &'static str) -> App {
    let (mut app, prod) = app();
    app.open("setting", Stack::new(prod.in_region(HERE)))
        .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, value));
    app
}

/// A stack set in two accounts.
fn everywhere(value: &'static str) -> App {
    let (mut app, _) = app();
    let ids = [account_id!("100000000001"), account_id!("100000000002")];
    let accounts: Vec<_> = (ids.into_iter().enumerate())
        .map(|(n, id)| {
            let info = AccountInfo { id: Some(id), ..AccountInfo::default() };
            app.scope().declare_account_as(&format!("account-{n}"), info)
        })
        .collect();
    app.open("everywhere", StackSet::for_accounts(accounts).regions([HERE]))
        .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, value));
    app
}

type Answer = Option<Result<Value, CloudError>>;

/// The events of an operation on the stack that goes on.
fn events(token: &str) -> Value {
    json!({"StackEvents": [{
        "StackName": "example-setting", "LogicalResourceId": "example-setting",
        "ResourceType": "AWS::CloudFormation::Stack", "ResourceStatus": "UPDATE_IN_PROGRESS",
        "ClientRequestToken": token,
    }]})
}

#[test]
fn an_operation_of_somebody_else_is_given_up_after_an_hour() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, setting("a")).await.failed, []);
        cloud.world(|world| {
            world.set_stack_status(
                "999999999999",
                HERE.name(),
                "example-setting",
                "UPDATE_IN_PROGRESS",
            );
        });
        let theirs = Arc::new(Between {
            cloud: Arc::clone(&cloud),
            before: |_: &SimulatedCloud, _: &Place, call: &Call| -> Answer {
                (call.action == "DescribeStackEvents").then(|| Ok(events("Console-UpdateStack-1")))
            },
        });
        let start = Instant::now();
        let outcome = run(&theirs, setting("b")).await;
        assert_eq!(
            outcome.failed[0].reason,
            "`example-setting` in eu-west-1 is UPDATE_IN_PROGRESS by what no run of accel has begun (its token: \
             `Console-UpdateStack-1`), and has not ended in 60 minutes: wait for its end or cancel it in CloudFormation, \
             and deploy again"
        );
        let waited = start.elapsed();
        assert!(HOUR <= waited && waited < HOUR + Duration::from_secs(60), "{waited:?}");
    });
}

#[test]
fn an_operation_of_a_killed_run_is_waited_for_to_its_end() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, setting("a")).await.failed, []);
        let start = Instant::now();
        let ours = Arc::new(Between {
            cloud: Arc::clone(&cloud),
            before: move |_: &SimulatedCloud, _: &Place, call: &Call| -> Answer {
                let busy = || {
                    json!({"Stacks": [{
                        "StackName": "example-setting", "StackStatus": "UPDATE_IN_PROGRESS",
                    }]})
                };
                match call.action.as_ref() {
                    "DescribeStacks" if start.elapsed() < 3 * HOUR => Some(Ok(busy())),
                    "DescribeStackEvents" => Some(Ok(events("accel-1"))),
                    _ => None,
                }
            },
        });
        let outcome = run(&ours, setting("b")).await;
        assert_eq!((outcome.failed, outcome.changed.len()), (Vec::new(), 1));
        assert!(start.elapsed() > 3 * HOUR);
    });
}

/// Somebody changes the set, in one account after the other.
async fn update_by_hand(cloud: &SimulatedCloud) {
    let update = UpdateStackSet {
        stack_set_name: "example-everywhere".to_owned(),
        template_body: Some(r#"{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}"#.to_owned()),
        operation_id: Some("by-hand".to_owned()),
        ..UpdateStackSet::default()
    };
    cloud.call(&Place::caller(HERE.name()), &update).await.expect("it is taken");
}

async fn status_by_hand(cloud: &SimulatedCloud) -> String {
    let describe = DescribeStackSetOperation {
        stack_set_name: "example-everywhere".to_owned(),
        operation_id: "by-hand".to_owned(),
        call_as: None,
    };
    let described = cloud.call(&Place::caller(HERE.name()), &describe).await;
    described.expect("an operation").stack_set_operation.status
}

#[test]
fn an_operation_of_somebody_else_on_a_stack_set_is_given_up_too() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, everywhere("a")).await.failed, []);
        update_by_hand(&cloud).await;
        let theirs = Arc::new(Between {
            cloud: Arc::clone(&cloud),
            before: |_: &SimulatedCloud, _: &Place, call: &Call| -> Answer {
                let runs =
                    json!({"OperationId": "by-hand", "Action": "UPDATE", "Status": "RUNNING"});
                match call.action.as_ref() {
                    "ListStackSetOperations" => Some(Ok(json!({"Summaries": [runs]}))),
                    "DescribeStackSetOperation" => Some(Ok(json!({"StackSetOperation": runs}))),
                    _ => None,
                }
            },
        });
        let start = Instant::now();
        let outcome = run(&theirs, everywhere("b")).await;
        assert_eq!(
            outcome.failed[0].reason,
            "the operation by-hand (UPDATE) on `example-everywhere`, which no run of accel has begun, is RUNNING, and has \
             not ended in 60 minutes: wait for its end or stop it in CloudFormation, and deploy again"
        );
        assert!(start.elapsed() < HOUR + Duration::from_secs(60), "{:?}", start.elapsed());
    });
}

#[test]
fn that_an_operation_of_somebody_else_failed_is_no_failure_of_the_run() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, everywhere("a")).await.failed, []);
        let place = ("100000000001".to_owned(), HERE.name().to_owned());
        let gate = Gate::Failed("alarms are on".to_owned());
        cloud.world(|world| world.gates.insert(place, gate));
        update_by_hand(&cloud).await;
        let mended = async {
            while ["QUEUED", "RUNNING"].contains(&status_by_hand(&cloud).await.as_str()) {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            cloud.world(|world| world.gates.clear());
        };
        let (outcome, ()) = tokio::join!(deploy(&cloud, everywhere("b")), mended);
        assert_eq!(status_by_hand(&cloud).await, "FAILED");
        assert_eq!((outcome.failed, outcome.changed.len()), (Vec::new(), 1));
    });
}
