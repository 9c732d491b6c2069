//! What is there already, found by those who did not make it.

use std::sync::Arc;

use accel::{
    cfn::ssm,
    constructs::{
        foundation::{HostedZone, Vpc},
        security::{IamRole, KmsKey},
    },
    core::{AccountInfo, Email},
    prelude::*,
};
use accel_deploy::{Allowed, Engine, Standing, Values};
use accel_simulator::SimulatedCloud;

use super::{HERE, app, cloud_of, deploy, engine, graph, on_a_paused_clock};

/// Looks for an account of another program that is called `name` or has the address.
async fn look_for(cloud: &Arc<SimulatedCloud>, name: &str, email: Option<Email>) -> Values {
    let mut app = App::new("example");
    app.scope().declare_account_as(name, AccountInfo { email, ..AccountInfo::default() });
    let engine = Engine::new(Arc::clone(cloud), Arc::new(graph(app)));
    engine.lookup(&[]).await.expect("an answer")
}

#[test]
fn an_account_is_found_by_its_address_or_else_by_its_name() {
    on_a_paused_clock(async |cloud| {
        // Without an organization there are no accounts to find.
        assert_eq!(look_for(&cloud, "prod", None).await.account("prod"), None);
        let mut app = App::new("organization");
        let mut org = app.open("org", Organization::create(email!("aws@example.com")));
        org.add("prod", Account::builder().email(email!("aws+prod@example.com")).build());
        assert_eq!(deploy(&cloud, app).await.failed, []);
        let calls = cloud.mutating_calls();
        let by_name = look_for(&cloud, "prod", None).await;
        let id = by_name.account("prod").expect("the account of that name");
        let by_address = look_for(&cloud, "live", Some(email!("AWS+prod@example.com"))).await;
        assert_eq!(by_address.account("live"), Some(id));
        // An address that is another one is another account, whatever it is called.
        let other = look_for(&cloud, "prod", Some(email!("other@example.com"))).await;
        assert_eq!(other.account("prod"), None);
        assert_eq!(cloud.mutating_calls(), calls);
    });
}

/// A record in a zone that somebody else has made, in an account of ours.
fn record_in(zone: &'static str) -> App {
    let (mut app, prod) = app();
    let zone = app.add("zone", HostedZone::lookup(prod, zone));
    let mut stack = app.open("www", Stack::new(prod.in_region(HERE)));
    stack.add("id", ssm::Parameter::new(ssm::parameter::Type::STRING, text![zone.id]));
    app
}

#[test]
fn a_zone_is_found_by_its_name_and_is_a_parameter_of_who_uses_it() {
    let directory = tempfile::tempdir().expect("a directory");
    on_a_paused_clock(async |_| {
        let cloud = cloud_of(directory.path(), record_in("example.com"));
        let engine = Engine::new(Arc::clone(&cloud), Arc::new(graph(record_in("example.com"))));
        let found = engine.lookup(&["zone".to_owned()]).await.expect("an answer");
        let id = found.made("zone", "Id").expect("the zone's id").to_owned();
        assert!(!id.starts_with("/hostedzone/"), "{id}");
        assert_eq!(cloud.mutating_calls(), 0);
        let outcome = deploy(&cloud, record_in("example.com")).await;
        assert_eq!(
            (outcome.failed, outcome.changed),
            (vec![], vec!["prod/eu-west-1/www".to_owned()])
        );
        let calls = cloud.calls();
        let change = calls.iter().find(|(_, call)| call.action == "CreateChangeSet");
        let parameters = change.expect("a change set").1.request["Parameters"].to_string();
        assert!(parameters.contains(&id), "{parameters}");
        let zones = calls.iter().filter(|(_, call)| call.service == "route53");
        let asked: Vec<_> = zones.map(|(place, call)| (&*place.region, &call.action)).collect();
        assert!(
            asked.iter().all(|it| *it == ("us-east-1", &"ListHostedZonesByName".into())),
            "{asked:?}"
        );
        assert_eq!(deploy(&cloud, record_in("example.com")).await.unchanged, 2);
    });
}

#[test]
fn what_is_not_there_is_said_and_nothing_that_needs_it_is_begun() {
    let directory = tempfile::tempdir().expect("a directory");
    on_a_paused_clock(async |_| {
        let cloud = cloud_of(directory.path(), record_in("example.com"));
        let (engine, paths) =
            engine(&cloud, graph(record_in("example.net")), Allowed::default()).await;
        let says = "there is no `hosted-zone/example.net` in prod, us-east-1";
        let failure = engine.plan(&paths).await.expect_err("no plan");
        assert_eq!((&*failure.path, &*failure.reason), ("zone", says));
        let found = engine.lookup(&paths).await.expect("an answer");
        assert_eq!(found.made("zone", "Id"), None);
        let status = engine.status(&paths).await.expect("an answer");
        let zone = status.iter().find(|node| node.path == "zone").expect("the zone");
        assert_eq!((zone.standing, zone.reason.as_deref()), (Standing::Absent, Some(says)));
        let outcome = deploy(&cloud, record_in("example.net")).await;
        assert_eq!(outcome.failed[0].reason, says);
        assert_eq!(outcome.skipped, ["prod/eu-west-1/www"]);
    });
}

#[test]
fn keys_roles_and_networks_are_found_alike() {
    let everything = || {
        let (mut app, prod) = app();
        let key = app.add("key", KmsKey::lookup(prod.in_region(HERE), "data"));
        let role = app.add("role", IamRole::lookup(prod, "Auditor"));
        let network = app.add("network", Vpc::lookup(prod.in_region(HERE), "shared"));
        let mut stack = app.open("ids", Stack::new(prod.in_region(HERE)));
        let ids = [("key", text![key.arn]), ("role", text![role.arn]), ("vpc", text![network.id])];
        for (name, id) in ids {
            stack.add(name, ssm::Parameter::new(ssm::parameter::Type::STRING, id));
        }
        app
    };
    let directory = tempfile::tempdir().expect("a directory");
    on_a_paused_clock(async |_| {
        let cloud = cloud_of(directory.path(), everything());
        assert_eq!(deploy(&cloud, everything()).await.failed, []);
        assert_eq!(deploy(&cloud, everything()).await.unchanged, 4);
    });
}
