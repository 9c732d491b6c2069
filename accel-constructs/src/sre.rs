//! Site reliability: what watches the systems, and who hears of it.
//!
//! Constructs live at the level of the product that they configure: [`datadog`] is the first.
//! [`Monitored`] constructs bring the monitors that they should have.

pub mod datadog;

mod packs;

#[doc(inline)]
pub use datadog::{Datadog, DatadogMonitor};
pub use packs::{Monitored, Monitors, MonitorsRef};
