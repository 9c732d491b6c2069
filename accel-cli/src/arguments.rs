//! The command line: our commands, and the program's own flags beside them.

use std::collections::BTreeSet;

use clap::{Arg, Args, Command, Subcommand};

#[cfg(feature = "engine")]
const EXIT_CODES: &str = "\
Exit codes:
  0   done
  1   diagnostics were reported, or something could not be deployed
  2   there are differences, or it is not allowed, and the command was asked to tell by code
  3   deployed, but for some instances of stack sets within the tolerance
  4   refused: something would be lost, or it is not what was reviewed
  5   interrupted, or the credentials are gone: run it again to go on
  64  the command line was not understood";

#[cfg(not(feature = "engine"))]
const EXIT_CODES: &str = "\
Exit codes:
  0   done
  1   diagnostics were reported, and nothing was written
  2   there are differences, or it is not allowed, and the command was asked to tell by code
  64  the command line was not understood";

/// Adds the commands `C` and the flags `A` to `program`, which has its name, version and about.
pub(crate) fn command_line<C: Subcommand, A: Args>(program: Command) -> Command {
    let about = program.get_about().cloned().unwrap_or_default();
    let ours = C::augment_subcommands(program)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .max_term_width(100);
    let taken = below(&ours);
    let reachable_everywhere = |arg: &Arg| {
        !arg.is_positional() && !arg.is_required_set() && names([arg]).is_disjoint(&taken)
    };
    A::augment_args(ours.next_help_heading("Options of this program"))
        .mut_args(|arg| if reachable_everywhere(&arg) { arg.global(true) } else { arg })
        // The comments on `C` and `A` are not about the program.
        .about(about)
        .long_about(None)
        .after_help(EXIT_CODES)
}

/// What the arguments of all commands below one are called.
fn below(command: &Command) -> BTreeSet<String> {
    let of = |command| names(Command::get_arguments(command)).into_iter().chain(below(command));
    command.get_subcommands().flat_map(of).collect()
}

/// What no second argument of a command may be called.
fn names<'a>(args: impl IntoIterator<Item = &'a Arg>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for arg in args {
        names.insert(arg.get_id().to_string());
        names.extend(arg.get_long().map(|long| format!("--{long}")));
        names.extend(arg.get_short().map(|short| format!("-{short}")));
    }
    names
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches as _;

    use super::*;
    use crate::command::ProgramCommand;

    #[derive(Args)]
    struct Options {
        #[arg(long)]
        region: String,
        /// Called like a flag of `synth`.
        #[arg(long)]
        out: Option<String>,
        #[arg(long)]
        stage: Option<String>,
    }

    #[test]
    fn a_program_may_name_its_flags_as_it_likes() {
        let command_line = command_line::<ProgramCommand, Options>(Command::new("program"));
        let words = "program --region eu-west-1 --out mine synth --out ours --stage test";
        let matches = command_line.try_get_matches_from(words.split(' ')).unwrap();
        let options = Options::from_arg_matches(&matches).unwrap();
        assert_eq!(options.region, "eu-west-1");
        assert_eq!(options.out.as_deref(), Some("mine"));
        assert_eq!(options.stage.as_deref(), Some("test"));
    }
}
