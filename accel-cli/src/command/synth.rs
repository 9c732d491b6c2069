use std::{fmt, path::PathBuf};

use accel_core::App;
use accel_synth::{Assembly, WriteError};
use clap::Args;
use serde::Serialize;

use super::Json;
use crate::{
    codes,
    input::Input,
    outcome::{Outcome, counted},
    problem::{Problem, Problems},
};

/// Write the assembly: templates, documents and the manifest
#[derive(Args, Debug)]
pub(crate) struct Synth {
    /// The directory, which is empty or holds an assembly
    #[arg(long, value_name = "DIR", default_value = "accel.out")]
    out: PathBuf,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    pub(super) json: Json,
}

impl Synth {
    pub(super) fn run(&self, app: App) -> Result<Outcome<Summary>, Problems> {
        let (assembly, warnings) = self.input.synthesize(app)?;
        assembly.write(&self.out).map_err(Problem::from)?;
        let mut summary = Summary::new(&assembly);
        summary.directory = Some(self.out.display().to_string());
        leave(assembly);
        Ok(Outcome::done(summary, warnings))
    }
}

/// Synthesize without writing anything
#[derive(Args, Debug)]
pub(crate) struct Check {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    pub(super) json: Json,
}

impl Check {
    pub(super) fn run(&self, app: App) -> Result<Outcome<Summary>, Problems> {
        let (assembly, warnings) = self.input.synthesize(app)?;
        let summary = Summary::new(&assembly);
        leave(assembly);
        Ok(Outcome::done(summary, warnings))
    }
}

/// The process is about to end: the memory goes back at once, and not in a hundred thousand pieces.
fn leave(assembly: Assembly) {
    std::mem::forget(assembly);
}

/// What an assembly consists of.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    /// Where it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    directory: Option<String>,
    files: Vec<String>,
    stacks: usize,
    stack_sets: usize,
}

impl Summary {
    fn new(assembly: &Assembly) -> Self {
        Self {
            directory: None,
            files: assembly.files().map(|(path, _)| path.to_owned()).collect(),
            stacks: assembly.manifest().stacks.len(),
            stack_sets: assembly.manifest().stack_sets.len(),
        }
    }
}

/// Every file that was written, and one line that sums up.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(directory) = &self.directory {
            for path in &self.files {
                writeln!(f, "{directory}/{path}")?;
            }
        }
        let counts = [
            counted(self.files.len(), "file"),
            counted(self.stacks, "stack"),
            counted(self.stack_sets, "stack set"),
        ];
        write!(f, "{}", counts.join(", "))?;
        match &self.directory {
            Some(directory) => writeln!(f, " in {directory}"),
            None => writeln!(f),
        }
    }
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::ForeignFile(path) => {
                let message = format!("`{}` is not a file of an assembly", path.display());
                Self::new(&codes::FOREIGN_FILE, message)
                    .help("name an empty directory with `--out`, or remove the file")
            }
            WriteError::Io(path, error) => {
                Self::new(&codes::CANNOT_WRITE, format!("`{}`: {error}", path.display()))
                    .help("name another directory with `--out`")
            }
        }
    }
}
