//! Release engineering: repositories and their GitHub Actions workflows.
//!
//! ```
//! use accel_core::App;
//! use accel_constructs::release::{
//!     Checkout, GithubWorkflow, Job, PullRequest, Push, Repository, Runner, SetupNode, Step,
//! };
//!
//! let mut app = App::new("example");
//! let mut repository = app.open("platform", Repository::new("example/platform"));
//! repository.add(
//!     "ci",
//!     GithubWorkflow::new("CI")
//!         .on(Push::new().branches(["main"]))
//!         .on(PullRequest::new())
//!         .job(
//!             Job::new("test", Runner::UBUNTU_24_04)
//!                 .step(Checkout::new())
//!                 .step(SetupNode::new().node_version(24))
//!                 .step(Step::run("npm ci --ignore-scripts\nnpm test")),
//!         ),
//! );
//! ```
//!
//! What is safe is the default: a workflow has no permissions and a job those that its steps need,
//! actions are pinned to a commit, credentials do not stay in the checkout, each job has a timeout,
//! and a script cannot have [expressions](expr) in it.

mod action;
#[rustfmt::skip]
mod catalogue;
mod check;
mod concurrency;
mod container;
mod environment;
mod job;
mod keys;
mod matrix;
mod oidc;
mod repository;
mod runner;
mod step;
mod trigger;
mod workflow;

pub mod archetypes;
pub mod codes;
pub mod expr;
pub mod permission;

pub use action::{ActionRef, ActionSpec, InputSpec};
pub use catalogue::*;
pub use concurrency::{Concurrency, Queue};
pub use container::Container;
pub use environment::DeploymentEnvironment;
pub use job::{Calls, Job, Steps};
pub use matrix::Matrix;
pub use oidc::{
    GithubOidcProvider, GithubOidcProviderRef, GithubRole, GithubRoleRef, GithubSubject,
};
pub use permission::Permission;
pub use repository::Repository;
pub use runner::{HostedRunner, Runner};
pub use step::{AnyAction, Control, Script, Shell, Step, UsesAction};
pub use trigger::*;
pub use workflow::{GithubWorkflow, WorkflowRef};

#[cfg(test)]
mod tests;
