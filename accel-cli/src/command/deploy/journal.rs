use std::{
    fs::File,
    io::Write as _,
    sync::{Mutex, PoisonError},
};

use accel_deploy::Event;
use serde::Serialize;

use super::files::Files;
use crate::{
    outcome::{print, tell},
    problem::Problems,
};

/// Tells of a run while it goes on: to its journal and to whoever watches.
#[derive(Debug)]
pub(super) struct Journal {
    file: Mutex<File>,
    /// The hash of the plan.
    plan: String,
    as_json: bool,
}

/// An event of a run, as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    plan: &'a str,
    #[serde(flatten)]
    event: &'a Event,
}

impl Journal {
    pub(super) fn open(files: &Files, plan: String, as_json: bool) -> Result<Self, Problems> {
        Ok(Self { file: Mutex::new(files.open_journal()?), plan, as_json })
    }

    pub(super) fn note(&self, event: &Event) {
        let line = Line { plan: &self.plan, event };
        // Plain structs of texts and numbers always serialize.
        let line = format!("{}\n", serde_json::to_string(&line).unwrap_or_default());
        // It only tells what happened: that it cannot be written is no reason to stop in the middle.
        self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes()).ok();
        if self.as_json {
            print(&line);
        } else {
            tell(&format!("{}\n", told(event)));
        }
    }
}

fn told(event: &Event) -> String {
    let place = match (&event.account, &event.region) {
        (Some(account), Some(region)) => format!(" ({account}, {region})"),
        _ => String::new(),
    };
    let reason = event.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{:>8} {}{place}{reason}", event.to, event.node)
}
