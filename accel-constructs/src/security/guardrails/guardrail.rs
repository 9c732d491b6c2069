use accel_core::{
    IntoValue, PolicyDocument, Prop, Text,
    policy::{Operator, Principal, Probe, ProbeKind, Statement},
};

use super::Guardrails;
use crate::foundation::PolicyType;

/// What nobody may do, or what is so everywhere: the content of a policy of the organization, who is
/// exempt, and the requests that show it.
///
/// Those of the catalogue are functions, `OrganizationGuardrail::org_deny_leave()`; one of your own is
/// made the same way:
///
/// ```
/// use accel_constructs::security::OrganizationGuardrail;
/// use accel_core::{
///     actions,
///     policy::{Probe, Statement},
/// };
///
/// let deny = Statement::deny(actions!["aws-marketplace:Subscribe"]).resource("*");
/// let guardrail = OrganizationGuardrail::service_control("acme.deny-marketplace", [deny])
///     .intent("Software is bought centrally")
///     .exempt(["arn:aws:iam::*:role/procurement"])
///     .shown_by(
///         Probe::attack("A developer subscribes to a product", "aws-marketplace:Subscribe"),
///         Probe::nearby("A developer looks at subscriptions", "aws-marketplace:ViewSubscriptions"),
///     );
/// assert_eq!(guardrail.id(), "acme.deny-marketplace");
/// // The attack, the request close by, and two that are exempt: the platform's role and procurement.
/// assert_eq!(guardrail.probes().len(), 4);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationGuardrail {
    id: Text,
    intent: Text,
    controls: Vec<Text>,
    pub(super) body: Body,
    pub(super) exemptions: Exemptions,
    pub(super) exempt: Vec<Text>,
    pub(super) exempt_accounts: Vec<Prop>,
    on_platform_roles: bool,
    probes: Vec<Probe>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    ServiceControl(Vec<Statement>),
    ResourceControl(Vec<Statement>),
    Declarative(PolicyType, Prop),
}

/// Who may be exempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exemptions {
    /// The platform's roles, and who is named.
    Platform,
    /// Who is named alone.
    Named,
    Nobody,
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

    /// Settings that nobody in the accounts can change, as the content of a policy of another type.
    /// Nobody is exempt from these: attach it to other units instead. What several guardrails of one type
    /// say stands in one policy.
    ///
    /// ```
    /// use accel_constructs::{foundation::PolicyType, security::OrganizationGuardrail};
    /// use accel_core::Prop;
    ///
    /// let state = Prop::object([("@@assign", "block_new_sharing")]);
    /// let images = Prop::object([("state", state)]);
    /// let attributes = Prop::object([("image_block_public_access", images)]);
    /// let content = Prop::object([("ec2_attributes", attributes)]);
    /// let guardrail =
    ///     OrganizationGuardrail::declarative("acme.images", PolicyType::DeclarativeEc2, content);
    /// assert_eq!(guardrail.policy_type(), PolicyType::DeclarativeEc2);
    /// ```
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html>
    pub fn declarative(
        id: impl Into<Text>,
        policy_type: PolicyType,
        content: impl Into<Prop>,
    ) -> Self {
        Self::new(id.into(), Body::Declarative(policy_type, content.into())).without_exemptions()
    }

    const fn new(id: Text, body: Body) -> Self {
        Self {
            id,
            intent: Text::Static(""),
            controls: Vec::new(),
            body,
            exemptions: Exemptions::Platform,
            exempt: Vec::new(),
            exempt_accounts: Vec::new(),
            on_platform_roles: false,
            probes: Vec::new(),
        }
    }

    /// Exempts the roles and users whose ARN is like one of `patterns`.
    #[must_use]
    pub fn exempt(mut self, patterns: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        self.exempt.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// Exempts everybody in these accounts, by their ids: the one that administers a service for all
    /// others, or the one of the network.
    #[must_use]
    pub fn exempt_accounts(
        mut self,
        accounts: impl IntoIterator<Item = impl IntoValue<String>>,
    ) -> Self {
        let accounts = accounts.into_iter().map(|account| account.into_value().into_prop());
        self.exempt_accounts.extend(accounts);
        self
    }

    /// Nobody is exempt, the platform's own roles neither.
    #[must_use]
    pub fn without_exemptions(self) -> Self {
        Self { exemptions: Exemptions::Nobody, ..self }
    }

    /// The platform's roles are not exempt; whoever is named with [`Self::exempt`] is.
    #[must_use]
    pub(super) fn with_named_exemptions(self) -> Self {
        Self { exemptions: Exemptions::Named, ..self }
    }

    /// It is about the platform's roles themselves: whichever is exempt is also what is protected.
    #[must_use]
    pub(super) fn on_platform_roles(self) -> Self {
        Self { on_platform_roles: true, ..self }
    }

    /// What it is for, in a sentence.
    #[must_use]
    pub fn intent(self, intent: impl Into<Text>) -> Self {
        Self { intent: intent.into(), ..self }
    }

    /// The controls that it helps to meet: `CIS5:1.3` is control 1.3 of the CIS AWS Foundations Benchmark
    /// 5.0.0, `FSBP:EC2.7` one of AWS Foundational Security Best Practices.
    #[must_use]
    pub fn controls(mut self, controls: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        self.controls.extend(controls.into_iter().map(Into::into));
        self
    }

    /// Shows what it stops, and what it leaves alone. Who is exempt is asked the same as the attacker.
    #[must_use]
    pub fn shown_by(self, attack: Probe, nearby: Probe) -> Self {
        self.probe(attack).probe(nearby)
    }

    /// One more request that shows what it does.
    #[must_use]
    pub fn probe(mut self, probe: Probe) -> Self {
        self.probes.push(probe);
        self
    }

    /// What it is called: `root.deny-keys`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it is for; empty if nobody said.
    #[must_use]
    pub fn purpose(&self) -> &str {
        &self.intent
    }

    /// The controls that it helps to meet.
    #[must_use]
    pub fn met_controls(&self) -> &[Text] {
        &self.controls
    }

    /// Of which type its policy is.
    #[must_use]
    pub const fn policy_type(&self) -> PolicyType {
        match self.body {
            Body::ServiceControl(_) => PolicyType::ServiceControl,
            Body::ResourceControl(_) => PolicyType::ResourceControl,
            Body::Declarative(policy_type, _) => policy_type,
        }
    }

    /// Whether the platform's roles are exempt.
    #[must_use]
    pub fn exempts_platform_roles(&self) -> bool {
        self.exemptions == Exemptions::Platform
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

    /// Its policy, where it stands alone and [`Guardrails::PLATFORM_ROLES`] are exempt.
    #[must_use]
    pub fn document(&self) -> Prop {
        match &self.body {
            Body::Declarative(_, content) => content.clone(),
            _ => self
                .statements(&Guardrails::PLATFORM_ROLES.map(Text::Static))
                .into_iter()
                .collect::<PolicyDocument>()
                .into(),
        }
    }

    /// The requests that show what it does, where [`Guardrails::PLATFORM_ROLES`] are exempt: those it was
    /// given, and the attack by whoever is exempt, or is not although they set up accounts.
    #[must_use]
    pub fn probes(&self) -> Vec<Probe> {
        self.probes_where(&Guardrails::PLATFORM_ROLES.map(Text::Static))
    }

    /// The same, where `platform_roles` are exempt.
    pub(super) fn probes_where(&self, platform_roles: &[Text]) -> Vec<Probe> {
        let platform = platform_roles.first().map_or(PLATFORM_ROLE.to_owned(), |it| sample(it));
        let resolve = |probe: &Probe| {
            let mut probe = probe.clone();
            if probe.principal() == PLATFORM_ROLE {
                probe = probe.by(&platform);
            }
            if probe.resource() == PLATFORM_ROLE {
                probe = probe.on(&platform);
            }
            probe
        };
        let mut probes: Vec<Probe> = self.probes.iter().map(resolve).collect();
        let Some(attack) = probes.iter().find(|probe| probe.kind() == ProbeKind::Attack).cloned()
        else {
            return probes;
        };
        let is_third =
            |probe: &Probe| matches!(probe.kind(), ProbeKind::Exempt | ProbeKind::NobodyExempt);
        if !probes.iter().any(is_third) && platform != PLATFORM_ROLE {
            let role = name(&platform);
            let (kind, story) = match self.exemptions {
                Exemptions::Platform => {
                    (ProbeKind::Exempt, format!("The platform's role `{role}` may"))
                }
                _ => (
                    ProbeKind::NobodyExempt,
                    format!("The platform's role `{role}` may not either"),
                ),
            };
            probes.push(attack.clone().retold(kind, story).by(&platform));
        }
        let exempt = self.exempt.iter().map(|pattern| sample(pattern));
        let accounts = self.exempt_accounts.iter().filter_map(Prop::as_str);
        let accounts = accounts.map(|id| format!("arn:aws:iam::{id}:role/developer"));
        for principal in exempt.chain(accounts) {
            let story = format!("`{principal}` may");
            probes.push(attack.clone().retold(ProbeKind::Exempt, story).by(principal));
        }
        probes
    }

    /// The statements as they stand in a policy; none of a declarative one.
    pub(super) fn statements(&self, platform_roles: &[Text]) -> Vec<Statement> {
        let (statements, of_resources) = match &self.body {
            Body::ServiceControl(statements) => (statements, false),
            Body::ResourceControl(statements) => (statements, true),
            Body::Declarative(..) => return Vec::new(),
        };
        let statements = statements.iter().cloned().collect::<PolicyDocument>().merged();
        let sid = self.sid();
        let exempt: Vec<Text> = match self.exemptions {
            Exemptions::Platform => platform_roles.iter().chain(&self.exempt).cloned().collect(),
            Exemptions::Named => self.exempt.clone(),
            Exemptions::Nobody => Vec::new(),
        };
        let statement = |(index, statement): (usize, &Statement)| {
            let number = if index == 0 { String::new() } else { (index + 1).to_string() };
            let mut statement = statement.clone().sid(format!("{sid}{number}"));
            if of_resources {
                statement = statement.principal(Principal::any());
            }
            if self.on_platform_roles {
                let roles = platform_roles.iter().filter(|role| role.contains(":role/"));
                statement = statement.resources(roles.cloned());
            }
            // Services of AWS have no such keys, and are no role that could be exempt.
            let unless = |operator: Operator| match of_resources {
                true => operator.if_exists(),
                false => operator.into(),
            };
            if !exempt.is_empty() {
                let unlike = unless(Operator::ArnNotLike);
                statement = statement.excepting(unlike, "aws:PrincipalArn", exempt.clone());
            }
            if !self.exempt_accounts.is_empty() {
                let others = unless(Operator::StringNotEquals);
                let accounts: Vec<_> = self.exempt_accounts.iter().map(value).collect();
                statement = statement.excepting(others, "aws:PrincipalAccount", accounts);
            }
            statement
        };
        statements.statements().iter().enumerate().map(statement).collect()
    }
}

/// Stands for the first of the platform's roles, which is known where the guardrail is attached.
pub(super) const PLATFORM_ROLE: &str = "platform-role";

fn value(prop: &Prop) -> accel_core::Value<String> {
    accel_core::Value::from_prop(prop.clone())
}

/// An ARN that is like `pattern`, in the account of the probes.
fn sample(pattern: &str) -> String {
    let mut parts = pattern.splitn(6, ':');
    let mut part = |default: &str| match parts.next().unwrap_or_default() {
        "*" => default.to_owned(),
        part => part.to_owned(),
    };
    let [arn, partition, service, region] = [part("arn"), part("aws"), part("iam"), part("")];
    let account = part(Probe::ACCOUNT);
    let name = part("").replace(['*', '?'], "x");
    format!("{arn}:{partition}:{service}:{region}:{account}:{name}")
}

fn name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}
