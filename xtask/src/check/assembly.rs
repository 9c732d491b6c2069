//! The assembly that the independent checkers read: the whole landing-zone example, written once a run.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use serde::Deserialize;

use super::{
    inspection::ending,
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

/// A CloudFormation template, and the regions that it is for.
pub(crate) struct Template {
    pub(crate) file: PathBuf,
    pub(crate) regions: BTreeSet<String>,
}

/// The templates of the manifest, which are all that are there.
pub(crate) fn templates(assembly: &Path) -> anyhow::Result<Vec<Template>> {
    let manifest = assembly.join("manifest.json");
    let text =
        fs::read_to_string(&manifest).with_context(|| format!("reading {}", manifest.display()))?;
    let Manifest { stacks, stack_sets } = serde_json::from_str(&text)?;
    let of_stacks =
        stacks.into_iter().map(|stack| (stack.template, BTreeSet::from([stack.region])));
    let of_sets = stack_sets.into_iter().map(|set| (set.template, set.regions));
    let templates: BTreeMap<PathBuf, BTreeSet<String>> = of_stacks
        .chain(of_sets)
        .map(|(template, regions)| (assembly.join(template), regions))
        .collect();
    let present = ending(&files(assembly)?, &[".template.json"]);
    if !present.iter().eq(templates.keys()) {
        bail!("the manifest names {} templates, there are {}", templates.len(), present.len());
    }
    Ok(templates.into_iter().map(|(file, regions)| Template { file, regions }).collect())
}

/// What the checkers read in `manifest.json`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    stacks: Vec<Stack>,
    stack_sets: Vec<StackSet>,
}

#[derive(Deserialize)]
struct Stack {
    template: PathBuf,
    region: String,
}

#[derive(Deserialize)]
struct StackSet {
    template: PathBuf,
    regions: BTreeSet<String>,
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
