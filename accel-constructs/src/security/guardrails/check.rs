//! What can be wrong with guardrails.

use std::{cmp::Reverse, collections::BTreeSet};

use accel_core::{Code, Diagnostic, Prop, Scope, Text, policy::PolicyLimits};

use super::{
    Body, Guardrails, OrganizationGuardrail, codes,
    guardrail::Exemptions,
    pack::{Item, Packed},
    schema,
};
use crate::foundation::Organization;

pub(super) fn guardrails(org: &mut Scope<'_, Organization>, all: &Guardrails) {
    if all.targets.is_empty() {
        let help = "name them: `.targets([org.root()])`";
        report(
            org,
            &codes::GUARDRAIL_TARGETS,
            "is attached to nothing",
            "at least one target",
            help,
        );
    }
    let mut ids = BTreeSet::new();
    for guardrail in &all.guardrails {
        id(org, guardrail, ids.insert(guardrail.id()));
        exemptions(org, guardrail);
        empty(org, guardrail, &all.platform_roles);
        resource_control(org, guardrail);
        setting(org, guardrail);
    }
    for pattern in &all.platform_roles {
        pattern_of_principals(org, "its platform roles", pattern);
    }
}

pub(super) fn too_large(org: &mut Scope<'_, Organization>, item: &Item<'_>, limits: PolicyLimits) {
    let problem = format!("has the guardrail `{}` of {} characters", item.id, item.size());
    let allowed = format!("at most {}, without white space", limits.characters);
    let help = "split it into several guardrails, or name actions and roles by patterns";
    report(org, &codes::GUARDRAIL_TOO_LARGE, &problem, &allowed, help);
}

/// Says how large everything is, the largest first, so that it can be seen what is worth less.
pub(super) fn too_many(
    org: &mut Scope<'_, Organization>,
    packed: &[Packed<'_>],
    left: &[Item<'_>],
    limits: PolicyLimits,
) {
    let list = |mut sized: Vec<(&str, usize)>| {
        sized.sort_by_key(|&(id, size)| (Reverse(size), id.to_owned()));
        let sized = sized.iter().map(|(id, size)| format!("`{id}` {size}"));
        sized.collect::<Vec<_>>().join(", ")
    };
    let mut problem = format!("has no room for {} of its guardrails", left.len());
    for (number, packed) in (1..).zip(packed) {
        let size = packed.size();
        let guardrails = list(packed.guardrails.clone());
        problem.push_str(&format!("\n    policy {number} has {size} characters: {guardrails}"));
    }
    let guardrails = list(left.iter().map(|item| (item.id, item.size())).collect());
    problem.push_str(&format!("\n    left over: {guardrails}"));
    let (count, characters) = (packed.len(), limits.characters);
    let allowed = format!("{count} policies of {characters} characters, without white space");
    let help = "leave guardrails out, exempt fewer roles by patterns that name more, attach some of them to \
                a unit above or below, or take the limits that AWS raised: `.profile(PolicyProfile::Raised)`";
    report(org, &codes::GUARDRAILS_OVER_LIMIT, &problem, &allowed, help);
}

fn id(org: &mut Scope<'_, Organization>, guardrail: &OrganizationGuardrail, is_new: bool) {
    let id = guardrail.id();
    let proper = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    if id.is_empty() || !id.chars().all(proper) {
        let problem = format!("has a guardrail called `{id}`");
        let allowed = "letters, digits, `.` and `-`, of which the `Sid` is made";
        report(org, &codes::GUARDRAIL_ID, &problem, allowed, "call it `acme.deny-something`");
    } else if !is_new {
        let problem = format!("has the guardrail `{id}` twice");
        let help = "leave one of them out, or give it another id";
        report(org, &codes::GUARDRAIL_ID, &problem, "each id once", help);
    }
}

fn exemptions(org: &mut Scope<'_, Organization>, guardrail: &OrganizationGuardrail) {
    let somebody = !guardrail.exempt.is_empty() || !guardrail.exempt_accounts.is_empty();
    if guardrail.exemptions == Exemptions::Nobody && somebody {
        let problem = format!("exempts somebody from `{}`", guardrail.id());
        let help = "leave the exemption out, or attach the guardrail to other units";
        report(org, &codes::GUARDRAIL_EXEMPTION, &problem, "no exemptions from this one", help);
    }
    for pattern in &guardrail.exempt {
        pattern_of_principals(org, &format!("`{}`", guardrail.id()), pattern);
    }
}

/// A pattern is of roles, users or sessions, and not of all of them.
fn pattern_of_principals(org: &mut Scope<'_, Organization>, whose: &str, pattern: &str) {
    let parts: Vec<&str> = pattern.splitn(6, ':').collect();
    let principal = match parts[..] {
        ["arn", _, "iam" | "sts", _, _, principal] => Some(principal),
        _ => None,
    };
    let kinds = ["role/", "user/", "assumed-role/", "federated-user/"];
    let name =
        principal.and_then(|principal| kinds.iter().find_map(|kind| principal.strip_prefix(kind)));
    let problem = match name {
        Some(name) if name.chars().any(|c| !matches!(c, '*' | '?' | '/')) => return,
        Some(_) => format!("exempts everybody from {whose}: `{pattern}`"),
        None => format!("exempts from {whose} what is no role or user: `{pattern}`"),
    };
    let allowed = "patterns of ARNs of roles and users that name some of them";
    let help = "name the roles: `arn:aws:iam::*:role/break-glass`";
    report(org, &codes::GUARDRAIL_EXEMPTION, &problem, allowed, help);
}

/// A guardrail that says nothing, or compares with nothing: an allow list of no regions, a pattern of no names.
fn empty(
    org: &mut Scope<'_, Organization>,
    guardrail: &OrganizationGuardrail,
    platform_roles: &[Text],
) {
    let statements = guardrail.statements(platform_roles);
    let is_empty = match &guardrail.body {
        Body::Declarative(_, content) => content.as_object().is_none_or(|it| it.is_empty()),
        _ => {
            statements.is_empty()
                || statements.iter().map(Prop::from).any(|it| {
                    let of = |element| it.as_object().is_some_and(|it| it.get(element).is_some());
                    has_empty_list(&it) || !(of("Resource") || of("NotResource"))
                })
        }
    };
    if is_empty {
        let problem = format!("has the guardrail `{}`, which names nothing", guardrail.id());
        let allowed = "statements with a resource, whose lists have one item at least";
        let help = "name what it is about, or leave it out";
        report(org, &codes::GUARDRAIL_STATEMENT, &problem, allowed, help);
    }
}

fn has_empty_list(prop: &Prop) -> bool {
    let mut found = false;
    prop.walk(&mut |prop| found |= prop.as_list().is_some_and(<[Prop]>::is_empty));
    found
}

/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>
fn resource_control(org: &mut Scope<'_, Organization>, guardrail: &OrganizationGuardrail) {
    let Body::ResourceControl(statements) = &guardrail.body else { return };
    let refused = statements.iter().map(Prop::from).any(|statement| {
        let Some(statement) = statement.as_object() else { return false };
        let is = |key: &str, value: &str| statement.get(key).and_then(Prop::as_str) == Some(value);
        is("Effect", "Allow") || is("Action", "*") || statement.get("NotAction").is_some()
    });
    if refused {
        let problem = format!("has the guardrail `{}`, which AWS refuses", guardrail.id());
        let allowed = "statements that deny actions of named services: `s3:*`";
        let help = "name the services, or make it a guardrail of principals: `service_control`";
        report(org, &codes::GUARDRAIL_STATEMENT, &problem, allowed, help);
    }
}

/// A setting that its type of policy does not have, or a value that it does not take.
fn setting(org: &mut Scope<'_, Organization>, guardrail: &OrganizationGuardrail) {
    let Body::Declarative(policy_type, content) = &guardrail.body else { return };
    if let Some((problem, allowed)) = schema::problem(*policy_type, content) {
        let problem = format!("has the guardrail `{}`, which {problem}", guardrail.id());
        let help = "write it as the page of its type does; for what is newer than this check, add an \
                    `OrganizationPolicy`";
        report(org, &codes::GUARDRAIL_SETTING, &problem, &allowed, help);
    }
}

fn report(
    org: &mut Scope<'_, Organization>,
    code: &'static Code,
    problem: &str,
    allowed: &str,
    help: &str,
) {
    let message = format!("`{}` {problem}", org.path());
    let diagnostic = Diagnostic::error(code, message, org.location());
    org.report(diagnostic.allowed(allowed).help(help));
}
