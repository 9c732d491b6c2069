//! An app that becomes another one, with everything that a later deployment can meet, for stopping that one at every one of
//! its requests: `cargo xtask test --only sweep-update`. `SWEEP=before` is the app as it was.

use std::process::ExitCode;

use accel::{
    cfn::{sns, ssm},
    core::{AccountInfo, IntoValue, account_id},
    prelude::*,
};

fn main() -> ExitCode {
    let is_before = std::env::var("SWEEP").is_ok_and(|value| value == "before");
    accel::run(sweep_update(is_before))
}

fn sweep_update(is_before: bool) -> App {
    let mut app = App::new("sweep-update");
    let info = AccountInfo {
        id: Some(account_id!("999999999999")),
        is_management: true,
        ..AccountInfo::default()
    };
    let prod = app.scope().declare_account_as("prod", info);
    let [here, there] = [Region::EU_WEST_1, Region::US_EAST_1];

    // Another table of values, a topic in each instance that is replaced and used, and a region that is given up.
    let mode = if is_before { "slow" } else { "fast" };
    let regions = if is_before { vec![here, there] } else { vec![here] };
    let mut everywhere = app.open("everywhere", StackSet::for_accounts([prod]).regions(regions));
    everywhere.add("mode", parameter(Value::by_account_or("mode", [(prod, mode)], "off")));
    let alarms = everywhere.add("alarms", topic(if is_before { "alarms" } else { "alerts" }));
    let published = everywhere.publish("alarms-arn", alarms.topic_arn());

    // One that is replaced, one that leaves the stack, and one that comes; all of them are used.
    let mut network = app.open("network", Stack::new(prod.in_region(here)));
    let orders = network.add("orders", topic(if is_before { "orders" } else { "bookings" }));
    let used = match is_before {
        true => network.add("events", topic("events")),
        false => network.add("messages", topic("messages")),
    };
    // Too large to be sent inline.
    for index in 0..if is_before { 1 } else { 14 } {
        network.add(&format!("text-{index}"), parameter(text!["x".repeat(4_000)]));
    }

    let mut service = app.open("service", Stack::new(prod.in_region(here)));
    service.add("orders", parameter(text![orders.topic_arn()]));
    service.add("used", parameter(text![used.topic_arn()]));
    service.add("alarms", parameter(text![published.in_environment(prod.in_region(here))]));

    if is_before {
        app.open("gone", Stack::new(prod.in_region(here))).add("topic", topic("gone"));
    }
    app
}

fn topic(name: &'static str) -> sns::Topic {
    sns::Topic::new().topic_name(name)
}

fn parameter(value: impl IntoValue<String>) -> ssm::Parameter {
    ssm::Parameter::new(ssm::parameter::Type::STRING, value)
}
