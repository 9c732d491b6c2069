use accel::{
    constructs::sre::datadog::{MetricQuery, minutes},
    prelude::*,
};

fn alerts(set: &mut Scope<'_, StackSet>) {
    let busy = MetricQuery::avg("system.cpu.user").last(minutes(5)).above(90);
    set.add("cpu", DatadogMonitor::builder().name("Busy").query(busy).message("Look.").build());
}

fn main() {}
