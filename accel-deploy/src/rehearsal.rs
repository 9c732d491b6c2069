use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};

use crate::cloud::{Call, Cloud, CloudError, Place};

/// A cloud that is only read: what would change something is noted instead of sent, and answered with nothing.
#[derive(Debug)]
pub struct Rehearsal<C> {
    cloud: Arc<C>,
    calls: Mutex<Vec<(Place, Call)>>,
}

impl<C> Rehearsal<C> {
    /// A rehearsal in this cloud.
    #[must_use]
    pub const fn new(cloud: Arc<C>) -> Self {
        Self { cloud, calls: Mutex::new(Vec::new()) }
    }

    /// The calls that were not sent.
    #[must_use]
    pub fn calls(&self) -> Vec<(Place, Call)> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<C: Cloud> Cloud for Rehearsal<C> {
    async fn send(&self, place: &Place, call: Call) -> Result<Value, CloudError> {
        if call.is_read() {
            return self.cloud.send(place, call).await;
        }
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push((place.clone(), call));
        Ok(json!({}))
    }

    fn now(&self) -> Duration {
        self.cloud.now()
    }
}
