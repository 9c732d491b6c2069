//! Runs that are asked to end before they are done.

use std::time::Duration;

use serde::Serialize;
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use super::Shared;

/// How a run is asked to end. Either way the next run goes on from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// Nothing more is begun; what has begun is brought to its end.
    Drain,
    /// What has begun is stopped too, where AWS can do that, and its end is waited for.
    Cancel,
}

/// Asks an engine's run to end before it is done, from anywhere: of a signal, for instance. Its clones ask the same
/// engine. A run that was asked says so in [`Outcome::interrupted`](super::Outcome::interrupted).
///
/// ```
/// # use std::sync::Arc;
/// # use accel_deploy::{Cloud, Engine, Graph, Stop};
/// # fn wire<C: Cloud + 'static>(cloud: Arc<C>, graph: Arc<Graph>) {
/// let engine = Engine::new(cloud, graph);
/// let stop = engine.stop_handle();
/// // The first time somebody presses Ctrl-C:
/// stop.drain();
/// // The second time:
/// stop.cancel();
/// assert_eq!(stop.asked(), Some(Stop::Cancel));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct StopHandle(watch::Sender<Option<Stop>>);

impl StopHandle {
    /// Nothing more is begun; what has begun is brought to its end.
    pub fn drain(&self) {
        self.ask(Stop::Drain);
    }

    /// As [`Self::drain`], and the operations of stack sets and updates of stacks that this run has begun are
    /// stopped. What AWS cannot stop (a stack that is made or deleted, an account) goes on in AWS; of these, stacks
    /// are waited for.
    pub fn cancel(&self) {
        self.ask(Stop::Cancel);
    }

    /// What was asked, the stronger if both were.
    #[must_use]
    pub fn asked(&self) -> Option<Stop> {
        *self.0.borrow()
    }

    fn ask(&self, stop: Stop) {
        self.0.send_if_modified(|asked| {
            let is_more = *asked < Some(stop);
            *asked = (*asked).max(Some(stop));
            is_more
        });
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.asked() == Some(Stop::Cancel)
    }
}

impl Default for StopHandle {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl<C> Shared<C> {
    /// Waits so long, or until the run is cancelled; says whether it is.
    pub(super) async fn pause(&self, length: Duration) -> bool {
        if self.stop.is_cancelled() {
            sleep(length).await;
            return true;
        }
        let mut asked = self.stop.0.subscribe();
        // The sender lives as long as the engine.
        let cancelled = asked.wait_for(|asked| *asked == Some(Stop::Cancel));
        timeout(length, cancelled).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Stop, StopHandle};

    #[test]
    fn the_stronger_stays() {
        let handle = StopHandle::default();
        assert_eq!(handle.asked(), None);
        handle.cancel();
        handle.clone().drain();
        assert_eq!(handle.asked(), Some(Stop::Cancel));
    }
}
