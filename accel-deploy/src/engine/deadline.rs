//! How long a run waits for what it can do nothing about.

use std::time::Duration;

use super::{Shared, Trouble};
use crate::cloud::Cloud;

/// Of minutes. In an hour nearly all that CloudFormation does to a stack has ended; it allows an operation days, and
/// whoever waits for one wants to know by then what for. What a run has begun itself it waits for to the end.
const MOST: u32 = 60;

/// When it is no longer waited for what somebody else has begun, or for what changes nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(Duration);

impl<C: Cloud> Shared<C> {
    pub(super) fn deadline(&self) -> Deadline {
        Deadline(self.cloud.now() + Duration::from_secs(60) * MOST)
    }

    pub(super) fn is_over(&self, deadline: Deadline) -> bool {
        self.cloud.now() >= deadline.0
    }
}

impl Deadline {
    /// Gives up: what is waited for, and what is to be done.
    pub(super) fn give_up(what: &str, way_out: &str) -> Trouble {
        Trouble::Refused(format!(
            "{what}, and has not ended in {MOST} minutes: {way_out}, and deploy again"
        ))
    }
}
