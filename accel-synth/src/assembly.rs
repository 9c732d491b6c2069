use std::{collections::BTreeMap, fmt, fs, io, path::Path};

use accel_core::Diagnostics;
use sha2::{Digest as _, Sha256};

use crate::{
    manifest::{File, Manifest},
    ordered::IntoMap as _,
    parallel,
};

mod write;

pub use write::WriteError;

/// Where the manifest is in an assembly.
pub const MANIFEST: &str = "manifest.json";

/// The synthesized files, by path below the assembly's directory, and what is worth knowing of them.
#[derive(Clone, Debug)]
pub struct Assembly {
    files: BTreeMap<String, String>,
    manifest: Manifest,
    warnings: Diagnostics,
}

impl Assembly {
    /// An assembly to which files may come yet: it has no manifest among them before it is
    /// [sealed](Self::sealed).
    pub(crate) fn open(mut manifest: Manifest, files: BTreeMap<String, String>) -> Self {
        let texts: Vec<_> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
        let listed = parallel::map(&texts, |&(path, text)| (path.to_owned(), file(text)));
        manifest.files = listed.into_iter().into_map();
        Self { files, manifest, warnings: Diagnostics::default() }
    }

    pub(crate) fn insert(&mut self, path: &str, text: String) {
        self.manifest.files.insert(path.to_owned(), file(&text));
        self.files.insert(path.to_owned(), text);
    }

    pub(crate) fn sealed(mut self) -> Self {
        // Plain structs of text and numbers always serialize.
        let mut text = serde_json::to_string_pretty(&self.manifest).unwrap_or_default();
        text.push('\n');
        self.files.insert(MANIFEST.to_owned(), text);
        self
    }

    pub(crate) fn with_warnings(self, warnings: Diagnostics) -> Self {
        Self { warnings, ..self }
    }

    /// The assembly of a manifest and the files it names, as somebody kept them. Sizes and digests of the
    /// files are those of the texts.
    #[must_use]
    pub fn of_parts(manifest: Manifest, files: BTreeMap<String, String>) -> Self {
        Self::open(manifest, files).sealed()
    }

    /// Every file, ordered by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The file at `path`: `stacks/prod/eu-west-1/apps.template.json`.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// What the deployer reads.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What is worth knowing although the assembly was made.
    #[must_use]
    pub const fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// Makes `directory` hold exactly this assembly: files that are the same stay untouched, those of an
    /// earlier assembly that are gone are removed. The manifest is written last, so that an interrupted
    /// write is noticed.
    ///
    /// # Errors
    ///
    /// If the directory holds files that no assembly put there, or cannot be written; then nothing of it
    /// was changed before the problem was met.
    pub fn write(&self, directory: &Path) -> Result<(), WriteError> {
        write::write(self, directory)
    }

    /// Reads an assembly back.
    ///
    /// # Errors
    ///
    /// If there is none, it is of a version this crate does not know, or a file is not what the manifest
    /// says.
    pub fn read(directory: &Path) -> io::Result<Self> {
        let invalid = |message: String| io::Error::new(io::ErrorKind::InvalidData, message);
        let read = |path: &str| {
            fs::read_to_string(directory.join(path))
                .map_err(|error| io::Error::new(error.kind(), format!("`{path}`: {error}")))
        };
        let text = read(MANIFEST)?;
        let manifest = parse_manifest(&text).map_err(invalid)?;
        let mut files = BTreeMap::from([(MANIFEST.to_owned(), text)]);
        for (path, expected) in &manifest.files {
            let text = read(path)?;
            if file(&text) != *expected {
                return Err(invalid(format!("`{path}` is not the file that the manifest lists")));
            }
            files.insert(path.clone(), text);
        }
        Ok(Self { files, manifest, warnings: Diagnostics::default() })
    }
}

/// Every file with a header.
impl fmt::Display for Assembly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.files().try_for_each(|(path, text)| write!(f, "=== {path}\n{text}"))
    }
}

/// Reads a manifest of the version this crate knows.
fn parse_manifest(text: &str) -> Result<Manifest, String> {
    #[derive(serde::Deserialize)]
    #[serde(expecting = "an object with a version")]
    struct Versioned {
        version: u32,
    }
    let version = serde_json::from_str::<Versioned>(text)
        .map_err(|error| format!("`{MANIFEST}` is not a manifest: {error}"))?
        .version;
    if version != crate::manifest::VERSION {
        return Err(format!(
            "`{MANIFEST}` is of version {version}, and this accel reads version {}",
            crate::manifest::VERSION
        ));
    }
    serde_json::from_str(text).map_err(|error| format!("`{MANIFEST}` cannot be read: {error}"))
}

fn file(text: &str) -> File {
    let mut sha256 = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        for nibble in [byte >> 4, byte & 0xf] {
            sha256.extend(char::from_digit(nibble.into(), 16));
        }
    }
    File { sha256, bytes: text.len() as u64 }
}
