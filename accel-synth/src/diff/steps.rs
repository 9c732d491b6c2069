use serde_json::Value;

use super::{
    Action, EntryDiff,
    edit::edits,
    entry::{action, pairs},
    identity::{Identity, steps},
};
use crate::ordered::IntoMap as _;
use litemap::LiteMap;

/// How the organization's steps differ, by account, region and setting.
pub(super) fn compare(identity: &Identity<'_>) -> Vec<EntryDiff> {
    let old = steps(identity.old).into_iter().map(|step| identity.renamed_step(&step));
    let (old, new) = (by_owner(old), by_owner(steps(identity.new).into_iter()));
    let differing = pairs(&old, &new).filter(|(_, old, new)| old != new);
    let entries = differing.filter_map(|(_, old, new)| {
        let step = new.or(old)?;
        let text = |member: &str| step[member].as_str().unwrap_or_default();
        let mut entry = EntryDiff::new(text("kind"), text("path"), action(old, new));
        if let (Some(old), Some(new)) = (old, new) {
            entry.edits = edits(&apart_from_order(old), &apart_from_order(new));
            return (!entry.edits.is_empty()).then_some(entry);
        }
        let call = |call: &Value| call["action"].as_str().unwrap_or_default().to_owned();
        entry.note = Some(match (entry.action, &step["inverse"]) {
            _ if step["call"].is_null() => call(&step["read"]["call"]),
            (Action::Remove, Value::Null) => "stays as it is: nothing takes it back".to_owned(),
            (Action::Remove, inverse) => call(inverse),
            _ => call(&step["call"]),
        });
        Some(entry)
    });
    entries.collect()
}

fn by_owner(steps: impl Iterator<Item = Value>) -> LiteMap<String, Value> {
    let owner = |step: &Value| {
        let parts = ["account", "region", "setting"].map(|part| step[part].as_str().unwrap_or(""));
        parts.join(" ")
    };
    steps.map(|step| (owner(&step), step)).into_lite_map()
}

/// What a step waits for and what it is called is nothing that is deployed.
fn apart_from_order(step: &Value) -> Value {
    let mut step = step.clone();
    if let Value::Object(step) = &mut step {
        step.remove("after");
        step.remove("path");
    }
    step
}
