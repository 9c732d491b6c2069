//! Where the instances of a stack set are wanted, and where they are.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use accel_synth::manifest::{Filter, StackSet, TargetSet};

use super::{Shared, Trouble, outcome::FailedInstance};
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
    /// The accounts that are added to those of the units, and are not in them.
    pub(super) added: BTreeSet<String>,
    pub(super) all: BTreeSet<Spot>,
    /// The part that goes first.
    canary: Option<Canary>,
}

/// The unit that goes first.
struct Canary {
    id: String,
    /// Those of the set that are in it.
    accounts: BTreeSet<String>,
}

/// The active accounts and the units that are in a unit, not those below.
#[derive(Debug, Default)]
pub(super) struct Children {
    accounts: Vec<String>,
    units: Vec<String>,
}

impl Spots {
    /// The part that goes first, if it has any accounts.
    pub(super) fn first(&self) -> Option<Self> {
        let Canary { id, accounts } = self.canary.as_ref()?;
        let is_first = |(account, _): &&Spot| accounts.contains(account);
        let all: BTreeSet<Spot> = self.all.iter().filter(is_first).cloned().collect();
        let targets = DeploymentTargets {
            organizational_unit_ids: Some(vec![id.clone()]),
            ..self.targets.clone()
        };
        let added = BTreeSet::new();
        (!all.is_empty()).then_some(Self { targets, added, all, canary: None })
    }

    /// Whether an instance that failed is one of them.
    pub(super) fn has(&self, failed: &FailedInstance) -> bool {
        self.all.iter().any(|spot| failed.is_at(spot))
    }

    /// How many accounts there are.
    pub(super) fn accounts(&self) -> usize {
        let accounts: BTreeSet<&String> = self.all.iter().map(|(account, _)| account).collect();
        accounts.len()
    }
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
        let mut added = BTreeSet::new();
        let mut canary = None;
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
                    Filter::Union => {
                        added = &given - &inside;
                        &inside | &given
                    }
                };
                if let Some(unit) = &set.canary {
                    let id = values.get(unit)?;
                    let accounts = &self.accounts_in(std::slice::from_ref(&id)).await? & &chosen;
                    canary = Some(Canary { id, accounts });
                }
                // AWS takes no union when instances are made: the units first, then the accounts that are
                // added to them.
                let filter = if *filter == Filter::Union { Filter::None } else { *filter };
                let targets = DeploymentTargets {
                    accounts: (filter != Filter::None).then_some(named),
                    organizational_unit_ids: Some(units),
                    account_filter_type: Some(filter_name(filter).to_owned()),
                };
                (chosen, targets)
            }
        };
        let all = accounts
            .iter()
            .flat_map(|account| set.regions.iter().map(|region| (account.clone(), region.clone())))
            .collect();
        Ok(Spots { targets, added, all, canary })
    }

    /// The accounts of units and of all units below; never the one that manages the organization.
    async fn accounts_in(&self, units: &[String]) -> Result<BTreeSet<String>, CloudError> {
        let manager: Vec<String> = {
            let values = self.values();
            let accounts = self.graph.manifest.accounts.iter();
            let managing = accounts.filter(|(_, account)| account.management);
            managing.filter_map(|(name, _)| values.account(name).map(str::to_owned)).collect()
        };
        let mut inside = BTreeSet::new();
        let mut open = units.to_vec();
        while let Some(parent) = open.pop() {
            let children = self.children(&parent).await?;
            inside.extend(children.accounts.iter().filter(|id| !manager.contains(id)).cloned());
            open.extend(children.units.iter().cloned());
        }
        Ok(inside)
    }

    /// What is in a unit, asked once for all stack sets: there are many of these, and few calls a second.
    async fn children(&self, parent: &str) -> Result<Arc<Children>, CloudError> {
        let mut known = self.stack_sets.children.lock().await;
        if let Some(children) = known.get(parent) {
            return Ok(Arc::clone(children));
        }
        let place = Place::caller("us-east-1");
        let mut children = Children::default();
        let mut list = ListAccountsForParent { parent_id: parent.to_owned(), next_token: None };
        loop {
            let page = self.call(&place, &list).await?;
            let active =
                |state: &Option<String>| state.as_deref().is_none_or(|state| state == "ACTIVE");
            let accounts = page.accounts.into_iter();
            let accounts = accounts.filter(|it| active(&it.state) && active(&it.status));
            children.accounts.extend(accounts.map(|account| account.id));
            list.next_token = page.next_token;
            if list.next_token.is_none() {
                break;
            }
        }
        let parent_id = parent.to_owned();
        let mut list = ListOrganizationalUnitsForParent { parent_id, next_token: None };
        loop {
            let page = self.call(&place, &list).await?;
            children.units.extend(page.organizational_units.into_iter().map(|unit| unit.id));
            list.next_token = page.next_token;
            if list.next_token.is_none() {
                break;
            }
        }
        let children = Arc::new(children);
        known.insert(parent.to_owned(), Arc::clone(&children));
        Ok(children)
    }

    /// Lets the units be asked again.
    pub(super) async fn forget_children(&self) {
        self.stack_sets.children.lock().await.clear();
    }
}

/// How instances differ from where they are wanted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Compared {
    /// Without an instance.
    pub(super) missing: BTreeSet<Spot>,
    /// The instance is not what the set says.
    pub(super) stale: BTreeSet<Spot>,
    /// The instance is no longer wanted.
    pub(super) extra: BTreeSet<Spot>,
}

pub(super) fn compare(spots: &Spots, instances: &[StackInstance]) -> Compared {
    let there: BTreeSet<Spot> = instances.iter().map(spot).collect();
    let stale = instances.iter().filter(|instance| instance.status != "CURRENT").map(spot);
    // In a suspended account nothing can be deleted, and nothing is used.
    let is_suspended = |instance: &&StackInstance| {
        let status = instance.stack_instance_status.as_ref();
        let status = status.and_then(|status| status.detailed_status.as_deref());
        status == Some("SKIPPED_SUSPENDED_ACCOUNT")
    };
    let reachable = instances.iter().filter(|instance| !is_suspended(instance)).map(spot);
    Compared {
        missing: &spots.all - &there,
        stale: stale.filter(|spot| spots.all.contains(spot)).collect(),
        extra: &reachable.collect() - &spots.all,
    }
}

pub(super) fn spot(instance: &StackInstance) -> Spot {
    (instance.account.clone(), instance.region.clone())
}

/// Accounts and regions whose products are the spots, each once: one operation is for one product. By the
/// accounts that have the same regions or by the regions that have the same accounts, whatever is less.
pub(super) fn blocks(spots: &BTreeSet<Spot>) -> Vec<(Vec<String>, Vec<String>)> {
    let by_regions = grouped(spots.iter().map(|(account, region)| (account, region)));
    let by_accounts = grouped(spots.iter().map(|(account, region)| (region, account)));
    if by_regions.len() <= by_accounts.len() {
        return by_regions.into_iter().map(|(regions, accounts)| (accounts, regions)).collect();
    }
    by_accounts.into_iter().collect()
}

/// Those on the left that have the same on the right.
fn grouped<'a>(
    pairs: impl Iterator<Item = (&'a String, &'a String)>,
) -> BTreeMap<Vec<String>, Vec<String>> {
    let mut rights: BTreeMap<&String, Vec<String>> = BTreeMap::new();
    for (left, right) in pairs {
        rights.entry(left).or_default().push(right.clone());
    }
    let mut lefts: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
    for (left, rights) in rights {
        lefts.entry(rights).or_default().push(left.clone());
    }
    lefts
}

const fn filter_name(filter: Filter) -> &'static str {
    match filter {
        Filter::None => "NONE",
        Filter::Intersection => "INTERSECTION",
        Filter::Difference => "DIFFERENCE",
        Filter::Union => "UNION",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_the_spots_and_no_others() {
        let of = |pairs: &[(&str, &str)]| {
            let spots = pairs.iter().map(|(a, r)| ((*a).to_owned(), (*r).to_owned()));
            let spots: BTreeSet<Spot> = spots.collect();
            let blocks = blocks(&spots);
            let covered = blocks.iter().flat_map(|(accounts, regions)| {
                let pair =
                    |a: &String| regions.iter().map(|r| (a.clone(), r.clone())).collect::<Vec<_>>();
                accounts.iter().flat_map(pair).collect::<Vec<_>>()
            });
            let covered: Vec<Spot> = covered.collect();
            assert_eq!(covered.len(), spots.len());
            assert_eq!(covered.into_iter().collect::<BTreeSet<_>>(), spots);
            blocks.len()
        };
        assert_eq!(of(&[]), 0);
        assert_eq!(of(&[("1", "a"), ("2", "a"), ("3", "a")]), 1);
        // Every account has other regions, and there are two regions.
        assert_eq!(of(&[("1", "a"), ("2", "b"), ("3", "a"), ("3", "b"), ("4", "a")]), 2);
        assert_eq!(of(&[("1", "a"), ("1", "b"), ("2", "a"), ("2", "b"), ("3", "b")]), 2);
    }
}
