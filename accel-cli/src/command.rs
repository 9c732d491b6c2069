use accel_core::App;
use clap::Subcommand;

use crate::{
    cli::Context,
    outcome::{Exit, conclude},
};

mod explain;
mod synth;

/// The commands of a program.
#[derive(Subcommand, Debug)]
pub(crate) enum ProgramCommand {
    Synth(synth::Synth),
    Check(synth::Check),
    Explain(explain::Explain),
    Completions(explain::Completions),
}

impl ProgramCommand {
    pub(crate) fn run(self, context: &Context<'_>, app: impl FnOnce() -> App) -> Exit {
        match self {
            Self::Synth(command) => conclude(command.run(app()), command.json.json),
            Self::Check(command) => conclude(command.run(app()), command.json.json),
            Self::Explain(command) => command.run(context),
            Self::Completions(command) => command.run(context),
        }
    }
}

/// The commands on assemblies that are on disk.
#[derive(Subcommand, Debug)]
pub(crate) enum AssemblyCommand {
    Explain(explain::Explain),
    Completions(explain::Completions),
}

impl AssemblyCommand {
    pub(crate) fn run(self, context: &Context<'_>) -> Exit {
        match self {
            Self::Explain(command) => command.run(context),
            Self::Completions(command) => command.run(context),
        }
    }
}

/// For commands whose answer a program may read.
#[derive(clap::Args, Debug)]
pub(crate) struct Json {
    /// Answer as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}
