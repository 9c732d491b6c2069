//! `cargo xtask test`: the whole check, as an ordered list of steps.

use std::{
    io::{IsTerminal as _, Write as _},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::bail;
use clap::Args;

use self::step::NotRun;
pub(crate) use self::{
    process::succeed,
    step::{Context, Passed, Step},
};

mod assembly;
mod cargo;
mod cfn_lint;
mod checkov;
mod consumers;
mod defects;
mod emulators;
mod explanations;
mod foreign_templates;
mod gitops;
mod inspection;
mod json_schema;
mod manifest;
mod own_workflows;
mod policies;
mod process;
mod service_models;
mod step;
mod tools;
mod workflows;
mod yaml;

use crate::sweep;

/// The steps in the order in which they run: quick answers first, and what compiles together stands together.
const STEPS: &[Step] = &[
    cargo::FMT,
    cargo::CODEGEN,
    cargo::CLIPPY,
    cargo::RUSTDOC,
    cargo::FEATURES,
    cargo::UNIT,
    cargo::DEPLOYING,
    cargo::DOC,
    own_workflows::OWN_WORKFLOWS,
    assembly::EXAMPLES,
    consumers::CONSUMERS,
    cfn_lint::CFN_LINT,
    checkov::CHECKOV,
    workflows::GITHUB,
    workflows::ACTIONLINT,
    workflows::ZIZMOR,
    yaml::YAML,
    gitops::GITOPS,
    json_schema::DATADOG,
    json_schema::INCIDENT,
    manifest::MANIFEST,
    foreign_templates::FOREIGN_TEMPLATES,
    policies::POLICIES,
    sweep::SWEEP,
    sweep::SWEEP_UPDATE,
    service_models::SERVICE_MODELS,
    emulators::EMULATORS,
    defects::DEFECTS,
];

/// Run the whole check.
#[derive(Args)]
pub(crate) struct Test {
    /// Run these steps alone.
    #[arg(long, value_name = "STEP", num_args = 1..)]
    only: Vec<String>,
    /// Run fakecloud too, an emulator of AWS by others: a second opinion on stack sets. Its first build takes ten minutes.
    #[arg(long)]
    with_fakecloud: bool,
    /// Print the steps and what each proves.
    #[arg(long)]
    list: bool,
    /// Give this assembly to the checkers instead of the example's.
    #[arg(long, value_name = "DIR")]
    assembly: Option<std::path::PathBuf>,
}

impl Test {
    /// Runs the steps; the last line printed is `N passed, N failed`.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        if self.list {
            for step in self.steps() {
                println!("{:width$}  {}", step.name, step.about, width = widest_name());
            }
            return Ok(ExitCode::SUCCESS);
        }
        let steps = self.selection()?;
        let context = Context::new(self.assembly)?;
        let reports: Vec<Report> = steps.into_iter().map(|step| execute(step, &context)).collect();
        Ok(conclude(&reports, context.ci))
    }

    fn selection(&self) -> anyhow::Result<Vec<&'static Step>> {
        let unknown = |name: &&String| !self.steps().any(|step| step.name == **name);
        if let Some(name) = self.only.iter().find(unknown) {
            let names: Vec<_> = self.steps().map(|step| step.name).collect();
            bail!("there is no step `{name}`; the steps are {}", names.join(", "));
        }
        let wanted =
            |step: &&Step| self.only.is_empty() || self.only.iter().any(|n| n == step.name);
        Ok(self.steps().filter(wanted).collect())
    }

    /// All of which some are chosen.
    fn steps(&self) -> impl Iterator<Item = &'static Step> {
        STEPS.iter().chain(self.with_fakecloud.then_some(&emulators::FAKECLOUD))
    }
}

struct Report {
    step: &'static Step,
    verdict: Verdict,
    time: Duration,
}

enum Verdict {
    Passed(Passed),
    Failed(String),
    NotRun(String),
}

impl Verdict {
    fn word(&self) -> &'static str {
        match self {
            Self::Passed(_) => "passed",
            Self::Failed(_) => "FAILED",
            Self::NotRun(_) => "not run",
        }
    }

    /// One line that says what was found.
    fn summary(&self) -> String {
        match self {
            Self::Passed(passed) => passed.to_string(),
            Self::Failed(report) => report.lines().next().unwrap_or_default().to_owned(),
            Self::NotRun(reason) => reason.clone(),
        }
    }
}

fn execute(step: &'static Step, context: &Context) -> Report {
    println!("==> {}: {}", step.name, step.about);
    let start = Instant::now();
    let verdict = match (step.run)(context) {
        Ok(passed) if passed.count == 0 => Verdict::Failed(format!("checked nothing: {passed}")),
        Ok(passed) => Verdict::Passed(passed),
        Err(error) => match error.downcast::<NotRun>() {
            Ok(NotRun(reason)) => Verdict::NotRun(reason),
            Err(error) => Verdict::Failed(format!("{error:#}")),
        },
    };
    let time = start.elapsed();
    if let Verdict::Failed(report) = &verdict {
        println!("{report}");
    }
    println!("    {} {} ({})", step.name, colored(&verdict), seconds(time));
    std::io::stdout().flush().ok();
    Report { step, verdict, time }
}

fn conclude(reports: &[Report], ci: bool) -> ExitCode {
    println!();
    for Report { step, verdict, time } in reports {
        let word = format!("{:7}", verdict.word());
        let width = widest_name();
        println!("{:width$}  {word}  {:>7}  {}", step.name, seconds(*time), verdict.summary());
    }
    let total: Duration = reports.iter().map(|report| report.time).sum();
    println!("{:width$}           {:>7}", "", seconds(total), width = widest_name());

    let (passed, failed) = tally(reports, ci);
    println!("\n{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How many steps passed and how many failed; under CI a step that did not run has failed.
fn tally(reports: &[Report], ci: bool) -> (usize, usize) {
    let passed = reports.iter().filter(|r| matches!(r.verdict, Verdict::Passed(_))).count();
    let failed = reports.iter().filter(|r| match r.verdict {
        Verdict::Passed(_) => false,
        Verdict::Failed(_) => true,
        Verdict::NotRun(_) => ci,
    });
    (passed, failed.count())
}

fn colored(verdict: &Verdict) -> String {
    let color = match verdict {
        Verdict::Passed(_) => "32",
        Verdict::Failed(_) => "31",
        Verdict::NotRun(_) => "33",
    };
    if std::io::stdout().is_terminal() {
        format!("\x1b[{color}m{}\x1b[0m", verdict.word())
    } else {
        verdict.word().to_owned()
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn widest_name() -> usize {
    STEPS.iter().map(|step| step.name.len()).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn step(run: fn(&Context) -> anyhow::Result<Passed>) -> Step {
        Step { name: "fmt", about: "..", run }
    }

    const RAN: Step = step(|_| Ok(Passed::new(3, "files")));
    const RAN_ON_NOTHING: Step = step(|_| Ok(Passed::new(0, "files")));
    const FAILED: Step = step(|_| bail!("one of them"));
    const ABSENT: Step = step(|_| bail!(NotRun("needs node".to_owned())));

    fn run(steps: &[&'static Step]) -> Vec<Report> {
        let context = Context::new(None).unwrap();
        steps.iter().map(|step| execute(step, &context)).collect()
    }

    #[test]
    fn a_step_that_checked_nothing_has_failed() {
        assert_eq!(tally(&run(&[&RAN, &RAN_ON_NOTHING, &FAILED]), false), (1, 2));
    }

    #[test]
    fn a_step_that_did_not_run_fails_ci_alone() {
        let reports = run(&[&RAN, &ABSENT]);
        assert_eq!(reports[1].verdict.word(), "not run");
        assert_eq!(tally(&reports, false), (1, 0));
        assert_eq!(tally(&reports, true), (1, 1));
    }

    #[test]
    fn steps_are_chosen_by_name_and_keep_their_order() {
        let test = |names: &[&str]| {
            let only = names.iter().map(|name| (*name).to_owned()).collect();
            Test { only, with_fakecloud: false, list: false, assembly: None }.selection()
        };
        let names = |steps: Vec<&Step>| steps.iter().map(|step| step.name).collect::<Vec<_>>();
        assert_eq!(names(test(&["unit", "fmt"]).unwrap()), ["fmt", "unit"]);
        assert_eq!(test(&[]).unwrap().len(), STEPS.len());
        assert!(test(&["units"]).is_err());
    }
}
