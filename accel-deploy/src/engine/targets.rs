//! Where the instances of a stack set are wanted, and where they are.

use std::collections::{BTreeMap, BTreeSet};

use accel_synth::manifest::{Filter, StackSet, TargetSet};

use super::{Shared, Trouble};
use crate::cloud::{
    Cloud, CloudError, Place,
    cloudformation::{DeploymentTargets, StackInstance},
    organizations::{ListAccountsForParent, ListOrganizationalUnitsForParent},
};

/// An account and a region.
pub(super) type Spot = (String, String);

/// Where instances are wanted, in AWS's words and one by one.
pub(super) struct Spots {
    pub(super) targets: DeploymentTargets,
    pub(super) all: BTreeSet<Spot>,
}

impl<C: Cloud> Shared<C> {
    pub(super) async fn spots(&self, set: &StackSet) -> Result<Spots, Trouble> {
        let ids = |accounts: &[String]| {
            let values = self.values();
            let id = |name: &String| {
                let id = values.account(name).map(str::to_owned);
                id.ok_or_else(|| format!("the id of the account `{name}`"))
            };
            accounts.iter().map(id).collect::<Result<Vec<_>, _>>()
        };
        let (accounts, targets) = match &set.targets {
            TargetSet::Accounts(accounts) => {
                let accounts = ids(accounts)?;
                let targets =
                    DeploymentTargets { accounts: Some(accounts.clone()), ..Default::default() };
                (accounts.into_iter().collect(), targets)
            }
            TargetSet::Units { units, filter, accounts } => {
                let named = ids(accounts)?;
                let values = self.values().clone();
                let units =
                    units.iter().map(|unit| values.get(unit)).collect::<Result<Vec<_>, _>>()?;
                let inside = self.accounts_in(&units).await?;
                let given: BTreeSet<String> = named.iter().cloned().collect();
                let chosen = match filter {
                    Filter::None => inside,
                    Filter::Intersection => &inside & &given,
                    Filter::Difference => &inside - &given,
                    Filter::Union => &inside | &given,
                };
                let targets = DeploymentTargets {
                    accounts: (*filter != Filter::None).then_some(named),
                    organizational_unit_ids: Some(units),
                    account_filter_type: Some(filter_name(*filter).to_owned()),
                };
                (chosen, targets)
            }
        };
        let all = accounts
            .iter()
            .flat_map(|account| set.regions.iter().map(|region| (account.clone(), region.clone())))
            .collect();
        Ok(Spots { targets, all })
    }

    /// The accounts of units and of all units below; never the one that manages the organization.
    async fn accounts_in(&self, units: &[String]) -> Result<BTreeSet<String>, CloudError> {
        let place = Place::caller("us-east-1");
        let manager: Vec<String> = {
            let values = self.values();
            let accounts = self.graph.manifest.accounts.iter();
            let managing = accounts.filter(|(_, account)| account.management);
            managing.filter_map(|(name, _)| values.account(name).map(str::to_owned)).collect()
        };
        let mut inside = BTreeSet::new();
        let mut open = units.to_vec();
        while let Some(parent) = open.pop() {
            let mut list = ListAccountsForParent { parent_id: parent.clone(), next_token: None };
            loop {
                let page = self.call(&place, &list).await?;
                let active =
                    |state: &Option<String>| state.as_deref().is_none_or(|state| state == "ACTIVE");
                inside.extend(
                    (page.accounts.into_iter())
                        .filter(|account| active(&account.state) && active(&account.status))
                        .map(|account| account.id)
                        .filter(|id| !manager.contains(id)),
                );
                list.next_token = page.next_token;
                if list.next_token.is_none() {
                    break;
                }
            }
            let mut list = ListOrganizationalUnitsForParent { parent_id: parent, next_token: None };
            loop {
                let page = self.call(&place, &list).await?;
                open.extend(page.organizational_units.into_iter().map(|unit| unit.id));
                list.next_token = page.next_token;
                if list.next_token.is_none() {
                    break;
                }
            }
        }
        Ok(inside)
    }
}

/// The spots without an instance, those whose instance is not what the set says, and those whose instance
/// is no longer wanted.
pub(super) fn compare(
    spots: &Spots,
    instances: &[StackInstance],
) -> (BTreeSet<Spot>, BTreeSet<Spot>, BTreeSet<Spot>) {
    let there: BTreeSet<Spot> = instances.iter().map(spot).collect();
    let stale = instances.iter().filter(|instance| instance.status != "CURRENT").map(spot);
    // In a suspended account nothing can be deleted, and nothing is used.
    let is_suspended = |instance: &&StackInstance| {
        let status = instance.stack_instance_status.as_ref();
        let status = status.and_then(|status| status.detailed_status.as_deref());
        status == Some("SKIPPED_SUSPENDED_ACCOUNT")
    };
    let reachable = instances.iter().filter(|instance| !is_suspended(instance)).map(spot);
    (
        &spots.all - &there,
        stale.filter(|spot| spots.all.contains(spot)).collect(),
        &reachable.collect() - &spots.all,
    )
}

pub(super) fn spot(instance: &StackInstance) -> Spot {
    (instance.account.clone(), instance.region.clone())
}

/// Accounts that have the same regions, and those: one operation deletes what is in all of them.
pub(super) fn first_block(spots: &BTreeSet<Spot>) -> Option<(Vec<String>, Vec<String>)> {
    let mut regions: BTreeMap<&String, Vec<String>> = BTreeMap::new();
    for (account, region) in spots {
        regions.entry(account).or_default().push(region.clone());
    }
    let (_, first) = regions.first_key_value()?;
    let first = first.clone();
    let same = regions.iter().filter(|(_, regions)| **regions == first);
    Some((same.map(|(account, _)| (*account).clone()).collect(), first))
}

const fn filter_name(filter: Filter) -> &'static str {
    match filter {
        Filter::None => "NONE",
        Filter::Intersection => "INTERSECTION",
        Filter::Difference => "DIFFERENCE",
        Filter::Union => "UNION",
    }
}
