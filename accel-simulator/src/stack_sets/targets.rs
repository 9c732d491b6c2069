//! Which accounts and regions an operation is for, and what happens when an account joins a unit or leaves it.

use std::collections::BTreeSet;

use accel_deploy::cloud::cloudformation::DeploymentTargets;

use super::{
    Spot, StackSet, absent,
    operation::{Action, Work},
};
use crate::{
    organizations::Organization,
    world::{Refusal, World},
};

impl World {
    /// Accounts are targets of sets with permissions of their own, units of those whose permissions AWS manages.
    pub(super) fn spots(
        &self,
        stack_set: &str,
        accounts: Option<&[String]>,
        targets: Option<&DeploymentTargets>,
        regions: &[String],
    ) -> Result<BTreeSet<Spot>, Refusal> {
        let by_unit = targets.is_some_and(|targets| targets.organizational_unit_ids.is_some());
        if let Some(set) = self.stack_sets.get(stack_set) {
            let is_managed = set.definition.permission_model.as_deref() == Some("SERVICE_MANAGED");
            let (model, kind) = match is_managed {
                true => ("SERVICE_MANAGED", "OrganizationalUnit"),
                false => ("SELF_MANAGED", "accounts"),
            };
            if is_managed != by_unit || (by_unit && accounts.is_some()) {
                let message = format!(
                    "StackSets with {model} permission model can only have {kind} as target"
                );
                return Err(Refusal::new("ValidationError", message));
            }
        }
        let of_targets = targets.and_then(|targets| targets.accounts.as_deref());
        let named: BTreeSet<String> =
            accounts.or(of_targets).unwrap_or_default().iter().cloned().collect();
        let units = targets.and_then(|targets| targets.organizational_unit_ids.as_deref());
        let chosen = match units {
            None => named,
            Some(units) => {
                let organization = self.organization.as_ref();
                let inside =
                    organization.map(|it| it.members_of(units)).ok_or_else(|| absent("unit"))?;
                match targets.and_then(|targets| targets.account_filter_type.as_deref()) {
                    Some("INTERSECTION") => &inside & &named,
                    Some("DIFFERENCE") => &inside - &named,
                    Some("NONE") => inside,
                    _ => &inside | &named,
                }
            }
        };
        let spot = |account: &String| {
            let account = account.clone();
            regions.iter().map(move |region| (account.clone(), region.clone()))
        };
        Ok(chosen.iter().flat_map(spot).collect())
    }

    /// An account is in another unit now, or in its first: stack sets that deploy automatically follow it.
    pub(crate) fn follow(&mut self, account: &str, from: Option<&str>, to: &str) {
        let Some(organization) = &self.organization else { return };
        let mut started = Vec::new();
        for (name, set) in &self.stack_sets {
            let Some(auto) = &set.definition.auto_deployment else { continue };
            if auto.enabled != Some(true) {
                continue;
            }
            let before = from.map(|from| set.wanted_in(organization, from)).unwrap_or_default();
            let now = set.wanted_in(organization, to);
            let retain = auto.retain_stacks_on_account_removal == Some(true);
            let changes = [
                (Action::Create, now.difference(&before)),
                (Action::Delete { retain }, before.difference(&now)),
            ];
            for (action, regions) in changes {
                let spots: BTreeSet<Spot> = regions
                    .map(|region| (account.to_owned(), region.clone()))
                    .filter(|spot| action == Action::Create || set.instances.contains_key(spot))
                    .collect();
                if !spots.is_empty() {
                    started.push((name.clone(), action, spots));
                }
            }
        }
        let names: Vec<String> = started.iter().map(|(name, _, _)| name.clone()).collect();
        for (name, action, spots) in started {
            let number = self.stack_sets.get(&name).map_or(0, |set| set.operations.len()) + 1;
            let work = Work {
                action,
                spots,
                preferences: Default::default(),
                targets: None,
                regions: Vec::new(),
                update: None,
                is_automatic: true,
            };
            self.enqueue(&name, format!("automatic-{number}"), work);
        }
        // Only now it is known who waits for whom.
        names.iter().for_each(|name| self.proceed(name));
    }
}

impl StackSet {
    /// The regions in which an account in this place gets instances by itself.
    fn wanted_in(&self, organization: &Organization, parent: &str) -> BTreeSet<String> {
        let units = organization.line(parent);
        let joined = self.joining.iter().filter(|(unit, _)| units.contains(&unit.as_str()));
        joined.flat_map(|(_, regions)| regions.iter().cloned()).collect()
    }

    /// What an operation says about accounts that will join. A filter that names accounts says nothing about
    /// others, but for the ones it leaves out.
    pub(super) fn remember(&mut self, work: &Work) {
        let Some(targets) = &work.targets else { return };
        let filter = targets.account_filter_type.as_deref();
        let units = targets.organizational_unit_ids.iter().flatten();
        let regions = work.regions.iter();
        match work.action {
            Action::Create if filter != Some("INTERSECTION") => {
                for unit in units {
                    self.joining.entry(unit.clone()).or_default().extend(regions.clone().cloned());
                }
            }
            Action::Delete { .. } if filter.is_none_or(|filter| filter == "NONE") => {
                for unit in units {
                    let Some(joining) = self.joining.get_mut(unit) else { continue };
                    regions.clone().for_each(|region| {
                        joining.remove(region);
                    });
                }
            }
            _ => {}
        }
    }
}
