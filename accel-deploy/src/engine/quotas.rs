//! Looks whether what a plan makes is more than AWS allows.

use std::collections::BTreeMap;

use accel_synth::manifest::{StackSet, TargetSet};

use super::Shared;
use crate::{
    cloud::{Cloud, Place, organizations::ListAccounts, servicequotas::GetServiceQuota},
    graph::Subject,
    plan::{Action, Entry},
    quotas::{ACCOUNTS, Prerequisite, Quota, STACK_SETS, STACKS},
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
        let mut prerequisites = Vec::new();
        let accounts = self.accounts_after(entries).await;
        prerequisites.extend(self.exceeded(&ACCOUNTS, None, HOME, accounts).await);
        for (region, sets) in self.stack_sets_by_region() {
            prerequisites.extend(self.exceeded(&STACK_SETS, None, region, sets).await);
        }
        for ((account, region), stacks) in self.stacks_by_place() {
            prerequisites.extend(self.exceeded(&STACKS, Some(account), region, stacks).await);
        }
        prerequisites
    }

    async fn exceeded(
        &self,
        quota: &Quota,
        account: Option<&str>,
        region: &str,
        need: usize,
    ) -> Option<Prerequisite> {
        let need = u64::try_from(need).unwrap_or(u64::MAX);
        if need <= quota.default {
            return None;
        }
        let place = match account {
            Some(account) => self.place(account, region).ok(),
            None => Some(Place::caller(region)),
        };
        // Who may not ask, and an account that is still to be made, have what is given by default.
        let get = GetServiceQuota {
            service_code: quota.service.to_owned(),
            quota_code: quota.code.to_owned(),
        };
        let found = match place {
            Some(place) => self.call(&place, &get).await.ok(),
            None => None,
        };
        // A text of a whole number has no way to be cut off.
        let allowed = found.and_then(|found| format!("{:.0}", found.quota.value).parse().ok());
        let current = allowed.unwrap_or(quota.default);
        (need > current).then(|| quota.exceeded(account, region, need, current))
    }

    /// How many accounts there will be, if some are made or join.
    async fn accounts_after(&self, entries: &BTreeMap<String, Entry>) -> usize {
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
            (0, _) => return 0,
            (_, true) => return 1 + new,
            _ => {}
        }
        let mut list = ListAccounts::default();
        let mut there = 0;
        while let Ok(page) = self.call(&Place::caller(HOME), &list).await {
            there += page.accounts.len();
            list.next_token = page.next_token;
            if list.next_token.is_none() {
                break;
            }
        }
        there + new
    }

    /// Each region in which stack sets are administered has its own.
    fn stack_sets_by_region(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for set in self.graph.manifest.stack_sets.values() {
            *counts.entry(home(set)).or_default() += 1;
        }
        counts
    }

    /// Stacks, and instances of stack sets, which are stacks: at most so many, as a unit may not have every
    /// account.
    fn stacks_by_place(&self) -> BTreeMap<(&str, &str), usize> {
        let manifest = &self.graph.manifest;
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for stack in manifest.stacks.values() {
            *counts.entry((stack.account.as_str(), stack.region.as_str())).or_default() += 1;
        }
        for set in manifest.stack_sets.values() {
            let accounts: Vec<&str> = match &set.targets {
                TargetSet::Accounts(accounts) => accounts.iter().map(String::as_str).collect(),
                TargetSet::Units { .. } => (manifest.accounts.iter())
                    .filter(|(_, account)| !account.management)
                    .map(|(name, _)| name.as_str())
                    .collect(),
            };
            for account in accounts {
                for region in &set.regions {
                    *counts.entry((account, region.as_str())).or_default() += 1;
                }
            }
        }
        counts
    }
}

fn home(set: &StackSet) -> &str {
    set.regions.first().map_or(HOME, String::as_str)
}
