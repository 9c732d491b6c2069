//! Permissions that do nothing: a role's own policies allow an action by its name, and a policy of the organization
//! or the role's boundary denies it to the role whatever it asks.

use std::collections::{BTreeMap, BTreeSet};

use accel_core::{
    Diagnostic, Diagnostics, Resource,
    tree::{NodeId, Tree},
};
use accel_policy::{Decision, Layer, Level, Policy, Reason, evaluate};

use crate::{
    access::{Access, Identity, Situation},
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
    // A policy that cannot be read was reported before.
    let Ok(attached) = access.attached() else { return };
    let mut denied =
        Denied { policies: attached.iter().map(|it| &it.policy).collect(), known: BTreeMap::new() };
    for (template, members) in layout.templates() {
        let resources = || members.iter().filter_map(|&node| Some((node, tree[node].resource()?)));
        // Reading a template takes longer than looking whether anything in it is denied to anybody.
        if !resources().any(|(_, resource)| may_be_dead(resource, &mut denied)) {
            continue;
        }
        for (node, resource) in resources() {
            if resource.type_name() == "AWS::IAM::Role" {
                let role = Role { tree, template, node };
                role.check(access, &mut denied, diagnostics);
            }
        }
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

fn may_be_dead(resource: &Resource, denied: &mut Denied<'_>) -> bool {
    match resource.type_name() {
        "AWS::IAM::Role" if resource.get("PermissionsBoundary").is_some() => true,
        "AWS::IAM::Role"
        | "AWS::IAM::RolePolicy"
        | "AWS::IAM::Policy"
        | "AWS::IAM::ManagedPolicy" => {
            policies::allows_by_name(resource, &mut |action| denied.has(action))
        }
        _ => false,
    }
}

#[derive(Clone, Copy)]
struct Role<'a> {
    tree: &'a Tree,
    template: NodeId,
    node: NodeId,
}

impl Role<'_> {
    fn check(self, access: &Access<'_>, denied: &mut Denied<'_>, diagnostics: &mut Diagnostics) {
        let stack = self.tree.path(self.template);
        let role = layout::path_below(self.tree, self.template, self.node);
        // That of a stack set is in many accounts, and is no role of one stack.
        let Ok(mut situation) = access.identity(&Identity::Role { stack: &stack, role: &role })
        else {
            return;
        };
        let own = std::mem::take(&mut situation.policies.identity);
        let boundary = situation.policies.boundary.clone();
        let named: BTreeSet<&str> = own.iter().flat_map(Policy::allowed_by_name).collect();
        let suspects = named.into_iter().filter(|action| {
            let limits = |it: &Policy| it.denies_outright(action) || !it.may_allow(action);
            denied.has(action) || boundary.as_ref().is_some_and(limits)
        });
        let suspects: Vec<&str> = suspects.collect();
        if suspects.is_empty() {
            return;
        }
        free_of_its_own_limits(&mut situation);
        let mut dead = BTreeMap::<Limit, Vec<&str>>::new();
        for action in suspects {
            if let Some(limit) = limit(&situation, boundary.as_ref(), action) {
                dead.entry(limit).or_default().push(action);
            }
        }
        for (limit, actions) in dead {
            diagnostics.push(self.diagnostic(&limit, &actions));
        }
    }

    fn diagnostic(self, limit: &Limit, actions: &[&str]) -> Diagnostic {
        let Limit { construct, policy, sid, layer } = limit;
        let policy = construct.as_ref().unwrap_or(policy);
        let what = match (layer, sid) {
            (Layer::Boundary, None) => format!("its boundary `{policy}` does not allow"),
            (_, Some(sid)) => format!("the statement `{sid}` of `{policy}` denies"),
            (_, None) => format!("a statement of `{policy}` denies"),
        };
        let message = format!(
            "`{}` is allowed `{}`, which {what}",
            self.tree.path(self.node),
            actions.join("`, `")
        );
        let help = match layer {
            Layer::Boundary => {
                "take the action from the role's policies, or allow it in the boundary"
            }
            _ => "take the action from the role's policies, or exempt the role: `.exempt([..])`",
        };
        let location = self.tree[self.node].location();
        let diagnostic = Diagnostic::warning(&codes::DEAD_ACTION, message, location).help(help);
        match construct.as_deref().and_then(|path| node_at(self.tree, path)) {
            Some(node) => diagnostic.note("it is denied here", self.tree[node].location()),
            None => diagnostic,
        }
    }
}

/// The policy that makes a permission dead.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Limit {
    construct: Option<String>,
    policy: String,
    sid: Option<String>,
    layer: Layer,
}

/// Leaves of all policies only those that limit the role, and of these what is about every resource.
fn free_of_its_own_limits(situation: &mut Situation) {
    let policies = &mut situation.policies;
    policies.identity = vec![Policy::full_access("AdministratorAccess")];
    policies.rcps.clear();
    policies.boundary = policies.boundary.as_ref().map(Policy::without_excepted_resources);
    let everywhere = |level: &mut Level| {
        let policies = level.policies.iter().map(Policy::without_excepted_resources);
        level.policies = policies.collect();
    };
    policies.scps.iter_mut().for_each(everywhere);
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
