use std::{fs, path::Path, process::Command};

use super::{fresh, measure::measure};

/// What compiling costs: how quick this machine is, all resource types, and a stranger's program.
pub(crate) fn print(root: &Path) -> anyhow::Result<()> {
    reference(root)?;
    all_types(root)?;
    program(root)
}

/// What [`reference()`] builds, and what that took where the budget was written.
const REFERENCE: (&str, f64) =
    (r#"jsonschema = { version = "=0.61.2", default-features = false }"#, 45.7);

/// A clean debug build of something by others. The budget is in CPU seconds of one machine; this says how many of
/// this one make one of those.
fn reference(root: &Path) -> anyhow::Result<()> {
    let directory = fresh(root, "reference")?;
    fs::create_dir_all(directory.join("src"))?;
    let (dependency, budgeted) = REFERENCE;
    let manifest = format!(
        "[package]\nname = \"reference\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependency}\n"
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
    let cpu = cargo("build")?.cpu.as_secs_f64();
    let factor = cpu / budgeted;
    println!("machine reference cpu={cpu:.1}s budgeted={budgeted}s factor={factor:.2}");
    Ok(())
}

/// `cargo check` of every type, what it depends on being checked already.
fn all_types(root: &Path) -> anyhow::Result<()> {
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
    let taken = check(&["--features", "all"])?;
    println!(
        "check-all-types cpu={:.1}s memory={}MB",
        taken.cpu.as_secs_f64(),
        taken.memory / 1_000_000
    );
    Ok(())
}

/// The consumer `program`, built from nothing, then edited.
fn program(root: &Path) -> anyhow::Result<()> {
    let directory = root.join("tests/consumers/program");
    let target = fresh(root, "program")?;
    let cargo = |command: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(command).env("CARGO_TARGET_DIR", &target).current_dir(&directory);
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
    println!(
        "program clean-build cpu={:.1}s packages={} edit-to-synth={:.2}s",
        clean.cpu.as_secs_f64(),
        packages.len(),
        edited?.wall.as_secs_f64()
    );
    Ok(())
}
