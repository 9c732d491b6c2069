//! What is done in every account is recorded and watched in one.

use accel_core::Scope;

use super::{Accelerator, CoreAccounts};
use crate::{
    foundation::{
        Baseline, EveryAccount, Organization, OrganizationTrail, OrganizationTrailRef,
    },
    security::{GuardDuty, GuardDutyRef},
};

/// What watches the organization.
#[derive(Clone, Debug)]
pub struct Security {
    /// The trail of the organization, and its archive.
    pub trail: OrganizationTrailRef,
    /// GuardDuty, which the security account administers.
    pub guardduty: GuardDutyRef,
}
