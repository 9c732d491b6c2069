//! accel's own workflow, written by accel:
//! `cargo run --example continuous-integration -- write --repository example/accel .`

use std::process::ExitCode;

use accel::{
    constructs::release::{
        Checkout, GithubWorkflow, Job, PullRequest, Push, Repository, Runner, RustToolchain, Step,
    },
    prelude::*,
};

fn main() -> ExitCode {
    accel::run(continuous_integration())
}

fn continuous_integration() -> App {
    let mut app = App::new("accel");
    let mut repository = app.open("accel", Repository::new("example/accel"));
    let check = Job::new("check", Runner::UBUNTU_24_04)
        .timeout_minutes(60)
        .step(Checkout::new())
        .step(RustToolchain::new("1.95").components("clippy, rustfmt"))
        .step(Step::run("cargo xtask test").name("The whole check"));
    repository.add(
        "check",
        GithubWorkflow::new("Check")
            .on(Push::new().branches(["main"]))
            .on(PullRequest::new())
            .job(check),
    );
    app
}
