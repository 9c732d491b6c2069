use std::{path::Path, process::Command};

use anyhow::{Context as _, ensure};

/// What deployments cost on the simulated cloud: the example `deployments`, in release.
pub(crate) fn print(root: &Path) -> anyhow::Result<()> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args("build --quiet --release --package accel-simulator --example deployments".split(' '));
    ensure!(
        cargo.current_dir(root).status()?.success(),
        "the example `deployments` does not compile"
    );
    let program = root.join("target/release/examples/deployments");
    for arguments in [&["instances", "2000", "17"][..], &["makespan", "20"], &["calls", "300"]] {
        let status = Command::new(&program).args(arguments).status();
        let status = status.with_context(|| format!("cannot run {}", program.display()))?;
        ensure!(status.success(), "deployments {arguments:?} failed: {status}");
    }
    Ok(())
}
