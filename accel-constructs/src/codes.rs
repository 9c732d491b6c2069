//! What the constructs of this crate can find wrong while they are built. Each pillar's module lists
//! its own; this is all of them.

use accel_core::Code;

use crate::{release, sre};

/// All codes of this crate, pillar by pillar.
pub const ALL: &[&[&Code]] = &[release::codes::ALL, sre::datadog::codes::ALL];
