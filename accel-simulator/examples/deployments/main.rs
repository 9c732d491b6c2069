//! What deployments cost, on the simulated cloud and its clock; `cargo xtask bench --deployments` runs it in release.
//!
//! - `instances ACCOUNTS REGIONS`: plans and deploys one stack set.
//! - `makespan GRAPHS`: how long graphs of stacks take, beside what is possible and what other orders would take.
//! - `calls SETS`: what a run asks that finds nothing to do.

use std::error::Error;

mod calls;
mod instances;
mod makespan;
mod run;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["instances", accounts, regions] => instances::measure(accounts.parse()?, regions.parse()?),
        ["makespan", graphs] => makespan::measure(graphs.parse()?),
        ["calls", sets] => calls::measure(sets.parse()?),
        _ => Err("instances ACCOUNTS REGIONS | makespan GRAPHS | calls SETS".into()),
    }
}
