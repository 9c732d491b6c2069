use std::fmt;

use super::ConditionValues;
use crate::{Prop, Text};

/// A request that shows what a guardrail does: who asks for what, and what is to become of it.
///
/// A guardrail is shown by at least three: an attack that it stops, an ordinary request close by that it
/// leaves alone, and whoever is exempt. It is data; who has an evaluator of policies decides it.
///
/// ```
/// use accel_core::policy::{Probe, ProbeKind};
///
/// let probe = Probe::attack("A developer stops the trail", "cloudtrail:StopLogging")
///     .on("arn:aws:cloudtrail:eu-west-1:111111111111:trail/main")
///     .with("aws:RequestedRegion", "eu-west-1");
/// assert_eq!(probe.kind(), ProbeKind::Attack);
/// assert!(probe.kind().is_denied());
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Probe {
    kind: ProbeKind,
    story: Text,
    principal: Text,
    action: Text,
    resource: Text,
    context: Vec<(Text, Vec<Prop>)>,
}

/// What a [`Probe`] shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProbeKind {
    /// What the guardrail is there for is denied.
    Attack,
    /// What is like the attack, and legitimate, is still allowed.
    Nearby,
    /// Whoever is exempt is allowed what is denied to others.
    Exempt,
    /// Nobody is exempt: who sets up accounts is denied it too.
    NobodyExempt,
}

/// A guardrail by its name, with the requests that show what it does: what a synthesizer decides on the policies that
/// it has made.
#[derive(Clone, Debug, PartialEq)]
pub struct GuardrailProbes {
    /// What the guardrail is called.
    pub guardrail: Text,
    /// The controls that it helps to meet: `CIS5:1.3`.
    pub controls: Vec<Text>,
    /// The requests.
    pub probes: Vec<Probe>,
}

impl ProbeKind {
    /// Whether the request is to be denied.
    #[must_use]
    pub const fn is_denied(self) -> bool {
        matches!(self, Self::Attack | Self::NobodyExempt)
    }
}

impl fmt::Display for ProbeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Attack => "attack",
            Self::Nearby => "nearby",
            Self::Exempt => "exempt",
            Self::NobodyExempt => "nobody-exempt",
        })
    }
}

impl Probe {
    /// The account of most probes: a member of the organization.
    pub const ACCOUNT: &str = "111111111111";

    /// The region of most probes. Where a guardrail is in force, one of the app's own stands in for it, and an account
    /// of the organization for [`Probe::ACCOUNT`].
    pub const REGION: &str = "eu-west-1";

    /// Who asks, unless another is named: a role of that account that may do anything.
    pub const DEVELOPER: &str = "arn:aws:iam::111111111111:role/developer";

    /// What the guardrail is there for, told in a sentence.
    pub fn attack(story: impl Into<Text>, action: impl Into<Text>) -> Self {
        Self::new(ProbeKind::Attack, story.into(), action.into())
    }

    /// What is like the attack, and legitimate.
    pub fn nearby(story: impl Into<Text>, action: impl Into<Text>) -> Self {
        Self::new(ProbeKind::Nearby, story.into(), action.into())
    }

    /// What whoever is exempt may do.
    pub fn exempt(story: impl Into<Text>, action: impl Into<Text>) -> Self {
        Self::new(ProbeKind::Exempt, story.into(), action.into())
    }

    fn new(kind: ProbeKind, story: Text, action: Text) -> Self {
        let (principal, resource) = (Text::Static(Self::DEVELOPER), Text::Static("*"));
        Self { kind, story, principal, action, resource, context: Vec::new() }
    }

    /// The same request, to show something else.
    pub fn retold(self, kind: ProbeKind, story: impl Into<Text>) -> Self {
        Self { kind, story: story.into(), ..self }
    }

    /// Asked by another than [`Probe::DEVELOPER`]: the ARN of a role, a user, an account's root or an
    /// identity provider; or the domain of a service or of a public provider.
    pub fn by(self, principal: impl Into<Text>) -> Self {
        Self { principal: principal.into(), ..self }
    }

    /// Asked of this resource; `*` for an action that knows none.
    pub fn on(self, resource: impl Into<Text>) -> Self {
        Self { resource: resource.into(), ..self }
    }

    /// With a key of the request's context. What every request has (the principal, its account and
    /// organization, TLS, the region) follows from the rest unless it is said here.
    pub fn with(mut self, key: impl Into<Text>, values: impl ConditionValues) -> Self {
        self.context.push((key.into(), values.into_props()));
        self
    }

    /// What it shows.
    #[must_use]
    pub const fn kind(&self) -> ProbeKind {
        self.kind
    }

    /// What happens, in a sentence.
    #[must_use]
    pub fn story(&self) -> &str {
        &self.story
    }

    /// Who asks.
    #[must_use]
    pub fn principal(&self) -> &str {
        &self.principal
    }

    /// For what.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// Of which resource.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The keys of the context that were said, in order, with their values.
    pub fn context(&self) -> impl Iterator<Item = (&str, &[Prop])> {
        self.context.iter().map(|(key, values)| (key.as_str(), values.as_slice()))
    }
}
