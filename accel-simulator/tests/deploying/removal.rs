//! What leaves the app leaves the cloud, in an order that breaks nothing, and never what cannot be had back.

use accel::{
    cfn::{s3, sns, ssm},
    prelude::*,
    synth::synth,
};
use accel_deploy::{Action, Allowed, Graph};

use super::{HERE, app, deploy, engine, graph, on_a_paused_clock, order, plan};

/// A network, and a service that uses its topic as long as there is one.
fn network(has_topic: bool) -> App {
    let (mut app, prod) = app();
    let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
    network.add("alarms", sns::Topic::new());
    let topic = has_topic.then(|| network.add("topic", sns::Topic::new()));
    let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
    let value = match topic {
        Some(topic) => text![topic.topic_arn()],
        None => text!["none"],
    };
    service.add("setting", ssm::Parameter::new(ssm::parameter::Type::STRING, value));
    app
}

/// A stack with a topic, and one with a bucket that is deleted with it.
fn stores(has_topic: bool, has_bucket: bool) -> App {
    let (mut app, prod) = app();
    app.open("setting", Stack::new(prod.in_region(HERE)))
        .add("setting", ssm::Parameter::new(ssm::parameter::Type::STRING, "on"));
    if has_topic {
        app.open("topics", Stack::new(prod.in_region(HERE))).add("topic", sns::Topic::new());
    }
    if has_bucket {
        app.open("store", Stack::new(prod.in_region(HERE))).add("bucket", s3::Bucket::new());
    }
    app
}

/// A stack set, or none, in these regions.
fn everywhere(regions: &[Region]) -> App {
    let (mut app, prod) = app();
    if !regions.is_empty() {
        app.open("everywhere", StackSet::for_accounts([prod]).regions(regions.iter().copied()))
            .add("topic", sns::Topic::new());
    }
    app
}

#[test]
fn who_drops_a_value_is_changed_before_what_it_came_from() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, network(true)).await.failed, []);
        let before = order(&cloud).len();
        assert_eq!(order(&cloud)[0], "ExecuteChangeSet example-network");
        assert_eq!(deploy(&cloud, network(false)).await.failed, []);
        assert_eq!(
            order(&cloud)[before..],
            ["ExecuteChangeSet example-service", "ExecuteChangeSet example-network"]
        );
    });
}

#[test]
fn a_stack_that_leaves_the_app_is_deleted_and_forgotten() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, stores(true, false)).await.failed, []);
        let planned = plan(&cloud, stores(false, false)).await;
        let deleted: Vec<_> =
            planned.entries.iter().filter(|entry| entry.action == Action::Delete).collect();
        assert_eq!(deleted.len(), 1, "{planned}");
        let outcome = deploy(&cloud, stores(false, false)).await;
        assert_eq!(outcome.failed, []);
        assert_eq!(outcome.changed, ["prod/eu-west-1/topics"]);
        assert_eq!(order(&cloud).last().map(String::as_str), Some("DeleteStack example-topics"));
        let planned = plan(&cloud, stores(false, false)).await;
        assert!(planned.is_empty() && planned.entries.len() == 1, "{planned}");
    });
}

#[test]
fn what_cannot_be_had_back_is_deleted_only_if_that_is_allowed() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, stores(true, true)).await.failed, []);
        let outcome = deploy(&cloud, stores(false, false)).await;
        let failed = &outcome.failed[0];
        assert_eq!((failed.path.as_str(), failed.guarded), ("prod/eu-west-1/store", true));
        let loss =
            "needs `--allow-delete`: deleting `bucket` (AWS::S3::Bucket) loses the objects in it";
        assert!(failed.reason.starts_with(loss), "{}", failed.reason);
        // It is refused before anything else is done.
        assert_eq!((outcome.changed.len(), order(&cloud).len()), (0, 3));
        let allowed = Allowed { delete: true, replace: false };
        let (engine, paths) = engine(&cloud, graph(stores(false, false)), allowed).await;
        let outcome = engine.apply(&paths, |_| {}).await;
        assert_eq!(outcome.failed, []);
        assert_eq!(outcome.changed, ["prod/eu-west-1/store", "prod/eu-west-1/topics"]);
    });
}

#[test]
fn a_bucket_in_a_stack_that_stays_is_guarded_too() {
    let with = |has_bucket| {
        let (mut app, prod) = app();
        let mut stack = app.open("store", Stack::new(prod.in_region(HERE)));
        stack.add("topic", sns::Topic::new());
        if has_bucket {
            stack.add("bucket", s3::Bucket::new());
        }
        drop(stack);
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, with(true)).await.failed, []);
        let outcome = deploy(&cloud, with(false)).await;
        assert!(outcome.failed[0].guarded, "{:?}", outcome.failed);
        assert_eq!(order(&cloud).len(), 1);
        let planned = plan(&cloud, with(false)).await.to_string();
        assert!(planned.contains("needs `--allow-delete`: deleting `bucket`"), "{planned}");
    });
}

#[test]
fn a_stack_set_gives_up_regions_and_then_all() {
    on_a_paused_clock(async |cloud| {
        let both = [Region::EU_WEST_1, Region::US_EAST_1];
        assert_eq!(deploy(&cloud, everywhere(&both)).await.failed, []);
        let planned = plan(&cloud, everywhere(&both[..1])).await.to_string();
        assert!(planned.contains("1 instances are no longer wanted"), "{planned}");
        assert_eq!(deploy(&cloud, everywhere(&both[..1])).await.failed, []);
        let outcome = deploy(&cloud, everywhere(&[])).await;
        assert_eq!(outcome.failed, []);
        assert_eq!(outcome.changed, ["everywhere"]);
        let deletes: Vec<_> = (cloud.calls().into_iter())
            .filter(|(_, call)| call.action.starts_with("DeleteStack"))
            .map(|(_, call)| format!("{} {}", call.action, call.request["Regions"]))
            .collect();
        assert_eq!(
            deletes,
            [
                r#"DeleteStackInstances ["us-east-1"]"#,
                r#"DeleteStackInstances ["eu-west-1"]"#,
                "DeleteStackSet null"
            ]
        );
    });
}

#[test]
fn nothing_of_an_app_is_nothing_in_the_cloud() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, network(true)).await.failed, []);
        let assembly = synth(network(true)).expect("an app without problems");
        let (engine, paths) =
            engine(&cloud, Graph::of_nothing(&assembly), Allowed::default()).await;
        let outcome = engine.apply(&paths, |_| {}).await;
        assert_eq!(outcome.failed, []);
        // What uses another goes first.
        let order = order(&cloud);
        assert_eq!(
            order[order.len() - 2..],
            ["DeleteStack example-service", "DeleteStack example-network"]
        );
    });
}

#[test]
fn a_stack_of_somebody_else_is_not_touched() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, stores(true, false)).await.failed, []);
        cloud.world(|world| {
            world.retag_stack("999999999999", HERE.name(), "example-topics", "other")
        });
        let outcome = deploy(&cloud, stores(false, false)).await;
        assert_eq!((outcome.failed.len(), outcome.changed.len()), (0, 0));
        assert!(!order(&cloud).iter().any(|change| change.starts_with("DeleteStack")));
    });
}

/// A run that is stopped leaves nothing behind that the next one does not know of.
#[test]
fn what_a_stopped_run_has_made_is_deleted_by_one_that_does_not_want_it() {
    on_a_paused_clock(async |cloud| {
        let stop = tokio::time::sleep(std::time::Duration::from_secs(1));
        tokio::select! {
            biased;
            _ = deploy(&cloud, stores(true, false)) => panic!("it ended before"),
            () = stop => {}
        }
        // Its lease has ended.
        tokio::time::sleep(std::time::Duration::from_secs(15 * 60)).await;
        let outcome = deploy(&cloud, stores(false, false)).await;
        assert_eq!(outcome.failed, []);
        assert!(
            order(&cloud).contains(&"DeleteStack example-topics".to_owned()),
            "{:?}",
            order(&cloud)
        );
    });
}
