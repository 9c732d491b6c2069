//! The example's assembly through the simulated cloud: all of it, once, and not again.

use std::{collections::BTreeMap, sync::Arc};

use accel::synth::{Assembly, synth};
use accel_deploy::{Action, Call, Engine, Graph, Outcome, Place, Standing};
use accel_simulator::SimulatedCloud;
use serde_json::Value;

#[allow(dead_code, reason = "the example's main is not called here")]
#[path = "../../examples/landing-zone.rs"]
mod landing_zone;

struct Run {
    graph: Arc<Graph>,
    rows: Vec<Value>,
}

impl Run {
    fn new() -> Self {
        let assembly = synth(landing_zone::landing_zone())
            .expect("a whole assembly and a directory that can be written");
        Self {
            graph: Arc::new(
                Graph::new(&assembly)
                    .expect("a whole assembly and a directory that can be written"),
            ),
            rows: rows(&assembly),
        }
    }

    fn paths(&self) -> Vec<String> {
        self.graph.nodes().map(|node| node.path.clone()).collect()
    }

    fn cloud(&self, directory: &std::path::Path) -> Arc<SimulatedCloud> {
        Arc::new(
            SimulatedCloud::open(directory, self.rows.clone())
                .expect("a whole assembly and a directory that can be written"),
        )
    }

    async fn apply(&self, cloud: &Arc<SimulatedCloud>) -> Outcome {
        self.engine(cloud).apply(&self.paths(), |_| {}).await
    }

    fn engine(&self, cloud: &Arc<SimulatedCloud>) -> Engine<SimulatedCloud> {
        let open = self.graph.open_parameters();
        let given = open.map(|(path, name)| (path.to_owned(), name, "given".to_owned()));
        Engine::new(Arc::clone(cloud), Arc::clone(&self.graph)).give(given.collect::<Vec<_>>())
    }
}

fn rows(assembly: &Assembly) -> Vec<Value> {
    let path = assembly
        .manifest()
        .steps
        .as_deref()
        .expect("a whole assembly and a directory that can be written");
    let steps: Value = serde_json::from_str(
        assembly.file(path).expect("a whole assembly and a directory that can be written"),
    )
    .expect("a whole assembly and a directory that can be written");
    steps["steps"].as_array().expect("a whole assembly and a directory that can be written").clone()
}

fn on_a_paused_clock<F: Future>(run: F) -> F::Output {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a whole assembly and a directory that can be written")
        .block_on(run)
}

/// How often each mutating call was sent that something was done by.
fn effects(directory: &std::path::Path) -> BTreeMap<String, usize> {
    let journal = std::fs::read_to_string(directory.join("cloud.jsonl"))
        .expect("a whole assembly and a directory that can be written");
    let mut effects = BTreeMap::new();
    for line in journal.lines() {
        let mut event: Value = serde_json::from_str(line)
            .expect("a whole assembly and a directory that can be written");
        if event["code"].is_null() && event["service"] != "simulation" {
            event["at"].take();
            *effects.entry(event.to_string()).or_default() += 1;
        }
    }
    effects
}

#[test]
fn the_landing_zone_is_deployed_once_and_not_again() {
    let run = Run::new();
    let directory = tempfile::tempdir().unwrap();
    on_a_paused_clock(async {
        let cloud = run.cloud(directory.path());
        let outcome = run.apply(&cloud).await;
        assert_eq!(outcome.failed, []);
        assert_eq!(outcome.partial, []);
        assert_eq!(outcome.skipped, Vec::<String>::new());
        assert!(outcome.changed.len() > 100, "{}", outcome.changed.len());
        let effects = effects(directory.path());
        let twice: Vec<_> = effects.iter().filter(|(_, count)| **count > 1).collect();
        assert!(twice.is_empty(), "{twice:#?}");
    });
    on_a_paused_clock(async {
        let cloud = run.cloud(directory.path());
        let plan = run.engine(&cloud).plan(&run.paths()).await.unwrap();
        assert!(plan.is_empty(), "{plan}");
        // Some steps cannot be looked at without what stacks give.
        let status = run.engine(&cloud).status(&run.paths()).await.unwrap();
        let others: Vec<_> = status.iter().filter(|it| it.standing != Standing::Good).collect();
        assert!(status.len() == run.paths().len() && others.is_empty(), "{others:#?}");
        let outcome = run.apply(&cloud).await;
        assert_eq!((outcome.failed.len(), outcome.changed.len()), (0, 0));
        assert_eq!(cloud.mutating_calls(), 0, "{:#?}", mutating(&cloud));
    });
}

#[test]
fn a_plan_of_an_empty_cloud_changes_nothing_and_knows_what_comes_first() {
    let run = Run::new();
    let cloud = Arc::new(SimulatedCloud::new());
    let plan = on_a_paused_clock(async { run.engine(&cloud).plan(&run.paths()).await.unwrap() });
    assert_eq!(cloud.mutating_calls(), 0);
    assert_eq!(plan.entries.len(), run.paths().len());
    assert!(plan.entries.iter().all(|entry| entry.action != Action::None));
    assert!(plan.entries.iter().any(|entry| entry.action == Action::Create));
}

/// A run that is dropped in the middle of what it does is one that was killed: its cloud is what the file
/// says.
#[test]
fn a_run_that_stops_anywhere_is_finished_by_the_next_one() {
    let run = Run::new();
    let whole = tempfile::tempdir().unwrap();
    on_a_paused_clock(async {
        run.apply(&run.cloud(whole.path())).await;
    });
    let expected = by_action(&effects(whole.path()));
    for seconds in [1, 50, 100, 140, 180, 240, 300] {
        let directory = tempfile::tempdir().unwrap();
        on_a_paused_clock(async {
            let cloud = run.cloud(directory.path());
            let stop = tokio::time::sleep(std::time::Duration::from_secs(seconds));
            tokio::select! {
                biased;
                _ = run.apply(&cloud) => {}
                () = stop => {}
            }
        });
        on_a_paused_clock(async {
            let outcome = run.apply(&run.cloud(directory.path())).await;
            assert_eq!(outcome.failed, [], "stopped after {seconds} s");
        });
        // Which account is made first, and gets which id, is another thing each time.
        assert_eq!(by_action(&effects(directory.path())), expected, "stopped after {seconds} s");
        let twice = effects(directory.path()).into_iter().filter(|(_, count)| *count > 1);
        assert_eq!(twice.collect::<Vec<_>>(), [], "stopped after {seconds} s");
    }
}

/// How many calls each action has.
fn by_action(effects: &BTreeMap<String, usize>) -> BTreeMap<String, usize> {
    let mut actions = BTreeMap::new();
    for (event, count) in effects {
        let event: Value = serde_json::from_str(event).expect("JSON");
        *actions.entry(format!("{}:{}", event["service"], event["action"])).or_default() += count;
    }
    actions
}

fn mutating(cloud: &SimulatedCloud) -> Vec<(Place, Call)> {
    cloud.calls().into_iter().filter(|(_, call)| !call.is_read()).collect()
}
