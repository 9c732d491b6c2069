use std::{
    fs, io,
    path::{Path, PathBuf},
};

use accel_core::{App, Diagnostics, Lock};
use accel_synth::Assembly;
use clap::Args;

use crate::{
    codes,
    problem::{Problem, Problems},
};

pub(crate) const DEFAULT_LOCK: &str = "accel.lock";

/// What synthesis reads beside the program.
#[derive(Args, Debug)]
pub(crate) struct Input {
    /// What earlier deployments learned [default: accel.lock, if there is one]
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
}

#[cfg(feature = "engine")]
impl From<Option<PathBuf>> for Input {
    fn from(lock: Option<PathBuf>) -> Self {
        Self { lock }
    }
}

impl Input {
    /// The app as an assembly, and the warnings: for commands that end soon after.
    pub(crate) fn synthesize(&self, app: App) -> Result<(Assembly, Problems), Problems> {
        self.synthesize_by(accel_synth::synth_once, app)
    }

    /// The same by this function.
    pub(crate) fn synthesize_by(
        &self,
        synth: fn(App) -> Result<Assembly, Diagnostics>,
        mut app: App,
    ) -> Result<(Assembly, Problems), Problems> {
        app.set_lock(self.read_lock()?);
        let assembly = synth(app).map_err(|found| Problems::from(&found))?;
        let warnings = Problems::from(assembly.warnings());
        Ok((assembly, warnings))
    }

    fn read_lock(&self) -> Result<Lock, Problems> {
        match &self.lock {
            Some(path) => read_lock(path, true),
            None => read_lock(Path::new(DEFAULT_LOCK), false),
        }
    }
}

/// A lock file, which may have to be there.
pub(crate) fn read_lock(path: &Path, must_exist: bool) -> Result<Lock, Problems> {
    let wrong = |error: String| {
        Problem::new(&codes::INVALID_LOCK, format!("`{}`: {error}", path.display()))
            .help("take the committed file back, or remove it and deploy to write it anew")
            .into()
    };
    match fs::read_to_string(path) {
        Ok(text) => accel_synth::parse_lock(&text).map_err(wrong),
        Err(error) if !must_exist && error.kind() == io::ErrorKind::NotFound => Ok(Lock::default()),
        Err(error) => Err(wrong(error.to_string())),
    }
}

/// An assembly on disk.
#[derive(Args, Debug)]
pub(crate) struct Written {
    /// The directory of the assembly
    #[arg(value_name = "DIR", default_value = "accel.out")]
    pub(crate) directory: PathBuf,
}

impl Written {
    pub(crate) fn read(&self) -> Result<Assembly, Problems> {
        Assembly::read(&self.directory).map_err(|error| {
            let message = format!("`{}`: {error}", self.directory.display());
            Problem::new(&codes::NO_ASSEMBLY, message)
                .help("name the directory that `synth` wrote, or synthesize again")
                .into()
        })
    }
}
