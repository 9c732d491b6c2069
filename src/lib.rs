//! AWS organizations, platforms, pipelines and alerts as one typed Rust program.
//!
//! A program builds a tree of constructs and hands it to [`run`], which makes the program a command
//! line tool: `cargo run -- synth` turns the tree into an *assembly* (CloudFormation templates, stack
//! sets, steps of the organization, workflows, monitors, a manifest), `cargo run -- --help` lists the
//! other commands.
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! use accel::prelude::*;
//!
//! fn main() -> ExitCode {
//!     accel::run(landing_zone())
//! }
//!
//! fn landing_zone() -> App {
//!     let mut app = App::new("example");
//!
//!     let mut org = app.open("org", Organization::create(email!("aws@example.com")));
//!     let workloads = org.add("workloads", OrganizationalUnit::builder().build());
//!     let prod = Account::builder().email(email!("aws+prod@example.com")).unit(workloads);
//!     let prod = org.add("prod", prod.build());
//!
//!     let mut network = app.open("network", Stack::new(prod.in_region(Region::EU_WEST_1)));
//!     network.add("vpc", Vpc::builder().cidr(cidr!("10.0.0.0/16")).build());
//!
//!     app
//! }
//! ```
//!
//! # What is where
//!
//! | module         | what                                                                            |
//! |----------------|---------------------------------------------------------------------------------|
//! | [`prelude`]    | the names that nearly every program uses                                        |
//! | [`constructs`] | constructs with intent, by pillar: foundation, platform, release, sre, security |
//! | [`cfn`]        | every resource type of CloudFormation, typed                                    |
//! | [`mod@core`]   | the construct tree: scopes, levels, values, environments, policy documents      |
//! | [`mod@synth`]  | from an app to its assembly, the manifest, the difference of two assemblies     |
//! | [`mod@cli`]    | the commands behind [`run`]                                                     |
//!
//! # Resource types
//!
//! [`cfn`] has one module and one cargo feature a service. The services that [`constructs`] are made of
//! are there anyway. For others name the crate too; cargo builds it once, with the features of all:
//!
//! ```toml
//! [dependencies]
//! accel = "0.1"
//! accel-cfn = { version = "0.1", features = ["dynamodb", "sqs"] } # accel::cfn::sqs::Queue
//! ```
//!
//! A resource of a type that is newer than accel is a [`Resource`](accel_core::Resource).

pub use accel_cfn as cfn;
pub use accel_cli as cli;
pub use accel_constructs as constructs;
pub use accel_core as core;
pub use accel_synth as synth;
#[doc(no_inline)]
pub use accel_synth::synth;

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
///
/// ```no_run
/// use std::process::ExitCode;
///
/// use accel::{cli::clap, prelude::*};
///
/// #[derive(clap::Args)]
/// struct Options {
///     /// Build the organization of this stage
///     #[arg(long, default_value = "test")]
///     stage: String,
/// }
///
/// fn main() -> ExitCode {
///     accel::run_with(|options: Options| App::new(&options.stage))
/// }
/// ```
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
