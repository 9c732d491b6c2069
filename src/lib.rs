//! AWS organizations, platforms, pipelines and alerts as one typed Rust program.
//!
//! A program builds a tree of constructs and hands it to [`run`], which makes the program a command
//! line tool: `cargo run -- synth` turns the tree into an *assembly* (CloudFormation templates, stack
//! sets, workflows, monitors, a manifest), `cargo run -- --help` lists the other commands.
//!
//! ```
//! use accel::{core::{AccountInfo, Resource}, prelude::*};
//!
//! fn landing_zone() -> App {
//!     let mut app = App::new("example");
//!     let info = AccountInfo { id: Some(account_id!("111111111111")), ..AccountInfo::default() };
//!     let prod = app.scope().declare_account_as("prod", info);
//!     let mut data = app.open("data", Stack::new(prod.in_region(Region::EU_WEST_1)));
//!     data.add("bucket", Resource::new("AWS::S3::Bucket"));
//!     app
//! }
//!
//! # fn run() -> std::process::ExitCode {
//! accel::run(landing_zone()) // in `fn main() -> ExitCode`
//! # }
//! # assert!(accel::synth::synth(landing_zone()).is_ok());
//! ```

pub use accel_cli as cli;
pub use accel_constructs as constructs;
pub use accel_core as core;
pub use accel_synth as synth;

use std::process::ExitCode;

use accel_cli::{Cli, clap};
use accel_core::App;

pub mod prelude;

/// Runs the command that the program was started with on `app`.
#[must_use]
pub fn run(app: App) -> ExitCode {
    cli().run(app)
}

/// [`run`] for a program with flags of its own beside ours; see [`Cli::run_with`].
#[must_use]
pub fn run_with<A: clap::Args>(build: impl FnOnce(A) -> App) -> ExitCode {
    cli().run_with(build)
}

/// The command line that [`run`] runs, to be told the codes of other crates of constructs:
/// `accel::cli().codes(my_constructs::codes::ALL).run(app)`.
#[must_use]
pub fn cli() -> Cli {
    constructs::codes::ALL.iter().fold(Cli::new(), |cli, codes| cli.codes(codes))
}
