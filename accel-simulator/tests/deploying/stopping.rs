//! Runs that are asked to end: what they still do, what they say, and that the next one goes on.

use std::sync::Arc;

use accel::{cfn::ssm, prelude::*};
use accel_deploy::{Allowed, Engine, Outcome, Progress, Stop};
use accel_simulator::SimulatedCloud;

use super::{HERE, app, deploy, engine, graph, on_a_paused_clock, order};

/// Two stacks, of which one waits for the other.
fn chain(value: &'static str) -> App {
    let (mut app, prod) = app();
    let mut first = app.open("first", Stack::new(prod.in_region(HERE)));
    let made = first.add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, value));
    let mut second = app.open("second", Stack::new(prod.in_region(HERE)));
    second.add("name", ssm::Parameter::new(ssm::parameter::Type::STRING, text![made.name()]));
    app
}

/// Runs, and asks the run to end when the first stack changes.
async fn stopped(
    cloud: &Arc<SimulatedCloud>,
    app: App,
    stop: impl Fn(&Engine<SimulatedCloud>),
) -> Outcome {
    let (engine, paths) = engine(cloud, graph(app), Allowed::default()).await;
    let apply = engine.apply(&paths, |_| {});
    let mut apply = std::pin::pin!(apply);
    // The first change takes two seconds.
    let begun = std::time::Duration::from_secs(1);
    assert!(tokio::time::timeout(begun, &mut apply).await.is_err());
    stop(&engine);
    apply.await
}

#[test]
fn a_run_that_drains_ends_what_it_has_begun_and_begins_nothing() {
    on_a_paused_clock(async |cloud| {
        let outcome = stopped(&cloud, chain("a"), |engine| engine.stop_handle().drain()).await;
        assert_eq!(outcome.interrupted, Some(Stop::Drain));
        assert_eq!((outcome.failed, outcome.stopped), (Vec::new(), Vec::new()));
        assert_eq!(outcome.changed, ["prod/eu-west-1/first"]);
        assert_eq!(outcome.skipped, ["prod/eu-west-1/second"]);
        assert_eq!(order(&cloud), ["ExecuteChangeSet example-first"]);
        let outcome = deploy(&cloud, chain("a")).await;
        assert_eq!((outcome.changed.len(), outcome.unchanged), (1, 1));
        assert_eq!(outcome.interrupted, None);
    });
}

#[test]
fn a_run_that_is_asked_after_all_is_done_was_not_interrupted() {
    on_a_paused_clock(async |cloud| {
        let (engine, paths) = engine(&cloud, graph(chain("a")), Allowed::default()).await;
        let stop = engine.stop_handle();
        let outcome = engine
            .apply(&paths, move |event| {
                if event.to == Progress::Done && event.node.ends_with("second") {
                    stop.drain();
                }
            })
            .await;
        assert_eq!((outcome.interrupted, outcome.changed.len()), (None, 2));
    });
}

#[test]
fn a_plan_that_is_asked_to_end_is_no_plan() {
    on_a_paused_clock(async |cloud| {
        let (engine, paths) = engine(&cloud, graph(chain("a")), Allowed::default()).await;
        engine.stop_handle().drain();
        let failure = engine.plan(&paths).await.expect_err("no plan");
        assert_eq!(failure.reason, "the plan was asked to end");
    });
}

fn sent(cloud: &SimulatedCloud, action: &str) -> usize {
    cloud.calls().iter().filter(|(_, call)| call.action == action).count()
}

#[test]
fn an_update_that_is_cancelled_is_taken_back_and_made_by_the_next_run() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, chain("a")).await.failed, []);
        let outcome = stopped(&cloud, chain("b"), |engine| engine.stop_handle().cancel()).await;
        assert_eq!((outcome.interrupted, outcome.failed), (Some(Stop::Cancel), Vec::new()));
        assert_eq!(outcome.stopped[0].reason, "it is UPDATE_ROLLBACK_COMPLETE");
        assert_eq!(outcome.skipped, ["prod/eu-west-1/second"]);
        assert_eq!(sent(&cloud, "CancelUpdateStack"), 1);
        assert_eq!(deploy(&cloud, chain("b")).await.changed, ["prod/eu-west-1/first"]);
    });
}

/// That a stack is made cannot be stopped: it is waited for.
#[test]
fn a_creation_that_is_cancelled_is_brought_to_its_end() {
    on_a_paused_clock(async |cloud| {
        let outcome = stopped(&cloud, chain("a"), |engine| engine.stop_handle().cancel()).await;
        assert_eq!(outcome.interrupted, Some(Stop::Cancel));
        assert_eq!(outcome.changed, ["prod/eu-west-1/first"]);
        assert_eq!(sent(&cloud, "CancelUpdateStack"), 0);
        assert_eq!(deploy(&cloud, chain("a")).await.failed, []);
    });
}

#[test]
fn the_operation_of_a_stack_set_is_stopped_and_its_end_waited_for() {
    let everywhere = || {
        let (mut app, prod) = app();
        app.open("everywhere", StackSet::for_accounts([prod]).regions([HERE]))
            .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
        app
    };
    on_a_paused_clock(async |cloud| {
        let outcome = stopped(&cloud, everywhere(), |engine| engine.stop_handle().cancel()).await;
        assert_eq!((outcome.interrupted, outcome.failed), (Some(Stop::Cancel), Vec::new()));
        let reason = &outcome.stopped[0].reason;
        assert!(reason.ends_with("is STOPPED"), "{reason}");
        assert_eq!(sent(&cloud, "StopStackSetOperation"), 1);
        assert_eq!(deploy(&cloud, everywhere()).await.failed, []);
        assert_eq!(deploy(&cloud, everywhere()).await.unchanged, 1);
    });
}
