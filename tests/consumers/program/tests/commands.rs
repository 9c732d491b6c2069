//! The program is run as its users and their pipelines run it.

use std::{fs, path::PathBuf, process::Command};

/// A directory for one test, and what the program prints and how it ends there.
struct Session {
    directory: PathBuf,
}

impl Session {
    fn new(name: &str) -> Self {
        let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        if directory.exists() {
            fs::remove_dir_all(&directory).unwrap();
        }
        fs::create_dir(&directory).unwrap();
        Self { directory }
    }

    fn run(&self, arguments: &str) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_program"));
        let arguments = arguments.split_whitespace();
        let output = command.args(arguments).current_dir(&self.directory).output().unwrap();
        let code = output.status.code().unwrap();
        let [out, err] = [output.stdout, output.stderr].map(|b| String::from_utf8(b).unwrap());
        (code, out, err)
    }
}

#[test]
fn an_organization_of_unknown_accounts_synthesizes() {
    let session = Session::new("synth");
    let (code, printed, warnings) = session.run("synth");
    assert_eq!((code, warnings.as_str()), (0, ""));
    assert!(printed.ends_with("6 files, 2 stacks, 0 stack sets in accel.out\n"), "{printed}");
    for file in [
        "manifest.json",
        "organization/steps.json",
        "stacks/billing/eu-west-1/jobs.template.json",
        "datadog/example/monitors/jobs-wait.json",
    ] {
        assert!(session.directory.join("accel.out").join(file).is_file(), "{file}");
    }
    assert_eq!(session.run("diff --exit-code").0, 0);
    let (code, _, problem) = session.run("diff --team orders");
    assert_eq!(code, 1);
    assert!(problem.contains("error[stateful-loss]: billing/eu-west-1/jobs/queue"), "{problem}");
    assert_eq!(session.run("diff --team orders --allow-delete --exit-code").0, 2);
}

#[test]
fn the_workflow_of_its_own_repository_is_checked() {
    let session = Session::new("write");
    let write = "write --repository example/platform .";
    assert_eq!(session.run(&format!("{write} --check")).0, 2);
    assert_eq!(session.run(write).0, 0);
    assert!(session.directory.join(".github/workflows/ci.yml").is_file());
    assert_eq!(session.run(&format!("{write} --check")).0, 0);
}

#[test]
fn a_mistake_is_shown_with_the_line_of_this_program() {
    let session = Session::new("mistake");
    for (mistake, code) in [
        ("check --team or/ders", "error[invalid-id]"),
        ("check --team orders --team orders", "error[duplicate-id]"),
        ("check --team o@rders", "error[invalid-input]"),
    ] {
        let (exit, _, shown) = session.run(mistake);
        assert_eq!(exit, 1, "{shown}");
        assert!(shown.contains(code) && shown.contains("--> src/main.rs:"), "{shown}");
    }
}

#[test]
fn a_program_without_a_command_shows_its_help() {
    let (exit, _, help) = Session::new("help").run("");
    assert_eq!(exit, 64);
    assert!(help.contains("Usage: program [OPTIONS] <COMMAND>"), "{help}");
    assert!(help.contains("--team <NAME>"), "{help}");
}

#[test]
fn the_codes_of_constructs_are_explained() {
    let session = Session::new("explain");
    let codes = accel::constructs::codes::ALL.concat();
    for code in codes {
        let (exit, printed, _) = session.run(&format!("explain {}", code.name()));
        assert!(exit == 0 && printed.starts_with(code.name()), "{printed}");
    }
}
