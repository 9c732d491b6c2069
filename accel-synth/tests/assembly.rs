//! What happens to the directory of an assembly.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::{collections::BTreeMap, fs, path::Path};

use accel_core::{AccountInfo, App, Region, Resource, Stack, StackSet};
use accel_synth::{Assembly, WriteError, synth};

fn assembly(stacks: &[&str]) -> Assembly {
    let mut app = App::new("test");
    let prod = app.scope().declare_account_as("prod", AccountInfo::default());
    for id in stacks {
        app.open(id, Stack::new(prod.in_region(Region::EU_WEST_1)))
            .add("thing", Resource::new("Example::Test::Thing"));
    }
    app.open("set", StackSet::for_accounts([prod]).regions([Region::EU_WEST_1]))
        .add("thing", Resource::new("Example::Test::Thing"));
    synth(app).unwrap()
}

fn content(directory: &Path) -> BTreeMap<String, String> {
    let assembly = Assembly::read(directory).unwrap();
    assembly.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

#[test]
fn what_was_written_is_read_back() {
    let directory = tempfile::tempdir().unwrap();
    let written = assembly(&["a", "b"]);
    written.write(directory.path()).unwrap();
    let read = Assembly::read(directory.path()).unwrap();
    assert_eq!(read.manifest(), written.manifest());
    assert!(read.files().eq(written.files()));
}

#[test]
fn a_directory_holds_exactly_the_last_assembly() {
    let directory = tempfile::tempdir().unwrap();
    assembly(&["a", "b"]).write(directory.path()).unwrap();
    let untouched = directory.path().join("stacks/prod/eu-west-1/a.template.json");
    let before = fs::metadata(&untouched).unwrap().modified().unwrap();
    assembly(&["a", "c"]).write(directory.path()).unwrap();
    assert!(content(directory.path()).keys().all(|path| !path.ends_with("/b.template.json")));
    assert!(!directory.path().join("stacks/prod/eu-west-1/b.template.json").exists());
    assert_eq!(fs::metadata(&untouched).unwrap().modified().unwrap(), before);
}

#[test]
fn a_changed_file_is_written_again() {
    let directory = tempfile::tempdir().unwrap();
    let assembly = assembly(&["a"]);
    assembly.write(directory.path()).unwrap();
    let file = directory.path().join("stacks/prod/eu-west-1/a.template.json");
    fs::write(&file, "{}").unwrap();
    assert!(Assembly::read(directory.path()).is_err());
    assembly.write(directory.path()).unwrap();
    assert!(Assembly::read(directory.path()).is_ok());
}

#[test]
fn a_file_that_differs_in_its_last_byte_is_written_again() {
    let directory = tempfile::tempdir().unwrap();
    let manifest = assembly(&["a"]).manifest().clone();
    let text = "long".repeat(10_000);
    let assembly = Assembly::of_parts(manifest, BTreeMap::from([("a.txt".to_owned(), text)]));
    assembly.write(directory.path()).unwrap();
    let file = directory.path().join("a.txt");
    let mut changed = fs::read(&file).unwrap();
    *changed.last_mut().unwrap() = b'!';
    fs::write(&file, changed).unwrap();
    assembly.write(directory.path()).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), assembly.file("a.txt").unwrap());
}

#[test]
fn a_directory_with_foreign_files_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("notes.txt"), "mine").unwrap();
    let refused = assembly(&["a"]).write(directory.path()).unwrap_err();
    assert!(matches!(refused, WriteError::ForeignFile(path) if path.ends_with("notes.txt")));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_manifest_of_another_version_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    assembly(&["a"]).write(directory.path()).unwrap();
    let path = directory.path().join("manifest.json");
    let text = fs::read_to_string(&path).unwrap().replace("\"version\": 1", "\"version\": 2");
    fs::write(&path, text).unwrap();
    let refused = Assembly::read(directory.path()).unwrap_err().to_string();
    assert_eq!(refused, "`manifest.json` is of version 2, and this accel reads version 1");
}
