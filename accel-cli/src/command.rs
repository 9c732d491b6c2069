use accel_core::App;
use clap::Subcommand;

#[cfg(feature = "engine")]
use crate::input::Written;
use crate::{
    cli::Context,
    outcome::{Exit, conclude},
};

#[cfg(feature = "engine")]
mod deploy;
mod diff;
mod explain;
mod ls;
#[cfg(feature = "new")]
mod new;
mod policy;
mod synth;
mod tree;
mod write;

/// The commands of a program.
#[derive(Subcommand, Debug)]
pub(crate) enum ProgramCommand {
    Synth(synth::Synth),
    Check(synth::Check),
    Ls(ls::Ls),
    Tree(tree::Tree),
    Diff(diff::Diff),
    Write(write::Write),
    #[command(subcommand)]
    Policy(policy::Policy),
    #[cfg(feature = "engine")]
    Plan(deploy::Plan<deploy::Live>),
    #[cfg(feature = "engine")]
    Deploy(deploy::Deploy<deploy::Live>),
    #[cfg(feature = "engine")]
    Destroy(deploy::Destroy<deploy::Live>),
    #[cfg(feature = "engine")]
    Resume(deploy::Resume),
    #[cfg(feature = "engine")]
    Status(deploy::Status<deploy::Live>),
    #[cfg(feature = "engine")]
    Events(deploy::Events),
    #[cfg(feature = "engine")]
    Bootstrap(deploy::Bootstrap<deploy::Live>),
    #[cfg(feature = "engine")]
    Lookup(deploy::Lookup<deploy::Live>),
    #[cfg(feature = "engine")]
    Drift(deploy::DriftCommand<deploy::Live>),
    Explain(explain::Explain),
    Completions(explain::Completions),
}

impl ProgramCommand {
    pub(crate) fn run(self, context: &Context<'_>, app: impl FnOnce() -> App) -> Exit {
        match self {
            Self::Synth(command) => conclude(command.run(app()), command.json),
            Self::Check(command) => conclude(command.run(app()), command.json),
            Self::Ls(command) => conclude(command.run(app()), command.json),
            Self::Tree(command) => conclude(command.run(app()), command.json),
            Self::Diff(command) => conclude(command.run(app()), command.json),
            Self::Write(command) => conclude(command.run(app()), command.json),
            Self::Policy(policy::Policy::Why(command)) => {
                conclude(command.run(app()), command.json())
            }
            #[cfg(feature = "engine")]
            Self::Plan(command) => conclude(command.run(app()), command.json),
            #[cfg(feature = "engine")]
            Self::Deploy(command) => conclude(command.run(app()), command.json),
            #[cfg(feature = "engine")]
            Self::Destroy(command) => conclude(command.run(app()), command.json),
            #[cfg(feature = "engine")]
            Self::Resume(command) => conclude(command.run(), command.json),
            #[cfg(feature = "engine")]
            Self::Status(command) => conclude(command.run(app()), command.json),
            #[cfg(feature = "engine")]
            Self::Events(command) => conclude(command.run(), command.json),
            #[cfg(feature = "engine")]
            Self::Bootstrap(command) => conclude(command.run(app()), command.json),
            #[cfg(feature = "engine")]
            Self::Lookup(command) => conclude(command.run(app()), command.json),
            #[cfg(feature = "engine")]
            Self::Drift(command) => conclude(command.run(app()), command.json),
            Self::Explain(command) => command.run(context),
            Self::Completions(command) => command.run(context),
        }
    }
}

/// The commands on assemblies that are on disk.
#[derive(Subcommand, Debug)]
pub(crate) enum AssemblyCommand {
    Ls(ls::LsWritten),
    Diff(diff::DiffWritten),
    Write(write::WriteWritten),
    #[command(subcommand)]
    Policy(policy::PolicyWritten),
    #[cfg(feature = "engine")]
    Plan(deploy::Plan<Written>),
    #[cfg(feature = "engine")]
    Deploy(deploy::Deploy<Written>),
    #[cfg(feature = "engine")]
    Destroy(deploy::Destroy<Written>),
    #[cfg(feature = "engine")]
    Resume(deploy::Resume),
    #[cfg(feature = "engine")]
    Status(deploy::Status<Written>),
    #[cfg(feature = "engine")]
    Events(deploy::Events),
    #[cfg(feature = "engine")]
    Bootstrap(deploy::Bootstrap<Written>),
    #[cfg(feature = "engine")]
    Lookup(deploy::Lookup<Written>),
    #[cfg(feature = "engine")]
    Drift(deploy::DriftCommand<Written>),
    #[cfg(feature = "new")]
    New(new::New),
    Explain(explain::Explain),
    Completions(explain::Completions),
}

impl AssemblyCommand {
    pub(crate) fn run(self, context: &Context<'_>) -> Exit {
        match self {
            Self::Ls(command) => conclude(command.run(), command.json),
            Self::Diff(command) => conclude(command.run(), command.json),
            Self::Write(command) => conclude(command.run(), command.json),
            Self::Policy(policy::PolicyWritten::Why(command)) => {
                conclude(command.run(), command.json())
            }
            #[cfg(feature = "engine")]
            Self::Plan(command) => conclude(command.run(()), command.json),
            #[cfg(feature = "engine")]
            Self::Deploy(command) => conclude(command.run(()), command.json),
            #[cfg(feature = "engine")]
            Self::Destroy(command) => conclude(command.run(()), command.json),
            #[cfg(feature = "engine")]
            Self::Resume(command) => conclude(command.run(), command.json),
            #[cfg(feature = "engine")]
            Self::Status(command) => conclude(command.run(()), command.json),
            #[cfg(feature = "engine")]
            Self::Events(command) => conclude(command.run(), command.json),
            #[cfg(feature = "engine")]
            Self::Bootstrap(command) => conclude(command.run(()), command.json),
            #[cfg(feature = "engine")]
            Self::Lookup(command) => conclude(command.run(()), command.json),
            #[cfg(feature = "engine")]
            Self::Drift(command) => conclude(command.run(()), command.json),
            #[cfg(feature = "new")]
            Self::New(command) => command.run(),
            Self::Explain(command) => command.run(context),
            Self::Completions(command) => command.run(context),
        }
    }
}

/// For commands whose answer a program may read.
#[derive(clap::Args, Clone, Copy, Debug)]
pub(crate) struct Json {
    /// Answer as one JSON object
    #[arg(long = "json")]
    pub(crate) wanted: bool,
}
