//! How much a run asks of AWS at once, and how often: all limits of the engine.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use accel_synth::manifest::StackSet;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep},
};

use self::rates::{Rate, rate};
use crate::cloud::{CloudError, ErrorClass, Place};

mod rates;

/// So many nodes are worked on at once.
const NODES: usize = 32;

/// So many of them in one account, so that others are not kept waiting by a large one.
const NODES_OF_AN_ACCOUNT: usize = 16;

/// So many operations of a stack set with managed execution: AWS runs those at once that are for different
/// instances. Of another one it takes one.
const MANAGED_OPERATIONS: usize = 4;

/// What a run may do at once, and how often it may call.
#[derive(Debug)]
pub(super) struct Limits {
    nodes: Arc<Semaphore>,
    /// By account.
    accounts: Mutex<BTreeMap<String, Arc<Semaphore>>>,
    /// Organizations takes one change at a time.
    pub(super) organization: tokio::sync::Mutex<()>,
    /// By what shares one at AWS: an account, a region, and a row of the rates.
    buckets: Mutex<BTreeMap<(Place, usize), Bucket>>,
}

/// Held while a node is worked on.
pub(super) struct Turn {
    _account: Option<OwnedSemaphorePermit>,
    _node: Option<OwnedSemaphorePermit>,
}

/// Calls that may be sent at once: one more each part of a second, up to a burst.
#[derive(Debug)]
struct Bucket {
    /// Per second.
    rate: f64,
    /// Below zero if calls wait already.
    tokens: f64,
    at: Instant,
    /// When AWS last refused a call.
    refused: Option<Instant>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            nodes: Arc::new(Semaphore::new(NODES)),
            accounts: Mutex::default(),
            organization: tokio::sync::Mutex::default(),
            buckets: Mutex::default(),
        }
    }
}

impl Limits {
    /// In so many accounts and regions a node is at work at once.
    pub(super) const TARGETS: usize = 16;

    /// Waits for a node's turn.
    pub(super) async fn turn(&self, account: Option<&str>) -> Turn {
        let account = account.map(|account| {
            let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(Semaphore::new(NODES_OF_AN_ACCOUNT));
            Arc::clone(accounts.entry(account.to_owned()).or_insert_with(new))
        });
        // First the account's: who waits for that keeps nobody of other accounts waiting. The semaphores are
        // never closed.
        let account = match account {
            Some(account) => account.acquire_owned().await.ok(),
            None => None,
        };
        Turn { _account: account, _node: Arc::clone(&self.nodes).acquire_owned().await.ok() }
    }

    /// How many operations of a stack set may run at once.
    pub(super) const fn operations(set: &StackSet) -> usize {
        if set.managed_execution { MANAGED_OPERATIONS } else { 1 }
    }

    /// Waits until a call may be sent.
    pub(super) async fn call(&self, place: &Place, service: &str, action: &str) {
        let Some((row, rate)) = rate(service, action) else { return };
        let wait = self.with_bucket(place, row, rate, |bucket| bucket.take(rate));
        if !wait.is_zero() {
            sleep(wait).await;
        }
    }

    /// Takes note of how a call was answered: as AWS publishes few of its rates, they are found by what it refuses.
    pub(super) fn answered(
        &self,
        place: &Place,
        service: &str,
        action: &str,
        error: Option<&CloudError>,
    ) {
        let Some((row, rate)) = rate(service, action) else { return };
        let is_refused = error.is_some_and(|error| error.class == ErrorClass::Throttled);
        self.with_bucket(place, row, rate, |bucket| bucket.learn(rate, is_refused));
    }

    fn with_bucket<R>(
        &self,
        place: &Place,
        row: usize,
        rate: &Rate,
        f: impl FnOnce(&mut Bucket) -> R,
    ) -> R {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Bucket {
            rate: rate.per_second,
            tokens: rate.burst,
            at: Instant::now(),
            refused: None,
        };
        f(buckets.entry((place.clone(), row)).or_insert_with(new))
    }
}

impl Bucket {
    /// Takes a token, and says how long it is until there is one.
    fn take(&mut self, rate: &Rate) -> Duration {
        self.refill(rate);
        self.tokens -= 1.0;
        Duration::from_secs_f64((-self.tokens).max(0.0) / self.rate)
    }

    /// Calls that were sent together are refused together: that is one refusal.
    fn learn(&mut self, rate: &Rate, is_refused: bool) {
        self.refill(rate);
        if !is_refused {
            self.rate = (self.rate + rate.per_second / 50.0).min(rate.per_second * rate.growth);
        } else if self.refused.is_none_or(|at| at.elapsed() >= Duration::from_secs(1)) {
            self.refused = Some(self.at);
            self.rate = (self.rate / 2.0).max(rate.per_second / 16.0);
        }
    }

    fn refill(&mut self, rate: &Rate) {
        let now = Instant::now();
        let since = now.duration_since(self.at).as_secs_f64();
        self.tokens = self.rate.mul_add(since, self.tokens).min(rate.burst);
        self.at = now;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::task::JoinSet;

    use super::*;

    /// How long so many calls take.
    async fn calls(limits: &Arc<Limits>, count: usize, action: &'static str) -> Duration {
        let start = Instant::now();
        let mut tasks = JoinSet::new();
        for _ in 0..count {
            let limits = Arc::clone(limits);
            tasks.spawn(async move {
                limits.call(&Place::caller("us-east-1"), "account", action).await;
            });
        }
        tasks.join_all().await;
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn calls_go_as_fast_as_is_published_and_no_faster() {
        let limits = Arc::new(Limits::default());
        // Ten a second, and 15 at once.
        let took = calls(&limits, 115, "GetAlternateContact").await;
        assert!((took.as_secs_f64() - 10.0).abs() < 0.1, "{took:?}");
        // Another API has its own.
        let took = calls(&limits, 1, "EnableRegion").await;
        assert!(took < Duration::from_millis(10), "{took:?}");
        let took = calls(&limits, 5, "EnableRegion").await;
        assert!((took.as_secs_f64() - 5.0).abs() < 0.1, "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_refused_slows_down_and_what_is_answered_goes_faster_again() {
        let limits = Arc::new(Limits::default());
        let place = Place::caller("us-east-1");
        calls(&limits, 15, "GetAlternateContact").await;
        let refused = CloudError::answer("account", "GetAlternateContact", "Throttling", "");
        limits.answered(&place, "account", "GetAlternateContact", Some(&refused));
        let slow = calls(&limits, 50, "GetAlternateContact").await;
        assert!((slow.as_secs_f64() - 10.0).abs() < 0.1, "{slow:?}");
        for _ in 0..1000 {
            limits.answered(&place, "account", "GetAlternateContact", None);
        }
        // What is published is not exceeded.
        let again = calls(&limits, 50, "GetAlternateContact").await;
        assert!((again.as_secs_f64() - 5.0).abs() < 0.1, "{again:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_takes_half_of_all_that_is_worked_on() {
        let limits = Arc::new(Limits::default());
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = |account: Option<&'static str>| {
            let (limits, now, most) = (Arc::clone(&limits), Arc::clone(&now), Arc::clone(&most));
            async move {
                let _turn = limits.turn(account).await;
                most.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                sleep(Duration::from_secs(1)).await;
                now.fetch_sub(1, Ordering::Relaxed);
            }
        };
        let mut tasks = JoinSet::new();
        (0..100).for_each(|_| {
            tasks.spawn(work(Some("prod")));
        });
        let start = Instant::now();
        tasks.join_all().await;
        assert_eq!((most.load(Ordering::Relaxed), start.elapsed().as_secs()), (16, 7));
        let mut tasks = JoinSet::new();
        (0..100).for_each(|n| {
            tasks.spawn(work(["prod", "test", "log"].get(n % 4).copied()));
        });
        let start = Instant::now();
        tasks.join_all().await;
        assert_eq!((most.load(Ordering::Relaxed), start.elapsed().as_secs()), (32, 4));
    }
}
