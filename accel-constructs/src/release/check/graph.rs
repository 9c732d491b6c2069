//! Jobs that wait for jobs.

use super::Report;
use crate::release::{GithubWorkflow, codes, expr::Read, job::JobData};

pub(super) fn check(workflow: &GithubWorkflow, report: &mut Report<'_, '_>) {
    let jobs = &workflow.jobs;
    let ids: Vec<_> = jobs.iter().map(|job| &job.id).collect();
    report.duplicates("jobs", &ids);
    for job in jobs {
        let mut report = report.part(&format!("job {:?}", job.id), job.location);
        for needed in job.all_needs() {
            if !ids.contains(&needed) {
                let problem =
                    format!("it waits for {needed:?}, a job that the workflow does not have");
                let names = ids.iter().map(|id| id.as_str());
                report.unknown(&codes::UNKNOWN_JOB, &problem, needed, names);
            }
        }
        outputs_read(workflow, job, &mut report);
    }
    if let Some(cycle) = cycle(jobs) {
        let problem = format!("its jobs wait for each other: {}", cycle.join(" -> "));
        let help = "let one of them not wait, or split it in two";
        report.error(&codes::JOB_CYCLE, &problem, help);
    }
}

fn outputs_read(workflow: &GithubWorkflow, job: &JobData, report: &mut Report<'_, '_>) {
    let of_steps = job.all_steps().flat_map(|step| &step.uses.reads);
    for read in job.uses.reads.iter().chain(of_steps) {
        if let Read::Job { id, output: Some(output) } = read
            && let Some(other) = workflow.jobs.iter().find(|other| other.id == *id)
        {
            report.output_read(other, output);
        }
    }
}

/// The ids of jobs that wait for each other, the first one at the end again.
fn cycle(jobs: &[JobData]) -> Option<Vec<String>> {
    let mut through: Vec<&str> = Vec::new();
    for job in jobs {
        let mut path = Vec::new();
        if let Some(cycle) = walk(jobs, &job.id, &mut path, &mut through) {
            return Some(cycle);
        }
    }
    None
}

fn walk<'a>(
    jobs: &'a [JobData],
    id: &'a str,
    path: &mut Vec<&'a str>,
    through: &mut Vec<&'a str>,
) -> Option<Vec<String>> {
    if let Some(start) = path.iter().position(|earlier| *earlier == id) {
        let cycle = path[start..].iter().chain([&id]);
        return Some(cycle.map(|id| (*id).to_owned()).collect());
    }
    if through.contains(&id) {
        return None;
    }
    path.push(id);
    let job = jobs.iter().find(|job| job.id == id);
    for needed in job.iter().flat_map(|job| job.all_needs()) {
        let cycle = walk(jobs, needed, path, through);
        if cycle.is_some() {
            return cycle;
        }
    }
    path.pop();
    through.push(id);
    None
}
