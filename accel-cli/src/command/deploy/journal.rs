use std::{
    fs::File,
    io::Write as _,
    sync::{Mutex, PoisonError},
};

use accel_deploy::{Action, Event, Plan, Tally};
use serde::Serialize;
use serde_json::Value;

use super::{bars::Bars, files::Files};
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
    watched: Watched,
}

/// How whoever watches is told.
#[derive(Debug)]
enum Watched {
    Json,
    Bars(Bars),
    Lines,
}

/// An event of a run, as a line of JSON.
#[derive(Serialize)]
struct Kept<'a> {
    plan: &'a str,
    #[serde(flatten)]
    event: &'a Event,
}

/// What of an event is for people.
pub(super) struct Line<'a> {
    to: &'a str,
    node: &'a str,
    account: Option<&'a str>,
    region: Option<&'a str>,
    reason: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// Of an event as it was kept.
    pub(super) fn of(kept: &'a Value) -> Self {
        let text = |name: &str| kept[name].as_str();
        Self {
            to: text("to").unwrap_or_default(),
            node: text("node").unwrap_or_default(),
            account: text("account"),
            region: text("region"),
            reason: text("reason"),
        }
    }
}

impl Journal {
    pub(super) fn open(files: &Files, plan: &Plan, as_json: bool) -> Result<Self, Problems> {
        let changing = plan.entries.iter().filter(|entry| entry.action != Action::None).count();
        let watched = match Bars::at_the_terminal(changing as u64) {
            _ if as_json => Watched::Json,
            Some(bars) => Watched::Bars(bars),
            None => Watched::Lines,
        };
        Ok(Self { file: Mutex::new(files.open_journal()?), plan: plan.hash(), watched })
    }

    pub(super) fn note(&self, event: &Event) {
        // Plain structs of texts and numbers always serialize.
        let kept = serde_json::to_value(Kept { plan: &self.plan, event }).unwrap_or_default();
        let line = format!("{kept}\n");
        // It only tells what happened: that it cannot be written is no reason to stop in the middle.
        self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes()).ok();
        match &self.watched {
            Watched::Json => print(&line),
            Watched::Bars(bars) => bars.note(event, &told(&Line::of(&kept))),
            Watched::Lines => tell(&format!("{}\n", told(&Line::of(&kept)))),
        }
    }

    /// Whether somebody sees how many instances of a stack set are done.
    pub(super) const fn counts(&self) -> bool {
        matches!(self.watched, Watched::Bars(_))
    }

    pub(super) fn count(&self, tally: &Tally) {
        if let Watched::Bars(bars) = &self.watched {
            bars.count(tally);
        }
    }
}

pub(super) fn told(line: &Line<'_>) -> String {
    let place = match (line.account, line.region) {
        (Some(account), Some(region)) => format!(" ({account}, {region})"),
        _ => String::new(),
    };
    let reason = line.reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{:>8} {}{place}{reason}", line.to, line.node)
}
