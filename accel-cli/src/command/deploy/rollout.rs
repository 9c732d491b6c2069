use std::sync::Arc;

use accel_deploy::{Engine, Plan};
use clap::{Args, ValueEnum};

use super::{
    cloud::AnyCloud,
    destination::Destination,
    failure, interrupt,
    journal::Journal,
    parameters::Parameters,
    planned::Planned,
    review::{self, Review},
    run::Run,
    selection,
    session::Session,
    shell::word,
    source::Found,
    summary::{self, Summary},
};
use crate::{
    codes,
    outcome::{Exit, Outcome, tell},
    problem::{Problem, Problems},
};

/// How changes are made.
#[derive(Args, Debug)]
pub(super) struct Rollout {
    #[command(flatten)]
    pub(super) destination: Destination,
    #[command(flatten)]
    parameters: Parameters,
    #[command(flatten)]
    review: Review,
    /// Tell of every change of a state as one line of JSON on the standard output, and of all else on the standard error
    #[arg(long, value_name = "FORMAT", conflicts_with = "wanted")]
    events: Option<Events>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Events {
    Json,
}

impl Rollout {
    /// Does what a run was asked to with an assembly.
    pub(super) fn carry_out(&self, run: &Run, found: Found) -> Result<Outcome<Summary>, Problems> {
        let reviewed = self.review.reviewed()?;
        let session = Session::open(&self.destination, found, run.wanted)?;
        let files = self.destination.files();
        // It is added to at the end: that it cannot be is known before anything is changed.
        let before = files.read_lock()?;
        let paths = selection::paths(&run.only, &session.graph)?;
        let given = self.parameters.values(&session, &paths)?;
        let engine = session.engine(run.allowed(), given);
        let plan = session.plan(&engine, &paths)?;
        if engine.refusals(&paths).is_empty() {
            let is_simulated = session.cloud.is_simulated();
            let show = |plan: &Plan| {
                let changes = session.changes(&engine, plan)?;
                Ok(review::at_the_terminal(&Planned::new(plan.clone(), changes)))
            };
            self.review.agree(&plan, reviewed.as_ref(), is_simulated, show)?;
        }
        files.keep(&session.assembly)?;
        run.keep(&files)?;
        let as_json = self.events == Some(Events::Json);
        let outcome = if plan.is_empty() {
            session.runtime.block_on(engine.confirm(&plan))
        } else {
            let journal = Journal::open(&files, &plan, as_json)?;
            self.interruptible(&session, &engine, &paths, journal)?
        };
        // What the run did is told all the same.
        let locked = files.write_lock(&session.assembly, &outcome.values);
        let unsettled = outcome.failed.iter().chain(&outcome.partial).chain(&outcome.stopped);
        let failures: Vec<Problem> =
            unsettled.map(|failure| failure::of_node(&session, failure)).collect();
        let exit = match summary::exit(&outcome) {
            Exit::Done | Exit::Partial if locked.is_err() => Exit::Diagnostics,
            exit => exit,
        };
        if matches!(exit, Exit::Diagnostics | Exit::Partial | Exit::Interrupted) {
            tell(&self.resume_line());
        }
        let mut answer = Summary::new(&session, outcome, &files, &before);
        let mut problems = session.warnings;
        problems.0.extend(failures);
        problems.0.extend(locked.err().into_iter().flat_map(|problems| problems.0));
        if as_json {
            tell(&answer.to_string());
            answer.is_told = true;
        }
        Ok(Outcome { answer, problems, exit })
    }

    fn interruptible(
        &self,
        session: &Session,
        engine: &Engine<AnyCloud>,
        paths: &[String],
        journal: Journal,
    ) -> Result<accel_deploy::Outcome, Problems> {
        let journal = Arc::new(journal);
        if journal.counts() {
            let journal = Arc::clone(&journal);
            engine.watch(move |tally| journal.count(tally));
        }
        let run = engine.apply(paths, move |event| journal.note(event));
        let ended = session.runtime.block_on(interrupt::listen(engine.stop_handle(), run));
        ended.ok_or_else(|| {
            tell(&self.resume_line());
            let message = "the run was left in the middle; what it has begun goes on in AWS";
            Problem::new(&codes::INTERRUPTED, message)
                .help("`resume` finds it, and goes on from there")
                .into()
        })
    }

    /// The command that goes on from here.
    fn resume_line(&self) -> String {
        let program = std::env::args().next().unwrap_or_else(|| "accel".to_owned());
        let words = [program, "resume".to_owned()].into_iter();
        let words = words.chain(self.destination.flags()).chain(self.parameters.flags());
        let words: Vec<String> = words.map(|text| word(&text).into_owned()).collect();
        format!("to go on from here: {}\n", words.join(" "))
    }
}
