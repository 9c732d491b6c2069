//! checkov over every template: no finding of its security rules without a reason.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use serde::Deserialize;

use super::{
    explanations::{Explanation, explain, named, superfluous},
    inspection::{Finding, inspect},
    manifest::templates,
    process::{finish, printed},
    step::{Context, Passed, Step},
    tools,
};

const TOOL: &str = "checkov";
const EXPLANATIONS: &str = "tests/checkers/checkov.toml";

pub(crate) const CHECKOV: Step = Step {
    name: "checkov",
    about: "checkov finds nothing insecure in any template that is not explained",
    run: |context| {
        let assemblies = context.assemblies()?;
        let mut known = read(&context.root.join(EXPLANATIONS))?;
        let mut files = Vec::new();
        for assembly in &assemblies {
            files.extend(templates(assembly)?.into_iter().map(|template| template.file));
        }
        let (mut explained, mut stanzas) = (0, BTreeSet::new());
        let verdict = inspect(context, TOOL, "canary.template.json", files, |files| {
            let mut unexplained = Vec::new();
            for found in scan(context, files)? {
                if let Some(template) = named(&assemblies, &found.file_abs_path) {
                    if explain(&mut known, &found.check_id, found.logical_id(), template) {
                        explained += 1;
                        continue;
                    }
                    stanzas.insert(found.stanza());
                }
                unexplained.push(found.into());
            }
            Ok(unexplained)
        });
        let mut reports: Vec<String> =
            verdict.as_ref().err().map(|e| format!("{e:#}")).into_iter().collect();
        if !stanzas.is_empty() {
            reports.push(format!(
                "\nmend the construct, or explain in {EXPLANATIONS} why it is right:\n\n{}",
                stanzas.into_iter().collect::<Vec<_>>().join("\n")
            ));
        }
        // What is said of the example need not be true of an assembly from elsewhere.
        if context.given_assembly.is_none() {
            reports.extend(superfluous(EXPLANATIONS, &known));
        }
        if !reports.is_empty() {
            bail!(reports.join("\n"));
        }
        Ok(Passed::new(verdict?.count, format!("templates, {explained} findings explained")))
    },
};

fn read(path: &Path) -> anyhow::Result<Vec<Explanation>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Explanations {
        #[serde(default)]
        finding: Vec<Explanation>,
    }
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let Explanations { finding } =
        toml::from_str(&text).with_context(|| path.display().to_string())?;
    finding.iter().try_for_each(Explanation::check)?;
    Ok(finding)
}

/// Everything that checkov says about the files. What a template's metadata tells it to skip counts as found.
fn scan(context: &Context, files: &[PathBuf]) -> anyhow::Result<Vec<Failed>> {
    let bin = tools::python(context, TOOL)?;
    let mut command = context.command(bin.join("python"));
    command.args(["-m", "checkov.main"]);
    // It reads configuration from the working directory and the home directory; neither has any here.
    command.current_dir(&bin).env("HOME", &bin);
    command.args("--framework cloudformation --output json --compact --skip-download".split(' '));
    for file in files {
        command.arg("--file").arg(file);
    }
    let output = finish(&mut command)?;
    // It exits with 1 if it found something, and with the same if it broke.
    parse(&output.stdout).with_context(|| printed(&output))
}

fn parse(json: &[u8]) -> anyhow::Result<Vec<Failed>> {
    let report: Report = serde_json::from_slice(json)?;
    let Results { failed_checks, skipped_checks, parsing_errors } = report.results;
    if !parsing_errors.is_empty() {
        bail!("checkov cannot read {}", parsing_errors.join(", "));
    }
    Ok(failed_checks.into_iter().chain(skipped_checks).collect())
}

#[derive(Deserialize)]
struct Report {
    results: Results,
}

#[derive(Deserialize)]
struct Results {
    failed_checks: Vec<Failed>,
    skipped_checks: Vec<Failed>,
    parsing_errors: Vec<String>,
}

#[derive(Deserialize)]
struct Failed {
    check_id: String,
    check_name: String,
    /// `AWS::S3::Bucket.Logs5C583B1E`.
    resource: String,
    file_abs_path: PathBuf,
}

impl Failed {
    fn logical_id(&self) -> &str {
        self.resource.rsplit('.').next().unwrap_or_default()
    }

    /// The explanation that it needs, but for the reason.
    fn stanza(&self) -> String {
        let Self { check_id, check_name, resource, .. } = self;
        // The digest at the end of a logical id says nothing to a reader.
        let words = self.logical_id();
        let words = words.get(..words.len().saturating_sub(8)).unwrap_or(words);
        format!(
            "# {check_name}: {resource}\n[[finding]]\nrule = \"{check_id}\"\nlogical_id = \"{words}*\"\nreason = \"\"\n"
        )
    }
}

impl From<Failed> for Finding {
    fn from(found: Failed) -> Self {
        let text = format!("{} {}: {}", found.check_id, found.resource, found.check_name);
        Self { file: found.file_abs_path, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_skipped_counts_and_what_cannot_be_read_fails() {
        let failed = |id: &str| {
            serde_json::json!({
                "check_id": id, "check_name": "Ensure it", "resource": "AWS::S3::Bucket.Logs5C583B1E",
                "file_abs_path": "/out/stacks/x.template.json",
            })
        };
        let report = |errors: &[&str]| {
            serde_json::json!({ "results": {
                "failed_checks": [failed("CKV_1")], "skipped_checks": [failed("CKV_2")],
                "parsing_errors": errors,
            }})
        };
        let found = parse(report(&[]).to_string().as_bytes()).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[1].stanza(),
            "# Ensure it: AWS::S3::Bucket.Logs5C583B1E\n[[finding]]\nrule = \"CKV_2\"\n\
             logical_id = \"Logs*\"\nreason = \"\"\n"
        );
        assert!(parse(report(&["x.template.json"]).to_string().as_bytes()).is_err());
        assert!(parse(b"[]").is_err());
    }
}
