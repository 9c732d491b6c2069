use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use accel_core::Lock;
use accel_deploy::Values;
use accel_synth::{Assembly, MANIFEST};

use crate::{
    codes,
    problem::{Problem, Problems},
};

/// What runs keep. Nothing is written elsewhere.
#[derive(Debug)]
pub(super) struct Files {
    /// For the journal and for what is deployed; a simulated cloud is in it too.
    pub(super) directory: PathBuf,
    pub(super) lock: PathBuf,
}

impl Files {
    /// What a run deploys.
    pub(super) fn assembly(&self) -> PathBuf {
        self.directory.join("assembly")
    }

    /// One line for every change of a state.
    pub(super) fn journal(&self) -> PathBuf {
        self.directory.join("journal.jsonl")
    }

    /// What the last run was asked to do.
    pub(super) fn run(&self) -> PathBuf {
        self.directory.join("run.json")
    }

    /// One of the files that a run has left.
    pub(super) fn read(&self, path: &Path) -> Result<String, Problems> {
        let wrong = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => {
                format!("no run was begun in `{}`", self.directory.display())
            }
            _ => format!("`{}`: {error}", path.display()),
        };
        Ok(fs::read_to_string(path).map_err(|error| no_run(wrong(error)))?)
    }

    /// Puts the assembly into the directory in one move: a run that was killed while it wrote leaves nothing
    /// that the next one would take for somebody else's.
    pub(super) fn keep(&self, assembly: &Assembly) -> Result<(), Problems> {
        let place = self.assembly();
        let new = place.with_extension("new");
        let removed = |path: &Path| match fs::remove_dir_all(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        };
        removed(&new).map_err(|error| cannot_write(&new, &error))?;
        assembly.write(&new).map_err(Problem::from)?;
        let moved = || {
            if place.join(MANIFEST).exists() {
                removed(&place)?;
            }
            fs::rename(&new, &place)
        };
        Ok(moved().map_err(|error| cannot_write(&place, &error))?)
    }

    /// To be added to. An empty line comes first: a run that was killed may have left a part of one, and a disk
    /// that is full is noticed before anything is changed.
    pub(super) fn open_journal(&self) -> Result<File, Problems> {
        let path = self.journal();
        let opened = || {
            fs::create_dir_all(&self.directory)?;
            let mut journal = OpenOptions::new().create(true).append(true).open(&path)?;
            journal.write_all(b"\n")?;
            Ok(journal)
        };
        Ok(opened().map_err(|error| cannot_write(&path, &error))?)
    }

    /// What earlier runs have learned. A file that is none is never written over.
    pub(super) fn read_lock(&self) -> Result<Lock, Problems> {
        crate::input::read_lock(&self.lock, false)
    }

    /// Adds what was learned to the lock file, which is another one only if something was.
    pub(super) fn write_lock(&self, assembly: &Assembly, values: &Values) -> Result<(), Problems> {
        let lock = self.read_lock()?;
        let text = accel_synth::print_lock(&values.lock(assembly.manifest(), lock));
        if fs::read_to_string(&self.lock).ok().as_ref() != Some(&text) {
            let new = self.lock.with_extension("lock.new");
            let written = fs::write(&new, text).and_then(|()| fs::rename(&new, &self.lock));
            written.map_err(|error| cannot_write(&self.lock, &error))?;
        }
        Ok(())
    }
}

/// Nothing can be said of the last run.
pub(super) fn no_run(message: String) -> Problem {
    Problem::new(&codes::NO_RUN, message)
        .help("run `deploy`; or name the directory of the run as that run did")
}

pub(super) fn cannot_write(path: &Path, error: &io::Error) -> Problem {
    Problem::new(&codes::CANNOT_WRITE, format!("`{}`: {error}", path.display()))
        .help("name another directory, or make room in this one")
}
