//! Looks at every node of a graph, and makes each what it should be, as soon as what it waits for is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, atomic::AtomicU64},
    time::Duration,
};

use self::{lease::Held, limits::Limits, losses::Losses, stack_set::Watcher};
use crate::{
    cloud::{
        Cloud, CloudError, ErrorClass, Place,
        sts::{CallerIdentity, GetCallerIdentity},
    },
    deployed::Formers,
    graph::Graph,
    values::{Unknown, Values},
};

mod access;
mod apply;
mod bootstrap;
pub(crate) mod bucket;
mod changes;
mod cleanup;
mod deadline;
mod drift;
mod existing;
mod lease;
mod limits;
mod lookup;
mod losses;
mod outcome;
pub(crate) mod patience;
mod plan;
mod queue;
mod quotas;
mod record;
mod removal;
mod review;
mod settle;
mod stack;
mod stack_set;
mod status;
mod step;
mod stop;
mod store;
mod targets;
mod together;
mod told;

pub use drift::{Drift, DriftedProperty};
pub use outcome::{Allowed, Event, Failure, Outcome, Progress};
pub use stack_set::Tally;
pub use status::{InstanceStatus, NodeStatus, Standing};
pub use stop::{Stop, StopHandle};

/// What is still not what it should be after so many changes will never be.
const ROUNDS: usize = 12;

/// Between two looks at what another operation holds, or at what may have been done.
const PAUSE: Duration = Duration::from_secs(5);

/// Deploys one assembly through one cloud.
#[derive(Debug)]
pub struct Engine<C> {
    shared: Arc<Shared<C>>,
}

#[derive(Debug)]
struct Shared<C> {
    cloud: Arc<C>,
    graph: Arc<Graph>,
    values: Mutex<Values>,
    limits: Limits,
    /// One that makes a bucket makes it for all.
    buckets: tokio::sync::Mutex<BTreeSet<String>>,
    /// Those that the organization can read.
    readable: tokio::sync::Mutex<BTreeSet<String>>,
    allowed: Allowed,
    losses: Mutex<Losses>,
    /// By path.
    open_parameters: BTreeMap<String, Vec<String>>,
    /// By path and name.
    secret_parameters: Vec<(String, String)>,
    stack_sets: stack_set::Memory,
    sequence: AtomicU64,
    stop: StopHandle,
    watcher: OnceLock<Watcher>,
    held: tokio::sync::Mutex<Held>,
    holder: OnceLock<String>,
    caller: tokio::sync::OnceCell<CallerIdentity>,
    /// What stacks have replaced, or are about to.
    formers: tokio::sync::Mutex<Formers>,
    /// What of it stays, in words, by the path of the stack.
    stay: tokio::sync::Mutex<BTreeMap<String, Vec<String>>>,
}

/// What a look at a node has shown.
#[derive(Debug, PartialEq, Eq)]
enum State {
    Present,
    /// With what is to be said of making it.
    Absent(Vec<String>),
    /// In words.
    Differs(Vec<String>),
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present => f.write_str("it is what it should be"),
            Self::Absent(remarks) if remarks.is_empty() => f.write_str("it is not there"),
            Self::Absent(remarks) => write!(f, "it is not there: {}", remarks.join("; ")),
            Self::Differs(reasons) => f.write_str(&reasons.join("; ")),
        }
    }
}

/// Why a node cannot be looked at or changed.
#[derive(Debug)]
enum Trouble {
    Unknown(Unknown),
    Cloud(CloudError),
    Refused(String),
    /// What was to be found does not exist.
    NotThere(String),
    /// Something would be lost.
    Guarded(String),
    /// The run was asked to end.
    Stopped(String),
    /// Another run holds the app.
    Held(String),
}

impl From<CloudError> for Trouble {
    fn from(error: CloudError) -> Self {
        Self::Cloud(error)
    }
}

impl From<Unknown> for Trouble {
    fn from(what: Unknown) -> Self {
        Self::Unknown(what)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(what) => write!(f, "needs {what}, which is not known"),
            Self::Cloud(error) => {
                error.fmt(f)?;
                // What a region answers that does not know the account.
                match error.code.as_str() {
                    "InvalidClientTokenId" | "UnrecognizedClientException" | "OptInRequired" => {
                        f.write_str(": is the region enabled in the account?")
                    }
                    _ if error.message.contains("Update of resource type is not permitted") => {
                        f.write_str(": give what is of another type another id in the program")
                    }
                    _ => Ok(()),
                }
            }
            Self::Refused(reason)
            | Self::NotThere(reason)
            | Self::Guarded(reason)
            | Self::Stopped(reason)
            | Self::Held(reason) => f.write_str(reason),
        }
    }
}

impl<C: Cloud + 'static> Engine<C> {
    /// An engine for an assembly.
    #[must_use]
    pub fn new(cloud: Arc<C>, graph: Arc<Graph>) -> Self {
        Self::allowing(cloud, graph, Allowed::default())
    }

    /// An engine for an assembly that may lose what is allowed.
    #[must_use]
    pub fn allowing(cloud: Arc<C>, graph: Arc<Graph>, allowed: Allowed) -> Self {
        let losses = Mutex::new(Losses::by_record(&graph, allowed));
        let values = Mutex::new(Values::new(&graph.manifest));
        let mut open_parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, name) in graph.open_parameters() {
            open_parameters.entry(path.to_owned()).or_default().push(name);
        }
        let secrets = graph.secret_parameters();
        let secret_parameters = secrets.map(|(path, name)| (path.to_owned(), name)).collect();
        let formers = graph.formers().clone();
        let shared = Shared {
            open_parameters,
            secret_parameters,
            cloud,
            graph,
            values,
            limits: Limits::default(),
            buckets: tokio::sync::Mutex::default(),
            readable: tokio::sync::Mutex::default(),
            allowed,
            losses,
            stack_sets: stack_set::Memory::default(),
            sequence: AtomicU64::new(0),
            stop: StopHandle::default(),
            watcher: OnceLock::new(),
            held: tokio::sync::Mutex::default(),
            holder: OnceLock::new(),
            caller: tokio::sync::OnceCell::new(),
            formers: tokio::sync::Mutex::new(formers),
            stay: tokio::sync::Mutex::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Gives values of [parameters that have no source](Graph::open_parameters).
    #[must_use]
    pub fn give(self, values: impl IntoIterator<Item = (String, String, String)>) -> Self {
        for (path, parameter, value) in values {
            self.shared.values().give(&path, parameter, value);
        }
        self
    }

    /// Says who deploys, to those whose runs are refused meanwhile; otherwise that is the caller's ARN. A run
    /// that was killed is finished at once by one of the same name.
    #[must_use]
    pub fn held_by(self, name: impl Into<String>) -> Self {
        // The first name stays.
        self.shared.holder.set(name.into()).ok();
        self
    }

    /// Tells `watcher`, while operations of stack sets go on, how many of their instances are done. It is not told of
    /// all, and nobody is told whom it does not interest: to know it takes reads of its own.
    pub fn watch(&self, watcher: impl Fn(&Tally) + Send + Sync + 'static) {
        // The first one stays.
        self.shared.watcher.set(Watcher(Box::new(watcher))).ok();
    }

    /// What asks a run of this engine to end before it is done.
    #[must_use]
    pub fn stop_handle(&self) -> StopHandle {
        self.shared.stop.clone()
    }
}

type Observer = dyn Fn(&Event) + Send + Sync;

impl<C: Cloud> Shared<C> {
    fn values(&self) -> MutexGuard<'_, Values> {
        // Nothing is left half done in it by a panic elsewhere.
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn losses(&self) -> MutexGuard<'_, Losses> {
        self.losses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is no longer in the app and stays, in words.
    async fn left(&self) -> Vec<String> {
        let stay = self.stay.lock().await;
        self.graph.left().chain(stay.values().flatten().cloned()).collect()
    }

    /// Who calls, asked once.
    async fn caller(&self) -> Result<&CallerIdentity, CloudError> {
        let place = Place::caller("us-east-1");
        let ask = async || self.call(&place, &GetCallerIdentity::default()).await;
        self.caller.get_or_try_init(ask).await
    }

    /// Whether the caller may deploy, and nobody else does.
    async fn may_begin(&self) -> Result<(), Trouble> {
        self.forget_children().await;
        self.who_calls().await?;
        self.look_at_lease().await
    }

    /// The caller's account is the one that manages the organization; its id is learned.
    async fn who_calls(&self) -> Result<(), Trouble> {
        let identity = self.caller().await?;
        for (name, account) in &self.graph.manifest.accounts {
            if !account.management {
                continue;
            }
            if account.id.as_ref().is_some_and(|id| *id != identity.account) {
                return Err(Trouble::Refused(format!(
                    "the credentials are of {}, and the management account `{name}` is {}: take \
                     credentials of that account, or mend its id in the program",
                    identity.account,
                    account.id.as_deref().unwrap_or_default()
                )));
            }
            self.values().learn_account(name, identity.account.clone());
        }
        Ok(())
    }
}

impl Trouble {
    fn is_expired(&self) -> bool {
        matches!(self, Self::Cloud(error) if error.class == ErrorClass::Expired)
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    #[test]
    fn a_state_is_told_in_words() {
        let texts = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(State::Differs(texts(&["tags", "template"])).to_string(), "tags; template");
        assert_eq!(State::Absent(texts(&[])).to_string(), "it is not there");
        let deleted = State::Absent(texts(&["somebody has deleted it"]));
        assert_eq!(deleted.to_string(), "it is not there: somebody has deleted it");
    }
}
