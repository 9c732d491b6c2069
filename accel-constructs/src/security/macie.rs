use accel_cfn::macie::{self, session};
use accel_core::{
    AccountRef, Construct, Diagnostic, Email, Region, Scope, ScopeRef, Stack, StepRef, Text,
    tree::Kind,
};
use typed_builder::TypedBuilder;

use super::{codes, delegation};
use crate::foundation::{AutoEnable, Organization, OrganizationScope as _, OrganizationStep};

/// Amazon Macie for the whole organization, administered by one account.
///
/// Per region, in this order: the administrator's session, in a stack of its own; the administrator is
/// named, which would switch Macie on there if nobody had; Macie is switched on in accounts that join,
/// and in the `members` that are there already. All but the session are steps, because CloudFormation
/// has no resource for them.
///
/// ```
/// use accel_constructs::{foundation::Organization, security::Macie};
/// use accel_core::{AccountRef, Scope};
///
/// fn look_for_secrets(org: &mut Scope<'_, Organization>, security: AccountRef, prod: AccountRef) {
///     org.add("macie", Macie::builder().administrator(security).members([prod]).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/macie/latest/user/accounts-mgmt-ao.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct Macie {
    /// The account that sees all findings.
    administrator: AccountRef,
    /// Where; the organization's home region if not said.
    #[builder(default, setter(transform = |regions: impl IntoIterator<Item = Region>| {
        Some(regions.into_iter().collect())
    }))]
    regions: Option<Vec<Region>>,
    /// Accounts of the organization that are looked at although they joined before. Those that join
    /// later are anyway.
    #[builder(default, setter(transform = |members: impl IntoIterator<Item = AccountRef>| {
        members.into_iter().collect()
    }))]
    members: Vec<AccountRef>,
    /// Whether samples of all buckets are looked at every day, and of which accounts. Off by default:
    /// it is paid per bucket and per byte.
    #[builder(default, setter(strip_option))]
    automated_discovery: Option<AutoEnable>,
}

/// What a [`Macie`] gives back.
#[derive(Clone, Debug)]
pub struct MacieRef {
    /// One per region, in the order given.
    pub sessions: Vec<RegionalSession>,
}

/// The administrator's side of [`Macie`] in one region.
#[derive(Clone, Copy, Debug)]
pub struct RegionalSession {
    /// Where.
    pub region: Region,
    /// The stack, for allow lists, custom data identifiers and filters.
    pub stack: ScopeRef<Stack>,
    /// The L1 resource.
    pub resource: macie::SessionRef,
    /// The step after which accounts that join are looked at.
    pub configured: StepRef,
}

impl Construct for Macie {
    type Level = Organization;
    type Output = MacieRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> MacieRef {
        let regions = delegation::regions(org, NAME, self.regions.as_deref());
        let setting = "macie-administrator";
        delegation::one_administrator(org, NAME, setting, self.administrator, &regions);
        let members: Vec<_> =
            self.members.iter().filter_map(|&member| self.member(org, member)).collect();
        let sessions = regions.into_iter().map(|region| self.in_region(org, region, &members));
        MacieRef { sessions: sessions.collect() }
    }
}

const NAME: &str = "Macie";

/// An account that is invited by id and address.
struct Member {
    account: AccountRef,
    name: Text,
    email: Email,
}

impl Macie {
    fn in_region(
        &self,
        org: &mut Scope<'_, Organization>,
        region: Region,
        members: &[Member],
    ) -> RegionalSession {
        let (management, environment) = (org.management(), self.administrator.in_region(region));
        let mut stack = org.open("session", Stack::new(environment));
        let session = macie::Session::new()
            .status(session::Status::ENABLED)
            .finding_publishing_frequency(session::FindingPublishingFrequency::FIFTEEN_MINUTES);
        let resource = stack.add("session", session);
        let stack = stack.reference();

        let named = OrganizationStep::macie_administrator(management, region, self.administrator);
        let named = org.add(&format!("administrator-{region}"), named.after(stack));
        let configured = OrganizationStep::macie_configuration(environment).after(named);
        let configured = org.add(&format!("configuration-{region}"), configured);
        for Member { account, name, email } in members {
            let step = OrganizationStep::macie_member(environment, *account, name, email);
            org.add(&format!("member-{name}-{region}"), step.after(configured));
        }
        if let Some(members) = self.automated_discovery {
            let step = OrganizationStep::macie_discovery(environment, members).after(configured);
            org.add(&format!("discovery-{region}"), step);
        }
        RegionalSession { region, stack, resource, configured }
    }

    /// None for the administrator itself, which has its session, and for what was reported.
    fn member(&self, org: &mut Scope<'_, Organization>, account: AccountRef) -> Option<Member> {
        let node = org.tree().get(account.node())?;
        let Kind::Account(info) = node.kind() else { return None };
        if account == self.administrator {
            return None;
        }
        let name = Text::from(node.id());
        if let Some(email) = info.email.clone() {
            return Some(Member { account, name, email });
        }
        let message =
            format!("`{}` has the member `{name}`, whose address is not known", org.path());
        let diagnostic = Diagnostic::error(&codes::MEMBER_WITHOUT_EMAIL, message, org.location())
            .allowed("accounts with an address")
            .help("give the account its `email`, or leave it out of `members`");
        org.report(diagnostic);
        None
    }
}
