//! An engine over a simulated cloud whose own time is told from the engine's.

use std::{
    error::Error,
    fs,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use accel::{prelude::*, synth::synth};
use accel_deploy::{Call, Cloud, CloudError, Deployed, Engine, Graph, Outcome, Place};
use accel_simulator::SimulatedCloud;
use serde_json::Value;

/// A simulated cloud, and how long it has worked.
pub(crate) struct Timed {
    pub(crate) cloud: SimulatedCloud,
    nanoseconds: AtomicU64,
    calls: AtomicU64,
}

impl Timed {
    pub(crate) fn new() -> Arc<Self> {
        let (nanoseconds, calls) = (AtomicU64::new(0), AtomicU64::new(0));
        Arc::new(Self { cloud: SimulatedCloud::new(), nanoseconds, calls })
    }

    pub(crate) fn worked(&self) -> Duration {
        Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed))
    }

    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Cloud for Timed {
    async fn send(&self, place: &Place, call: Call) -> Result<Value, CloudError> {
        // The simulation answers without waiting: nobody else works in between.
        let begin = Instant::now();
        let reply = self.cloud.send(place, call).await;
        let taken = u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(taken, Ordering::Relaxed);
        self.calls.fetch_add(1, Ordering::Relaxed);
        reply
    }

    fn now(&self) -> Duration {
        self.cloud.now()
    }
}

/// An assembly that is ready to be deployed.
pub(crate) struct Ready {
    name: String,
    graph: Box<dyn Fn() -> Graph>,
}

impl Ready {
    pub(crate) fn new(name: &str, app: App) -> Result<Self, Box<dyn Error>> {
        let name = name.to_owned();
        let assembly = synth(app).map_err(|problems| format!("{problems:?}"))?;
        Graph::new(&assembly)?;
        let graph = move || Graph::new(&assembly).unwrap_or_else(|_| Graph::of_nothing(&assembly));
        Ok(Self { name, graph: Box::new(graph) })
    }

    /// The engine over what is deployed, and all paths.
    pub(crate) async fn engine(
        &self,
        cloud: &Arc<Timed>,
    ) -> Result<(Engine<Timed>, Vec<String>), Box<dyn Error>> {
        let deployed =
            Deployed::read(&**cloud, &self.name).await.map_err(|error| format!("{error:?}"))?;
        let graph = Arc::new((self.graph)().over(deployed));
        let paths = graph.nodes().map(|node| node.path.clone()).collect();
        Ok((Engine::new(Arc::clone(cloud), graph), paths))
    }

    pub(crate) async fn deploy(&self, cloud: &Arc<Timed>) -> Result<Outcome, Box<dyn Error>> {
        let (engine, paths) = self.engine(cloud).await?;
        let outcome = engine.apply(&paths, |_| {}).await;
        match outcome.failed.is_empty() && outcome.partial.is_empty() {
            true => Ok(outcome),
            false => Err(format!("{:?} {:?}", outcome.failed, outcome.partial).into()),
        }
    }
}

pub(crate) fn on_a_paused_clock<F: Future>(run: F) -> Result<F::Output, Box<dyn Error>> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    Ok(runtime.enable_time().start_paused(true).build()?.block_on(run))
}

/// Lets the peak of this process's memory begin anew, and says what it has now, in bytes.
pub(crate) fn memory() -> Option<u64> {
    fs::write("/proc/self/clear_refs", "5").ok()?;
    status("VmRSS:")
}

/// The most memory since then.
pub(crate) fn peak() -> Option<u64> {
    status("VmHWM:")
}

fn status(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}
