use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    fresh,
    measure::{Taken, measure},
};

/// accel's side: the example `scale`, in release.
pub(crate) struct Scale {
    root: PathBuf,
    program: PathBuf,
}

impl Scale {
    pub(crate) fn build(root: &Path) -> anyhow::Result<Self> {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--release", "--example", "scale"]).current_dir(root);
        measure(&mut cargo)?;
        Ok(Self { root: root.to_owned(), program: root.join("target/release/examples/scale") })
    }

    /// The whole process, from nothing to written files.
    pub(crate) fn run(&self, accounts: u32, stack_set: bool) -> anyhow::Result<Taken> {
        measure(&mut self.command(accounts, stack_set, &fresh(&self.root, "accel")?))
    }

    /// One bucket: what every run costs at least.
    pub(crate) fn floor(&self) -> anyhow::Result<Taken> {
        let mut command = Command::new(&self.program);
        measure(command.args(["synth", "--floor", "--out"]).arg(fresh(&self.root, "accel")?))
    }

    /// One synthesized template of the workload.
    pub(crate) fn template(&self) -> anyhow::Result<serde_json::Value> {
        let out = fresh(&self.root, "accel")?;
        measure(&mut self.command(1, false, &out))?;
        let text = std::fs::read(out.join("stacks/account-0/us-east-1/baseline.template.json"))?;
        Ok(serde_json::from_slice(&text)?)
    }

    fn command(&self, accounts: u32, stack_set: bool, out: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["synth", "--accounts", &accounts.to_string(), "--out"]).arg(out);
        if stack_set {
            command.arg("--stack-set");
        }
        command
    }
}
