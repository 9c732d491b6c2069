//! What a plan needs beyond what AWS gives an account by default.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A quota that a plan needs more of than there is: it is to be raised first, which takes AWS up to days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Prerequisite {
    /// The service, as Service Quotas calls it.
    pub service: String,
    /// The quota's code.
    pub code: String,
    /// What is counted.
    pub what: String,
    /// The account's name, where it is not the caller's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Where it is counted and raised.
    pub region: String,
    /// How many there will be.
    pub need: u64,
    /// How many there may be: what AWS says, or gives by default if it was not told.
    pub current: u64,
    /// Where it is raised.
    pub raise: String,
}

/// What AWS gives by default.
#[derive(Debug)]
pub(crate) struct Quota {
    pub(crate) service: &'static str,
    pub(crate) code: &'static str,
    pub(crate) what: &'static str,
    pub(crate) default: u64,
}

// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
pub(crate) const ACCOUNTS: Quota = Quota {
    service: "organizations",
    code: "L-E619E033",
    what: "accounts of the organization",
    default: 10,
};

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
pub(crate) const STACKS: Quota =
    Quota { service: "cloudformation", code: "L-0485CB21", what: "stacks", default: 2000 };
pub(crate) const STACK_SETS: Quota =
    Quota { service: "cloudformation", code: "L-EC62D81A", what: "stack sets", default: 1000 };

impl Quota {
    pub(crate) fn exceeded(
        &self,
        account: Option<&str>,
        region: &str,
        need: u64,
        current: u64,
    ) -> Prerequisite {
        let Self { service, code, what, .. } = self;
        Prerequisite {
            service: (*service).to_owned(),
            code: (*code).to_owned(),
            what: (*what).to_owned(),
            account: account.map(str::to_owned),
            region: region.to_owned(),
            need,
            current,
            raise: format!(
                "https://{region}.console.aws.amazon.com/servicequotas/home/services/{service}/quotas/{code}"
            ),
        }
    }
}

impl fmt::Display for Prerequisite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, what, region, need, current, raise, .. } = self;
        let account = self.account.as_ref().map(|account| format!("`{account}`, "));
        let account = account.unwrap_or_default();
        write!(
            f,
            "{code}: {need} {what} in {account}{region}, and {current} are allowed: raise it at {raise}"
        )
    }
}
