//! accel's validator over valid templates that other software made: whatever it says is a false alarm.

use std::{
    fs,
    path::{Path, PathBuf},
};

use accel_core::Region;
use accel_synth::validate::template::validate_template;
use anyhow::{Context as _, ensure};

use super::{
    assembly::files,
    inspection::{Finding, ending, inspect},
    process::succeed,
    step::{Context, Step},
    tools,
};

const TOOL: &str = "foreign-templates";

/// How many templates it takes to mean something.
const LEAST: usize = 50;

pub(crate) const FOREIGN_TEMPLATES: Step = Step {
    name: "foreign-templates",
    about: "accel's validator has nothing to say about valid templates that the CDK made",
    run: |context| {
        let templates = templates(context)?;
        ensure!(templates.len() >= LEAST, "only {} templates were made", templates.len());
        inspect(context, TOOL, "canary.template.json", templates, validate)
    },
};

/// Templates of the CDK's constructs, made anew; one service or pattern each.
pub(super) fn templates(context: &Context) -> anyhow::Result<Vec<PathBuf>> {
    let prefix = tools::node(context, TOOL)?;
    let out = context.target("check/foreign-templates");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    let mut node = context.command("node");
    // Its own validation is not what is checked here, and takes most of the time.
    node.env("CDK_VALIDATION", "false").env("JSII_DEPRECATED", "quiet");
    succeed(node.arg(prefix.join("templates.mjs")).arg(&out))?;
    Ok(ending(&files(&out)?, &[".template.json"]))
}

fn validate(templates: &[PathBuf]) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in templates {
        let found = validate_template(&read(file)?, &[Region::EU_WEST_1])
            .with_context(|| file.display().to_string())?;
        findings.extend(
            found.into_iter().map(|found| Finding { file: file.clone(), text: found.to_string() }),
        );
    }
    Ok(findings)
}

pub(super) fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
}
