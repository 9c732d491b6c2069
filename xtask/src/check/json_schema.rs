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
    run: |context| {
        let schemas = context.root.join("tests/checkers/datadog");
        let mut by_kind: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
        for assembly in context.assemblies()? {
            let directory = assembly.join("datadog");
            if !directory.is_dir() {
                continue;
            }
            for file in ending(&files(&directory)?, &[".json"]) {
                let kind = kind(&directory, &file)
                    .with_context(|| format!("the place of {}", file.display()))?;
                by_kind.entry(schemas.join(format!("{kind}.schema.json"))).or_default().push(file);
            }
        }
        validate(context, by_kind)
    },
};

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

/// The second folder of `<organization>/<kind>/<id>.json`.
fn kind(directory: &Path, file: &Path) -> Option<String> {
    let folders: Vec<_> = file.strip_prefix(directory).ok()?.components().collect();
    let [_, kind, _] = folders[..] else { return None };
    Some(kind.as_os_str().to_string_lossy().into_owned())
}
