//! Holds the dependency direction of the workspace, as DESIGN.md draws it.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use serde_json::Value;

/// Each crate, and the crates of the workspace that it may depend on. Tests may use more.
const DIRECTION: &[(&str, &[&str])] = &[
    ("accel-core", &[]),
    ("accel-cfn", &["accel-core"]),
    ("accel-policy", &["accel-core"]),
    ("accel-constructs", &["accel-core", "accel-cfn", "accel-policy"]),
    ("accel-synth", &["accel-core", "accel-policy"]),
    ("accel-testing", &["accel-core", "accel-policy", "accel-synth"]),
    ("accel-deploy", &["accel-core", "accel-synth"]),
    ("accel-simulator", &["accel-core", "accel-policy", "accel-synth", "accel-deploy"]),
    (
        "accel-cli",
        &["accel-core", "accel-policy", "accel-synth", "accel-deploy", "accel-simulator"],
    ),
];

/// See everything, and nothing depends on them.
const TOPS: &[&str] = &["accel", "accel-tests", "xtask"];

/// All that accel-core may bring into a build.
const CORE_BRINGS: &[&str] = &["ipnet"];

/// What somebody compiles who only synthesizes.
const SYNTHESIS: &[&str] =
    &["accel-core", "accel-cfn", "accel-constructs", "accel-synth", "accel-cli"];

/// The most packages that such a build may have.
const SYNTHESIS_PACKAGES: usize = 60;

#[test]
fn crates_depend_only_downwards() {
    let workspace = Workspace::read();
    for (name, dependencies) in &workspace.members {
        if TOPS.contains(&name.as_str()) {
            continue;
        }
        let Some((_, allowed)) = DIRECTION.iter().find(|(known, _)| known == name) else {
            panic!("{name} has no place in DIRECTION");
        };
        let members = dependencies.iter().filter(|name| workspace.members.contains_key(*name));
        for dependency in members {
            assert!(allowed.contains(&dependency.as_str()), "{name} depends on {dependency}");
        }
    }
}

#[test]
fn core_brings_next_to_nothing() {
    let brought = Workspace::read().closure(&["accel-core"]);
    let mut expected: Vec<_> = [&["accel-core"], CORE_BRINGS].concat();
    expected.sort_unstable();
    assert_eq!(brought, expected);
}

#[test]
fn synthesis_compiles_little_and_knows_no_network() {
    let workspace = Workspace::read();
    let present: Vec<_> =
        SYNTHESIS.iter().copied().filter(|name| workspace.members.contains_key(*name)).collect();
    let packages = workspace.closure(&present);
    let unwanted = |name: &&String| {
        name.starts_with("aws-")
            || ["tokio", "hyper", "reqwest", "jsonschema"].contains(&name.as_str())
    };
    assert_eq!(packages.iter().filter(unwanted).collect::<Vec<_>>(), [""; 0]);
    assert!(packages.len() <= SYNTHESIS_PACKAGES, "{} packages: {packages:?}", packages.len());
}

#[test]
fn a_simulated_deployment_compiles_no_client_of_aws() {
    let tree = |package: &str, features: &str| {
        let printed =
            stdout(&["tree", "--edges=no-dev", "--prefix=none", package, "--features", features]);
        let names = printed.lines().filter_map(|line| line.split(' ').next());
        let unwanted = |name: &&str| name.starts_with("aws-") || ["hyper", "rustls"].contains(name);
        names.filter(unwanted).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    assert_eq!(tree("--package=accel", "simulate"), BTreeSet::new());
    // The same question finds one where there is one.
    assert!(tree("--package=accel", "deploy").contains("aws-sigv4"));
}

struct Workspace {
    /// The members with the names of what they depend on outside of tests, optional or not.
    members: BTreeMap<String, BTreeSet<String>>,
    /// All packages of the resolved graph, with default features, by id: the name, and the ids of
    /// what they are built with.
    packages: BTreeMap<String, (String, Vec<String>)>,
}

impl Workspace {
    fn read() -> Self {
        let host = stdout(&["-vV"]);
        let host =
            host.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo has a host");
        let metadata = stdout(&["metadata", "--format-version=1", "--filter-platform", host]);
        let metadata: Value = serde_json::from_str(&metadata).expect("cargo prints JSON");

        let ids: BTreeSet<&str> =
            list(&metadata["workspace_members"]).filter_map(Value::as_str).collect();
        let mut members = BTreeMap::new();
        let mut names = BTreeMap::new();
        for package in list(&metadata["packages"]) {
            let (id, name) = (text(&package["id"]), text(&package["name"]));
            names.insert(id, name);
            if ids.contains(id) {
                let built = list(&package["dependencies"]).filter(|edge| edge["kind"] != "dev");
                let dependencies = built.map(|edge| text(&edge["name"]).to_owned()).collect();
                members.insert(name.to_owned(), dependencies);
            }
        }
        let nodes = list(&metadata["resolve"]["nodes"]).map(|node| {
            let built = list(&node["deps"])
                .filter(|edge| list(&edge["dep_kinds"]).any(|kind| kind["kind"] != "dev"))
                .map(|edge| text(&edge["pkg"]).to_owned());
            let id = text(&node["id"]);
            (id.to_owned(), (names[id].to_owned(), built.collect()))
        });
        let packages = nodes.collect();
        Self { members, packages }
    }

    /// The names of all packages that are compiled for the given ones, themselves among them; a
    /// name stands there once a version.
    fn closure(&self, names: &[&str]) -> Vec<String> {
        let roots = self.packages.iter().filter(|(_, (name, _))| names.contains(&name.as_str()));
        let mut pending: Vec<&String> = roots.map(|(id, _)| id).collect();
        assert_eq!(pending.len(), names.len(), "{names:?}");
        let mut seen = BTreeSet::new();
        while let Some(id) = pending.pop() {
            if seen.insert(id) {
                pending.extend(&self.packages[id].1);
            }
        }
        let mut names: Vec<_> = seen.into_iter().map(|id| self.packages[id].0.clone()).collect();
        names.sort();
        names
    }
}

fn stdout(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).output().expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().expect("a list").iter()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
