//! Site reliability: what watches the systems, and who hears of it.
//!
//! Constructs live at the level of the product that they configure: [`datadog`], and [`incident`] for
//! who is called. [`Monitored`] constructs bring the monitors that they should have.

pub mod datadog;
pub mod incident;
mod packs;

#[doc(inline)]
pub use datadog::{Datadog, DatadogMonitor};
pub use packs::{Monitored, Monitors, MonitorsRef};
