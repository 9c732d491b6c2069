//! What is done in every account is recorded and watched in one.

use accel_core::Scope;

use super::{Accelerator, CoreAccounts};
use crate::{
    foundation::{Baseline, EveryAccount, Organization, OrganizationTrail, OrganizationTrailRef},
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

pub(super) fn watch(
    org: &mut Scope<'_, Organization>,
    suit: &Accelerator,
    core: CoreAccounts,
) -> Security {
    let regions = || suit.regions.iter().copied();
    let trail = OrganizationTrail::builder().log_archive(core.audit).build();
    let trail = org.add("trail", trail);
    let guardduty = GuardDuty::builder().administrator(core.security).regions(regions()).build();
    let guardduty = org.add("guardduty", guardduty);
    let baseline = Baseline::builder().auditor(core.audit).home_region(suit.home()).build();
    let baseline = EveryAccount::builder().construct(baseline).regions(regions()).build();
    org.add("baseline", baseline);
    Security { trail, guardduty }
}
