//! Looks at every node of a graph, and makes each what it should be, as soon as what it waits for is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use accel_synth::manifest::ValueSource;
use serde::Serialize;
use tokio::{sync::Semaphore, task::JoinSet, time::sleep};

use crate::{
    cloud::{Cloud, CloudError, ErrorClass, Place, sts::GetCallerIdentity},
    graph::{Graph, Node, Subject},
    plan::{Action, Entry, Plan},
    values::{Unknown, Values},
};

mod bucket;
mod patience;
mod stack;
mod stack_set;
mod step;

/// So many nodes are worked on at once.
const AT_ONCE: usize = 32;

/// A node that is still not what it should be after so many changes will never be.
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
    /// Organizations takes one change at a time.
    organization: tokio::sync::Mutex<()>,
    /// One that makes a bucket makes it for all.
    buckets: tokio::sync::Mutex<BTreeSet<String>>,
    /// By path.
    open_parameters: BTreeMap<String, Vec<String>>,
    sequence: AtomicU64,
}

/// A node's state has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Counts from 1.
    pub seq: u64,
    /// Milliseconds since the epoch of Unix, by the cloud's clock.
    pub ts: u64,
    /// The construct path.
    pub node: String,
    /// The account's name, if the node is in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The region, if the node is in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The state before.
    pub from: Progress,
    /// The state now.
    pub to: Progress,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How far a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    /// For what comes first.
    Waiting,
    /// It is being made.
    Creating,
    /// It is being changed.
    Updating,
    /// It is as it should be.
    Done,
    /// It is, but for some of its instances.
    Partial,
    /// It could not be made so.
    Failed,
    /// Something that it waits for has failed.
    Skipped,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Waiting => "waiting",
            Self::Creating => "creating",
            Self::Updating => "updating",
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        })
    }
}

/// What a deployment did.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Nodes that were as they should be.
    pub unchanged: usize,
    /// The paths of what was created or updated.
    pub changed: Vec<String>,
    /// What is done but for some instances, by path.
    pub partial: Vec<Failure>,
    /// What could not be done.
    pub failed: Vec<Failure>,
    /// The paths of what waits for something that failed.
    pub skipped: Vec<String>,
    /// What was learned of the world.
    pub values: Values,
}

/// Why a node is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The node's construct path.
    pub path: String,
    /// In the words of AWS where it has some.
    pub reason: String,
    /// Whether the run can be resumed when the caller has valid credentials again.
    pub expired: bool,
}

/// What a look at a node has shown.
#[derive(Debug, PartialEq, Eq)]
enum State {
    Present,
    Absent,
    /// In words.
    Differs(Vec<String>),
}

/// Why a node cannot be looked at or changed.
#[derive(Debug)]
enum Trouble {
    Unknown(Unknown),
    Cloud(CloudError),
    Refused(String),
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
            Self::Cloud(error) => error.fmt(f),
            Self::Refused(reason) => f.write_str(reason),
        }
    }
}

/// Instances that failed although the operation went well, in words.
type Failed = Vec<String>;

enum Settled {
    Unchanged,
    Changed,
    Partial(Failed),
}

impl<C: Cloud + 'static> Engine<C> {
    /// An engine for an assembly.
    #[must_use]
    pub fn new(cloud: Arc<C>, graph: Arc<Graph>) -> Self {
        let values = Mutex::new(Values::new(&graph.manifest));
        let mut open_parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, name) in graph.open_parameters() {
            open_parameters.entry(path.to_owned()).or_default().push(name);
        }
        let shared = Shared {
            open_parameters,
            cloud,
            graph,
            values,
            organization: tokio::sync::Mutex::default(),
            buckets: tokio::sync::Mutex::default(),
            sequence: AtomicU64::new(0),
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

    /// Looks at the nodes of `paths` and says what would be done. It changes nothing.
    ///
    /// # Errors
    /// The first node that cannot be looked at although what it waits for is there: what is not known is
    /// not planned on.
    pub async fn plan(&self, paths: &[String]) -> Result<Plan, Failure> {
        let shared = &self.shared;
        shared.who_calls().await.map_err(|error| failure("", &Trouble::Cloud(error)))?;
        let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
        let mut failed = None;
        let look = |shared: Arc<Shared<C>>, path: String| async move {
            match shared.graph.get(&path) {
                Some(node) => shared.look(node).await,
                None => Err(Trouble::Refused(format!("there is no `{path}`"))),
            }
        };
        let taken = |path: &str, result: Result<State, Trouble>| {
            let Some(node) = shared.graph.get(path) else { return true };
            let waits: Vec<&str> = (node.after.iter())
                .filter(|after| {
                    entries.get(*after).is_some_and(|entry| {
                        matches!(entry.action, Action::Create | Action::AfterOthers)
                    })
                })
                .map(String::as_str)
                .collect();
            let (action, reasons) = match result {
                Ok(State::Present) => {
                    let reasons = changing_sources(node, &entries);
                    let action =
                        if reasons.is_empty() { Action::None } else { Action::AfterOthers };
                    (action, reasons)
                }
                Ok(State::Absent) => (Action::Create, Vec::new()),
                Ok(State::Differs(reasons)) => (Action::Update, reasons),
                Err(Trouble::Unknown(what)) => (Action::AfterOthers, vec![format!("needs {what}")]),
                Err(_) if !waits.is_empty() => {
                    (Action::AfterOthers, vec![format!("waits for `{}`", waits.join("`, `"))])
                }
                Err(trouble) => {
                    failed.get_or_insert_with(|| failure(path, &trouble));
                    (Action::AfterOthers, vec![trouble.to_string()])
                }
            };
            let entry = Entry { path: path.to_owned(), kind: node.kind(), action, reasons };
            entries.insert(path.to_owned(), entry);
            true
        };
        self.each(paths, look, taken).await;
        match failed {
            Some(failure) => Err(failure),
            None => Ok(Plan {
                app: shared.graph.manifest.app.clone(),
                entries: entries.into_values().collect(),
            }),
        }
    }

    /// Makes the nodes of `paths` what they should be, and tells `observer` of every change of a state.
    ///
    /// What is as it should be is not touched. When a node fails, what waits for it is skipped, and all
    /// else goes on.
    pub async fn apply(
        &self,
        paths: &[String],
        observer: impl Fn(&Event) + Send + Sync + 'static,
    ) -> Outcome {
        let shared = &self.shared;
        let mut outcome = Outcome::default();
        if let Err(error) = shared.who_calls().await {
            outcome.failed.push(failure("", &Trouble::Cloud(error)));
            return outcome;
        }
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
            reached.insert(path.to_owned());
            match result {
                Ok(Settled::Unchanged) => outcome.unchanged += 1,
                Ok(Settled::Changed) => outcome.changed.push(path.to_owned()),
                Ok(Settled::Partial(failed)) => {
                    let reason = failed.join("; ");
                    let path = path.to_owned();
                    outcome.partial.push(Failure { path, reason, expired: false });
                }
                Err(trouble) => {
                    outcome.failed.push(failure(path, &trouble));
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
        outcome.changed.sort();
        outcome.values = shared.values().clone();
        outcome
    }

    /// Works on every path when all it waits for is done; `taken` says whether what waits for it may go on.
    async fn each<R: Send + 'static, F: Future<Output = R> + Send + 'static>(
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
        let limit = Arc::new(Semaphore::new(AT_ONCE));
        let mut running = JoinSet::new();
        let start = |running: &mut JoinSet<(String, R)>, path: &str| {
            let (path, limit) = (path.to_owned(), Arc::clone(&limit));
            let work = work(Arc::clone(&self.shared), path.clone());
            running.spawn(async move {
                // The semaphore is never closed.
                let _permit = limit.acquire().await;
                (path, work.await)
            });
        };
        for (path, _) in waits.iter().filter(|(_, count)| **count == 0) {
            start(&mut running, path);
        }
        while let Some(joined) = running.join_next().await {
            let (path, result) = match joined {
                Ok(done) => done,
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

type Observer = dyn Fn(&Event) + Send + Sync;

impl<C: Cloud> Shared<C> {
    fn values(&self) -> MutexGuard<'_, Values> {
        // Nothing is left half done in it by a panic elsewhere.
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The caller's account is the one that manages the organization; its id is learned.
    async fn who_calls(&self) -> Result<(), CloudError> {
        let identity =
            self.call(&Place::caller("us-east-1"), &GetCallerIdentity::default()).await?;
        for (name, account) in &self.graph.manifest.accounts {
            if !account.management {
                continue;
            }
            if account.id.as_ref().is_some_and(|id| *id != identity.account) {
                return Err(CloudError::answer(
                    "sts",
                    "GetCallerIdentity",
                    "WrongAccount",
                    format!(
                        "the credentials are of {}, and the management account `{name}` is {}",
                        identity.account,
                        account.id.as_deref().unwrap_or_default()
                    ),
                ));
            }
            self.values().learn_account(name, identity.account.clone());
        }
        Ok(())
    }

    /// Where the calls for an account and region go.
    fn place(&self, account: &str, region: &str) -> Result<Place, Unknown> {
        if self.graph.manifest.accounts.get(account).is_some_and(|account| account.management) {
            return Ok(Place::caller(region));
        }
        let values = self.values();
        let id = values.account(account);
        id.map(|id| Place::account(id, region))
            .ok_or_else(|| format!("the id of the account `{account}`"))
    }

    async fn look(&self, node: &Node) -> Result<State, Trouble> {
        match &node.subject {
            Subject::Step(step) => self.look_at_step(step).await,
            Subject::Stack(stack) => self.look_at_stack(&node.path, stack).await,
            Subject::StackSet(set) => self.look_at_stack_set(&node.path, set).await,
        }
    }

    async fn change(&self, node: &Node, state: &State) -> Result<Failed, Trouble> {
        match &node.subject {
            Subject::Step(step) => self.take_step(step).await.map(|()| Failed::new()),
            Subject::Stack(stack) => {
                self.change_stack(&node.path, stack).await.map(|()| Failed::new())
            }
            Subject::StackSet(set) => self.change_stack_set(&node.path, set, state).await,
        }
    }

    /// Looks and changes until there is nothing left to change: whether a reply was lost, another run has
    /// done a part or AWS took its time, it is always the look that decides.
    async fn settle(&self, node: &Node, observer: &Observer) -> Result<Settled, Trouble> {
        let mut progress = Progress::Waiting;
        let result = self.settle_in(node, observer, &mut progress).await;
        let (to, reason) = match &result {
            Ok(Settled::Unchanged) => return result,
            Ok(Settled::Changed) => (Progress::Done, None),
            Ok(Settled::Partial(failed)) => (Progress::Partial, Some(failed.join("; "))),
            Err(trouble) => (Progress::Failed, Some(trouble.to_string())),
        };
        self.tell(observer, node, progress, to, reason);
        result
    }

    async fn settle_in(
        &self,
        node: &Node,
        observer: &Observer,
        progress: &mut Progress,
    ) -> Result<Settled, Trouble> {
        let mut last = String::new();
        for _ in 0..ROUNDS {
            let state = self.look(node).await?;
            let to = match &state {
                State::Present if *progress == Progress::Waiting => return Ok(Settled::Unchanged),
                State::Present => return Ok(Settled::Changed),
                State::Absent => Progress::Creating,
                State::Differs(_) => Progress::Updating,
            };
            if *progress == Progress::Waiting {
                let reason = match &state {
                    State::Differs(reasons) => Some(reasons.join("; ")),
                    _ => None,
                };
                self.tell(observer, node, *progress, to, reason);
                *progress = to;
            }
            match self.change(node, &state).await {
                Ok(failed) if failed.is_empty() => last = format!("{state:?}"),
                Ok(failed) => return Ok(Settled::Partial(failed)),
                Err(Trouble::Cloud(error)) if is_settled_by_looking(error.class) => {
                    last = error.to_string();
                    sleep(PAUSE).await;
                }
                Err(trouble) => return Err(trouble),
            }
        }
        Err(Trouble::Refused(format!("is not what it should be after {ROUNDS} changes: {last}")))
    }

    fn tell(
        &self,
        observer: &Observer,
        node: &Node,
        from: Progress,
        to: Progress,
        reason: Option<String>,
    ) {
        observer(&Event {
            seq: self.sequence.fetch_add(1, Ordering::Relaxed) + 1,
            ts: u64::try_from(self.cloud.now().as_millis()).unwrap_or(u64::MAX),
            node: node.path.clone(),
            account: node.account().map(str::to_owned),
            region: node.region().map(str::to_owned),
            from,
            to,
            reason,
        });
    }
}

/// Whether the next look tells what an error leaves open.
const fn is_settled_by_looking(class: ErrorClass) -> bool {
    matches!(
        class,
        ErrorClass::Ambiguous
            | ErrorClass::Exists
            | ErrorClass::Stale
            | ErrorClass::InProgress
            | ErrorClass::NoChange
    )
}

fn failure(path: &str, trouble: &Trouble) -> Failure {
    let expired = matches!(trouble, Trouble::Cloud(error) if error.class == ErrorClass::Expired);
    Failure { path: path.to_owned(), reason: trouble.to_string(), expired }
}

/// The stacks that change and that a node takes values from.
fn changing_sources(node: &Node, entries: &BTreeMap<String, Entry>) -> Vec<String> {
    let parameters = match &node.subject {
        Subject::Step(_) => return Vec::new(),
        Subject::Stack(stack) => &stack.template.parameters,
        Subject::StackSet(set) => &set.template.parameters,
    };
    let mut reasons = Vec::new();
    for (name, source) in parameters {
        if let ValueSource::Output { stack, .. } = source
            && entries.get(stack).is_some_and(|entry| entry.action != Action::None)
        {
            reasons.push(format!("`{name}` may change with `{stack}`"));
        }
    }
    reasons
}
