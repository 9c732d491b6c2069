//! Development tasks of accel: `cargo xtask codegen | test | bench`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a development tool talks to its terminal"
)]

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

mod codegen;

/// Development tasks of accel.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    Codegen(codegen::Codegen),
}

impl Task {
    fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Codegen(codegen) => codegen.run(),
        }
    }
}

fn main() -> ExitCode {
    match Cli::parse().task.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the repository.
fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
