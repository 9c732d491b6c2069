//! What a change would lose that cannot be had back, and that is not allowed.

use std::collections::BTreeMap;

use accel_synth::diff::{Action, Blocked};
use serde_json::Value;

use super::{Shared, Trouble};
use crate::{cloud::Cloud, graph::Graph};

/// By path, in words: one line for each flag that would allow it.
#[derive(Debug, Default)]
pub(super) struct Losses(BTreeMap<String, Vec<String>>);

impl Losses {
    /// What the record knows, before anything is looked at.
    pub(super) fn by_record(graph: &Graph, allowed: super::Allowed) -> Self {
        let mut by_path: BTreeMap<String, Vec<Blocked>> = BTreeMap::new();
        for blocked in graph.endangered(allowed) {
            by_path.entry(blocked.template.clone()).or_default().push(blocked);
        }
        Self(by_path.into_iter().map(|(path, blocked)| (path, lines(&blocked))).collect())
    }

    pub(super) fn set(&mut self, path: &str, losses: Vec<String>) {
        self.0.insert(path.to_owned(), losses);
    }
}

impl<C: Cloud> Shared<C> {
    /// Learns what the change of a node would lose by the template that is there. The record may be missing, be
    /// behind, or not have what is adopted; where both speak, what is there counts.
    pub(super) fn learn_losses(&self, path: &str, deployed: &str) {
        let losses = match serde_json::from_str::<Value>(deployed) {
            // Of a stack that only an import has begun, there is none.
            _ if deployed.is_empty() => Vec::new(),
            Ok(_) => {
                let changes = self.changes_of(path, deployed);
                lines(&changes.blocked(self.allowed.replace, self.allowed.delete))
            }
            Err(_) if self.allowed.replace && self.allowed.delete => Vec::new(),
            Err(_) => vec![
                "needs `--allow-delete` and `--allow-replace`: the template that is deployed is no JSON, and \
                 what of it would be lost cannot be said"
                    .to_owned(),
            ],
        };
        self.losses().set(path, losses);
    }

    /// What a node would lose.
    pub(super) fn losses_of(&self, path: &str) -> Vec<String> {
        self.losses().0.get(path).cloned().unwrap_or_default()
    }

    /// Refuses to change a node that would lose something.
    pub(super) fn guard(&self, path: &str) -> Result<(), Trouble> {
        match self.losses_of(path) {
            losses if losses.is_empty() => Ok(()),
            losses => Err(Trouble::Guarded(losses.join("; "))),
        }
    }
}

fn lines(blocked: &[Blocked]) -> Vec<String> {
    let mut by_flag: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for Blocked { construct, type_name, action, loses, .. } in blocked {
        let (flag, what) = match action {
            Action::Remove => ("--allow-delete", "deleting"),
            _ => ("--allow-replace", "replacing"),
        };
        let loss = format!("{what} `{construct}` ({type_name}) loses {loses}");
        by_flag.entry(flag).or_default().push(loss);
    }
    let lines = by_flag.into_iter();
    lines.map(|(flag, losses)| format!("needs `{flag}`: {}", losses.join("; "))).collect()
}
