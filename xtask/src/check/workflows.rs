//! The checkers of GitHub Actions workflows.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, bail};
use serde::Deserialize;

use super::{
    assembly,
    inspection::{Finding, findings, inspect},
    process::{finish, printed, succeed},
    step::{Context, Step},
    tools,
};

/// The pinned actions with their inputs; an action that is not in there is an error.
const CATALOGUE: &str = "accel-constructs/data/actions.json";

pub(crate) const GITHUB: Step = Step {
    name: "github",
    about: "GitHub's own parser accepts every workflow, its expressions and its actions' inputs",
    run: |context| {
        let prefix = tools::node(context, "github")?;
        let catalogue = context.root.join(CATALOGUE);
        inspect(context, "github", "canary.yml", workflows(context)?, |files| {
            let mut node = context.command("node");
            node.arg("--import").arg(prefix.join("json-loader.mjs"));
            findings(&succeed(node.arg(prefix.join("driver.mjs")).arg(&catalogue).args(files))?)
        })
    },
};

pub(crate) const ACTIONLINT: Step = Step {
    name: "actionlint",
    about: "actionlint has nothing to say about any workflow",
    run: |context| {
        let actionlint = tools::python(context, "actionlint")?.join("actionlint");
        inspect(context, "actionlint", "canary.yml", workflows(context)?, |files| {
            // Exit code 1 says that there are findings. Programs found by chance on the machine stay out of it.
            let mut command = context.command(&actionlint);
            command.args(["-no-color", "-shellcheck=", "-pyflakes=", "-format", "{{json .}}"]);
            let output = finish(command.args(files))?;
            if !matches!(output.status.code(), Some(0 | 1)) {
                bail!("actionlint stopped with {}\n{}", output.status, printed(&output));
            }
            let found: Vec<Lint> = serde_json::from_slice(&output.stdout)?;
            Ok(found.into_iter().map(Finding::from).collect())
        })
    },
};

pub(crate) const ZIZMOR: Step = Step {
    name: "zizmor",
    about: "zizmor's pedantic audits find nothing of medium severity or above, and nothing is ignored",
    run: |context| {
        let zizmor = tools::python(context, "zizmor")?.join("zizmor");
        inspect(context, "zizmor", "canary.yml", workflows(context)?, |files| {
            let mut command = context.command(&zizmor);
            command.args(
                "--offline --no-progress --no-config --no-ignores --no-exit-codes".split(' '),
            );
            command.args(["--persona=pedantic", "--format=json-v1"]);
            let audits: Vec<Audit> = serde_json::from_str(&succeed(command.args(files))?)?;
            let grave = audits.into_iter().filter(Audit::is_grave).map(Audit::into_finding);
            Ok(grave.chain(ignores(files)?).collect())
        })
    },
};

/// Every workflow of every repository in the assembly, and this repository's own.
fn workflows(context: &Context) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = context.assembly_files(&[".yml", ".yaml"])?;
    files.retain(|file| file.parent().is_some_and(|parent| parent.ends_with(".github/workflows")));
    if context.given_assembly.is_none() {
        files.extend(assembly::files(&context.root.join(".github/workflows"))?);
    }
    Ok(files)
}

#[derive(Deserialize)]
struct Lint {
    filepath: PathBuf,
    line: usize,
    kind: String,
    message: String,
}

impl From<Lint> for Finding {
    fn from(Lint { filepath, line, kind, message }: Lint) -> Self {
        Self { file: filepath, text: format!("line {line}: {message} [{kind}]") }
    }
}

#[derive(Deserialize)]
struct Audit {
    ident: String,
    desc: String,
    determinations: Determinations,
    locations: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Determinations {
    severity: String,
}

impl Audit {
    fn is_grave(&self) -> bool {
        !matches!(self.determinations.severity.as_str(), "Informational" | "Low")
    }

    fn into_finding(self) -> Finding {
        let location = self.locations.first().unwrap_or(&serde_json::Value::Null);
        let file =
            location["symbolic"]["key"]["Local"]["verbatim_path"].as_str().unwrap_or_default();
        let row =
            location["concrete"]["location"]["start_point"]["row"].as_u64().unwrap_or_default();
        let severity = self.determinations.severity;
        let text = format!("line {}: {severity}: {} [{}]", row + 1, self.desc, self.ident);
        Finding { file: file.into(), text }
    }
}

/// The places where a file tells zizmor to look away.
fn ignores(files: &[PathBuf]) -> anyhow::Result<Vec<Finding>> {
    let mut found = Vec::new();
    for file in files {
        let text =
            fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        if text.contains("zizmor: ignore") {
            found.push(Finding { file: file.clone(), text: "has a `zizmor: ignore`".to_owned() });
        }
    }
    Ok(found)
}
