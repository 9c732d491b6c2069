//! What this crate finds wrong.

use accel_core::Code;

/// All codes, for `explain`.
pub const ALL: &[&Code] = &[&INTERVAL_TOO_SHORT];

/// A probe would cost more than it tells.
pub static INTERVAL_TOO_SHORT: Code =
    Code::new("interval-too-short", "Probes closer than 10 seconds cost more than they tell.");
