//! The AWS constructs, by what their templates and steps say.

use accel_constructs::foundation::Organization;
use accel_core::{App, Diagnostics, Scope, email};
use accel_synth::Assembly;
use serde_json::Value;

mod catalogue;
mod compliance;
mod dead_actions;
mod dns;
mod ecs;
mod everywhere;
mod findings;
mod foundation;
mod gitops;
mod grants;
mod guardrails;
mod identity_center;
mod incident;
mod load_balancer;
mod lockout;
mod monitors;
mod network;
mod platform;
mod probes;
mod security;
mod settings;
mod static_site;

/// An app with an organization that nothing is known of yet.
fn new_organization() -> App {
    let mut app = App::new("acme");
    let _ = organization(&mut app);
    app
}

fn organization(app: &mut App) -> Scope<'_, Organization> {
    app.open("org", Organization::create(email!("aws@example.com")))
}

fn synth(app: App) -> Assembly {
    accel_synth::synth(app).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// The codes of all diagnostics, which there must be.
fn codes(app: App) -> Vec<&'static str> {
    let Err(diagnostics) = accel_synth::synth(app) else { panic!("nothing is wrong") };
    names(&diagnostics)
}

fn names(diagnostics: &Diagnostics) -> Vec<&'static str> {
    diagnostics.iter().map(|diagnostic| diagnostic.code.name()).collect()
}

fn json(assembly: &Assembly, path: &str) -> Value {
    let files = || assembly.files().map(|(path, _)| path).collect::<Vec<_>>();
    let text = assembly.file(path).unwrap_or_else(|| panic!("no {path} in {:?}", files()));
    serde_json::from_str(text).expect("files are JSON")
}

fn template(assembly: &Assembly, stack: &str) -> Value {
    json(assembly, &format!("stacks/{stack}.template.json"))
}

/// The properties of all resources of a type, ordered by logical id.
fn of_type<'a>(template: &'a Value, name: &str) -> Vec<&'a Value> {
    let resources = template["Resources"].as_object().expect("resources");
    let of_type = resources.values().filter(|resource| resource["Type"] == name);
    of_type.map(|resource| &resource["Properties"]).collect()
}

/// The logical id of the only resource of a type whose `property` is `value`.
fn logical_id<'a>(template: &'a Value, name: &str, property: &str, value: &str) -> &'a str {
    let resources = template["Resources"].as_object().expect("resources");
    let mut found = resources.iter().filter(|(_, resource)| {
        resource["Type"] == name && resource["Properties"][property] == value
    });
    let (id, _) = found.next().unwrap_or_else(|| panic!("no {name} with {property} {value}"));
    assert!(found.next().is_none(), "several {name} with {property} {value}");
    id
}

/// What waits for what, of the steps: path to paths.
fn step<'a>(steps: &'a Value, path: &str) -> &'a Value {
    let mut all = steps["steps"].as_array().expect("steps").iter();
    all.find(|step| step["path"] == path).unwrap_or_else(|| panic!("no step {path}"))
}

fn after(entry: &Value) -> Vec<&str> {
    let after = entry["after"].as_array().map(Vec::as_slice).unwrap_or_default();
    after.iter().filter_map(Value::as_str).collect()
}
