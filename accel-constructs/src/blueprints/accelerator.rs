use std::collections::BTreeMap;

use accel_core::{AccountId, AccountRef, App, Construct, Email, Region, Scope, ScopeRef, Text};
use typed_builder::TypedBuilder;

use crate::foundation::{DelegatedZoneRef, Organization};

mod accounts;
mod network;
mod security;

use accounts::Stage;
pub use accounts::{CoreAccounts, Units};
pub use network::{NetworkRef, SharedNetwork};
pub use security::Security;

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
    name: Text,
    stages: Vec<Text>,
}

impl Tenant {
    /// A tenant with the stages `dev`, `staging` and `prod`.
    #[must_use]
    pub fn new(name: impl Into<Text>) -> Self {
        Self { name: name.into(), stages: ["dev", "staging", "prod"].map(Text::Static).into() }
    }

    /// Other stages.
    #[must_use]
    pub fn stages(self, stages: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        Self { stages: stages.into_iter().map(Into::into).collect(), ..self }
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
    /// What watches all accounts.
    pub security: Security,
    /// What all networks share.
    pub network: SharedNetwork,
    /// The tenants, in the order given.
    pub tenants: Vec<TenantRef>,
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
    pub name: Text,
    /// Its stages, in the order given.
    pub stages: Vec<StageRef>,
}

/// A stage of a tenant: an account, and what runs in it.
#[derive(Clone, Debug)]
pub struct StageRef {
    /// Its name: `prod`.
    pub name: Text,
    /// The account: `plat-prod`.
    pub account: AccountRef,
    /// Its part of the domain, `prod.plat.example.com`, with a certificate in each region.
    pub zone: DelegatedZoneRef,
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
        let stages = accounts::stages(&mut org, &self, units);
        accounts::settings(&mut org, &self, core, &stages);
        let security = security::watch(&mut org, &self, core);
        let network = network::shared(&mut org, &self, core, &stages);
        let zones = network::zones(&mut org, &self, &network, &stages);
        let organization = org.reference();

        let mut tenants: Vec<TenantRef> = Vec::new();
        for (stage, zone) in stages.into_iter().zip(zones) {
            let networks = network::networks(app, &self, &network, &stage);
            let Stage { tenant, name, account } = stage;
            let stage = StageRef { name, account, zone, networks };
            match tenants.last_mut().filter(|last| last.name == tenant) {
                Some(last) => last.stages.push(stage),
                None => tenants.push(TenantRef { name: tenant, stages: vec![stage] }),
            }
        }
        AcceleratorRef { organization, units, accounts: core, security, network, tenants }
    }
}

impl Accelerator {
    /// Where what there is once is.
    fn home(&self) -> Region {
        self.regions.first().copied().unwrap_or(Region::US_EAST_1)
    }
}
