use std::fmt;

use accel_deploy::Drift;
use clap::Args;
use serde::Serialize;

use super::{Json, deployment::Deployment, losses::Losses, selection::Selection, source::Source};
use crate::{
    outcome::{Exit, Outcome, counted},
    problem::Problems,
};

/// Show what was changed by hand: each property that is not as its template says
///
/// CloudFormation compares what it has made. Steps are compared by `plan`.
#[derive(Args, Debug)]
pub(crate) struct DriftCommand<S: Source> {
    #[command(flatten)]
    deployment: Deployment<S>,
    #[command(flatten)]
    selection: Selection,
    /// Exit with 2 if there is any
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    pub(in crate::command) json: Json,
}

impl<S: Source> DriftCommand<S> {
    pub(in crate::command) fn run(&self, from: S::From) -> Result<Outcome<Drifts>, Problems> {
        let session = self.deployment.open(from)?;
        let paths = self.selection.paths(&session.graph)?;
        let engine = session.engine(Losses::none(), Vec::new());
        let drifts = session.look(engine.drift(&paths))?;
        let differs = self.exit_code && !drifts.is_empty();
        let exit = if differs { Exit::Differences } else { Exit::Done };
        Ok(Outcome { answer: Drifts { drifts }, problems: session.warnings, exit })
    }
}

/// What was changed by hand.
#[derive(Debug, Serialize)]
pub(crate) struct Drifts {
    drifts: Vec<Drift>,
}

impl fmt::Display for Drifts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Drift { construct, account, region, type_name, status, properties } in &self.drifts {
            writeln!(f, "{construct}  {type_name} in {account}, {region}: {status}")?;
            for property in properties {
                let (expected, actual) = (&property.expected, &property.actual);
                writeln!(f, "    {}: {expected} -> {actual}", property.path)?;
            }
        }
        writeln!(f, "{} changed by hand", counted(self.drifts.len(), "resource"))
    }
}
