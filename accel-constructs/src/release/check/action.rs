//! What a step hands to an action.

use accel_core::{DocumentNode, Prop};

use super::Report;
use crate::release::{
    CATALOGUE, GithubWorkflow,
    action::{ActionRef, ActionSpec, Source, hardening},
    codes,
    expr::has_expression,
    step::StepData,
};

pub(super) fn check(
    action: &ActionRef,
    step: &StepData,
    workflow: &GithubWorkflow,
    report: &mut Report<'_, '_>,
) {
    pin(action, report);
    if let Some(spec) = action.spec() {
        inputs(spec, step, report);
    }
    for entry in step.with.iter() {
        if let DocumentNode::Value(value) = &entry.value
            && hardening::is_code(action.name(), &entry.key)
            && has_expression(value)
        {
            report.error(
                &codes::EXPRESSION_IN_SCRIPT,
                &format!(
                    "its {} has an expression in it, and what that says would be run",
                    entry.key
                ),
                "hand the value over with .env(\"NAME\", ..) and read it as process.env.NAME",
            );
        }
    }
    if action.name() == "actions/checkout" {
        checkout(step, workflow, report);
    }
}

fn pin(action: &ActionRef, report: &mut Report<'_, '_>) {
    let is_hex = |text: &str, digits| {
        text.len() == digits
            && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    match &action.source {
        Source::Pinned { action, version, sha } => {
            if !is_hex(sha, 40) {
                let problem = format!("{action} is pinned to {sha:?}, which is no commit");
                let help = "git ls-remote shows the commit of a tag; or say why not: ActionRef::unpinned(..)";
                let diagnostic = report.diagnostic(&codes::UNPINNED_ACTION, &problem);
                let allowed = "40 hexadecimal digits in lower case";
                report.scope.report(diagnostic.allowed(allowed).help(help));
            } else if let Some(known) = CATALOGUE.iter().find(|known| known.name == &**action)
                && (known.sha == &**sha) != (known.version == &**version)
            {
                let problem =
                    format!("{action} {version} is pinned to {sha}, which is another release");
                let diagnostic = report.diagnostic(&codes::UNPINNED_ACTION, &problem);
                let allowed = format!("{} is {}", known.version, known.sha);
                let help = "the catalogue has the action: use its type";
                report.scope.report(diagnostic.allowed(allowed).help(help));
            }
        }
        Source::Docker(image) => {
            let digest = image.split_once("@sha256:").map(|(_, digest)| digest);
            if !digest.is_some_and(|digest| is_hex(digest, 64)) {
                let problem = format!("the image {image:?} is not pinned to a digest");
                let help = "docker buildx imagetools inspect shows it: image@sha256:..";
                report.error(&codes::UNPINNED_ACTION, &problem, help);
            }
        }
        Source::Catalogue(_) | Source::Unpinned { .. } | Source::Local(_) => {}
    }
}

fn inputs(spec: &ActionSpec, step: &StepData, report: &mut Report<'_, '_>) {
    for entry in step.with.iter() {
        let Some(input) = spec.input(&entry.key) else {
            if spec.exact {
                let problem =
                    format!("{} {} has no input {:?}", spec.name, spec.version, entry.key);
                let names = spec.inputs.iter().map(|input| input.name);
                report.unknown(&codes::UNKNOWN_INPUT, &problem, &entry.key, names);
            }
            continue;
        };
        let value = match &entry.value {
            DocumentNode::Value(Prop::String(text)) => text.to_string(),
            DocumentNode::Value(Prop::Bool(value)) => value.to_string(),
            _ => continue,
        };
        let fits = input.allowed.is_empty()
            || input.allowed.contains(&value.as_str())
            || value.contains("${{");
        if !fits {
            let problem = format!("{} of {} cannot be {value:?}", input.name, spec.name);
            let allowed = input.allowed.iter().copied();
            report.unknown(&codes::INVALID_INPUT, &problem, &value, allowed);
        }
    }
    let given = |name: &str| step.with.iter().any(|entry| entry.key.eq_ignore_ascii_case(name));
    for input in spec.inputs.iter().filter(|input| input.required && !given(input.name)) {
        let problem = format!("{} cannot do without the input {:?}", spec.name, input.name);
        let help = format!("give it: .with({:?}, ..)", input.name);
        report.error(&codes::MISSING_INPUT, &problem, &help);
    }
}

/// Events that anybody can cause and that run with the secrets of the repository.
const PRIVILEGED: [&str; 3] = ["pull_request_target", "workflow_run", "issue_comment"];

fn checkout(step: &StepData, workflow: &GithubWorkflow, report: &mut Report<'_, '_>) {
    let privileged = PRIVILEGED.into_iter().find(|event| workflow.has_trigger(event));
    let foreign = ["ref", "repository"].into_iter().find(|input| step.with.get(input).is_some());
    if let (Some(event), Some(input)) = (privileged, foreign)
        && workflow.risk_acknowledged.is_none()
    {
        let problem = format!("it checks out another {input} in a run that {event} started");
        let help = "use PullRequest; or say why it is safe: .acknowledge_pwn_request_risk(\"..\")";
        report.error(&codes::UNSAFE_CHECKOUT, &problem, help);
    }
}
