//! What the manifest of an assembly says, and whether that is true.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{
    assembly::files,
    inspection::ending,
    json_schema::validate,
    step::{Passed, Step},
};

pub(crate) const MANIFEST: Step = Step {
    name: "manifest",
    about: "the manifest, the steps and the compliance report are as their published schemas say, and \
            every hash is right",
    run: |context| {
        let schemas = context.root.join("schema");
        let (mut manifests, mut steps, mut hashes) = (Vec::new(), Vec::new(), 0);
        let mut reports = Vec::new();
        for assembly in context.assemblies()? {
            hashes += verify_hashes(&assembly)?;
            manifests.push(assembly.join("manifest.json"));
            steps.extend(ending(&files(&assembly)?, &["organization/steps.json"]));
            reports.extend(ending(&files(&assembly)?, &["compliance/report.json"]));
        }
        let manifests = (schemas.join("manifest.schema.json"), manifests);
        let steps = (schemas.join("steps.schema.json"), steps);
        let reports = (schemas.join("compliance.schema.json"), reports);
        let passed = validate(context, [manifests, steps, reports])?;
        Ok(Passed::new(passed.count, format!("files as their schemas say, {hashes} hashes")))
    },
};

/// A CloudFormation template, and the regions that it is for.
pub(crate) struct Template {
    pub(crate) file: PathBuf,
    pub(crate) regions: BTreeSet<String>,
}

/// The templates that the manifest names, which are all that are there.
pub(crate) fn templates(assembly: &Path) -> anyhow::Result<Vec<Template>> {
    let Manifest { stacks, stack_sets, .. } = Manifest::read(assembly)?;
    let of_stacks = stacks.into_values().map(|stack| (stack.template, [stack.region].into()));
    let of_sets = stack_sets.into_values().map(|set| (set.template, set.regions));
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

/// Compares every file of the assembly with what the manifest says of it; returns their number.
fn verify_hashes(assembly: &Path) -> anyhow::Result<usize> {
    let said = Manifest::read(assembly)?.files;
    let mut found = BTreeMap::new();
    for file in files(assembly)?.into_iter().filter(|file| *file != assembly.join("manifest.json"))
    {
        let bytes = fs::read(&file)?;
        let path = file.strip_prefix(assembly)?.to_string_lossy().into_owned();
        found.insert(
            path,
            File { sha256: format!("{:x}", Sha256::digest(&bytes)), bytes: bytes.len() },
        );
    }
    let paths: BTreeSet<_> = said.keys().chain(found.keys()).collect();
    let wrong: Vec<_> =
        paths.into_iter().filter(|path| said.get(*path) != found.get(*path)).collect();
    if !wrong.is_empty() {
        bail!("the manifest is wrong about {wrong:?}");
    }
    Ok(found.len())
}

/// What the checkers read in `manifest.json`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    stacks: BTreeMap<String, Stack>,
    stack_sets: BTreeMap<String, StackSet>,
    files: BTreeMap<String, File>,
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

#[derive(Deserialize, PartialEq)]
struct File {
    sha256: String,
    bytes: usize,
}

impl Manifest {
    fn read(assembly: &Path) -> anyhow::Result<Self> {
        let path = assembly.join("manifest.json");
        let text = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("reading {}", path.display()))
    }
}
