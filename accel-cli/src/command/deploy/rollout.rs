use clap::{Args, ValueEnum};

use super::{
    Wanted,
    destination::Destination,
    failure,
    journal::Journal,
    losses::Losses,
    parameters::Parameters,
    review::{self, Review},
    selection::Selection,
    session::Session,
    source::Source,
    summary::{self, Summary},
};
use crate::{outcome::Outcome, problem::Problems};

/// How changes are made.
#[derive(Args, Debug)]
pub(super) struct Rollout<S: Source> {
    #[command(flatten)]
    source: S,
    #[command(flatten)]
    destination: Destination,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    parameters: Parameters,
    #[command(flatten)]
    losses: Losses,
    #[command(flatten)]
    review: Review,
    /// Tell of every change of a state as one line of JSON on the standard output
    #[arg(long, value_name = "FORMAT")]
    events: Option<Events>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Events {
    Json,
}

impl<S: Source> Rollout<S> {
    pub(super) fn run(&self, from: S::From, wanted: Wanted) -> Result<Outcome<Summary>, Problems> {
        let reviewed = self.review.reviewed()?;
        let (assembly, mut problems) = self.source.assembly(from, &self.destination.input())?;
        let session = Session::open(&self.destination, assembly, wanted)?;
        let paths = self.selection.paths(&session.graph)?;
        let given = self.parameters.values(&session, &paths)?;
        let engine = session.engine(self.losses.allowed(), given);
        let plan = session.plan(&engine, &paths)?;
        let refusals = engine.refusals(&paths);
        if refusals.is_empty() {
            let is_simulated = session.cloud.is_simulated();
            self.review.agree(&plan, reviewed.as_ref(), is_simulated, review::at_the_terminal)?;
        }
        let files = self.destination.files();
        files.keep(&session.assembly)?;
        let as_json = self.events == Some(Events::Json);
        let journal = Journal::open(&files, plan.hash(), as_json)?;
        let outcome = session.runtime.block_on(async {
            if plan.is_empty() {
                engine.confirm(&plan).await
            } else {
                engine.apply(&paths, move |event| journal.note(event)).await
            }
        });
        files.write_lock(&session.assembly, &outcome.values)?;
        problems.0.extend(outcome.failed.iter().chain(&outcome.partial).map(failure::of_node));
        let exit = summary::exit(&outcome);
        let answer = Summary::new(&session, outcome, &files, as_json);
        Ok(Outcome { answer, problems, exit })
    }
}
