//! What was generated is everything, whichever features are on.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::{collections::BTreeSet, fs, path::Path};

fn sources() -> Vec<(String, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    sources.sort();
    sources
}

#[test]
fn every_resource_type_has_a_construct() {
    let mut types = BTreeSet::new();
    for (_, source) in sources() {
        let lines = source.lines().map(str::trim);
        let names = lines.filter_map(|line| line.strip_prefix("name: \"")?.strip_suffix("\","));
        types.extend(names.map(str::to_owned));
    }
    assert_eq!(types.len(), 1828);
    assert!(types.contains("AWS::EC2::VPC"));
}

#[test]
fn every_file_is_a_module() {
    let sources = sources();
    let (_, root) = sources.iter().find(|(name, _)| name == "lib").unwrap();
    for (name, _) in sources.iter().filter(|(name, _)| name != "lib") {
        let module = format!("mod {name};");
        assert!(root.contains(&module), "{name}.rs belongs to no module");
    }
}

#[test]
fn the_features_fit_the_registry() {
    let manifest = include_str!("../Cargo.toml");
    let features = manifest.lines().filter(|line| line.ends_with(" = []")).count();
    assert!((150..300).contains(&features), "{features}");
}
