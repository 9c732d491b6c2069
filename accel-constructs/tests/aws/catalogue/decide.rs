//! Whether the guardrails of an organization deny a probe: what of IAM's evaluation their statements use,
//! written for these tests.

use accel_core::policy::Probe;
use serde_json::Value;

/// The organization of the probes.
pub(crate) const ORGANIZATION: &str = "o-example111";

/// What a request has besides what a probe says.
pub(crate) struct Request<'a> {
    probe: &'a Probe,
    context: Vec<(String, Vec<String>)>,
}

impl<'a> Request<'a> {
    pub(crate) fn new(probe: &'a Probe) -> Self {
        let mut request = Self { probe, context: Vec::new() };
        for (key, values) in probe.context() {
            let values = values.iter().map(|value| value.as_str().expect("a literal").to_owned());
            request.context.push((key.to_lowercase(), values.collect()));
        }
        let principal = probe.principal();
        let parts: Vec<&str> = principal.splitn(6, ':').collect();
        match parts[..] {
            ["arn", _, _, _, account, name] if !name.starts_with("oidc-provider/") => {
                request.default("aws:PrincipalArn", principal);
                request.default("aws:PrincipalAccount", account);
                request.default("aws:PrincipalOrgID", ORGANIZATION);
                request.default("aws:PrincipalIsAWSService", "false");
            }
            _ if principal.ends_with(".amazonaws.com") && !request.is_federated() => {
                request.default("aws:PrincipalIsAWSService", "true");
            }
            _ => request.default("aws:PrincipalIsAWSService", "false"),
        }
        let region = probe.resource().split(':').nth(3).filter(|region| !region.is_empty());
        request.default("aws:RequestedRegion", region.unwrap_or("us-east-1"));
        request.default("aws:SecureTransport", "true");
        request.default("s3:TlsVersion", "1.3");
        request
    }

    fn is_federated(&self) -> bool {
        self.probe.action() == "sts:AssumeRoleWithWebIdentity"
    }

    fn default(&mut self, key: &str, value: &str) {
        let key = key.to_lowercase();
        if self.get(&key).is_none() {
            self.context.push((key, vec![value.to_owned()]));
        }
    }

    fn get(&self, key: &str) -> Option<&[String]> {
        let key = key.to_lowercase();
        self.context.iter().find(|(known, _)| *known == key).map(|(_, values)| &values[..])
    }

    /// The `Sid` of the first statement that denies it, of policies of one of the two types.
    pub(crate) fn denied_by<'b>(&self, policy_type: &str, policy: &'b Value) -> Option<&'b str> {
        let principal = self.probe.principal();
        if principal.contains(":role/aws-service-role/") {
            return None;
        }
        // Policies of principals bind the principals of our own accounts.
        let ours = self.get("aws:PrincipalOrgID").is_some_and(|id| id[0] == ORGANIZATION);
        if policy_type == "SERVICE_CONTROL_POLICY" && !ours {
            return None;
        }
        let statements = policy["Statement"].as_array().expect("statements").iter();
        let mut denying = statements.filter(|statement| self.matches(statement));
        denying.next().map(|statement| statement["Sid"].as_str().unwrap_or_default())
    }

    fn matches(&self, statement: &Value) -> bool {
        let action = self.probe.action().to_lowercase();
        let (wanted, found) = match statement.get("NotAction") {
            Some(except) => (false, texts(except)),
            None => (true, texts(&statement["Action"])),
        };
        let about = found.iter().any(|pattern| glob(&pattern.to_lowercase(), &action)) == wanted;
        let (wanted, found) = match statement.get("NotResource") {
            Some(except) => (false, texts(except)),
            None => (true, texts(&statement["Resource"])),
        };
        let of = found.iter().any(|pattern| glob(pattern, self.probe.resource())) == wanted;
        let conditions = statement["Condition"].as_object().into_iter().flatten();
        let mut keys = conditions.flat_map(|(operator, keys)| {
            keys.as_object().expect("keys").iter().map(move |(key, values)| (operator, key, values))
        });
        about && of && keys.all(|(operator, key, values)| self.holds(operator, key, &texts(values)))
    }

    fn holds(&self, operator: &str, key: &str, values: &[String]) -> bool {
        let given = self.get(key);
        if operator == "Null" {
            return given.is_none() == (values[0] == "true");
        }
        let (any, operator) = match operator.strip_prefix("ForAnyValue:") {
            Some(operator) => (true, operator),
            None => (false, operator),
        };
        let (if_exists, operator) = match operator.strip_suffix("IfExists") {
            Some(operator) => (true, operator),
            None => (false, operator),
        };
        let negated = operator.contains("Not");
        let Some(given) = given else { return if_exists || (negated && !any) };
        let number = |text: &str| text.parse::<f64>().expect("a number");
        let passes = |given: &str| match operator {
            "StringEquals" | "Bool" => values.iter().any(|value| value == given),
            "StringNotEquals" => values.iter().all(|value| value != given),
            "StringLike" | "ArnLike" => values.iter().any(|value| glob(value, given)),
            "StringNotLike" | "ArnNotLike" => !values.iter().any(|value| glob(value, given)),
            "NumericLessThan" => values.iter().any(|value| number(given) < number(value)),
            other => panic!("{other} is not known here"),
        };
        given.iter().any(|given| passes(given))
    }
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

/// Whether `text` is like `pattern`, with `*` and `?`.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    fn of(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            ([b'*', rest @ ..], _) => {
                of(rest, text) || (!text.is_empty() && of(pattern, &text[1..]))
            }
            ([b'?', rest @ ..], [_, text @ ..]) => of(rest, text),
            ([one, rest @ ..], [other, text @ ..]) => one == other && of(rest, text),
            _ => false,
        }
    }
    of(pattern.as_bytes(), text.as_bytes())
}
