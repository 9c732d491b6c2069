//! Units, accounts, and what every account has before anything is deployed to it.

use accel_core::{AccountId, AccountRef, Label, Level, OuRef, Region, Scope, Text};

use super::{Accelerator, Tenant};
use crate::foundation::{
    Account, Organization, OrganizationScope as _, OrganizationStep, OrganizationalUnit,
    PasswordPolicy,
};

/// The units of the organization.
#[derive(Clone, Copy, Debug)]
pub struct Units {
    /// Of the accounts that there are once: audit, security, network, artifacts.
    pub core: OuRef,
    /// Of the accounts that workloads run in.
    pub plat: OuRef,
    /// Of the accounts that people try things in.
    pub sandbox: OuRef,
}

/// The accounts that an organization has once.
#[derive(Clone, Copy, Debug)]
pub struct CoreAccounts {
    /// Manages the organization, and has nothing else.
    pub root: AccountRef,
    /// Keeps the logs of all accounts.
    pub audit: AccountRef,
    /// Administers the services that watch all accounts.
    pub security: AccountRef,
    /// Has the hub of the networks and the zone of the domain.
    pub network: AccountRef,
    /// Has what is built once and deployed many times: images and packages.
    pub artifacts: AccountRef,
}

/// The account of one stage of a tenant.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    pub(super) tenant: Text,
    pub(super) name: Text,
    pub(super) account: AccountRef,
}

impl CoreAccounts {
    /// What they are called, in the order of the fields.
    pub const NAMES: [&str; 5] =
        ["core-root", "core-audit", "core-security", "core-network", "core-artifacts"];
}

impl Stage {
    /// What the account is called: `plat-prod`.
    pub(super) fn id(&self) -> String {
        format!("{}-{}", self.tenant, self.name)
    }

    /// What the names of its things in a region begin with: `acme-plat-use1-prod`.
    pub(super) fn label<L: Level>(&self, scope: &Scope<'_, L>, region: Region) -> Label {
        let tree = scope.tree();
        let label = Label::new().namespace(tree[tree.root()].id()).tenant(&*self.tenant);
        label.region(region).stage(&*self.name)
    }
}

pub(super) fn units(org: &mut Scope<'_, Organization>) -> Units {
    let [core, plat, sandbox] =
        ["core", "plat", "sandbox"].map(|id| org.add(id, OrganizationalUnit::builder().build()));
    Units { core, plat, sandbox }
}

pub(super) fn core(
    org: &mut Scope<'_, Organization>,
    suit: &Accelerator,
    units: Units,
) -> CoreAccounts {
    let root = org.management();
    let [_, names @ ..] = CoreAccounts::NAMES;
    let [audit, security, network, artifacts] =
        names.map(|name| account(org, suit, name, units.core));
    CoreAccounts { root, audit, security, network, artifacts }
}

pub(super) fn stages(
    org: &mut Scope<'_, Organization>,
    suit: &Accelerator,
    units: Units,
) -> Vec<Stage> {
    let mut stages = Vec::new();
    for Tenant { name: tenant, stages: names } in &suit.tenants {
        for name in names {
            let account = account(org, suit, &format!("{tenant}-{name}"), units.plat);
            stages.push(Stage { tenant: tenant.clone(), name: name.clone(), account });
        }
    }
    stages
}

/// An account with the address of the organization's mailbox, by its name behind a `+`.
fn account(
    org: &mut Scope<'_, Organization>,
    suit: &Accelerator,
    name: &str,
    unit: OuRef,
) -> AccountRef {
    let email = match suit.email.plus(name) {
        Ok(email) => email,
        Err(invalid) => {
            org.report(invalid.at(org.location()));
            suit.email.clone()
        }
    };
    let known: Option<AccountId> = suit.account_ids.get(name).copied();
    let builder = Account::builder().email(email).unit(unit);
    let account = match known {
        Some(id) => builder.id(id).build(),
        None => builder.build(),
    };
    org.add(name, account)
}

/// What CloudFormation cannot say of an account.
pub(super) fn settings(
    org: &mut Scope<'_, Organization>,
    suit: &Accelerator,
    core: CoreAccounts,
    stages: &[Stage],
) {
    let passwords = PasswordPolicy::builder().build();
    let core = [core.audit, core.security, core.network, core.artifacts];
    for account in core.into_iter().chain(stages.iter().map(|stage| stage.account)) {
        let name = org.tree().account_name(account).to_owned();
        let policy = OrganizationStep::password_policy(account, &passwords);
        org.add(&format!("passwords-{name}"), policy);
        let buckets = OrganizationStep::s3_public_access_block(account);
        org.add(&format!("private-buckets-{name}"), buckets);
        for &region in &suit.regions {
            let disks = OrganizationStep::ebs_encryption(account.in_region(region));
            org.add(&format!("encrypted-disks-{name}-{region}"), disks);
        }
    }
}
