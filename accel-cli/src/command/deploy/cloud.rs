use std::{
    sync::{
        OnceLock,
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
    calls: AtomicUsize,
    mutating_calls: AtomicUsize,
}

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
        Self { provider, caller: OnceLock::new(), calls, mutating_calls }
    }
}

impl Cloud for AnyCloud {
    async fn send(&self, place: &Place, call: Call) -> Result<Value, CloudError> {
        let asks_who = place.account == AccountKey::Caller && call.action == "GetCallerIdentity";
        if let Some(known) = self.caller.get().filter(|_| asks_who) {
            return Ok(known.clone());
        }
        let reply = self.send_on(place, call).await?;
        if asks_who {
            self.caller.set(reply.clone()).ok();
        }
        Ok(reply)
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
