//! cfn-lint over every template: no error, and no warning without a reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use serde::Deserialize;

use super::{
    explanations::{Explanation, explain, named, superfluous},
    inspection::{Finding, inspect},
    manifest::{Template, templates},
    process::succeed,
    step::{Context, Passed, Step},
    tools,
};

const TOOL: &str = "cfn-lint";
const EXPLANATIONS: &str = "tests/checkers/cfn-lint.toml";

pub(crate) const CFN_LINT: Step = Step {
    name: "cfn-lint",
    about: "cfn-lint finds no error in any template, and each warning is explained",
    run: |context| {
        let mut explanations = Explanations::read(&context.root.join(EXPLANATIONS))?;
        let assemblies = context.assemblies()?;
        let mut groups: BTreeMap<BTreeSet<String>, Vec<PathBuf>> = BTreeMap::new();
        for assembly in &assemblies {
            for Template { file, regions } in templates(assembly)? {
                groups.entry(regions).or_default().push(file);
            }
        }
        let (mut count, mut reports) = (0, Vec::new());
        for (regions, files) in groups {
            let verdict = inspect(context, TOOL, "canary.template.json", files, |files| {
                let matches = lint(context, &regions, files)?;
                Ok(matches
                    .into_iter()
                    .filter_map(|found| explanations.judge(&assemblies, found))
                    .collect())
            });
            match verdict {
                Ok(passed) => count += passed.count,
                Err(error) => reports.push(format!("{error:#}")),
            }
        }
        // What is said of the example need not be true of an assembly from elsewhere.
        if context.given_assembly.is_none() {
            reports.extend(explanations.superfluous());
        }
        if !reports.is_empty() {
            bail!(reports.join("\n"));
        }
        Ok(Passed::new(count, format!("templates, {} warnings explained", explanations.used)))
    },
};

/// Everything that cfn-lint says about the files.
pub(super) fn lint(
    context: &Context,
    regions: &BTreeSet<String>,
    files: &[PathBuf],
) -> anyhow::Result<Vec<Match>> {
    let mut command = context.command(tools::python(context, TOOL)?.join(TOOL));
    // Neither a template's metadata nor a configuration file on the machine may switch a rule off.
    command.args(["--mandatory-checks", "E", "W", "--config-file"]);
    command.arg(tools::committed(context, TOOL).join("cfnlintrc.yaml"));
    command.args(["--format", "json", "--non-zero-exit-code", "none", "--regions"]);
    let printed = succeed(command.args(regions).arg("--").args(files))?;
    Ok(serde_json::from_str(&printed)?)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Match {
    pub(super) filename: Option<PathBuf>,
    pub(super) message: String,
    pub(super) rule: Rule,
    location: Location,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Rule {
    pub(super) id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Location {
    /// `["Resources", "Vpc", "Properties", ..]`; indices are numbers.
    path: Option<Vec<serde_json::Value>>,
}

impl Match {
    pub(super) fn logical_id(&self) -> Option<&str> {
        self.location.path.as_ref()?.get(1)?.as_str()
    }
}

impl From<Match> for Finding {
    fn from(found: Match) -> Self {
        let words = found.location.path.iter().flatten().map(|word| match word {
            serde_json::Value::String(word) => word.clone(),
            index => index.to_string(),
        });
        let place: Vec<_> = words.collect();
        let text = format!("{} {}: {}", found.rule.id, place.join("/"), found.message);
        Self { file: found.filename.unwrap_or_default(), text }
    }
}

/// The reviewed file of what cfn-lint may say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explanations {
    /// Types that cfn-lint has no schema for in a region that has them: its rule E3006.
    #[serde(default)]
    without_schema: Vec<String>,
    #[serde(default)]
    warning: Vec<Explanation>,
    #[serde(skip)]
    seen_types: BTreeSet<String>,
    #[serde(skip)]
    used: usize,
}

impl Explanations {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let explanations: Self = toml::from_str(text)?;
        for warning in &explanations.warning {
            if !warning.rule.starts_with('W') {
                bail!("{} is an error; only a warning can be explained", warning.rule);
            }
            warning.check()?;
        }
        Ok(explanations)
    }

    /// The finding, unless it is explained.
    fn judge(&mut self, assemblies: &[PathBuf], found: Match) -> Option<Finding> {
        let unknown_type = || found.message.strip_prefix("Resource type '")?.split_once('\'');
        let explained = if found.rule.id == "E3006" {
            let known =
                unknown_type().filter(|(name, _)| self.without_schema.iter().any(|n| n == name));
            known.inspect(|(name, _)| _ = self.seen_types.insert((*name).to_owned())).is_some()
        } else {
            let logical_id = found.logical_id().unwrap_or_default();
            let file = found.filename.as_deref().unwrap_or(Path::new(""));
            let template = named(assemblies, file);
            template.is_some_and(|t| explain(&mut self.warning, &found.rule.id, logical_id, t))
        };
        self.used += usize::from(explained);
        (!explained).then(|| found.into())
    }

    /// The explanations of what cfn-lint did not say.
    fn superfluous(&self) -> Vec<String> {
        let warnings = superfluous(EXPLANATIONS, &self.warning);
        let types = self.without_schema.iter().filter(|name| !self.seen_types.contains(*name));
        let types = types.map(|name| format!("{EXPLANATIONS}: no E3006 for {name}"));
        warnings.into_iter().chain(types).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rule: &str, logical_id: &str, message: &str) -> Match {
        serde_json::from_value(serde_json::json!({
            "Filename": "/out/stacks/x.template.json", "Message": message, "Rule": { "Id": rule },
            "Location": { "Path": ["Resources", logical_id, "Properties", 0] },
        }))
        .unwrap()
    }

    const EXAMPLE: &str = r#"
        without_schema = ["AWS::New::Thing"]
        [[warning]]
        rule = "W3005"
        logical_id = "Vpc*Route"
        reason = "the route needs the attachment, which no property names"
    "#;

    #[test]
    fn explains_a_warning_where_the_file_says_so_and_nowhere_else() {
        let (mut explanations, out) =
            (Explanations::parse(EXAMPLE).unwrap(), [PathBuf::from("/out")]);
        assert!(explanations.judge(&out, found("W3005", "VpcPublicRoute", "..")).is_none());
        assert_eq!(
            explanations.judge(&out, found("W3005", "Table", "..")).unwrap().text,
            "W3005 Resources/Table/Properties/0: .."
        );
        assert!(explanations.judge(&out, found("W3010", "VpcPublicRoute", "..")).is_some());
        assert_eq!(
            explanations.superfluous(),
            ["tests/checkers/cfn-lint.toml: no E3006 for AWS::New::Thing"]
        );
    }

    #[test]
    fn lets_the_named_types_have_no_schema() {
        let (mut explanations, out) =
            (Explanations::parse(EXAMPLE).unwrap(), [PathBuf::from("/out")]);
        let message = "Resource type 'AWS::New::Thing' does not exist in 'eu-west-1'";
        assert!(explanations.judge(&out, found("E3006", "Thing", message)).is_none());
        let message = "Resource type 'AWS::New::Thing2' does not exist in 'eu-west-1'";
        assert!(explanations.judge(&out, found("E3006", "Thing", message)).is_some());
    }

    #[test]
    fn refuses_to_explain_an_error_or_everything() {
        let rule = |rule: &str, id: &str| {
            format!("[[warning]]\nrule = \"{rule}\"\nlogical_id = \"{id}\"\nreason = \"because\"")
        };
        assert!(Explanations::parse(&rule("W3005", "Vpc*")).is_ok());
        assert!(Explanations::parse(&rule("E3005", "Vpc*")).is_err());
        assert!(Explanations::parse(&rule("W3005", "*")).is_err());
    }
}
