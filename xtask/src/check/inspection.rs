//! Giving files to an independent checker, with a canary among them.

use std::path::{Path, PathBuf};

use anyhow::bail;
use serde::Deserialize;

use super::{
    process::succeed,
    step::{Context, Passed},
    tools,
};

/// One complaint of a checker. Our own drivers print a JSON list of these.
#[derive(Deserialize)]
pub(crate) struct Finding {
    pub(crate) file: PathBuf,
    pub(crate) text: String,
}

/// Passes if the checker has no complaint about any of the files, and one about the canary: the broken file
/// `canary` among the committed files of the tool. A checker that reads nothing would like the canary too.
pub(crate) fn inspect(
    context: &Context,
    tool: &str,
    canary: &str,
    files: Vec<PathBuf>,
    check: impl FnOnce(&[PathBuf]) -> anyhow::Result<Vec<Finding>>,
) -> anyhow::Result<Passed> {
    if files.is_empty() {
        bail!("the assembly has no file for this checker");
    }
    let canary = tools::committed(context, tool).join(canary);
    let count = files.len();
    let mut given = files;
    given.push(canary.clone());
    // Some tools name a file from the directory that they run in.
    let is_canary = |finding: &Finding| context.root.join(&finding.file) == canary;
    let (alarms, complaints): (Vec<_>, Vec<_>) = check(&given)?.into_iter().partition(is_canary);
    if alarms.is_empty() {
        bail!("{tool} has nothing to say about the broken file {}", canary.display());
    }
    if !complaints.is_empty() {
        let mut report = format!("{} complaints", complaints.len());
        for Finding { file, text } in &complaints {
            let file = file.strip_prefix(&context.root).unwrap_or(file);
            report.push_str(&format!("\n{}: {text}", file.display()));
        }
        bail!(report);
    }
    Ok(Passed::new(count, "files, and the broken one was reported"))
}

/// Runs one of our own drivers, a script in the tool's committed files, over the files.
pub(crate) fn python_driver(
    context: &Context,
    tool: &str,
    files: &[PathBuf],
) -> anyhow::Result<Vec<Finding>> {
    let python = tools::python(context, tool)?.join("python");
    let driver = tools::committed(context, tool).join("driver.py");
    findings(&succeed(context.command(python).arg(driver).args(files))?)
}

pub(crate) fn findings(printed: &str) -> anyhow::Result<Vec<Finding>> {
    Ok(serde_json::from_str(printed)?)
}

/// The files whose name ends so.
pub(crate) fn ending(files: &[PathBuf], ends: &[&str]) -> Vec<PathBuf> {
    let ends_so = |path: &Path| ends.iter().any(|end| path.to_string_lossy().ends_with(end));
    files.iter().filter(|path| ends_so(path)).cloned().collect()
}
