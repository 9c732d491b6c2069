//! Looks at nodes and says what would be done.

use std::{collections::BTreeMap, sync::Arc};

use accel_synth::manifest::ValueSource;

use super::{Engine, Failure, Shared, State, Trouble};
use crate::{
    cloud::Cloud,
    graph::{Node, Subject},
    plan::{Action, Entry, Plan},
};

impl<C: Cloud + 'static> Engine<C> {
    /// Looks at the nodes of `paths` and says what would be done. It changes nothing.
    ///
    /// # Errors
    /// The first node that cannot be looked at although what it waits for is there: what is not known is
    /// not planned on.
    pub async fn plan(&self, paths: &[String]) -> Result<Plan, Failure> {
        let shared = &self.shared;
        shared.who_calls().await.map_err(|trouble| shared.failure("", &trouble))?;
        let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
        let mut failed = None;
        let look = |shared: Arc<Shared<C>>, path: String| async move {
            match shared.graph.get(&path) {
                Some(node) => shared.look(node).await,
                None => Err(Trouble::Refused(format!("there is no `{path}`"))),
            }
        };
        let taken = |path: &str, result: Result<State, Trouble>| {
            let Some(node) = shared.graph.get(path) else { return true };
            let waits: Vec<&str> = (node.after.iter())
                .filter(|after| {
                    entries.get(*after).is_some_and(|entry| {
                        matches!(entry.action, Action::Create | Action::AfterOthers)
                    })
                })
                .map(String::as_str)
                .collect();
            let (action, mut reasons) = match result {
                Ok(State::Present) => {
                    let reasons = changing_sources(node, &entries);
                    let action =
                        if reasons.is_empty() { Action::None } else { Action::AfterOthers };
                    (action, reasons)
                }
                Ok(State::Absent(remarks)) => (Action::Create, remarks),
                Ok(State::Differs(reasons)) if node.is_removal() => (Action::Delete, reasons),
                Ok(State::Differs(mut reasons)) => {
                    reasons.extend(shared.losses_of(path));
                    (Action::Update, reasons)
                }
                Err(Trouble::Unknown(what)) => (Action::AfterOthers, vec![format!("needs {what}")]),
                Err(trouble) if !waits.is_empty() && !trouble.is_expired() => {
                    (Action::AfterOthers, vec![format!("waits for `{}`", waits.join("`, `"))])
                }
                Err(trouble) => {
                    failed.get_or_insert_with(|| shared.failure(path, &trouble));
                    (Action::AfterOthers, vec![shared.without_secrets(trouble.to_string())])
                }
            };
            // Of one that is there, its look says what goes first.
            if matches!(action, Action::Create | Action::AfterOthers)
                && let Some(unit) = node.canary()
            {
                reasons.push(format!("first in `{unit}`"));
            }
            entries.insert(path.to_owned(), Entry::new(&shared.graph, node, action, reasons));
            true
        };
        self.each(paths, look, taken).await;
        if shared.stop.asked().is_some() {
            let trouble = Trouble::Stopped("the plan was asked to end".to_owned());
            failed.get_or_insert_with(|| shared.failure("", &trouble));
        }
        match failed {
            Some(failure) => Err(failure),
            None => Ok(Plan {
                app: shared.graph.manifest.app.clone(),
                prerequisites: shared.prerequisites(&entries).await,
                entries: entries.into_values().collect(),
                left: shared.left().await,
            }),
        }
    }
}

/// The stacks that change and that a node takes values from.
fn changing_sources(node: &Node, entries: &BTreeMap<String, Entry>) -> Vec<String> {
    let parameters = match &node.subject {
        Subject::Step(_) | Subject::Removal(_) => return Vec::new(),
        Subject::Stack(stack) => &stack.template.parameters,
        Subject::StackSet(set) => &set.template.parameters,
    };
    let mut reasons = Vec::new();
    for (name, source) in parameters {
        if let ValueSource::Output { stack, .. } = source
            && entries.get(stack).is_some_and(|entry| entry.action != Action::None)
        {
            reasons.push(format!("`{name}` may change with `{stack}`"));
        }
    }
    reasons
}
