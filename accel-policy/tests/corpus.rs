//! The labelled requests in `corpus/`: who asks for what, under which policies, and what AWS's documentation says is
//! decided. They are labelled from the page that each names, never from what some program answers.
//!
//! Here the evaluator decides them, and the corpus itself is held: that it is well formed, sourced, and about everything
//! it should be about. The step `policies` of the check gives the same requests to a simulator that others wrote.

// A test fails by a panic, and a file of the corpus that cannot be read is a failure.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, collections::BTreeSet, fs, path::Path};

use accel_policy::{
    Decision, Level, Origin, Policy, PolicySet, Principal, Request, actions, evaluate,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// A file: the requests of one topic.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    /// What the labels follow, unless the case names its own.
    page: String,
    cases: Vec<Case>,
}

/// A request, by default of the role `app` for an object of its own account; keys that `context` does not have are
/// absent from the request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    page: Option<String>,
    principal: Option<String>,
    action: Option<String>,
    resource: Option<String>,
    /// The account of the resource.
    owner: Option<String>,
    #[serde(default)]
    context: BTreeMap<String, Value>,
    /// The version of every document; the newer one if not said.
    version: Option<String>,
    #[serde(default)]
    identity: Vec<Value>,
    #[serde(default)]
    boundary: Vec<Value>,
    #[serde(default)]
    session: Vec<Value>,
    #[serde(default)]
    resource_policy: Vec<Value>,
    /// One list of statements a level, from the root to the account of the principal.
    #[serde(default)]
    scps: Vec<Vec<Value>>,
    /// One list of statements a level, from the root to the account of the resource.
    #[serde(default)]
    rcps: Vec<Vec<Value>>,
    /// Whether the account manages the organization.
    #[serde(default)]
    management: bool,
    expect: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    Allowed,
    ImplicitlyDenied,
    ExplicitlyDenied,
}

impl Case {
    fn request(&self) -> Request {
        let or = |given: &Option<String>, default: &str| {
            given.clone().unwrap_or_else(|| default.to_owned())
        };
        let principal = or(&self.principal, "arn:aws:iam::111111111111:role/app");
        let request = Request::new(
            Principal::parse(&principal).unwrap_or_else(|| panic!("{}: {principal}", self.name)),
            or(&self.action, "s3:GetObject"),
            or(&self.resource, "arn:aws:s3:::shop/report.csv"),
        );
        let request = request.resource_account(or(&self.owner, "111111111111"));
        self.context.iter().fold(request, |request, (key, value)| match value {
            Value::Array(values) => request.with(key, values.iter().map(|it| it.as_str().unwrap())),
            value => request.with(key, [value.as_str().unwrap()]),
        })
    }

    fn policies(&self) -> PolicySet {
        let layer = |name: &str, statements: &[Value]| -> Option<Policy> {
            (!statements.is_empty()).then(|| self.policy(name, statements))
        };
        let levels = |levels: &[Vec<Value>], full_access: &str| -> Vec<Level> {
            let level = |(number, statements): (usize, &Vec<Value>)| {
                let own = statements.iter().filter(|it| *it != "FullAWSAccess").cloned();
                let own: Vec<Value> = own.collect();
                let is_full = full_access == "RCPFullAWSAccess" || own.len() < statements.len();
                let full = is_full.then(|| Policy::full_access(full_access));
                let policies = full.into_iter().chain(layer("attached", &own)).collect();
                Level { name: number.to_string(), policies }
            };
            levels.iter().enumerate().map(level).collect()
        };
        PolicySet {
            identity: layer("identity", &self.identity).into_iter().collect(),
            boundary: layer("boundary", &self.boundary),
            session: layer("session", &self.session),
            resource: layer("resource", &self.resource_policy),
            scps: levels(&self.scps, "FullAWSAccess"),
            rcps: levels(&self.rcps, "RCPFullAWSAccess"),
            principal_manages: self.management,
            resource_manages: self.management,
        }
    }

    fn policy(&self, name: &str, statements: &[Value]) -> Policy {
        let version = self.version.as_deref().unwrap_or("2012-10-17");
        let document = json!({"Version": version, "Statement": statements});
        Policy::from_value(&document, Origin::named(name))
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    fn statements(&self) -> impl Iterator<Item = &Value> {
        let levels = self.scps.iter().chain(&self.rcps).flatten();
        let documents = [&self.identity, &self.boundary, &self.session, &self.resource_policy];
        documents.into_iter().flatten().chain(levels)
    }
}

const OPERATORS: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

fn topics() -> Vec<(String, Topic)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.collect();
    files.sort();
    let read = |file: &std::path::PathBuf| {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(file).unwrap();
        let topic = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, topic)
    };
    files.iter().map(read).collect()
}

fn cases(topics: &[(String, Topic)]) -> impl Iterator<Item = &Case> {
    topics.iter().flat_map(|(_, topic)| &topic.cases)
}

#[test]
fn every_request_is_decided_as_the_documentation_says() {
    let topics = topics();
    let mut wrong = Vec::new();
    for (file, topic) in &topics {
        for case in &topic.cases {
            let decision = evaluate(&case.request().complete(), &case.policies());
            let verdict = match &decision {
                Decision::Allowed(_) => Some(Verdict::Allowed),
                Decision::ImplicitlyDenied(_) => Some(Verdict::ImplicitlyDenied),
                Decision::ExplicitlyDenied(_) => Some(Verdict::ExplicitlyDenied),
                Decision::Unknown(_) => None,
            };
            if verdict != Some(case.expect) {
                let page = case.page.as_ref().unwrap_or(&topic.page);
                let (name, why, expect) = (&case.name, &case.why, case.expect);
                wrong.push(format!("{file}: {name}: {decision:?}, not {expect:?}: {why} {page}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Where a key was not given and nobody said that it is absent, the answer names it or does not hang on it.
#[test]
fn what_is_not_said_is_asked_for_and_never_guessed() {
    let topics = topics();
    let mut asked = BTreeSet::new();
    for case in cases(&topics) {
        let (request, policies) = (case.request(), case.policies());
        let Decision::Unknown(keys) = evaluate(&request, &policies) else {
            let complete = evaluate(&request.clone().complete(), &policies);
            assert_eq!(evaluate(&request, &policies), complete, "{}", case.name);
            continue;
        };
        let given = |key: &String| case.context.keys().any(|it| it.eq_ignore_ascii_case(key));
        assert!(!keys.is_empty() && !keys.iter().any(given), "{}: {keys:?}", case.name);
        let answered = keys.iter().fold(request.clone(), |request, key| request.without(key));
        let answer = evaluate(&answered, &policies);
        assert_eq!(answer, evaluate(&request.complete(), &policies), "{}", case.name);
        asked.extend(keys.into_iter().map(|key| key.to_lowercase()));
    }
    for key in ["aws:principaltag/team", "aws:tagkeys", "aws:sourceip", "sts:externalid"] {
        assert!(asked.contains(key), "nobody was asked for {key}: {asked:?}");
    }
}

#[test]
fn every_case_has_a_name_of_its_own_a_reason_and_a_page_of_the_documentation() {
    let topics = topics();
    let mut names = BTreeSet::new();
    for (file, topic) in &topics {
        for case in &topic.cases {
            assert!(names.insert(&case.name), "{file}: `{}` is there twice", case.name);
            let page = case.page.as_ref().unwrap_or(&topic.page);
            assert!(page.starts_with("https://docs.aws.amazon.com/"), "{}: {page}", case.name);
            assert!(case.why.ends_with('.'), "{}: {}", case.name, case.why);
        }
    }
    assert!(names.len() >= 150, "only {} cases", names.len());
}

#[test]
fn every_action_exists_and_every_context_key_has_its_service() {
    let topics = topics();
    for case in cases(&topics) {
        let action = case.action.as_deref().unwrap_or("s3:GetObject");
        assert!(actions::action(action).is_some(), "{}: there is no {action}", case.name);
        let service = action.split_once(':').unwrap().0;
        for key in case.context.keys() {
            let known = ["aws", service].contains(&key.split_once(':').unwrap().0);
            assert!(known, "{}: {service} has no {key}", case.name);
        }
    }
}

#[test]
fn every_statement_is_one() {
    let topics = topics();
    for case in cases(&topics) {
        for statement in case.statements() {
            if statement == "FullAWSAccess" {
                continue;
            }
            let has = |names: [&str; 2]| names.iter().any(|name| statement.get(name).is_some());
            let effect = statement["Effect"].as_str();
            assert!(matches!(effect, Some("Allow" | "Deny")), "{}: {statement}", case.name);
            assert!(has(["Action", "NotAction"]), "{}: {statement}", case.name);
        }
        for statement in case.rcps.iter().flatten() {
            assert_eq!(statement["Effect"], "Deny", "{}", case.name);
        }
        let principals = case.resource_policy.iter().all(|statement| {
            statement.get("Principal").or_else(|| statement.get("NotPrincipal")).is_some()
        });
        assert!(principals, "{}: a resource's statements have principals", case.name);
    }
}

/// What a corpus of allowed requests alone would not show.
#[test]
fn each_operator_and_each_topic_has_both_outcomes() {
    let topics = topics();
    let mut outcomes = BTreeMap::<String, BTreeSet<Verdict>>::new();
    for (file, topic) in &topics {
        for case in &topic.cases {
            outcomes.entry(file.clone()).or_default().insert(case.expect);
            let conditions = case.statements().filter_map(|it| it["Condition"].as_object());
            for operator in conditions.flat_map(serde_json::Map::keys) {
                let operator = operator.rsplit(':').next().unwrap();
                let operator = operator.strip_suffix("IfExists").unwrap_or(operator);
                assert!(OPERATORS.contains(&operator), "{}: {operator}", case.name);
                outcomes.entry(operator.to_owned()).or_default().insert(case.expect);
            }
        }
    }
    for name in OPERATORS.into_iter().chain(topics.iter().map(|(file, _)| file.as_str())) {
        let outcomes = outcomes.get(name).unwrap_or_else(|| panic!("no case is about {name}"));
        assert!(outcomes.contains(&Verdict::Allowed) && outcomes.len() > 1, "{name}: {outcomes:?}");
    }
}
