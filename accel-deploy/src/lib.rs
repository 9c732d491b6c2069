//! What an assembly is deployed through: a [`Cloud`] takes calls in the words of the AWS APIs, and answers
//! with replies or with errors that say what to do about them.
//!
//! This is the seam alone. The engine over it (observe, plan, apply, verify) and the clouds behind it, AWS
//! and a simulation of it, are not here yet.

pub mod cloud;

pub use cloud::{Call, Cloud, CloudError, ErrorClass, Operation, Place, Protocol};
