//! What guardrails are worth where they are attached: their own requests, decided by the synthesized policies of
//! everything that is in force there.

use accel_core::{
    Diagnostic, Diagnostics, Object, Prop,
    policy::{GuardrailProbes, Probe, ProbeKind},
    tree::{NodeId, Tree},
};
use accel_policy::{Decision, Known, PolicySet, Principal, Request, evaluate};
use litemap::{Entry, LiteMap};

use crate::{
    access::{Access, AccessError, ORGANIZATION, Situation},
    codes,
};

/// A guardrail, and what becomes of its requests.
pub(crate) struct Shown {
    guardrail: String,
    construct: String,
    controls: Vec<String>,
    /// Where it was asked; none if it is in force in no account that it could bind.
    account: Option<String>,
    probes: Vec<Prop>,
}

/// Decides the requests of all guardrails, and reports those guardrails that stop nothing.
pub(crate) fn decide(
    tree: &Tree,
    access: &Access<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Shown> {
    let mut places = LiteMap::<NodeId, Option<Place<'_>>>::new_vec();
    let mut all = Vec::new();
    for (node, probes) in tree.probes() {
        let place = places.entry(*node).or_insert_with(|| Place::of(&tree.path(*node), access));
        let mut rows = Vec::new();
        if let Some(place) = place {
            for probe in &probes.probes {
                // A policy that cannot be read is reported by who asks for this.
                let Ok(decision) = place.decide(probe) else { continue };
                if probe.kind() == ProbeKind::Attack && decision.is_allowed() {
                    let id = &probes.guardrail;
                    diagnostics.push(without_effect(tree, *node, id, probe, place.account));
                }
                rows.push(row(probe, &decision));
            }
        }
        all.push(Shown::new(probes, tree.path(*node), place.as_ref().map(|it| it.account), rows));
    }
    all.sort_by(|a, b| (&a.guardrail, &a.construct).cmp(&(&b.guardrail, &b.construct)));
    all
}

/// The account in which the policies of a construct are asked, and whoever asked there before: their policies
/// are many, and most requests are of the same two roles.
struct Place<'a> {
    access: &'a Access<'a>,
    account: &'a str,
    somebody: LiteMap<String, Situation>,
}

impl<'a> Place<'a> {
    /// The first account in which all policies of the construct are in force, and which they can bind.
    fn of(construct: &str, access: &'a Access<'a>) -> Option<Self> {
        let attached = access.attached().ok()?;
        let is_own =
            |path: &String| path.strip_prefix(construct).is_some_and(|rest| rest.starts_with('/'));
        let own =
            attached.iter().filter(|it| it.policy.origin().construct.as_ref().is_some_and(is_own));
        let own: Vec<_> = own.map(|it| &it.targets).collect();
        let account = access.members().find(|account| {
            let chain = access.chain(account);
            let in_force = |target: &String| target == "root" || chain.contains(target);
            !own.is_empty() && own.iter().all(|targets| targets.iter().any(in_force))
        })?;
        Some(Self { access, account, somebody: LiteMap::new_vec() })
    }

    fn decide(&mut self, probe: &Probe) -> Result<Decision, AccessError> {
        let here = |text: &str| text.replace(Probe::ACCOUNT, self.access.id(self.account));
        let says_region = probe.context().any(|(key, _)| key.eq_ignore_ascii_case(REGION));
        let region = self.access.region(self.account);
        let resource = match here(probe.resource()) {
            resource if says_region => resource,
            resource => resource.replace(&format!(":{}:", Probe::REGION), &format!(":{region}:")),
        };
        let principal = principal(&here(probe.principal()), probe);
        let context = probe.context().map(|(key, values)| {
            // What only the deployment knows of a request is the organization it comes from.
            let values =
                values.iter().map(|value| value.as_str().map_or(ORGANIZATION.to_owned(), here));
            (key, values.collect::<Vec<_>>())
        });
        let context: Vec<_> = context.collect();
        let situation = match self.somebody.entry(probe.principal().to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.access.unlimited(principal, self.account)?),
        };
        situation.resource = resource;
        let request = request(situation, probe, region, context);
        let own = [ORGANIZATION.to_owned()];
        if request.context().get("aws:PrincipalOrgID") == Known::Values(&own) {
            return Ok(evaluate(&request, &situation.policies));
        }
        // Policies of principals bind those of the organization alone.
        let scps = Vec::new();
        Ok(evaluate(&request, &PolicySet { scps, ..situation.policies.clone() }))
    }
}

const REGION: &str = "aws:RequestedRegion";

/// A request of which all is said: what every request has, unless the probe says otherwise.
fn request(
    situation: &Situation,
    probe: &Probe,
    region: &str,
    context: Vec<(&str, Vec<String>)>,
) -> Request {
    let mut request = situation
        .request(probe.action())
        .with(REGION, [region])
        .with("aws:SecureTransport", ["true"])
        .with("s3:TlsVersion", ["1.3"]);
    for (key, values) in context {
        request = request.with(key, values);
    }
    request.complete()
}

fn principal(name: &str, probe: &Probe) -> Principal {
    match Principal::parse(name) {
        // What a provider of identities says who it is has no account.
        _ if probe.action() == "sts:AssumeRoleWithWebIdentity" => {
            Principal::Federated(name.to_owned())
        }
        Some(principal) => principal,
        None => Principal::Service(name.to_owned()),
    }
}

fn row(probe: &Probe, decision: &Decision) -> Prop {
    let mut row = Object::new();
    row.insert("kind", probe.kind().to_string());
    row.insert("story", probe.story().to_owned());
    row.insert("principal", probe.principal().to_owned());
    row.insert("action", probe.action().to_owned());
    row.insert("resource", probe.resource().to_owned());
    let word = |denied| if denied { "denied" } else { "allowed" };
    row.insert("expected", word(probe.kind().is_denied()));
    row.insert("decision", word(!decision.is_allowed()));
    if let Decision::ExplicitlyDenied(reason) = decision {
        let construct = reason.construct.clone().unwrap_or_else(|| reason.policy.clone());
        row.insert("by", construct);
        row.insert("statement", reason.sid.clone().unwrap_or_else(|| reason.statement.to_string()));
    }
    Prop::Object(row)
}

fn without_effect(
    tree: &Tree,
    node: NodeId,
    guardrail: &str,
    probe: &Probe,
    account: &str,
) -> Diagnostic {
    let message = format!(
        "`{guardrail}` of `{}` does not stop what it is there for: `{}` by `{}` is allowed in `{account}` ({})",
        tree.path(node),
        probe.action(),
        probe.principal(),
        probe.story()
    );
    Diagnostic::warning(&codes::GUARDRAIL_WITHOUT_EFFECT, message, tree[node].location())
        .help("look at its parameters and at who is exempt, or leave it out")
}

impl Shown {
    fn new(
        probes: &GuardrailProbes,
        construct: String,
        account: Option<&str>,
        rows: Vec<Prop>,
    ) -> Self {
        Self {
            guardrail: probes.guardrail.to_string(),
            construct,
            controls: probes.controls.iter().map(ToString::to_string).collect(),
            account: account.map(str::to_owned),
            probes: rows,
        }
    }

    /// As the compliance report has it.
    pub(crate) fn row(&self) -> Prop {
        let mut row = Object::new();
        row.insert("id", self.guardrail.clone());
        row.insert("construct", self.construct.clone());
        row.insert("controls", Prop::list(self.controls.iter().cloned()));
        if let Some(account) = &self.account {
            row.insert("account", account.clone());
        }
        row.insert("probes", Prop::list(self.probes.iter().cloned()));
        Prop::Object(row)
    }
}
