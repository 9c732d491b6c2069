use std::{
    collections::BTreeSet,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{Assembly, MANIFEST, parse_manifest};
use crate::parallel;

/// Why an assembly could not be written.
#[derive(Debug)]
pub enum WriteError {
    /// The directory has a file that no assembly put there.
    ForeignFile(PathBuf),
    /// A path could not be read or written.
    Io(PathBuf, io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForeignFile(path) => write!(
                f,
                "`{}` is not a file of an assembly, so the directory is left alone: name an empty \
                 directory, or remove the file",
                path.display()
            ),
            Self::Io(path, error) => write!(f, "cannot write `{}`: {error}", path.display()),
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::ForeignFile(_) => None,
            Self::Io(_, error) => Some(error),
        }
    }
}

pub(super) fn write(assembly: &Assembly, directory: &Path) -> Result<(), WriteError> {
    let at = |path: &Path, error| WriteError::Io(path.to_owned(), error);
    let manifest_path = directory.join(MANIFEST);
    let before = fs::read_to_string(&manifest_path).ok();
    let is_same = before.as_deref() == assembly.file(MANIFEST);
    let before = before.filter(|_| !is_same).and_then(|text| parse_manifest(&text).ok());
    let before = if is_same { Some(&assembly.manifest) } else { before.as_ref() };
    let old = before.map(|manifest| &manifest.files);
    let mut there = BTreeSet::new();
    list(directory, "", &mut there).map_err(|error| at(directory, error))?;
    // A file of the old assembly that somebody changed is still ours: it was listed.
    for path in &there {
        let ours = path == MANIFEST && before.is_some()
            || old.is_some_and(|old| old.contains_key(path))
            // What an interrupted write left has the bytes that this one would write.
            || assembly.file(path).is_some_and(|text| same(&directory.join(path), text));
        if !ours {
            return Err(WriteError::ForeignFile(directory.join(path)));
        }
    }
    fs::create_dir_all(directory).map_err(|error| at(directory, error))?;
    let files: Vec<_> = assembly.files().filter(|(path, _)| *path != MANIFEST).collect();
    if is_same {
        let same = parallel::map(&files, |&(path, text)| unchanged(directory, path, text));
        if same.into_iter().all(|same| same) {
            return Ok(());
        }
    }
    let written = parallel::map(&files, |&(path, text)| {
        let known = old.is_some_and(|old| old.get(path) == assembly.manifest.files.get(path));
        if known && unchanged(directory, path, text) {
            return Ok(());
        }
        let target = directory.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(|error| at(parent, error))?;
        }
        fs::write(&target, text).map_err(|error| at(&target, error))
    });
    written.into_iter().collect::<Result<(), _>>()?;
    let text = assembly.file(MANIFEST).unwrap_or_default();
    fs::write(&manifest_path, text).map_err(|error| at(&manifest_path, error))?;
    for path in there.iter().filter(|path| assembly.file(path).is_none()) {
        let target = directory.join(path);
        fs::remove_file(&target).map_err(|error| at(&target, error))?;
        remove_empty_parents(directory, &target);
    }
    Ok(())
}

/// Same size first: reading every file again costs as much as writing it.
fn unchanged(directory: &Path, path: &str, text: &str) -> bool {
    same(&directory.join(path), text)
}

fn same(path: &Path, text: &str) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.len() == text.len() as u64)
        && fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes())
}

/// The files below `directory`, with `/` between segments, each after `prefix`.
fn list(directory: &Path, prefix: &str, found: &mut BTreeSet<String>) -> io::Result<()> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        // What a link leads to is asked of the file system; anything else the entry says.
        if kind.is_dir() || kind.is_symlink() && entry.path().is_dir() {
            list(&entry.path(), &format!("{path}/"), found)?;
        } else {
            found.insert(path);
        }
    }
    Ok(())
}

fn remove_empty_parents(root: &Path, file: &Path) {
    let mut parent = file.parent();
    while let Some(directory) = parent.filter(|directory| *directory != root) {
        // Fails where something else is left in it, which is where to stop.
        if fs::remove_dir(directory).is_err() {
            break;
        }
        parent = directory.parent();
    }
}
