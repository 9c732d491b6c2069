//! Workflow sets: what the repository of an application, or of the infrastructure, does from a pull
//! request to production, as one construct each.
//!
//! | set | files |
//! |---|---|
//! | [`InfraWorkflows`] | `check`, `plan`, `deploy`, `drift` |
//! | [`MicroserviceWorkflows`] | `pull-request`, `preview`, `main`, `release`, `rollback` |
//! | [`SpaWorkflows`] | `pull-request`, `preview`, `main`, `release` |
//! | [`LibraryWorkflows`] | `test`, `release` |
//! | [`ExecutableWorkflows`] | `test`, `release` |
//!
//! All of them keep to the same rules. A job that assumes a role runs in an environment of the
//! repository, and the role trusts that environment and nothing else: who may deploy is a setting of the
//! environment. What strangers wrote (a branch's name, a label) reaches scripts as environment variables
//! only. What is built once is deployed everywhere: a release tags the image of its commit, or takes the
//! files of its commit's run, and builds nothing.
//!
//! The ids of a set name its files, so a repository has one set; further workflows stand beside it.

mod deployment;
mod executable;
mod image;
mod infra;
mod library;
mod microservice;
mod spa;
mod stage;
mod toolchain;

pub use deployment::{Deployment, EcsDeployment, GitopsDeployment, GitopsRepository};
pub use executable::{ExecutableTarget, ExecutableToolchain, ExecutableWorkflows};
pub use image::ImageRepository;
pub use infra::{InfraStage, InfraWorkflows};
pub use library::LibraryWorkflows;
pub use microservice::{MicroserviceWorkflows, Preview};
pub use spa::{SpaPreview, SpaStage, SpaWorkflows};
pub use stage::Stage;
pub use toolchain::Toolchain;

use accel_core::{Diagnostic, Scope};

use super::{
    Repository, codes,
    event::PullRequestActivity,
    expr::{AvailableIn, Expr, contains, github, place},
    trigger::PullRequest,
};

/// The label that asks for a preview, unless said otherwise.
const PREVIEW_LABEL: &str = "preview";

/// What happens to a pull request that can begin, renew or end its preview.
fn preview_trigger() -> PullRequest {
    PullRequest::new().types([
        PullRequestActivity::Labeled,
        PullRequestActivity::Unlabeled,
        PullRequestActivity::Synchronize,
        PullRequestActivity::Reopened,
        PullRequestActivity::Closed,
    ])
}

/// Whether the pull request is to have a preview: it is open, has the label, and comes from a branch of
/// the repository, as a run for a fork has no token for AWS.
fn wants_preview(label: &str) -> Expr<impl AvailableIn<place::JobCondition>> {
    contains(github::event("pull_request.labels.*.name"), label)
        .and(github::event("action").is_not("closed"))
        .and(is_own_branch())
}

/// Whether the pull request had a preview, and is closed or lost the label.
fn loses_preview(label: &str) -> Expr<impl AvailableIn<place::JobCondition>> {
    let labelled = contains(github::event("pull_request.labels.*.name"), label);
    let closed = github::event("action").is("closed").and(labelled);
    let unlabelled =
        github::event("action").is("unlabeled").and(github::event("label.name").is(label));
    closed.or(unlabelled).and(is_own_branch())
}

fn is_own_branch() -> Expr<impl AvailableIn<place::JobCondition>> {
    github::event("pull_request.head.repo.full_name").is(github::REPOSITORY)
}

/// Two stages of one set in one environment of the repository would deploy over each other.
fn check_stages(scope: &mut Scope<'_, Repository>, environments: &[&str]) {
    for (index, name) in environments.iter().enumerate() {
        if environments[..index].contains(name) {
            let message = format!("two stages deploy to the environment {name:?}");
            scope.report(
                Diagnostic::error(&codes::DUPLICATE_STAGE, message, scope.location())
                    .allowed("one environment of the repository a stage")
                    .help("give one of them another environment"),
            );
        }
    }
}

#[cfg(test)]
mod tests;
