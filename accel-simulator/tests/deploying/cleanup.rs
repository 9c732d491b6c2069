//! What is replaced or leaves a stack while another one uses it stays until that one has moved.

use std::sync::Arc;

use accel::{
    cfn::{ec2, sns, ssm},
    core::{Attr, DeletionPolicy, Resource},
    prelude::*,
};
use accel_deploy::{Action, Allowed, Outcome, Standing};
use accel_simulator::SimulatedCloud;

use super::{
    HERE, THERE, app, cloud_of, engine, failures::logical_id, graph, on_a_paused_clock, order, plan,
};

const ACCOUNT: &str = "999999999999";
const STACK: &str = "prod/eu-west-1/network";
const CLEANUP: &str = "prod/eu-west-1/network (cleanup)";
const SERVICE: &str = "prod/eu-west-1/service";

pub(super) const ALL: Allowed = Allowed { delete: true, replace: true };

/// A network with a subnet of this name and block, and its routes; and a service in it.
fn network(name: &str, block: &'static str) -> App {
    let (mut app, prod) = app();
    let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
    let vpc = network.add("vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
    let routes = network.add("routes", ec2::RouteTable::new(vpc.id()));
    let subnet = network.add(name, ec2::Subnet::new(vpc.id()).cidr_block(block));
    network.add(
        &format!("{name}-routes"),
        ec2::SubnetRouteTableAssociation::new(routes.id(), subnet.id()),
    );
    let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
    service.add("interface", ec2::NetworkInterface::new(subnet.id()));
    app
}

/// A topic of this name, and a setting that names it; AWS deletes it whoever uses it.
pub(super) fn topic(name: &'static str) -> App {
    let (mut app, prod) = app();
    let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
    let topic = network.add("topic", sns::Topic::new().topic_name(name));
    let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
    service.add("setting", parameter(text![topic.topic_arn()]));
    app
}

pub(super) fn parameter(value: impl accel::core::IntoValue<String>) -> ssm::Parameter {
    ssm::Parameter::new(ssm::parameter::Type::STRING, value)
}

pub(super) async fn deploy(cloud: &Arc<SimulatedCloud>, app: App) -> Outcome {
    let (engine, paths) = engine(cloud, graph(app), ALL).await;
    engine.apply(&paths, |_| {}).await
}

/// What was done, with the deletions by Cloud Control: what kind of resource each was of.
pub(super) fn done(cloud: &SimulatedCloud, from: usize) -> Vec<String> {
    let calls = cloud.calls().into_iter().skip(from);
    let calls = calls.filter_map(|(_, call)| {
        let of = match call.action.as_ref() {
            "ExecuteChangeSet" | "DeleteStack" => "StackName",
            "UpdateStackSet" => "StackSetName",
            "DeleteResource" => "TypeName",
            _ => return None,
        };
        Some(format!("{} {}", call.action, call.request[of].as_str().unwrap_or_default()))
    });
    calls.collect()
}

/// Nothing was taken away from who used it, nothing is left to do, and nothing is left behind.
pub(super) async fn assert_whole(cloud: &Arc<SimulatedCloud>, app: App) {
    cloud.world(|world| {
        assert_eq!(world.broken(), [] as [String; 0]);
        assert_eq!(world.left_behind(), [] as [String; 0]);
    });
    let (planned, left) = {
        let planned = plan(cloud, app).await;
        (planned.to_string(), planned.left)
    };
    assert!(planned.contains("0 to create, 0 to update, 0 to delete, 0 after others"), "{planned}");
    assert!(!planned.contains("(cleanup)") && left.is_empty(), "{planned}");
}

#[test]
fn a_shared_subnet_that_is_replaced() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, network("a", "10.0.0.0/24")).await.failed, []);
        let before = cloud.calls().len();
        let planned = plan(&cloud, network("a", "10.0.1.0/24")).await;
        let cleanup =
            planned.entries.iter().find(|entry| entry.path == CLEANUP).expect("it is planned");
        assert_eq!(cleanup.action, Action::Delete);
        assert_eq!(
            cleanup.reasons,
            [
                format!(
                    "deletes the old `a-routes` (AWS::EC2::SubnetRouteTableAssociation) after `{SERVICE}` has changed"
                ),
                format!("deletes the old `a` (AWS::EC2::Subnet) after `{SERVICE}` has changed"),
            ]
        );
        let outcome = deploy(&cloud, network("a", "10.0.1.0/24")).await;
        assert_eq!((outcome.failed, outcome.left), (vec![], vec![]));
        assert_eq!(outcome.changed, [STACK, CLEANUP, SERVICE]);
        assert_eq!(
            done(&cloud, before),
            [
                "ExecuteChangeSet example-network",
                "ExecuteChangeSet example-service",
                "ExecuteChangeSet example-network",
                // What refers to another goes first.
                "DeleteResource AWS::EC2::SubnetRouteTableAssociation",
                "DeleteResource AWS::EC2::Subnet",
            ]
        );
        assert_whole(&cloud, network("a", "10.0.1.0/24")).await;
    });
}

/// It has another name in the program, so that the stack deletes the one and makes the other.
#[test]
fn a_shared_subnet_that_gives_way_to_another() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, network("a", "10.0.0.0/24")).await.failed, []);
        let before = cloud.calls().len();
        let outcome = deploy(&cloud, network("b", "10.0.1.0/24")).await;
        assert_eq!((outcome.failed, outcome.left), (vec![], vec![]));
        assert_eq!(
            done(&cloud, before),
            [
                "ExecuteChangeSet example-network",
                "ExecuteChangeSet example-service",
                // Its stack still knows it, and deletes it.
                "ExecuteChangeSet example-network",
            ]
        );
        assert_whole(&cloud, network("b", "10.0.1.0/24")).await;
    });
}

#[test]
fn a_topic_that_is_used_is_not_deleted_from_under_its_user() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, topic("a")).await.failed, []);
        assert_eq!(deploy(&cloud, topic("b")).await.failed, []);
        assert_whole(&cloud, topic("b")).await;
    });
}

#[test]
fn as_long_as_its_user_cannot_move_it_stays() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, topic("a")).await.failed, []);
        let user = {
            let other = Arc::new(SimulatedCloud::new());
            let (mut app, prod) = app();
            app.open("service", Stack::new(prod.in_region(HERE))).add("setting", parameter("on"));
            assert_eq!(deploy(&other, app).await.failed, []);
            logical_id(&other)
        };
        let place = (ACCOUNT.to_owned(), HERE.name().to_owned(), user);
        cloud.world(|world| world.failures.insert(place, "Quota exceeded".to_owned()));
        let outcome = deploy(&cloud, topic("b")).await;
        assert_eq!(outcome.failed.len(), 1, "{:?}", outcome.failed);
        assert_eq!(outcome.skipped, [CLEANUP]);
        cloud.world(|world| assert_eq!(world.broken(), [] as [String; 0]));

        // The program goes on before all has moved.
        cloud.world(|world| world.failures.clear());
        let before = cloud.calls().len();
        let outcome = deploy(&cloud, topic("c")).await;
        assert_eq!((outcome.failed, outcome.left), (vec![], vec![]));
        let deleted = |what: &String| what.starts_with("DeleteResource");
        assert_eq!(done(&cloud, before).into_iter().filter(deleted).count(), 2);
        assert_whole(&cloud, topic("c")).await;
    });
}

#[test]
fn what_is_kept_is_a_matter_of_the_status_once_it_is_kept() {
    let standing = async |cloud: &Arc<SimulatedCloud>| {
        let (engine, paths) = engine(cloud, graph(topic("b")), ALL).await;
        let status = engine.status(&paths).await.expect("a status");
        status.into_iter().find(|it| it.path == CLEANUP).expect("a cleanup").standing
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, topic("a")).await.failed, []);
        assert_eq!(standing(&cloud).await, Standing::Good);
        let (engine, _) = engine(&cloud, graph(topic("b")), ALL).await;
        assert_eq!(engine.apply(&[STACK.to_owned()], |_| {}).await.failed, []);
        assert_eq!(standing(&cloud).await, Standing::Bad);
    });
}

/// What was there before is there still, and cannot be made a second time.
#[test]
fn who_goes_back_halfway_is_told_what_is_in_the_way() {
    let named = |name: &'static str| {
        let (mut app, prod) = app();
        let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
        let setting = network.add("setting", parameter(text!["on"]).name(name));
        let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
        service.add("which", parameter(text![setting.name()]));
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, named("/a")).await.failed, []);
        let (engine, _) = engine(&cloud, graph(named("/b")), ALL).await;
        assert_eq!(engine.apply(&[STACK.to_owned()], |_| {}).await.failed, []);
        let outcome = deploy(&cloud, named("/a")).await;
        let reason = &outcome.failed[0].reason;
        let told = "an earlier update keeps the old `setting` (AWS::SSM::Parameter) until all that uses it has moved";
        assert!(reason.contains("already exists") && reason.contains(told), "{reason}");
        for name in ["/b", "/a"] {
            assert_eq!(deploy(&cloud, named(name)).await.failed, []);
            assert_whole(&cloud, named(name)).await;
        }
    });
}

#[test]
fn another_program_goes_on_with_what_was_begun() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, topic("a")).await.failed, []);
        let (engine, _) = engine(&cloud, graph(topic("b")), ALL).await;
        assert_eq!(engine.apply(&[STACK.to_owned()], |_| {}).await.failed, []);
        cloud.world(|world| assert_eq!(world.broken(), [] as [String; 0]));
        let outcome = deploy(&cloud, topic("c")).await;
        assert_eq!(outcome.failed, []);
        assert_whole(&cloud, topic("c")).await;
    });
}

#[test]
fn who_leaves_the_app_goes_first() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, topic("a")).await.failed, []);
        let alone = || {
            let (mut app, prod) = app();
            app.open("network", Stack::new(prod.in_region(HERE)))
                .add("topic", sns::Topic::new().topic_name("b"));
            app
        };
        let before = order(&cloud).len();
        assert_eq!(deploy(&cloud, alone()).await.failed, []);
        assert_eq!(
            order(&cloud)[before..],
            ["DeleteStack example-service", "ExecuteChangeSet example-network"]
        );
        assert_whole(&cloud, alone()).await;
    });
}

/// A run that was allowed to replace it is gone on with by one that is not.
#[test]
fn what_cannot_be_had_back_is_deleted_by_who_is_allowed() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, network("a", "10.0.0.0/24")).await.failed, []);
        let (first, _) = engine(&cloud, graph(network("a", "10.0.1.0/24")), ALL).await;
        let begun = [STACK.to_owned(), SERVICE.to_owned()];
        assert_eq!(first.apply(&begun, |_| {}).await.failed, []);
        let outcome = super::deploy(&cloud, network("a", "10.0.1.0/24")).await;
        assert!(
            !outcome.failed.is_empty() && outcome.failed.iter().all(|it| it.guarded),
            "{outcome:?}"
        );
        assert_eq!(deploy(&cloud, network("a", "10.0.1.0/24")).await.failed, []);
        assert_whole(&cloud, network("a", "10.0.1.0/24")).await;
    });
}

/// Cloud Control saves nothing, and its stack does not have it any more.
#[test]
fn what_is_to_be_saved_first_stays_and_is_named() {
    let database = |name: &'static str| {
        let (mut app, prod) = app();
        let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
        let database = network.add("database", Resource::new("AWS::RDS::DBInstance"));
        network[database]
            .set("DBInstanceIdentifier", name)
            .set("Engine", "postgres")
            .set("DBInstanceClass", "db.t4g.micro")
            .update_replace_policy(DeletionPolicy::Snapshot);
        let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
        service.add("setting", parameter(text![Attr::<String>::new(database, None)]));
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, database("one")).await.failed, []);
        let outcome = deploy(&cloud, database("two")).await;
        assert_eq!(outcome.failed, []);
        let [left] = outcome.left.as_slice() else { panic!("{:?}", outcome.left) };
        let start = format!("`{STACK}`: the old `database` (AWS::RDS::DBInstance), dbinstance-");
        assert!(left.starts_with(&start), "{left}");
        cloud.world(|world| assert_eq!(world.broken(), [] as [String; 0]));
        assert!(plan(&cloud, database("two")).await.left.is_empty());
    });
}

/// What every instance of a stack set makes of its own, and a stack beside them uses one of.
#[test]
fn what_instances_replace_stays_in_all_of_them() {
    let everywhere = |name: &'static str| {
        let (mut app, prod) = app();
        let set = StackSet::for_accounts([prod]).regions([HERE, THERE]);
        let mut everywhere = app.open("everywhere", set);
        let topic = everywhere.add("topic", sns::Topic::new().topic_name(name));
        let published = everywhere.publish("alarms", topic.topic_arn());
        let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
        service.add("setting", parameter(published.in_environment(prod.in_region(HERE))));
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, everywhere("a")).await.failed, []);
        let before = cloud.calls().len();
        let outcome = deploy(&cloud, everywhere("b")).await;
        assert_eq!((outcome.failed, outcome.left), (vec![], vec![]));
        assert_eq!(
            done(&cloud, before),
            [
                "UpdateStackSet example-everywhere",
                "ExecuteChangeSet example-service",
                "UpdateStackSet example-everywhere",
                "DeleteResource AWS::SNS::Topic",
                "DeleteResource AWS::SNS::Topic",
            ]
        );
        assert_whole(&cloud, everywhere("b")).await;
    });
}

/// The program has its address alone, and what it is replaced in is noted before the account is looked at.
#[test]
fn an_account_whose_id_the_record_knows() {
    let made = |name: &'static str| {
        let mut app = App::new("example");
        let mut org = app.open("org", Organization::create(email!("aws@example.com")));
        let account = Account::builder().email(email!("aws+prod@example.com"));
        let prod = org.add("prod", account.build());
        drop(org);
        let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
        let topic = network.add("topic", sns::Topic::new().topic_name(name));
        let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
        service.add("setting", parameter(text![topic.topic_arn()]));
        app
    };
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let cloud = cloud_of(directory.path(), made("a"));
        assert_eq!(deploy(&cloud, made("a")).await.failed, []);
        assert_eq!(deploy(&cloud, made("b")).await.failed, []);
        assert_whole(&cloud, made("b")).await;
    });
}
