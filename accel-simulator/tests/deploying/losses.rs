//! What cannot be had back is guarded by what is there, also where no record says so.

use std::{sync::Arc, time::Duration};

use accel::{
    cfn::{s3, sns},
    prelude::*,
};
use accel_deploy::{Allowed, Call, Cloud, Engine, Place};
use accel_simulator::SimulatedCloud;
use serde_json::json;

use super::{HERE, app, deploy, graph, meddling::Between, on_a_paused_clock};

/// A stack, or a stack set, of a topic and perhaps a bucket.
fn stack(has_bucket: bool) -> App {
    let (mut app, prod) = app();
    let mut stack = app.open("store", Stack::new(prod.in_region(HERE)));
    stack.add("topic", sns::Topic::new());
    if has_bucket {
        stack.add("bucket", s3::Bucket::new());
    }
    drop(stack);
    app
}

fn stack_set(has_bucket: bool) -> App {
    let (mut app, prod) = app();
    let mut set = app.open("store", StackSet::for_accounts([prod]).regions([HERE]));
    set.add("topic", sns::Topic::new());
    if has_bucket {
        set.add("bucket", s3::Bucket::new());
    }
    drop(set);
    app
}

/// An engine that no record tells of earlier runs, as of a stack that somebody else has made.
fn without_record<C: Cloud + 'static>(
    cloud: &Arc<C>,
    app: App,
    allowed: Allowed,
) -> (Engine<C>, Vec<String>) {
    let graph = Arc::new(graph(app));
    let paths = graph.nodes().map(|node| node.path.clone()).collect();
    (Engine::allowing(Arc::clone(cloud), graph, allowed), paths)
}

const NONE: Allowed = Allowed { delete: false, replace: false };

#[test]
fn what_is_there_is_guarded_without_a_record() {
    for of in [stack, stack_set] {
        on_a_paused_clock(async |cloud| {
            assert_eq!(deploy(&cloud, of(true)).await.failed, []);
            let loses = |text: &str| {
                text.contains("needs `--allow-delete`: deleting `")
                    && text.contains("(AWS::S3::Bucket) loses the objects in it")
            };
            // Who plans first is refused before anything is changed.
            let (engine, paths) = without_record(&cloud, of(false), NONE);
            let before = cloud.mutating_calls();
            let plan = engine.plan(&paths).await.expect("a plan");
            assert!(loses(&plan.to_string()), "{plan}");
            let refused = engine.refusals(&paths);
            assert!(refused[0].guarded && loses(&refused[0].reason), "{refused:?}");
            assert_eq!(engine.apply(&paths, |_| {}).await.failed, refused);
            assert_eq!(cloud.mutating_calls(), before);
            // Who does not is refused by the look.
            let (engine, paths) = without_record(&cloud, of(false), NONE);
            let outcome = engine.apply(&paths, |_| {}).await;
            assert_eq!((outcome.failed, outcome.changed.len()), (refused, 0));
            let is_change = |call: &Call| {
                ["ExecuteChangeSet", "UpdateStackSet"].contains(&call.action.as_ref())
            };
            let changes = || cloud.calls().iter().filter(|(_, call)| is_change(call)).count();
            let before = changes();
            let allowed = Allowed { delete: true, replace: false };
            let (engine, paths) = without_record(&cloud, of(false), allowed);
            let outcome = engine.apply(&paths, |_| {}).await;
            assert_eq!((outcome.failed.len(), outcome.changed.len()), (0, 1));
            assert_eq!(changes(), before + 1);
        });
    }
}

/// A record that is behind does not say what is there: what an allowed run has deleted is not deleted again.
#[test]
fn what_is_there_counts_more_than_the_record() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, stack(true)).await.failed, []);
        let allowed = Allowed { delete: true, replace: false };
        let (engine, paths) = super::engine(&cloud, graph(stack(false)), allowed).await;
        // Killed before it has written its record.
        let is_changed = async {
            while cloud.calls().iter().filter(|(_, it)| it.action == "ExecuteChangeSet").count() < 2
            {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        };
        tokio::select! {
            biased;
            () = is_changed => {}
            _ = engine.apply(&paths, |_| {}) => panic!("it ended before"),
        }
        tokio::time::sleep(Duration::from_secs(15 * 60)).await;
        let (engine, paths) = super::engine(&cloud, graph(stack(false)), NONE).await;
        assert!(engine.refusals(&paths)[0].guarded);
        let plan = engine.plan(&paths).await.expect("a plan");
        assert!(!plan.to_string().contains("--allow-delete"), "{plan}");
        assert_eq!(engine.apply(&paths, |_| {}).await.failed, []);
    });
}

#[test]
fn what_cannot_be_compared_is_guarded() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, stack(true)).await.failed, []);
        let cloud = Arc::new(Between {
            cloud,
            before: |_: &SimulatedCloud, _: &Place, call: &Call| {
                let yaml = json!({"TemplateBody": "Resources:\n  Topic: {}\n"});
                (call.action == "GetTemplate").then_some(Ok(yaml))
            },
        });
        let (engine, paths) = without_record(&cloud, stack(true), NONE);
        let outcome = engine.apply(&paths, |_| {}).await;
        let failed = &outcome.failed[0];
        let says = "needs `--allow-delete` and `--allow-replace`: the template that is deployed is no JSON";
        assert!(failed.guarded && failed.reason.starts_with(says), "{failed:?}");
    });
}
