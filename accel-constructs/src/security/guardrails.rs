use accel_cfn::organizations::PolicyRef;
use accel_core::{
    Construct, Object, PolicyDocument, Prop, Scope, Text,
    policy::{Operator, Principal, Statement},
};
use typed_builder::TypedBuilder;

use super::codes;
use crate::foundation::{Organization, OrganizationPolicy, PolicyTarget, PolicyType};

mod catalogue;
mod check;

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
    /// Which; [`OrganizationGuardrail::baseline`] has those that suit nearly everybody.
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
    /// Of the settings of EC2: at most one declarative policy.
    pub declarative_ec2: Option<PolicyRef>,
}

impl Guardrails {
    /// The roles by which the management account and stack sets get into an account.
    pub const PLATFORM_ROLES: [&str; 2] =
        ["arn:*:iam::*:role/OrganizationAccountAccessRole", "arn:*:iam::*:role/stacksets-exec-*"];
}

/// What nobody may do: the statements of a policy, which the guardrail's id names, and who is exempt.
///
/// Those of the catalogue are functions, `OrganizationGuardrail::org_deny_leave()`; one of your own is
/// made the same way:
///
/// ```
/// use accel_constructs::security::OrganizationGuardrail;
/// use accel_core::{actions, policy::Statement};
///
/// let deny = Statement::deny(actions!["aws-marketplace:Subscribe"]).resource("*");
/// let guardrail = OrganizationGuardrail::service_control("acme.deny-marketplace", [deny])
///     .exempt(["arn:aws:iam::*:role/procurement"]);
/// assert_eq!(guardrail.id(), "acme.deny-marketplace");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationGuardrail {
    id: Text,
    body: Body,
    exempt: Vec<Text>,
    knows_exemptions: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Body {
    ServiceControl(Vec<Statement>),
    ResourceControl(Vec<Statement>),
    DeclarativeEc2(Object),
}

impl OrganizationGuardrail {
    /// One for principals, as statements of a service control policy.
    pub fn service_control(
        id: impl Into<Text>,
        statements: impl IntoIterator<Item = Statement>,
    ) -> Self {
        Self::new(id.into(), Body::ServiceControl(statements.into_iter().collect()))
    }

    /// One for resources, as statements of a resource control policy: they deny, and name the services
    /// of their actions.
    pub fn resource_control(
        id: impl Into<Text>,
        statements: impl IntoIterator<Item = Statement>,
    ) -> Self {
        Self::new(id.into(), Body::ResourceControl(statements.into_iter().collect()))
    }

    /// Settings of EC2 that nobody in the accounts can change, by the name of the attribute. Nobody is
    /// exempt from these.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html>
    pub fn declarative_ec2(id: impl Into<Text>, attributes: Object) -> Self {
        Self::new(id.into(), Body::DeclarativeEc2(attributes)).without_exemptions()
    }

    const fn new(id: Text, body: Body) -> Self {
        Self { id, body, exempt: Vec::new(), knows_exemptions: true }
    }

    /// Exempts the roles and users whose ARN is like one of `patterns`.
    #[must_use]
    pub fn exempt(mut self, patterns: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        self.exempt.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// Nobody is exempt, the platform's own roles neither.
    #[must_use]
    pub fn without_exemptions(self) -> Self {
        Self { knows_exemptions: false, ..self }
    }

    /// What it is called: `root.deny-keys`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The `Sid` of its statements, by which it is found in a policy: the words of the id. Those of the
    /// second and later statements end with a number.
    #[must_use]
    pub fn sid(&self) -> String {
        let words = self.id.split(|c: char| !c.is_ascii_alphanumeric());
        words
            .flat_map(|word| {
                let mut chars = word.chars();
                chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars)
            })
            .collect()
    }

    /// The statements as they stand in a policy.
    fn statements(&self, platform_roles: &[Text]) -> Vec<Statement> {
        let (statements, of_resources) = match &self.body {
            Body::ServiceControl(statements) => (statements, false),
            Body::ResourceControl(statements) => (statements, true),
            Body::DeclarativeEc2(_) => return Vec::new(),
        };
        let sid = self.sid();
        let exempt: Vec<Text> = if self.knows_exemptions {
            platform_roles.iter().chain(&self.exempt).cloned().collect()
        } else {
            Vec::new()
        };
        let statement = |(index, statement): (usize, &Statement)| {
            let number = if index == 0 { String::new() } else { (index + 1).to_string() };
            let mut statement = statement.clone().sid(format!("{sid}{number}"));
            if of_resources {
                statement = statement.principal(Principal::any());
            }
            if exempt.is_empty() {
                return statement;
            }
            // Services of AWS have no such key, and are no role that could be exempt.
            let unlike = if of_resources {
                Operator::ArnNotLike.if_exists()
            } else {
                Operator::ArnNotLike.into()
            };
            statement.when(unlike, "aws:PrincipalArn", exempt.clone())
        };
        statements.iter().enumerate().map(statement).collect()
    }
}

impl Construct for Guardrails {
    type Level = Organization;
    type Output = GuardrailsRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> GuardrailsRef {
        check::guardrails(org, &self);
        let service_control = self.documents(org, PolicyType::ServiceControl);
        let resource_control = self.documents(org, PolicyType::ResourceControl);
        let mut attributes = Object::new();
        for guardrail in &self.guardrails {
            if let Body::DeclarativeEc2(own) = &guardrail.body {
                own.iter().for_each(|(name, value)| attributes.insert(name.clone(), value.clone()));
            }
        }
        let declarative_ec2 = (!attributes.is_empty()).then(|| {
            let content = Prop::object([("ec2_attributes", Prop::Object(attributes))]);
            self.policy(org, PolicyType::DeclarativeEc2, "declarative-ec2", content)
        });
        GuardrailsRef { service_control, resource_control, declarative_ec2 }
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
        let of_type = self.guardrails.iter().filter(|guardrail| match guardrail.body {
            Body::ServiceControl(_) => policy_type == PolicyType::ServiceControl,
            Body::ResourceControl(_) => policy_type == PolicyType::ResourceControl,
            Body::DeclarativeEc2(_) => false,
        });
        let mut documents: Vec<PolicyDocument> = Vec::new();
        for guardrail in of_type {
            let statements = guardrail.statements(&self.platform_roles);
            let alone: PolicyDocument = statements.iter().cloned().collect();
            if alone.size() > POLICY_SIZE {
                check::too_large(org, guardrail, alone.size());
                continue;
            }
            let together = documents.iter_mut().find_map(|document| {
                let mut together = document.clone();
                together.extend(statements.iter().cloned());
                (together.size() <= POLICY_SIZE).then_some((document, together))
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
