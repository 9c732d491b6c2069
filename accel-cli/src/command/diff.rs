use std::{fmt, path::PathBuf};

use accel_core::App;
use accel_synth::{
    Assembly,
    diff::{self, Action, Blocked},
};
use clap::{
    Args,
    builder::styling::{AnsiColor, Style},
};
use serde::Serialize;

use super::Json;
use crate::{
    codes,
    input::{Input, Written},
    outcome::{Exit, Outcome},
    problem::{Problem, Problems},
};

/// Show what deploying the app over a written assembly would do
#[derive(Args, Debug)]
pub(crate) struct Diff {
    #[command(flatten)]
    old: Written,
    #[command(flatten)]
    policy: Policy,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    pub(super) json: Json,
}

impl Diff {
    pub(super) fn run(&self, app: App) -> Result<Outcome<Answer>, Problems> {
        let old = self.old.read()?;
        let (new, warnings) = self.input.synthesize(app)?;
        Ok(self.policy.judge(&old, &new, warnings))
    }
}

/// Show what deploying an assembly over another one would do
#[derive(Args, Debug)]
pub(crate) struct DiffWritten {
    /// The directory of the assembly that is deployed
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The directory of the one to deploy
    #[arg(value_name = "NEW")]
    new: PathBuf,
    #[command(flatten)]
    policy: Policy,
    #[command(flatten)]
    pub(super) json: Json,
}

impl DiffWritten {
    pub(super) fn run(&self) -> Result<Outcome<Answer>, Problems> {
        let read = |directory: &PathBuf| Written { directory: directory.clone() }.read();
        Ok(self.policy.judge(&read(&self.old)?, &read(&self.new)?, Problems::default()))
    }
}

/// What a difference means for the exit code.
#[derive(Args, Debug)]
struct Policy {
    /// Exit with 2 if there are differences
    #[arg(long)]
    exit_code: bool,
    /// Let stateful resources be replaced; without it that is an error
    #[arg(long)]
    allow_replace: bool,
    /// Let stateful resources be deleted; without it that is an error
    #[arg(long)]
    allow_delete: bool,
}

impl Policy {
    fn judge(&self, old: &Assembly, new: &Assembly, mut found: Problems) -> Outcome<Answer> {
        let diff = diff::diff(old, new);
        let blocked = diff.blocked(self.allow_replace, self.allow_delete);
        found.0.extend(blocked.iter().map(Problem::from));
        let exit = match () {
            () if !blocked.is_empty() => Exit::Diagnostics,
            () if self.exit_code && !diff.is_empty() => Exit::Differences,
            () => Exit::Done,
        };
        Outcome { answer: Answer(diff), problems: found, exit }
    }
}

impl From<&Blocked> for Problem {
    fn from(blocked: &Blocked) -> Self {
        let flag = match blocked.action {
            Action::Remove => "--allow-delete",
            _ => "--allow-replace",
        };
        Self::new(&codes::STATEFUL_LOSS, blocked.to_string()).help(format!(
            "if it was renamed, say so with `app.moved(old, new)`; if it is meant, pass `{flag}`"
        ))
    }
}

/// The differences, each line in the color of what happens.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Answer(diff::Diff);

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&colored(&self.0))
    }
}

pub(super) fn colored(diff: &diff::Diff) -> String {
    let text = diff.to_string();
    let lines = text.lines().map(|line| {
        let style = style(line);
        format!("{style}{line}{style:#}\n")
    });
    lines.collect()
}

fn style(line: &str) -> Style {
    match line.split_whitespace().next() {
        Some("+") => AnsiColor::Green.on_default(),
        Some("-" | "-/+") => AnsiColor::Red.on_default(),
        Some("~" | "~/+") => AnsiColor::Yellow.on_default(),
        _ => Style::new(),
    }
}
