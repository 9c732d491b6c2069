//! How many there may be of something, and what Service Quotas says of it.

use std::collections::BTreeMap;

use accel_deploy::cloud::servicequotas::{FoundQuota, GetServiceQuota, ServiceQuota};
use serde_json::Value;

use crate::world::{Refusal, Reply, World, read, reply, unknown};

/// Service and code of each quota that is kept to, and what is given of it by default.
pub(crate) const ACCOUNTS: Quota = ("organizations", "L-E619E033", 10);
pub(crate) const STACKS: Quota = ("cloudformation", "L-0485CB21", 2_000);
pub(crate) const STACK_SETS: Quota = ("cloudformation", "L-EC62D81A", 1_000);

type Quota = (&'static str, &'static str, usize);

impl World {
    fn quotas(&self) -> [(Quota, usize); 3] {
        [
            (ACCOUNTS, self.account_quota),
            (STACKS, self.stack_quota),
            (STACK_SETS, self.stack_set_quota),
        ]
    }

    /// Those that are not what is given by default, by code.
    pub(crate) fn changed_quotas(&self) -> BTreeMap<String, usize> {
        let changed = |((_, code, given), value): (Quota, usize)| {
            (value != given).then(|| (code.to_owned(), value))
        };
        self.quotas().into_iter().filter_map(changed).collect()
    }

    /// Each is what is said of its code, or what is given by default.
    pub(crate) fn set_quotas(&mut self, said: &BTreeMap<String, usize>) {
        let value = |(_, code, given): Quota| said.get(code).copied().unwrap_or(given);
        self.account_quota = value(ACCOUNTS);
        self.stack_quota = value(STACKS);
        self.stack_set_quota = value(STACK_SETS);
    }

    pub(crate) fn service_quotas(&self, action: &str, request: &Value) -> Reply {
        if action != "GetServiceQuota" {
            return Err(unknown(action));
        }
        let GetServiceQuota { service_code, quota_code } = read(request)?;
        let is_it = |((service, code, _), _): &(Quota, usize)| {
            *service == service_code && *code == quota_code
        };
        let found = self.quotas().into_iter().find(is_it);
        let value = found.and_then(|(_, value)| u32::try_from(value).ok()).ok_or_else(|| {
            Refusal::new("NoSuchResourceException", format!("The quota {quota_code} is not known"))
        })?;
        let value = f64::from(value);
        let quota = ServiceQuota { service_code, quota_code, quota_name: None, value };
        reply(&FoundQuota { quota })
    }
}

/// The first code of these that is of no quota.
pub(crate) fn strange(said: &BTreeMap<String, usize>) -> Option<&str> {
    let known = [ACCOUNTS, STACKS, STACK_SETS].map(|(_, code, _)| code);
    said.keys().map(String::as_str).find(|code| !known.contains(code))
}
