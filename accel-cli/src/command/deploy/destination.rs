use std::path::{Path, PathBuf};

#[cfg(feature = "deploy")]
use accel_core::RoleName;
#[cfg(feature = "deploy")]
use accel_deploy::Aws;
#[cfg(feature = "simulate")]
use accel_simulator::SimulatedCloud;
use clap::Args;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::{
    cloud::{AnyCloud, Provider},
    files::Files,
};
use crate::{
    codes,
    input::{DEFAULT_LOCK, Input},
    problem::{Problem, Problems},
};

/// The one that Organizations makes in every account.
#[cfg(feature = "deploy")]
const ACCESS_ROLE: &str = "OrganizationAccountAccessRole";

/// Where a deployment goes, and where what it learns is kept.
#[derive(Args, Debug)]
pub(super) struct Destination {
    /// Deploy into a simulated cloud, which is kept in this directory with all that belongs to it
    #[cfg(feature = "simulate")]
    #[arg(long, value_name = "DIR")]
    simulate: Option<PathBuf>,
    /// What earlier deployments learned, and where this one adds to it; a simulated cloud adds to a file
    /// of its own [default: accel.lock]
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
    /// Keep the journal of the run and what it deploys in this directory [default: accel.journal, beside
    /// the lock file]
    #[cfg(feature = "deploy")]
    #[cfg_attr(feature = "simulate", arg(conflicts_with = "simulate"))]
    #[arg(long, value_name = "DIR")]
    journal: Option<PathBuf>,
    /// The role through which other accounts are reached
    #[cfg(feature = "deploy")]
    #[arg(long, value_name = "NAME", default_value = ACCESS_ROLE, value_parser = RoleName::parse)]
    access_role: RoleName,
}

impl Destination {
    /// As they are given again.
    pub(super) fn flags(&self) -> impl Iterator<Item = String> {
        let shown = |name: &'static str| move |path: &Path| format!("--{name}={}", path.display());
        let simulated = self.simulated().map(shown("simulate"));
        let lock = self.lock.as_deref().map(shown("lock"));
        let journal = self.journal().map(shown("journal"));
        simulated.into_iter().chain(lock).chain(journal).chain(self.role_flag())
    }

    #[cfg(feature = "deploy")]
    fn role_flag(&self) -> Option<String> {
        let name = self.access_role.to_string();
        (name != ACCESS_ROLE).then(|| format!("--access-role={name}"))
    }

    #[cfg(not(feature = "deploy"))]
    const fn role_flag(&self) -> Option<String> {
        None
    }

    /// What synthesis reads.
    pub(super) fn input(&self) -> Input {
        let kept = || Some(self.files().lock).filter(|kept| kept.exists());
        Input::from(self.lock.clone().or_else(|| self.simulated().and_then(|_| kept())))
    }

    /// What a run writes.
    pub(super) fn files(&self) -> Files {
        match self.simulated() {
            Some(directory) => {
                Files { directory: directory.to_owned(), lock: directory.join(DEFAULT_LOCK) }
            }
            None => {
                let lock = self.lock.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_LOCK));
                let beside = || lock.with_file_name("accel.journal");
                Files { directory: self.journal().map_or_else(beside, Path::to_owned), lock }
            }
        }
    }

    /// The runtime that a command works in, and the cloud. No call is sent yet.
    ///
    /// `rows` are the steps of the assembly.
    pub(super) fn open(&self, rows: Vec<Value>) -> Result<(Runtime, AnyCloud), Problems> {
        match self.simulated() {
            #[cfg(feature = "simulate")]
            Some(directory) => {
                // A simulated cloud has its own time, and waiting in it costs none of ours.
                let runtime = started(Builder::new_current_thread().enable_all().start_paused(true))?;
                let guard = runtime.enter();
                let cloud = SimulatedCloud::open(directory, rows).map_err(|error| {
                    if error.kind() == std::io::ErrorKind::InvalidData {
                        return Problem::new(&codes::NOT_DEPLOYED, error.to_string())
                            .help("mend the file, or take another directory");
                    }
                    super::files::cannot_write(directory, &error)
                })?;
                drop(guard);
                Ok((runtime, Provider::Simulated(Box::new(cloud)).into()))
            }
            #[cfg(feature = "deploy")]
            _ => {
                drop(rows);
                let runtime = started(Builder::new_current_thread().enable_all())?;
                let aws = runtime.block_on(Aws::from_environment());
                let aws = aws.access_role(self.access_role.to_string());
                Ok((runtime, Provider::Aws(Box::new(aws)).into()))
            }
            #[cfg(not(feature = "deploy"))]
            _ => Err(Problem::new(&codes::NO_CLOUD, "there is no cloud to deploy to")
                .help(
                    "pass `--simulate=DIR` for a simulated one; to reach AWS, build the program with the \
                     feature `deploy`",
                )
                .into()),
        }
    }

    #[cfg(feature = "simulate")]
    fn simulated(&self) -> Option<&Path> {
        self.simulate.as_deref()
    }

    #[cfg(not(feature = "simulate"))]
    const fn simulated(&self) -> Option<&Path> {
        None
    }

    #[cfg(feature = "deploy")]
    fn journal(&self) -> Option<&Path> {
        self.journal.as_deref()
    }

    #[cfg(not(feature = "deploy"))]
    const fn journal(&self) -> Option<&Path> {
        None
    }
}

fn started(builder: &mut Builder) -> Result<Runtime, Problems> {
    builder.build().map_err(|error| {
        Problem::new(&codes::NOT_DEPLOYED, format!("the system gives no way to wait: {error}"))
            .help("close other programs, and run again")
            .into()
    })
}
