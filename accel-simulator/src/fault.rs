//! A proxy between a client and a server that lets requests go wrong on purpose, as networks and services do.

use std::{
    collections::BTreeMap,
    fmt, io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use accel_deploy::cloud::is_read;
use tokio::task::JoinHandle;

use crate::server::{
    http::{self, Answer, Asked},
    reply::refused,
    request::{self, Wire},
};

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is refused: too many of them.
    Throttle,
    /// Status 500, and it does not reach the server.
    Failure,
    /// Status 503, and it does not reach the server.
    Unavailable,
    /// The connection ends before the server has got it.
    ResetBefore,
    /// The server has done it, and the connection ends before the answer.
    ResetAfter,
    /// The server has done it, and no answer ever comes.
    Stall,
    /// The answer takes so long.
    Slow(Duration),
    /// The server has done it, and half of the answer comes.
    Truncated,
    /// The session is no longer valid.
    Expired,
    /// Another operation runs.
    InProgress,
    /// What it was planned on has changed.
    Stale,
}

/// The nth request of an action meets a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `CreateStackSet`, or a method and a path where the request does not name its action; all actions, each
    /// counted for itself, if there is none.
    pub action: Option<String>,
    /// Whether it is about requests that only read, too.
    pub reads: bool,
    /// From 1.
    pub nth: u64,
    /// What happens.
    pub fault: Fault,
}

/// A proxy on 127.0.0.1. It ends with this value.
pub struct Proxy {
    address: SocketAddr,
    task: JoinHandle<()>,
    shared: Arc<Shared>,
}

struct Shared {
    server: SocketAddr,
    rules: Vec<Rule>,
    seen: Mutex<Seen>,
    held: AtomicUsize,
}

#[derive(Default)]
struct Seen {
    /// How many requests of each action.
    counts: BTreeMap<String, u64>,
    met: Vec<(String, Fault)>,
}

impl Proxy {
    /// Stands before a server. It needs a runtime with time and I/O.
    ///
    /// # Errors
    /// If it cannot listen.
    pub async fn start(server: SocketAddr, rules: Vec<Rule>) -> io::Result<Self> {
        let (seen, held) = (Mutex::default(), AtomicUsize::new(0));
        let shared = Arc::new(Shared { server, rules, seen, held });
        let at_work = Arc::clone(&shared);
        let handler = move |asked| pass(Arc::clone(&at_work), asked);
        let (address, task) = http::listen(0, handler).await?;
        Ok(Self { address, task, shared })
    }

    /// The value of `AWS_ENDPOINT_URL` for its clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Which requests have met which faults.
    #[must_use]
    pub fn met(&self) -> Vec<(String, Fault)> {
        self.shared.seen().met.clone()
    }

    /// How many requests it keeps waiting now: with a simulated clock, time has to pass for them.
    #[must_use]
    pub fn held(&self) -> usize {
        self.shared.held.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the first rule says that has its turn.
    fn next(&self, asked: &Asked) -> Option<Fault> {
        let action = request::action(asked);
        let mut seen = self.seen();
        let count = seen.counts.entry(action.clone()).or_default();
        *count += 1;
        let nth = *count;
        let is_read = asked.method == "GET" || is_read(&action);
        let mut rules = self.rules.iter().filter(|rule| {
            rule.nth == nth
                && (rule.reads || !is_read)
                && rule.action.as_ref().is_none_or(|of| *of == action)
        });
        let fault = rules.next()?.fault;
        seen.met.push((action, fault));
        Some(fault)
    }

    async fn hold(&self, time: impl Future<Output = ()>) {
        let _held = Held::new(&self.held);
        time.await;
    }
}

/// Counts as long as it lives, also when the client goes away.
struct Held<'a>(&'a AtomicUsize);

impl<'a> Held<'a> {
    fn new(held: &'a AtomicUsize) -> Self {
        held.fetch_add(1, Ordering::SeqCst);
        Self(held)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn pass(shared: Arc<Shared>, asked: Asked) -> Answer {
    let fault = shared.next(&asked);
    let (wire, is_head) = (Wire::of(&asked), asked.method == "HEAD");
    let refused =
        |status, code, message: &str| Answer::Whole(refused(wire, is_head, status, code, message));
    match fault {
        Some(Fault::Throttle) if wire == Wire::S3 => {
            return refused(503, "SlowDown", "Please reduce your request rate.");
        }
        Some(Fault::Throttle) => return refused(400, "ThrottlingException", "Rate exceeded"),
        Some(Fault::Failure) => return refused(500, "InternalFailure", "An internal error"),
        Some(Fault::Unavailable) => {
            return refused(503, "ServiceUnavailable", "The service does not answer");
        }
        Some(Fault::Expired) => {
            let message = "The security token included in the request is expired";
            return refused(if wire == Wire::S3 { 400 } else { 403 }, "ExpiredToken", message);
        }
        Some(Fault::InProgress) => {
            let message = "Another operation is in progress";
            return refused(409, "OperationInProgressException", message);
        }
        Some(Fault::Stale) => {
            let message = "Another operation has been performed since";
            return refused(409, "StaleRequestException", message);
        }
        Some(Fault::ResetBefore) => return Answer::Nothing,
        Some(Fault::ResetAfter | Fault::Stall | Fault::Slow(_) | Fault::Truncated) | None => {}
    }
    let Ok(told) = http::ask(shared.server, asked).await else { return Answer::Nothing };
    match fault {
        Some(Fault::ResetAfter) => Answer::Nothing,
        Some(Fault::Truncated) => Answer::Half(told),
        Some(Fault::Stall) => {
            shared.hold(std::future::pending()).await;
            Answer::Nothing
        }
        Some(Fault::Slow(time)) => {
            shared.hold(tokio::time::sleep(time)).await;
            Answer::Whole(told)
        }
        _ => Answer::Whole(told),
    }
}
