use std::sync::Arc;

use accel_deploy::{Allowed, Deployed, Engine, Failure, Graph, Plan};
use accel_synth::Assembly;
use serde_json::Value;
use tokio::runtime::Runtime;

use super::{
    Wanted,
    cloud::AnyCloud,
    destination::Destination,
    failure,
    lines::Lines,
    planned::{Changes, Planned},
    source::Found,
};
use crate::{
    codes,
    problem::{Problem, Problems},
};

/// An assembly over what earlier runs have deployed, and the cloud it goes to.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) runtime: Runtime,
    pub(super) cloud: Arc<AnyCloud>,
    pub(super) graph: Arc<Graph>,
    pub(super) assembly: Assembly,
    /// Of the synthesis.
    pub(super) warnings: Problems,
    pub(super) lines: Lines,
}

#[derive(serde::Deserialize)]
struct Steps {
    steps: Vec<Value>,
}

impl Session {
    pub(super) fn open(
        destination: &Destination,
        found: Found,
        wanted: Wanted,
    ) -> Result<Self, Problems> {
        let Found { assembly, warnings, lines } = found;
        let graph = match wanted {
            Wanted::App => Graph::new(&assembly).map_err(|error| {
                Problem::new(&codes::NOT_DEPLOYED, error.to_string())
                    .help("synthesize the assembly again with this version")
            })?,
            Wanted::Nothing => Graph::of_nothing(&assembly),
        };
        let steps = assembly.manifest().steps.as_deref().and_then(|path| assembly.file(path));
        let rows = steps.and_then(|text| serde_json::from_str::<Steps>(text).ok());
        let rows = rows.map(|steps| steps.steps).unwrap_or_default();
        let (runtime, cloud) = destination.open(rows)?;
        let app = &assembly.manifest().app;
        let deployed = runtime.block_on(Deployed::read(&cloud, app));
        let deployed = deployed.map_err(|error| failure::of_record(&error))?;
        let graph = Arc::new(graph.over(deployed));
        Ok(Self { runtime, cloud: Arc::new(cloud), graph, assembly, warnings, lines })
    }

    /// An engine that may lose what is allowed.
    pub(super) fn engine(
        &self,
        allowed: Allowed,
        given: Vec<(String, String, String)>,
    ) -> Engine<AnyCloud> {
        let (cloud, graph) = (Arc::clone(&self.cloud), Arc::clone(&self.graph));
        Engine::allowing(cloud, graph, allowed).give(given)
    }

    /// What an engine sees.
    pub(super) fn look<T>(
        &self,
        look: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Problems> {
        let seen = self.runtime.block_on(look);
        Ok(seen.map_err(|failure| failure::of_look(self, &failure))?)
    }

    /// What would be done.
    pub(super) fn plan(
        &self,
        engine: &Engine<AnyCloud>,
        paths: &[String],
    ) -> Result<Plan, Problems> {
        self.look(self.cloud.reading_once(engine.plan(paths)))
    }

    /// What would be done, and to which properties.
    pub(super) fn planned(
        &self,
        engine: &Engine<AnyCloud>,
        paths: &[String],
    ) -> Result<Planned, Problems> {
        let plan = self.plan(engine, paths)?;
        let changes = self.changes(engine, &plan)?;
        Ok(Planned::new(plan, changes))
    }

    /// What a plan does to which properties.
    pub(super) fn changes(
        &self,
        engine: &Engine<AnyCloud>,
        plan: &Plan,
    ) -> Result<Changes, Problems> {
        self.look(engine.changes(plan)).map(Changes::from)
    }
}
