//! What somebody has changed by hand, as the engine tells of it.

use std::{fs, sync::Arc};

use accel::{
    cfn::ssm,
    core::{AccountId, template::Parameter},
    prelude::*,
};
use accel_deploy::{Allowed, Cloud as _, Drift, Engine, Failure, Standing};
use accel_simulator::{ByHand, Change, SimulatedCloud};
use serde_json::json;

use super::{HERE, app, deploy, engine, graph, on_a_paused_clock};

const DETECT: &str = "DetectStackSetDrift";

/// A stack with two parameters.
fn settings() -> App {
    let (mut app, prod) = app();
    let mut stack = app.open("setting", Stack::new(prod.in_region(HERE)));
    stack.add("on", parameter("a"));
    stack.add("off", parameter("z"));
    app
}

/// A stack set with an instance in the only account that can be entered, and one in another.
fn everywhere() -> App {
    let (mut app, prod) = app();
    let other = accel::core::AccountInfo {
        id: AccountId::parse("100000000001").ok(),
        ..accel::core::AccountInfo::default()
    };
    let other = app.scope().declare_account_as("other", other);
    app.open("everywhere", StackSet::for_accounts([other, prod]).regions([HERE]))
        .add("on", parameter("a"));
    app
}

/// A stack set with a parameter that nobody is shown.
fn vault() -> App {
    let (mut app, prod) = app();
    let mut set = app.open("vault", StackSet::for_accounts([prod]).regions([HERE]));
    let word = set.add("word", Parameter::secret());
    set.add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, word));
    app
}

fn parameter(value: &str) -> ssm::Parameter {
    ssm::Parameter::new(ssm::parameter::Type::STRING, value)
}

/// Somebody changes a resource, by the path of its construct below its stack.
fn by_hand(cloud: &SimulatedCloud, build: fn() -> App, construct: &str, change: Change) {
    let assembly = accel::synth::synth(build()).expect("an app without problems");
    let manifest = assembly.manifest();
    let stacks = manifest.stacks.values().map(|stack| &stack.template);
    let templates = stacks.chain(manifest.stack_sets.values().map(|set| &set.template));
    let mut constructs = templates.flat_map(|template| &template.constructs);
    let (id, _) = constructs.find(|(_, path)| *path == construct).expect("a construct");
    let [account, region] = ["999999999999", HERE.name()].map(str::to_owned);
    let by_hand = ByHand { account, region, of: id.clone(), change };
    cloud.world(|world| world.change_by_hand(&by_hand)).expect("a resource");
}

fn to(value: &str) -> Change {
    Change::Set { property: "/Value".to_owned(), value: json!(value) }
}

async fn drifts(cloud: &Arc<SimulatedCloud>, build: fn() -> App) -> Result<Vec<Drift>, Failure> {
    let graph = Arc::new(graph(build()));
    let paths: Vec<String> = graph.nodes().map(|node| node.path.clone()).collect();
    Engine::new(Arc::clone(cloud), graph).drift(&paths).await
}

#[test]
fn what_is_as_it_was_deployed_has_not_drifted_and_what_is_not_there_has_not() {
    on_a_paused_clock(async |cloud| {
        for build in [settings, everywhere] {
            assert_eq!(drifts(&cloud, build).await, Ok(vec![]));
            assert_eq!(deploy(&cloud, build()).await.failed, []);
            assert_eq!(drifts(&cloud, build).await, Ok(vec![]));
        }
    });
}

/// It has a name and no resources, and CloudFormation refuses to compare it.
#[test]
fn a_stack_that_was_never_made_has_not_drifted_and_is_not_busy() {
    for (is, says) in [
        ("REVIEW_IN_PROGRESS", "it was never made, only a change set for it"),
        ("ROLLBACK_COMPLETE", "it was never made: AWS gives no reason"),
    ] {
        on_a_paused_clock(async |cloud| {
            assert_eq!(deploy(&cloud, settings()).await.failed, []);
            cloud.world(|world| {
                world.set_stack_status("999999999999", HERE.name(), "example-setting", is);
            });
            let (engine, paths) = engine(&cloud, graph(settings()), Allowed::default()).await;
            assert_eq!(engine.drift(&paths).await, Ok(vec![]));
            let standing = engine.status(&paths).await.expect("an answer").remove(0);
            assert_eq!((standing.standing, &*standing.status), (Standing::Absent, is));
            assert_eq!(standing.reason.as_deref(), Some(says));
        });
    }
}

#[test]
fn a_changed_property_of_a_stack_has_its_construct() {
    on_a_paused_clock(async |cloud| {
        deploy(&cloud, settings()).await;
        by_hand(&cloud, settings, "on", to("b"));
        by_hand(&cloud, settings, "off", Change::Deleted);
        let found = drifts(&cloud, settings).await.expect("an answer");
        let of = |construct: &str| {
            let mut found = found.iter();
            found.find(|it| it.construct == construct).unwrap_or_else(|| panic!("{construct}"))
        };
        assert_eq!(found.len(), 2);
        let on = of("prod/eu-west-1/setting/on");
        assert_eq!((&*on.account, &*on.region, &*on.status), ("prod", "eu-west-1", "MODIFIED"));
        let [property] = &*on.properties else { panic!("{on:?}") };
        let said = (&*property.path, &*property.expected, &*property.actual);
        assert_eq!(said, ("/Value", "a", "b"));
        let off = of("prod/eu-west-1/setting/off");
        assert_eq!((&*off.status, &*off.properties), ("DELETED", &[][..]));
        // Once it was undone, there is nothing to tell.
        by_hand(&cloud, settings, "on", to("a"));
        let found = drifts(&cloud, settings).await.expect("an answer");
        assert_eq!(found.len(), 1);
    });
}

#[test]
fn of_a_stack_set_the_instances_that_drifted_are_asked() {
    on_a_paused_clock(async |cloud| {
        deploy(&cloud, everywhere()).await;
        by_hand(&cloud, everywhere, "on", to("b"));
        let found = drifts(&cloud, everywhere).await.expect("an answer");
        let [drift] = &*found else { panic!("{found:?}") };
        assert_eq!(drift.construct, "everywhere/on");
        assert_eq!(drift.account, "999999999999");
        assert_eq!(drift.properties[0].actual, "b");
        let calls = cloud.calls();
        let compared = calls.iter().find(|(_, call)| call.action == DETECT);
        let preferences = &compared.expect("a comparison").1.request["OperationPreferences"];
        // By default AWS looks at one account after the other, and ends at the first that it cannot look at.
        assert_eq!(preferences["MaxConcurrentPercentage"], 100);
    });
}

/// What fails of the comparison is the instance that was not made, and the deployment makes it.
#[test]
fn a_comparison_that_was_killed_is_waited_for_and_is_no_failure_of_a_deployment() {
    on_a_paused_clock(async |cloud| {
        let place = ("100000000001".into(), HERE.name().into(), "example-everywhere".into());
        cloud.world(|world| world.failures.insert(place, "Quota exceeded".to_owned()));
        let outcome = deploy(&cloud, everywhere()).await;
        assert_eq!(outcome.failed.len() + outcome.partial.len(), 1);
        assert_eq!(drifts(&cloud, everywhere).await, Ok(vec![]));
        let calls = cloud.calls();
        let (place, call) =
            calls.iter().find(|(_, call)| call.action == DETECT).expect("a comparison");
        let mut again = call.clone();
        let id = call.request["OperationId"].as_str().expect("an id of ours");
        again.request["OperationId"] = json!(format!("{}-9", id.trim_end_matches("-1")));
        cloud.send(place, again).await.expect("it is taken");
        cloud.world(|world| world.failures.clear());
        let outcome = deploy(&cloud, everywhere()).await;
        assert_eq!((outcome.failed, outcome.partial.len()), (vec![], 0));
    });
}

#[test]
fn a_comparison_whose_reply_is_lost_is_found_by_its_id() {
    let directory = tempfile::tempdir().unwrap();
    let lost = r#"{"calls": [{"of": "cloudformation:DetectStackSetDrift", "nth": 1, "fault": "lost-reply"}]}"#;
    fs::write(directory.path().join("faults.json"), lost).unwrap();
    on_a_paused_clock(async |_| {
        let cloud = Arc::new(SimulatedCloud::open(directory.path(), Vec::new()).expect("a cloud"));
        deploy(&cloud, everywhere()).await;
        by_hand(&cloud, everywhere, "on", to("b"));
        assert_eq!(drifts(&cloud, everywhere).await.expect("an answer").len(), 1);
        let calls = cloud.calls();
        let begun: Vec<_> = calls.iter().filter(|(_, call)| call.action == DETECT).collect();
        let [(_, begun)] = &*begun else { panic!("{begun:?}") };
        let id = begun.request["OperationId"].as_str().unwrap_or_default();
        assert!(id.starts_with("accel-"), "{id}");
    });
}

#[test]
fn of_a_secret_nothing_is_told_but_that_it_is_another() {
    on_a_paused_clock(async |cloud| {
        let (engine, paths) = engine(&cloud, graph(vault()), Allowed::default()).await;
        let graph = graph(vault());
        let open = graph.open_parameters();
        let given = open.map(|(path, name)| (path.to_owned(), name, "swordfish".to_owned()));
        let outcome = engine.give(given.collect::<Vec<_>>()).apply(&paths, |_| {}).await;
        assert_eq!(outcome.failed, []);
        by_hand(&cloud, vault, "on", to("swordfish-2"));
        let found = drifts(&cloud, vault).await.expect("an answer");
        let [drift] = &*found else { panic!("{found:?}") };
        let [property] = &*drift.properties else { panic!("{drift:?}") };
        let said = (&*property.path, &*property.expected, &*property.actual);
        assert_eq!(said, ("/Value", "****", "****"));
    });
}

#[test]
fn an_instance_that_was_never_made_keeps_no_other_from_being_compared() {
    on_a_paused_clock(async |cloud| {
        let place = ("100000000001".into(), HERE.name().into(), "example-everywhere".into());
        cloud.world(|world| world.failures.insert(place, "Quota exceeded".to_owned()));
        let outcome = deploy(&cloud, everywhere()).await;
        assert_eq!(outcome.failed.len() + outcome.partial.len(), 1);
        by_hand(&cloud, everywhere, "on", to("b"));
        let found = drifts(&cloud, everywhere).await.expect("an answer");
        let [drift] = &*found else { panic!("{found:?}") };
        assert_eq!(drift.account, "999999999999");
    });
}
