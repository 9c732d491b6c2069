//! Stack sets: a definition, and its instances by unit or account and region.

use std::{collections::BTreeSet, time::Duration};

use accel_synth::manifest::{PermissionModel, StackSet, TargetSet};
use tokio::time::sleep;

use super::{
    Failed, Shared, State, Trouble,
    stack::{same_json, token},
    targets::{Spot, Spots, compare, first_block},
};
use crate::cloud::{
    Cloud, CloudError, ErrorClass, Place,
    cloudformation::{
        self, AutoDeployment, CreateStackInstances, CreateStackSet, DeleteStackInstances,
        DeploymentTargets, DescribeStackSet, DescribeStackSetOperation, InstanceFilter,
        ListStackInstances, ListStackSetOperationResults, ListStackSetOperations, ManagedExecution,
        OperationPreferences, StackInstance, StackSetOperation, UpdateStackInstances,
        UpdateStackSet,
    },
    organizations::ListRoots,
    ssm::{GetParameters, PutParameter},
};

const POLL: Duration = Duration::from_secs(10);

/// So many failed operations for the same content are enough to say that it does not work.
const OPERATIONS: u32 = 100;

impl<C: Cloud> Shared<C> {
    pub(super) async fn look_at_stack_set(
        &self,
        path: &str,
        set: &StackSet,
    ) -> Result<State, Trouble> {
        let wanted = self.wanted(path, &set.template).await?;
        let Some(found) = self.stack_set(set).await? else { return Ok(State::Absent) };
        let mut reasons = Vec::new();
        if !same_json(&found.template_body, self.text(&set.template)?) {
            reasons.push("the template differs".to_owned());
        }
        reasons.extend(wanted.differences(&found.parameters, &found.tags));
        if auto_deployment(set) != found.auto_deployment.filter(|auto| auto.enabled.is_some()) {
            reasons.push("the deployment to new accounts differs".to_owned());
        }
        let spots = self.spots(set).await?;
        let instances = self.instances(set).await?;
        let (missing, stale, extra) = compare(&spots, &instances);
        if !extra.is_empty() {
            reasons.push(format!("{} instances are no longer wanted", extra.len()));
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
        let content = [path, text, &wanted.print()];
        let sent = self.sent(&set.template, &self.home(set)).await?;
        let spots = self.spots(set).await?;
        self.write_by_account(set, &spots).await?;
        let Some(found) = self.stack_set(set).await? else {
            let create = CreateStackSet {
                stack_set_name: set.name.clone(),
                template_body: sent.body,
                template_u_r_l: sent.url,
                parameters: wanted.parameters,
                capabilities: wanted.capabilities,
                tags: wanted.tags,
                permission_model: Some(permission_model(set).to_owned()),
                auto_deployment: auto_deployment(set),
                managed_execution: Some(ManagedExecution { active: set.managed_execution }),
                client_request_token: Some(token(&content)),
                ..CreateStackSet::default()
            };
            self.call(&self.administrator(set), &create).await?;
            return Ok(Failed::new());
        };
        let State::Differs(_) = state else { return Ok(Failed::new()) };
        if let Some(id) = self.running_operation(set).await? {
            // A killed run's or somebody else's: what it leaves to do, the next look shows.
            return self.result(set, &id).await;
        }
        let same_definition = same_json(&found.template_body, text)
            && wanted.differences(&found.parameters, &found.tags).is_empty()
            && auto_deployment(set) == found.auto_deployment.filter(|auto| auto.enabled.is_some());
        let instances = self.instances(set).await?;
        let (missing, stale, extra) = compare(&spots, &instances);
        if let Some((accounts, regions)) = first_block(&extra) {
            self.guard_template(&found.template_body)?;
            return self.delete_instances(set, accounts, regions).await;
        }
        let regions = |spots: &BTreeSet<Spot>| {
            let used: BTreeSet<&String> = spots.iter().map(|(_, region)| region).collect();
            set.regions.iter().filter(|region| used.contains(region)).cloned().collect::<Vec<_>>()
        };
        if !same_definition {
            let id = self.operation_id(set, &[&["update"], &content[..]].concat()).await?;
            let update = UpdateStackSet {
                stack_set_name: set.name.clone(),
                template_body: sent.body,
                template_u_r_l: sent.url,
                parameters: wanted.parameters,
                capabilities: wanted.capabilities,
                tags: wanted.tags,
                permission_model: Some(permission_model(set).to_owned()),
                auto_deployment: auto_deployment(set),
                managed_execution: Some(ManagedExecution { active: set.managed_execution }),
                operation_id: Some(id.clone()),
                operation_preferences: Some(preferences(set)),
                ..UpdateStackSet::default()
            };
            self.call(&self.administrator(set), &update).await?;
            return self.result(set, &id).await;
        }
        let by_unit = matches!(set.targets, TargetSet::Units { .. });
        let (accounts, targets) = if by_unit {
            (None, Some(spots.targets.clone()))
        } else {
            (spots.targets.accounts.clone(), None)
        };
        let places = format!("{targets:?}{accounts:?}");
        if !missing.is_empty() {
            let id = self.operation_id(set, &[&["create", &places], &content[..]].concat()).await?;
            let create = CreateStackInstances {
                stack_set_name: set.name.clone(),
                accounts,
                deployment_targets: targets,
                regions: regions(&missing),
                operation_preferences: Some(preferences(set)),
                operation_id: Some(id.clone()),
                ..CreateStackInstances::default()
            };
            self.call(&self.administrator(set), &create).await?;
            return self.result(set, &id).await;
        }
        if !stale.is_empty() {
            let id = self.operation_id(set, &[&["retry", &places], &content[..]].concat()).await?;
            let update = UpdateStackInstances {
                stack_set_name: set.name.clone(),
                accounts,
                deployment_targets: targets,
                regions: regions(&stale),
                operation_preferences: Some(preferences(set)),
                operation_id: Some(id.clone()),
                ..UpdateStackInstances::default()
            };
            self.call(&self.administrator(set), &update).await?;
            return self.result(set, &id).await;
        }
        Ok(Failed::new())
    }

    /// Deletes the instances in these accounts and regions, with what is in them.
    pub(super) async fn delete_instances(
        &self,
        set: &StackSet,
        accounts: Vec<String>,
        regions: Vec<String>,
    ) -> Result<Failed, Trouble> {
        let places = format!("{accounts:?}{regions:?}");
        let id = self.operation_id(set, &["delete", &set.name, &places]).await?;
        let (accounts, deployment_targets) = match set.permission_model {
            PermissionModel::SelfManaged => (Some(accounts), None),
            PermissionModel::ServiceManaged => {
                let place = Place::caller("us-east-1");
                let roots = self.call(&place, &ListRoots::default()).await?.roots;
                let targets = DeploymentTargets {
                    accounts: Some(accounts),
                    organizational_unit_ids: Some(roots.into_iter().map(|root| root.id).collect()),
                    account_filter_type: Some("INTERSECTION".to_owned()),
                };
                (None, Some(targets))
            }
        };
        let mut preferences = preferences(set);
        if let Some(order) = &mut preferences.region_order {
            order.clone_from(&regions);
        }
        let delete = DeleteStackInstances {
            stack_set_name: set.name.clone(),
            accounts,
            deployment_targets,
            regions,
            retain_stacks: false,
            operation_preferences: Some(preferences),
            operation_id: Some(id.clone()),
            call_as: None,
        };
        self.call(&self.administrator(set), &delete).await?;
        self.result(set, &id).await
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

    pub(super) async fn instances(&self, set: &StackSet) -> Result<Vec<StackInstance>, CloudError> {
        let mut list = ListStackInstances {
            stack_set_name: set.name.clone(),
            max_results: Some(100),
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

    /// The id of the next operation for a content: that of one that runs, or a new one after those that
    /// have ended. A run that was killed finds its own.
    async fn operation_id(&self, set: &StackSet, content: &[&str]) -> Result<String, Trouble> {
        for attempt in 1..=OPERATIONS {
            let id = format!("{}-{attempt}", token(content));
            match self.operation(set, &id).await {
                Ok(operation) if is_running(&operation) => {
                    self.result(set, &id).await?;
                }
                Ok(_) => {}
                Err(error) if error.class == ErrorClass::NotFound => return Ok(id),
                Err(error) => return Err(error.into()),
            }
        }
        Err(Trouble::Refused(format!("{OPERATIONS} operations did not bring it to what is wanted")))
    }

    /// An operation that still runs.
    pub(super) async fn running_operation(
        &self,
        set: &StackSet,
    ) -> Result<Option<String>, CloudError> {
        let mut list = ListStackSetOperations {
            stack_set_name: set.name.clone(),
            ..ListStackSetOperations::default()
        };
        loop {
            let page = self.call(&self.administrator(set), &list).await?;
            let mut operations = page.summaries.into_iter();
            let running = operations
                .find(|it| matches!(it.status.as_str(), "RUNNING" | "QUEUED" | "STOPPING"));
            list.next_token = page.next_token;
            if running.is_some() || list.next_token.is_none() {
                return Ok(running.map(|running| running.operation_id));
            }
        }
    }

    async fn operation(&self, set: &StackSet, id: &str) -> Result<StackSetOperation, CloudError> {
        let describe = DescribeStackSetOperation {
            stack_set_name: set.name.clone(),
            operation_id: id.to_owned(),
            call_as: None,
        };
        Ok(self.call(&self.administrator(set), &describe).await?.stack_set_operation)
    }

    /// Waits for an operation. Instances that failed within the tolerance are its result; more are an
    /// error.
    pub(super) async fn result(&self, set: &StackSet, id: &str) -> Result<Failed, Trouble> {
        let operation = loop {
            let operation = self.operation(set, id).await?;
            if !is_running(&operation) {
                break operation;
            }
            sleep(POLL).await;
        };
        let failed = self.failed(set, id).await?;
        if operation.status == "SUCCEEDED" {
            return Ok(failed);
        }
        let reason = operation.status_reason.unwrap_or_default();
        Err(Trouble::Refused(format!(
            "the operation {id} is {}: {}{reason}",
            operation.status,
            failed.iter().map(|failed| format!("{failed}; ")).collect::<String>()
        )))
    }

    async fn failed(&self, set: &StackSet, id: &str) -> Result<Failed, CloudError> {
        let mut list = ListStackSetOperationResults {
            stack_set_name: set.name.clone(),
            operation_id: id.to_owned(),
            max_results: Some(100),
            filters: Some(vec![InstanceFilter {
                name: "OPERATION_RESULT_STATUS".to_owned(),
                values: "FAILED".to_owned(),
            }]),
            ..ListStackSetOperationResults::default()
        };
        let mut failed = Failed::new();
        loop {
            let page = self.call(&self.administrator(set), &list).await?;
            failed.extend(page.summaries.into_iter().map(|result| {
                let reason = result.status_reason.unwrap_or_default();
                format!("{} in {}: {reason}", result.account, result.region)
            }));
            list.next_token = page.next_token;
            if list.next_token.is_none() {
                return Ok(failed);
            }
        }
    }

    /// Writes what instances read by account, where it is not so yet, before they are there.
    async fn write_by_account(&self, set: &StackSet, spots: &Spots) -> Result<(), Trouble> {
        for (account, region) in &spots.all {
            let place = Place::account(account, region);
            for table in set.by_account.values() {
                let values = self.values().clone();
                let row = (table.rows.iter())
                    .find(|(name, _)| values.account(name) == Some(account))
                    .map(|(_, source)| source)
                    .or(table.default.as_ref());
                let Some(source) = row else { continue };
                let value = values.get(source)?;
                let get =
                    GetParameters { names: vec![table.parameter.clone()], with_decryption: None };
                let there = self.call(&place, &get).await?.parameters.into_iter().next();
                if there.is_some_and(|there| there.value == value) {
                    continue;
                }
                let put = PutParameter {
                    name: table.parameter.clone(),
                    value,
                    r#type: Some("String".to_owned()),
                    overwrite: Some(true),
                    description: None,
                };
                self.call(&place, &put).await?;
            }
        }
        Ok(())
    }
}

fn is_running(operation: &StackSetOperation) -> bool {
    matches!(operation.status.as_str(), "RUNNING" | "QUEUED" | "STOPPING")
}

const fn permission_model(set: &StackSet) -> &'static str {
    match set.permission_model {
        PermissionModel::ServiceManaged => "SERVICE_MANAGED",
        PermissionModel::SelfManaged => "SELF_MANAGED",
    }
}

fn auto_deployment(set: &StackSet) -> Option<AutoDeployment> {
    set.auto_deployment.map(|auto| AutoDeployment {
        enabled: Some(auto.enabled),
        retain_stacks_on_account_removal: auto
            .enabled
            .then_some(auto.retain_stacks_on_account_removal),
        depends_on: None,
    })
}

fn preferences(set: &StackSet) -> OperationPreferences {
    let given = &set.operation_preferences;
    let regions = if given.parallel_regions { "PARALLEL" } else { "SEQUENTIAL" };
    let mode = if given.soft_failure_tolerance {
        "SOFT_FAILURE_TOLERANCE"
    } else {
        "STRICT_FAILURE_TOLERANCE"
    };
    OperationPreferences {
        region_concurrency_type: Some(regions.to_owned()),
        region_order: (!given.parallel_regions).then(|| set.regions.clone()),
        failure_tolerance_percentage: Some(given.failure_tolerance_percentage.into()),
        max_concurrent_percentage: Some(given.max_concurrent_percentage.into()),
        concurrency_mode: Some(mode.to_owned()),
        ..OperationPreferences::default()
    }
}
