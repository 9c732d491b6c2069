//! A checkout of a repository, and the generated files that belong into it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use accel_synth::Assembly;
use serde::{Serialize, Serializer};

use crate::{
    codes,
    problem::{Problem, Problems},
};

/// What differs between a checkout and what is generated for it. Paths are below the checkout.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Changes {
    /// By path: the text.
    #[serde(serialize_with = "keys")]
    pub(crate) created: BTreeMap<String, String>,
    #[serde(serialize_with = "keys")]
    pub(crate) updated: BTreeMap<String, String>,
    pub(crate) removed: BTreeSet<String>,
    pub(crate) unchanged: BTreeSet<String>,
}

/// Compares the documents of `repository` with the files in `directory`.
///
/// Fails if one of them would replace a file that the app did not generate.
pub(crate) fn compare(
    assembly: &Assembly,
    repository: &str,
    directory: &Path,
) -> Result<Changes, Problems> {
    let prefix = format!("github/{repository}/");
    let app = &assembly.manifest().app;
    let documents = &assembly.manifest().documents;
    let ours: BTreeSet<&str> =
        documents.keys().filter_map(|path| path.strip_prefix(&prefix)).collect();
    if ours.is_empty() {
        return Err(unknown_repository(assembly, repository).into());
    }
    let mut changes = Changes::default();
    let mut problems = Problems::default();
    for &path in &ours {
        // A document that waits for a value is neither written nor removed.
        let Some(text) = assembly.file(&format!("{prefix}{path}")) else { continue };
        match fs::read_to_string(directory.join(path)) {
            Ok(there) if there == text => _ = changes.unchanged.insert(path.to_owned()),
            Ok(there) if is_generated(&there, app, path) => {
                changes.updated.insert(path.to_owned(), text.to_owned());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                changes.created.insert(path.to_owned(), text.to_owned());
            }
            Err(error) if error.kind() != io::ErrorKind::InvalidData => {
                problems.0.push(unreachable(&directory.join(path), &error));
            }
            _ => problems.0.push(foreign(&directory.join(path), app)),
        }
    }
    let mut there = Vec::new();
    if let Err(error) = list_yaml(directory, "", &mut there) {
        problems.0.push(unreachable(directory, &error));
    }
    for path in there.into_iter().filter(|path| !ours.contains(path.as_str())) {
        let text = fs::read_to_string(directory.join(&path));
        if text.is_ok_and(|text| is_generated(&text, app, &path)) {
            changes.removed.insert(path);
        }
    }
    if problems.0.is_empty() { Ok(changes) } else { Err(problems) }
}

impl Changes {
    pub(crate) fn is_empty(&self) -> bool {
        self.created.is_empty() && self.updated.is_empty() && self.removed.is_empty()
    }

    /// Makes the checkout hold what is generated for it.
    pub(crate) fn apply(&self, directory: &Path) -> Result<(), Problems> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error: io::Error| Problems::from(unreachable(&path, &error))
        };
        for (path, text) in self.created.iter().chain(&self.updated) {
            let target = directory.join(path);
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent).map_err(failed(parent))?;
            }
            fs::write(&target, text).map_err(failed(&target))?;
        }
        for path in &self.removed {
            let target = directory.join(path);
            fs::remove_file(&target).map_err(failed(&target))?;
        }
        Ok(())
    }
}

/// Whether the first lines of `text` say that `app` generated it to stand at `path`.
///
/// The path in them is one of an assembly, so a copy elsewhere, or an assembly in the checkout, does not
/// count.
fn is_generated(text: &str, app: &str, path: &str) -> bool {
    let mut lines = text.lines().map(|line| line.trim_start_matches(['#', ' ']));
    let (Some(first), Some(file)) = (lines.next(), lines.next()) else { return false };
    let [expected, _] = accel_synth::generated_by(app, path);
    first == expected && file.strip_suffix(path).is_some_and(|above| above.ends_with('/'))
}

/// Every file below `directory` that could have comments to say that it is generated.
fn list_yaml(root: &Path, below: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        // A name that is no text is none that accel gave.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() && path != ".git" {
            list_yaml(root, &path, found)?;
        } else if kind.is_file() && [".yml", ".yaml"].iter().any(|end| path.ends_with(end)) {
            found.push(path);
        }
    }
    Ok(())
}

fn unknown_repository(assembly: &Assembly, repository: &str) -> Problem {
    let documents = assembly.manifest().documents.keys();
    let repositories: BTreeSet<String> = documents
        .filter_map(|path| {
            let mut segments = path.strip_prefix("github/")?.split('/');
            Some(format!("{}/{}", segments.next()?, segments.next()?))
        })
        .collect();
    let message = format!("the app has no documents of the repository `{repository}`");
    let known: Vec<&str> = repositories.iter().map(String::as_str).collect();
    let help = match known.as_slice() {
        [] => "it has none of any repository".to_owned(),
        known => format!("it has those of {}", known.join(", ")),
    };
    Problem::new(&codes::UNKNOWN_REPOSITORY, message).help(help)
}

fn foreign(path: &Path, app: &str) -> Problem {
    let message = format!("`{}` was not generated by the app {app}", path.display());
    Problem::new(&codes::FOREIGN_FILE, message)
        .help("remove the file and write again, or give the generated one another path")
}

fn unreachable(path: &Path, error: &io::Error) -> Problem {
    Problem::new(&codes::CANNOT_WRITE, format!("`{}`: {error}", path.display()))
}

fn keys<S: Serializer>(files: &BTreeMap<String, String>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(files.keys())
}
