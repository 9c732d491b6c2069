use std::{path::PathBuf, process::ExitCode};

use accel_core::{App, Code};
use clap::{Args, Subcommand};

use crate::{
    arguments,
    command::{AssemblyCommand, ProgramCommand},
    outcome::Exit,
};

/// Runs the command that the program was started with on `app`.
#[must_use]
pub fn run(app: App) -> ExitCode {
    Cli::new().run(app)
}

/// [`run`] for a program with flags of its own beside ours; see [`Cli::run_with`].
#[must_use]
pub fn run_with<A: Args>(build: impl FnOnce(A) -> App) -> ExitCode {
    Cli::new().run_with(build)
}

/// The command line of a program, and what it knows beyond the commands.
#[derive(Clone, Debug)]
pub struct Cli {
    codes: Vec<&'static Code>,
}

impl Cli {
    /// The commands alone. `explain` knows the codes of building, of synthesis and of the commands.
    #[must_use]
    pub fn new() -> Self {
        Self { codes: Vec::new() }
            .codes(accel_core::codes::ALL)
            .codes(accel_synth::codes::ALL)
            .codes(crate::codes::ALL)
    }

    /// Makes more codes known to `explain`: those of a crate of constructs.
    #[must_use]
    pub fn codes(mut self, codes: &[&'static Code]) -> Self {
        self.codes.extend(codes);
        self
    }

    /// Runs the command that the program was started with on `app`.
    #[must_use]
    pub fn run(self, app: App) -> ExitCode {
        self.run_with(|NoArguments {}| app)
    }

    /// Runs the command that the program was started with on the app that `build` makes of the
    /// program's own flags.
    ///
    /// The flags stand before the command or behind it. Required ones, which every command needs, and
    /// those without a name stand before it, and so does one that is called like a flag of ours.
    ///
    /// ```no_run
    /// use std::process::ExitCode;
    /// use accel_core::App;
    ///
    /// #[derive(clap::Args)]
    /// struct Options {
    ///     /// Build the small organization that tests use.
    ///     #[arg(long)]
    ///     small: bool,
    /// }
    ///
    /// fn main() -> ExitCode {
    ///     accel_cli::Cli::new().run_with(|options: Options| {
    ///         App::new(if options.small { "small" } else { "landing-zone" })
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn run_with<A: Args>(self, build: impl FnOnce(A) -> App) -> ExitCode {
        let program = program()
            .version(concat!("(accel ", env!("CARGO_PKG_VERSION"), ")"))
            .about("Synthesizes the app that this program builds, and tells about it");
        self.dispatch(program, |command: ProgramCommand, options: A, cli| {
            command.run(cli, || build(options))
        })
    }

    /// Runs a command on assemblies that are on disk: the program `accel`.
    #[must_use]
    pub fn run_on_assemblies(self) -> ExitCode {
        let program =
            program().version(env!("CARGO_PKG_VERSION")).about("Tells about written assemblies");
        self.dispatch(program, |command: AssemblyCommand, NoArguments {}, cli| command.run(cli))
    }

    /// Every code that `explain` knows, by name.
    pub(crate) fn known_codes(&self) -> Vec<&'static Code> {
        let mut codes = self.codes.clone();
        codes.sort_by_key(|code| code.name());
        codes.dedup_by_key(|code| code.name());
        codes
    }

    fn dispatch<C: Subcommand, A: Args>(
        self,
        program: clap::Command,
        run: impl FnOnce(C, A, &Context<'_>) -> Exit,
    ) -> ExitCode {
        let mut command_line = arguments::command_line::<C, A>(program);
        let parsed =
            command_line.try_get_matches_from_mut(std::env::args_os()).and_then(|matches| {
                Ok((C::from_arg_matches(&matches)?, A::from_arg_matches(&matches)?))
            });
        let exit = match parsed {
            Ok((command, options)) => run(command, options, &Context { cli: &self, command_line }),
            Err(error) => {
                // There is nowhere left to report that this could not be printed.
                error.print().ok();
                if error.exit_code() == 0 { Exit::Done } else { Exit::Usage }
            }
        };
        exit.into()
    }
}

impl Default for Cli {
    fn default() -> Self {
        Self::new()
    }
}

/// The program under the name that it was started by.
fn program() -> clap::Command {
    let started = std::env::args_os().next().map(PathBuf::from);
    let name = started.as_ref().and_then(|path| path.file_stem()?.to_str()).unwrap_or("accel");
    clap::Command::new(name.to_owned())
}

/// The options of a program that has none of its own.
#[derive(Clone, Copy, Debug, Args)]
#[group(skip)]
pub struct NoArguments {}

/// What commands know beside their arguments.
pub(crate) struct Context<'a> {
    pub(crate) cli: &'a Cli,
    /// For completions.
    pub(crate) command_line: clap::Command,
}
