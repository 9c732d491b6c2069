//! IAM without AWS: every action, and what policies together decide.
//!
//! [`evaluate`] decides a [`Request`] by a [`PolicySet`]: policies of identities, resources and sessions,
//! permissions boundaries, service and resource control policies through the organization's tree, with
//! their conditions. The answer is one of four: allowed, implicitly or explicitly denied, each with the
//! statement, policy and construct that decided; or not known, with the keys of the context that it hangs
//! on. Nothing is guessed and nothing is sent anywhere.
//!
//! [`explain`] says what each kind of policy has to do with a decision.
//!
//! [`actions`] knows every action, resource type and condition key of every service.

pub mod actions;
mod condition;
mod evaluate;
mod explain;
pub mod inheritance;
mod pattern;
mod policy;
mod request;

pub use condition::{is_operator, operators};
pub use evaluate::{Decision, Grant, Layer, Level, PolicySet, Reason, evaluate};
pub use explain::{Explanation, Match, Outcome, Step, explain};
pub use policy::{Origin, ParseError, Policy};
pub use request::{Context, Known, Principal, Request};
