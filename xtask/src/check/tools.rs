//! Third-party tools, each pinned and in an environment of its own below `target/checkers/`.
//!
//! What a tool needs is committed in `xtask/checkers/<tool>/`: `requirements.txt` names every Python package with its
//! version, `package.json` and `package-lock.json` every npm package. An installed tool is used again while these are
//! unchanged; a stamp, written last, holds what was installed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};

use super::{
    assembly::files,
    inspection::ending,
    process::succeed,
    step::{Context, NotRun},
};

/// The `bin` directory of the tool's virtual environment.
pub(crate) fn python(context: &Context, tool: &str) -> anyhow::Result<PathBuf> {
    let probe = "import ensurepip, platform, venv; print(platform.python_version())";
    let version = version(context, "python3", &["-c", probe], (3, 10))?;
    let requirements = committed(context, tool).join("requirements.txt");
    let wanted = fs::read_to_string(&requirements)?;
    let environment = context.target("checkers").join(tool);
    let bin = environment.join("bin");
    installed(&environment, &format!("python {version}\n{wanted}"), || {
        succeed(context.command("python3").args(["-m", "venv"]).arg(&environment))?;
        let mut pip = context.command(bin.join("python"));
        pip.args(
            "-m pip install --quiet --disable-pip-version-check --no-compile --no-deps".split(' '),
        );
        succeed(pip.args(["--only-binary", ":all:", "--requirement"]).arg(&requirements))
    })?;
    Ok(bin)
}

/// The directory that has the tool's `node_modules`, and beside it the tool's committed scripts: a script can import
/// only from where it lies.
pub(crate) fn node(context: &Context, tool: &str) -> anyhow::Result<PathBuf> {
    let version = version(context, "node", &["--version"], (20, 0))?;
    let committed = committed(context, tool);
    let lock = fs::read_to_string(committed.join("package-lock.json"))?;
    let prefix = context.target("checkers").join(tool);
    installed(&prefix, &format!("node {version}\n{lock}"), || {
        fs::create_dir_all(&prefix)?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(committed.join(file), prefix.join(file))?;
        }
        let mut npm = context.command("npm");
        npm.args("ci --silent --ignore-scripts --no-audit --no-fund --prefix".split(' '));
        succeed(npm.arg(&prefix))
    })?;
    for script in ending(&files(&committed)?, &[".mjs"]) {
        let name = script.file_name().context("a file has a name")?;
        fs::copy(&script, prefix.join(name))?;
    }
    Ok(prefix)
}

/// The `bin` directory of a program that is built from its published sources, with the dependencies that it was released
/// with.
pub(crate) fn rust(context: &Context, tool: &str, version: &str) -> anyhow::Result<PathBuf> {
    let directory = context.target("checkers").join(tool);
    installed(&directory, &format!("{tool} {version}"), || {
        let build = directory.join("build");
        let mut cargo = context.cargo([
            "install",
            "--quiet",
            "--debug",
            "--locked",
            tool,
            "--version",
            version,
        ]);
        cargo.arg("--root").arg(&directory).env("CARGO_TARGET_DIR", &build);
        let printed = succeed(cargo.env("CARGO_PROFILE_DEV_DEBUG", "0"))?;
        fs::remove_dir_all(build)?;
        Ok(printed)
    })?;
    Ok(directory.join("bin"))
}

/// The committed files of a tool.
pub(crate) fn committed(context: &Context, tool: &str) -> PathBuf {
    context.root.join("xtask/checkers").join(tool)
}

/// Installs into an empty directory, unless the stamp there says that just this is installed.
fn installed(
    directory: &Path,
    contents: &str,
    install: impl FnOnce() -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    let stamp = directory.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|stamp| stamp == contents) {
        return Ok(());
    }
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    install()?;
    fs::write(&stamp, contents).with_context(|| format!("writing {}", stamp.display()))
}

/// The version that an interpreter prints; an absent or older one means that the step cannot run here.
fn version(
    context: &Context,
    interpreter: &str,
    arguments: &[&str],
    (major, minor): (u32, u32),
) -> anyhow::Result<String> {
    let needs = format!("needs {interpreter} {major}.{minor} or newer on the PATH");
    let mut command: Command = context.command(interpreter);
    let Ok(output) = command.args(arguments).output() else { bail!(NotRun(needs)) };
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        bail!(NotRun(format!("{needs}: {}", reason.lines().last().unwrap_or_default())));
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    let version = printed.trim().trim_start_matches('v').to_owned();
    let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
    if (numbers.next(), numbers.next()) < (Some(major), Some(minor)) {
        bail!(NotRun(format!("{needs}; this one is {version}")));
    }
    Ok(version)
}
