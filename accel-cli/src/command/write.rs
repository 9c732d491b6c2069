use std::{fmt, path::PathBuf};

use accel_core::App;
use accel_synth::Assembly;
use clap::Args;
use serde::Serialize;

use super::Json;
use crate::{
    checkout::{self, Changes},
    input::{Input, Written},
    outcome::{Exit, Outcome},
    problem::Problems,
};

/// Write a repository's generated workflows and manifests into a checkout of it
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Write {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    pub(super) json: Json,
}

/// Write a repository's generated workflows and manifests into a checkout of it
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct WriteWritten {
    #[command(flatten)]
    target: Target,
    #[arg(long, value_name = "DIR", default_value = "accel.out")]
    /// The directory of the assembly
    assembly: PathBuf,
    #[command(flatten)]
    pub(super) json: Json,
}

const AFTER_HELP: &str = "\
Generated files that the app no longer makes are removed. A file that this app did not
generate is never overwritten: then nothing is written, and the exit code is 1.";

#[derive(Args, Debug)]
struct Target {
    /// The repository
    #[arg(long, value_name = "OWNER/NAME")]
    repository: String,
    /// The directory of the checkout
    path: PathBuf,
    /// Write nothing; exit with 2 if there are differences
    #[arg(long)]
    check: bool,
}

impl Write {
    pub(super) fn run(&self, app: App) -> Result<Outcome<Answer>, Problems> {
        let (assembly, warnings) = self.input.synthesize(app)?;
        self.target.run(&assembly, warnings)
    }
}

impl WriteWritten {
    pub(super) fn run(&self) -> Result<Outcome<Answer>, Problems> {
        let assembly = Written { directory: self.assembly.clone() }.read()?;
        self.target.run(&assembly, Problems::default())
    }
}

impl Target {
    fn run(&self, assembly: &Assembly, warnings: Problems) -> Result<Outcome<Answer>, Problems> {
        let changes = checkout::compare(assembly, &self.repository, &self.path)?;
        if !self.check {
            changes.apply(&self.path)?;
        }
        let differ = self.check && !changes.is_empty();
        let exit = if differ { Exit::Differences } else { Exit::Done };
        let directory = self.path.display().to_string();
        let answer = Answer { check: self.check, directory, changes };
        Ok(Outcome { answer, problems: warnings, exit })
    }
}

/// What was written, or would be.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    check: bool,
    directory: String,
    #[serde(flatten)]
    changes: Changes,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { check, directory, changes } = self;
        let Changes { created, updated, removed, unchanged } = changes;
        let created_paths = created.keys().map(|path| ("create", path));
        let updated_paths = updated.keys().map(|path| ("update", path));
        let removed_paths = removed.iter().map(|path| ("remove", path));
        for (verb, path) in created_paths.chain(updated_paths).chain(removed_paths) {
            writeln!(f, "{verb}  {path}")?;
        }
        let would = if *check { "would be " } else { "" };
        let counts = [created.len(), updated.len(), removed.len(), unchanged.len()];
        let [created, updated, removed, unchanged] = counts;
        writeln!(
            f,
            "{would}{created} created, {updated} updated, {removed} removed, {unchanged} unchanged in {directory}"
        )
    }
}
