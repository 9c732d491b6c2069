use std::collections::BTreeMap;

use accel_core::{
    AccountId, AccountRef, App, Construct, Diagnostic, Email, Region, Scope, ScopeRef, Text,
    policy::PolicyProfile,
};
use typed_builder::TypedBuilder;

use super::codes::ACCELERATOR_STAGES;
use crate::{
    foundation::{DelegatedZoneRef, Organization, OrganizationScope as _},
    release::Repository,
    security::{ComplianceReport, cis_aws_foundations_5},
    sre::incident::Backend,
};

mod accounts;
mod network;
mod people;
mod platform;
mod release;
mod security;
mod sre;

pub use accounts::{CoreAccounts, Units};
pub use network::{NetworkRef, SharedNetwork};
pub use people::People;
pub use platform::{EcsPlatform, EksPlatform, Platform, PlatformRef};
pub use release::{Access, Service, ServiceRef};
pub use security::Security;
pub use sre::Observability;

/// The reference architecture, all five pillars of it: an organization with its accounts, networks,
/// platforms, pipelines, alerts and guardrails, from about fifteen lines.
///
/// Off the rack it follows its defaults, which stand in one table in `docs/accelerator.md`. It is
/// tailored in three ways: by the fields of this struct, through the typed references in what it gives
/// back, and by adding to the scopes that it opened.
///
/// ```
/// use accel_constructs::{
///     blueprints::{Accelerator, Tenant},
///     release::Repository,
/// };
/// use accel_core::{App, Region, email};
///
/// let mut app = App::new("acme");
/// let suit = Accelerator::builder()
///     .email(email!("aws@example.com"))
///     .domain("example.com")
///     .regions([Region::US_EAST_1, Region::US_WEST_2])
///     .tenants([Tenant::new("plat")])
///     .repository(Repository::new("acme/infrastructure"))
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
    /// The repository that this program is in. Repositories of services have the same owner.
    repository: Repository,
    /// What the stages of all tenants have, besides what their services need.
    #[builder(default = vec![Platform::Eks], setter(transform = |platforms: impl IntoIterator<Item = Platform>| {
        platforms.into_iter().collect()
    }))]
    platforms: Vec<Platform>,
    /// What teams build and run, in the accounts of the first tenant.
    #[builder(default, setter(transform = |services: impl IntoIterator<Item = Service>| {
        services.into_iter().collect()
    }))]
    services: Vec<Service>,
    /// The addresses of the people who take turns in being called; nobody is called if there are none.
    #[builder(default, setter(transform = |people: impl IntoIterator<Item = Email>| {
        people.into_iter().collect()
    }))]
    on_call: Vec<Email>,
    /// The product that calls them.
    #[builder(default = Backend::DatadogOnCall)]
    incident_backend: Backend,
    /// The version of Kubernetes.
    #[builder(default = Text::Static("1.34"), setter(into))]
    kubernetes_version: Text,
    /// What each account may cost in a month before the management account's address hears of it.
    #[builder(default = 1000)]
    monthly_budget_usd: u32,
    /// Which limits of AWS the guardrails keep to. They take all policies that a unit has by them: attach your
    /// own to the root or to accounts, or take the raised limits and a number of your own.
    #[builder(default)]
    policy_profile: PolicyProfile,
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
    /// What watches all accounts, and what nobody may do.
    pub security: Security,
    /// What all networks share.
    pub network: SharedNetwork,
    /// How people get into accounts.
    pub people: People,
    /// How this program's own repository gets into accounts.
    pub access: Access,
    /// This program's own repository.
    pub infrastructure: ScopeRef<Repository>,
    /// The tenants, in the order given.
    pub tenants: Vec<TenantRef>,
    /// The services, in the order given.
    pub services: Vec<ServiceRef>,
    /// What watches the systems, and who is called.
    pub observability: Observability,
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
    /// The account.
    pub account: AccountRef,
    /// What the account is called: `plat-prod`.
    pub account_name: Text,
    /// Its part of the domain, `prod.plat.example.com`, with a certificate in each region.
    pub zone: DelegatedZoneRef,
    /// Its networks, one per region, in the order given.
    pub networks: Vec<NetworkRef>,
    /// Whether it is the last of its tenant's.
    pub is_production: bool,
    /// What workloads run on, in the home region.
    pub platforms: PlatformRef,
}

impl StageRef {
    /// Where a service of that name is reached: `shop.prod.plat.example.com`.
    fn host(&self, service: &str) -> String {
        format!("{service}.{}", self.zone.domain)
    }
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
        let security = security::security(&mut org, &self, core, units, &stages);
        let network = network::shared(&mut org, &self, core, &stages);
        let zones = network::zones(&mut org, &self, &network, &stages);
        sre::role(&mut org);
        let access = release::access(&mut org, &self, &stages);
        let people = people::people(&mut org, core, &stages);
        let (organization, organization_id) = (org.reference(), org.organization_id());

        let mut tenants: Vec<TenantRef> = Vec::new();
        for (stage, zone) in stages.into_iter().zip(zones) {
            let networks = network::networks(app, &self, &network, &security, &stage);
            let platforms = platform::platforms(app, &self, &stage, &zone, &networks, &access);
            let account_name = stage.id().into();
            let accounts::Stage { tenant, name, account } = stage;
            let is_production = self.is_last(&tenant, &name);
            let stage =
                StageRef { name, account, account_name, zone, networks, is_production, platforms };
            match tenants.last_mut().filter(|last| last.name == tenant) {
                Some(last) => last.stages.push(stage),
                None => tenants.push(TenantRef { name: tenant, stages: vec![stage] }),
            }
        }

        let stages: Vec<&StageRef> = tenants.iter().flat_map(|tenant| &tenant.stages).collect();
        let infrastructure = release::infrastructure(app, &self, core, &access, &stages);
        let mut services = Vec::new();
        self.check(app);
        if let Some(stages) = tenants.first().and_then(TenantRef::way_to_production) {
            let artifacts = core.artifacts;
            let around = release::Around {
                suit: &self,
                artifacts,
                organization_id,
                access: &access,
                stages,
            };
            for (number, service) in (100..).zip(&self.services) {
                services.push(around.service(app, number, service));
            }
        }
        let observability = sre::observability(app, &self, &tenants, &services);
        let cis = cis_aws_foundations_5(self.regions.iter().copied());
        app.add("compliance", ComplianceReport::builder().frameworks([cis]).build());
        AcceleratorRef {
            organization,
            units,
            accounts: core,
            security,
            network,
            people,
            access,
            infrastructure,
            tenants,
            services,
            observability,
        }
    }
}

impl TenantRef {
    /// The stages that a service passes through: the first is for development, the last is production,
    /// and the one before it is where a release is tried.
    fn way_to_production(&self) -> Option<[&StageRef; 3]> {
        let [first, .., before, last] = &self.stages[..] else { return None };
        Some([first, before, last])
    }
}

impl Accelerator {
    /// Services go from development over staging to production, so somebody must have these.
    fn check(&self, app: &mut Scope<'_, App>) {
        let stages = self.tenants.first().map_or(0, |tenant| tenant.stages.len());
        if self.services.is_empty() || stages >= 3 {
            return;
        }
        let message = format!(
            "`{}` has {} services, and its first tenant {stages} stages",
            app.path(),
            self.services.len()
        );
        let diagnostic = Diagnostic::error(&ACCELERATOR_STAGES, message, app.location());
        app.report(
            diagnostic
                .allowed("at least three stages of the first tenant: development, staging, production")
                .help("`Tenant::new(\"plat\")` has these; name services in another way to production with the workflow sets themselves"),
        );
    }

    /// Where what there is once is.
    fn home(&self) -> Region {
        self.regions.first().copied().unwrap_or(Region::US_EAST_1)
    }

    /// Whether the stage is the last of its tenant's.
    fn is_last(&self, tenant: &str, stage: &str) -> bool {
        let tenant = self.tenants.iter().find(|known| &*known.name == tenant);
        tenant.and_then(|tenant| tenant.stages.last()).is_some_and(|last| &**last == stage)
    }

    /// Whether stages have the platform: because it was asked for, or because a service runs on it.
    fn has(&self, platform: Platform) -> bool {
        self.platforms.contains(&platform)
            || self.services.iter().any(|service| service.runs_on(platform))
    }

    /// The repository `name` of whoever owns this program's own.
    fn sibling(&self, name: &str) -> String {
        format!("{}/{name}", self.owner())
    }

    /// The organization at GitHub of this program's own repository.
    fn owner(&self) -> &str {
        self.repository.slug().split('/').next().unwrap_or_default()
    }
}
