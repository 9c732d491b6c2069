//! Stack sets: a definition, and its instances by unit or account and region.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use accel_synth::manifest::{PermissionModel, StackSet};

use self::{
    instances::{INOPERABLE, PAGE},
    preferences::preferences,
};
use super::{
    Shared, State, Trouble,
    outcome::Failed,
    removal::STAY,
    stack::{Wanted, same_json, token, with_kept},
    targets::{Children, Compared, Spot, Spots, blocks, compare, spot},
};
use crate::cloud::{
    Cloud, CloudError, ErrorClass, Place,
    cloudformation::{
        self, AutoDeployment, CreateStackSet, DescribeStackSet, ManagedExecution, StackInstance,
        UpdateStackSet,
    },
};
use crate::{cleanup::Cleanup, graph::Subject};

mod by_account;
mod instances;
mod operation;
mod preferences;
mod tally;

pub(super) use operation::Goal;
pub use tally::Tally;
pub(super) use tally::Watcher;

/// What a run remembers of stack sets.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// What is in units, by their ids.
    pub(super) children: tokio::sync::Mutex<BTreeMap<String, Arc<Children>>>,
    /// The ARNs of those that are there, by name.
    arns: Mutex<BTreeMap<String, String>>,
    /// The paths of those that the run has begun to change.
    changed: Mutex<BTreeSet<String>>,
}

impl<C: Cloud> Shared<C> {
    pub(super) async fn look_at_stack_set(
        &self,
        path: &str,
        set: &StackSet,
    ) -> Result<State, Trouble> {
        let wanted = self.wanted(path, &set.template).await?;
        let Some(found) = self.stack_set(set).await? else {
            return Ok(State::Absent(Vec::new()));
        };
        self.learn_losses(path, &found.template_body);
        let mut reasons = Vec::new();
        let text = self.template_there(path, &set.template, &found.template_body)?;
        if text.is_none() {
            reasons.push("the template differs".to_owned());
        }
        reasons.extend(wanted.differences(&found.parameters, &found.tags));
        if self.auto_deployment(set).await? != found.auto_deployment.and_then(normal) {
            reasons.push("the deployment to new accounts differs".to_owned());
        }
        let mut spots = self.spots(set).await?;
        let is_many = spots.all.len() > PAGE as usize;
        let is_known = match text.filter(|_| reasons.is_empty() && is_many) {
            Some(text) if !self.is_changed(path) => {
                let goal = goal(path, text, set, &wanted, &spots);
                self.operations(set).await?.have_reached(&goal)
            }
            _ => false,
        };
        let mut compared = Compared::default();
        if !is_known {
            let instances = self.instances(set).await?;
            compared = compare(&spots, &instances);
            if compared != Compared::default() {
                // Accounts may have come and gone since the units were asked.
                self.forget_children().await;
                spots = self.spots(set).await?;
                compared = compare(&spots, &instances);
            }
        }
        let Compared { missing, stale, extra } = compared;
        let rolls_out = !reasons.is_empty() || !missing.is_empty() || !stale.is_empty();
        if !extra.is_empty() {
            let remark = if set.retain_stacks { format!(": {STAY}") } else { String::new() };
            reasons.push(format!("{} instances are no longer wanted{remark}", extra.len()));
        }
        if !missing.is_empty() {
            reasons.push(format!("{} of {} instances are missing", missing.len(), spots.all.len()));
        }
        if !stale.is_empty() {
            reasons.push(format!(
                "{} of {} instances are not current",
                stale.len(),
                spots.all.len()
            ));
        }
        if let Some(unit) = set.canary_unit().filter(|_| rolls_out) {
            reasons.push(match spots.first() {
                None => format!("`{unit}` is to go first, and has no accounts"),
                Some(first) => format!("first the {} instances in `{unit}`", first.all.len()),
            });
        }
        // Until all is current, somebody may still read them.
        let former = self.former_parameters(set);
        if reasons.is_empty() && self.has_parameters(&former, &spots.all).await? {
            reasons.push("values by account are there that nobody reads any more".to_owned());
        }
        if reasons.is_empty() {
            self.learn_published(path, set).await?;
            return Ok(State::Present);
        }
        Ok(State::Differs(reasons))
    }

    pub(super) async fn change_stack_set(
        &self,
        path: &str,
        set: &StackSet,
        state: &State,
    ) -> Result<Failed, Trouble> {
        let failed = match self.graph.cleanup_of(path) {
            Some(cleanup) if !self.has_its_template(cleanup).await? => {
                let Cleanup { interim, parameters, .. } = cleanup;
                let changed = self.change_stack_set_to(path, set, interim, parameters, state).await;
                changed.map_err(|trouble| self.beside_what_is_kept(path, trouble))?
            }
            _ => {
                let text = self.text(&set.template)?;
                self.change_stack_set_to(path, set, text, &[], state).await?
            }
        };
        if !failed.is_empty() {
            // Nobody looks again.
            self.learn_published(path, set).await?;
        }
        Ok(failed)
    }

    /// Gives a stack set a template, which may have parameters that keep their values.
    pub(super) async fn change_stack_set_to(
        &self,
        path: &str,
        set: &StackSet,
        text: &str,
        kept_parameters: &[String],
        state: &State,
    ) -> Result<Failed, Trouble> {
        let wanted = self.wanted(path, &set.template).await?;
        let sent = self.sent(text, &self.home(set)).await?;
        let spots = self.spots(set).await?;
        let auto_deployment = self.auto_deployment(set).await?;
        let goal = goal(path, text, set, &wanted, &spots);
        lock(&self.stack_sets.changed).insert(path.to_owned());
        let Some(found) = self.stack_set(set).await? else {
            let token = token(&[path, text, &wanted.print()]);
            let create = CreateStackSet {
                stack_set_name: set.name.clone(),
                template_body: sent.body,
                template_u_r_l: sent.url,
                parameters: wanted.parameters,
                capabilities: wanted.capabilities,
                tags: wanted.tags,
                permission_model: Some(permission_model(set).to_owned()),
                auto_deployment,
                managed_execution: Some(ManagedExecution { active: set.managed_execution }),
                client_request_token: Some(token),
                ..CreateStackSet::default()
            };
            self.call(&self.administrator(set), &create).await?;
            return Ok(Failed::default());
        };
        let State::Differs(_) = state else { return Ok(Failed::default()) };
        let first = spots.first();
        let operations = self.operations(set).await?;
        if let Some(id) = operations.running() {
            // A killed run's or somebody else's: what it leaves to do, the next look shows.
            let failed = self.attend(set, id).await?;
            return went_first(set, first.as_ref(), Ok(failed));
        }
        let mut ids = operations.ids(goal);
        let same_rollout = same_json(&found.template_body, text)
            && wanted.differences(&found.parameters, &wanted.tags).is_empty();
        let same_definition = same_rollout
            && wanted.differences(&found.parameters, &found.tags).is_empty()
            && auto_deployment == found.auto_deployment.and_then(normal);
        let instances = self.instances(set).await?;
        let Compared { missing, stale, extra } = compare(&spots, &instances);
        // What is left to do after an operation on these, if it succeeds everywhere: nothing?
        let is_all = |done: &BTreeSet<Spot>, renews: bool| {
            let is_inoperable =
                |it: &StackInstance| it.status == INOPERABLE && spots.all.contains(&spot(it));
            (renews || same_definition)
                && missing.union(&stale).all(|spot| done.contains(spot))
                && !instances.iter().any(is_inoperable)
        };
        let mut unwanted = blocks(&extra).into_iter();
        if let Some(places) = unwanted.next() {
            let ids = (&mut ids, unwanted.len() == 0 && is_all(&BTreeSet::new(), false));
            return self.delete_instances(set, &found.template_body, places, ids).await;
        }
        // As long as the part that goes first is not what it should be, it goes alone.
        let first = first.filter(|first| !same_rollout || !is_current(first, &instances));
        let part = first.as_ref().unwrap_or(&spots);
        let of_part = compare(part, &instances);
        let changed = if !same_definition && (first.is_none() || of_part.missing.is_empty()) {
            self.write_by_account(set, &part.all).await?;
            let targets = first.as_ref().map(|first| first.targets.clone());
            // It makes none that are missing.
            let is_all = missing.is_empty() && part.all == spots.all && is_all(&spots.all, true);
            let id = self.next_id(set, &mut ids, is_all).await?;
            let update = UpdateStackSet {
                stack_set_name: set.name.clone(),
                template_body: sent.body,
                template_u_r_l: sent.url,
                parameters: with_kept(wanted.parameters, kept_parameters),
                capabilities: wanted.capabilities,
                tags: wanted.tags,
                permission_model: Some(permission_model(set).to_owned()),
                auto_deployment,
                managed_execution: Some(ManagedExecution { active: set.managed_execution }),
                operation_id: Some(id.clone()),
                operation_preferences: Some(preferences(set)),
                regions: targets.is_some().then(|| set.regions.clone()),
                deployment_targets: targets,
                ..UpdateStackSet::default()
            };
            self.call(&self.administrator(set), &update).await?;
            self.result(set, &id).await
        } else if !of_part.missing.is_empty() {
            let ids = (&mut ids, is_all(&of_part.missing, false));
            self.create_instances(set, part, &of_part.missing, ids).await
        } else if is_current(part, &instances) {
            self.delete_parameters(&self.former_parameters(set), &spots.all).await?;
            Ok(Failed::default())
        } else {
            let ids = (&mut ids, is_all(&of_part.stale, false));
            self.update_instances(set, part, &instances, ids).await
        };
        went_first(set, first.as_ref(), changed)
    }

    /// Whether this run has changed it: then it looks at all instances. Others may have done something before its
    /// operation.
    fn is_changed(&self, path: &str) -> bool {
        lock(&self.stack_sets.changed).contains(path)
    }

    /// Stack sets are administered in the caller's account, in the first of their regions.
    pub(super) fn administrator(&self, set: &StackSet) -> Place {
        Place::caller(self.home(set))
    }

    fn home(&self, set: &StackSet) -> String {
        set.regions.first().cloned().unwrap_or_else(|| "us-east-1".to_owned())
    }

    pub(super) async fn stack_set(
        &self,
        set: &StackSet,
    ) -> Result<Option<cloudformation::StackSet>, CloudError> {
        let describe = DescribeStackSet { stack_set_name: set.name.clone(), call_as: None };
        let found = match self.call(&self.administrator(set), &describe).await {
            Ok(found) => Some(found.stack_set).filter(|set| set.status != "DELETED"),
            Err(error) if error.class == ErrorClass::NotFound => None,
            Err(error) => return Err(error),
        };
        let arn = found.as_ref().map(|found| (set.name.clone(), found.stack_set_arn.clone()));
        lock(&self.stack_sets.arns).extend(arn);
        Ok(found)
    }

    /// The ARN of a set, if it is there. One that comes first was looked at already.
    async fn arn(&self, set: &StackSet) -> Result<Option<String>, CloudError> {
        let known = lock(&self.stack_sets.arns).get(&set.name).cloned();
        match known {
            Some(arn) => Ok(Some(arn)),
            None => Ok(self.stack_set(set).await?.map(|found| found.stack_set_arn)),
        }
    }

    /// How new accounts get the set: after those that it comes after here and that deploy by themselves too. One of
    /// these that is not there yet is there before this one is changed.
    async fn auto_deployment(&self, set: &StackSet) -> Result<Option<AutoDeployment>, CloudError> {
        let Some(auto) = set.auto_deployment else { return Ok(None) };
        let mut depends_on = Vec::new();
        for path in set.template.after.iter().filter(|_| auto.enabled) {
            let Some(Subject::StackSet(first)) = self.graph.get(path).map(|node| &node.subject)
            else {
                continue;
            };
            if first.auto_deployment.is_some_and(|auto| auto.enabled) {
                depends_on.extend(self.arn(first).await?);
            }
        }
        Ok(normal(AutoDeployment {
            enabled: Some(auto.enabled),
            retain_stacks_on_account_removal: auto
                .enabled
                .then_some(auto.retain_stacks_on_account_removal),
            depends_on: Some(depends_on),
        }))
    }
}

/// Nothing is left half done in them by a panic elsewhere.
fn lock<T>(memory: &Mutex<T>) -> MutexGuard<'_, T> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is wanted of a set, for the ids of its operations.
fn goal(path: &str, text: &str, set: &StackSet, wanted: &Wanted, spots: &Spots) -> Goal {
    let accounts: BTreeSet<&String> = spots.all.iter().map(|(account, _)| account).collect();
    let places = format!("{:?}{accounts:?}{:?}", spots.targets, set.regions);
    let preferences = format!("{:?}", preferences(set));
    Goal::new(&[path, text, &wanted.print(), &preferences, &places])
}

/// Whether every instance of a part is what the set says.
fn is_current(part: &Spots, instances: &[StackInstance]) -> bool {
    let Compared { missing, stale, .. } = compare(part, instances);
    missing.is_empty() && stale.is_empty()
}

/// What an operation has come to, in which nothing may have failed of the part that goes first.
fn went_first(
    set: &StackSet,
    first: Option<&Spots>,
    result: Result<Failed, Trouble>,
) -> Result<Failed, Trouble> {
    let (Some(unit), Some(first)) = (set.canary_unit(), first) else { return result };
    let reason = match result {
        Ok(failed) if !failed.iter().any(|failed| first.has(failed)) => return Ok(failed),
        Ok(failed) => failed.to_string(),
        Err(Trouble::Refused(reason)) => reason,
        Err(trouble) => return Err(trouble),
    };
    Err(Trouble::Refused(format!(
        "`{unit}` goes first, and has failed: {reason}; nothing else is begun until it is current"
    )))
}

const fn permission_model(set: &StackSet) -> &'static str {
    match set.permission_model {
        PermissionModel::ServiceManaged => "SERVICE_MANAGED",
        PermissionModel::SelfManaged => "SELF_MANAGED",
    }
}

/// As `DescribeStackSet` has it and as it is sent, alike.
fn normal(auto: AutoDeployment) -> Option<AutoDeployment> {
    auto.enabled?;
    let mut arns = auto.depends_on.unwrap_or_default();
    arns.sort_unstable();
    Some(AutoDeployment { depends_on: Some(arns).filter(|arns| !arns.is_empty()), ..auto })
}
