use accel_core::{AccountId, AccountInfo, AccountRef, App, Construct, Scope};

use super::*;
use expr::*;

mod oidc;
mod problems;
mod rendered;

/// The file that the workflow becomes.
fn printed(workflow: GithubWorkflow) -> String {
    let mut app = App::new("example");
    app.open("platform", Repository::new("example/platform")).add("test", workflow);
    let assembly = accel_synth::synth(app).unwrap();
    assembly.file("github/example/platform/.github/workflows/test.yml").unwrap().to_owned()
}

/// What is wrong with the workflow, without the lines of this test.
fn problems(workflow: GithubWorkflow) -> String {
    let mut app = App::new("example");
    app.open("platform", Repository::new("example/platform")).add("test", workflow);
    let diagnostics = accel_synth::synth(app).expect_err("nothing was found wrong");
    let lines = diagnostics.to_string();
    let lines = lines.lines().filter(|line| !line.contains(".rs:"));
    lines.collect::<Vec<_>>().join("\n")
}

/// An account called `production`.
#[derive(Debug)]
struct Production {
    id: Option<AccountId>,
}

impl Construct for Production {
    type Level = App;
    type Output = AccountRef;
    fn build(self, scope: &mut Scope<'_, App>) -> AccountRef {
        scope
            .declare_account_as("production", AccountInfo { id: self.id, ..AccountInfo::default() })
    }
}

/// A workflow around one job.
fn around<K>(job: Job<K>) -> GithubWorkflow {
    GithubWorkflow::new("Test").on(Push::new()).job(job)
}

/// A workflow around one job of one step.
fn around_step<A>(step: Step<A>) -> GithubWorkflow {
    around(Job::new("test", Runner::UBUNTU_24_04).step(step))
}
