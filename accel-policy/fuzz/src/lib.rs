//! What is fuzzed. The tests of accel-policy do the same with the corpus, without a fuzzer.

use accel_policy::{Decision, Origin, Policy, PolicySet, Principal, Request, evaluate, explain};
use serde_json::{Value, json};

/// A text as a policy: reading it never panics, and what it decides for some requests obeys the laws below.
pub fn policy(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(policy) = Policy::parse(text, Origin::named("fuzz")) else { return };
    let role = Principal::role_session("arn:aws:iam::111111111111:role/app", "session");
    let user = Principal::user("arn:aws:iam::111111111111:user/ada");
    let service = Principal::Service("ec2.amazonaws.com".to_owned());
    for principal in [role, user, service, Principal::root("111111111111"), Principal::Anonymous] {
        for (action, resource) in [
            ("s3:GetObject", "arn:aws:s3:::shop/ada/1"),
            ("sts:AssumeRole", "arn:aws:iam::222222222222:role/app"),
            ("ec2:DescribeInstances", "*"),
        ] {
            let request = Request::new(principal.clone(), action, resource);
            let one = || vec![policy.clone()];
            let identity = PolicySet { identity: one(), ..PolicySet::default() };
            let resource = PolicySet { resource: Some(policy.clone()), ..PolicySet::default() };
            let limits = PolicySet {
                identity: vec![Policy::full_access("all")],
                boundary: Some(policy.clone()),
                session: Some(policy.clone()),
                ..PolicySet::default()
            };
            for policies in [identity, resource, limits] {
                obeys(&request, &policies);
            }
        }
    }
}

/// Lines: an operator, a key, then values, of the policy after `=` and of the request after `+`. Evaluating the
/// condition never panics, obeys the laws below, and its negation says the contrary.
pub fn condition(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut lines = text.lines();
    let (Some(operator), Some(key)) = (lines.next(), lines.next()) else { return };
    let (mut wanted, mut given) = (Vec::new(), Vec::new());
    for line in lines {
        match (line.strip_prefix('='), line.strip_prefix('+')) {
            (Some(value), _) => wanted.push(value),
            (_, Some(value)) => given.push(value),
            _ => return,
        }
    }
    let user = Principal::user("arn:aws:iam::111111111111:user/ada");
    let mut request = Request::new(user, "s3:GetObject", "arn:aws:s3:::shop/1");
    if !given.is_empty() {
        request = request.with(key, given.iter().copied());
    }
    let decide = |operator: &str| {
        let document = json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": Value::from_iter([(operator, json!({key: wanted}))]),
        }});
        let policy = Policy::from_value(&document, Origin::named("fuzz")).ok()?;
        let policies = PolicySet { identity: vec![policy], ..PolicySet::default() };
        obeys(&request, &policies);
        Some(evaluate(&request.clone().complete(), &policies).is_allowed())
    };
    let Some(holds) = decide(operator) else { return };
    // `IfExists` and quantifiers hold, or do not, for reasons that their negation has too.
    let plain = !operator.contains(':') && !operator.to_ascii_lowercase().ends_with("ifexists");
    if let Some(opposite) = opposite(operator).filter(|_| plain) {
        assert_eq!(decide(&opposite), Some(!holds), "{operator} and {opposite} both say {holds}");
    }
}

/// The negation of an operator that has one.
fn opposite(operator: &str) -> Option<String> {
    let lower = operator.to_ascii_lowercase();
    if let Some(index) = lower.find("not") {
        return Some(format!("{}{}", &operator[..index], &operator[index + "not".len()..]));
    }
    let families = ["string", "numeric", "date", "arn"];
    let family = families.iter().find(|family| lower.starts_with(**family));
    match family {
        Some(family) if lower.contains("equals") && !lower.contains("than") => {
            Some(format!("{family}Not{}", &operator[family.len()..]))
        }
        Some(family) if lower.ends_with("like") => {
            Some(format!("{family}Not{}", &operator[family.len()..]))
        }
        None if lower == "ipaddress" => Some(format!("Not{operator}")),
        _ => None,
    }
}

/// What is decided while something is not known stays when it is, though another statement or layer may be the first
/// to say so; and an explanation decides as evaluating does.
fn obeys(request: &Request, policies: &PolicySet) {
    let open = evaluate(request, policies);
    let complete = evaluate(&request.clone().complete(), policies);
    assert!(!matches!(complete, Decision::Unknown(_)), "all is said: {complete}");
    if !matches!(open, Decision::Unknown(_)) {
        assert_eq!(open.is_allowed(), complete.is_allowed(), "{open}, and then {complete}");
    }
    assert_eq!(explain(request, policies).decision, open);
}
