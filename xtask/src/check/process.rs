//! Running other programs.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use anyhow::{Context as _, bail};

use super::step::Context;

/// Longer reports are cut to their end, where compilers and test runners say what failed.
const REPORT_LINES: usize = 200;

impl Context {
    /// A command in the root of the repository, in the environment that every step shares.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.root).stdin(Stdio::null()).env("INSTA_UPDATE", "no");
        // A failed test says what it expected; where in the test runner it stood is of no use.
        command.env("RUST_BACKTRACE", "0");
        command.env("CARGO_TARGET_DIR", self.target(""));
        if self.ci {
            command.env("CARGO_INCREMENTAL", "0");
        }
        command
    }

    /// `cargo`, the one that runs this program.
    pub(crate) fn cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = self.command(Path::new(&cargo));
        command.args(arguments);
        command
    }
}

/// Runs the command and returns what it printed to standard output; a failure shows all that it printed.
pub(crate) fn succeed(command: &mut Command) -> anyhow::Result<String> {
    let output = finish(command)?;
    if !output.status.success() {
        bail!("`{}` failed ({})\n{}", shown(command), output.status, printed(&output));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs the command to its end, whatever its exit code.
pub(crate) fn finish(command: &mut Command) -> anyhow::Result<Output> {
    println!("    {}", shown(command));
    command.output().with_context(|| format!("`{}` did not start", shown(command)))
}

/// Both streams of a finished command, cut to their last lines.
pub(crate) fn printed(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8_lossy(&both);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(REPORT_LINES)..].join("\n")
}

/// The command line, without the folder of the repository and cut where it gets long.
fn shown(command: &Command) -> String {
    let root = command.get_current_dir().map(|root| format!("{}/", root.display()));
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    let mut line = words.join(" ");
    if let Some(root) = root {
        line = line.replace(&root, "");
    }
    if let Some((cut, _)) = line.char_indices().nth(120) {
        line.truncate(cut);
        line.push_str(" …");
    }
    line
}
