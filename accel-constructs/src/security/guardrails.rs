use std::collections::BTreeMap;

use accel_cfn::organizations::PolicyRef;
use accel_core::{
    Construct, Prop, Scope, Text,
    policy::{GuardrailProbes, PolicyProfile},
};
use typed_builder::TypedBuilder;

use super::codes;
use crate::foundation::{
    Organization, OrganizationPolicy, OrganizationScope as _, PolicyTarget, PolicyType,
};

mod catalogue;
mod check;
mod combine;
mod guardrail;
mod pack;
mod schema;

use guardrail::Body;
use pack::{Item, pack};

pub use catalogue::GuardrailCatalogue;
pub use guardrail::OrganizationGuardrail;

/// Preventive guardrails on the root, on units or on accounts: what nobody may do there, whatever their
/// own policies allow.
///
/// All guardrails of one type are packed into as few policies as AWS takes of one target, and statements
/// that can be one become one. Which policy a guardrail is in follows from its id: one that is added, or
/// grows, moves no other from policy to policy, unless a policy is full; one that is added at the end never
/// does. No policy of the organization binds the management account.
///
/// ```
/// use accel_constructs::{
///     foundation::{Organization, OrganizationScope},
///     security::{Guardrails, OrganizationGuardrail},
/// };
/// use accel_core::{Region, Scope};
///
/// fn protect(org: &mut Scope<'_, Organization>) {
///     let regions = [Region::EU_WEST_1, Region::US_EAST_1];
///     let keys = OrganizationGuardrail::iam_deny_users()
///         .exempt(["arn:aws:iam::*:role/break-glass"]);
///     let guardrails = Guardrails::builder()
///         .guardrails([OrganizationGuardrail::region_allow_list(regions), keys])
///         .targets([org.root()])
///         .build();
///     org.add("guardrails", guardrails);
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct Guardrails {
    /// Which; [`GuardrailCatalogue::baseline`] has those that suit nearly everybody.
    #[builder(setter(transform = |guardrails: impl IntoIterator<Item = OrganizationGuardrail>| {
        guardrails.into_iter().collect()
    }))]
    guardrails: Vec<OrganizationGuardrail>,
    /// Where they hold: the root, units, accounts, and everything below.
    #[builder(setter(transform = |targets: impl IntoIterator<Item = impl Into<PolicyTarget>>| {
        targets.into_iter().map(Into::into).collect()
    }))]
    targets: Vec<PolicyTarget>,
    /// The roles that set up accounts, as patterns of ARNs: exempt from every guardrail that knows
    /// exemptions. By default [`Guardrails::PLATFORM_ROLES`].
    #[builder(default = Guardrails::PLATFORM_ROLES.map(Text::Static).to_vec(), setter(transform = |roles: impl IntoIterator<Item = impl Into<Text>>| {
        roles.into_iter().map(Into::into).collect()
    }))]
    platform_roles: Vec<Text>,
    /// Which limits of AWS the policies keep to.
    #[builder(default)]
    profile: PolicyProfile,
    /// Into how many policies of each type they are spread: by default all that a target takes beside AWS's
    /// own, four by the conservative profile. Where others attach policies to the same targets, leave them
    /// some; another number puts guardrails into other policies.
    #[builder(default, setter(strip_option))]
    policies: Option<usize>,
}

/// What a [`Guardrails`] gives back: the policies, in the order they are made.
#[derive(Clone, Debug)]
pub struct GuardrailsRef {
    /// Of principals: service control policies.
    pub service_control: Vec<PolicyRef>,
    /// Of resources: resource control policies.
    pub resource_control: Vec<PolicyRef>,
    /// Of settings: at most one policy of each other type.
    pub declarative: BTreeMap<PolicyType, PolicyRef>,
}

impl Guardrails {
    /// The roles by which the management account and stack sets get into an account.
    pub const PLATFORM_ROLES: [&str; 2] =
        ["arn:*:iam::*:role/OrganizationAccountAccessRole", "arn:*:iam::*:role/stacksets-exec-*"];
}

impl Construct for Guardrails {
    type Level = Organization;
    type Output = GuardrailsRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> GuardrailsRef {
        check::guardrails(org, &self);
        for guardrail in &self.guardrails {
            let probes = guardrail.probes_where(&self.platform_roles);
            if !probes.is_empty() {
                org.home().show_guardrail(GuardrailProbes {
                    guardrail: guardrail.id().to_owned().into(),
                    controls: guardrail.met_controls().to_vec(),
                    probes,
                });
            }
        }
        let service_control = self.documents(org, PolicyType::ServiceControl);
        let resource_control = self.documents(org, PolicyType::ResourceControl);
        let declarative = combine::declarative(org, &self.guardrails);
        let declarative = declarative.into_iter().map(|(policy_type, content)| {
            let id = policy_type.name().to_lowercase().replace('_', "-").replace("-policy", "");
            (policy_type, self.policy(org, policy_type, &id, content))
        });
        let declarative = declarative.collect();
        GuardrailsRef { service_control, resource_control, declarative }
    }
}

impl Guardrails {
    fn documents(
        &self,
        org: &mut Scope<'_, Organization>,
        policy_type: PolicyType,
    ) -> Vec<PolicyRef> {
        let name = match policy_type {
            PolicyType::ResourceControl => "resource-control",
            _ => "service-control",
        };
        let limits = match policy_type {
            PolicyType::ResourceControl => self.profile.resource_control(),
            _ => self.profile.service_control(),
        };
        let count = self.policies.unwrap_or(limits.own());
        let all = self.guardrails.iter();
        let of_type = all.filter(|guardrail| guardrail.policy_type() == policy_type);
        let items = of_type.map(|guardrail| Item {
            id: guardrail.id(),
            statements: guardrail.statements(&self.platform_roles),
        });
        let (large, items): (Vec<_>, Vec<_>) =
            items.partition(|item| item.size() > limits.characters);
        for item in large {
            check::too_large(org, &item, limits);
        }
        let (packed, left) = pack(items, count, limits.characters);
        if !left.is_empty() {
            check::too_many(org, &packed, &left, limits);
        }
        let numbered = (1..).zip(packed).filter(|(_, packed)| !packed.document.is_empty());
        let policies = numbered.map(|(number, packed)| {
            let content = Prop::from(packed.document);
            self.policy(org, policy_type, &format!("{name}-{number}"), content)
        });
        policies.collect()
    }

    fn policy(
        &self,
        org: &mut Scope<'_, Organization>,
        policy_type: PolicyType,
        id: &str,
        content: Prop,
    ) -> PolicyRef {
        let policy = OrganizationPolicy::builder()
            .policy_type(policy_type)
            .content(content)
            .targets(self.targets.iter().cloned())
            .name(format!("{}-{id}", org.id()))
            .profile(self.profile)
            .build();
        org.add(id, policy)
    }
}
