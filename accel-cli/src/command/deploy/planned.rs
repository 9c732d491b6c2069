use std::{fmt, fs, path::Path};

use accel_deploy::Plan;
use accel_synth::diff::{Diff, ResourceDiff};
use serde::{Deserialize, Serialize};

use super::files::cannot_write;
use crate::{
    codes,
    problem::{Problem, Problems},
};

const VERSION: u32 = 1;

/// A plan as it is shown, and kept in a file until it is done.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Planned {
    /// Of the file.
    version: u32,
    /// Of the plan.
    hash: String,
    #[serde(flatten)]
    pub(super) plan: Plan,
    /// For people; what is wanted, the plan has as digests.
    #[serde(flatten, skip_deserializing)]
    changes: Changes,
}

/// What a plan does to which properties.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Changes {
    changes: Diff,
    /// Resources that say who may do what.
    permissions: Vec<String>,
}

impl From<Diff> for Changes {
    fn from(changes: Diff) -> Self {
        let resources = changes.templates.iter().flat_map(|template| {
            let resources = template.resources.iter().filter(|resource| permits(resource));
            resources.map(|it| format!("{}/{} ({})", template.path, it.construct, it.type_name))
        });
        Self { permissions: resources.collect(), changes }
    }
}

/// Whether a change may let somebody do more or less.
fn permits(resource: &ResourceDiff) -> bool {
    let kinds = ["AWS::IAM::", "AWS::SSO::", "AWS::Organizations::Policy", "AWS::RAM::"];
    let named = |path: &str| {
        ["Policy", "Policies", "Permission", "Role"].iter().any(|word| path.contains(word))
    };
    kinds.iter().any(|kind| resource.type_name.starts_with(kind))
        || resource.type_name.ends_with("Policy")
        || resource.type_name.ends_with("::Permission")
        || resource.edits.iter().any(|edit| named(&edit.path))
}

impl Planned {
    pub(super) fn new(plan: Plan, changes: Changes) -> Self {
        Self { version: VERSION, hash: plan.hash(), plan, changes }
    }

    pub(super) fn write(&self, file: &Path) -> Result<(), Problems> {
        // Plain structs of texts and numbers always serialize.
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        Ok(fs::write(file, format!("{text}\n")).map_err(|error| cannot_write(file, &error))?)
    }

    /// A plan that was kept, unless somebody has edited it.
    pub(super) fn read(file: &Path) -> Result<Plan, Problems> {
        let wrong = |reason: String| {
            Problem::new(&codes::NOT_REVIEWED, format!("`{}`: {reason}", file.display()))
                .help("write it anew with `plan --out`, and review that")
        };
        let text = fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
        let planned: Self = serde_json::from_str(&text)
            .map_err(|error| wrong(format!("it is no plan of this version: {error}")))?;
        if planned.version != VERSION {
            let reason = format!("it is of version {}, and this is {VERSION}", planned.version);
            return Err(wrong(reason).into());
        }
        if planned.hash != planned.plan.hash() {
            return Err(wrong("it was edited: its hash is another one".to_owned()).into());
        }
        Ok(planned.plan)
    }
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changes = crate::command::diff::colored(&self.changes.changes);
        if !self.changes.changes.is_empty() {
            writeln!(f, "{changes}")?;
        }
        for permission in &self.changes.permissions {
            writeln!(f, "! who may do what changes by {permission}")?;
        }
        self.plan.fmt(f)
    }
}
