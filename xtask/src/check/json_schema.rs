//! JSON files held against their published schemas.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};

use super::{
    assembly::files,
    inspection::{ending, findings, inspect},
    process::succeed,
    step::{Context, Passed, Step},
    tools,
};

const TOOL: &str = "json-schema";

pub(crate) const DATADOG: Step = Step {
    name: "datadog",
    about: "every Datadog file is as Datadog's own schema of its kind says",
    // The organization is a name of the program's, so that schemas lie beside each other.
    run: |context| {
        check(context, "datadog", |_, kind| PathBuf::from(format!("{kind}.schema.json")))
    },
};

pub(crate) const INCIDENT: Step = Step {
    name: "incident",
    about: "every file of incident management is as the schema of its product and kind says",
    run: |context| {
        check(context, "incident", |product, kind| {
            Path::new(product).join(format!("{kind}.schema.json"))
        })
    },
};

/// Holds every `<directory>/<owner>/<kind>/<id>.json` against the schema of its owner and kind.
fn check(
    context: &Context,
    directory: &str,
    schema: fn(&str, &str) -> PathBuf,
) -> anyhow::Result<Passed> {
    let schemas = context.root.join("tests/checkers").join(directory);
    let mut by_kind: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for assembly in context.assemblies()? {
        let directory = assembly.join(directory);
        if !directory.is_dir() {
            continue;
        }
        for file in ending(&files(&directory)?, &[".json"]) {
            let [owner, kind] = place(&directory, &file)
                .with_context(|| format!("the place of {}", file.display()))?;
            by_kind.entry(schemas.join(schema(&owner, &kind))).or_default().push(file);
        }
    }
    validate(context, by_kind)
}

/// Holds each list of files against its schema.
pub(crate) fn validate(
    context: &Context,
    lists: impl IntoIterator<Item = (PathBuf, Vec<PathBuf>)>,
) -> anyhow::Result<Passed> {
    let python = tools::python(context, TOOL)?.join("python");
    let driver = tools::committed(context, TOOL).join("driver.py");
    let mut count = 0;
    for (schema, files) in lists {
        if !schema.is_file() {
            bail!("there is no schema {}", schema.display());
        }
        let passed = inspect(context, TOOL, "canary.json", files, |files| {
            findings(&succeed(context.command(&python).arg(&driver).arg(&schema).args(files))?)
        })?;
        count += passed.count;
    }
    Ok(Passed::new(count, "files, and the broken one was reported"))
}

/// The folders of `<owner>/<kind>/<id>.json`.
fn place(directory: &Path, file: &Path) -> Option<[String; 2]> {
    let folders: Vec<_> = file.strip_prefix(directory).ok()?.components().collect();
    let [owner, kind, _] = folders[..] else { return None };
    Some([owner, kind].map(|folder| folder.as_os_str().to_string_lossy().into_owned()))
}
