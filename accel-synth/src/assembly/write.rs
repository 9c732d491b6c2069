use std::{
    collections::BTreeSet,
    fmt, fs,
    io::{self, Read as _},
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
    let files: Vec<_> = assembly.files().filter(|(path, _)| *path != MANIFEST).collect();
    let mut there = BTreeSet::new();
    let (listed, unchanged) = parallel::both(
        || list(directory, "", &mut there),
        || {
            parallel::map(&files, |&(path, text)| {
                let known =
                    old.is_some_and(|old| old.get(path) == assembly.manifest.files.get(path));
                known && same(&directory.join(path), text)
            })
        },
    );
    listed.map_err(|error| at(directory, error))?;
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
    if is_same && unchanged.iter().all(|unchanged| *unchanged) {
        return Ok(());
    }
    fs::create_dir_all(directory).map_err(|error| at(directory, error))?;
    let changed = files.into_iter().zip(unchanged).filter(|(_, unchanged)| !unchanged);
    let changed: Vec<_> = changed.map(|(file, _)| file).collect();
    let written = parallel::map(&changed, |&(path, text)| {
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

/// Whether the file has this text. Same size first: to read every file again costs as much as to write it.
fn same(path: &Path, text: &str) -> bool {
    let has_size = |metadata: fs::Metadata| metadata.len() == text.len() as u64;
    if !fs::metadata(path).is_ok_and(has_size) {
        return false;
    }
    let Ok(mut file) = fs::File::open(path) else { return false };
    let mut piece = [0; 16_384];
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let Ok(read @ 1..) = file.read(&mut piece) else { return false };
        let Some(after) = rest.strip_prefix(&piece[..read]) else { return false };
        rest = after;
    }
    true
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
