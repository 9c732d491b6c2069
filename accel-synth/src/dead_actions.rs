//! Permissions that do nothing: a role's own policies allow an action by its name, and a policy of the organization
//! or the role's boundary denies it to the role whatever it asks.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::Location,
};

use accel_core::{
    Diagnostic, Diagnostics, Resource,
    tree::{NodeId, Tree},
};
use accel_policy::{Decision, Layer, Level, Policy, Reason, evaluate};
use litemap::LiteMap;

use crate::{
    access::{Access, Situation},
    codes,
    layout::{self, Layout},
    lockout::node_at,
    policies,
};

/// Reports them as warnings: nothing breaks that works without them.
pub(crate) fn check(
    tree: &Tree,
    layout: &Layout,
    access: &Access<'_>,
    diagnostics: &mut Diagnostics,
) {
    // A policy that cannot be read is reported by who asks for this.
    let Ok(attached) = access.attached() else { return };
    let mut denied =
        Denied { policies: attached.iter().map(|it| &it.policy).collect(), known: BTreeMap::new() };
    let resources = |members: &[NodeId]| {
        let resources = members.iter().filter_map(|&node| Some((node, tree[node].resource()?)));
        resources.collect::<Vec<_>>()
    };
    let templates: Vec<_> =
        layout.templates().map(|(template, members)| (template, resources(members))).collect();
    // A role may have the managed policy of another template.
    let mut managed = templates.iter().flat_map(|(_, resources)| resources);
    let is_managed = |it: &Resource| it.type_name() == "AWS::IAM::ManagedPolicy";
    let shared = managed.any(|(_, it)| is_managed(it) && may_be_dead(it, false, &mut denied));
    let mut found = LiteMap::<Dead, Vec<NodeId>>::new_vec();
    for (template, resources) in templates {
        // Reading a template takes longer than looking whether anything in it is denied to anybody.
        if !resources.iter().any(|(_, resource)| may_be_dead(resource, shared, &mut denied)) {
            continue;
        }
        for (node, resource) in resources {
            if resource.type_name() == "AWS::IAM::Role" {
                for dead in dead(tree, template, node, access, &mut denied) {
                    found.entry(dead).or_default().push(node);
                }
            }
        }
    }
    for (dead, roles) in found {
        diagnostics.push(dead.diagnostic(tree, &roles));
    }
}

/// What the policies of the organization deny outright, at least to some.
struct Denied<'a> {
    policies: Vec<&'a Policy>,
    known: BTreeMap<String, bool>,
}

impl Denied<'_> {
    fn has(&mut self, action: &str) -> bool {
        if let Some(&known) = self.known.get(action) {
            return known;
        }
        let denied = self.policies.iter().any(|policy| policy.denies_outright(action));
        self.known.insert(action.to_owned(), denied);
        denied
    }
}

/// `shared` is whether a managed policy of any template may have something dead in it.
fn may_be_dead(resource: &Resource, shared: bool, denied: &mut Denied<'_>) -> bool {
    match resource.type_name() {
        "AWS::IAM::Role" if resource.get("PermissionsBoundary").is_some() => true,
        "AWS::IAM::Role" if shared && resource.get("ManagedPolicyArns").is_some() => true,
        "AWS::IAM::Role"
        | "AWS::IAM::RolePolicy"
        | "AWS::IAM::Policy"
        | "AWS::IAM::ManagedPolicy" => {
            policies::allows_by_name(resource, &mut |action| denied.has(action))
        }
        _ => false,
    }
}

/// Actions that one policy makes dead, of roles that one line of the program made.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Dead {
    line: &'static Location<'static>,
    limit: Limit,
    actions: Vec<String>,
}

/// The policy that makes a permission dead.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Limit {
    construct: Option<String>,
    policy: String,
    sid: Option<String>,
    layer: Layer,
}

/// What is dead of a role: of one of a stack set, what is so in all accounts that have it.
fn dead(
    tree: &Tree,
    template: NodeId,
    node: NodeId,
    access: &Access<'_>,
    denied: &mut Denied<'_>,
) -> Vec<Dead> {
    let role = layout::path_below(tree, template, node);
    let in_accounts = access.role_in_accounts(&tree.path(template), &role);
    // What cannot be read has its own diagnostic.
    let mut in_accounts = in_accounts.unwrap_or_default();
    let Some(first) = in_accounts.first_mut() else { return Vec::new() };
    let own = std::mem::take(&mut first.policies.identity);
    let boundary = first.policies.boundary.clone();
    let named: BTreeSet<&str> = own.iter().flat_map(Policy::allowed_by_name).collect();
    let suspects = named.into_iter().filter(|action| {
        let limits = |it: &Policy| it.denies_outright(action) || !it.may_allow(action);
        denied.has(action) || boundary.as_ref().is_some_and(limits)
    });
    let suspects: Vec<&str> = suspects.collect();
    if suspects.is_empty() {
        return Vec::new();
    }
    in_accounts.iter_mut().for_each(free_of_its_own_limits);
    let mut dead = LiteMap::<Limit, Vec<String>>::new_vec();
    for action in suspects {
        let limits = in_accounts.iter().map(|it| limit(it, boundary.as_ref(), action));
        if let Some(limits) = limits.collect::<Option<Vec<_>>>()
            && let Some(limit) = limits.into_iter().next()
        {
            dead.entry(limit).or_default().push(action.to_owned());
        }
    }
    let line = tree[node].location();
    dead.into_iter().map(|(limit, actions)| Dead { line, limit, actions }).collect()
}

impl Dead {
    fn diagnostic(&self, tree: &Tree, roles: &[NodeId]) -> Diagnostic {
        let Limit { construct, policy, sid, layer } = &self.limit;
        let policy = construct.as_ref().unwrap_or(policy);
        let (what, help) = match (layer, sid) {
            (Layer::Boundary, None) => (
                format!("its boundary `{policy}` does not allow"),
                "take the action from the role's policies, or allow it in the boundary",
            ),
            (Layer::Boundary, Some(sid)) => (
                format!("the statement `{sid}` of its boundary `{policy}` denies"),
                "take the action from the role's policies, or the denial from the boundary",
            ),
            (_, sid) => (
                match sid {
                    Some(sid) => format!("the statement `{sid}` of `{policy}` denies"),
                    None => format!("a statement of `{policy}` denies"),
                },
                "take the action from the role's policies, or exempt the role: `.exempt([..])`",
            ),
        };
        let first = roles.first().map(|&role| tree.path(role)).unwrap_or_default();
        let who = match roles.len() {
            0 | 1 => format!("`{first}` is"),
            more => format!("`{first}` and {} more are", more - 1),
        };
        let message = format!("{who} allowed `{}`, which {what}", self.actions.join("`, `"));
        let diagnostic = Diagnostic::warning(&codes::DEAD_ACTION, message, self.line).help(help);
        match construct.as_deref().and_then(|path| node_at(tree, path)) {
            Some(node) => diagnostic.note("it is denied here", tree[node].location()),
            None => diagnostic,
        }
    }
}

/// Leaves of all policies only those that limit the role, and of these what holds whatever it asks.
fn free_of_its_own_limits(situation: &mut Situation) {
    let policies = &mut situation.policies;
    policies.identity = vec![Policy::full_access("AdministratorAccess")];
    policies.rcps.clear();
    policies.boundary = policies.boundary.as_ref().map(Policy::only_outright_denials);
    let outright = |level: &mut Level| {
        let policies = level.policies.iter().map(Policy::only_outright_denials);
        level.policies = policies.collect();
    };
    policies.scps.iter_mut().for_each(outright);
}

fn limit(situation: &Situation, boundary: Option<&Policy>, action: &str) -> Option<Limit> {
    let denied = evaluate(&situation.request(action), &situation.policies);
    if let Decision::ExplicitlyDenied(Reason { layer, policy, construct, sid, .. }) = denied {
        return Some(Limit { construct, policy, sid, layer });
    }
    // Of some resource a boundary may allow it: that it says nothing of the action at all is certain.
    let boundary = boundary.filter(|it| !it.may_allow(action))?.origin();
    Some(Limit {
        construct: boundary.construct.clone(),
        policy: boundary.policy.clone(),
        sid: None,
        layer: Layer::Boundary,
    })
}
