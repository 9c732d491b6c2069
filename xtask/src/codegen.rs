//! Generates what is made from AWS's published data: the L1 bindings and the tables of synth.

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context as _, bail};

use self::{constraints::vendored::Schemas, spec::Spec};

mod actions;
mod bindings;
mod constraints;
mod emit;
mod features;
mod kinds;
mod manifest;
mod model;
mod naming;
mod schema;
pub(crate) mod spec;

/// Generate sources and tables from the vendored AWS data.
#[derive(clap::Args)]
pub(crate) struct Codegen {
    /// Write nothing; fail if a generated file differs from what would be written.
    #[arg(long)]
    check: bool,
    /// First fetch this version of AWS's service spec, vendor it and print what changed.
    #[arg(long, value_name = "VERSION", conflicts_with = "check")]
    update_service_spec: Option<String>,
    /// First fetch this version of cfn-lint, vendor its schemas and print what changed.
    #[arg(long, value_name = "VERSION", conflicts_with = "check")]
    update_cfn_lint: Option<String>,
}

impl Codegen {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        if let Some(version) = self.update_service_spec {
            for change in spec::vendored::update(&version)? {
                println!("{change}");
            }
        }
        if let Some(version) = self.update_cfn_lint {
            for change in Schemas::update(&version)? {
                println!("{change}");
            }
        }
        let spec = Spec::load()?;
        let mut output = Output::default();
        bindings::generate(&spec, &mut output)?;
        constraints::generate(&spec, &mut output)?;
        manifest::generate(&mut output)?;
        actions::generate(&mut output)?;
        if self.check { output.check() } else { output.write() }
    }
}

/// The files that one run generates, by their path from the root of the repository.
#[derive(Default)]
pub(crate) struct Output {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Output {
    /// Adds a file by its path from the root of the repository.
    pub(crate) fn add(&mut self, path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    fn check(&self) -> anyhow::Result<()> {
        let stale: Vec<_> =
            self.files.iter().filter(|(path, bytes)| !is_current(path, bytes)).collect();
        if let [(path, _), ..] = &stale[..] {
            bail!(
                "{} generated files are stale, {} among them: run `cargo xtask codegen`",
                stale.len(),
                path.display()
            );
        }
        println!("{} generated files are current", self.files.len());
        Ok(())
    }

    fn write(&self) -> anyhow::Result<()> {
        let mut written = 0;
        for (path, bytes) in self.files.iter().filter(|(path, bytes)| !is_current(path, bytes)) {
            let path = crate::root().join(path);
            let parent = path.parent().context("a generated file has a directory")?;
            fs::create_dir_all(parent)?;
            fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
            written += 1;
        }
        println!("{written} of {} generated files written", self.files.len());
        Ok(())
    }
}

fn is_current(path: &PathBuf, bytes: &[u8]) -> bool {
    fs::read(crate::root().join(path)).is_ok_and(|current| current == bytes)
}
