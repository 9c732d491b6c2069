//! Brings an assembly into a cloud.
//!
//! A [`Cloud`] takes calls in the words of the AWS APIs, and answers with replies or with errors that say
//! what to do about them. An [`Engine`] over it looks at every step, stack and stack set of an assembly,
//! [plans](Engine::plan) what to do, and [does](Engine::apply) it, each thing as soon as what it waits for
//! is there.
//!
//! A [`Deployed`] record in the bootstrap bucket names what earlier runs have made, so that what leaves the
//! app is found and deleted; it decides nothing else. There is no other state of the engine's: before it changes a thing it looks at it, and the names of what
//! it starts are digests of what is wanted. A run that was killed is therefore finished by running again.
//! *Unknown is never absent*: a read that fails stops its node, and creates nothing.

#[cfg(feature = "aws")]
mod aws;
pub mod cloud;

mod cleanup;
mod deployed;
mod engine;
mod graph;
mod plan;
mod quotas;
mod rehearsal;
mod step;
mod template;
mod values;

#[cfg(feature = "aws")]
pub use aws::Aws;
pub use cloud::{Call, Cloud, CloudError, ErrorClass, Operation, Place, Protocol};
pub use deployed::Deployed;
pub use engine::{
    Allowed, Drift, DriftedProperty, Engine, Event, Failure, InstanceStatus, NodeStatus, Outcome,
    Progress, Standing, Stop, StopHandle, Tally,
};
pub use graph::{Graph, GraphError, Node, NodeKind, is_secret};
pub use plan::{Action, Entry, Plan};
pub use quotas::Prerequisite;
pub use rehearsal::Rehearsal;
pub use values::Values;
