//! `cargo xtask bench`: the performance budget, measured on whole processes.

use std::{path::Path, process::ExitCode};

use clap::Args;

use self::{
    measure::{Fastest, Taken},
    peer::Peer,
    scale::Scale,
};

mod costs;
mod deployments;
mod growth;
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

    /// Measures deployments on the simulated cloud instead: a plan and a deployment of 34,000 instances, the
    /// order of work beside others, and the calls of a run that finds nothing to do.
    #[arg(long)]
    deployments: bool,

    /// Also measures what compiling costs: all resource types, and a user's program.
    #[arg(long)]
    costs: bool,
}

impl Bench {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let root = crate::root();
        if self.deployments {
            deployments::print(&root)?;
            return Ok(ExitCode::SUCCESS);
        }
        let scale = Scale::build(&root)?;
        let peer = if self.peer { Some(Peer::install(&root)?) } else { None };
        if let Some(peer) = &peer {
            println!("{}", peer.same_resources(&scale)?);
        }
        println!("{}", floor(&scale, peer.as_ref(), self.runs)?);
        for &accounts in &self.accounts {
            println!("{}", line(&scale, peer.as_ref(), accounts, self.runs)?);
        }
        growth::print(&root, self.runs)?;
        if self.costs {
            costs::print(&root)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The smallest program there is: one bucket.
fn floor(scale: &Scale, peer: Option<&Peer>, runs: u32) -> anyhow::Result<String> {
    let (mut accel, mut cdk) = (Fastest::default(), Sides::default());
    for _ in 0..runs.max(1) {
        accel.add(scale.floor()?);
        cdk.run(peer, Peer::floor)?;
    }
    Ok(format!("one-bucket accel={accel}{}", cdk.beside(&accel)))
}

/// One size: each side in turn, so that both see the same machine.
fn line(scale: &Scale, peer: Option<&Peer>, accounts: u32, runs: u32) -> anyhow::Result<String> {
    let (mut accel, mut sets, mut cdk) = (Fastest::default(), Fastest::default(), Sides::default());
    for _ in 0..runs.max(1) {
        accel.add(scale.run(accounts, false)?);
        sets.add(scale.run(accounts, true)?);
        cdk.run(peer, |peer, validate| peer.run(accounts, validate))?;
    }
    Ok(format!("N={accounts} accel={accel}{} stack-set={sets}", cdk.beside(&accel)))
}

/// The other side, as it comes and without its validation.
#[derive(Default)]
struct Sides {
    validating: Option<Fastest>,
    plain: Fastest,
}

impl Sides {
    fn run(
        &mut self,
        peer: Option<&Peer>,
        run: impl Fn(&Peer, bool) -> anyhow::Result<Taken>,
    ) -> anyhow::Result<()> {
        if let Some(peer) = peer {
            self.validating.get_or_insert_default().add(run(peer, true)?);
            self.plain.add(run(peer, false)?);
        }
        Ok(())
    }

    /// What stands beside accel's time, if the other side ran: its time, and how many times ours that is.
    fn beside(&self, accel: &Fastest) -> String {
        let Some(cdk) = &self.validating else { return String::new() };
        let ratio = cdk.seconds() / accel.seconds();
        format!(" cdk={cdk} ratio={ratio:.0}x cdk-no-validation={}", self.plain)
    }
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
