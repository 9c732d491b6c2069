//! Why a request is decided as it is: what each kind of policy says of it.

use std::collections::BTreeSet;

use crate::{
    condition::Truth,
    evaluate::{
        Decision, Grant, Layer, PolicySet, Reason, evaluate, grant, layers, matches,
        out_of_resource_control,
    },
    policy::{Effect, Policy},
    request::{Principal, Request},
};

/// A decision with what each kind of policy says, in the order in which people ask: the organization from
/// the root down, the resource, the principal, and what limits it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What [`evaluate`] says.
    pub decision: Decision,
    /// A step for each layer; an organization's layers have one for each level.
    pub steps: Vec<Step>,
}

/// What one kind of policy says of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The kind; of an organization's policies, with the level, which is empty if there is none.
    pub layer: Layer,
    /// The names of its policies.
    pub policies: Vec<String>,
    /// What comes of it.
    pub outcome: Outcome,
    /// The statements that deny the request, or would if something held of which nobody said anything.
    pub denies: Vec<Match>,
    /// The statements that allow it, likewise.
    pub allows: Vec<Match>,
}

/// What comes of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A statement denies it, which decides.
    Denies,
    /// A statement allows it and none denies it.
    Allows,
    /// No statement is about it.
    Silent,
    /// It hangs on these keys of the context.
    Unknown(BTreeSet<String>),
    /// Policies of this kind do not count here, for this reason.
    NotInForce(&'static str),
}

/// A statement that is about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Which.
    pub reason: Reason,
    /// The keys of the context on which it hangs whether it is; none if it certainly is.
    pub missing: BTreeSet<String>,
    /// How closely it names the principal, if it is of a resource.
    pub grant: Option<Grant>,
}

/// Decides a request as [`evaluate`] does, and says what each kind of policy has to do with it.
///
/// ```
/// use accel_policy::{Origin, Outcome, Policy, PolicySet, Principal, Request, explain};
///
/// let allow = r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#;
/// let policies = PolicySet {
///     identity: vec![Policy::parse(allow, Origin::named("reader"))?],
///     ..PolicySet::default()
/// };
/// let reader = Principal::user("arn:aws:iam::111111111111:user/reader");
/// let why = explain(&Request::new(reader, "s3:GetObject", "arn:aws:s3:::orders/1"), &policies);
/// assert!(why.decision.is_allowed());
/// assert!(why.steps.iter().any(|step| step.outcome == Outcome::Allows));
/// # Ok::<(), accel_policy::ParseError>(())
/// ```
#[must_use]
pub fn explain(request: &Request, policies: &PolicySet) -> Explanation {
    let mut steps = Vec::new();
    let in_force = layers(request, policies);
    let bounded = policies.boundary.is_some();
    let mut of = |wanted: &dyn Fn(&Layer) -> bool, absent: (Layer, &'static str)| {
        let found = in_force.iter().filter(|(layer, _)| wanted(layer));
        let before = steps.len();
        steps.extend(found.map(|(layer, policies)| Step::new(request, layer, policies, bounded)));
        if steps.len() == before {
            let (layer, why) = absent;
            steps.push(Step {
                layer,
                policies: Vec::new(),
                outcome: Outcome::NotInForce(why),
                denies: Vec::new(),
                allows: Vec::new(),
            });
        }
    };
    let level = String::new;
    let no_resource_control = out_of_resource_control(request, policies)
        .unwrap_or("the resource's account is in no organization that is known here");
    of(
        &|layer| matches!(layer, Layer::ServiceControl(_)),
        (Layer::ServiceControl(level()), no_service_control(request, policies)),
    );
    of(
        &|layer| matches!(layer, Layer::ResourceControl(_)),
        (Layer::ResourceControl(level()), no_resource_control),
    );
    of(&|layer| *layer == Layer::Resource, (Layer::Resource, "the resource has none"));
    let nobody = match request.principal() {
        Principal::Root { .. } => "the root user has none, and may what nothing denies",
        _ => "the principal has none",
    };
    of(&|layer| *layer == Layer::Identity, (Layer::Identity, nobody));
    of(&|layer| *layer == Layer::Boundary, (Layer::Boundary, "the principal has none"));
    of(&|layer| *layer == Layer::Session, (Layer::Session, "the session has none"));
    Explanation { decision: evaluate(request, policies), steps }
}

fn no_service_control(request: &Request, policies: &PolicySet) -> &'static str {
    let principal = request.principal();
    match () {
        () if principal.account().is_none() => "the principal is in no account",
        () if principal.is_service_linked() => "they do not limit service-linked roles",
        () if policies.principal_manages => "they do not limit the management account",
        () => "the principal's account is in no organization that is known here",
    }
}

impl Step {
    fn new(request: &Request, layer: &Layer, policies: &[&Policy], bounded: bool) -> Self {
        let (mut denies, mut allows) = (Vec::new(), Vec::new());
        for policy in policies {
            for (index, statement) in policy.statements.iter().enumerate() {
                let missing = match matches(statement, request, layer, bounded) {
                    Truth::Yes => BTreeSet::new(),
                    Truth::No => continue,
                    Truth::Unknown(keys) => keys,
                };
                let reason = Reason::new(layer, policy, index);
                let of_resource = *layer == Layer::Resource;
                let grant = of_resource.then(|| grant(statement, request.principal())).flatten();
                let found = Match { reason, missing, grant };
                match statement.effect {
                    Effect::Deny => denies.push(found),
                    Effect::Allow => allows.push(found),
                }
            }
        }
        let names = policies.iter().map(|policy| policy.origin().policy.clone()).collect();
        let outcome = outcome(&denies, &allows);
        Self { layer: layer.clone(), policies: names, outcome, denies, allows }
    }
}

fn outcome(denies: &[Match], allows: &[Match]) -> Outcome {
    let certain = |found: &[Match]| found.iter().any(|one| one.missing.is_empty());
    let keys = |found: &[Match]| -> BTreeSet<String> {
        found.iter().flat_map(|one| one.missing.iter().cloned()).collect()
    };
    match () {
        () if certain(denies) => Outcome::Denies,
        () if !denies.is_empty() => {
            let open = if certain(allows) { BTreeSet::new() } else { keys(allows) };
            Outcome::Unknown(keys(denies).into_iter().chain(open).collect())
        }
        () if certain(allows) => Outcome::Allows,
        () if allows.is_empty() => Outcome::Silent,
        () => Outcome::Unknown(keys(allows)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Level, Origin};

    fn policy(name: &str, statement: serde_json::Value) -> Policy {
        Policy::from_value(&json!({"Statement": statement}), Origin::named(name)).expect("is one")
    }

    #[test]
    fn each_kind_of_policy_has_its_step() {
        let allow = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
        let deny = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {
            "StringEquals": {"aws:RequestedRegion": "eu-west-1"}
        }});
        let levels = vec![
            Level { name: "root".to_owned(), policies: vec![policy("full", allow.clone())] },
            Level {
                name: "unit".to_owned(),
                policies: vec![policy("full", allow.clone()), policy("own", deny)],
            },
        ];
        let policies = PolicySet {
            identity: vec![policy("reader", allow)],
            scps: levels,
            ..PolicySet::default()
        };
        let role = Principal::role_session("arn:aws:iam::111111111111:role/app", "s");
        let request = Request::new(role, "s3:GetObject", "arn:aws:s3:::orders/1");
        let outcomes = |request: &Request| -> Vec<(String, Outcome)> {
            let why = explain(request, &policies);
            why.steps.into_iter().map(|step| (step.layer.to_string(), step.outcome)).collect()
        };
        let open = outcomes(&request);
        let unknown = Outcome::Unknown(BTreeSet::from(["aws:requestedregion".to_owned()]));
        assert_eq!(open[0].1, Outcome::Allows);
        assert_eq!(open[1], ("service control policies of `unit`".to_owned(), unknown));
        assert!(matches!(open[2].1, Outcome::NotInForce(_)));
        let here = request.with("aws:RequestedRegion", ["eu-west-1"]);
        assert_eq!(outcomes(&here)[1].1, Outcome::Denies);
        assert_eq!(outcomes(&here)[4].1, Outcome::Allows);
    }
}
