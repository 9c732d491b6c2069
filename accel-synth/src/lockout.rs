//! Whether the policies of the organization, and boundaries, leave those who keep it running what they need:
//! who deploys, the roles of stack sets, and who mends what nobody else can. Decided by the evaluator on what
//! was synthesized.

use std::collections::BTreeSet;

use accel_core::{
    Diagnostic, Diagnostics, Prop, Resource,
    tree::{NodeId, Tree},
};
use accel_policy::{Decision, Layer, Level, Policy, Principal, evaluate};
use litemap::LiteMap;

use crate::{
    Assembly,
    access::{Access, Identity, Situation},
    codes,
    layout::Layout,
};

mod needs;

use needs::{Need, Needs, Who};

/// Whether a policy limits somebody at all: those of the organization and boundaries do.
pub(crate) fn is_possible(tree: &Tree) -> bool {
    tree.ids().filter_map(|node| tree[node].resource()).any(limits_somebody)
}

/// Reports policies that lock somebody out. What hangs on something that only a request says (a tag, an
/// address) locks nobody out for certain, and is not reported.
pub(crate) fn check(
    tree: &Tree,
    layout: &Layout,
    assembly: &Assembly,
    access: &Access<'_>,
    diagnostics: &mut Diagnostics,
) {
    // A policy that cannot be read is reported by who asks for this.
    let Ok(attached) = access.attached() else { return };
    let needs = Needs::new(tree, layout, assembly, access);
    let mut refusals = LiteMap::<Refusal, Vec<Asked<'_>>>::new_vec();
    let bounded = bounded_roles(tree);
    let (mut groups, mut decided) = (LiteMap::new_vec(), BTreeSet::new());
    for (account, all) in needs.by_account() {
        // Accounts under the same policies are decided alike, unless one of these names the account.
        let chain = access.chain(account);
        let limits = |target: &String| target == "root" || chain.contains(target);
        let in_force: Vec<usize> = (0..attached.len())
            .filter(|&index| attached[index].targets.iter().any(limits))
            .collect();
        let names = |&index: &usize| attached[index].text.contains(access.id(account));
        let own = in_force.iter().any(names).then_some(account);
        let groups_before = groups.len();
        let alike = *groups.entry(in_force).or_insert(groups_before);
        for who in needs.keepers(account) {
            let is_bounded = bounded.contains(who.name());
            let own = if is_bounded { Some(account) } else { own };
            let mut situation = None;
            let mut last = (None, false);
            for need in all.iter().copied().filter(|need| need.duty == who.duty) {
                if !decided.insert((alike, own, &who.role, need)) {
                    continue;
                }
                let stand_in = || stand_in(access, account, who, is_bounded);
                let Some(situation) = situation.get_or_insert_with(stand_in) else { break };
                let entering = (need.action == needs::ENTER).then(|| entering(access, situation));
                let situation = entering.as_ref().unwrap_or(situation);
                // The needs of one action follow each other, and mostly no policy asks for the region.
                if last.0 != Some(&need.action) {
                    last = (Some(&need.action), is_open_everywhere(situation, &need.action));
                }
                if last.1 {
                    continue;
                }
                if let Some((layer, construct, sid)) = refusal(situation, need) {
                    let refusal = Refusal { construct, sid, layer, who };
                    let asked = Asked { action: &need.action, account, region: need.region };
                    refusals.entry(refusal).or_default().push(asked);
                }
            }
        }
    }
    for (refusal, asked) in refusals {
        diagnostics.push(refusal.diagnostic(tree, &asked));
    }
}

/// What refuses somebody something.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Refusal<'a> {
    construct: Option<String>,
    sid: Option<String>,
    layer: Layer,
    who: &'a Who,
}

struct Asked<'a> {
    action: &'a str,
    account: &'a str,
    region: &'a str,
}

fn limits_somebody(resource: &Resource) -> bool {
    let kind = resource.get("Type").and_then(Prop::as_str).unwrap_or_default();
    match resource.type_name() {
        "AWS::Organizations::Policy" => kind.ends_with("_CONTROL_POLICY"),
        "AWS::IAM::Role" => resource.get("PermissionsBoundary").is_some(),
        _ => false,
    }
}

/// The names of the roles that the app makes with a boundary.
fn bounded_roles(tree: &Tree) -> BTreeSet<&str> {
    let resources = tree.ids().filter_map(|node| tree[node].resource());
    resources
        .filter(|it| it.type_name() == "AWS::IAM::Role" && it.get("PermissionsBoundary").is_some())
        .filter_map(|it| it.get("RoleName").and_then(Prop::as_str))
        .collect()
}

/// Somebody who may do whatever policies of the organization and their boundary let them.
fn stand_in(access: &Access<'_>, account: &str, who: &Who, is_bounded: bool) -> Option<Situation> {
    let role = who.name();
    // A stack set makes the role in other accounts, too.
    let bounded = is_bounded.then(|| access.identity(&Identity::NamedRole { account, role }));
    let mut situation = match bounded {
        Some(Ok(situation)) => situation,
        _ => {
            let arn = format!("arn:aws:iam::{}:role/{}", access.id(account), who.role);
            access.somebody(Principal::role_session(arn, "test")).ok()?
        }
    };
    let policies = &mut situation.policies;
    policies.identity = vec![Policy::full_access("AdministratorAccess")];
    // Of what is about to be made nobody knows the name: it may be one of the exceptions.
    let named = |level: &mut Level| {
        let known = level.policies.iter().map(Policy::without_excepted_resources);
        level.policies = known.collect();
    };
    policies.scps.iter_mut().for_each(named);
    policies.rcps.iter_mut().for_each(named);
    policies.boundary = policies.boundary.as_ref().map(Policy::without_excepted_resources);
    Some(situation)
}

/// The management account, about to become somebody.
fn entering(access: &Access<'_>, somebody: &Situation) -> Situation {
    let management = access.management().unwrap_or_default();
    let arn = format!("arn:aws:iam::{management}:role/administrator");
    let mut situation = somebody.clone();
    if let Principal::Role { arn, .. } = &somebody.principal {
        situation.resource.clone_from(arn);
    }
    situation.principal = Principal::role_session(arn, "test");
    situation.policies.principal_manages = true;
    situation.policies.boundary = None;
    situation
}

/// Whether an action is not certainly refused, whatever the region.
fn is_open_everywhere(situation: &Situation, action: &str) -> bool {
    match evaluate(&situation.request(action), &situation.policies) {
        Decision::Allowed(_) => true,
        Decision::Unknown(keys) => !keys.iter().any(|key| key.eq_ignore_ascii_case(REGION)),
        _ => false,
    }
}

const REGION: &str = "aws:RequestedRegion";

/// What certainly refuses a need: the kind of policy, its construct and the statement's name.
fn refusal(situation: &Situation, need: &Need) -> Option<(Layer, Option<String>, Option<String>)> {
    let request = situation.request(&need.action).with(REGION, [need.region]);
    match evaluate(&request, &situation.policies) {
        Decision::ExplicitlyDenied(reason) => Some((reason.layer, reason.construct, reason.sid)),
        Decision::ImplicitlyDenied(Layer::Boundary) => {
            let boundary = situation.policies.boundary.as_ref();
            let construct = boundary.and_then(|it| it.origin().construct.clone());
            Some((Layer::Boundary, construct, None))
        }
        _ => None,
    }
}

impl Refusal<'_> {
    fn diagnostic(&self, tree: &Tree, asked: &[Asked<'_>]) -> Diagnostic {
        let Self { construct, sid, layer, who } = self;
        let policy = match construct {
            Some(path) => format!("`{path}`"),
            None => format!("the {layer}"),
        };
        let statement = match sid {
            Some(sid) => format!("the statement `{sid}` of {policy} denies"),
            None if *layer == Layer::Boundary => format!("the boundary {policy} does not allow"),
            None => format!("a statement of {policy} denies"),
        };
        let (role, duty) = (&who.role, who.duty.describe());
        let shown = asked.iter().take(SHOWN).map(|Asked { action, account, region }| {
            format!("`{action}` in `{account}` ({region})")
        });
        let shown = shown.collect::<Vec<_>>().join(", ");
        let more = match asked.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message = format!("{statement} `{role}`, {duty}, what it needs: {shown}{more}");
        let node = construct.as_deref().and_then(|path| node_at(tree, path));
        let location = tree[node.unwrap_or(tree.root())].location();
        let help = match layer {
            Layer::Boundary => "allow it in the boundary, or give the role none".to_owned(),
            _ => format!(
                "exempt the role (`.exempt([\"arn:aws:iam::*:role/{role}\"])`, or `.platform_roles(..)` for all \
                 guardrails), or attach the policy to units without these accounts"
            ),
        };
        let diagnostic = Diagnostic::error(&codes::LOCKED_OUT, message, location).help(help);
        match who.named_at {
            Some(line) => diagnostic.note("the role is named here", line),
            None => diagnostic,
        }
    }
}

/// So many of what is refused are told.
const SHOWN: usize = 3;

pub(crate) fn node_at(tree: &Tree, path: &str) -> Option<NodeId> {
    tree.ids().find(|&node| tree.path(node) == path)
}
