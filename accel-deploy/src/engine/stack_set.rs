//! Stack sets: a definition, and its instances by unit or account and region.

use accel_synth::manifest::{PermissionModel, StackSet};

use self::preferences::preferences;
use super::{
    Shared, State, Trouble,
    outcome::Failed,
    removal::STAY,
    stack::{same_json, token},
    targets::{Spots, blocks, compare},
};
use crate::cloud::{
    Cloud, CloudError, ErrorClass, Place,
    cloudformation::{
        self, AutoDeployment, CreateStackSet, DescribeStackSet, ManagedExecution, StackInstance,
        UpdateStackSet,
    },
};
use crate::graph::Subject;

mod by_account;
mod instances;
mod operation;
mod preferences;
mod tally;

pub use tally::Tally;
pub(super) use tally::Watcher;

impl<C: Cloud> Shared<C> {
    pub(super) async fn look_at_stack_set(
        &self,
        path: &str,
        set: &StackSet,
    ) -> Result<State, Trouble> {
        let wanted = self.wanted(path, &set.template).await?;
        let Some(found) = self.stack_set(set).await? else { return Ok(State::Absent) };
        self.learn_losses(path, &found.template_body);
        let mut reasons = Vec::new();
        if !same_json(&found.template_body, self.text(&set.template)?) {
            reasons.push("the template differs".to_owned());
        }
        reasons.extend(wanted.differences(&found.parameters, &found.tags));
        if self.auto_deployment(set).await? != found.auto_deployment.and_then(normal) {
            reasons.push("the deployment to new accounts differs".to_owned());
        }
        let spots = self.spots(set).await?;
        let instances = self.instances(set).await?;
        let (missing, stale, extra) = compare(&spots, &instances);
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
        Ok(if reasons.is_empty() { State::Present } else { State::Differs(reasons) })
    }

    pub(super) async fn change_stack_set(
        &self,
        path: &str,
        set: &StackSet,
        state: &State,
    ) -> Result<Failed, Trouble> {
        let wanted = self.wanted(path, &set.template).await?;
        let text = self.text(&set.template)?;
        let (print, preferences) = (wanted.print(), preferences(set));
        let content = [path, text, &print, &format!("{preferences:?}")];
        let sent = self.sent(&set.template, &self.home(set)).await?;
        let spots = self.spots(set).await?;
        let auto_deployment = self.auto_deployment(set).await?;
        let Some(found) = self.stack_set(set).await? else {
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
                client_request_token: Some(token(&content)),
                ..CreateStackSet::default()
            };
            self.call(&self.administrator(set), &create).await?;
            return Ok(Failed::default());
        };
        let State::Differs(_) = state else { return Ok(Failed::default()) };
        let first = spots.first();
        if let Some(id) = self.running_operation(set).await? {
            // A killed run's or somebody else's: what it leaves to do, the next look shows.
            let failed = self.attend(set, &id).await?;
            return went_first(set, first.as_ref(), Ok(failed));
        }
        let same_rollout = same_json(&found.template_body, text)
            && wanted.differences(&found.parameters, &wanted.tags).is_empty();
        let same_definition = same_rollout
            && wanted.differences(&found.parameters, &found.tags).is_empty()
            && auto_deployment == found.auto_deployment.and_then(normal);
        let instances = self.instances(set).await?;
        let (_, _, extra) = compare(&spots, &instances);
        if let Some((accounts, regions)) = blocks(&extra).into_iter().next() {
            return self.delete_instances(set, &found.template_body, accounts, regions).await;
        }
        // As long as the part that goes first is not what it should be, it goes alone.
        let first = first.filter(|first| !same_rollout || !is_current(first, &instances));
        let part = first.as_ref().unwrap_or(&spots);
        let (missing, _, _) = compare(part, &instances);
        let changed = if !same_definition && (first.is_none() || missing.is_empty()) {
            self.write_by_account(set, &part.all).await?;
            let targets = first.as_ref().map(|first| first.targets.clone());
            let places = targets.as_ref().map(|targets| format!("{targets:?}")).unwrap_or_default();
            let content = [&["update", &places], &content[..]].concat();
            let id = self.operation_id(set, &content).await?;
            let update = UpdateStackSet {
                stack_set_name: set.name.clone(),
                template_body: sent.body,
                template_u_r_l: sent.url,
                parameters: wanted.parameters,
                capabilities: wanted.capabilities,
                tags: wanted.tags,
                permission_model: Some(permission_model(set).to_owned()),
                auto_deployment,
                managed_execution: Some(ManagedExecution { active: set.managed_execution }),
                operation_id: Some(id.clone()),
                operation_preferences: Some(preferences),
                regions: targets.is_some().then(|| set.regions.clone()),
                deployment_targets: targets,
                ..UpdateStackSet::default()
            };
            self.call(&self.administrator(set), &update).await?;
            self.result(set, &id).await
        } else if !missing.is_empty() {
            self.create_instances(set, part, &missing, &content).await
        } else if is_current(part, &instances) {
            self.delete_parameters(&self.former_parameters(set), &spots.all).await?;
            Ok(Failed::default())
        } else {
            self.update_instances(set, part, &instances, &content).await
        };
        went_first(set, first.as_ref(), changed)
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
        match self.call(&self.administrator(set), &describe).await {
            Ok(found) => Ok(Some(found.stack_set).filter(|set| set.status != "DELETED")),
            Err(error) if error.class == ErrorClass::NotFound => Ok(None),
            Err(error) => Err(error),
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
            if first.auto_deployment.is_some_and(|auto| auto.enabled)
                && let Some(found) = self.stack_set(first).await?
            {
                depends_on.push(found.stack_set_arn);
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

/// Whether every instance of a part is what the set says.
fn is_current(part: &Spots, instances: &[StackInstance]) -> bool {
    let (missing, stale, _) = compare(part, instances);
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
