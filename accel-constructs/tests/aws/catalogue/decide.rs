//! What becomes of a probe where the guardrails of an organization are in force, as `accel-policy` decides.

use accel_core::policy::Probe;
use accel_policy::{
    Decision, Known, Level, Origin, Policy, PolicySet, Principal, Request, evaluate,
};
use serde_json::{Value, json};

/// The organization of the probes.
pub(crate) const ORGANIZATION: &str = "o-example111";

/// What is in force in an account of an organization whose guardrails are attached to its root.
pub(crate) struct InForce {
    scps: Vec<Level>,
    rcps: Vec<Level>,
}

impl InForce {
    /// Of policies with their types; those that are no statements are left out.
    pub(crate) fn new(policies: &[(String, Value)]) -> Self {
        let of = |wanted: &str, full: &str| {
            let ours = policies.iter().filter(|(policy_type, _)| policy_type == wanted);
            let ours = ours.map(|(_, content)| policy(content));
            let policies = [Policy::full_access(full)].into_iter().chain(ours).collect();
            let mut levels = vec![Level { name: "root".to_owned(), policies }];
            // AWS attaches its own policy to whatever is made.
            levels.extend(["unit", "account"].map(|name| Level {
                name: name.to_owned(),
                policies: vec![Policy::full_access(full)],
            }));
            levels
        };
        Self {
            scps: of("SERVICE_CONTROL_POLICY", "FullAWSAccess"),
            rcps: of("RESOURCE_CONTROL_POLICY", "RCPFullAWSAccess"),
        }
    }

    /// What becomes of a probe. Everything else allows it: whoever asks may do anything, and what is asked
    /// for is open to everybody.
    pub(crate) fn decide(&self, probe: &Probe) -> Decision {
        let request = request(probe);
        let open = json!({"Statement": {
            "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"
        }});
        // Policies of principals bind the principals of our own accounts.
        let organization = [ORGANIZATION.to_owned()];
        let ours = request.context().get("aws:PrincipalOrgID") == Known::Values(&organization);
        let policies = PolicySet {
            identity: vec![Policy::full_access("AdministratorAccess")],
            resource: Some(policy(&open)),
            scps: if ours { self.scps.clone() } else { Vec::new() },
            rcps: self.rcps.clone(),
            ..PolicySet::default()
        };
        evaluate(&request, &policies)
    }
}

/// A request of which all is said: what every request has, unless the probe says otherwise.
fn request(probe: &Probe) -> Request {
    let principal = principal(probe);
    let is_of_account = principal.account().is_some();
    let region = probe.resource().split(':').nth(3).filter(|region| !region.is_empty());
    let mut request = Request::new(principal, probe.action(), probe.resource())
        .with("aws:RequestedRegion", [region.unwrap_or("us-east-1")])
        .with("aws:SecureTransport", ["true"])
        .with("s3:TlsVersion", ["1.3"]);
    if is_of_account {
        request = request.with("aws:PrincipalOrgID", [ORGANIZATION]);
    }
    for (key, values) in probe.context() {
        request = request.with(key, values.iter().map(|value| value.as_str().expect("a literal")));
    }
    request.complete()
}

fn principal(probe: &Probe) -> Principal {
    let name = probe.principal();
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    match parts[..] {
        ["arn", _, _, _, _, user] if user.starts_with("user/") => Principal::user(name),
        ["arn", _, _, _, _, role] if role.starts_with("role/") => {
            Principal::role_session(name, "session")
        }
        ["arn", _, _, _, account, "root"] => Principal::root(account),
        _ if probe.action() == "sts:AssumeRoleWithWebIdentity" => {
            Principal::Federated(name.to_owned())
        }
        _ if name.ends_with(".amazonaws.com") => Principal::Service(name.to_owned()),
        _ => panic!("{name} is no principal of a probe"),
    }
}

fn policy(document: &Value) -> Policy {
    Policy::from_value(document, Origin::default()).expect("a policy")
}

/// The texts of an element: a list, one, or none.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => {
            items.iter().map(|it| it.as_str().expect("a text").to_owned()).collect()
        }
        value => vec![value.as_str().expect("a text").to_owned()],
    }
}
