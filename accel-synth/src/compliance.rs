//! The compliance report: what the synthesized files show of the frameworks that an app is held to. It
//! reads the files again; what a construct says of itself counts nothing.

use std::{borrow::Cow, collections::BTreeSet};

use accel_core::{
    Diagnostic, Diagnostics, Object, Prop,
    compliance::{Claim, Control, Evidence, Framework, Subject, Test},
    tree::Tree,
};
use litemap::LiteMap;
use serde_json::Value;

use crate::{Assembly, codes, json::JsonWriter, probes::Shown};

mod artifacts;

/// Where the report is in an assembly.
pub const PATH: &str = "compliance/report.json";

/// The version of the report's format: it changes when a reader of the old one would misread the new one.
pub const VERSION: u32 = 2;

/// Reports frameworks and controls that are there twice.
pub(crate) fn check(tree: &Tree, diagnostics: &mut Diagnostics) {
    let mut frameworks = BTreeSet::new();
    for (node, framework) in tree.frameworks() {
        let id = framework.id();
        let mut twice = |what: String| {
            diagnostics.push(
                Diagnostic::error(&codes::DUPLICATE_CONTROL, what, tree[*node].location())
                    .allowed("each framework once, and in it each control once")
                    .help("leave one of them out, or give it another id"),
            );
        };
        if !frameworks.insert(id) {
            twice(format!("`{}` holds the app to `{id}` a second time", tree.path(*node)));
        }
        let mut controls = BTreeSet::new();
        for control in framework.controls() {
            let control = control.id();
            if !controls.insert(control) {
                twice(format!(
                    "`{}` has the control `{control}` of `{id}` twice",
                    tree.path(*node)
                ));
            }
        }
    }
}

/// What the files show of each framework that the app is held to: the report's rows.
pub(crate) fn frameworks(tree: &Tree, assembly: &Assembly) -> Vec<Prop> {
    let mut frameworks: Vec<&Framework> =
        tree.frameworks().iter().map(|(_, framework)| framework).collect();
    let files: Vec<_> = assembly.files().collect();
    let artifacts = Artifacts::read(&asked(&frameworks), assembly.manifest(), &files);
    frameworks.sort_by_key(|framework| framework.id());
    let frameworks = frameworks.into_iter().map(|framework| {
        let controls = framework.controls().iter().map(|control| artifacts.control(control));
        let mut row = Object::new();
        row.insert("id", framework.id());
        row.insert("total", framework.controls().len() as i64);
        row.insert("controls", Prop::list(controls));
        Prop::Object(row)
    });
    frameworks.collect()
}

/// The report.
pub(crate) fn report(frameworks: Vec<Prop>, shown: &[Shown]) -> String {
    let report = Prop::object([
        ("version", Prop::from(VERSION)),
        ("frameworks", Prop::list(frameworks)),
        ("guardrails", Prop::list(shown.iter().map(Shown::row))),
    ]);
    let mut json = JsonWriter::pretty(16_384);
    json.prop(&report, &mut |json, _| json.null());
    json.finish()
}

/// What controls ask of resources and steps, by the type or kind.
type Asked<'a> = LiteMap<&'a str, Vec<&'a Evidence>>;

fn asked<'a>(frameworks: &[&'a Framework]) -> Asked<'a> {
    let controls = frameworks.iter().flat_map(|framework| framework.controls());
    let mut left: Vec<&Evidence> = controls.flat_map(|control| control.evidence()).collect();
    let mut asked = Asked::new_vec();
    while let Some(evidence) = left.pop() {
        if let Subject::Resource(name) | Subject::Step(name) = evidence.subject() {
            asked.entry(name.as_str()).or_default().push(evidence);
        }
        left.extend(evidence.alternatives());
    }
    asked
}

/// What there is to look at.
struct Artifacts<'a> {
    things: Vec<Thing<'a>>,
    files: Vec<Found<'a>>,
    accounts: Vec<&'a str>,
}

/// A resource or a step.
struct Thing<'a> {
    subject: Subject,
    /// Whose tests it passes. What it says is not kept: it is much.
    passes: Vec<&'a Evidence>,
    account: Option<Cow<'a, str>>,
    regions: Vec<Cow<'a, str>>,
    found: Found<'a>,
}

/// One row of evidence.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Found<'a> {
    artifact: &'a str,
    pointer: Option<String>,
    construct: Cow<'a, str>,
    sha256: &'a str,
}

impl<'a> Artifacts<'a> {
    fn control(&self, control: &Control) -> Prop {
        let mut status = control.claim().status();
        let mut evidence: Vec<Found<'_>> = Vec::new();
        if control.claim() != Claim::Manual {
            let found: Option<Vec<_>> =
                control.evidence().iter().map(|evidence| self.find(evidence)).collect();
            // A control that nothing is asked of is shown by nothing.
            match found {
                Some(found) if !found.is_empty() => evidence = found.concat(),
                _ => status = "gap",
            }
        }
        evidence.sort();
        evidence.dedup();
        let mut row = Object::new();
        row.insert("id", control.id());
        row.insert("status", status);
        row.insert("evidence", Prop::list(evidence.into_iter().map(Found::row)));
        Prop::Object(row)
    }

    /// What shows it, or shows one of its alternatives; none if nothing does.
    fn find(&self, evidence: &Evidence) -> Option<Vec<Found<'a>>> {
        self.find_itself(evidence)
            .or_else(|| evidence.alternatives().iter().find_map(|other| self.find(other)))
    }

    fn find_itself(&self, evidence: &Evidence) -> Option<Vec<Found<'a>>> {
        if let Subject::File(prefix, suffix) = evidence.subject() {
            let found = self.files.iter().filter(|file| {
                let rest = file.artifact.strip_prefix(prefix.as_str());
                rest.is_some_and(|rest| rest.ends_with(suffix.as_str()))
            });
            let found: Vec<_> = found.cloned().collect();
            return (!found.is_empty()).then_some(found);
        }
        let subjects = self.things.iter().filter(|thing| thing.subject == *evidence.subject());
        let (shown, others): (Vec<&Thing<'_>>, Vec<&Thing<'_>>) = subjects
            .partition(|thing| thing.passes.iter().any(|passed| std::ptr::eq(*passed, evidence)));
        let everywhere = evidence.regions().iter().all(|region| {
            shown.iter().any(|thing| thing.regions.iter().any(|r| r == region.name()))
        });
        let everybody = !evidence.is_in_every_account()
            || self.accounts.iter().all(|account| {
                shown.iter().any(|thing| thing.account.as_deref() == Some(*account))
            });
        let refuted = evidence.is_about_every() && !others.is_empty();
        let holds = !shown.is_empty() && !refuted && everywhere && everybody;
        holds.then(|| shown.into_iter().map(|thing| thing.found.clone()).collect())
    }
}

impl Found<'_> {
    fn row(self) -> Prop {
        let Self { artifact, pointer, construct, sha256 } = self;
        let mut row = Object::new();
        row.insert("artifact", artifact);
        row.insert("construct", construct.into_owned());
        if let Some(pointer) = pointer {
            row.insert("pointer", pointer);
        }
        row.insert("sha256", sha256);
        Prop::Object(row)
    }
}

/// What `value` passes of what is asked.
fn passed<'a>(value: &Value, asked: &[&'a Evidence]) -> Vec<&'a Evidence> {
    let passes = |evidence: &&&Evidence| {
        evidence.tests().iter().all(|(pointer, test)| passes(value, pointer, test))
    };
    asked.iter().filter(passes).copied().collect()
}

/// Whether some value at `pointer` passes.
fn passes(value: &Value, pointer: &str, test: &Test) -> bool {
    let mut places = vec![value];
    for segment in pointer.split('/').skip(1) {
        places = places.into_iter().flat_map(|place| below(place, segment)).collect();
    }
    places.into_iter().any(|place| match test {
        Test::Is(literal) => is(place, literal),
        Test::AtLeast(least) => place.as_i64().is_some_and(|number| number >= *least),
        Test::Contains(text) => contains(place, text),
        Test::Present => true,
    })
}

fn below<'a>(value: &'a Value, segment: &str) -> Vec<&'a Value> {
    match (value, segment) {
        (Value::Array(items), "*") => items.iter().collect(),
        (Value::Object(members), "*") => members.values().collect(),
        (Value::Array(items), index) => {
            index.parse().ok().and_then(|index: usize| items.get(index)).into_iter().collect()
        }
        (Value::Object(members), name) => {
            members.get(&name.replace("~1", "/").replace("~0", "~")).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn is(value: &Value, literal: &Prop) -> bool {
    match (value, literal) {
        (Value::Bool(value), Prop::Bool(literal)) => value == literal,
        (Value::Number(value), Prop::Integer(literal)) => value.as_i64() == Some(*literal),
        (Value::Number(value), Prop::Float(literal)) => value.as_f64() == Some(*literal),
        (Value::String(value), Prop::String(literal)) => value == literal.as_str(),
        (Value::Array(values), Prop::List(literals)) => {
            values.len() == literals.len()
                && values.iter().zip(literals).all(|(value, literal)| is(value, literal))
        }
        (Value::Object(values), Prop::Object(literals)) => {
            values.len() == literals.len()
                && literals.iter().all(|(name, literal)| {
                    values.get(name.as_str()).is_some_and(|value| is(value, literal))
                })
        }
        _ => false,
    }
}

fn contains(value: &Value, text: &str) -> bool {
    match value {
        Value::String(value) => value.contains(text),
        Value::Array(items) => items.iter().any(|item| contains(item, text)),
        Value::Object(members) => members.values().any(|member| contains(member, text)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pointer_leads_through_lists_and_objects() {
        let value = json!({"Statement": [{"Sid": "A"}, {"Sid": "B", "a/b": 14}]});
        let passes = |pointer, test| passes(&value, pointer, &test);
        assert!(passes("/Statement/*/Sid", Test::Is("B".into())));
        assert!(passes("/Statement/1/a~1b", Test::AtLeast(14)));
        assert!(!passes("/Statement/1/a~1b", Test::AtLeast(15)));
        assert!(!passes("/Statement/0/a~1b", Test::Present));
        assert!(!passes("/Statement/2", Test::Present));
        assert!(passes("", Test::Contains("B".into())));
        assert!(!passes("/Statement/0", Test::Contains("B".into())));
    }

    #[test]
    fn literals_are_what_they_are() {
        let list = Prop::list([Prop::from(true), Prop::from(2)]);
        assert!(is(&json!([true, 2]), &list));
        assert!(!is(&json!([true]), &list));
        assert!(!is(&json!("true"), &Prop::from(true)));
        assert!(is(&json!({"a": "b"}), &Prop::object([("a", "b")])));
        assert!(!is(&json!({"a": "b", "c": 1}), &Prop::object([("a", "b")])));
    }
}
