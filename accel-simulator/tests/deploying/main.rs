//! Deployments into a simulated cloud: what is deleted, what fails, what is done about it.

use std::{path::Path, sync::Arc};

use accel::{
    core::{AccountInfo, AccountRef, account_id},
    prelude::*,
    synth::synth,
};
use accel_deploy::{Allowed, Deployed, Engine, Graph, Outcome, Plan};
use accel_simulator::SimulatedCloud;

mod access;
mod automatic;
mod by_account;
mod canary;
mod cleanup;
mod drift;
mod failures;
mod filters;
mod import;
mod instances;
mod kept;
mod lease;
mod lookup;
mod losses;
mod many;
mod meddling;
mod organization;
mod prerequisites;
mod published;
mod removal;
mod retained;
mod stopping;
mod templates;
mod waiting;
mod watching;

const HERE: Region = Region::EU_WEST_1;
const THERE: Region = Region::US_EAST_1;

/// An app with the one account that a new cloud has.
fn app() -> (App, AccountRef) {
    let mut app = App::new("example");
    let info = AccountInfo {
        id: Some(account_id!("999999999999")),
        is_management: true,
        ..AccountInfo::default()
    };
    let prod = app.scope().declare_account_as("prod", info);
    (app, prod)
}

/// A run over what earlier ones have deployed.
async fn engine(
    cloud: &Arc<SimulatedCloud>,
    graph: Graph,
    allowed: Allowed,
) -> (Engine<SimulatedCloud>, Vec<String>) {
    let deployed = Deployed::read(&**cloud, "example").await.expect("a record");
    let graph = Arc::new(graph.over(deployed));
    let paths = graph.nodes().map(|node| node.path.clone()).collect();
    (Engine::allowing(Arc::clone(cloud), graph, allowed), paths)
}

fn graph(app: App) -> Graph {
    Graph::new(&synth(app).expect("an app without problems")).expect("an order")
}

async fn deploy(cloud: &Arc<SimulatedCloud>, app: App) -> Outcome {
    let (engine, paths) = engine(cloud, graph(app), Allowed::default()).await;
    engine.apply(&paths, |_| {}).await
}

async fn plan(cloud: &Arc<SimulatedCloud>, app: App) -> Plan {
    let (engine, paths) = engine(cloud, graph(app), Allowed::default()).await;
    engine.plan(&paths).await.expect("a plan")
}

/// A cloud that knows the steps of an app.
fn cloud_of(directory: &Path, app: App) -> Arc<SimulatedCloud> {
    let assembly = synth(app).expect("an app without problems");
    let steps = assembly.manifest().steps.as_deref().and_then(|path| assembly.file(path));
    let steps: serde_json::Value =
        serde_json::from_str(steps.expect("steps")).expect("steps are JSON");
    let rows = steps["steps"].as_array().cloned().unwrap_or_default();
    Arc::new(SimulatedCloud::open(directory, rows).expect("a directory that can be written"))
}

fn on_a_paused_clock<F: Future>(run: impl FnOnce(Arc<SimulatedCloud>) -> F) -> F::Output {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().expect("a runtime");
    let _guard = runtime.enter();
    let cloud = Arc::new(SimulatedCloud::new());
    runtime.block_on(run(cloud))
}

/// The stacks whose change sets were executed, and those that were deleted, in that order.
fn order(cloud: &SimulatedCloud) -> Vec<String> {
    let calls = cloud.calls().into_iter();
    let changes = calls
        .filter(|(_, call)| ["ExecuteChangeSet", "DeleteStack"].contains(&call.action.as_ref()));
    changes
        .map(|(_, call)| {
            format!("{} {}", call.action, call.request["StackName"].as_str().unwrap_or_default())
        })
        .collect()
}
