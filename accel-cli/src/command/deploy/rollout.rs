use std::{
    io::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use accel_deploy::{Allowed, Engine, Event};
use clap::{Args, ValueEnum};

use super::{
    Wanted,
    destination::Destination,
    failure,
    parameters::Parameters,
    selection::Selection,
    session::Session,
    source::Source,
    summary::{self, Summary},
};
use crate::{outcome::Outcome, problem::Problems};

/// How changes are made.
#[derive(Args, Debug)]
pub(super) struct Rollout<S: Source> {
    #[command(flatten)]
    source: S,
    #[command(flatten)]
    destination: Destination,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    parameters: Parameters,
    /// Let stateful resources be deleted, and stacks that are protected from termination; without it those
    /// are refused
    #[arg(long)]
    allow_delete: bool,
    /// Let stateful resources be replaced; without it that is refused
    #[arg(long)]
    allow_replace: bool,
    /// Tell of every change of a state as one line of JSON on the standard output
    #[arg(long, value_name = "FORMAT")]
    events: Option<Events>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Events {
    Json,
}

impl<S: Source> Rollout<S> {
    pub(super) fn run(&self, from: S::From, wanted: Wanted) -> Result<Outcome<Summary>, Problems> {
        let (assembly, mut problems) = self.source.assembly(from, &self.destination.input())?;
        let session = Session::open(&self.destination, assembly, wanted)?;
        let paths = self.selection.paths(&session.graph)?;
        let given = self.parameters.values(&session, &paths)?;
        let files = self.destination.files();
        files.keep(&session.assembly)?;
        let journal = Mutex::new(files.open_journal()?);
        let as_json = self.events == Some(Events::Json);
        let observer = move |event: &Event| {
            // Plain structs of texts and numbers always serialize.
            let line = format!("{}\n", serde_json::to_string(event).unwrap_or_default());
            // It only tells what happened: that it cannot be written is no reason to stop in the middle.
            journal.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes()).ok();
            if as_json {
                anstream::stdout().write_all(line.as_bytes()).ok();
            } else {
                anstream::stderr().write_all(format!("{}\n", told(event)).as_bytes()).ok();
            }
        };
        let allowed = Allowed { delete: self.allow_delete, replace: self.allow_replace };
        let engine =
            Engine::allowing(Arc::clone(&session.cloud), Arc::clone(&session.graph), allowed)
                .give(given);
        let outcome = session.runtime.block_on(engine.apply(&paths, observer));
        files.write_lock(&session.assembly, &outcome.values)?;
        problems.0.extend(outcome.failed.iter().chain(&outcome.partial).map(failure::of_node));
        let exit = summary::exit(&outcome);
        let answer = Summary::new(&session, outcome, &files, as_json);
        Ok(Outcome { answer, problems, exit })
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
