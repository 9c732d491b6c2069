use std::{fmt, fs, path::Path};

use accel_deploy::Plan;
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
}

impl From<Plan> for Planned {
    fn from(plan: Plan) -> Self {
        Self { version: VERSION, hash: plan.hash(), plan }
    }
}

impl Planned {
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
        self.plan.fmt(f)
    }
}
