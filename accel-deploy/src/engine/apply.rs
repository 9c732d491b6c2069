//! Makes nodes what they should be, and keeps the record of it.

use std::{collections::BTreeSet, sync::Arc};

use tokio::task::JoinSet;

use super::{
    Engine, Event, Failure, Observer, Outcome, Progress, Shared, Trouble, settle::Settled,
};
use crate::cloud::Cloud;

impl<C: Cloud + 'static> Engine<C> {
    /// Makes the nodes of `paths` what they should be, and tells `observer` of every change of a state.
    ///
    /// Nothing is changed if it is known that something would be lost that is not [`Allowed`](super::Allowed): by the record, or a plan of this
    /// engine's. What only a look shows to lose something fails. What is as it should be is not touched. When a node fails,
    /// what waits for it is skipped, and all else goes on.
    pub async fn apply(
        &self,
        paths: &[String],
        observer: impl Fn(&Event) + Send + Sync + 'static,
    ) -> Outcome {
        let shared = &self.shared;
        let mut outcome = Outcome::default();
        if let Err(trouble) = shared.may_begin().await {
            outcome.failed.push(shared.failure("", &trouble));
            return outcome;
        }
        // What is known to be lost is refused before anything is changed.
        outcome.failed = self.refusals(paths);
        if !outcome.failed.is_empty() {
            outcome.skipped = paths.to_vec();
            return outcome;
        }
        outcome.failed = shared.try_access(paths).await;
        if !outcome.failed.is_empty() {
            outcome.skipped = paths.to_vec();
            return outcome;
        }
        let kept = match shared.keep_what_is_begun(paths).await {
            Ok(kept) => kept,
            Err(trouble) => {
                shared.end(&mut outcome, Err(trouble)).await;
                return outcome;
            }
        };
        let mut beside = JoinSet::new();
        beside.spawn({
            let shared = Arc::clone(shared);
            async move { shared.keep_lease().await }
        });
        let observer: Arc<Observer> = Arc::new(observer);
        let watch = Arc::clone(&observer);
        let settle = move |shared: Arc<Shared<C>>, path: String| {
            let observer = Arc::clone(&observer);
            async move {
                match shared.graph.get(&path) {
                    Some(node) => shared.settle(node, &*observer).await,
                    None => Err(Trouble::Refused(format!("there is no `{path}`"))),
                }
            }
        };
        let mut reached = BTreeSet::new();
        let taken = |path: &str, result: Result<Settled, Trouble>| {
            if !matches!(result, Ok(Settled::NotBegun)) {
                reached.insert(path.to_owned());
            }
            match result {
                Ok(Settled::NotBegun) => return false,
                Ok(Settled::Unchanged) => outcome.unchanged += 1,
                Ok(Settled::Changed) => outcome.changed.push(path.to_owned()),
                Ok(Settled::Partial(failed)) => {
                    let reason = shared.without_secrets(failed.to_string());
                    let path = path.to_owned();
                    let (expired, guarded) = (false, false);
                    outcome.partial.push(Failure { path, reason, expired, guarded });
                }
                Err(trouble) => {
                    let is_stopped = matches!(trouble, Trouble::Stopped(_));
                    let list = if is_stopped { &mut outcome.stopped } else { &mut outcome.failed };
                    list.push(shared.failure(path, &trouble));
                    return false;
                }
            }
            true
        };
        self.each(paths, settle, taken).await;
        for path in paths.iter().filter(|path| !reached.contains(*path)) {
            if let Some(node) = shared.graph.get(path) {
                shared.tell(&*watch, node, Progress::Waiting, Progress::Skipped, None);
            }
            outcome.skipped.push(path.clone());
        }
        if !outcome.skipped.is_empty() || !outcome.stopped.is_empty() {
            outcome.interrupted = shared.stop.asked();
        }
        outcome.changed.sort();
        outcome.values = shared.values().clone();
        outcome.left = shared.left().await;
        let unsettled = outcome.failed.iter().chain(&outcome.partial).chain(&outcome.stopped);
        let unsettled = unsettled.map(|it| &it.path);
        let unsettled: BTreeSet<&String> = unsettled.chain(&outcome.skipped).collect();
        let done: Vec<&str> =
            (paths.iter()).filter(|path| !unsettled.contains(path)).map(String::as_str).collect();
        let kept = shared.keep_what_is_done(kept, &done).await;
        shared.end(&mut outcome, kept).await;
        outcome
    }
}

impl<C: Cloud> Shared<C> {
    pub(super) async fn end(&self, outcome: &mut Outcome, kept: Result<(), Trouble>) {
        // That the app is held by another run, the lease says itself.
        let kept = kept.err().filter(|trouble| !matches!(trouble, Trouble::Held(_)));
        let given_back = self.give_lease_back().await.err();
        let troubles = kept.iter().chain(&given_back);
        outcome.failed.extend(troubles.map(|trouble| self.failure("", trouble)));
    }
}
