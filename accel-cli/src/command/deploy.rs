//! The commands that bring an assembly into a cloud: a program's own, or one that is on disk.

use std::path::PathBuf;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Json;
use crate::{
    outcome::{Exit, Outcome},
    problem::Problems,
};

mod bars;
mod bootstrap;
mod cloud;
mod deployment;
mod destination;
mod drift;
mod events;
mod failure;
mod files;
mod interrupt;
mod journal;
mod lines;
mod lookup;
mod losses;
mod parameters;
mod planned;
mod resume;
mod review;
mod rollout;
mod run;
mod selection;
mod session;
mod shell;
mod source;
mod status;
mod summary;

pub(super) use self::{
    bootstrap::Bootstrap, drift::DriftCommand, events::Events, lookup::Lookup, resume::Resume,
    source::Live, status::Status,
};
use self::{
    deployment::Deployment, losses::Losses, parameters::Parameters, planned::Planned,
    rollout::Rollout, run::Run, selection::Selection, source::Source, summary::Summary,
};

/// Show what a deployment would do
#[derive(Args, Debug)]
pub(crate) struct Plan<S: Source> {
    #[command(flatten)]
    deployment: Deployment<S>,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    parameters: Parameters,
    #[command(flatten)]
    losses: Losses,
    /// Write the plan to this file too, for `deploy --plan`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Exit with 2 if there is something to do
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    pub(super) json: Json,
}

impl<S: Source> Plan<S> {
    pub(super) fn run(&self, from: S::From) -> Result<Outcome<Planned>, Problems> {
        let session = self.deployment.open(from)?;
        let paths = self.selection.paths(&session.graph)?;
        let given = self.parameters.values(&session, &paths)?;
        let engine = session.engine(self.losses.allowed(), given);
        let planned = session.planned(&engine, &paths)?;
        if let Some(file) = &self.out {
            planned.write(file)?;
        }
        let differs = self.exit_code && !planned.plan.is_empty();
        let exit = if differs { Exit::Differences } else { Exit::Done };
        Ok(Outcome { answer: planned, problems: session.warnings, exit })
    }
}

/// Bring the app into the cloud
///
/// What is as it should be is not touched; what is no longer in the app is deleted. A run that was killed is
/// finished by running it again.
#[derive(Args, Debug)]
pub(crate) struct Deploy<S: Source> {
    #[command(flatten)]
    whole: Whole<S>,
    #[command(flatten)]
    pub(super) json: Json,
}

impl<S: Source> Deploy<S> {
    pub(super) fn run(&self, from: S::From) -> Result<Outcome<Summary>, Problems> {
        self.whole.run(from, Wanted::App)
    }
}

/// Delete all stacks and stack sets of the app
///
/// The settings of the organization and its accounts stay: closing an account is never done by the way.
#[derive(Args, Debug)]
pub(crate) struct Destroy<S: Source> {
    #[command(flatten)]
    whole: Whole<S>,
    #[command(flatten)]
    pub(super) json: Json,
}

impl<S: Source> Destroy<S> {
    pub(super) fn run(&self, from: S::From) -> Result<Outcome<Summary>, Problems> {
        self.whole.run(from, Wanted::Nothing)
    }
}

/// An assembly, what of it, and how it is rolled out.
#[derive(Args, Debug)]
struct Whole<S: Source> {
    #[command(flatten)]
    source: S,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    losses: Losses,
    #[command(flatten)]
    rollout: Rollout,
}

impl<S: Source> Whole<S> {
    fn run(&self, from: S::From, wanted: Wanted) -> Result<Outcome<Summary>, Problems> {
        let input = self.rollout.destination.input();
        let found = self.source.assembly(from, &input)?;
        let run = Run::new(wanted, self.selection.only().to_vec(), self.losses.allowed());
        self.rollout.carry_out(&run, found)
    }
}

/// What is to be in the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Wanted {
    App,
    Nothing,
}
