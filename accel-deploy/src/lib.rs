//! Brings an assembly into the world: observe, plan, review, apply, verify.
//!
//! The engine reads nothing but an assembly's directory and speaks to a [`Cloud`]: the simulated one of
//! `accel-simulator`, in process and without any SDK, or AWS with the feature `aws`. It keeps no state
//! of its own that anything depends on: what exists is asked of the cloud, ownership is by name and tag,
//! and operation ids follow from what is wanted, so that a run that was killed is finished by the next.

pub mod cloud;

pub use cloud::{Call, Cloud, CloudError, ErrorClass, Operation, Place, Protocol};
