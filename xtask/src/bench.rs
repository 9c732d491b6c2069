//! `cargo xtask bench`: the performance budget, measured on whole processes.

use std::{path::Path, process::ExitCode};

use clap::Args;

mod costs;
mod measure;
mod peer;
mod scale;

/// Measures the performance budget: synthesis at scale, alone or beside the AWS CDK, and what a user
/// compiles.
#[derive(Args)]
pub(crate) struct Bench {
    /// Numbers of accounts; each has two regions of one 56-resource stack.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 10, 100, 500])]
    accounts: Vec<u32>,

    /// Runs of each size, of which the fastest counts.
    #[arg(long, default_value_t = 3)]
    runs: u32,

    /// Also installs and runs the AWS CDK on the same workload, alternating; needs node and npm.
    #[arg(long)]
    peer: bool,

    /// Also measures what compiling costs: all resource types, and a user's program.
    #[arg(long)]
    costs: bool,
}

impl Bench {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let root = crate::root();
        let scale = scale::Scale::build(&root)?;
        let peer = if self.peer { Some(peer::Peer::install(&root)?) } else { None };
        if let Some(peer) = &peer {
            println!("{}", peer.same_resources(&scale)?);
        }
        for &accounts in &self.accounts {
            println!("{}", line(&scale, peer.as_ref(), accounts, self.runs)?);
        }
        if self.costs {
            costs::print(&root)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// One size: each side in turn, so that both see the same machine.
fn line(
    scale: &scale::Scale,
    peer: Option<&peer::Peer>,
    accounts: u32,
    runs: u32,
) -> anyhow::Result<String> {
    let mut accel = measure::Fastest::default();
    let mut sets = measure::Fastest::default();
    let mut cdk = measure::Fastest::default();
    let mut cdk_off = measure::Fastest::default();
    for _ in 0..runs.max(1) {
        accel.add(scale.run(accounts, false)?);
        sets.add(scale.run(accounts, true)?);
        if let Some(peer) = peer {
            cdk.add(peer.run(accounts, true)?);
            cdk_off.add(peer.run(accounts, false)?);
        }
    }
    let mut line = format!("N={accounts} accel={accel} stack-set={sets}");
    if peer.is_some() {
        let ratio = cdk.seconds() / accel.seconds();
        line.push_str(&format!(" cdk={cdk} ratio={ratio:.0}x cdk-no-validation={cdk_off}"));
    }
    Ok(line)
}

/// A directory below `target/` of which nothing is left from an earlier run.
fn fresh(root: &Path, name: &str) -> anyhow::Result<std::path::PathBuf> {
    let directory = root.join("target/bench").join(name);
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    if let Some(parent) = directory.parent() {
        std::fs::create_dir_all(parent)?;
    }
    Ok(directory)
}
