//! Constructs of accel with intent, by pillar.

pub mod codes;
