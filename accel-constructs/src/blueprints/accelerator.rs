use std::collections::BTreeMap;

use accel_core::{
    AccountId, AccountRef, App, Construct, Email, Region, Scope, ScopeRef, Stack, Text,
};
use typed_builder::TypedBuilder;

use crate::{
    foundation::{Organization, OrganizationTrailRef, VpcRef},
    security::GuardDutyRef,
};

mod accounts;

pub use accounts::{CoreAccounts, Units};

/// The reference architecture, all five pillars of it: an organization with its accounts, networks,
/// platforms, pipelines, alerts and guardrails, from about fifteen lines.
///
/// Off the rack it follows its defaults, which stand in one table in `docs/accelerator.md`. It is
/// tailored in three ways: by the fields of this struct, through the typed references in what it gives
/// back, and by adding to the scopes that it opened.
///
/// ```
/// use accel_constructs::blueprints::{Accelerator, Tenant};
/// use accel_core::{App, Region, email};
///
/// let mut app = App::new("acme");
/// let suit = Accelerator::builder()
///     .email(email!("aws@example.com"))
///     .domain("example.com")
///     .regions([Region::US_EAST_1, Region::US_WEST_2])
///     .tenants([Tenant::new("plat")])
///     .build();
/// let suit = app.add("accelerator", suit);
/// let mut organization = app.reopen(suit.organization);
/// ```
#[derive(Clone, Debug, TypedBuilder)]
pub struct Accelerator {
    /// The address of the account that manages the organization. Every other account has the same with
    /// its name behind a `+`: `aws+core-audit@example.com`.
    email: Email,
    /// The domain below which everything has its name.
    #[builder(setter(into))]
    domain: Text,
    /// Where. The first is home: what there is once is there.
    #[builder(setter(transform = |regions: impl IntoIterator<Item = Region>| {
        regions.into_iter().collect()
    }))]
    regions: Vec<Region>,
    /// Who has workloads.
    #[builder(setter(transform = |tenants: impl IntoIterator<Item = Tenant>| {
        tenants.into_iter().collect()
    }))]
    tenants: Vec<Tenant>,
    /// Accounts that exist already, by their names: they are adopted, all others are made.
    #[builder(default, setter(transform = |ids: impl IntoIterator<Item = (&'static str, AccountId)>| {
        ids.into_iter().map(|(name, id)| (name.to_owned(), id)).collect()
    }))]
    account_ids: BTreeMap<String, AccountId>,
}

/// A group of workloads with accounts of its own, one for each stage: `plat-dev`, `plat-prod`.
#[derive(Clone, Debug)]
pub struct Tenant {
    name: String,
    stages: Vec<String>,
}

impl Tenant {
    /// A tenant with the stages `dev`, `staging` and `prod`.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), stages: Vec::new() }.stages(["dev", "staging", "prod"])
    }

    /// Other stages.
    #[must_use]
    pub fn stages<'a>(self, stages: impl IntoIterator<Item = &'a str>) -> Self {
        Self { stages: stages.into_iter().map(str::to_owned).collect(), ..self }
    }
}

/// What an [`Accelerator`] made: typed references to everything, to be tailored.
#[derive(Clone, Debug)]
pub struct AcceleratorRef {
    /// The organization.
    pub organization: ScopeRef<Organization>,
    /// Its units.
    pub units: Units,
    /// The accounts that it has once.
    pub accounts: CoreAccounts,
    /// The tenants, in the order given.
    pub tenants: Vec<TenantRef>,
    /// What connects the networks.
    pub transit_gateway: TransitGatewayRef,
    /// Which addresses belong to whom.
    pub addresses: CidrPlanRef,
    /// What watches all accounts.
    pub security: Security,
}

impl AcceleratorRef {
    /// A stage by the names of its tenant and its own; none if there is no such.
    #[must_use]
    pub fn stage(&self, tenant: &str, stage: &str) -> Option<&StageRef> {
        let mut tenants = self.tenants.iter();
        tenants.find(|known| known.name == tenant)?.stages.iter().find(|known| known.name == stage)
    }
}

/// A tenant of an [`AcceleratorRef`].
#[derive(Clone, Debug)]
pub struct TenantRef {
    /// Its name.
    pub name: String,
    /// Its stages, in the order given.
    pub stages: Vec<StageRef>,
}

/// A stage of a tenant: an account, and what runs in it.
#[derive(Clone, Debug)]
pub struct StageRef {
    /// Its name: `prod`.
    pub name: String,
    /// The account: `plat-prod`.
    pub account: AccountRef,
    /// Its networks, one per region, in the order given.
    pub networks: Vec<NetworkRef>,
}

impl Construct for Accelerator {
    type Level = App;
    type Output = AcceleratorRef;
    fn build(self, app: &mut Scope<'_, App>) -> AcceleratorRef {
        let organization = Organization::create(self.email.clone()).management_name("core-root");
        let mut org = app.open("organization", organization);
        let units = accounts::units(&mut org);
        let core = accounts::core(&mut org, &self, units);
        let mut stages: Vec<Stage> = Vec::new();
        for tenant in &self.tenants {
            stages.extend(accounts::stages(&mut org, &self, tenant, units));
        }
        let members = [core.audit, core.security, core.network, core.artifacts];
        let workloads = stages.iter().map(|stage| stage.account);
        accounts::settings(&mut org, &self, members.into_iter().chain(workloads));
        let security = security::watch(&mut org, &self, core);
        let plan = network::plan(&mut org, &self, core, &stages);
        let organization = org.reference();

        let networks = network::networks(app, &self, &plan, &stages);
        AcceleratorRef { organization, units, accounts: core, security, .. }
    }
}
