use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

#[cfg(feature = "deploy")]
use accel_deploy::Aws;
use accel_deploy::{Call, Cloud, CloudError, Place, cloud::AccountKey};
#[cfg(feature = "simulate")]
use accel_simulator::SimulatedCloud;
use serde_json::Value;

/// The cloud of a command, and how much was asked of it.
#[derive(Debug)]
pub(super) struct AnyCloud {
    provider: Provider,
    /// Who calls, which is the same for a whole run, and asked for at each turn.
    caller: OnceLock<Value>,
    /// What was read of the organization for a plan, if one is being made: each of its accounts is looked for in the
    /// same lists.
    organization: Mutex<Option<BTreeMap<String, Reply>>>,
    calls: AtomicUsize,
    mutating_calls: AtomicUsize,
}

type Reply = Result<Value, CloudError>;

#[derive(Debug)]
pub(super) enum Provider {
    #[cfg(feature = "simulate")]
    Simulated(Box<SimulatedCloud>),
    #[cfg(feature = "deploy")]
    Aws(Box<Aws>),
}

impl AnyCloud {
    pub(super) const fn calls(&self) -> &AtomicUsize {
        &self.calls
    }

    pub(super) const fn mutating_calls(&self) -> &AtomicUsize {
        &self.mutating_calls
    }

    /// Reads each list of the organization once, while nothing is changed.
    pub(super) async fn reading_once<T>(&self, reads: impl Future<Output = T>) -> T {
        *self.known() = Some(BTreeMap::new());
        let result = reads.await;
        *self.known() = None;
        result
    }

    fn known(&self) -> MutexGuard<'_, Option<BTreeMap<String, Reply>>> {
        self.organization.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether what happens in it happens to nobody.
    pub(super) const fn is_simulated(&self) -> bool {
        match self.provider {
            #[cfg(feature = "simulate")]
            Provider::Simulated(_) => true,
            #[cfg(feature = "deploy")]
            Provider::Aws(_) => false,
        }
    }
}

impl From<Provider> for AnyCloud {
    fn from(provider: Provider) -> Self {
        let (calls, mutating_calls) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let (caller, organization) = (OnceLock::new(), Mutex::default());
        Self { provider, caller, organization, calls, mutating_calls }
    }
}

impl Cloud for AnyCloud {
    async fn send(&self, place: &Place, call: Call) -> Result<Value, CloudError> {
        let asks_who = place.account == AccountKey::Caller && call.action == "GetCallerIdentity";
        if let Some(known) = self.caller.get().filter(|_| asks_who) {
            return Ok(known.clone());
        }
        let is_listed = call.service == "organizations" && call.is_read();
        let asked = is_listed.then(|| format!("{place} {} {}", call.action, call.request));
        let known = |asked: &String| self.known().as_ref()?.get(asked).cloned();
        if let Some(reply) = asked.as_ref().and_then(known) {
            return reply;
        }
        let reply = self.send_on(place, call).await;
        if let (true, Ok(identity)) = (asks_who, &reply) {
            self.caller.set(identity.clone()).ok();
        }
        // That there is no organization yet is an answer too.
        let is_answer = |error: &CloudError| error.code.starts_with("AWSOrganizationsNotInUse");
        if let (Some(asked), Some(known)) = (asked, self.known().as_mut())
            && reply.as_ref().err().is_none_or(is_answer)
        {
            known.insert(asked, reply.clone());
        }
        reply
    }

    fn now(&self) -> Duration {
        match &self.provider {
            #[cfg(feature = "simulate")]
            Provider::Simulated(cloud) => cloud.now(),
            #[cfg(feature = "deploy")]
            Provider::Aws(cloud) => cloud.now(),
        }
    }
}

impl AnyCloud {
    async fn send_on(&self, place: &Place, call: Call) -> Result<Value, CloudError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        if !call.is_read() {
            self.mutating_calls.fetch_add(1, Ordering::Relaxed);
        }
        match &self.provider {
            #[cfg(feature = "simulate")]
            Provider::Simulated(cloud) => cloud.send(place, call).await,
            #[cfg(feature = "deploy")]
            Provider::Aws(cloud) => cloud.send(place, call).await,
        }
    }
}
