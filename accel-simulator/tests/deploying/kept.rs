//! What is kept for others while the app goes on: stacks that stay, are renamed, are made anew, or take in what was replaced.

use std::{sync::Arc, time::Duration};

use accel::{
    cfn::{ec2, sns},
    core::{AccountInfo, DeletionPolicy, Email, account_id},
    prelude::*,
};
use accel_deploy::{
    Outcome, Place,
    cloud::{
        CloudExt as _,
        cloudformation::{DeleteStack, ListStackResources},
    },
};
use accel_simulator::SimulatedCloud;

use super::{
    HERE, THERE, app,
    cleanup::{assert_whole, deploy, done, parameter, topic},
    cloud_of,
    failures::logical_id,
    on_a_paused_clock, plan,
};

const ACCOUNT: &str = "999999999999";

/// What the update of the service meets until it is mended.
fn break_service(cloud: &SimulatedCloud, id: &str) {
    let place = (ACCOUNT.to_owned(), HERE.name().to_owned(), id.to_owned());
    cloud.world(|world| world.failures.insert(place, "Quota exceeded".to_owned()));
}

async fn id_of_setting() -> String {
    let other = Arc::new(SimulatedCloud::new());
    let (mut app, prod) = app();
    app.open("service", Stack::new(prod.in_region(HERE))).add("setting", parameter("on"));
    assert_eq!(deploy(&other, app).await.failed, []);
    logical_id(&other)
}

/// [`topic`] in the same account under another name.
fn topic_in(account: &str, name: &'static str) -> App {
    let mut app = App::new("example");
    let info = AccountInfo {
        id: Some(account_id!("999999999999")),
        is_management: true,
        ..AccountInfo::default()
    };
    let prod = app.scope().declare_account_as(account, info);
    let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
    let topic = network.add("topic", sns::Topic::new().topic_name(name));
    let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
    service.add("setting", parameter(text![topic.topic_arn()]));
    app
}

#[test]
fn a_stack_that_stays_keeps_what_is_in_it() {
    let everywhere = |name: &'static str, regions: &[Region]| {
        let (mut app, prod) = app();
        let set = StackSet::for_accounts([prod]).regions(regions.iter().copied());
        let mut everywhere = app.open("everywhere", set.retain_on_removal(true));
        let topic = everywhere.add("topic", sns::Topic::new().topic_name(name));
        let published = everywhere.publish("alarms", topic.topic_arn());
        let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
        service.add("setting", parameter(published.in_environment(prod.in_region(HERE))));
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, everywhere("a", &[HERE, THERE])).await.failed, []);
        let before = cloud.calls().len();
        let outcome = deploy(&cloud, everywhere("b", &[HERE])).await;
        assert_eq!((outcome.failed, outcome.left), (vec![], vec![]));
        let deleted = done(&cloud, before);
        let deleted = deleted.iter().filter(|it| it.starts_with("DeleteResource"));
        assert_eq!(deleted.count(), 1, "that of the instance that is left");
    });
}

#[test]
fn an_account_that_is_renamed_before_all_has_moved() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, topic("a")).await.failed, []);
        break_service(&cloud, &id_of_setting().await);
        assert_eq!(deploy(&cloud, topic("b")).await.failed.len(), 1);
        cloud.world(|world| world.failures.clear());
        let outcome = deploy(&cloud, topic_in("stage", "b")).await;
        assert_eq!((outcome.failed, outcome.left), (vec![], vec![]));
        assert_whole(&cloud, topic_in("stage", "b")).await;
    });
}

#[test]
fn an_account_that_is_renamed_as_it_is_replaced() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, topic("a")).await.failed, []);
        let id = id_of_setting().await;
        for _ in 0..2 {
            break_service(&cloud, &id);
            let outcome: Outcome = deploy(&cloud, topic_in("stage", "b")).await;
            assert_eq!(outcome.failed.len(), 1, "{:?}", outcome.failed);
            cloud.world(|world| assert_eq!(world.broken(), [] as [String; 0]));
        }
        cloud.world(|world| world.failures.clear());
        let outcome = deploy(&cloud, topic_in("stage", "b")).await;
        assert_eq!((outcome.failed, outcome.left), (vec![], vec![]));
        assert_whole(&cloud, topic_in("stage", "b")).await;
    });
}

#[test]
fn an_account_that_is_renamed_whose_service_uses_it_no_more() {
    let alone = || {
        let mut app = App::new("example");
        let info = AccountInfo {
            id: Some(account_id!("999999999999")),
            is_management: true,
            ..AccountInfo::default()
        };
        let prod = app.scope().declare_account_as("live", info);
        let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
        network.add("topic", sns::Topic::new().topic_name("b"));
        let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
        service.add("setting", parameter("off"));
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, topic("a")).await.failed, []);
        let outcome = deploy(&cloud, alone()).await;
        assert_eq!((outcome.failed, outcome.left), (vec![], vec![]));
        assert_whole(&cloud, alone()).await;
    });
}

#[test]
fn all_instances_end_with_the_last_template_when_a_unit_goes_first() {
    let units = |name: &'static str| {
        let mut app = App::new("example");
        let mut org = app.open("org", Organization::create(email!("aws@example.com")));
        let all = org.add("workloads", OrganizationalUnit::builder().build());
        let first = org.add("first", OrganizationalUnit::builder().parent(all).build());
        let accounts: Vec<_> = [first, all]
            .into_iter()
            .enumerate()
            .map(|(n, unit)| {
                let email = Email::parse(&format!("aws+{n}@example.com")).expect("an address");
                org.add(&format!("account-{n}"), Account::builder().email(email).unit(unit).build())
            })
            .collect();
        let access = org.stack_set_access();
        let set = StackSet::for_units([all]).regions([HERE]).canary(first);
        let mut set = org.open("everywhere", set);
        set.after(access);
        let topic = set.add("topic", sns::Topic::new().topic_name(name));
        let published = set.publish("alarms", topic.topic_arn());
        let place = accounts[1].in_region(HERE);
        let mut service = app.open("service", Stack::new(place));
        service.add("setting", parameter(published.in_environment(place)));
        app
    };
    let directory = tempfile::tempdir().expect("a directory");
    on_a_paused_clock(async |_| {
        let cloud = cloud_of(directory.path(), units("a"));
        assert_eq!(deploy(&cloud, units("a")).await.failed, []);
        let outcome = deploy(&cloud, units("b")).await;
        assert_eq!((outcome.failed, outcome.left), (vec![], vec![]));
        assert_whole(&cloud, units("b")).await;
    });
}

#[test]
fn what_the_program_keeps_after_all_is_named_once() {
    let kept = |name: &'static str| {
        let (mut app, prod) = app();
        let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
        let topic = network.add("topic", sns::Topic::new().topic_name(name));
        network[topic].update_replace_policy(DeletionPolicy::Retain);
        let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
        service.add("setting", parameter(text![topic.topic_arn()]));
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, topic("a")).await.failed, []);
        break_service(&cloud, &id_of_setting().await);
        assert_eq!(deploy(&cloud, topic("b")).await.failed.len(), 1);
        cloud.world(|world| world.failures.clear());
        let outcome = deploy(&cloud, kept("b")).await;
        assert_eq!((outcome.failed.len(), outcome.left.len()), (0, 1), "{:?}", outcome.left);
        assert_eq!(plan(&cloud, kept("b")).await.left, [] as [String; 0]);
    });
}

/// A setting that names what another stack has made, and is named by the service; then there is another one.
fn chain(name: &str, mode: &'static str) -> App {
    let (mut app, prod) = app();
    let mut base = app.open("base", Stack::new(prod.in_region(HERE)));
    let topic = base.add("topic", sns::Topic::new().topic_name("base"));
    let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
    let value = if name == "one" { text![topic.topic_arn()] } else { text!["none"] };
    let used = network.add(name, parameter(value));
    network.add("mode", parameter(mode));
    let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
    service.add("setting", parameter(text![used.name()]));
    app
}

#[test]
fn a_stack_that_somebody_has_deleted_is_made_as_it_is_wanted() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, chain("one", "a")).await.failed, []);
        let delete =
            DeleteStack { stack_name: "example-network".to_owned(), ..DeleteStack::default() };
        cloud.call(&Place::caller(HERE.name()), &delete).await.expect("it begins");
        tokio::time::sleep(Duration::from_secs(600)).await;
        let outcome = deploy(&cloud, chain("two", "a")).await;
        assert_eq!((outcome.failed, outcome.left), (vec![], vec![]));
        let interim = cloud.calls().into_iter().filter(|(_, call)| {
            call.action == "CreateChangeSet"
                && call.request["Parameters"].to_string().contains("UsePreviousValue")
        });
        assert_eq!(interim.count(), 0, "a new stack has no previous values");
    });
}

/// By its own stack, or by another one.
#[test]
fn what_was_replaced_and_is_taken_in_again_is_not_deleted() {
    let both = |by: &str| {
        let (mut app, prod) = app();
        let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
        let topic = network.add("topic", sns::Topic::new().topic_name("b"));
        let mut taker = match by {
            "network" => network,
            other => app.open(other, Stack::new(prod.in_region(HERE))),
        };
        let first = taker.add("first", sns::Topic::new().topic_name("a"));
        taker[first].retain().import("a");
        let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
        service.add("setting", parameter(text![topic.topic_arn()]));
        app
    };
    for by in ["network", "archive"] {
        on_a_paused_clock(async |cloud| {
            assert_eq!(deploy(&cloud, topic("a")).await.failed, []);
            break_service(&cloud, &id_of_setting().await);
            assert_eq!(deploy(&cloud, topic("b")).await.failed.len(), 1);
            cloud.world(|world| world.failures.clear());
            let before = cloud.calls().len();
            let outcome = deploy(&cloud, both(by)).await;
            assert_eq!((outcome.failed, outcome.left), (vec![], vec![]));
            let deleted = done(&cloud, before);
            assert!(deleted.iter().all(|it| !it.starts_with("DeleteResource")), "{deleted:?}");
            assert_whole(&cloud, both(by)).await;
        });
    }
}

/// Its stack could not delete it, and does not know it any more: nobody saves what is in it.
#[test]
fn what_leaves_a_stack_and_is_to_be_saved_is_never_deleted_unsaved() {
    let volume = |is_there: bool| {
        let (mut app, prod) = app();
        let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
        let volume = network.add(
            if is_there { "volume" } else { "other" },
            ec2::Volume::new().availability_zone("eu-west-1a").size(1),
        );
        network[volume].deletion_policy(DeletionPolicy::Snapshot);
        let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
        service.add("setting", parameter(text![volume.volume_id()]));
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, volume(true)).await.failed, []);
        let list =
            ListStackResources { stack_name: "example-network".to_owned(), next_token: None };
        let there = cloud.call(&Place::caller(HERE.name()), &list).await.expect("it is there");
        let volume_id = there.stack_resource_summaries[0].physical_resource_id.clone();
        let volume_id = volume_id.expect("it was made");
        // Somebody else uses it.
        let other = || {
            let mut app = App::new("other");
            let info = AccountInfo {
                id: Some(account_id!("999999999999")),
                is_management: true,
                ..AccountInfo::default()
            };
            let prod = app.scope().declare_account_as("prod", info);
            app.open("user", Stack::new(prod.in_region(HERE)))
                .add("setting", parameter(text![volume_id.clone()]));
            app
        };
        let engine = accel_deploy::Engine::new(Arc::clone(&cloud), Arc::new(super::graph(other())));
        assert_eq!(engine.apply(&["prod/eu-west-1/user".to_owned()], |_| {}).await.failed, []);
        let outcome = deploy(&cloud, volume(false)).await;
        assert_eq!(outcome.failed, []);
        let deleted = done(&cloud, 0);
        assert!(deleted.iter().all(|it| !it.starts_with("DeleteResource")), "{deleted:?}");
        assert_eq!(outcome.left.len(), 1, "{:?}", outcome.left);
    });
}

/// It used what another run has replaced by now, and nobody has noted that it was brought to.
#[test]
fn who_was_changed_by_a_run_that_was_killed_still_uses_it() {
    let with_other = |name: &'static str, uses: bool| {
        let (mut app, prod) = app();
        let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
        let topic = network.add("topic", sns::Topic::new().topic_name(name));
        let mut other = app.open("other", Stack::new(prod.in_region(HERE)));
        match uses {
            true => other.add("own", parameter(text![topic.topic_arn()])),
            false => other.add("own", parameter("none")),
        };
        let other = other.node();
        let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
        service.add("setting", parameter(text![topic.topic_arn()]));
        if uses {
            service.after(other);
        }
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, with_other("a", false)).await.failed, []);
        let before = cloud.calls().len();
        let (engine, paths) =
            super::engine(&cloud, super::graph(with_other("b", true)), super::cleanup::ALL).await;
        let is_at_service = async {
            while !done(&cloud, before).contains(&"ExecuteChangeSet example-service".to_owned()) {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        };
        tokio::select! {
            outcome = engine.apply(&paths, |_| {}) => panic!("{outcome:?}"),
            () = is_at_service => {}
        }
        drop(engine);
        let all = done(&cloud, before);
        assert!(all.contains(&"ExecuteChangeSet example-other".to_owned()), "{all:?}");
        // Until it holds the app no more.
        tokio::time::sleep(Duration::from_secs(20 * 60)).await;
        // It cannot move on.
        let there = ListStackResources { stack_name: "example-other".to_owned(), next_token: None };
        let there = cloud.call(&Place::caller(HERE.name()), &there).await.expect("it is there");
        break_service(&cloud, &there.stack_resource_summaries[0].logical_resource_id);
        let outcome = deploy(&cloud, with_other("c", false)).await;
        assert!(
            !outcome.failed.is_empty() && outcome.failed[0].path.ends_with("/other"),
            "{outcome:?}"
        );
        cloud.world(|world| assert_eq!(world.broken(), [] as [String; 0]));
        cloud.world(|world| world.failures.clear());
        assert_eq!(deploy(&cloud, with_other("c", false)).await.failed, []);
        assert_whole(&cloud, with_other("c", false)).await;
    });
}
