//! The order of work: a node begins when all it waits for is done, not before and not later. Where only some may be worked
//! on at once, those begin first that have the longest chain behind them.

use std::{
    cmp::Reverse,
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
        let chains = chains(&waits, &waiting_for);
        let first = |ready: &mut Vec<&str>| ready.sort_by_key(|path| Reverse(chains.get(path)));
        let mut ready: Vec<&str> = unheld(&waits).collect();
        first(&mut ready);
        for path in ready {
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
            let mut ready = waiting_for.remove(path.as_str()).unwrap_or_default();
            ready.retain(|next| is_ready(&mut waits, next));
            first(&mut ready);
            for next in ready {
                start(&mut running, next);
            }
        }
    }
}

/// Those that wait for nothing.
fn unheld<'a>(waits: &BTreeMap<&'a str, usize>) -> impl Iterator<Item = &'a str> {
    waits.iter().filter(|(_, count)| **count == 0).map(|(path, _)| *path)
}

/// Whether a node waits for nothing more, when one that it waited for is done.
fn is_ready(waits: &mut BTreeMap<&str, usize>, path: &str) -> bool {
    waits.get_mut(path).is_some_and(|count| {
        *count -= 1;
        *count == 0
    })
}

/// How many stand one behind the other behind each node.
fn chains<'a>(
    waits: &BTreeMap<&'a str, usize>,
    waiting_for: &BTreeMap<&'a str, Vec<&'a str>>,
) -> BTreeMap<&'a str, usize> {
    let behind = |path: &str| waiting_for.get(path).into_iter().flatten().copied();
    let mut left = waits.clone();
    let mut order: Vec<&str> = unheld(waits).collect();
    let mut at = 0;
    while let Some(&path) = order.get(at) {
        at += 1;
        order.extend(behind(path).filter(|next| is_ready(&mut left, next)));
    }
    let mut chains = BTreeMap::new();
    for path in order.into_iter().rev() {
        let longest = behind(path).filter_map(|next| chains.get(next)).max();
        chains.insert(path, longest.map_or(0, |chain: &usize| chain + 1));
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_chain_counts() {
        // a and b before c, c before d; e before d.
        let waits = BTreeMap::from([("a", 0), ("b", 0), ("c", 2), ("d", 2), ("e", 0)]);
        let waiting_for = BTreeMap::from([
            ("a", vec!["c"]),
            ("b", vec!["c"]),
            ("c", vec!["d"]),
            ("e", vec!["d"]),
        ]);
        let chains = chains(&waits, &waiting_for);
        assert_eq!(chains, BTreeMap::from([("a", 2), ("b", 2), ("c", 1), ("d", 0), ("e", 1)]));
    }
}
