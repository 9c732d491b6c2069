//! What nearly every program names: `use accel::prelude::*;`.

#[doc(no_inline)]
pub use accel_constructs::{
    foundation::{Account, Organization, OrganizationScope, OrganizationalUnit},
    release::{GithubWorkflow, Job, PullRequest, Push, Repository, Runner, Step},
    security::GuardDuty,
    sre::{Datadog, DatadogMonitor},
};
#[doc(no_inline)]
pub use accel_core::{
    App, Attr, Construct, Region, Scope, ScopeRef, Stack, StackSet, Template, Value, account_id,
    cidr, email, text,
};
