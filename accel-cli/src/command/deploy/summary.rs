use std::{fmt, sync::atomic::Ordering};

use accel_core::Lock;
use accel_deploy::{Failure, Outcome};
use serde::Serialize;

use super::{files::Files, session::Session};
use crate::outcome::{Exit, counted};

/// What a deployment did.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    unchanged: usize,
    changed: Vec<String>,
    partial: Vec<String>,
    failed: Vec<String>,
    stopped: Vec<String>,
    skipped: Vec<String>,
    left: Vec<String>,
    calls: usize,
    mutating_calls: usize,
    lock: String,
    documents_that_change: Vec<String>,
    /// On the standard error, where the standard output is for events.
    #[serde(skip)]
    pub(super) is_told: bool,
}

impl Summary {
    pub(super) fn new(session: &Session, outcome: Outcome, files: &Files, before: &Lock) -> Self {
        let paths = |failures: Vec<Failure>| failures.into_iter().map(|it| it.path).collect();
        Self {
            documents_that_change: outcome
                .values
                .documents_that_change(session.assembly.manifest(), before),
            unchanged: outcome.unchanged,
            changed: outcome.changed,
            failed: paths(outcome.failed),
            stopped: paths(outcome.stopped),
            partial: paths(outcome.partial),
            skipped: outcome.skipped,
            left: outcome.left,
            calls: session.cloud.calls().load(Ordering::Relaxed),
            mutating_calls: session.cloud.mutating_calls().load(Ordering::Relaxed),
            lock: files.lock.display().to_string(),
            is_told: false,
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_told {
            return Ok(());
        }
        for setting in &self.left {
            writeln!(f, "{setting} is no longer in the app, and stays: undo it by hand")?;
        }
        for path in &self.documents_that_change {
            writeln!(f, "synthesize again: `{path}` will have values that are known now")?;
        }
        writeln!(
            f,
            "{} changed, {} unchanged, {} partial, {} failed, {} stopped, {} skipped; {}, of which {} may change something; {}",
            self.changed.len(),
            self.unchanged,
            self.partial.len(),
            self.failed.len(),
            self.stopped.len(),
            self.skipped.len(),
            counted(self.calls, "call"),
            self.mutating_calls,
            self.lock,
        )
    }
}

/// How a deployment ends.
pub(super) fn exit(outcome: &Outcome) -> Exit {
    match (&outcome.failed, &outcome.partial) {
        _ if outcome.interrupted.is_some() => Exit::Interrupted,
        (failed, _) if failed.iter().any(|failure| failure.expired) => Exit::Interrupted,
        (failed, _) if failed.iter().any(|failure| !failure.guarded) => Exit::Diagnostics,
        (failed, _) if !failed.is_empty() => Exit::Refused,
        (_, partial) if !partial.is_empty() => Exit::Partial,
        _ => Exit::Done,
    }
}
