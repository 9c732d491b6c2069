//! The example of the README, as a library: what its assembly has, and that it is always the same.

use std::{path::Path, process::Command, thread};

use accel::{
    core::{Lock, account_id},
    synth::{Assembly, synth},
};

#[allow(dead_code, reason = "the example's main is not called here")]
#[path = "../examples/landing-zone.rs"]
mod landing_zone;

fn assembly() -> Assembly {
    synth(landing_zone::landing_zone()).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

fn files(assembly: &Assembly) -> Vec<(String, String)> {
    assembly.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

fn file<'a>(assembly: &'a Assembly, path: &str) -> &'a str {
    assembly.file(path).unwrap_or_else(|| panic!("there is no {path}"))
}

#[test]
fn it_has_a_file_for_each_stack_and_document() {
    let assembly = assembly();
    let paths: Vec<_> = assembly.files().map(|(path, _)| path).collect();
    assert_eq!(
        paths,
        [
            "datadog/acme/monitors/restarts.json",
            "github/acme/shop/.github/workflows/deploy.yml",
            "manifest.json",
            "organization/steps.json",
            "stack-sets/organization-baseline-members.template.json",
            "stacks/audit/eu-west-1/organization/guardduty/detector.template.json",
            "stacks/audit/us-east-1/organization/guardduty/detector.template.json",
            "stacks/audit/us-east-1/organization/trail/archive.template.json",
            "stacks/dev/eu-west-1/network.template.json",
            "stacks/dev/us-east-1/network.template.json",
            "stacks/management/eu-west-1/organization/baseline/management.template.json",
            "stacks/management/us-east-1/organization/baseline/management.template.json",
            "stacks/management/us-east-1/organization/home.template.json",
            "stacks/prod/eu-west-1/apps.template.json",
            "stacks/prod/eu-west-1/network.template.json",
            "stacks/prod/us-east-1/network.template.json",
        ]
    );
}

#[test]
fn it_is_the_same_in_every_thread() {
    let here = files(&assembly());
    let there: Vec<_> = (0..2).map(|_| thread::spawn(|| files(&assembly()))).collect();
    for other in there {
        assert_eq!(other.join().ok(), Some(here.clone()));
    }
}

#[test]
fn it_is_the_same_in_every_directory_and_locale() {
    let here = files(&assembly());
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("landing-zone");
    for (directory, locale) in [("one", "C"), ("two", "tr_TR.UTF-8")] {
        let directory = scratch.join(directory);
        std::fs::create_dir_all(&directory).expect("a directory of our own");
        // Cargo builds the examples before it runs tests, and puts them beside.
        let tests = std::env::current_exe().expect("this test is a program");
        let program = tests.ancestors().nth(2).expect("above deps").join("examples/landing-zone");
        let status = Command::new(program)
            .args(["synth", "--out", "out"])
            .env("LANG", locale)
            .env("LC_ALL", locale)
            .env("TZ", "Asia/Tokyo")
            .current_dir(&directory)
            .output();
        assert!(status.expect("the example is built").status.success());
        let written = Assembly::read(&directory.join("out")).expect("an assembly");
        assert_eq!(files(&written), here, "{}", directory.display());
    }
}

#[test]
fn what_a_deployment_learns_stands_in_the_workflow_and_in_no_template() {
    let workflow = "github/acme/shop/.github/workflows/deploy.yml";
    let before = assembly();
    let role = "role-to-assume: arn:aws:iam::${{ vars.ACCEL_PROD_ACCOUNT_ID }}:role/shop-deployer";
    assert!(file(&before, workflow).contains(role));

    let mut lock = Lock::default();
    lock.set_account("prod", account_id!("444444444444"));
    let mut app = landing_zone::landing_zone();
    app.set_lock(lock);
    let after = synth(app).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    let role = "role-to-assume: arn:aws:iam::444444444444:role/shop-deployer";
    assert!(file(&after, workflow).contains(role));

    let is_template = |path: &str| path.ends_with(".template.json");
    for (path, text) in before.files().filter(|(path, _)| is_template(path)) {
        assert_eq!(file(&after, path), text, "{path}");
    }
}
