use std::fmt;

use accel_core::{
    AccountRef, Call, Construct, Environment, Object, Prop, Protocol, Read, Scope, Step, StepRef,
    Text, tree::NodeId,
};

use super::{
    Organization, OrganizationScope as _,
    organization::{first_step, shared},
};

mod account;
mod organizations;
mod services;

pub use account::{AlternateContact, ContactKind, PasswordPolicy};
pub use services::AutoEnable;

/// A setting of the organization, or of one of its accounts, that CloudFormation cannot express: one
/// row of the table of steps.
///
/// ```
/// use accel_constructs::foundation::{Organization, OrganizationStep};
/// use accel_core::{AccountRef, Region, Scope};
///
/// fn encrypt_disks(org: &mut Scope<'_, Organization>, account: AccountRef) {
///     for region in [Region::EU_WEST_1, Region::US_EAST_1] {
///         let step = OrganizationStep::ebs_encryption(account.in_region(region));
///         org.add(&format!("disks-{}", region.name()), step);
///     }
/// }
/// ```
///
/// Each row knows what it sends, how to see whether it holds already, and how to take it back, so that
/// the deployer knows no service. Rows that several constructs need (policy types, trusted access,
/// delegated administrators) are methods of [`OrganizationScope`](super::OrganizationScope).
#[derive(Clone, Debug)]
pub struct OrganizationStep {
    kind: Kind,
    place: Place,
    setting: Text,
    call: Call,
    read: Read,
    inverse: Option<Call>,
    prerequisites: Vec<Text>,
    /// The service that must be allowed to act in all accounts before.
    trusted: Option<&'static str>,
    after: Vec<NodeId>,
}

macro_rules! kinds {
    ($($kind:ident $name:literal;)+) => {
        /// The rows of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Kind {$($kind),+}

        impl Kind {
            const fn name(self) -> &'static str {
                match self {$(Self::$kind => $name),+}
            }
        }

        impl OrganizationStep {
            /// The kinds of steps there are, as `organization/steps.json` names them.
            pub const KINDS: &[&str] = &[$($name),+];
        }
    };
}
kinds! {
    AccountAlias "account-alias";
    Account "account";
    AccountTags "account-tags";
    AccountUnit "account-unit";
    AllFeatures "all-features";
    AlternateContact "alternate-contact";
    AuditManagerAccount "audit-manager-account";
    AuditManagerAdministrator "audit-manager-administrator";
    DelegatedAdministrator "delegated-administrator";
    EbsEncryption "ebs-encryption";
    GuardDutyAdministrator "guardduty-administrator";
    GuardDutyConfiguration "guardduty-configuration";
    InspectorAdministrator "inspector-administrator";
    MacieAdministrator "macie-administrator";
    MacieConfiguration "macie-configuration";
    MacieDiscovery "macie-discovery";
    MacieMember "macie-member";
    OptInRegion "opt-in-region";
    Organization "organization";
    OrganizationalUnit "organizational-unit";
    PasswordPolicy "password-policy";
    PolicyType "policy-type";
    ResourceSharing "resource-sharing";
    RootCredentialsManagement "root-credentials-management";
    RootSessions "root-sessions";
    S3PublicAccessBlock "s3-public-access-block";
    StackSetAccess "stack-set-access";
    SsmPublicSharingBlock "ssm-public-sharing-block";
    TrustedAccess "trusted-access";
}

/// Where a step runs.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// In the management account, where AWS Organizations answers.
    Home,
    /// In an account, for what it has once and not per region.
    Account(AccountRef),
    /// In one region of an account.
    Region(Environment),
}

impl OrganizationStep {
    fn new(kind: Kind, place: Place, call: Call, read: Read) -> Self {
        Self {
            kind,
            place,
            setting: Text::Static(kind.name()),
            call,
            read,
            inverse: None,
            prerequisites: Vec::new(),
            trusted: None,
            after: Vec::new(),
        }
    }

    /// Owns one of several settings of its kind.
    fn of(self, one: impl fmt::Display) -> Self {
        Self { setting: format!("{}/{one}", self.setting).into(), ..self }
    }

    fn inverse(self, call: Call) -> Self {
        Self { inverse: Some(call), ..self }
    }

    fn prerequisite(mut self, text: &'static str) -> Self {
        self.prerequisites.push(Text::Static(text));
        self
    }

    const fn trusted(mut self, principal: &'static str) -> Self {
        self.trusted = Some(principal);
        self
    }

    /// Waits for a stack, a stack set or another step, where no value says so.
    #[must_use]
    pub fn after(mut self, other: impl Into<NodeId>) -> Self {
        self.after.push(other.into());
        self
    }

    /// What the step owns in its account and region. Two steps that own the same are a diagnostic.
    #[must_use]
    pub fn setting(&self) -> Text {
        self.setting.clone()
    }
}

impl Construct for OrganizationStep {
    type Level = Organization;
    type Output = StepRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> StepRef {
        let (account, region) = match self.place {
            Place::Home => (org.management(), org.home_region()),
            Place::Account(account) => (account, org.home_region()),
            Place::Region(Environment { account, region }) => (account, region),
        };
        let trusted = self.trusted.map(|principal| shared(org, Self::trusted_access(principal)));
        let first = first_step(org);
        let step = org.step(Step {
            kind: self.kind.name(),
            account,
            region,
            setting: self.setting,
            call: Some(self.call),
            read: self.read,
            inverse: self.inverse,
            prerequisites: self.prerequisites,
        });
        first.into_iter().chain(trusted).for_each(|step| org.after(step));
        self.after.into_iter().for_each(|node| org.after(node));
        step
    }
}

/// A service's API: what its calls have in common.
#[derive(Clone, Copy)]
struct Api {
    service: &'static str,
    protocol: Protocol,
}

impl Api {
    fn call<const N: usize>(
        self,
        action: &'static str,
        request: [(&'static str, Prop); N],
    ) -> Call {
        let Self { service, protocol } = self;
        Call { service, action, protocol, request: request.into_iter().collect() }
    }
}

/// A service whose requests are REST with JSON.
fn rest<const N: usize>(
    service: &'static str,
    action: &'static str,
    (method, path): (&'static str, &'static str),
    request: [(&'static str, Prop); N],
) -> Call {
    Api { service, protocol: Protocol::RestJson { method, path } }.call(action, request)
}

/// How to see that `pointer` in the reply to `call` is as expected.
fn read<const N: usize>(
    call: Call,
    pointer: &'static str,
    expect: [(&'static str, Prop); N],
) -> Read {
    let expect = expect.into_iter().collect::<Object>();
    let (results, found) = (Vec::new(), Vec::new());
    Read { call, absent: &[], pointer, expect, results, prefix: "", found }
}
