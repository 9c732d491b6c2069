//! Site reliability: what watches the systems, and who hears of it.
//!
//! Constructs live at the level of the product that they configure; [`datadog`] is the first.

pub mod datadog;

#[doc(inline)]
pub use datadog::{Datadog, DatadogMonitor};
