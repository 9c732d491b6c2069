use std::{fs, path::Path, process::Command};

use super::{
    fresh,
    measure::{Taken, measure},
};

/// What compiling costs: all resource types, and a stranger's program. The machine's speed is taken before and after, since
/// it changes.
pub(crate) fn print(root: &Path) -> anyhow::Result<()> {
    let before = reference(root)?;
    let types = all_types(root)?;
    let from_repository = program(root, "0")?;
    let from_path = program(root, "1")?;
    let factor = f64::midpoint(before, reference(root)?) / REFERENCE_SECONDS;
    let cpu = |taken: Taken| {
        let seconds = taken.cpu.as_secs_f64();
        format!("cpu={seconds:.1}s budgeted={:.1}s", seconds / factor)
    };
    println!("machine seconds-for-one-of-the-budget={factor:.2}");
    println!("check-all-types {} memory={}MB", cpu(types), types.memory / 1_000_000);
    for (packages_are, it) in [("from-a-repository", from_repository), ("at-a-path", from_path)] {
        println!(
            "program {packages_are} clean-build {} packages={} edit-to-synth={:.2}s",
            cpu(it.clean),
            it.packages,
            it.edited.wall.as_secs_f64()
        );
    }
    Ok(())
}

/// What [`reference()`] builds.
const REFERENCE: &str = r#"jsonschema = { version = "=0.61.2", default-features = false }"#;

/// What that took where the budget was written.
const REFERENCE_SECONDS: f64 = 45.7;

/// The CPU seconds of a clean debug build of something by others. The budget is in seconds of one machine; this says how many
/// of this one make one of those.
fn reference(root: &Path) -> anyhow::Result<f64> {
    let directory = fresh(root, "reference")?;
    fs::create_dir_all(directory.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"reference\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{REFERENCE}\n"
    );
    fs::write(directory.join("Cargo.toml"), manifest)?;
    fs::write(directory.join("src/main.rs"), "fn main() {}\n")?;
    let cargo = |command: &str| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args([command, "--quiet"]).current_dir(&directory);
        cargo.env("CARGO_TARGET_DIR", directory.join("target"));
        measure(&mut cargo)
    };
    cargo("fetch")?;
    Ok(cargo("build")?.cpu.as_secs_f64())
}

/// `cargo check` of every type, what it depends on being checked already.
fn all_types(root: &Path) -> anyhow::Result<Taken> {
    let target = fresh(root, "check-all")?;
    let check = |features: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["check", "--quiet", "--package", "accel-cfn"])
            .args(features)
            .env("CARGO_TARGET_DIR", &target)
            .current_dir(root);
        measure(&mut cargo)
    };
    check(&[])?;
    check(&["--features", "all"])
}

/// The consumer `program`.
struct Program {
    /// Built from nothing.
    clean: Taken,
    packages: usize,
    edited: Taken,
}

/// Packages that come from a repository or a registry are not built incrementally, those at a path are: a third to a half more.
fn program(root: &Path, incremental: &str) -> anyhow::Result<Program> {
    let directory = root.join("tests/consumers/program");
    let target = fresh(root, "program")?;
    let cargo = |command: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(command).env("CARGO_TARGET_DIR", &target).current_dir(&directory);
        cargo.env("CARGO_INCREMENTAL", incremental);
        cargo
    };
    let clean = measure(&mut cargo(&["build", "--quiet"]))?;
    let tree = cargo(&["tree", "--edges", "normal,build", "--prefix", "none"]).output()?;
    let mut packages: Vec<&str> = std::str::from_utf8(&tree.stdout)?
        .lines()
        .filter_map(|line| line.split(" (").next())
        .collect();
    packages.sort_unstable();
    packages.dedup();

    let main = directory.join("src/main.rs");
    let source = fs::read_to_string(&main)?;
    fs::write(&main, format!("{source}\n// edited\n"))?;
    let out = fresh(root, "program.out")?;
    let edited = measure(cargo(&["run", "--quiet", "--", "synth", "--out"]).arg(&out));
    fs::write(&main, source)?;
    Ok(Program { clean, packages: packages.len(), edited: edited? })
}
