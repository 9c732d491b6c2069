use std::fs;

use accel_deploy::Allowed;
use serde::{Deserialize, Serialize};

use super::{
    Wanted,
    files::{Files, cannot_write, no_run},
};
use crate::problem::Problems;

const VERSION: u32 = 1;

/// What a run was asked to do, kept beside the assembly it does it with, so that it can go on. Values of parameters
/// are not: they may be secrets.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Run {
    version: u32,
    pub(super) wanted: Wanted,
    pub(super) only: Vec<String>,
    allow_delete: bool,
    allow_replace: bool,
}

impl Run {
    pub(super) fn new(wanted: Wanted, only: Vec<String>, allowed: Allowed) -> Self {
        let Allowed { delete, replace } = allowed;
        Self { version: VERSION, wanted, only, allow_delete: delete, allow_replace: replace }
    }

    pub(super) const fn allowed(&self) -> Allowed {
        Allowed { delete: self.allow_delete, replace: self.allow_replace }
    }

    pub(super) fn keep(&self, files: &Files) -> Result<(), Problems> {
        let path = files.run();
        // Plain structs of texts always serialize.
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        Ok(fs::write(&path, format!("{text}\n")).map_err(|error| cannot_write(&path, &error))?)
    }

    /// The last one.
    pub(super) fn last(files: &Files) -> Result<Self, Problems> {
        let path = files.run();
        let wrong = |reason: String| no_run(format!("`{}` {reason}", path.display()));
        let run: Self = serde_json::from_str(&files.read(&path)?)
            .map_err(|error| wrong(format!("is not of a run of this version: {error}")))?;
        if run.version != VERSION {
            let reason = format!("is of version {}, and this is version {VERSION}", run.version);
            return Err(wrong(reason).into());
        }
        Ok(run)
    }
}
