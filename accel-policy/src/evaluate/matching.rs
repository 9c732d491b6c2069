//! Whether a statement is about a request.

use super::Layer;
use crate::{
    condition::Truth,
    pattern::{Resolved, glob_arn},
    policy::{Effect, Patterns, PrincipalName, Principals, Statement},
    request::{Context, Principal, Request},
};

/// How closely a resource's policy names a principal, from afar to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grant {
    /// By its account, which leaves the decision to the account's own policies.
    Account,
    /// By its role, or by not being excepted.
    Role,
    /// With everybody.
    Everyone,
    /// The user, the session, the service itself.
    Itself,
}

/// Whether a statement is about the request: principal, action, resource and all conditions. `bounded` is
/// whether the principal has a permissions boundary.
pub(crate) fn matches(
    statement: &Statement,
    request: &Request,
    layer: &Layer,
    bounded: bool,
) -> Truth {
    if *layer == Layer::Resource {
        let named = match &statement.principals {
            // A deny of that kind denies whoever has a boundary, even those whom it excepts.
            // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
            Some(principals) if principals.negated => {
                bounded && statement.effect == Effect::Deny
                    || !excepted(principals, request.principal())
            }
            Some(_) => grant(statement, request.principal()).is_some(),
            None => false,
        };
        if !named {
            return Truth::No;
        }
    }
    if !statement.actions.match_action(request.action()) {
        return Truth::No;
    }
    let resource = match &statement.resources {
        Some(resources) => resource_matches(resources, request.resource(), request.context()),
        // The policy of a role is about the role.
        None => Truth::Yes,
    };
    if resource == Truth::No {
        return Truth::No;
    }
    let conditions =
        statement.conditions.iter().map(|condition| condition.holds(request.context()));
    Truth::all(std::iter::once(resource).chain(conditions))
}

/// How closely the statement names the principal; none if it does not.
pub(crate) fn grant(statement: &Statement, principal: &Principal) -> Option<Grant> {
    let principals = statement.principals.as_ref()?;
    if principals.negated {
        return (!excepted(principals, principal)).then_some(Grant::Role);
    }
    principals.names.iter().filter_map(|name| names(name, principal)).max()
}

fn names(name: &PrincipalName, principal: &Principal) -> Option<Grant> {
    let (grant, holds) = match (name, principal) {
        (PrincipalName::Everyone, _) => (Grant::Everyone, true),
        (PrincipalName::Account(account), Principal::Root { account: own }) => {
            (Grant::Itself, account == own)
        }
        (PrincipalName::Account(account), principal) => {
            (Grant::Account, principal.account() == Some(account))
        }
        (PrincipalName::Arn(named), Principal::User { arn }) => (Grant::Itself, named == arn),
        (PrincipalName::Arn(named), Principal::Role { session, .. }) if named == session => {
            (Grant::Itself, true)
        }
        (PrincipalName::Arn(named), Principal::Role { arn, .. }) => (Grant::Role, named == arn),
        (PrincipalName::Service(named), Principal::Service(service)) => {
            (Grant::Itself, named == service)
        }
        (PrincipalName::Federated(named), Principal::Federated(provider)) => {
            (Grant::Itself, named == provider)
        }
        _ => return None,
    };
    holds.then_some(grant)
}

/// Whether `NotPrincipal` leaves the principal out: all that it is must be named, a session by itself, its
/// role and its account.
///
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>.
fn excepted(principals: &Principals, principal: &Principal) -> bool {
    let named = |wanted: &dyn Fn(&PrincipalName) -> bool| principals.names.iter().any(wanted);
    let arn = |arn: &str| named(&|name| matches!(name, PrincipalName::Arn(named) if named == arn));
    let account = || {
        let own = principal.account().unwrap_or_default();
        named(&|name| matches!(name, PrincipalName::Account(named) if named == own))
    };
    if named(&|name| *name == PrincipalName::Everyone) {
        return true;
    }
    match principal {
        Principal::User { arn: user } => arn(user) && account(),
        Principal::Role { arn: role, session } => arn(session) && arn(role) && account(),
        Principal::Root { .. } => account(),
        Principal::Service(_) | Principal::Federated(_) => {
            named(&|name| names(name, principal).is_some())
        }
        Principal::Anonymous => false,
    }
}

fn resource_matches(resources: &Patterns, resource: &str, context: &Context) -> Truth {
    let one =
        Truth::any(resources.texts.iter().map(|pattern| match pattern.resolve(context, true) {
            Resolved::Text(pieces) => Truth::of(glob_arn(&pieces, resource)),
            Resolved::Nothing => Truth::No,
            Resolved::Unknown(keys) => {
                Truth::Unknown(keys.iter().map(|key| key.to_ascii_lowercase()).collect())
            }
        }));
    if resources.negated { one.not() } else { one }
}
