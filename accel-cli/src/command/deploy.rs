use std::{
    fmt, fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use accel_core::{App, Lock};
use accel_deploy::{Allowed, Deployed, Engine, ErrorClass, Event, Failure, Graph, Values};
use accel_simulator::SimulatedCloud;
use accel_synth::Assembly;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Json;
use crate::{
    codes,
    input::Input,
    outcome::{Exit, Outcome, counted},
    problem::{Problem, Problems},
};

const NEW_CREDENTIALS: &str =
    "get new credentials, and run the same command again: it goes on where it stopped";

/// Show what a deployment would do
#[derive(Args, Debug)]
pub(crate) struct Plan {
    #[command(flatten)]
    target: Target,
    /// Exit with 2 if there is something to do
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    pub(super) json: Json,
}

impl Plan {
    pub(super) fn run(&self, app: App) -> Result<Outcome<accel_deploy::Plan>, Problems> {
        let (prepared, warnings) = self.target.prepare(app, &self.input, Wanted::App)?;
        let engine = Engine::new(Arc::new(prepared.cloud), Arc::clone(&prepared.graph))
            .give(invented(&prepared.graph));
        let plan = prepared.runtime.block_on(engine.plan(&prepared.paths)).map_err(|failure| {
            let message = format!("`{}` cannot be looked at: {}", failure.path, failure.reason);
            if failure.expired {
                return Problem::new(&codes::CREDENTIALS_EXPIRED, message).help(NEW_CREDENTIALS);
            }
            Problem::new(&codes::NOT_DEPLOYED, message).help(
                "what is not known is not planned on: give the caller what it lacks, or try again",
            )
        })?;
        let exit = if self.exit_code && !plan.is_empty() { Exit::Differences } else { Exit::Done };
        Ok(Outcome { answer: plan, problems: warnings, exit })
    }
}

/// Bring the app into the cloud
///
/// What is as it should be is not touched; what is no longer in the app is deleted. A run that was killed is
/// finished by running it again.
#[derive(Args, Debug)]
pub(crate) struct Deploy {
    #[command(flatten)]
    rollout: Rollout,
    #[command(flatten)]
    pub(super) json: Json,
}

impl Deploy {
    pub(super) fn run(&self, app: App) -> Result<Outcome<Summary>, Problems> {
        self.rollout.run(app, Wanted::App)
    }
}

/// Delete all stacks and stack sets of the app
///
/// The settings of the organization and its accounts stay: closing an account is never done by the way.
#[derive(Args, Debug)]
pub(crate) struct Destroy {
    #[command(flatten)]
    rollout: Rollout,
    #[command(flatten)]
    pub(super) json: Json,
}

impl Destroy {
    pub(super) fn run(&self, app: App) -> Result<Outcome<Summary>, Problems> {
        self.rollout.run(app, Wanted::Nothing)
    }
}

/// What is to be in the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    App,
    Nothing,
}

/// How changes are made.
#[derive(Args, Debug)]
struct Rollout {
    #[command(flatten)]
    target: Target,
    /// Let stateful resources be deleted, and stacks that are protected from termination; without it those
    /// are refused
    #[arg(long)]
    allow_delete: bool,
    /// Let stateful resources be replaced; without it that is refused
    #[arg(long)]
    allow_replace: bool,
    /// Tell of every change of a state as one line of JSON on the standard output
    #[arg(long, value_name = "FORMAT")]
    events: Option<Events>,
    #[command(flatten)]
    input: Input,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Events {
    Json,
}

/// Where a deployment goes, and what of it.
#[derive(Args, Debug)]
struct Target {
    /// Deploy into a simulated cloud, which is kept in this directory with all that belongs to it
    #[arg(long, value_name = "DIR")]
    simulate: PathBuf,
    /// Only what has this construct path or is below it, and all that it waits for
    #[arg(long, value_name = "PATH")]
    only: Vec<String>,
}

/// An assembly and the cloud it goes to.
struct Prepared {
    runtime: tokio::runtime::Runtime,
    cloud: SimulatedCloud,
    graph: Arc<Graph>,
    assembly: Assembly,
    paths: Vec<String>,
}

impl Target {
    fn lock(&self) -> PathBuf {
        self.simulate.join("accel.lock")
    }

    fn prepare(
        &self,
        app: App,
        input: &Input,
        wanted: Wanted,
    ) -> Result<(Prepared, Problems), Problems> {
        let (assembly, warnings) = input.synthesize_beside(app, self.lock())?;
        self.keep(&assembly)?;
        let graph = match wanted {
            Wanted::App => Graph::new(&assembly).map_err(|error| {
                Problem::new(&codes::NOT_DEPLOYED, error.to_string())
                    .help("synthesize the assembly again with this version")
            })?,
            Wanted::Nothing => Graph::of_nothing(&assembly),
        };
        // A simulated cloud has its own time, and waiting in it costs none of ours.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .map_err(|error| cannot_write(&self.simulate, &error))?;
        let steps = assembly.manifest().steps.as_deref();
        let steps = assembly.files().find(|(path, _)| Some(*path) == steps);
        let rows = steps.and_then(|(_, text)| serde_json::from_str::<Steps>(text).ok());
        let rows = rows.map(|steps| steps.steps).unwrap_or_default();
        let guard = runtime.enter();
        let cloud = SimulatedCloud::open(&self.simulate, rows).map_err(|error| {
            if error.kind() == std::io::ErrorKind::InvalidData {
                return Problem::new(&codes::NOT_DEPLOYED, error.to_string())
                    .help("mend the file, or take another directory");
            }
            cannot_write(&self.simulate, &error)
        })?;
        drop(guard);
        let app = &assembly.manifest().app;
        let deployed = runtime.block_on(Deployed::read(&cloud, app)).map_err(|error| {
            let message = format!("what earlier runs have deployed cannot be read: {error}");
            if error.class == ErrorClass::Expired {
                return Problem::new(&codes::CREDENTIALS_EXPIRED, message).help(NEW_CREDENTIALS);
            }
            Problem::new(&codes::NOT_DEPLOYED, message)
                .help("give the caller what it lacks, or use the version that deployed last")
        })?;
        let graph = Arc::new(graph.over(deployed));
        let paths = self.paths(&graph)?;
        Ok((Prepared { runtime, cloud, graph, assembly, paths }, warnings))
    }

    /// Puts the assembly beside the cloud in one move: a run that was killed while it wrote leaves nothing
    /// that the next one would take for somebody else's.
    fn keep(&self, assembly: &Assembly) -> Result<(), Problems> {
        let place = self.simulate.join("assembly");
        let new = self.simulate.join("assembly.new");
        let removed = |path: &Path| match fs::remove_dir_all(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            result => result,
        };
        removed(&new).map_err(|error| cannot_write(&new, &error))?;
        assembly.write(&new).map_err(Problem::from)?;
        let moved = || {
            if place.join(accel_synth::MANIFEST).exists() {
                removed(&place)?;
            }
            fs::rename(&new, &place)
        };
        Ok(moved().map_err(|error| cannot_write(&place, &error))?)
    }

    fn paths(&self, graph: &Graph) -> Result<Vec<String>, Problems> {
        let is_in = |path: &str, only: &String| {
            path.strip_prefix(only.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if let Some(nothing) =
            self.only.iter().find(|only| !graph.nodes().any(|node| is_in(&node.path, only)))
        {
            let message = format!("nothing that is deployed is called or below `{nothing}`");
            return Err(Problem::new(&codes::NOT_DEPLOYED, message)
                .help("see the paths with `tree`")
                .into());
        }
        Ok(graph.with_what_they_wait_for(|path| {
            self.only.is_empty() || self.only.iter().any(|only| is_in(path, only))
        }))
    }
}

/// What only people know, such as the ids of their groups, a simulation invents.
fn invented(graph: &Graph) -> Vec<(String, String, String)> {
    let open = graph.open_parameters();
    open.map(|(path, name)| (path.to_owned(), name, "simulated".to_owned())).collect()
}

#[derive(serde::Deserialize)]
struct Steps {
    steps: Vec<serde_json::Value>,
}

impl Rollout {
    fn run(&self, app: App, wanted: Wanted) -> Result<Outcome<Summary>, Problems> {
        let (prepared, mut warnings) = self.target.prepare(app, &self.input, wanted)?;
        let directory = &self.target.simulate;
        let journal = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(directory.join("journal.jsonl"))
            .map_err(|error| cannot_write(directory, &error))?;
        let journal = Mutex::new(journal);
        let as_json = self.events == Some(Events::Json);
        let observer = move |event: &Event| {
            // Plain structs of texts and numbers always serialize.
            let line = format!("{}\n", serde_json::to_string(event).unwrap_or_default());
            // It only tells what happened: that it cannot be written is no reason to stop in the middle.
            journal.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes()).ok();
            if as_json {
                anstream::stdout().write_all(line.as_bytes()).ok();
            } else {
                anstream::stderr().write_all(format!("{}\n", told(event)).as_bytes()).ok();
            }
        };
        let cloud = Arc::new(prepared.cloud);
        let allowed = Allowed { delete: self.allow_delete, replace: self.allow_replace };
        let engine = Engine::allowing(Arc::clone(&cloud), Arc::clone(&prepared.graph), allowed)
            .give(invented(&prepared.graph));
        let outcome = prepared.runtime.block_on(engine.apply(&prepared.paths, observer));
        let lock = self.write_lock(&prepared.assembly, &outcome.values)?;
        let pending = documents_that_change(&prepared.assembly, &outcome.values);
        for failure in outcome.failed.iter().chain(&outcome.partial) {
            let message = match failure.path.as_str() {
                "" => failure.reason.clone(),
                path => format!("`{path}`: {}", failure.reason),
            };
            let help = if failure.guarded {
                "if it was renamed, say so with `app.moved(old, new)`; if the loss is meant, pass the flag"
            } else if failure.expired {
                NEW_CREDENTIALS
            } else {
                "mend the cause, and run the same command again: what is done is not done again"
            };
            let code = match failure {
                Failure { guarded: true, .. } => &codes::STATEFUL_LOSS,
                Failure { expired: true, .. } => &codes::CREDENTIALS_EXPIRED,
                _ => &codes::NOT_DEPLOYED,
            };
            warnings.0.push(Problem::new(code, message).help(help));
        }
        let exit = match (&outcome.failed, &outcome.partial) {
            (failed, _) if failed.iter().any(|failure| failure.expired) => Exit::Interrupted,
            (failed, _) if failed.iter().any(|failure| !failure.guarded) => Exit::Diagnostics,
            (failed, _) if !failed.is_empty() => Exit::Refused,
            (_, partial) if !partial.is_empty() => Exit::Partial,
            _ => Exit::Done,
        };
        let answer = Summary {
            unchanged: outcome.unchanged,
            changed: outcome.changed,
            failed: outcome.failed.into_iter().map(|failure| failure.path).collect(),
            partial: outcome.partial.into_iter().map(|failure| failure.path).collect(),
            skipped: outcome.skipped,
            left: outcome.left,
            mutating_calls: cloud.mutating_calls(),
            calls: cloud.calls().len(),
            lock,
            documents_that_change: pending,
            quiet: as_json,
        };
        Ok(Outcome { answer, problems: warnings, exit })
    }

    fn write_lock(&self, assembly: &Assembly, values: &Values) -> Result<String, Problems> {
        let path = self.target.lock();
        let before = fs::read_to_string(&path).unwrap_or_default();
        let lock = accel_synth::parse_lock(&before).unwrap_or_else(|_| Lock::default());
        let text = accel_synth::print_lock(&values.lock(assembly.manifest(), lock));
        if text != before {
            let new = path.with_extension("lock.new");
            let written = fs::write(&new, text).and_then(|()| fs::rename(&new, &path));
            written.map_err(|error| cannot_write(&path, &error))?;
        }
        Ok(path.display().to_string())
    }
}

/// The documents that the next synthesis writes with values which are known only now.
fn documents_that_change(assembly: &Assembly, values: &Values) -> Vec<String> {
    use accel_synth::manifest::ValueSource;
    let is_learned = |source: &ValueSource| match source {
        ValueSource::Output { stack, output } => values.made(stack, output).is_some(),
        ValueSource::Step { step, result } => values.made(step, result).is_some(),
        ValueSource::AccountId { account } => values.account(account).is_some(),
        _ => false,
    };
    let documents = assembly.manifest().documents.iter();
    let changing = documents.filter(|(_, document)| {
        document.values.iter().any(|value| !value.known && is_learned(&value.source))
    });
    changing.map(|(path, _)| path.clone()).collect()
}

fn told(event: &Event) -> String {
    let place = match (&event.account, &event.region) {
        (Some(account), Some(region)) => format!(" ({account}, {region})"),
        _ => String::new(),
    };
    let reason = event.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{:>8} {}{place}{reason}", event.to, event.node)
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(&codes::CANNOT_WRITE, format!("`{}`: {error}", path.display()))
        .help("name another directory, or make room in this one")
}

/// What a deployment did.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    unchanged: usize,
    changed: Vec<String>,
    partial: Vec<String>,
    failed: Vec<String>,
    skipped: Vec<String>,
    left: Vec<String>,
    calls: usize,
    mutating_calls: usize,
    lock: String,
    documents_that_change: Vec<String>,
    /// The standard output is for events.
    #[serde(skip)]
    quiet: bool,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.quiet {
            return Ok(());
        }
        for setting in &self.left {
            writeln!(f, "{setting} is no longer in the app, and stays: undo it by hand")?;
        }
        for path in &self.documents_that_change {
            writeln!(f, "synthesize again: `{path}` will have values that are known now")?;
        }
        writeln!(
            f,
            "{} changed, {} unchanged, {} partial, {} failed, {} skipped; {}, of which {} may change something; {}",
            self.changed.len(),
            self.unchanged,
            self.partial.len(),
            self.failed.len(),
            self.skipped.len(),
            counted(self.calls, "call"),
            self.mutating_calls,
            self.lock,
        )
    }
}
