//! A simulated AWS behind [`Cloud`]: no network, no credentials, a clock of its own.
//!
//! It has Organizations, who calls, the part of S3 that a bootstrap bucket needs, the parameter store, stacks
//! with change sets, stack sets, Cloud Control for single resources, and the settings that the
//! [steps](SimulatedCloud::open) of an assembly name. A call of anything else is refused with
//! `UnknownOperationException`; it is never taken silently.

use std::{
    fmt, io,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use accel_deploy::{Call, Cloud, CloudError, Place};
use serde_json::Value;
use tokio::time::Instant;

mod by_hand;
mod cloud_control;
mod drift;
mod dynamic;
mod errors;
#[cfg(feature = "server")]
pub mod fault;
mod faults;
mod journal;
mod organizations;
mod quotas;
mod s3;
#[cfg(feature = "server")]
mod server;
mod settings;
mod ssm;
mod stack_sets;
mod stacks;
mod template;
mod world;

use faults::Fault;

pub use by_hand::{ByHand, Change};
pub use errors::{COMMON_ERRORS, ERRORS};
pub use organizations::{Account, Organization, Policy, Unit};
#[cfg(feature = "server")]
pub use server::Server;
pub use stack_sets::Gate;
pub use world::World;

/// 2026-01-01T00:00:00Z, when a new world begins.
const BEGINNING: Duration = Duration::from_secs(1_767_225_600);

/// An AWS that is a function of the calls it got and of the time.
///
/// Time is tokio's: with a paused clock (`start_paused`) waiting costs nothing.
///
/// ```
/// use accel_deploy::{Place, cloud::{CloudExt as _, sts::GetCallerIdentity}};
/// use accel_simulator::SimulatedCloud;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let cloud = SimulatedCloud::new();
/// let caller = cloud.call(&Place::caller("us-east-1"), &GetCallerIdentity {}).await?;
/// assert_eq!(caller.account, "999999999999");
/// # Ok::<(), accel_deploy::CloudError>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SimulatedCloud {
    state: Mutex<State>,
    base: Duration,
    started: Instant,
    speed: u32,
}

struct State {
    world: World,
    journal: Option<journal::Journal>,
    faults: faults::Faults,
    calls: Vec<(Place, Call)>,
}

impl SimulatedCloud {
    /// A world in memory: one account, 999999999999, and no organization.
    #[must_use]
    pub fn new() -> Self {
        Self::of(World::new(BEGINNING), None, faults::Faults::default())
    }

    /// The world whose calls are in `cloud.jsonl` of a directory, which is made if it is not there. Each
    /// mutating call is in the file before it is answered, so that the world outlives the process. What
    /// [`Self::world`] changes is not.
    ///
    /// `rows` are the steps of an assembly: what they put in services that the simulation does not know by
    /// itself is what they read there.
    ///
    /// `faults.json` in the directory, if there is one, says what goes wrong on purpose:
    /// `{"calls": [{"of": "cloudformation:CreateChangeSet", "nth": 2, "times": 1, "fault": "lost-reply"}],
    /// "failures": [{"account": "..", "region": "..", "of": "LogicalId", "reason": ".."}], "listLag": 30, "quotas": {"L-E619E033": 50},
    /// "gates": [{"account": "..", "region": "..", "gate": {"failed": ".."}}],
    /// "byHand": [{"account": "..", "region": "..", "of": "LogicalId", "change": "deleted"}],
    /// "existing": [{"account": "..", "region": "..", "type": "AWS::EC2::VPC", "identifier": {"VpcId": ".."}}]}`. `of` may be `all`,
    /// `mutating` or `reads`; a fault is `throttled`, `unavailable`, `lost-reply`, `expired`, `in-progress`,
    /// `stale`, `stalled` (until the file is removed), `kill-before` or `kill-after`. What is done [by hand](ByHand) is
    /// done once, when the file first says it.
    ///
    /// # Errors
    /// If the file cannot be read or written, or holds lines before its last that are no calls; with
    /// [`io::ErrorKind::InvalidData`] if the faults are not what they should be.
    pub fn open(directory: &Path, rows: Vec<Value>) -> io::Result<Self> {
        let faults = faults::Faults::read(directory)?;
        let (mut journal, events) = journal::Journal::open(directory)?;
        let mut world = World::new(BEGINNING);
        world.settings.rows = rows;
        for event in events {
            // Its reply was given, if it was, when it happened.
            let _ = world.apply(event.at(), &event.place, &event.call());
        }
        // What has failed in one run has failed in the next, too.
        let conditions = faults.conditions();
        if world.conditions() != conditions {
            let (now, place) = (world.now(), Place::caller("us-east-1"));
            let call = world::change_conditions(&conditions)?;
            world.apply(now, &place, &call).map_err(|error| {
                let message = format!("{}: {}", faults::FILE, error.message);
                io::Error::new(io::ErrorKind::InvalidData, message)
            })?;
            journal.write(now, &place, &call, None)?;
        }
        Ok(Self::of(world, Some(journal), faults))
    }

    /// A clock that is so many times faster than the runtime's.
    #[must_use]
    pub fn faster(self, speed: u32) -> Self {
        Self { speed: speed.max(1), ..self }
    }

    /// All calls since this value was made, those that were refused too.
    #[must_use]
    pub fn calls(&self) -> Vec<(Place, Call)> {
        self.state().calls.clone()
    }

    /// How many of [`Self::calls`] may change something.
    #[must_use]
    pub fn mutating_calls(&self) -> usize {
        self.state().calls.iter().filter(|(_, call)| !call.is_read()).count()
    }

    /// Looks into the world, or meddles with it as somebody else would.
    pub fn world<R>(&self, f: impl FnOnce(&mut World) -> R) -> R {
        let now = self.now();
        let mut state = self.state();
        state.world.advance(now);
        f(&mut state.world)
    }

    fn of(world: World, journal: Option<journal::Journal>, faults: faults::Faults) -> Self {
        let base = world.now();
        let state = State { world, journal, faults, calls: Vec::new() };
        Self { state: Mutex::new(state), base, started: Instant::now(), speed: 1 }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cloud for SimulatedCloud {
    async fn send(&self, place: &Place, call: Call) -> Result<Value, CloudError> {
        let (fault, stalled_by) = {
            let mut state = self.state();
            state.calls.push((place.clone(), call.clone()));
            let fault = state.faults.next(&call);
            (fault, (fault == Some(Fault::Stalled)).then(|| state.faults.path()))
        };
        if let Some(file) = stalled_by {
            faults::until_removed(&file).await;
        }
        let now = self.now();
        let mut state = self.state();
        if let Some(answer) = fault.and_then(|fault| fault.before(&call)) {
            return Err(answer);
        }
        // What a read has shown as ended has ended, also for who opens the directory again.
        let ends = state.world.ends_by(now);
        if let Some(journal) = state.journal.as_mut().filter(|_| ends && call.is_read()) {
            journal.write(now, place, &world::time_passes(), None).map_err(|error| {
                CloudError::no_answer(&call.service, &call.action, error.to_string())
            })?;
        }
        let reply = state.world.apply(now, place, &call);
        if let Some(journal) = state.journal.as_mut().filter(|_| !call.is_read()) {
            let code = reply.as_ref().err().map(|error| error.code.clone());
            journal.write(now, place, &call, code).map_err(|error| {
                CloudError::no_answer(&call.service, &call.action, error.to_string())
            })?;
        }
        match fault.and_then(|fault| fault.after(&call)) {
            Some(answer) => Err(answer),
            None => reply,
        }
    }

    /// In whole milliseconds, as the journal has them.
    fn now(&self) -> Duration {
        let now = self.base + self.started.elapsed() * self.speed;
        Duration::new(now.as_secs(), now.subsec_millis() * 1_000_000)
    }
}

impl Default for SimulatedCloud {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SimulatedCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedCloud").field("base", &self.base).finish_non_exhaustive()
    }
}
