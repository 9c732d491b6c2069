//! Constructs of accel with intent, by pillar.

pub mod codes;
pub mod foundation;
pub mod names;
pub mod release;
pub mod security;
pub mod sre;
