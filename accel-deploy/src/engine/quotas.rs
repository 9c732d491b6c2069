//! Looks whether what a plan makes is more than AWS allows.

use std::collections::BTreeMap;

use accel_synth::manifest::{StackSet, TargetSet};
use serde_json::Value;

use super::Shared;
use crate::{
    cloud::{Cloud, Place, servicequotas::GetServiceQuota},
    graph::Subject,
    plan::{Action, Entry},
    quotas::{
        ACCOUNTS, POLICIES, Prerequisite, Quota, SERVICE_CONTROL_POLICIES, STACK_INSTANCES,
        STACK_SETS, STACKS, UNITS,
    },
};

/// Where Organizations is, and what the caller administers is counted.
const HOME: &str = "us-east-1";

impl<C: Cloud> Shared<C> {
    /// The quotas that are to be raised before a plan is carried out. AWS is asked only for those that are
    /// less than needed by default.
    pub(super) async fn prerequisites(
        &self,
        entries: &BTreeMap<String, Entry>,
    ) -> Vec<Prerequisite> {
        let mut rows = Vec::new();
        rows.extend(self.accounts_after(entries).await);
        for (quota, of, need) in self.of_organization() {
            let row = self.exceeded(quota, None, HOME, need).await;
            rows.extend(row.map(|row| Prerequisite { what: format!("{}{of}", row.what), ..row }));
        }
        for (region, sets) in self.stack_sets_by_region() {
            rows.extend(self.exceeded(&STACK_SETS, None, region, sets).await);
        }
        for set in self.graph.manifest.stack_sets.values() {
            let need = self.accounts_of(set).len() * set.regions.len();
            let row = self.exceeded(&STACK_INSTANCES, None, home(set), need).await;
            let what = |what: String| format!("{what} `{}`", set.name);
            rows.extend(row.map(|row| Prerequisite { what: what(row.what.clone()), ..row }));
        }
        for ((account, region), stacks) in self.stacks_by_place() {
            rows.extend(self.exceeded(&STACKS, Some(account), region, stacks).await);
        }
        rows
    }

    async fn exceeded(
        &self,
        quota: &Quota,
        account: Option<&str>,
        region: &str,
        need: usize,
    ) -> Option<Prerequisite> {
        let need = count(need);
        if need <= quota.default {
            return None;
        }
        let current = self.allowed_of(quota, account, region).await;
        let account = account.map(str::to_owned);
        (need > current).then(|| Prerequisite { account, ..quota.row(region, need, current) })
    }

    /// How many there may be. Who may not ask, and an account that is still to be made, have what is given by default.
    async fn allowed_of(&self, quota: &Quota, account: Option<&str>, region: &str) -> u64 {
        let place = match account {
            Some(account) => self.place(account, region).ok(),
            None => Some(Place::caller(region)),
        };
        let (Some(place), Some(code)) = (place, quota.code) else { return quota.default };
        let get =
            GetServiceQuota { service_code: quota.service.to_owned(), quota_code: code.to_owned() };
        let found = self.call(&place, &get).await.ok();
        // A text of a whole number has no way to be cut off.
        let allowed = found.and_then(|found| format!("{:.0}", found.quota.value).parse().ok());
        allowed.unwrap_or(quota.default)
    }

    /// Whether there will be too many accounts, if some are made or join.
    async fn accounts_after(&self, entries: &BTreeMap<String, Entry>) -> Option<Prerequisite> {
        let is_new = |path: &str| entries.get(path).is_some_and(|it| it.action != Action::None);
        let steps = self.graph.nodes().filter_map(|node| match &node.subject {
            Subject::Step(step) if is_new(&node.path) => Some(step),
            _ => None,
        });
        let (mut new, mut is_first) = (0, false);
        for step in steps {
            new += usize::from(step.kind == "account");
            let call = step.call.as_ref();
            is_first |= call.is_some_and(|call| call.action == "CreateOrganization");
        }
        // Without an organization there is the account that will manage it.
        match (new, is_first) {
            (0, _) => return None,
            (_, true) => return self.exceeded(&ACCOUNTS, None, HOME, 1 + new).await,
            _ => {}
        }
        match self.accounts().await {
            Ok(there) => self.exceeded(&ACCOUNTS, None, HOME, there.len() + new).await,
            // What is not known is not nothing.
            Err(error) => {
                let current = self.allowed_of(&ACCOUNTS, None, HOME).await;
                let unknown = Some(self.without_secrets(error.to_string()));
                Some(Prerequisite { unknown, ..ACCOUNTS.row(HOME, count(new), current) })
            }
        }
    }

    /// Units, and policies by type: what the app has of them. AWS knows of more only if somebody else makes some.
    fn of_organization(&self) -> Vec<(&'static Quota, String, usize)> {
        let mut units = 0;
        let mut policies: BTreeMap<String, usize> = BTreeMap::new();
        for node in self.graph.nodes() {
            let Subject::Step(step) = &node.subject else { continue };
            let Some(call) = &step.call else { continue };
            match call.action.as_str() {
                "CreateOrganizationalUnit" => units += 1,
                "CreatePolicy" => count_policy(&call.request, &mut policies),
                _ => {}
            }
        }
        for stack in self.graph.manifest.stacks.values() {
            let text = self.graph.templates.get(&stack.template.template);
            // Few templates have any, and others need not be read.
            let Some(text) = text.filter(|text| text.contains(POLICY)) else { continue };
            let template: Value = serde_json::from_str(text).unwrap_or_default();
            let resources = template["Resources"].as_object().into_iter().flatten();
            for (_, resource) in resources.filter(|(_, it)| it["Type"] == POLICY) {
                count_policy(&resource["Properties"], &mut policies);
            }
        }
        let policies = policies.into_iter().map(|(of, count)| match of.as_str() {
            "SERVICE_CONTROL_POLICY" => (&SERVICE_CONTROL_POLICIES, String::new(), count),
            _ => (&POLICIES, format!(" {of}"), count),
        });
        std::iter::once((&UNITS, String::new(), units)).chain(policies).collect()
    }

    /// Each region in which stack sets are administered has its own.
    fn stack_sets_by_region(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for set in self.graph.manifest.stack_sets.values() {
            *counts.entry(home(set)).or_default() += 1;
        }
        counts
    }

    /// Stacks, and instances of stack sets, which are stacks.
    fn stacks_by_place(&self) -> BTreeMap<(&str, &str), usize> {
        let manifest = &self.graph.manifest;
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for stack in manifest.stacks.values() {
            *counts.entry((stack.account.as_str(), stack.region.as_str())).or_default() += 1;
        }
        for set in manifest.stack_sets.values() {
            for account in self.accounts_of(set) {
                for region in &set.regions {
                    *counts.entry((account, region.as_str())).or_default() += 1;
                }
            }
        }
        counts
    }

    /// At most these: a unit may not have every account.
    fn accounts_of<'a>(&'a self, set: &'a StackSet) -> Vec<&'a str> {
        match &set.targets {
            TargetSet::Accounts(accounts) => accounts.iter().map(String::as_str).collect(),
            TargetSet::Units { .. } => (self.graph.manifest.accounts.iter())
                .filter(|(_, account)| !account.management)
                .map(|(name, _)| name.as_str())
                .collect(),
        }
    }
}

const POLICY: &str = "AWS::Organizations::Policy";

fn count_policy(of: &Value, policies: &mut BTreeMap<String, usize>) {
    if let Some(kind) = of["Type"].as_str() {
        *policies.entry(kind.to_owned()).or_default() += 1;
    }
}

fn count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn home(set: &StackSet) -> &str {
    set.regions.first().map_or(HOME, String::as_str)
}
