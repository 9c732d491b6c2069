use accel_cfn::organizations;
use accel_core::{
    AccountRef, Const, Construct, IntoValue, Json, OuRef, PolicyDocument, Reference as _, Scope,
    Text, Value, policy::PolicyProfile,
};
use typed_builder::TypedBuilder;

use super::{Organization, OrganizationScope as _, organization::queue_policy};

mod management;

pub use management::{AiServicesOptOut, TagPolicy, TagRule};

/// A service control policy: the most that principals of the accounts below its targets may do, whatever
/// their own policies allow. It never binds the management account.
///
/// ```
/// use accel_constructs::foundation::{Organization, OrganizationScope, ServiceControlPolicy};
/// use accel_core::{PolicyDocument, Scope, actions, policy::Statement};
///
/// fn stay(org: &mut Scope<'_, Organization>) {
///     let leave = Statement::deny(actions!["organizations:LeaveOrganization"]).resource("*");
///     let policy = ServiceControlPolicy::builder()
///         .document(PolicyDocument::from([leave]))
///         .targets([org.root()])
///         .build();
///     org.add("deny-leaving", policy);
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct ServiceControlPolicy {
    /// What it says. Besides what it allows or denies, AWS attaches a policy that allows everything to
    /// every target, so most only deny.
    document: PolicyDocument,
    /// What it is attached to: the root, units, accounts.
    #[builder(setter(transform = |targets: impl IntoIterator<Item = impl Into<PolicyTarget>>| {
        targets.into_iter().map(Into::into).collect()
    }))]
    targets: Vec<PolicyTarget>,
    /// What people see; the construct's id if not said. Unique among the policies of its type.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
    /// A word on why; at most 512 characters.
    #[builder(default, setter(into, strip_option))]
    description: Option<Text>,
    /// Which limits of AWS it keeps to.
    #[builder(default)]
    profile: PolicyProfile,
}

impl Construct for ServiceControlPolicy {
    type Level = Organization;
    type Output = organizations::PolicyRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> organizations::PolicyRef {
        let policy = OrganizationPolicy {
            policy_type: PolicyType::ServiceControl,
            content: self.document.into_value(),
            targets: self.targets,
            name: self.name,
            description: self.description,
            profile: self.profile,
        };
        policy.build(org)
    }
}

/// A policy of AWS Organizations, of any type: what it says is written as its type wants it.
///
/// ```
/// use accel_constructs::foundation::{
///     Organization, OrganizationPolicy, OrganizationScope, PolicyType,
/// };
/// use accel_core::{Prop, Scope};
///
/// fn keep_content_to_ourselves(org: &mut Scope<'_, Organization>) {
///     let opt_out = Prop::object([("opt_out_policy", Prop::object([("@@assign", "optOut")]))]);
///     let policy = OrganizationPolicy::builder()
///         .policy_type(PolicyType::AiServicesOptOut)
///         .content(Prop::object([("services", Prop::object([("default", opt_out)]))]))
///         .targets([org.root()])
///         .build();
///     org.add("ai-opt-out", policy);
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct OrganizationPolicy {
    /// Of which type; switched on before.
    policy_type: PolicyType,
    /// What it says.
    #[builder(setter(transform = |content: impl IntoValue<Json>| content.into_value()))]
    content: Value<Json>,
    /// What it is attached to: the root, units, accounts.
    #[builder(setter(transform = |targets: impl IntoIterator<Item = impl Into<PolicyTarget>>| {
        targets.into_iter().map(Into::into).collect()
    }))]
    targets: Vec<PolicyTarget>,
    /// What people see; the construct's id if not said. Unique among the policies of its type.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
    /// A word on why; at most 512 characters.
    #[builder(default, setter(into, strip_option))]
    description: Option<Text>,
    /// Which limits of AWS it keeps to.
    #[builder(default)]
    profile: PolicyProfile,
}

impl Construct for OrganizationPolicy {
    type Level = Organization;
    type Output = organizations::PolicyRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> organizations::PolicyRef {
        let name = self.name.unwrap_or_else(|| org.id().into());
        let enabled = org.policy_type(self.policy_type);
        let targets: Vec<_> = self.targets.into_iter().map(|PolicyTarget(id)| id).collect();
        let kind = Const::<organizations::policy::Type>::new(self.policy_type.name());
        let mut policy = organizations::Policy::new(self.content, name, kind).target_ids(targets);
        if let Some(description) = self.description {
            policy = policy.description(description);
        }
        let mut home = org.home();
        home.after(enabled);
        let policy = home.add("policy", policy);
        home[policy].policy_profile(self.profile);
        if let Some(previous) = queue_policy(org, policy.handle()) {
            org.home()[policy].depends_on(previous);
        }
        policy
    }
}

/// What a policy of the organization is attached to: the root, a unit or an account.
#[derive(Clone, Debug)]
pub struct PolicyTarget(Value<String>);

impl From<OuRef> for PolicyTarget {
    fn from(unit: OuRef) -> Self {
        Self(unit.id().into_value())
    }
}

impl From<AccountRef> for PolicyTarget {
    fn from(account: AccountRef) -> Self {
        Self(account.id().into_value())
    }
}

/// A kind of policy of AWS Organizations. Each is switched on before the first of its kind is made.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnablePolicyType.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyType {
    /// The most that principals of an account may do.
    ServiceControl,
    /// The most that may be done to resources of an account.
    ResourceControl,
    /// What tags must be like.
    Tag,
    /// What is backed up.
    Backup,
    /// Which AI services may learn from content.
    AiServicesOptOut,
    /// Which chat clients may be used.
    Chatbot,
    /// Settings of EC2 that nobody can change back.
    DeclarativeEc2,
    /// AWS Security Hub.
    SecurityHub,
    /// Amazon Inspector.
    Inspector,
    /// Upgrades of databases.
    UpgradeRollout,
    /// Amazon Bedrock.
    Bedrock,
    /// Amazon S3.
    S3,
    /// The network security director.
    NetworkSecurityDirector,
    /// AWS Security Hub CSPM; not made by CloudFormation.
    SecurityHubCspm,
    /// Amazon GuardDuty; not made by CloudFormation.
    GuardDuty,
}

impl PolicyType {
    /// As AWS Organizations writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ServiceControl => "SERVICE_CONTROL_POLICY",
            Self::ResourceControl => "RESOURCE_CONTROL_POLICY",
            Self::Tag => "TAG_POLICY",
            Self::Backup => "BACKUP_POLICY",
            Self::AiServicesOptOut => "AISERVICES_OPT_OUT_POLICY",
            Self::Chatbot => "CHATBOT_POLICY",
            Self::DeclarativeEc2 => "DECLARATIVE_POLICY_EC2",
            Self::SecurityHub => "SECURITYHUB_POLICY",
            Self::Inspector => "INSPECTOR_POLICY",
            Self::UpgradeRollout => "UPGRADE_ROLLOUT_POLICY",
            Self::Bedrock => "BEDROCK_POLICY",
            Self::S3 => "S3_POLICY",
            Self::NetworkSecurityDirector => "NETWORK_SECURITY_DIRECTOR_POLICY",
            Self::SecurityHubCspm => "SECURITYHUB_CSPM_POLICY",
            Self::GuardDuty => "GUARDDUTY_POLICY",
        }
    }
}
