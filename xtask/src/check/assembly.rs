//! The assembly that the independent checkers read: the whole landing-zone example, written once a run.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};

use super::{
    process::succeed,
    step::{Context, NotRun, Passed, Step},
};

pub(crate) const EXAMPLES: Step = Step {
    name: "examples",
    about: "the landing-zone example synthesizes",
    run: |context| {
        let assembly = synthesized(context)?;
        Ok(Passed::new(files(&assembly)?.len(), "files in the assembly"))
    },
};

impl Context {
    /// The assembly to check: the one given on the command line, else the example's.
    pub(crate) fn assembly(&self) -> anyhow::Result<PathBuf> {
        match &self.given_assembly {
            Some(directory) if directory.is_dir() => Ok(directory.clone()),
            Some(directory) => bail!("there is no directory {}", directory.display()),
            None => {
                synthesized(self).map_err(|_| NotRun("the example gave no assembly".into()).into())
            }
        }
    }
}

/// The example's assembly; the first call in a run writes it.
fn synthesized(context: &Context) -> anyhow::Result<PathBuf> {
    let written = context.synthesized.get_or_init(|| {
        let out = context.target("check/landing-zone");
        let mut command =
            context.cargo("run --release --example landing-zone -- synth --out".split(' '));
        succeed(command.arg(&out)).map(|_| out).map_err(|error| format!("{error:#}"))
    });
    written.clone().map_err(anyhow::Error::msg)
}

/// Every file below a directory, sorted.
pub(crate) fn files(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(directory) = pending.pop() {
        let entries =
            fs::read_dir(&directory).with_context(|| format!("reading {}", directory.display()))?;
        for entry in entries {
            let entry = entry?;
            let list = if entry.file_type()?.is_dir() { &mut pending } else { &mut found };
            list.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
