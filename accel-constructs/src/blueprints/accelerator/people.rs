//! How people get into accounts.

use accel_core::Scope;

use super::{CoreAccounts, accounts::Stage};
use crate::foundation::{
    Assignment, IdentityCenter, IdentityCenterRef, IdentityGroup, Organization, PermissionSet,
    PermissionSetRef,
};

/// How people get into accounts: three groups of the identity provider, and what each may do where.
#[derive(Clone, Debug)]
pub struct People {
    /// IAM Identity Center.
    pub identity_center: IdentityCenterRef,
    /// May do everything.
    pub administrator: PermissionSetRef,
    /// May do everything but say who may do what.
    pub power_user: PermissionSetRef,
    /// May look.
    pub read_only: PermissionSetRef,
}

pub(super) fn people(
    org: &mut Scope<'_, Organization>,
    core: CoreAccounts,
    stages: &[Stage],
) -> People {
    let identity_center = org.add("identity", IdentityCenter::builder().build());
    let mut stack = org.reopen(identity_center.stack);
    let administrator = stack.add("administrator", PermissionSet::administrator(&identity_center));
    let power_user = stack.add("power-user", PermissionSet::power_user(&identity_center));
    let read_only = stack.add("read-only", PermissionSet::read_only(&identity_center));

    let platform = stack.add("platform", IdentityGroup::new("Platform"));
    let developers = stack.add("developers", IdentityGroup::new("Developers"));
    let auditors = stack.add("auditors", IdentityGroup::new("Auditors"));
    let CoreAccounts { root: _, audit, security, network, artifacts } = core;
    let (development, later): (Vec<_>, Vec<_>) = {
        let first = stages.first().map(|stage| stage.name.clone());
        stages.iter().partition(|stage| Some(&stage.name) == first.as_ref())
    };
    let accounts = |stages: &[&Stage]| stages.iter().map(|stage| stage.account).collect::<Vec<_>>();
    let (development, later) = (accounts(&development), accounts(&later));
    let once = [audit, security, network, artifacts];
    let all = || once.into_iter().chain(development.iter().copied()).chain(later.iter().copied());
    for (id, group, set, accounts) in [
        ("platform-changes", platform, &administrator, all().collect::<Vec<_>>()),
        ("developers-change", developers, &power_user, development.clone()),
        ("developers-look", developers, &read_only, later.clone()),
        ("auditors-look", auditors, &read_only, all().collect()),
    ] {
        let assignment = Assignment::builder().group(group).permission_set(set).accounts(accounts);
        stack.add(id, assignment.build());
    }
    People { identity_center, administrator, power_user, read_only }
}
