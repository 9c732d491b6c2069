//! The context `github`: the run, the commit and the event.
//!
//! Much of it is written by whoever opens a pull request or an issue: a branch's name, a title.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#github-context>

use super::{Binding, Expr, context::Github};

macro_rules! properties {
    ($($(#[$doc:meta])+ $name:ident = $text:literal;)+) => {$(
        $(#[$doc])+
        pub const $name: Expr<Github> = Expr::known($text);
    )+};
}
properties! {
    /// Who started the run.
    ACTOR = "github.actor";
    /// The branch that a pull request is to be merged into.
    BASE_REF = "github.base_ref";
    /// The name of the event.
    EVENT_NAME = "github.event_name";
    /// The branch of a pull request.
    HEAD_REF = "github.head_ref";
    /// The full name of the branch or tag, `refs/heads/main`; for a pull request
    /// `refs/pull/1/merge`.
    REF = "github.ref";
    /// The short name of the branch or tag.
    REF_NAME = "github.ref_name";
    /// `branch` or `tag`.
    REF_TYPE = "github.ref_type";
    /// `owner/name`.
    REPOSITORY = "github.repository";
    /// The number of the repository, which stays when it is renamed.
    REPOSITORY_ID = "github.repository_id";
    /// The owner of the repository.
    REPOSITORY_OWNER = "github.repository_owner";
    /// How often the run was tried, from 1.
    RUN_ATTEMPT = "github.run_attempt";
    /// The number of the run, unique in the repository.
    RUN_ID = "github.run_id";
    /// The number of the run, counted for each workflow from 1.
    RUN_NUMBER = "github.run_number";
    /// `https://github.com`.
    SERVER_URL = "github.server_url";
    /// The commit.
    SHA = "github.sha";
    /// The token of the job, with the job's permissions.
    TOKEN = "github.token";
    /// Who started the run, or tried it again.
    TRIGGERING_ACTOR = "github.triggering_actor";
    /// The name of the workflow.
    WORKFLOW = "github.workflow";
    /// The directory of the job on its runner.
    WORKSPACE = "github.workspace";
}

/// A part of what the event says, its names with dots between them: `pull_request.number`.
#[must_use]
pub fn event(path: &str) -> Expr<Github> {
    path.split('.').fold(Expr::known("github.event"), Expr::get)
}

/// Whether the run is of a pull request.
#[must_use]
pub fn is_pull_request() -> Expr<Github> {
    Expr::made("github.event_name == 'pull_request'".into(), Binding::Equality, Vec::new())
}
