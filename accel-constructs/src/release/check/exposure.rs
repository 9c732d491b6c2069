//! What others than the reviewed sources can read or put in: secrets and caches.

use accel_core::{DocumentNode, Prop};

use super::Report;
use crate::release::{GithubWorkflow, codes, expr::Read, job::JobData, step::StepData};

pub(super) fn check(workflow: &GithubWorkflow, job: &JobData, report: &mut Report<'_, '_>) {
    secrets(job, report);
    if releases(workflow) {
        caches(job, report);
    }
}

/// A job that calls a workflow cannot have an environment: the called one has it.
fn secrets(job: &JobData, report: &mut Report<'_, '_>) {
    if job.called.is_some() || job.keys().get("environment").is_some() {
        return;
    }
    let reads = job.uses.reads.iter().chain(job.all_steps().flat_map(|step| &step.uses.reads));
    let mut names: Vec<&str> = Vec::new();
    for read in reads {
        if let Read::Secret(name) = read
            && &**name != "GITHUB_TOKEN"
            && !names.contains(&name.as_str())
        {
            names.push(name);
        }
    }
    if !names.is_empty() {
        let problem = format!("it reads {} and runs in no environment", names.join(", "));
        let help = "make it a secret of an environment, and name that: .environment(\"prod\")";
        report.warn(&codes::SECRET_WITHOUT_ENVIRONMENT, &problem, help);
    }
}

/// Whether runs of the workflow make what people use: for releases and for tags.
fn releases(workflow: &GithubWorkflow) -> bool {
    workflow.triggers.iter().any(|trigger| match &trigger.node {
        _ if trigger.event == "release" => true,
        DocumentNode::Map(filters) if trigger.event == "push" => {
            filters.iter().any(|filter| filter.key == "tags")
        }
        _ => false,
    })
}

fn caches(job: &JobData, report: &mut Report<'_, '_>) {
    for step in job.all_steps().filter(|step| reads_cache(step)) {
        let action = step.action.as_ref().map_or("", |action| action.name());
        let problem = format!("{action} reads a cache that a pull request can have filled");
        let mut report = report.part("a step", step.location);
        report.warn(&codes::CACHE_IN_RELEASE, &problem, "leave it to workflows that test");
    }
}

/// Source: <https://docs.zizmor.sh/audits/#cache-poisoning>
fn reads_cache(step: &StepData) -> bool {
    let Some(action) = &step.action else { return false };
    let text = |input: &str| match step.with.get(input) {
        Some(DocumentNode::Value(Prop::String(text))) => text.to_string(),
        Some(DocumentNode::Value(Prop::Bool(value))) => value.to_string(),
        _ => String::new(),
    };
    let on = |input: &str| !matches!(text(input).as_str(), "" | "false");
    match action.name() {
        "actions/cache" | "actions/cache/restore" | "Swatinem/rust-cache" => true,
        "actions/setup-go" | "actions/setup-java" | "actions/setup-python" => on("cache"),
        "actions/setup-node" => on("cache") || on("package-manager-cache"),
        "astral-sh/setup-uv" => on("enable-cache"),
        "docker/build-push-action" => text("cache-from").contains("type=gha"),
        _ => false,
    }
}
