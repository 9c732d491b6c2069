//! Constructs of accel with intent, by pillar.

pub mod blueprints;
pub mod codes;
pub mod foundation;
pub mod grants;
pub mod names;
pub mod platform;
pub mod release;
pub mod security;
pub mod sre;

mod lookup;
mod retention;

pub use lookup::Lookup;
