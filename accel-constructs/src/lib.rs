//! Constructs of accel with intent, by pillar.

pub mod codes;
pub mod foundation;
pub mod security;
pub mod sre;
