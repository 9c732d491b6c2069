//! Instances of stack sets: made where they are missing, tried again where they are not current, deleted
//! where they are no longer wanted.

use std::collections::BTreeSet;

use accel_synth::manifest::{Filter, PermissionModel, StackSet, TargetSet};

use super::{
    operation::Ids,
    preferences::{preferences_in, tolerated, tolerating},
};
use crate::{
    cloud::{
        Cloud, CloudError, Place,
        cloudformation::{
            CreateStackInstances, DeleteStackInstances, DeploymentTargets, ListStackInstances,
            StackInstance, UpdateStackInstances,
        },
        organizations::ListRoots,
    },
    engine::{
        Shared, Trouble,
        limits::Limits,
        outcome::{Failed, FailedInstance},
        removal::losses_of_instances,
        targets::{Compared, Spot, Spots, blocks, compare, spot},
    },
};

/// So many instances are a page of their list.
pub(super) const PAGE: u32 = 100;

impl<C: Cloud> Shared<C> {
    pub(in crate::engine) async fn instances(
        &self,
        set: &StackSet,
    ) -> Result<Vec<StackInstance>, CloudError> {
        let mut list = ListStackInstances {
            stack_set_name: set.name.clone(),
            max_results: Some(PAGE),
            ..ListStackInstances::default()
        };
        let mut instances = Vec::new();
        loop {
            let page = self.call(&self.administrator(set), &list).await?;
            instances.extend(page.summaries);
            list.next_token = page.next_token;
            if list.next_token.is_none() {
                return Ok(instances);
            }
        }
    }

    /// Makes instances by the set's own units or accounts: units are known to a set from then on.
    pub(super) async fn create_instances(
        &self,
        set: &StackSet,
        spots: &Spots,
        missing: &BTreeSet<Spot>,
        (ids, leaves_nothing): (&mut Ids, bool),
    ) -> Result<Failed, Trouble> {
        self.write_by_account(set, missing).await?;
        let is_added = |spot: &&Spot| spots.added.contains(&spot.0);
        let (added, missing): (Vec<&Spot>, Vec<&Spot>) = missing.iter().partition(is_added);
        let mut failed = Failed::default();
        if !missing.is_empty() {
            let whole = match set.targets {
                TargetSet::Units { .. } => (None, Some(spots.targets.clone())),
                TargetSet::Accounts(_) => (spots.targets.accounts.clone(), None),
            };
            let id = self.next_id(set, ids, leaves_nothing && added.is_empty()).await?;
            failed.extend(self.create_at(set, whole, &missing, id).await?);
        }
        if !added.is_empty() {
            let accounts = spots.added.iter().cloned().collect();
            let addressed = self.addressed(set, spots, accounts).await?;
            let id = self.next_id(set, ids, leaves_nothing && failed.is_empty()).await?;
            failed.extend(self.create_at(set, addressed, &added, id).await?);
        }
        Ok(failed)
    }

    async fn create_at(
        &self,
        set: &StackSet,
        (accounts, deployment_targets): Addressed,
        missing: &[&Spot],
        id: String,
    ) -> Result<Failed, Trouble> {
        let used: BTreeSet<&String> = missing.iter().map(|(_, region)| region).collect();
        let regions = set.regions.iter().filter(|region| used.contains(region));
        let regions: Vec<String> = regions.cloned().collect();
        let create = CreateStackInstances {
            stack_set_name: set.name.clone(),
            accounts,
            deployment_targets,
            operation_preferences: Some(preferences_in(set, &regions)),
            regions,
            operation_id: Some(id.clone()),
            ..CreateStackInstances::default()
        };
        self.call(&self.administrator(set), &create).await?;
        self.result(set, &id).await
    }

    /// Tries those instances again that are not current, and no others.
    pub(super) async fn update_instances(
        &self,
        set: &StackSet,
        spots: &Spots,
        instances: &[StackInstance],
        (ids, leaves_nothing): (&mut Ids, bool),
    ) -> Result<Failed, Trouble> {
        let Compared { stale, .. } = compare(spots, instances);
        self.write_by_account(set, &stale).await?;
        let mut failed: Failed = (instances.iter())
            .filter(|instance| instance.status == INOPERABLE && stale.contains(&spot(instance)))
            .map(inoperable)
            .collect();
        let tried = stale.iter().filter(|spot| !failed.iter().any(|failed| failed.is_at(spot)));
        let most = tolerated(set, spots.accounts());
        let mut refused = Vec::new();
        let blocks = blocks(&tried.cloned().collect());
        let mut left = blocks.len();
        for blocks in blocks.chunks(Limits::operations(set)) {
            let mut begun = Vec::new();
            for (accounts, regions) in blocks {
                // Which one of several at once is the last, nobody knows.
                let is_last = left == 1 && blocks.len() == 1;
                let has_succeeded = failed.is_empty() && refused.is_empty();
                let id = self.next_id(set, ids, leaves_nothing && is_last && has_succeeded).await?;
                self.begin_update(set, spots, (accounts, regions), &id).await?;
                begun.push(id);
            }
            left -= blocks.len();
            for id in begun {
                match self.result(set, &id).await {
                    Ok(more) => failed.extend(more),
                    // Others may still be brought there.
                    Err(Trouble::Refused(reason)) => refused.push(reason),
                    Err(trouble) => return Err(trouble),
                }
            }
        }
        if refused.is_empty() && failed.most_in_one_region() > most {
            refused.push(format!("no more than {most} may fail in a region: {failed}"));
        }
        if refused.is_empty() { Ok(failed) } else { Err(Trouble::Refused(refused.join("; "))) }
    }

    async fn begin_update(
        &self,
        set: &StackSet,
        spots: &Spots,
        (accounts, regions): (&[String], &[String]),
        id: &str,
    ) -> Result<(), Trouble> {
        // What fails is held against all accounts of the set, not against those that have failed before.
        let tolerance = tolerated(set, spots.accounts()).min(accounts.len());
        let (accounts, deployment_targets) = self.addressed(set, spots, accounts.to_vec()).await?;
        let update = UpdateStackInstances {
            stack_set_name: set.name.clone(),
            accounts,
            deployment_targets,
            regions: regions.to_vec(),
            operation_preferences: Some(tolerating(preferences_in(set, regions), tolerance)),
            operation_id: Some(id.to_owned()),
            ..UpdateStackInstances::default()
        };
        self.call(&self.administrator(set), &update).await?;
        Ok(())
    }

    /// Deletes the instances in these accounts and regions: with their stacks, which are of this template, unless
    /// those stay.
    pub(in crate::engine) async fn delete_instances(
        &self,
        set: &StackSet,
        template: &str,
        (accounts, regions): (Vec<String>, Vec<String>),
        (ids, leaves_nothing): (&mut Ids, bool),
    ) -> Result<Failed, Trouble> {
        self.guard_losses(losses_of_instances(set, template))?;
        self.delete_parameters_before_instances(set, (&accounts, &regions)).await?;
        let id = self.next_id(set, ids, leaves_nothing).await?;
        let (accounts, deployment_targets) = match set.permission_model {
            PermissionModel::SelfManaged => (Some(accounts), None),
            PermissionModel::ServiceManaged => {
                (None, Some(only(accounts, self.root_units().await?)))
            }
        };
        let delete = DeleteStackInstances {
            stack_set_name: set.name.clone(),
            accounts,
            deployment_targets,
            operation_preferences: Some(preferences_in(set, &regions)),
            regions,
            retain_stacks: set.retain_stacks,
            operation_id: Some(id.clone()),
            call_as: None,
        };
        self.call(&self.administrator(set), &delete).await?;
        self.result(set, &id).await
    }

    /// How a call names some of the accounts of a set: service-managed sets take units, and which of their
    /// accounts.
    async fn addressed(
        &self,
        set: &StackSet,
        spots: &Spots,
        accounts: Vec<String>,
    ) -> Result<Addressed, Trouble> {
        let units = match set.targets {
            TargetSet::Accounts(_) => return Ok((Some(accounts), None)),
            // Some may be in other units than the set's.
            TargetSet::Units { filter: Filter::Union, .. } => self.root_units().await?,
            TargetSet::Units { .. } => {
                spots.targets.organizational_unit_ids.clone().unwrap_or_default()
            }
        };
        Ok((None, Some(only(accounts, units))))
    }

    async fn root_units(&self) -> Result<Vec<String>, CloudError> {
        let roots = self.call(&Place::caller("us-east-1"), &ListRoots::default()).await?.roots;
        Ok(roots.into_iter().map(|root| root.id).collect())
    }
}

/// The accounts of a self-managed set, or what a service-managed one takes instead.
type Addressed = (Option<Vec<String>>, Option<DeploymentTargets>);

/// AWS leaves such instances out of updates.
pub(super) const INOPERABLE: &str = "INOPERABLE";

fn inoperable(instance: &StackInstance) -> FailedInstance {
    let reason = instance.status_reason.as_deref().unwrap_or_default();
    FailedInstance {
        account: instance.account.clone(),
        region: instance.region.clone(),
        reason: format!(
            "it is {INOPERABLE}: {reason}; delete the instance and keep its stack, delete the stack in \
             the account, and deploy again"
        ),
    }
}

fn only(accounts: Vec<String>, units: Vec<String>) -> DeploymentTargets {
    DeploymentTargets {
        accounts: Some(accounts),
        organizational_unit_ids: Some(units),
        account_filter_type: Some("INTERSECTION".to_owned()),
    }
}
