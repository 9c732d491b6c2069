//! What a step is, and what it is given.

use std::{
    cell::OnceCell,
    fmt,
    path::{Path, PathBuf},
};

/// One step of the check: `run` returns what it checked, or the error that is its report.
///
/// A failing step does not stop the others. A step that cannot run on this machine returns [`NotRun`].
pub(crate) struct Step {
    /// The word that `--only` takes.
    pub(crate) name: &'static str,
    /// What the step proves.
    pub(crate) about: &'static str,
    pub(crate) run: fn(&Context) -> anyhow::Result<Passed>,
}

/// What a step has checked. A count of zero is a failure: nothing was proved.
pub(crate) struct Passed {
    pub(crate) count: usize,
    what: String,
}

impl Passed {
    /// `Passed::new(12, "templates")` reads "12 templates".
    pub(crate) fn new(count: usize, what: impl Into<String>) -> Self {
        Self { count, what: what.into() }
    }
}

impl fmt::Display for Passed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.count, self.what)
    }
}

/// The error of a step that could not run here, with what is missing: `bail!(NotRun("..".to_owned()))`.
#[derive(Debug)]
pub(crate) struct NotRun(pub(crate) String);

impl std::error::Error for NotRun {}

impl fmt::Display for NotRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where the steps run.
pub(crate) struct Context {
    /// The root of the repository.
    pub(crate) root: PathBuf,
    /// Whether `CI=true`: nothing may be left out.
    pub(crate) ci: bool,
    /// The assembly given on the command line.
    pub(crate) given_assembly: Option<PathBuf>,
    /// The assemblies of the examples, or why there are none.
    pub(super) synthesized: OnceCell<Result<Vec<PathBuf>, String>>,
}

impl Context {
    pub(crate) fn new(given_assembly: Option<PathBuf>) -> anyhow::Result<Self> {
        let given_assembly = given_assembly.map(std::path::absolute).transpose()?;
        let ci = std::env::var("CI").is_ok_and(|value| value == "true");
        let root = crate::root().canonicalize()?;
        Ok(Self { root, ci, given_assembly, synthesized: OnceCell::new() })
    }

    /// A path below `target/`.
    pub(crate) fn target(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join("target").join(path)
    }
}
