use std::fmt;

use accel_deploy::{InstanceStatus, NodeStatus, Standing};
use clap::Args;
use serde::Serialize;

use super::{Json, deployment::Deployment, losses::Losses, selection::Selection, source::Source};
use crate::{
    outcome::{Exit, Outcome, counted},
    problem::Problems,
};

/// Show how each step, stack and stack set stands, and each instance that is not current
///
/// The exit code is 3 if one of them is not well or not there.
#[derive(Args, Debug)]
pub(crate) struct Status<S: Source> {
    #[command(flatten)]
    deployment: Deployment<S>,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    pub(in crate::command) json: Json,
}

impl<S: Source> Status<S> {
    pub(in crate::command) fn run(&self, from: S::From) -> Result<Outcome<Standings>, Problems> {
        let session = self.deployment.open(from)?;
        let paths = self.selection.paths(&session.graph)?;
        let engine = session.engine(Losses::none(), Vec::new());
        let nodes = session.look(engine.status(&paths))?;
        let is_good = nodes.iter().all(|node| node.standing == Standing::Good);
        let exit = if is_good { Exit::Done } else { Exit::Partial };
        Ok(Outcome { answer: Standings { nodes }, problems: session.warnings, exit })
    }
}

/// How all stand.
#[derive(Debug, Serialize)]
pub(crate) struct Standings {
    nodes: Vec<NodeStatus>,
}

impl fmt::Display for Standings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.nodes.iter().map(|node| node.path.len()).max().unwrap_or_default();
        for node in &self.nodes {
            let sign = match node.standing {
                Standing::Good => ' ',
                Standing::Absent => '+',
                Standing::Busy => '~',
                Standing::Bad => '!',
                Standing::Unknown => '?',
            };
            writeln!(f, "{sign} {:width$}  {}", node.path, node.status)?;
            if let Some(reason) = &node.reason {
                writeln!(f, "    {reason}")?;
            }
            for InstanceStatus { account, region, status, reason } in &node.instances {
                writeln!(f, "    {account} in {region}: {status}: {reason}")?;
            }
        }
        let count = |standing| self.nodes.iter().filter(|node| node.standing == standing).count();
        let instances = self.nodes.iter().map(|node| node.instances.len()).sum();
        writeln!(
            f,
            "{} well, {} not there, {} busy, {} not well, {} unknown; {} not current",
            count(Standing::Good),
            count(Standing::Absent),
            count(Standing::Busy),
            count(Standing::Bad),
            count(Standing::Unknown),
            counted(instances, "instance"),
        )
    }
}
