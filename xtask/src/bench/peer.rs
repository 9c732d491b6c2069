use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};

use super::{
    fresh,
    measure::{Taken, measure},
    scale::Scale,
};

/// The AWS CDK's side: `bench/cdk`, installed below `target/`.
pub(crate) struct Peer {
    root: PathBuf,
    programs: PathBuf,
}

impl Peer {
    pub(crate) fn install(root: &Path) -> anyhow::Result<Self> {
        let directory = root.join("target/bench/cdk");
        fs::create_dir_all(directory.join("bin"))?;
        for file in ["package.json", "tsconfig.json", "bin/lz.ts", "bin/floor.ts"] {
            fs::copy(root.join("bench/cdk").join(file), directory.join(file))
                .with_context(|| format!("cannot copy bench/cdk/{file}"))?;
        }
        let programs = directory.join("js");
        if !programs.join("lz.js").exists() {
            let install = ["install", "--no-audit", "--no-fund", "--loglevel=error"];
            measure(Command::new("npm").args(install).current_dir(&directory))?;
            measure(Command::new("npx").arg("tsc").current_dir(&directory))?;
        }
        Ok(Self { root: root.to_owned(), programs })
    }

    /// The whole process. `validate` is the CDK's own default.
    pub(crate) fn run(&self, accounts: u32, validate: bool) -> anyhow::Result<Taken> {
        let out = fresh(&self.root, "cdk.out")?;
        measure(self.command("lz.js", validate, &out).env("N", accounts.to_string()))
    }

    /// One bucket: what every run costs at least.
    pub(crate) fn floor(&self, validate: bool) -> anyhow::Result<Taken> {
        measure(&mut self.command("floor.js", validate, &fresh(&self.root, "cdk.out")?))
    }

    fn command(&self, program: &str, validate: bool, out: &Path) -> Command {
        let mut command = Command::new("node");
        command
            .arg(self.programs.join(program))
            .env("OUT", out)
            .env("CDK_VALIDATION", if validate { "true" } else { "false" });
        command
    }

    /// Compares the multiset of types of one stack of each side.
    pub(crate) fn same_resources(&self, scale: &Scale) -> anyhow::Result<String> {
        let out = fresh(&self.root, "cdk.out")?;
        measure(self.command("lz.js", false, &out).env("N", "1"))?;
        let text = fs::read(out.join("Acct0-us-east-1.template.json"))?;
        let cdk = types(&serde_json::from_slice(&text)?);
        let accel = types(&scale.template()?);
        ensure!(
            cdk == accel,
            "the two sides build different resources:\ncdk   {cdk:?}\naccel {accel:?}"
        );
        let count: usize = accel.values().sum();
        Ok(format!("both sides: {count} resources a stack, of the same {} types", accel.len()))
    }
}

fn types(template: &serde_json::Value) -> BTreeMap<String, usize> {
    let mut types = BTreeMap::new();
    let resources = template["Resources"].as_object().into_iter().flatten();
    for (_, resource) in resources {
        let name = resource["Type"].as_str().unwrap_or_default();
        *types.entry(name.to_owned()).or_default() += 1;
    }
    types
}
