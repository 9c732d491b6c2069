use std::collections::BTreeMap;

use accel_core::{
    AccountId, AccountInfo, AccountRef, App, Attr, Email, Handle, Level, OuRef, Region, Scope,
    ScopeRef, Stack, StackSet, StepRef, Text, Within,
};

use super::{OrganizationStep, PolicyType, registry::Registry};

/// An organization of AWS accounts, and the level at which its units, accounts and policies live.
///
/// Opening it declares the account that manages it, and the steps that make the organization with all
/// features or find that it is there already. What an organization has as CloudFormation resources (its
/// policies, its trail) is in one stack of the management account, its *home*, which
/// [`OrganizationScope::home`] opens.
///
/// ```
/// use accel_constructs::foundation::{Account, Organization, OrganizationalUnit};
/// use accel_core::{App, email};
///
/// let mut app = App::new("acme");
/// let mut org = app.open("organization", Organization::create(email!("aws@example.com")));
/// let workloads = org.add("workloads", OrganizationalUnit::builder().build());
/// let prod = Account::builder().email(email!("aws+prod@example.com")).unit(workloads).build();
/// let prod = org.add("prod", prod);
/// ```
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_introduction.html>
#[derive(Clone, Debug)]
pub struct Organization {
    management: AccountInfo,
    management_name: Text,
    home_region: Region,
    opened: Option<Opened>,
}

/// What an organization has once it is open.
#[derive(Clone, Debug)]
struct Opened {
    place: ScopeRef<Organization>,
    management: AccountRef,
    home: Option<ScopeRef<Stack>>,
    organization: StepRef,
    all_features: StepRef,
    /// Steps that several constructs need, by what they own: each is made once.
    shared: BTreeMap<Text, StepRef>,
    last_policy: Option<Handle>,
    /// What is unique in the organization, to tell when it is given twice.
    registry: Registry,
}

impl Organization {
    /// An organization that is made by the deployer, with the credentials of the account that will
    /// manage it. `email` is the address of that account.
    #[must_use]
    pub fn create(email: Email) -> Self {
        Self::managed_by(AccountInfo { email: Some(email), ..AccountInfo::default() })
    }

    /// An organization that exists already and is managed by the account `id`.
    #[must_use]
    pub fn adopt(id: AccountId) -> Self {
        Self::managed_by(AccountInfo { id: Some(id), ..AccountInfo::default() })
    }

    fn managed_by(management: AccountInfo) -> Self {
        Self {
            management: AccountInfo { is_management: true, ..management },
            management_name: Text::Static("management"),
            home_region: Region::US_EAST_1,
            opened: None,
        }
    }

    /// What the management account is called in paths; `management` if not said.
    #[must_use]
    pub fn management_name(self, name: impl Into<Text>) -> Self {
        Self { management_name: name.into(), ..self }
    }

    /// Where AWS Organizations answers and the home stack is; `us-east-1` if not said, which is right
    /// in the partition `aws`. Another partition has another: `cn-northwest-1`, `us-gov-west-1`.
    #[must_use]
    pub const fn home_region(mut self, region: Region) -> Self {
        self.home_region = region;
        self
    }
}

impl Level for Organization {
    fn opened(org: &mut Scope<'_, Self>) {
        let Some(Self { management, management_name, .. }) = org.level().cloned() else { return };
        let mut registry = Registry::default();
        if let Some(email) = &management.email {
            let line = org.location();
            // The first one is nobody else's.
            let _: Option<_> = registry.email(email, &management_name, line);
        }
        let management = org.declare_account_as(&management_name, management);
        let organization = org.add("organization", OrganizationStep::organization(management));
        let all_features = OrganizationStep::all_features(management).after(organization);
        let all_features = org.add("all-features", all_features);
        let opened = Opened {
            place: org.reference(),
            management,
            home: None,
            organization,
            all_features,
            shared: BTreeMap::new(),
            last_policy: None,
            registry,
        };
        if let Some(level) = org.level_mut() {
            level.opened = Some(opened);
        }
    }
}

impl Within<App> for Organization {}
impl Within<Organization> for Stack {}
impl Within<Organization> for StackSet {}

/// What a scope of an [`Organization`] can do besides adding and opening.
pub trait OrganizationScope {
    /// The account that manages the organization.
    fn management(&self) -> AccountRef;

    /// Where AWS Organizations answers; see [`Organization::home_region`].
    fn home_region(&self) -> Region;

    /// The organization's own stack, in the management account and the home region. A construct gets
    /// its own place in it, under the ids it has in the organization.
    fn home(&mut self) -> Scope<'_, Stack>;

    /// The root: the unit that everything is below.
    fn root(&self) -> OuRef;

    /// The organization's id, `o-...`; known once the organization exists.
    fn organization_id(&self) -> Attr<String>;

    /// The organization's ARN; known once the organization exists.
    fn organization_arn(&self) -> Attr<String>;

    /// Lets policies of a type be used. The step is made once, however often it is asked for.
    fn policy_type(&mut self, policy_type: PolicyType) -> StepRef;

    /// Lets the service `principal` (`guardduty.amazonaws.com`) act in all accounts. The step is made
    /// once, however often it is asked for.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html>
    fn trusted_access(&mut self, principal: &str) -> StepRef;

    /// Lets AWS Resource Access Manager share with the organization without inviting each account. The
    /// step is made once, however often it is asked for.
    fn resource_sharing(&mut self) -> StepRef;

    /// Lets stack sets reach the accounts of the organization. The step is made once, however often it
    /// is asked for.
    fn stack_set_access(&mut self) -> StepRef;

    /// Lets `account` administer the service `principal` for the whole organization; includes its
    /// trusted access. The step is made once, however often it is asked for.
    ///
    /// Some services, such as GuardDuty, have their own step for this, which does it too.
    fn delegated_administrator(&mut self, principal: &str, account: AccountRef) -> StepRef;
}

impl OrganizationScope for Scope<'_, Organization> {
    fn management(&self) -> AccountRef {
        opened(self).map_or(self.no_account(), |opened| opened.management)
    }

    fn home_region(&self) -> Region {
        self.level().map_or(Region::US_EAST_1, |level| level.home_region)
    }

    fn home(&mut self) -> Scope<'_, Stack> {
        let home = match opened(self).and_then(|opened| opened.home) {
            Some(home) => home,
            None => open_home(self),
        };
        self.continue_in(home)
    }

    fn root(&self) -> OuRef {
        let organization = opened(self).map_or(self.no_step(), |opened| opened.organization);
        OuRef::new(organization.result("RootId"))
    }

    fn organization_id(&self) -> Attr<String> {
        let all_features = opened(self).map_or(self.no_step(), |opened| opened.all_features);
        all_features.result("Id")
    }

    fn organization_arn(&self) -> Attr<String> {
        let all_features = opened(self).map_or(self.no_step(), |opened| opened.all_features);
        all_features.result("Arn")
    }

    fn policy_type(&mut self, policy_type: PolicyType) -> StepRef {
        let root = self.root();
        shared(self, OrganizationStep::policy_type(root, policy_type))
    }

    fn trusted_access(&mut self, principal: &str) -> StepRef {
        shared(self, OrganizationStep::trusted_access(principal))
    }

    fn resource_sharing(&mut self) -> StepRef {
        shared(self, OrganizationStep::resource_sharing())
    }

    fn stack_set_access(&mut self) -> StepRef {
        shared(self, OrganizationStep::stack_set_access())
    }

    fn delegated_administrator(&mut self, principal: &str, account: AccountRef) -> StepRef {
        let name = self.tree().account_name(account).to_owned();
        let trusted = self.trusted_access(principal);
        let step = OrganizationStep::delegated_administrator(principal, account, &name);
        shared(self, step.after(trusted))
    }
}

/// None only in a scope of another app, which is a diagnostic already.
fn opened<'a>(org: &'a Scope<'_, Organization>) -> Option<&'a Opened> {
    org.level()?.opened.as_ref()
}

fn opened_mut<'a>(org: &'a mut Scope<'_, Organization>) -> Option<&'a mut Opened> {
    org.level_mut()?.opened.as_mut()
}

/// Opened on first use, so that an organization with nothing in it has no empty stack.
fn open_home(org: &mut Scope<'_, Organization>) -> ScopeRef<Stack> {
    let stack = Stack::new(org.management().in_region(org.home_region()));
    let home = match opened(org).map(|opened| opened.place) {
        Some(place) => org.reopen(place).open("home", stack).reference(),
        None => org.open("home", stack).reference(),
    };
    if let Some(opened) = opened_mut(org) {
        opened.home = Some(home);
    }
    home
}

/// The step that owns what `step` owns; made on first use, directly below the organization.
pub(super) fn shared(org: &mut Scope<'_, Organization>, step: OrganizationStep) -> StepRef {
    let Some(Opened { place, shared, .. }) = opened(org) else { return org.no_step() };
    let (place, setting) = (*place, step.setting());
    if let Some(step) = shared.get(&setting) {
        return *step;
    }
    let step = org.reopen(place).add(&setting.replace('/', "-"), step);
    if let Some(opened) = opened_mut(org) {
        opened.shared.insert(setting, step);
    }
    step
}

/// The policy to wait for before the next one is made, which is `next`: AWS Organizations takes one
/// change at a time.
pub(super) fn queue_policy(org: &mut Scope<'_, Organization>, next: Handle) -> Option<Handle> {
    opened_mut(org)?.last_policy.replace(next)
}

/// The step that makes the organization: every other step waits for it.
pub(super) fn first_step(org: &Scope<'_, Organization>) -> Option<StepRef> {
    opened(org).map(|opened| opened.all_features)
}

/// None only in a scope of another app, which is a diagnostic already.
pub(super) fn registry<'a>(org: &'a mut Scope<'_, Organization>) -> Option<&'a mut Registry> {
    Some(&mut opened_mut(org)?.registry)
}
