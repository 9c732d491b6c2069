//! Two runs of an app do not fight, and one that was killed keeps nobody out that finishes it.

use std::{sync::Arc, time::Duration};

use accel::{cfn::ssm, prelude::*};
use accel_deploy::{
    Allowed, Engine, ErrorClass, Outcome, Place,
    cloud::{
        CloudExt as _,
        s3::{GetObject, PutObject},
    },
};
use accel_simulator::SimulatedCloud;
use serde_json::{Value, json};

use super::{HERE, app, engine, graph, on_a_paused_clock};

const BUCKET: &str = "accel-example-999999999999-us-east-1";

/// So many stacks, of which each waits for the one before, and takes more than three minutes.
fn chain(length: usize, value: &'static str) -> App {
    let (mut app, prod) = app();
    let mut before = text![value];
    for index in 0..length {
        let mut stack = app.open(&format!("stack-{index}"), Stack::new(prod.in_region(HERE)));
        for n in 1..100 {
            let one = ssm::Parameter::new(ssm::parameter::Type::STRING, "same");
            stack.add(&format!("parameter-{n}"), one);
        }
        let one = ssm::Parameter::new(ssm::parameter::Type::STRING, before);
        before = text![stack.add("first", one).name()];
    }
    app
}

async fn engine_of(
    cloud: &Arc<SimulatedCloud>,
    app: App,
    holder: &str,
) -> (Engine<SimulatedCloud>, Vec<String>) {
    let (engine, paths) = engine(cloud, graph(app), Allowed::default()).await;
    (engine.held_by(holder), paths)
}

async fn deploy(cloud: &Arc<SimulatedCloud>, app: App, holder: &str) -> Outcome {
    let (engine, paths) = engine_of(cloud, app, holder).await;
    engine.apply(&paths, |_| {}).await
}

/// A run that is killed after a while.
async fn killed(cloud: &Arc<SimulatedCloud>, app: App, holder: &str) {
    let (engine, paths) = engine_of(cloud, app, holder).await;
    let begun = Duration::from_secs(20);
    assert!(tokio::time::timeout(begun, engine.apply(&paths, |_| {})).await.is_err());
}

async fn lease(cloud: &SimulatedCloud) -> Option<Value> {
    let get = GetObject { bucket: BUCKET.to_owned(), key: "lock.json".to_owned() };
    match cloud.call(&Place::caller("us-east-1"), &get).await {
        Ok(object) => Some(serde_json::from_str(&object.body).expect("a lease is JSON")),
        Err(error) if error.class == ErrorClass::NotFound => None,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_second_run_is_refused_with_who_deploys_and_until_when() {
    on_a_paused_clock(async |cloud| {
        killed(&cloud, chain(1, "a"), "ci-7").await;
        let before = cloud.mutating_calls();
        let outcome = deploy(&cloud, chain(1, "b"), "ci-8").await;
        let reason = &outcome.failed[0].reason;
        let expected = "`ci-7` deploys this app since 2026-01-01T00:00:00Z and holds it until \
                        2026-01-01T00:15:00Z: wait for it; if that run is no more, delete `lock.json` in \
                        the bucket `accel-example-999999999999-us-east-1`";
        assert_eq!(reason, expected);
        // The same app by another holder, and another app by the same.
        assert_eq!(deploy(&cloud, chain(1, "a"), "ci-8").await.failed.len(), 1);
        assert_eq!(deploy(&cloud, chain(1, "b"), "ci-7").await.failed.len(), 1);
        assert_eq!(cloud.mutating_calls(), before);
        // It ends by itself.
        tokio::time::sleep(Duration::from_secs(15 * 60)).await;
        assert_eq!(deploy(&cloud, chain(1, "b"), "ci-8").await.failed, []);
        assert_eq!(lease(&cloud).await, None);
    });
}

#[test]
fn a_run_that_was_killed_is_finished_at_once_by_one_of_its_kind() {
    on_a_paused_clock(async |cloud| {
        killed(&cloud, chain(1, "a"), "ci-7").await;
        assert_eq!(lease(&cloud).await.expect("a lease")["holder"], "ci-7");
        let outcome = deploy(&cloud, chain(1, "a"), "ci-7").await;
        assert_eq!((outcome.failed, outcome.changed.len()), (Vec::new(), 1));
        assert_eq!(lease(&cloud).await, None);
    });
}

#[test]
fn a_run_that_has_nothing_to_do_holds_nothing() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, chain(1, "a"), "ci-7").await.failed, []);
        let before = cloud.mutating_calls();
        assert_eq!(deploy(&cloud, chain(1, "a"), "ci-8").await.unchanged, 1);
        assert_eq!(cloud.mutating_calls(), before);
    });
}

#[test]
fn a_long_run_renews_its_lease() {
    on_a_paused_clock(async |cloud| {
        let (engine, paths) = engine_of(&cloud, chain(6, "a"), "ci-7").await;
        let mut apply = std::pin::pin!(engine.apply(&paths, |_| {}));
        let past_the_first = Duration::from_secs(16 * 60);
        assert!(tokio::time::timeout(past_the_first, &mut apply).await.is_err());
        let other = deploy(&cloud, chain(1, "b"), "ci-8").await;
        assert!(other.failed[0].reason.starts_with("`ci-7` deploys"), "{:?}", other.failed);
        assert_eq!(apply.await.failed, []);
        assert_eq!(lease(&cloud).await, None);
    });
}

#[test]
fn a_run_whose_lease_is_taken_begins_nothing_more_and_says_so() {
    on_a_paused_clock(async |cloud| {
        let (engine, paths) = engine_of(&cloud, chain(3, "a"), "ci-7").await;
        let mut apply = std::pin::pin!(engine.apply(&paths, |_| {}));
        let begun = Duration::from_secs(20);
        assert!(tokio::time::timeout(begun, &mut apply).await.is_err());
        // Somebody has deleted the object, and deploys.
        let mut theirs = lease(&cloud).await.expect("a lease");
        theirs["holder"] = json!("ci-8");
        let put = PutObject {
            bucket: BUCKET.to_owned(),
            key: "lock.json".to_owned(),
            body: theirs.to_string(),
            ..PutObject::default()
        };
        cloud.call(&Place::caller("us-east-1"), &put).await.expect("is written");
        let outcome = apply.await;
        assert_eq!((outcome.changed.len(), outcome.skipped.len()), (1, 2));
        let reasons: Vec<_> = outcome.failed.iter().map(|it| it.reason.as_str()).collect();
        assert!(reasons.len() == 1 && reasons[0].starts_with("`ci-8` deploys"), "{reasons:?}");
        assert_eq!(lease(&cloud).await, Some(theirs));
    });
}
