//! What policies together decide.

use std::{collections::BTreeSet, fmt};

use crate::{
    actions,
    condition::Truth,
    policy::{Effect, Policy},
    request::{Principal, Request},
};

mod matching;

pub use matching::Grant;
pub(crate) use matching::{grant, matches};

/// The policies that are in force for a request. What is empty or none is not in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicySet {
    /// Of the user, or of the role: inline, managed, of groups.
    pub identity: Vec<Policy>,
    /// The permissions boundary.
    pub boundary: Option<Policy>,
    /// Of the session: what was passed when the role was assumed.
    pub session: Option<Policy>,
    /// Of the resource: a bucket's, a key's, a role's trust.
    pub resource: Option<Policy>,
    /// Service control policies from the root down to the principal's account; empty outside an
    /// organization.
    pub scps: Vec<Level>,
    /// Resource control policies from the root down to the resource's account.
    pub rcps: Vec<Level>,
    /// Whether the principal's account manages the organization: no service control policy limits it.
    pub principal_manages: bool,
    /// Whether the resource's account manages the organization: no resource control policy limits it.
    pub resource_manages: bool,
}

/// A root, a unit or an account, and what is attached to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// All that is attached to it, `FullAWSAccess` among them.
    pub policies: Vec<Policy>,
}

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is allowed, by these statements: one of each layer that had to.
    Allowed(Vec<Reason>),
    /// Nothing denies it, and this layer does not allow it.
    ImplicitlyDenied(Layer),
    /// This statement denies it.
    ExplicitlyDenied(Reason),
    /// It hangs on these keys of the context, of which nobody said anything.
    Unknown(BTreeSet<String>),
}

/// A statement that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The kind of policy.
    pub layer: Layer,
    /// The policy's name.
    pub policy: String,
    /// The construct that made it, if one did.
    pub construct: Option<String>,
    /// The statement's place in the policy, from 1.
    pub statement: usize,
    /// The statement's name.
    pub sid: Option<String>,
}

/// A kind of policy; of an organization's, the level.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Of the user or role.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// Of the session.
    Session,
    /// Of the resource.
    Resource,
    /// Service control policies of a root, unit or account.
    ServiceControl(String),
    /// Resource control policies of a root, unit or account.
    ResourceControl(String),
}

/// Decides a request, by the
/// [logic of IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
///
/// ```
/// use accel_policy::{Decision, Origin, Policy, PolicySet, Principal, Request, evaluate};
///
/// let allow = r#"{"Version": "2012-10-17", "Statement": {
///     "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::orders/*"}}"#;
/// let policies = PolicySet {
///     identity: vec![Policy::parse(allow, Origin::named("reader"))?],
///     ..PolicySet::default()
/// };
/// let reader = Principal::user("arn:aws:iam::111111111111:user/reader");
/// let read = Request::new(reader.clone(), "s3:GetObject", "arn:aws:s3:::orders/1");
/// assert!(evaluate(&read, &policies).is_allowed());
/// let write = Request::new(reader, "s3:PutObject", "arn:aws:s3:::orders/1");
/// assert!(evaluate(&write, &policies).is_denied());
/// # Ok::<(), accel_policy::ParseError>(())
/// ```
#[must_use]
pub fn evaluate(request: &Request, policies: &PolicySet) -> Decision {
    let layers = layers(request, policies);
    let mut open = BTreeSet::new();
    for (layer, of_layer) in &layers {
        for policy in of_layer {
            for (index, statement) in policy.statements.iter().enumerate() {
                if statement.effect == Effect::Deny {
                    match matches(statement, request, layer, policies.boundary.is_some()) {
                        Truth::Yes => {
                            return Decision::ExplicitlyDenied(Reason::new(layer, policy, index));
                        }
                        Truth::No => {}
                        Truth::Unknown(keys) => open.extend(keys),
                    }
                }
            }
        }
    }
    match allowed(request, policies, &layers) {
        Verdict::Denied(layer) => Decision::ImplicitlyDenied(layer),
        Verdict::Allowed(_) if !open.is_empty() => Decision::Unknown(open),
        Verdict::Allowed(reasons) => Decision::Allowed(reasons),
        Verdict::Unknown(keys) => {
            open.extend(keys);
            Decision::Unknown(open)
        }
    }
}

/// The layers that are in force, each with its policies, those of an organization by level.
///
/// Service control policies do not limit the management account, service-linked roles, services and
/// whom nobody has vouched for yet; what resource control policies do not limit, [`out_of_resource_control`] says.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>,
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
pub(crate) fn layers<'a>(
    request: &Request,
    policies: &'a PolicySet,
) -> Vec<(Layer, Vec<&'a Policy>)> {
    let principal = request.principal();
    let linked = principal.is_service_linked();
    let mut layers = Vec::new();
    if matches!(principal, Principal::User { .. } | Principal::Role { .. }) {
        layers.push((Layer::Identity, policies.identity.iter().collect()));
        layers.extend(policies.boundary.iter().map(|policy| (Layer::Boundary, vec![policy])));
    }
    layers.extend(policies.session.iter().map(|policy| (Layer::Session, vec![policy])));
    layers.extend(policies.resource.iter().map(|policy| (Layer::Resource, vec![policy])));
    if principal.account().is_some() && !policies.principal_manages && !linked {
        layers.extend(policies.scps.iter().map(|level| {
            (Layer::ServiceControl(level.name.clone()), level.policies.iter().collect())
        }));
    }
    if !policies.rcps.is_empty() && out_of_resource_control(request, policies).is_none() {
        layers.extend(policies.rcps.iter().map(|level| {
            (Layer::ResourceControl(level.name.clone()), level.policies.iter().collect())
        }));
    }
    layers
}

/// Why no resource control policy has a say in the request; none if they have.
///
/// See <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps>.
pub(crate) fn out_of_resource_control(
    request: &Request,
    policies: &PolicySet,
) -> Option<&'static str> {
    let service = actions::service(request.service());
    let is_about_nothing =
        || actions::action(request.action()).is_some_and(|it| it.resources().is_empty());
    match () {
        () if !service.is_some_and(actions::Service::supports_resource_control) => {
            Some("the service does not support them")
        }
        () if is_about_nothing() => Some("the action is about no resource"),
        () if request.action().eq_ignore_ascii_case("kms:RetireGrant") => {
            Some("they do not limit who retires a grant")
        }
        () if request.principal().is_service_linked()
            || request.resource().contains(":role/aws-service-role/") =>
        {
            Some("they do not limit service-linked roles")
        }
        () if policies.resource_manages => {
            Some("they do not limit the management account's resources")
        }
        () => None,
    }
}

/// What allows say, denies apart.
enum Verdict {
    Allowed(Vec<Reason>),
    Denied(Layer),
    Unknown(BTreeSet<String>),
}

impl Verdict {
    /// Both; the first that denies decides.
    fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Denied(layer) => Self::Denied(layer),
            Self::Allowed(mut reasons) => match other() {
                Self::Allowed(more) => {
                    reasons.extend(more);
                    Self::Allowed(reasons)
                }
                decided => decided,
            },
            Self::Unknown(mut keys) => match other() {
                Self::Denied(layer) => Self::Denied(layer),
                Self::Allowed(_) => Self::Unknown(keys),
                Self::Unknown(more) => {
                    keys.extend(more);
                    Self::Unknown(keys)
                }
            },
        }
    }

    /// One of both; the second says why not.
    fn or(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Allowed(reasons) => Self::Allowed(reasons),
            Self::Denied(_) => other(),
            Self::Unknown(mut keys) => match other() {
                Self::Allowed(reasons) => Self::Allowed(reasons),
                Self::Denied(_) => Self::Unknown(keys),
                Self::Unknown(more) => {
                    keys.extend(more);
                    Self::Unknown(keys)
                }
            },
        }
    }
}

fn allowed(request: &Request, policies: &PolicySet, layers: &[(Layer, Vec<&Policy>)]) -> Verdict {
    let organization = || {
        let levels = layers.iter().filter(|(layer, _)| matches!(layer, Layer::ServiceControl(_)));
        levels.fold(Verdict::Allowed(Vec::new()), |verdict, (layer, policies)| {
            verdict.and(|| allows(request, layer, policies))
        })
    };
    access(request, policies, layers).and(organization)
}

/// Whether identity and resource allow it, within boundary and session.
///
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-request-context.html>
/// and, for what a boundary limits,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>.
fn access(request: &Request, policies: &PolicySet, layers: &[(Layer, Vec<&Policy>)]) -> Verdict {
    let limit = |layer: Layer, policy: &Option<Policy>| match policy {
        Some(policy) => allows(request, &layer, &[policy]),
        None => Verdict::Allowed(Vec::new()),
    };
    let session = || limit(Layer::Session, &policies.session);
    let limits = || match request.principal() {
        Principal::User { .. } | Principal::Role { .. } => {
            limit(Layer::Boundary, &policies.boundary).and(session)
        }
        _ => session(),
    };
    let identity = || match request.principal() {
        // Its account's root user may do everything that nothing denies.
        Principal::Root { .. } => Verdict::Allowed(Vec::new()),
        Principal::User { .. } | Principal::Role { .. } => {
            let of_identity = layers.iter().find(|(layer, _)| *layer == Layer::Identity);
            let policies = of_identity.map_or(&[][..], |(_, policies)| policies.as_slice());
            allows(request, &Layer::Identity, policies)
        }
        _ => Verdict::Denied(Layer::Resource),
    };
    let resource = |at_least: Grant| match &policies.resource {
        Some(policy) => granted(request, policy, at_least),
        None => Verdict::Denied(Layer::Resource),
    };
    let known = matches!(
        request.principal(),
        Principal::User { .. } | Principal::Role { .. } | Principal::Root { .. }
    );
    if !known {
        return resource(Grant::Role);
    }
    if !request.is_same_account() {
        return identity().and(limits).and(|| resource(Grant::Account));
    }
    // What is granted to the session or user itself, or to everybody, neither boundary nor session policy
    // limits; what is granted to the role, both do.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
    let named = || resource(Grant::Everyone);
    let by_role = || resource(Grant::Role).and(limits);
    let by_identity = || identity().and(limits);
    if wants_resource_policy(request) {
        named().or(by_role).or(|| resource(Grant::Account).and(by_identity))
    } else {
        named().or(by_role).or(by_identity)
    }
}

/// Roles and keys trust nobody whom their own policy does not name, not even their account. What else goes with a
/// session of a role, its tags and who stands behind it, its trust has to allow as well.
///
/// See <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html> and
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html>.
fn wants_resource_policy(request: &Request) -> bool {
    let action = request.action().to_ascii_lowercase();
    let resource = request.resource();
    match action.split_once(':') {
        Some(("sts", "tagsession" | "setsourceidentity")) => resource.contains(":role/"),
        Some(("sts", name)) => name.starts_with("assumerole"),
        Some(("kms", _)) => resource.contains(":key/"),
        _ => false,
    }
}

/// Whether one statement of the policies allows it.
fn allows(request: &Request, layer: &Layer, policies: &[&Policy]) -> Verdict {
    let mut open = BTreeSet::new();
    for policy in policies {
        for (index, statement) in policy.statements.iter().enumerate() {
            if statement.effect == Effect::Allow {
                match matches(statement, request, layer, false) {
                    Truth::Yes => return Verdict::Allowed(vec![Reason::new(layer, policy, index)]),
                    Truth::No => {}
                    Truth::Unknown(keys) => open.extend(keys),
                }
            }
        }
    }
    if open.is_empty() { Verdict::Denied(layer.clone()) } else { Verdict::Unknown(open) }
}

/// Whether the resource's policy allows it to the principal, named at least that closely.
fn granted(request: &Request, policy: &Policy, at_least: Grant) -> Verdict {
    let mut open = BTreeSet::new();
    for (index, statement) in policy.statements.iter().enumerate() {
        let named = statement.effect == Effect::Allow
            && grant(statement, request.principal()).is_some_and(|grant| grant >= at_least);
        if named {
            match matches(statement, request, &Layer::Resource, false) {
                Truth::Yes => {
                    let reason = Reason::new(&Layer::Resource, policy, index);
                    return Verdict::Allowed(vec![reason]);
                }
                Truth::No => {}
                Truth::Unknown(keys) => open.extend(keys),
            }
        }
    }
    if open.is_empty() { Verdict::Denied(Layer::Resource) } else { Verdict::Unknown(open) }
}

impl Decision {
    /// Whether it is certainly allowed.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    /// Whether it is certainly denied.
    #[must_use]
    pub const fn is_denied(&self) -> bool {
        matches!(self, Self::ImplicitlyDenied(_) | Self::ExplicitlyDenied(_))
    }
}

impl Reason {
    pub(crate) fn new(layer: &Layer, policy: &Policy, index: usize) -> Self {
        Self {
            layer: layer.clone(),
            policy: policy.origin.policy.clone(),
            construct: policy.origin.construct.clone(),
            statement: index + 1,
            sid: policy.statements[index].sid.clone(),
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed(reasons) => {
                f.write_str("allowed")?;
                reasons.iter().try_for_each(|reason| write!(f, "\n  by {reason}"))
            }
            Self::ImplicitlyDenied(layer) => write!(f, "denied: nothing allows it in the {layer}"),
            Self::ExplicitlyDenied(reason) => write!(f, "denied by {reason}"),
            Self::Unknown(keys) => {
                let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
                write!(
                    f,
                    "not known: it hangs on {}, which the request does not say",
                    keys.join(", ")
                )
            }
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {}", self.statement)?;
        if let Some(sid) = &self.sid {
            write!(f, " `{sid}`")?;
        }
        write!(f, " of `{}` ({})", self.policy, self.layer)?;
        match &self.construct {
            Some(construct) => write!(f, ", made by `{construct}`"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identity => f.write_str("identity's policies"),
            Self::Boundary => f.write_str("permissions boundary"),
            Self::Session => f.write_str("session's policy"),
            Self::Resource => f.write_str("resource's policy"),
            Self::ServiceControl(level) => write!(f, "service control policies of `{level}`"),
            Self::ResourceControl(level) => write!(f, "resource control policies of `{level}`"),
        }
    }
}

#[cfg(test)]
mod tests;
