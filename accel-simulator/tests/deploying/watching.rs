//! Who watches is told how many instances are done, and costs no more than a page for each look.

use std::sync::{Arc, Mutex};

use accel::{
    core::{AccountLimit, OperationPreferences},
    prelude::*,
};
use accel_deploy::{Allowed, Tally};
use accel_simulator::SimulatedCloud;

use super::{
    HERE, THERE, engine, graph,
    instances::{breaks_in, hundred_in},
    on_a_paused_clock,
};

/// A hundred accounts, of which so many are worked on at once.
fn by_halves(regions: &[Region]) -> App {
    let halves = OperationPreferences {
        max_concurrent: AccountLimit::Percentage(50),
        ..OperationPreferences::default()
    };
    hundred_in(regions, halves)
}

/// How often a page of all results of an operation was asked for.
fn pages(cloud: &SimulatedCloud) -> usize {
    let is_one = |action: &str| action == "ListStackSetOperationResults";
    let calls = cloud.calls();
    let counted = |request: &serde_json::Value| request["Filters"].is_null();
    calls.iter().filter(|(_, call)| is_one(&call.action) && counted(&call.request)).count()
}

fn looks(cloud: &SimulatedCloud) -> usize {
    let calls = cloud.calls();
    calls.iter().filter(|(_, call)| call.action == "DescribeStackSetOperation").count()
}

/// What whoever watches is told, each as often as it changes.
async fn watched(cloud: &Arc<SimulatedCloud>, app: App) -> Vec<(usize, usize, usize)> {
    let (engine, paths) = engine(cloud, graph(app), Allowed::default()).await;
    let told: Arc<Mutex<Vec<Tally>>> = Arc::default();
    let telling = Arc::clone(&told);
    engine.watch(move |tally| telling.lock().expect("no panic").push(tally.clone()));
    engine.apply(&paths, |_| {}).await;
    let told = told.lock().expect("no panic");
    assert!(told.iter().all(|tally| tally.node == "everywhere"), "{told:?}");
    let mut told: Vec<_> = told.iter().map(|it| (it.done, it.failed, it.pending)).collect();
    told.dedup();
    told
}

#[test]
fn who_watches_is_told_how_many_instances_are_done() {
    on_a_paused_clock(async |cloud| {
        breaks_in(&cloud, [42], HERE);
        let told = watched(&cloud, by_halves(&[HERE])).await;
        assert_eq!(told, [(0, 0, 100), (49, 1, 50)]);
    });
}

#[test]
fn the_more_there_are_to_count_the_more_seldom_they_are_counted() {
    on_a_paused_clock(async |cloud| {
        let told = watched(&cloud, by_halves(&[HERE, THERE])).await;
        assert_eq!(told, [(0, 0, 200), (100, 0, 100)]);
        let (pages, looks) = (pages(&cloud), looks(&cloud));
        assert!(0 < pages && pages <= looks, "{pages} pages in {looks} looks");
    });
}

#[test]
fn nothing_is_counted_for_nobody() {
    on_a_paused_clock(async |cloud| {
        let (engine, paths) = engine(&cloud, graph(by_halves(&[HERE])), Allowed::default()).await;
        engine.apply(&paths, |_| {}).await;
        assert_eq!(pages(&cloud), 0);
    });
}

/// A count is for people; that AWS refuses it stops nothing.
#[test]
fn a_count_that_is_refused_is_left_out() {
    let directory = tempfile::tempdir().expect("a directory");
    let faults = r#"{"calls": [{"of": "cloudformation:ListStackSetOperationResults", "nth": 1, "times": 3, "fault": "throttled"}]}"#;
    std::fs::write(directory.path().join("faults.json"), faults).expect("a file");
    on_a_paused_clock(async |_| {
        let cloud = SimulatedCloud::open(directory.path(), Vec::new()).expect("a cloud");
        let told = watched(&Arc::new(cloud), by_halves(&[HERE])).await;
        assert_eq!(told, [(0, 0, 100), (50, 0, 50)]);
    });
}
