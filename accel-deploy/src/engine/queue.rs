//! The order of work: a node begins when all it waits for is done, not before and not later.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tokio::task::JoinSet;

use super::{Engine, Shared};
use crate::{cloud::Cloud, graph::Node};

impl<C: Cloud + 'static> Engine<C> {
    /// Works on every path when all it waits for is done; `taken` says whether what waits for it may go on.
    /// Nothing begins when the run has been asked to end.
    pub(super) async fn each<R: Send + 'static, F: Future<Output = R> + Send + 'static>(
        &self,
        paths: &[String],
        work: impl Fn(Arc<Shared<C>>, String) -> F,
        mut taken: impl FnMut(&str, R) -> bool,
    ) {
        let graph = &self.shared.graph;
        let wanted: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
        let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
        let mut waiting_for: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for node in wanted.iter().filter_map(|path| graph.get(path)) {
            let after: BTreeSet<&str> = node
                .after
                .iter()
                .map(String::as_str)
                .filter(|path| wanted.contains(path))
                .collect();
            waits.insert(&node.path, after.len());
            for path in after {
                waiting_for.entry(path).or_default().push(&node.path);
            }
        }
        let mut running = JoinSet::new();
        let start = |running: &mut JoinSet<Option<(String, R)>>, path: &str| {
            let (path, shared) = (path.to_owned(), Arc::clone(&self.shared));
            let work = work(Arc::clone(&shared), path.clone());
            running.spawn(async move {
                let account = shared.graph.get(&path).and_then(Node::account);
                let _turn = shared.limits.turn(account).await;
                if shared.stop.asked().is_some() {
                    return None;
                }
                Some((path, work.await))
            });
        };
        for (path, _) in waits.iter().filter(|(_, count)| **count == 0) {
            start(&mut running, path);
        }
        while let Some(joined) = running.join_next().await {
            let (path, result) = match joined {
                Ok(Some(done)) => done,
                Ok(None) => continue,
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => continue,
                },
            };
            if !taken(&path, result) {
                continue;
            }
            for next in waiting_for.remove(path.as_str()).unwrap_or_default() {
                if let Some(count) = waits.get_mut(next) {
                    *count -= 1;
                    if *count == 0 {
                        start(&mut running, next);
                    }
                }
            }
        }
    }
}
