use accel::{
    constructs::sre::datadog::{MetricQuery, minutes},
    prelude::*,
};

fn alerts(stack: &mut Scope<'_, Stack>) {
    let busy = MetricQuery::avg("system.cpu.user").last(minutes(5)).above(90);
    stack.add("cpu", DatadogMonitor::builder().name("Busy").query(busy).message("Look.").build());
}

fn main() {}
