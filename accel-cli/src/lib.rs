//! The commands of a program on accel. The program *is* the command line tool:
//!
//! ```no_run
//! use std::process::ExitCode;
//! use accel_core::App;
//!
//! fn main() -> ExitCode {
//!     accel_cli::run(App::new("landing-zone"))
//! }
//! ```
//!
//! Its commands, each with `--help`:
//!
//! | command       | what it does                                                                      |
//! |---------------|-----------------------------------------------------------------------------------|
//! | `synth`       | writes the assembly                                                               |
//! | `check`       | synthesizes without writing                                                       |
//! | `ls`          | lists stacks, stack sets and documents                                            |
//! | `tree`        | shows the construct tree, even of an app that does not synthesize                 |
//! | `diff`        | shows what deploying would do, and fails where state would be lost                |
//! | `write`       | writes a repository's generated files into a checkout of it, or checks them       |
//! | `policy why`  | says who may do what, and by which statements                                     |
//! | `explain`     | says what the code of a diagnostic means                                          |
//! | `completions` | prints the completions of a shell                                                 |
//!
//! With the feature `simulate`, for a simulated cloud, or `deploy`, for AWS, there are also `plan`, `deploy`,
//! `destroy`, `resume`, `status`, `events`, `lookup`, `drift` and `bootstrap`.
//!
//! The program `accel` has `ls`, `diff`, `write`, `policy why`, `explain` and `completions` for assemblies on
//! disk, with these features the commands that deploy too, and with the feature `new`, which is on by default, `new`: the first files of an application's
//! repository.
//!
//! | exit code | meaning                                                                                |
//! |-----------|----------------------------------------------------------------------------------------|
//! | 0         | done                                                                                   |
//! | 1         | diagnostics were reported, and nothing was written; or not all could be deployed       |
//! | 2         | there are differences, or it is not allowed, and the command was asked to tell by code |
//! | 3         | deployed, but for some instances of stack sets within the tolerance                    |
//! | 4         | refused: something would be lost, or it is not what was reviewed                       |
//! | 5         | interrupted, or the credentials are gone: run it again to go on                        |
//! | 64        | the command line was not understood                                                    |
//!
//! Answers go to the standard output, diagnostics and warnings to the standard error. With `--json` the
//! standard output is one JSON object: the answer, and under `diagnostics` what was found wrong.

#[cfg(all(feature = "engine", not(any(feature = "simulate", feature = "deploy"))))]
compile_error!(
    "the feature `engine` is what `simulate` and `deploy` have in common: take one of these"
);

mod arguments;
mod checkout;
mod cli;
mod command;
mod input;
#[cfg(feature = "new")]
mod onboarding;
mod outcome;
mod problem;

pub mod codes;

pub use clap;
pub use cli::{Cli, NoArguments, run, run_with};
