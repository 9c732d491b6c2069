use std::{fmt, sync::Arc};

use accel_deploy::{Engine, Rehearsal};
use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::{Json, deployment::Deployment, losses::Losses, source::Source};
use crate::{outcome::Outcome, problem::Problems};

/// Make the buckets that deployments use, or show by which calls they would be made
///
/// A deployment makes them itself; this is for who may not, and for who wants to see it first.
#[derive(Args, Debug)]
pub(crate) struct Bootstrap<S: Source> {
    #[command(flatten)]
    deployment: Deployment<S>,
    /// Make them; without it AWS is not changed
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    pub(in crate::command) json: Json,
}

impl<S: Source> Bootstrap<S> {
    pub(in crate::command) fn run(&self, from: S::From) -> Result<Outcome<Buckets>, Problems> {
        let session = self.deployment.open(from)?;
        let rehearsal = Arc::new(Rehearsal::new(Arc::clone(&session.cloud)));
        let engine = Engine::new(Arc::clone(&rehearsal), Arc::clone(&session.graph));
        let buckets = session.look(engine.bootstrap())?;
        let calls = rehearsal.calls().into_iter().map(|(place, call)| Call {
            region: place.region,
            call: format!("{}:{}", call.service, call.action),
            request: call.request,
        });
        let calls: Vec<Call> = calls.collect();
        let made = !calls.is_empty() && (self.yes || session.cloud.is_simulated());
        if made {
            let engine = session.engine(Losses::none(), Vec::new());
            session.look(engine.bootstrap())?;
        }
        Ok(Outcome::done(Buckets { buckets, calls, made }, session.warnings))
    }
}

/// The buckets, and what makes them.
#[derive(Debug, Serialize)]
pub(crate) struct Buckets {
    buckets: Vec<String>,
    calls: Vec<Call>,
    /// Whether the calls were sent.
    made: bool,
}

#[derive(Debug, Serialize)]
struct Call {
    region: String,
    call: String,
    request: Value,
}

impl fmt::Display for Buckets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for call in &self.calls {
            // Plain structs of texts always serialize.
            writeln!(f, "{}", serde_json::to_string(call).unwrap_or_default())?;
        }
        let end = match (self.calls.is_empty(), self.made) {
            (true, _) => "there, and as it should be",
            (false, true) => "made",
            (false, false) => "not made: `--yes` makes it",
        };
        self.buckets.iter().try_for_each(|bucket| writeln!(f, "{bucket}: {end}"))
    }
}
