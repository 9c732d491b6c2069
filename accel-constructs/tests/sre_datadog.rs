//! Datadog monitors, from the builder to the file.

#[path = "sre_datadog/files.rs"]
mod files;
#[path = "sre_datadog/pages.rs"]
mod pages;
#[path = "sre_datadog/properties.rs"]
mod properties;
#[path = "sre_datadog/rules.rs"]
mod rules;
#[path = "sre_datadog/schema.rs"]
mod schema;
#[path = "sre_datadog/slo.rs"]
mod slo;

use accel_constructs::sre::datadog::{Datadog, DatadogMonitor, Message, MonitorQuery};
use accel_core::{App, Diagnostics};
use accel_synth::{Assembly, synth};

/// A monitor of which only the query matters.
fn asking(query: impl Into<MonitorQuery>) -> DatadogMonitor {
    DatadogMonitor::builder().name("Monitor").query(query).message("").build()
}

/// A monitor of which only the message matters.
fn saying(query: impl Into<MonitorQuery>, message: impl Into<Message>) -> DatadogMonitor {
    DatadogMonitor::builder().name("Monitor").query(query).message(message).build()
}

fn assembly(monitor: DatadogMonitor) -> Result<Assembly, Diagnostics> {
    let mut app = App::new("example");
    app.open("datadog", Datadog::new("example")).add("monitor", monitor);
    synth(app)
}

/// The file that a monitor becomes.
fn file(monitor: DatadogMonitor) -> String {
    let assembly = assembly(monitor).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    assembly.file("datadog/example/monitors/monitor.json").expect("the monitor's file").to_owned()
}

fn json(monitor: DatadogMonitor) -> serde_json::Value {
    serde_json::from_str(&file(monitor)).expect("JSON")
}
