//! Account gates: functions in the target accounts that let operations in, or do not.

use std::time::Duration;

use accel_deploy::cloud::cloudformation::AccountGateResult;
use serde::{Deserialize, Serialize};

use super::{
    Spot,
    operation::{End, Operation, Progress, Target},
};
use crate::world::World;

/// The name of the function that CloudFormation calls.
const FUNCTION: &str = "AWSCloudFormationStackSetAccountGate";

/// What the account gate of an account and region answers to whatever operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Gate {
    /// "CloudFormation proceeds with the stack operation in that account and Region."
    Succeeded,
    /// "CloudFormation cancels the stack set operation in that account and Region", with this reason.
    Failed(String),
}

impl World {
    pub(super) fn target(&self, account: &str, region: &str) -> Target {
        let organization = self.organization.as_ref();
        let state = organization.and_then(|organization| organization.accounts.get(account));
        match state.is_some_and(|account| account.state != "ACTIVE") {
            true => Target::Suspended,
            false => {
                Target::Open(self.gates.get(&(account.to_owned(), region.to_owned())).cloned())
            }
        }
    }
}

impl Operation {
    /// How an instance ends that its gate has not let in. It is not touched.
    pub(super) fn refused_at(&self, spot: &Spot, now: Duration) -> Option<End> {
        match self.results().get(spot)?.gate(now)?? {
            Gate::Failed(reason) => Some(End::Refused(reason.clone())),
            Gate::Succeeded => None,
        }
    }
}

impl Progress {
    /// What a result says of the gate, once it was asked.
    pub(super) fn gate_result(
        &self,
        (account, region): &Spot,
        then: Duration,
    ) -> Option<AccountGateResult> {
        let (status, status_reason) = match self.gate(then)? {
            Some(Gate::Succeeded) => ("SUCCEEDED", None),
            Some(Gate::Failed(reason)) => ("FAILED", Some(reason.clone())),
            None => {
                let function = format!("arn:aws:lambda:{region}:{account}:function:{FUNCTION}");
                ("SKIPPED", Some(format!("Function not found: {function}")))
            }
        };
        Some(AccountGateResult { status: Some(status.to_owned()), status_reason })
    }
}
