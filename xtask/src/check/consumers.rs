//! The packages of `tests/consumers/`: users of accel who live outside the workspace.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};

use super::{
    process::succeed,
    step::{Context, Passed, Step},
};

/// The most packages that a user compiles who only synthesizes.
const PACKAGES: usize = 60;

pub(crate) const CONSUMERS: Step = Step {
    name: "consumers",
    about: "users outside the workspace build from clean, with few packages and no SDK",
    run: |context| {
        let mut reports = Vec::new();
        let packages = packages(&context.root.join("tests/consumers"))?;
        for package in &packages {
            if let Err(error) = build(context, package) {
                reports.push(format!("{}: {error:#}", name(package)));
            }
        }
        if !reports.is_empty() {
            bail!(reports.join("\n"));
        }
        Ok(Passed::new(packages.len(), "packages outside the workspace"))
    },
};

fn packages(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(directory).with_context(|| format!("reading {}", directory.display()))?;
    let paths: Vec<_> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    let mut packages: Vec<_> =
        paths.into_iter().filter(|path| path.join("Cargo.toml").is_file()).collect();
    packages.sort();
    Ok(packages)
}

/// Builds and tests the package in a clean target directory, with the versions of the workspace.
fn build(context: &Context, package: &Path) -> anyhow::Result<()> {
    fs::copy(context.root.join("Cargo.lock"), package.join("Cargo.lock"))?;
    let compiled = compiled(context, package)?;
    let unwanted = compiled.iter().find(|name| is_unwanted(name));
    if let Some(name) = unwanted {
        bail!("compiles {name}, which no synthesis needs");
    }
    if compiled.len() > PACKAGES {
        bail!("compiles {} packages, {PACKAGES} are allowed: {compiled:?}", compiled.len());
    }
    let target = context.target("consumers").join(name(package));
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    succeed(context.cargo(["fmt", "--check"]).current_dir(package))?;
    for verb in ["build", "test"] {
        let mut command = context.cargo([verb, "--quiet", "--target-dir"]);
        succeed(command.arg(&target).current_dir(package))?;
    }
    println!("    {} packages", compiled.len());
    Ok(())
}

/// The packages, each as `name vVERSION`, that cargo compiles for a user of this package; tests aside.
fn compiled(context: &Context, package: &Path) -> anyhow::Result<BTreeSet<String>> {
    let arguments = ["tree", "--edges=no-dev", "--prefix=none", "--no-dedupe", "--format={p}"];
    let printed = succeed(context.cargo(arguments).current_dir(package))?;
    let first_words = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    Ok(printed.lines().filter(|line| !line.is_empty()).map(first_words).collect())
}

fn is_unwanted(package: &str) -> bool {
    let name = package.split(' ').next().unwrap_or_default();
    name.starts_with("aws-") || ["tokio", "hyper", "reqwest", "jsonschema"].contains(&name)
}

fn name(package: &Path) -> String {
    package.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
