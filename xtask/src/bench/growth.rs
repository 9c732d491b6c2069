//! What the reference architecture costs to synthesize, and what grows with a company.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::Context as _;
use serde_json::Value;

use super::{
    fresh,
    measure::{Fastest, measure},
};

/// Tenants, of three accounts each, and regions.
const SIZES: [(u16, usize); 5] = [(1, 1), (1, 4), (5, 2), (20, 2), (20, 4)];

/// A line for the example `landing-zone`, and one for each size of the example `growth`.
pub(crate) fn print(root: &Path, runs: u32) -> anyhow::Result<()> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--release", "--example", "landing-zone"]);
    measure(cargo.args(["--example", "growth"]).current_dir(root))?;
    let run = |example: &str, arguments: &[String], out: &Path| {
        let mut fastest = Fastest::default();
        for _ in 0..runs.max(1) {
            let program = root.join("target/release/examples").join(example);
            let mut command = Command::new(program);
            let command = command.arg("synth").args(arguments).arg("--out").arg(out);
            // Warnings, of documents that wait for ids.
            let command = command.stderr(Stdio::null());
            fastest.add(measure(command)?);
        }
        anyhow::Ok(fastest)
    };
    let out = fresh(root, "landing-zone")?;
    println!("landing-zone={} {}", run("landing-zone", &[], &out)?, counts(&out)?);
    for (tenants, regions) in SIZES {
        let out = fresh(root, "growth")?;
        let size = ["--tenants", &tenants.to_string(), "--regions", &regions.to_string()];
        let taken = run("growth", &size.map(str::to_owned), &out)?;
        let accounts = 3 * tenants;
        println!("accounts={accounts} regions={regions} accelerator={taken} {}", counts(&out)?);
    }
    Ok(())
}

/// How many templates, stack sets and steps an assembly has.
fn counts(assembly: &Path) -> anyhow::Result<String> {
    let read = |file: &str| {
        let text = fs::read(assembly.join(file)).with_context(|| format!("reading {file}"))?;
        anyhow::Ok(serde_json::from_slice::<Value>(&text)?)
    };
    let manifest = read("manifest.json")?;
    let of = |key: &str| manifest[key].as_object().map_or(0, serde_json::Map::len);
    let steps = read("organization/steps.json")?["steps"].as_array().map_or(0, Vec::len);
    Ok(format!("stacks={} stack-sets={} steps={steps}", of("stacks"), of("stackSets")))
}
