//! Stack sets: definitions, instances, and operations that run for a while.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use accel_deploy::cloud::cloudformation::{
    self as api, CreateStackInstances, CreateStackSet, DeleteStackInstances, DeploymentTargets,
    OperationPreferences, UpdateStackInstances, UpdateStackSet,
};
use serde_json::{Value, json};

use crate::{
    stacks::{Key, Stack, checked, published, template},
    template::stack_id,
    world::{Refusal, Reply, World, read, reply, text, unknown},
};

/// How long the stack of one instance takes.
const INSTANCE: Duration = Duration::from_secs(60);

/// An account and a region.
type Spot = (String, String);

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StackSet {
    definition: CreateStackSet,
    template: String,
    operations: BTreeMap<String, Operation>,
    /// Whether each has what the definition says.
    instances: BTreeMap<Spot, bool>,
}

#[derive(Clone, Debug, PartialEq)]
struct Operation {
    action: &'static str,
    status: &'static str,
    ends: Duration,
    spots: BTreeSet<Spot>,
    preferences: OperationPreferences,
    /// With the reason.
    failed: BTreeMap<Spot, String>,
}

impl World {
    pub(crate) fn advance_stack_sets(&mut self) {
        let now = self.now();
        let mut ended = Vec::new();
        for (name, set) in &self.stack_sets {
            let running = set.operations.iter();
            let running = running.filter(|(_, it)| it.status == "RUNNING" && it.ends <= now);
            ended.extend(running.map(|(id, it)| (it.ends, name.clone(), id.clone())));
        }
        ended.sort();
        for (_, name, id) in ended {
            self.end_operation(&name, &id);
        }
    }

    pub(crate) fn stack_sets(&mut self, account: &str, action: &str, request: &Value) -> Reply {
        if account != self.caller {
            let message = "Stack sets are administered in the management account.".to_owned();
            return Err(Refusal("AccessDenied", message));
        }
        match action {
            "CreateStackSet" => return self.create_stack_set(read(request)?),
            "UpdateStackSet" => return self.update_stack_set(read(request)?),
            "CreateStackInstances" => {
                let it: CreateStackInstances = read(request)?;
                let spots = self.spots(it.accounts, it.deployment_targets, &it.regions)?;
                let preferences = it.operation_preferences.unwrap_or_default();
                let set = &it.stack_set_name;
                return self.start(set, "CREATE", it.operation_id, spots, preferences);
            }
            "UpdateStackInstances" => {
                let it: UpdateStackInstances = read(request)?;
                let mut spots = self.spots(it.accounts, it.deployment_targets, &it.regions)?;
                let set = self.stack_sets.get(&it.stack_set_name);
                spots.retain(|spot| set.is_some_and(|set| set.instances.get(spot) == Some(&false)));
                let preferences = it.operation_preferences.unwrap_or_default();
                let set = &it.stack_set_name;
                return self.start(set, "UPDATE", it.operation_id, spots, preferences);
            }
            "DeleteStackInstances" => {
                let it: DeleteStackInstances = read(request)?;
                let mut spots = self.spots(it.accounts, it.deployment_targets, &it.regions)?;
                let set = self.stack_sets.get(&it.stack_set_name);
                spots.retain(|spot| set.is_some_and(|set| set.instances.contains_key(spot)));
                let preferences = it.operation_preferences.unwrap_or_default();
                let action = if it.retain_stacks { "DELETE_RETAINING" } else { "DELETE" };
                let set = &it.stack_set_name;
                return self.start(set, action, it.operation_id, spots, preferences);
            }
            "DeleteStackSet" => return self.delete_stack_set(text(request, "StackSetName")?),
            _ => {}
        }
        let name = text(request, "StackSetName")?;
        let set = self.stack_sets.get_mut(name).ok_or_else(|| absent(name))?;
        let operation = || {
            let id = text(request, "OperationId")?;
            let missing =
                || Refusal("OperationNotFoundException", format!("Operation {id} not found"));
            set.operations.get(id).map(|operation| (id, operation)).ok_or_else(missing)
        };
        match action {
            "DescribeStackSet" => reply(&api::DescribedStackSet { stack_set: set.describe(name) }),
            "DescribeStackSetOperation" => {
                let (id, operation) = operation()?;
                reply(&api::DescribedOperation {
                    stack_set_operation: api::StackSetOperation {
                        operation_id: id.to_owned(),
                        stack_set_id: format!("{name}:1"),
                        action: api_action(operation.action).to_owned(),
                        status: operation.status.to_owned(),
                        ..api::StackSetOperation::default()
                    },
                })
            }
            "ListStackSetOperations" => {
                let operations = set.operations.iter().map(|(id, it)| api::OperationSummary {
                    operation_id: id.clone(),
                    action: api_action(it.action).to_owned(),
                    status: it.status.to_owned(),
                    status_reason: None,
                });
                let (summaries, next_token) = page(operations.collect(), request);
                reply(&api::StackSetOperations { summaries, next_token })
            }
            "ListStackSetOperationResults" => {
                let (_, operation) = operation()?;
                let ended = operation.status != "RUNNING";
                let wanted = request["Filters"][0]["Values"].as_str();
                let results = operation.spots.iter().map(|spot| {
                    let reason = operation.failed.get(spot);
                    let status = match (ended, reason) {
                        (false, _) => "RUNNING",
                        (true, Some(_)) => "FAILED",
                        (true, None) => "SUCCEEDED",
                    };
                    api::OperationResult {
                        account: spot.0.clone(),
                        region: spot.1.clone(),
                        status: status.to_owned(),
                        status_reason: reason.cloned(),
                        organizational_unit_id: None,
                    }
                });
                let results = results.filter(|it| wanted.is_none_or(|wanted| it.status == wanted));
                let (summaries, next_token) = page(results.collect(), request);
                reply(&api::OperationResults { summaries, next_token })
            }
            "ListStackInstances" => {
                let instances =
                    set.instances.iter().map(|((account, region), current)| api::StackInstance {
                        stack_set_id: format!("{name}:1"),
                        account: account.clone(),
                        region: region.clone(),
                        stack_id: Some(stack_id(account, region, &stack_name(name))),
                        status: if *current { "CURRENT" } else { "OUTDATED" }.to_owned(),
                        ..api::StackInstance::default()
                    });
                let (summaries, next_token) = page(instances.collect(), request);
                reply(&api::StackInstances { summaries, next_token })
            }
            _ => Err(unknown(action)),
        }
    }

    fn create_stack_set(&mut self, request: CreateStackSet) -> Reply {
        let name = request.stack_set_name.clone();
        if self.stack_sets.contains_key(&name) {
            return Err(Refusal("NameAlreadyExistsException", format!("{name} exists already")));
        }
        let service = "member.org.stacksets.cloudformation.amazonaws.com";
        let is_trusted = self.organization.as_ref().is_some_and(|it| it.services.contains(service));
        if request.permission_model.as_deref() == Some("SERVICE_MANAGED")
            && !is_trusted
            && !self.settings.has("cloudformation", "ActivateOrganizationsAccess")
        {
            let message =
                "You must enable organizations access to operate a service managed stack set";
            return Err(Refusal("ValidationError", message.to_owned()));
        }
        let template =
            self.template_text(request.template_body.as_ref(), request.template_u_r_l.as_ref())?;
        let key: Key = (self.caller.clone(), "us-east-1".to_owned(), name.clone());
        checked(&key, &template, &request.parameters, &request.capabilities)?;
        let set = StackSet { definition: request, template, ..StackSet::default() };
        self.stack_sets.insert(name.clone(), set);
        Ok(json!({ "StackSetId": format!("{name}:1") }))
    }

    fn update_stack_set(&mut self, request: UpdateStackSet) -> Reply {
        let name = request.stack_set_name.clone();
        let template =
            self.template_text(request.template_body.as_ref(), request.template_u_r_l.as_ref())?;
        let key: Key = (self.caller.clone(), "us-east-1".to_owned(), name.clone());
        checked(&key, &template, &request.parameters, &request.capabilities)?;
        let set = self.stack_sets.get(&name).ok_or_else(|| absent(&name))?;
        let spots = set.instances.keys().cloned().collect();
        let preferences = request.operation_preferences.clone().unwrap_or_default();
        let started = self.start(&name, "UPDATE", request.operation_id, spots, preferences)?;
        if let Some(set) = self.stack_sets.get_mut(&name) {
            // Even an operation that fails leaves the set with what is new.
            set.template = template;
            set.definition.parameters = request.parameters;
            set.definition.capabilities = request.capabilities;
            set.definition.tags = request.tags;
            set.definition.auto_deployment = request.auto_deployment;
            set.definition.managed_execution = request.managed_execution;
            set.instances.values_mut().for_each(|current| *current = false);
        }
        Ok(started)
    }

    fn delete_stack_set(&mut self, name: &str) -> Reply {
        let set = self.stack_sets.get(name).ok_or_else(|| absent(name))?;
        if set.operations.values().any(|it| it.status == "RUNNING") {
            let message = format!("Another operation on {name} is in progress");
            return Err(Refusal("OperationInProgressException", message));
        }
        if !set.instances.is_empty() {
            let message = "StackSet is not empty".to_owned();
            return Err(Refusal("StackSetNotEmptyException", message));
        }
        self.stack_sets.remove(name);
        Ok(json!({}))
    }

    fn start(
        &mut self,
        name: &str,
        action: &'static str,
        id: Option<String>,
        spots: BTreeSet<Spot>,
        preferences: OperationPreferences,
    ) -> Reply {
        let now = self.now();
        let set = self.stack_sets.get_mut(name).ok_or_else(|| absent(name))?;
        let id = id.unwrap_or_else(|| format!("unnamed-{}", set.operations.len() + 1));
        if set.operations.contains_key(&id) {
            let message = format!("Operation {id} exists already");
            return Err(Refusal("OperationIdAlreadyExistsException", message));
        }
        let managed = set.definition.managed_execution.as_ref().is_some_and(|it| it.active);
        if !managed && set.operations.values().any(|it| it.status == "RUNNING") {
            let message = format!("Another operation on {name} is in progress");
            return Err(Refusal("OperationInProgressException", message));
        }
        if action == "CREATE" {
            for spot in &spots {
                set.instances.entry(spot.clone()).or_insert(false);
            }
        }
        let ends = now + duration(&spots, &preferences);
        let failed = BTreeMap::new();
        let operation = Operation { action, status: "RUNNING", ends, spots, preferences, failed };
        set.operations.insert(id.clone(), operation);
        Ok(json!({ "OperationId": id }))
    }

    fn end_operation(&mut self, name: &str, id: &str) {
        let Some(set) = self.stack_sets.get(name) else { return };
        let Some(operation) = set.operations.get(id) else { return };
        let (body, definition) = (set.template.clone(), set.definition.clone());
        let mut failed = BTreeMap::new();
        let mut per_region: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        for spot in &operation.spots {
            let place = (spot.0.clone(), spot.1.clone(), name.to_owned());
            let counts = per_region.entry(&spot.1).or_default();
            counts.1 += 1;
            if let Some(reason) = self.failures.get(&place) {
                counts.0 += 1;
                failed.insert(spot.clone(), reason.clone());
            }
        }
        let tolerated = |all: u32| match operation.preferences.failure_tolerance_count {
            Some(count) => count,
            None => all * operation.preferences.failure_tolerance_percentage.unwrap_or(0) / 100,
        };
        let is_failed = per_region.values().any(|(failed, all)| *failed > tolerated(*all));
        let spots = operation.spots.clone();
        if operation.action.starts_with("DELETE") {
            let retain = operation.action == "DELETE_RETAINING";
            let gone = spots.into_iter().filter(|spot| !failed.contains_key(spot));
            for (account, region) in gone {
                if !retain {
                    self.stacks.remove(&(account.clone(), region.clone(), stack_name(name)));
                }
                if let Some(set) = self.stack_sets.get_mut(name) {
                    set.instances.remove(&(account, region));
                }
            }
            self.close_operation(name, id, is_failed, failed);
            return;
        }
        for spot in spots.iter().filter(|spot| !failed.contains_key(*spot)) {
            let key: Key = (spot.0.clone(), spot.1.clone(), stack_name(name));
            let template = template(&key, &body, &definition.parameters);
            let (resources, outputs) = (template.resources(), template.outputs());
            for (parameter, value) in published(&resources) {
                self.set_parameter(&spot.0, &spot.1, parameter, value);
            }
            let stack = Stack {
                status: "CREATE_COMPLETE".to_owned(),
                template: body.clone(),
                parameters: definition.parameters.clone(),
                tags: definition.tags.clone(),
                outputs,
                resources,
                ..Stack::default()
            };
            self.stacks.insert(key, stack);
        }
        let Some(set) = self.stack_sets.get_mut(name) else { return };
        for spot in spots {
            let current = !failed.contains_key(&spot);
            set.instances.insert(spot, current);
        }
        self.close_operation(name, id, is_failed, failed);
    }

    fn close_operation(
        &mut self,
        name: &str,
        id: &str,
        is_failed: bool,
        failed: BTreeMap<Spot, String>,
    ) {
        let set = self.stack_sets.get_mut(name);
        if let Some(operation) = set.and_then(|set| set.operations.get_mut(id)) {
            operation.status = if is_failed { "FAILED" } else { "SUCCEEDED" };
            operation.failed = failed;
        }
    }

    fn spots(
        &self,
        accounts: Option<Vec<String>>,
        targets: Option<DeploymentTargets>,
        regions: &[String],
    ) -> Result<BTreeSet<Spot>, Refusal> {
        let targets = targets.unwrap_or_default();
        let named: BTreeSet<String> =
            accounts.or(targets.accounts).unwrap_or_default().into_iter().collect();
        let chosen = match targets.organizational_unit_ids {
            None => named,
            Some(units) => {
                let organization = self.organization.as_ref();
                let inside =
                    organization.map(|it| it.members_of(&units)).ok_or_else(|| absent("unit"))?;
                match targets.account_filter_type.as_deref() {
                    Some("INTERSECTION") => &inside & &named,
                    Some("DIFFERENCE") => &inside - &named,
                    Some("UNION") => &inside | &named,
                    _ => inside,
                }
            }
        };
        let spot = |account: &String| {
            let account = account.clone();
            regions.iter().map(move |region| (account.clone(), region.clone()))
        };
        Ok(chosen.iter().flat_map(spot).collect())
    }
}

impl StackSet {
    pub(crate) fn ends_by(&self, now: Duration) -> bool {
        self.operations.values().any(|it| it.status == "RUNNING" && it.ends <= now)
    }

    fn describe(&self, name: &str) -> api::StackSet {
        let definition = self.definition.clone();
        api::StackSet {
            stack_set_name: name.to_owned(),
            stack_set_id: format!("{name}:1"),
            status: "ACTIVE".to_owned(),
            template_body: self.template.clone(),
            parameters: definition.parameters,
            capabilities: definition.capabilities,
            tags: definition.tags,
            permission_model: definition.permission_model,
            auto_deployment: definition.auto_deployment,
            managed_execution: definition.managed_execution,
            ..api::StackSet::default()
        }
    }
}

/// A page of at most `MaxResults` from the token on, which is an index.
fn page<T>(items: Vec<T>, request: &Value) -> (Vec<T>, Option<String>) {
    let most = request["MaxResults"].as_u64().and_then(|most| usize::try_from(most).ok());
    let most = most.unwrap_or(100).max(1);
    let start = request["NextToken"].as_str().and_then(|token| token.parse().ok()).unwrap_or(0);
    let next = (start + most < items.len()).then(|| (start + most).to_string());
    (items.into_iter().skip(start).take(most).collect(), next)
}

/// Batches of accounts after each other, and regions too if they are not to go at once.
fn duration(spots: &BTreeSet<Spot>, preferences: &OperationPreferences) -> Duration {
    let mut per_region: BTreeMap<&str, u32> = BTreeMap::new();
    for (_, region) in spots {
        *per_region.entry(region).or_default() += 1;
    }
    let batches = per_region.values().map(|accounts| {
        let percent = preferences.max_concurrent_percentage;
        let at_once = preferences.max_concurrent_count.or(percent.map(|it| accounts * it / 100));
        accounts.div_ceil(at_once.unwrap_or(1).max(1))
    });
    let batches = match preferences.region_concurrency_type.as_deref() {
        Some("PARALLEL") => batches.max().unwrap_or(0),
        _ => batches.sum(),
    };
    INSTANCE * batches.max(1)
}

/// One that keeps the stacks has the same name in the API.
fn api_action(action: &'static str) -> &'static str {
    if action == "DELETE_RETAINING" { "DELETE" } else { action }
}

fn stack_name(set: &str) -> String {
    format!("StackSet-{set}")
}

fn absent(name: &str) -> Refusal {
    Refusal("StackSetNotFoundException", format!("StackSet {name} not found"))
}
