//! The commands that bring an assembly into a cloud: a program's own, or one that is on disk.

use std::sync::Arc;

use accel_deploy::Engine;
use clap::Args;

use super::Json;
use crate::{
    outcome::{Exit, Outcome},
    problem::Problems,
};

mod cloud;
mod destination;
mod failure;
mod files;
mod parameters;
mod rollout;
mod selection;
mod session;
mod source;
mod summary;

pub(super) use self::source::Live;
use self::{
    destination::Destination, parameters::Parameters, rollout::Rollout, selection::Selection,
    session::Session, source::Source, summary::Summary,
};

/// Show what a deployment would do
#[derive(Args, Debug)]
pub(crate) struct Plan<S: Source> {
    #[command(flatten)]
    source: S,
    #[command(flatten)]
    destination: Destination,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    parameters: Parameters,
    /// Exit with 2 if there is something to do
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    pub(super) json: Json,
}

impl<S: Source> Plan<S> {
    pub(super) fn run(&self, from: S::From) -> Result<Outcome<accel_deploy::Plan>, Problems> {
        let (assembly, warnings) = self.source.assembly(from, &self.destination.input())?;
        let session = Session::open(&self.destination, assembly, Wanted::App)?;
        let paths = self.selection.paths(&session.graph)?;
        let given = self.parameters.values(&session, &paths)?;
        let engine =
            Engine::new(Arc::clone(&session.cloud), Arc::clone(&session.graph)).give(given);
        let plan = session.plan(&engine, &paths)?;
        let exit = if self.exit_code && !plan.is_empty() { Exit::Differences } else { Exit::Done };
        Ok(Outcome { answer: plan, problems: warnings, exit })
    }
}

/// Bring the app into the cloud
///
/// What is as it should be is not touched; what is no longer in the app is deleted. A run that was killed is
/// finished by running it again.
#[derive(Args, Debug)]
pub(crate) struct Deploy<S: Source> {
    #[command(flatten)]
    rollout: Rollout<S>,
    #[command(flatten)]
    pub(super) json: Json,
}

impl<S: Source> Deploy<S> {
    pub(super) fn run(&self, from: S::From) -> Result<Outcome<Summary>, Problems> {
        self.rollout.run(from, Wanted::App)
    }
}

/// Delete all stacks and stack sets of the app
///
/// The settings of the organization and its accounts stay: closing an account is never done by the way.
#[derive(Args, Debug)]
pub(crate) struct Destroy<S: Source> {
    #[command(flatten)]
    rollout: Rollout<S>,
    #[command(flatten)]
    pub(super) json: Json,
}

impl<S: Source> Destroy<S> {
    pub(super) fn run(&self, from: S::From) -> Result<Outcome<Summary>, Problems> {
        self.rollout.run(from, Wanted::Nothing)
    }
}

/// What is to be in the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    App,
    Nothing,
}
