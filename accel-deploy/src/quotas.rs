//! What a plan needs beyond what AWS gives an account by default.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A quota that a plan needs more of than there is: it is to be raised first, which takes AWS up to days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Prerequisite {
    /// The service, as Service Quotas calls it.
    pub service: String,
    /// The quota's code; none of what AWS raises for nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What is counted.
    pub what: String,
    /// The account's name, where it is not the caller's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Where it is counted and raised.
    pub region: String,
    /// How many there will be.
    pub need: u64,
    /// Why it could not be looked at how many there are already: `need` has only what the plan makes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
    /// How many there may be: what AWS says, or gives by default if it was not told.
    pub current: u64,
    /// Where it is raised, if it can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raise: Option<String>,
}

/// What AWS gives by default.
#[derive(Debug)]
pub(crate) struct Quota {
    pub(crate) service: &'static str,
    /// None of what AWS raises for nobody.
    pub(crate) code: Option<&'static str>,
    pub(crate) what: &'static str,
    pub(crate) default: u64,
}

// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
pub(crate) const ACCOUNTS: Quota = Quota {
    service: "organizations",
    code: Some("L-E619E033"),
    what: "accounts of the organization",
    default: 10,
};
pub(crate) const UNITS: Quota =
    Quota { service: "organizations", code: None, what: "organizational units", default: 2_000 };
pub(crate) const SERVICE_CONTROL_POLICIES: Quota = Quota {
    service: "organizations",
    code: None,
    what: "policies of the type SERVICE_CONTROL_POLICY",
    default: 10_000,
};
/// Of each other type.
pub(crate) const POLICIES: Quota =
    Quota { service: "organizations", code: None, what: "policies of the type", default: 1_000 };

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
pub(crate) const STACKS: Quota =
    Quota { service: "cloudformation", code: Some("L-0485CB21"), what: "stacks", default: 2_000 };
pub(crate) const STACK_SETS: Quota = Quota {
    service: "cloudformation",
    code: Some("L-EC62D81A"),
    what: "stack sets",
    default: 1_000,
};
pub(crate) const STACK_INSTANCES: Quota = Quota {
    service: "cloudformation",
    code: Some("L-C8225BA5"),
    what: "instances of the stack set",
    default: 100_000,
};

impl Quota {
    /// A row of it, in a region.
    pub(crate) fn row(&self, region: &str, need: u64, current: u64) -> Prerequisite {
        let Self { service, code, what, .. } = self;
        Prerequisite {
            service: (*service).to_owned(),
            code: code.map(str::to_owned),
            what: (*what).to_owned(),
            account: None,
            region: region.to_owned(),
            need,
            unknown: None,
            current,
            raise: code.map(|code| {
                format!(
                    "https://{region}.console.aws.amazon.com/servicequotas/home/services/{service}/quotas/{code}"
                )
            }),
        }
    }
}

impl fmt::Display for Prerequisite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, what, account, region, need, unknown, current, raise, .. } = self;
        if let Some(code) = code {
            write!(f, "{code}: ")?;
        }
        let account = account.as_ref().map(|account| format!("`{account}`, "));
        let account = account.unwrap_or_default();
        match unknown {
            None => write!(f, "{need} {what} in {account}{region}, and {current} are allowed")?,
            Some(reason) => write!(
                f,
                "{need} {what} more in {account}{region}, and {current} are allowed; how many there are could not be \
                 looked at: {reason}"
            )?,
        }
        match raise {
            Some(raise) => write!(
                f,
                "{} {raise}",
                if unknown.is_some() {
                    "; look, and raise it if need be, at"
                } else {
                    ": raise it at"
                }
            ),
            None => f.write_str(": AWS allows nobody more"),
        }
    }
}
