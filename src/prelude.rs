//! What nearly every program names: `use accel::prelude::*;`.

#[doc(no_inline)]
pub use accel_constructs::{
    foundation::{Account, Organization, OrganizationScope, OrganizationalUnit, Vpc},
    platform::{AllowFrom, EksCluster, Port},
    release::{GithubWorkflow, Job, PullRequest, Push, Repository, Runner, Step},
    security::GuardDuty,
    sre::{Datadog, DatadogMonitor},
};
#[doc(no_inline)]
pub use accel_core::{
    App, Attr, Construct, PolicyDocument, Region, Scope, ScopeRef, Stack, StackSet, Template,
    Value, account_id, actions, cidr, email,
    policy::{Principal, Statement},
    text,
};
