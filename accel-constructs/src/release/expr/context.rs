//! What an expression reads, as types: `Expr<context::Github>`. What is offered where is GitHub's
//! table, written down once below.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#context-availability>

use super::place;

macro_rules! contexts {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Debug)]
        pub enum $name {}
    )+};
}
contexts! {
    /// `github`: the run, the commit, the event.
    Github;
    /// `inputs` of a workflow that is called or started by hand.
    Inputs;
    /// `vars`: variables of the organization, the repository, the environment.
    Vars;
    /// `needs`: the jobs that were waited for.
    Needs;
    /// `matrix` and `strategy`.
    Matrix;
    /// `secrets`.
    Secrets;
    /// `steps`, `job`, `runner` and `env`: what exists once the job runs.
    Runtime;
    /// `jobs`, where the outputs of a called workflow are put together.
    Jobs;
    /// The functions `success()`, `failure()`, `always()` and `cancelled()`.
    Status;
    /// The function `hashFiles()`.
    Files;
}

/// Says that GitHub offers the context `Self` at the key `Place`.
#[diagnostic::on_unimplemented(
    message = "GitHub does not offer the context `{Self}` at this key of a workflow",
    label = "this key is a `{Place}`",
    note = "a value that exists only once a job runs can be an output of that job: `needs(&job).output(\"name\")`",
    note = "https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#context-availability"
)]
pub trait AvailableIn<Place> {}

impl<Place> AvailableIn<Place> for () {}
#[diagnostic::do_not_recommend]
impl<Place, A: AvailableIn<Place>, B: AvailableIn<Place>> AvailableIn<Place> for (A, B) {}

macro_rules! available {
    ($($place:ident: $($context:ident)+;)+) => {$($(
        impl AvailableIn<place::$place> for $context {}
    )+)+};
}
available! {
    Workflow: Github Inputs Vars;
    WorkflowEnv: Github Inputs Vars Secrets;
    CallOutput: Github Inputs Vars Jobs;
    JobCondition: Github Inputs Vars Needs Status;
    Strategy: Github Inputs Vars Needs;
    JobSetting: Github Inputs Vars Needs Matrix;
    JobEnv: Github Inputs Vars Needs Matrix Secrets;
    EnvironmentUrl: Github Inputs Vars Needs Matrix Runtime;
    JobOutput: Github Inputs Vars Needs Matrix Secrets Runtime;
    Credentials: Github Inputs Vars Secrets Runtime;
    StepCondition: Github Inputs Vars Needs Matrix Runtime Status Files;
    Step: Github Inputs Vars Needs Matrix Secrets Runtime Files;
}
