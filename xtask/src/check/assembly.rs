//! The assemblies that the independent checkers read: those of all examples, written once a run.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};

use super::{
    cargo::examples,
    inspection::ending,
    process::succeed,
    step::{Context, NotRun, Passed, Step},
};

pub(crate) const EXAMPLES: Step = Step {
    name: "examples",
    about: "every example synthesizes, landing-zone as the README says",
    run: |context| {
        let assemblies = synthesized(context)?;
        let mut count = 0;
        for assembly in &assemblies {
            count += files(assembly)?.len();
        }
        Ok(Passed::new(count, format!("files in {} assemblies", assemblies.len())))
    },
};

impl Context {
    /// The assemblies to check: the one given on the command line, else those of the examples.
    pub(crate) fn assemblies(&self) -> anyhow::Result<Vec<PathBuf>> {
        match &self.given_assembly {
            Some(directory) if directory.is_dir() => Ok(vec![directory.clone()]),
            Some(directory) => bail!("there is no directory {}", directory.display()),
            None => {
                synthesized(self).map_err(|_| NotRun("an example gave no assembly".into()).into())
            }
        }
    }

    /// The files of all assemblies whose name ends so.
    pub(crate) fn assembly_files(&self, ends: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for assembly in self.assemblies()? {
            found.extend(ending(&files(&assembly)?, ends));
        }
        Ok(found)
    }
}

/// The assemblies of the examples; the first call in a run writes them.
fn synthesized(context: &Context) -> anyhow::Result<Vec<PathBuf>> {
    let written = context
        .synthesized
        .get_or_init(|| synthesize(context).map_err(|error| format!("{error:#}")));
    written.clone().map_err(anyhow::Error::msg)
}

fn synthesize(context: &Context) -> anyhow::Result<Vec<PathBuf>> {
    examples(context)?;
    let mut written = Vec::new();
    for source in ending(&files(&context.root.join("examples"))?, &[".rs"]) {
        let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let out = context.target("check").join(&name);
        let mut command = match name.as_str() {
            // As the README says: what a new user runs first.
            "landing-zone" => context.cargo("run --release --example landing-zone --".split(' ')),
            name => context.command(context.target("debug/examples").join(name)),
        };
        succeed(command.args(["synth", "--out"]).arg(&out))?;
        written.push(out);
    }
    Ok(written)
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
