//! How much is the reference architecture for a big company? T tenants of three accounts each, in R regions:
//! `cargo run --release --example growth -- synth --tenants 20 --regions 4 --out growth.out`.

use std::process::ExitCode;

use accel::{
    cli::clap,
    constructs::blueprints::{Accelerator, Tenant},
    prelude::*,
};

#[derive(Debug, clap::Args)]
struct Size {
    /// How many tenants, each with the accounts of three stages.
    #[arg(long, default_value_t = 1)]
    tenants: u16,

    /// How many regions: 1 to 4.
    #[arg(long, default_value_t = 1)]
    regions: usize,
}

fn main() -> ExitCode {
    accel::run_with(|size: Size| growth(&size))
}

fn growth(size: &Size) -> App {
    let regions = [Region::US_EAST_1, Region::US_WEST_2, Region::EU_WEST_1, Region::EU_CENTRAL_1];
    let mut app = App::new("growth");
    let suit = Accelerator::builder()
        .email(email!("aws@example.com"))
        .domain("example.com")
        .regions(regions.into_iter().take(size.regions.max(1)))
        .tenants((1..=size.tenants).map(|n| Tenant::new(format!("t{n}"))))
        .repository(Repository::new("example/infrastructure"))
        .build();
    app.add("accelerator", suit);
    app
}
