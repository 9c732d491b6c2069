use std::collections::BTreeMap;

use accel_cfn::organizations::PolicyRef;
use accel_core::{Construct, PolicyDocument, Prop, Scope, Text};
use typed_builder::TypedBuilder;

use super::codes;
use crate::foundation::{Organization, OrganizationPolicy, PolicyTarget, PolicyType};

mod catalogue;
mod check;
mod combine;
mod guardrail;
mod schema;

use guardrail::Body;

pub use catalogue::GuardrailCatalogue;
pub use guardrail::OrganizationGuardrail;

/// Preventive guardrails on the root, on units or on accounts: what nobody may do there, whatever their
/// own policies allow.
///
/// All guardrails of one type are packed into as few policies as AWS takes, in the order given: one that
/// is added at the end changes the last policy alone. No policy of the organization binds the
/// management account.
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
        let all = self.guardrails.iter();
        let of_type = all.filter(|guardrail| guardrail.policy_type() == policy_type);
        let mut documents: Vec<PolicyDocument> = Vec::new();
        for guardrail in of_type {
            let statements = guardrail.statements(&self.platform_roles);
            let alone: PolicyDocument = statements.iter().cloned().collect();
            let alone_size = size(&alone);
            if alone_size > POLICY_SIZE {
                check::too_large(org, guardrail, alone_size);
                continue;
            }
            let together = documents.iter_mut().find_map(|document| {
                let mut together = document.clone();
                together.extend(statements.iter().cloned());
                (size(&together) <= POLICY_SIZE).then_some((document, together))
            });
            match together {
                Some((document, together)) => *document = together,
                None => documents.push(alone),
            }
        }
        let numbered = documents.into_iter().enumerate();
        let policies = numbered.map(|(index, document)| {
            self.policy(org, policy_type, &format!("{name}-{}", index + 1), Prop::from(document))
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
            .build();
        org.add(id, policy)
    }
}

/// Characters of a policy without white space: the older limit, valid before and after AWS raised that
/// of service control policies.
const POLICY_SIZE: usize = 5_120;

/// Characters of an id that only the deployment knows: of an organization, at most.
const ID_SIZE: usize = 34;

/// The most characters that the document has once it is deployed.
fn size(document: &PolicyDocument) -> usize {
    let mut unknown = 0;
    Prop::from(document)
        .walk(&mut |prop| unknown += usize::from(matches!(prop, Prop::Intrinsic(_))));
    document.size() + unknown * ID_SIZE
}
