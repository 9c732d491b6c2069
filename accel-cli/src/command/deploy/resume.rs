use clap::Args;

use super::{Json, rollout::Rollout, run::Run, source::Source as _, summary::Summary};
use crate::{input::Written, outcome::Outcome, problem::Problems};

/// Go on with the last run where it stopped
///
/// It is the same as to run the same command again, with the assembly that the run had, whatever the program
/// says now. Values of parameters are given again: they are kept nowhere.
#[derive(Args, Debug)]
pub(crate) struct Resume {
    #[command(flatten)]
    rollout: Rollout,
    #[command(flatten)]
    pub(in crate::command) json: Json,
}

impl Resume {
    pub(in crate::command) fn run(&self) -> Result<Outcome<Summary>, Problems> {
        let files = self.rollout.destination.files();
        let run = Run::last(&files)?;
        let written = Written { directory: files.assembly() };
        self.rollout.carry_out(&run, written.assembly((), &self.rollout.destination.input())?)
    }
}
