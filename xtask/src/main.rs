//! Development tasks of accel: `cargo xtask codegen | test | bench | sweep`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a development tool talks to its terminal"
)]

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

mod bench;
mod check;
mod codegen;
mod sweep;

/// Development tasks of accel.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    Bench(bench::Bench),
    Codegen(codegen::Codegen),
    Sweep(sweep::Sweep),
    Test(check::Test),
}

impl Task {
    fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Bench(bench) => bench.run(),
            Self::Codegen(codegen) => codegen.run().map(|()| ExitCode::SUCCESS),
            Self::Sweep(sweep) => sweep.run(),
            Self::Test(test) => test.run(),
        }
    }
}

fn main() -> ExitCode {
    match Cli::parse().task.run() {
        Ok(code) => code,
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
