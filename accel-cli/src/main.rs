//! The program `accel`, for assemblies that are on disk.

use std::process::ExitCode;

fn main() -> ExitCode {
    accel_cli::Cli::new().run_on_assemblies()
}
