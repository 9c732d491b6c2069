//! The labelled requests of accel-policy, and ten thousand at random, decided by a simulator that others wrote.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    assembly::files,
    step::{Context, Passed, Step},
    tools,
};

mod random;

const TOOL: &str = "policies";
/// How many requests at random.
const RANDOM: usize = 10_000;
const CORPUS: &str = "accel-policy/tests/corpus";
const EXPLANATIONS: &str = "tests/checkers/policies.toml";

pub(crate) const POLICIES: Step = Step {
    name: "policies",
    about: "a simulator by others decides requests as they are labelled, and those at random as accel-policy does",
    run: |context| {
        let mut cases = cases(context)?;
        cases.extend(random::cases(RANDOM)?);
        let prefix = tools::node(context, TOOL)?;
        let mut driver = context.command("node");
        driver.arg(prefix.join("driver.mjs"));
        let answers = decide(driver, &cases)?;
        let known = fs::read_to_string(context.root.join(EXPLANATIONS))?;
        let known: Explanations = toml::from_str(&known).context(EXPLANATIONS)?;
        let problems = compare(&cases, &answers, &known);
        if !problems.is_empty() {
            bail!("{} problems\n{}", problems.len(), problems.join("\n"));
        }
        let (differ, read) = (known.difference.len(), known.reading.len());
        let explained = format!("requests, {differ} of them and {read} reading explained");
        Ok(Passed::new(cases.len(), explained))
    },
};

#[derive(Deserialize)]
struct Topic {
    cases: Vec<Case>,
}

/// What of a case the simulator is given; see `accel-policy/tests/corpus.rs` for what the words mean.
#[derive(Clone, Deserialize)]
struct Case {
    name: String,
    principal: Option<String>,
    action: Option<String>,
    resource: Option<String>,
    owner: Option<String>,
    #[serde(default)]
    context: BTreeMap<String, Value>,
    version: Option<String>,
    identity: Option<Vec<Value>>,
    boundary: Option<Vec<Value>>,
    session: Option<Vec<Value>>,
    resource_policy: Option<Vec<Value>>,
    #[serde(default)]
    scps: Vec<Vec<Value>>,
    #[serde(default)]
    rcps: Vec<Vec<Value>>,
    expect: String,
    #[serde(skip)]
    otherwise: Option<Otherwise>,
}

/// What is decided where rules are read otherwise.
#[derive(Clone)]
struct Otherwise {
    /// The names of the readings that have to do with it; see [`Reading`].
    readings: Vec<&'static str>,
    decided: String,
}

impl Case {
    /// As the simulator takes it.
    fn simulation(&self) -> Value {
        let or = |given: &Option<String>, default: &str| {
            given.clone().unwrap_or_else(|| default.to_owned())
        };
        let named = |statements: &Vec<Value>| json!({"name": "policy", "policy": self.document(statements)});
        let levels = |levels: &[Vec<Value>]| -> Vec<Value> {
            let level = |(number, statements): (usize, &Vec<Value>)| {
                let policies =
                    if statements.is_empty() { Vec::new() } else { vec![named(statements)] };
                json!({"orgIdentifier": number.to_string(), "policies": policies})
            };
            levels.iter().enumerate().map(level).collect()
        };
        let mut simulation = json!({
            "request": {
                "principal": or(&self.principal, "arn:aws:iam::111111111111:role/app"),
                "action": or(&self.action, "s3:GetObject"),
                "resource": {
                    "resource": or(&self.resource, "arn:aws:s3:::shop/report.csv"),
                    "accountId": or(&self.owner, "111111111111"),
                },
                "contextVariables": self.context,
            },
            "identityPolicies": self.identity.iter().map(named).collect::<Vec<_>>(),
            "serviceControlPolicies": levels(&self.scps),
            "resourceControlPolicies": levels(&self.rcps),
        });
        if let Some(statements) = &self.boundary {
            simulation["permissionBoundaryPolicies"] = json!([named(statements)]);
        }
        if let Some(statements) = &self.session {
            simulation["sessionPolicy"] = self.document(statements);
        }
        if let Some(statements) = &self.resource_policy {
            simulation["resourcePolicy"] = self.document(statements);
        }
        simulation
    }

    /// Of all its policies.
    fn statements(&self) -> impl Iterator<Item = &Value> {
        let documents = [&self.identity, &self.boundary, &self.session, &self.resource_policy];
        let levels = self.scps.iter().chain(&self.rcps).flatten();
        documents.into_iter().flatten().flatten().chain(levels)
    }

    fn document(&self, statements: &[Value]) -> Value {
        let statement = |statement: &Value| {
            if statement == "FullAWSAccess" {
                json!({"Effect": "Allow", "Action": "*", "Resource": "*"})
            } else {
                statement.clone()
            }
        };
        let version = self.version.as_deref().unwrap_or("2012-10-17");
        let statements: Vec<Value> = statements.iter().map(statement).collect();
        json!({"Version": version, "Statement": statements})
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explanations {
    #[serde(default)]
    difference: Vec<Explanation>,
    #[serde(default)]
    reading: Vec<Reading>,
}

/// A rule that the simulator reads otherwise, and why it is read here as it is. A request at random may be decided
/// otherwise only as that reading would decide it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reading {
    name: String,
    reason: String,
}

/// A request that the simulator decides otherwise, and why its label is right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explanation {
    case: String,
    answer: String,
    reason: String,
}

fn cases(context: &Context) -> anyhow::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for file in files(&context.root.join(CORPUS))? {
        let text = fs::read_to_string(&file)?;
        let topic: Topic =
            serde_json::from_str(&text).with_context(|| file.display().to_string())?;
        cases.extend(topic.cases);
    }
    Ok(cases)
}

/// One process answers all: a line a request, a line an answer.
fn decide(mut driver: Command, cases: &[Case]) -> anyhow::Result<Vec<String>> {
    let mut input = String::new();
    for case in cases {
        input.push_str(&json!({"simulation": case.simulation()}).to_string());
        input.push('\n');
    }
    let mut process = driver.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut stdin = process.stdin.take().context("the driver reads")?;
    // Beside the reading: with both pipes full, neither side would go on.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = process.wait_with_output()?;
    ensure!(output.status.success(), "the driver stopped with {}", output.status);
    writer.join().map_err(|_| anyhow::anyhow!("the requests could not be written"))??;

    #[derive(Deserialize)]
    struct Answer {
        verdict: String,
    }
    let text = String::from_utf8(output.stdout)?;
    let answers: Vec<String> = text
        .lines()
        .map(|line| Ok(serde_json::from_str::<Answer>(line)?.verdict))
        .collect::<anyhow::Result<_>>()?;
    ensure!(answers.len() == cases.len(), "{} answers to {}", answers.len(), cases.len());
    Ok(answers.iter().map(|answer| word(answer)).collect())
}

/// The simulator's word as the labels write it; an error stays what it is.
fn word(answer: &str) -> String {
    match answer {
        "Allowed" => "allowed",
        "ImplicitlyDenied" => "implicitly-denied",
        "ExplicitlyDenied" => "explicitly-denied",
        other => other,
    }
    .to_owned()
}

/// What differs without an explanation, and explanations of nothing.
fn compare(cases: &[Case], answers: &[String], known: &Explanations) -> Vec<String> {
    let mut problems = Vec::new();
    let Explanations { difference, reading } = known;
    let (mut differ, mut read) = (vec![false; difference.len()], vec![false; reading.len()]);
    for (case, answer) in cases.iter().zip(answers) {
        if *answer == case.expect {
            continue;
        }
        let other = case.otherwise.as_ref().filter(|other| other.decided == *answer);
        let readings = other.map_or(&[][..], |other| &other.readings);
        let known = |name: &&str| reading.iter().position(|known| known.name == **name);
        let readings: Option<Vec<usize>> = readings.iter().map(known).collect();
        let same = difference.iter().position(|it| it.case == case.name && it.answer == *answer);
        match (same, readings.as_deref()) {
            (Some(index), _) => differ[index] = true,
            // With several readings at once, any of them may be what makes the difference.
            (None, Some([index])) => read[*index] = true,
            (None, Some([_, ..])) => {}
            (None, _) => problems.push(format!(
                "`{}` is labelled {}, and the simulator says {answer}\n{}\n\n[[difference]]\ncase = {:?}\nanswer = {answer:?}\nreason = \"\"\n",
                case.name,
                case.expect,
                case.simulation(),
                case.name
            )),
        }
    }
    let differ = difference.iter().map(|it| (&it.case, &it.reason)).zip(differ);
    let read = reading.iter().map(|it| (&it.name, &it.reason)).zip(read);
    for ((name, reason), used) in differ.chain(read) {
        if !used {
            problems.push(format!("{EXPLANATIONS}: `{name}` explains nothing"));
        } else if reason.trim().is_empty() {
            problems.push(format!("{EXPLANATIONS}: `{name}` needs a reason"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(expect: &str) -> Case {
        serde_json::from_value(
            json!({"name": "one", "expect": expect, "scps": [["FullAWSAccess"]]}),
        )
        .unwrap()
    }

    fn explanation(answer: &str, reason: &str) -> Explanation {
        Explanation { case: "one".to_owned(), answer: answer.to_owned(), reason: reason.to_owned() }
    }

    #[test]
    fn a_difference_needs_an_explanation_and_an_explanation_a_difference() {
        let problems = |answer: &str, known: &[(&str, &str)]| {
            let explained = |(answer, reason): &(&str, &str)| explanation(answer, reason);
            let difference = known.iter().map(explained).collect();
            let known = Explanations { difference, reading: Vec::new() };
            compare(&[case("allowed")], &[word(answer)], &known).len()
        };
        assert_eq!(problems("Allowed", &[]), 0);
        assert_eq!(problems("ExplicitlyDenied", &[]), 1);
        assert_eq!(problems("error: broken", &[]), 1);
        assert_eq!(problems("ExplicitlyDenied", &[("explicitly-denied", "so")]), 0);
        assert_eq!(problems("ExplicitlyDenied", &[("explicitly-denied", " ")]), 1);
        // An explanation of another answer explains nothing.
        assert_eq!(problems("ExplicitlyDenied", &[("implicitly-denied", "so")]), 2);
        assert_eq!(problems("Allowed", &[("explicitly-denied", "so")]), 1);
    }

    #[test]
    fn a_reading_explains_what_it_decides_and_nothing_else() {
        let problems = |answer: &str, reading: &str| {
            let otherwise =
                Otherwise { readings: vec!["r"], decided: "implicitly-denied".to_owned() };
            let case = Case { otherwise: Some(otherwise), ..case("allowed") };
            let reading = Reading { name: reading.to_owned(), reason: "so".to_owned() };
            let known = Explanations { difference: Vec::new(), reading: vec![reading] };
            compare(&[case], &[word(answer)], &known).len()
        };
        assert_eq!(problems("ImplicitlyDenied", "r"), 0);
        assert_eq!(problems("ExplicitlyDenied", "r"), 2);
        assert_eq!(problems("ImplicitlyDenied", "s"), 2);
        assert_eq!(problems("Allowed", "r"), 1);
    }

    #[test]
    fn a_case_is_a_simulation() {
        let simulation = case("allowed").simulation();
        let policy = &simulation["serviceControlPolicies"][0]["policies"][0]["policy"];
        assert_eq!(policy["Statement"][0]["Action"], "*");
        assert_eq!(simulation["request"]["action"], "s3:GetObject");
        assert_eq!(simulation.get("resourcePolicy"), None);
    }
}
