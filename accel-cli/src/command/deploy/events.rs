use std::fmt;

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::{
    Json,
    destination::Destination,
    journal::{Line, told},
};
use crate::{outcome::Outcome, problem::Problems};

/// Print what the last run did, from its journal
#[derive(Args, Debug)]
pub(crate) struct Events {
    #[command(flatten)]
    destination: Destination,
    #[command(flatten)]
    pub(in crate::command) json: Json,
}

impl Events {
    pub(in crate::command) fn run(&self) -> Result<Outcome<Journal>, Problems> {
        let files = self.destination.files();
        let text = files.read(&files.journal())?;
        // A killed run may have left a part of a line, and nothing decides by it.
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut events: Vec<Value> = lines.collect();
        let last = events.iter().rposition(|event| event["seq"] == 1).unwrap_or_default();
        Ok(Outcome::done(Journal { events: events.split_off(last) }, Problems::default()))
    }
}

/// What a run did, each line as the journal has it.
#[derive(Debug, Serialize)]
pub(crate) struct Journal {
    events: Vec<Value>,
}

impl fmt::Display for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for event in &self.events {
            writeln!(f, "{}", told(&Line::of(event)))?;
        }
        Ok(())
    }
}
