//! Calls that are repeated as long as that is safe.

use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use super::Shared;
use crate::{
    cloud::{Call, Cloud, CloudError, CloudExt as _, ErrorClass, Operation, Place, is_read},
    plan::digest,
};

/// After so many refusals to take more calls, some 15 minutes, the service is not merely busy.
const TRIES: u32 = 50;

/// A read that got no answer so often will get none.
const UNANSWERED: u32 = 6;

/// The longest pause between two tries.
const LONGEST: Duration = Duration::from_secs(20);

/// Sends a typed call until it is answered.
pub(crate) async fn call<C: Cloud, O: Operation>(
    cloud: &C,
    place: &Place,
    operation: &O,
) -> Result<O::Output, CloudError> {
    let mut tries = 0;
    loop {
        match cloud.call(place, operation).await {
            Err(error) => again(error, place, is_read(O::ACTION), &mut tries).await?,
            answered => return answered,
        }
    }
}

impl<C: Cloud> Shared<C> {
    /// Sends a typed call until it is answered.
    pub(super) async fn call<O: Operation>(
        &self,
        place: &Place,
        operation: &O,
    ) -> Result<O::Output, CloudError> {
        let mut tries = 0;
        loop {
            match self.call_once(place, operation).await {
                Err(error) => again(error, place, is_read(O::ACTION), &mut tries).await?,
                answered => return answered,
            }
        }
    }

    /// Sends a typed call, and gives up if it is not answered: for what nothing depends on.
    pub(super) async fn call_once<O: Operation>(
        &self,
        place: &Place,
        operation: &O,
    ) -> Result<O::Output, CloudError> {
        self.limits.call(place, O::SERVICE, O::ACTION).await;
        let answer = self.cloud.call(place, operation).await;
        self.limits.answered(place, O::SERVICE, O::ACTION, answer.as_ref().err());
        answer
    }

    /// Sends the call of a step until it is answered.
    pub(super) async fn send(&self, place: &Place, call: Call) -> Result<Value, CloudError> {
        let mut tries = 0;
        loop {
            self.limits.call(place, &call.service, &call.action).await;
            let answer = self.cloud.send(place, call.clone()).await;
            self.limits.answered(place, &call.service, &call.action, answer.as_ref().err());
            match answer {
                Err(error) => again(error, place, call.is_read(), &mut tries).await?,
                answered => return answered,
            }
        }
    }
}

/// Waits until a call may be sent again, or gives its error back.
async fn again(
    error: CloudError,
    place: &Place,
    is_read: bool,
    tries: &mut u32,
) -> Result<(), CloudError> {
    if !is_tried_again(&error, is_read, *tries) {
        return Err(error);
    }
    sleep(pause(&error.call, place, *tries)).await;
    *tries += 1;
    Ok(())
}

/// What was throttled did not happen. What got no answer may have: only a read is sent again.
fn is_tried_again(error: &CloudError, is_read: bool, tries: u32) -> bool {
    match error.class {
        ErrorClass::Throttled => tries < TRIES,
        ErrorClass::Ambiguous => is_read && tries < UNANSWERED,
        _ => false,
    }
}

/// Longer with every try, and not the same for all: from the call itself, so that a run can be repeated.
fn pause(call: &str, place: &Place, tries: u32) -> Duration {
    let most = Duration::from_millis(200).saturating_mul(1 << tries.min(10)).min(LONGEST);
    let spread = digest(&[call, &place.to_string(), &tries.to_string()]);
    let share = u32::from_str_radix(&spread[..4], 16).unwrap_or_default();
    most / 2 + most / 2 * share / 0x1_0000
}
