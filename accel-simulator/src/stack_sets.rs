//! Stack sets: definitions, instances, and operations that run for a while.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use accel_deploy::cloud::cloudformation::{
    CreateStackInstances, CreateStackSet, DeleteStackInstances, DeploymentTargets,
    OperationPreferences, UpdateStackInstances,
};
use serde_json::{Value, json};

use self::operation::{Action, End, Operation, Progress, Work};
use crate::{
    stacks::{Key, Stack, published, template},
    world::{Refusal, Reply, World, read, text},
};

mod definition;
mod lists;
mod operation;
mod targets;

/// An account and a region.
type Spot = (String, String);

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StackSet {
    definition: CreateStackSet,
    template: Arc<str>,
    operations: BTreeMap<String, Operation>,
    /// The operations that have not ended, in the order in which they were asked for.
    active: Vec<String>,
    instances: BTreeMap<Spot, Instance>,
    /// In which regions accounts that join a unit get instances.
    joining: BTreeMap<String, BTreeSet<String>>,
    /// Whether somebody else has just changed it.
    is_stale: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Instance {
    /// `CURRENT`, `OUTDATED` or `INOPERABLE`.
    status: &'static str,
    last_operation: String,
}

impl World {
    /// When the next instance ends.
    pub(crate) fn next_of_stack_sets(&self) -> Option<Duration> {
        self.stack_sets.values().filter_map(StackSet::next).min()
    }

    /// Settles what ends now.
    pub(crate) fn settle_stack_sets(&mut self) {
        let now = self.now();
        let is_due = |set: &StackSet| set.next().is_some_and(|next| next <= now);
        let due: Vec<String> = (self.stack_sets.iter())
            .filter(|(_, set)| is_due(set))
            .map(|(name, _)| name.clone())
            .collect();
        for name in &due {
            self.settle(name);
        }
        // An operation that has ended may be one that others wait for.
        if !due.is_empty() {
            let waits = |(_, set): &(&String, &StackSet)| {
                set.active.iter().any(|id| set.operations[id].status() == "QUEUED")
            };
            let waiting: Vec<String> =
                self.stack_sets.iter().filter(waits).map(|(name, _)| name.clone()).collect();
            waiting.iter().for_each(|name| self.proceed(name));
        }
    }

    /// Somebody else has changed a stack set: the next who wants to change it is told so.
    pub fn change_stack_set_elsewhere(&mut self, name: &str) {
        if let Some(set) = self.stack_sets.get_mut(name) {
            set.is_stale = true;
        }
    }

    pub(crate) fn stack_sets(&mut self, account: &str, action: &str, request: &Value) -> Reply {
        if account != self.caller {
            let message = "Stack sets are administered in the management account.".to_owned();
            return Err(Refusal("AccessDenied", message));
        }
        match action {
            "CreateStackSet" => self.create_stack_set(read(request)?),
            "UpdateStackSet" => self.update_stack_set(read(request)?),
            "DeleteStackSet" => self.delete_stack_set(text(request, "StackSetName")?),
            "CreateStackInstances" => self.create_stack_instances(read(request)?),
            "UpdateStackInstances" => self.update_stack_instances(read(request)?),
            "DeleteStackInstances" => self.delete_stack_instances(read(request)?),
            "StopStackSetOperation" => self.stop_operation(request),
            _ => {
                let name = text(request, "StackSetName")?;
                let set = self.stack_sets.get(name).ok_or_else(|| absent(name))?;
                let now = self.now();
                let listed = now.saturating_sub(self.list_lag);
                set.answer((name, &self.caller), action, request, (now, listed))
            }
        }
    }

    fn create_stack_instances(&mut self, it: CreateStackInstances) -> Reply {
        let targets = it.deployment_targets;
        if targets.as_ref().and_then(|it| it.account_filter_type.as_deref()) == Some("UNION") {
            let message = "UNION is not supported for CreateStackInstances";
            return Err(Refusal("InvalidOperationException", message.to_owned()));
        }
        let spots = self.spots(it.accounts.as_deref(), targets.as_ref(), &it.regions)?;
        let work = work(Action::Create, spots, targets, it.regions, it.operation_preferences);
        self.start(&it.stack_set_name, it.operation_id, work)
    }

    fn update_stack_instances(&mut self, it: UpdateStackInstances) -> Reply {
        let targets = it.deployment_targets;
        let mut spots = self.spots(it.accounts.as_deref(), targets.as_ref(), &it.regions)?;
        let set = self.stack_sets.get(&it.stack_set_name);
        let instance = |spot: &Spot| set.and_then(|set| set.instances.get(spot));
        spots.retain(|spot| instance(spot).is_some_and(|it| it.status == "OUTDATED"));
        let work = work(Action::Update, spots, targets, it.regions, it.operation_preferences);
        self.start(&it.stack_set_name, it.operation_id, work)
    }

    fn delete_stack_instances(&mut self, it: DeleteStackInstances) -> Reply {
        let targets = it.deployment_targets;
        let mut spots = self.spots(it.accounts.as_deref(), targets.as_ref(), &it.regions)?;
        let set = self.stack_sets.get(&it.stack_set_name);
        spots.retain(|spot| set.is_some_and(|set| set.instances.contains_key(spot)));
        let action = Action::Delete { retain: it.retain_stacks };
        let work = work(action, spots, targets, it.regions, it.operation_preferences);
        self.start(&it.stack_set_name, it.operation_id, work)
    }

    fn stop_operation(&mut self, request: &Value) -> Reply {
        let now = self.now();
        let (name, id) = (text(request, "StackSetName")?, text(request, "OperationId")?);
        let set = self.stack_sets.get_mut(name).ok_or_else(|| absent(name))?;
        let operation = set.operations.get_mut(id).ok_or_else(|| {
            Refusal("OperationNotFoundException", format!("Operation {id} not found"))
        })?;
        if !matches!(operation.status(), "RUNNING" | "QUEUED") {
            let message = format!("Operation {id} is {}: it is not running", operation.status());
            return Err(Refusal("InvalidOperationException", message));
        }
        operation.stop(now);
        self.proceed(name);
        Ok(json!({}))
    }

    /// Starts an operation that somebody has asked for, or refuses it.
    fn start(&mut self, name: &str, id: Option<String>, work: Work) -> Reply {
        operation::check(&work.preferences)?;
        let set = self.stack_sets.get_mut(name).ok_or_else(|| absent(name))?;
        let id = id.unwrap_or_else(|| format!("unnamed-{}", set.operations.len() + 1));
        if set.operations.contains_key(&id) {
            let message = format!("Operation {id} exists already");
            return Err(Refusal("OperationIdAlreadyExistsException", message));
        }
        if !set.is_managed() && !set.active.is_empty() {
            return Err(busy(name));
        }
        if std::mem::take(&mut set.is_stale) {
            let message = "Another operation has been performed on this stack set since".to_owned();
            return Err(Refusal("StaleRequestException", message));
        }
        set.remember(&work);
        self.enqueue(name, id.clone(), work);
        self.proceed(name);
        Ok(json!({ "OperationId": id }))
    }

    fn enqueue(&mut self, name: &str, id: String, work: Work) {
        let now = self.now();
        let Some(set) = self.stack_sets.get_mut(name) else { return };
        set.operations.insert(id.clone(), Operation::queued(now, work));
        set.active.push(id);
    }

    fn settle(&mut self, name: &str) {
        let now = self.now();
        let Some(mut set) = self.stack_sets.remove(name) else { return };
        for id in &set.active {
            let Some(operation) = set.operations.get_mut(id) else { continue };
            for spot in operation.due(now) {
                let action = operation.work.action;
                let failure = self.failures.get(&(spot.0.clone(), spot.1.clone(), name.to_owned()));
                let end = match failure {
                    Some(reason) => End::Failed(reason.clone()),
                    None => End::Succeeded,
                };
                let has_failed = end != End::Succeeded;
                operation.end_of(now, &spot, end);
                match (action, has_failed) {
                    (Action::Delete { .. }, true) => {
                        set.instances.get_mut(&spot).into_iter().for_each(|instance| {
                            instance.status = "INOPERABLE";
                        });
                    }
                    (Action::Delete { retain }, false) => {
                        set.instances.remove(&spot);
                        if !retain {
                            self.delete_instance(name, spot);
                        }
                    }
                    (_, true) => {}
                    (_, false) => {
                        if let Some(instance) = set.instances.get_mut(&spot) {
                            instance.status = "CURRENT";
                        }
                        self.deploy_instance(name, &set.definition, &set.template, spot);
                    }
                }
            }
        }
        self.stack_sets.insert(name.to_owned(), set);
        self.proceed(name);
    }

    /// Lets instances and operations begin that may.
    fn proceed(&mut self, name: &str) {
        let now = self.now();
        let Some(mut set) = self.stack_sets.remove(name) else { return };
        loop {
            for id in &set.active {
                let Some(operation) = set.operations.get_mut(id) else { continue };
                if matches!(operation.status(), "RUNNING" | "STOPPING") {
                    operation.proceed(now, |account| self.is_suspended(account));
                }
            }
            let operations = &set.operations;
            set.active.retain(|id| operations.get(id).is_some_and(|it| !it.has_ended()));
            let waits_for_others = |operation: &Operation| {
                operation.work.is_automatic && self.has_automatic(&set, &operation.work.spots)
            };
            match set.next_in_queue(waits_for_others) {
                Some(id) => set.begin(&id, now),
                None => break,
            }
        }
        self.stack_sets.insert(name.to_owned(), set);
    }

    /// Whether a set that this one depends on still has to deploy into one of the accounts by itself.
    fn has_automatic(&self, set: &StackSet, spots: &BTreeSet<Spot>) -> bool {
        let auto = set.definition.auto_deployment.iter();
        let arns = auto.flat_map(|auto| auto.depends_on.iter().flatten());
        let names = arns.filter_map(|arn| arn.split_once("stackset/")?.1.split(':').next());
        let mut sets = names.filter_map(|name| self.stack_sets.get(name));
        sets.any(|set| {
            let mut active = set.active.iter().filter_map(|id| set.operations.get(id));
            active.any(|it| {
                let is_there = |(account, _): &Spot| spots.iter().any(|(of, _)| of == account);
                it.work.is_automatic && it.work.spots.iter().any(is_there)
            })
        })
    }

    fn is_suspended(&self, account: &str) -> bool {
        let organization = self.organization.as_ref();
        let account = organization.and_then(|organization| organization.accounts.get(account));
        account.is_some_and(|account| account.state != "ACTIVE")
    }

    fn deploy_instance(
        &mut self,
        name: &str,
        definition: &CreateStackSet,
        body: &Arc<str>,
        (account, region): Spot,
    ) {
        let key: Key = (account, region, stack_name(name));
        let template = template(&key, body, &definition.parameters);
        let (resources, outputs) = (template.resources(), template.outputs());
        for (parameter, value) in published(&resources) {
            self.set_parameter(&key.0, &key.1, parameter, value);
        }
        let stack = Stack {
            status: "CREATE_COMPLETE".to_owned(),
            template: Arc::clone(body),
            parameters: definition.parameters.clone(),
            tags: definition.tags.clone(),
            outputs,
            resources,
            ..Stack::default()
        };
        self.stacks.insert(key, stack);
    }

    fn delete_instance(&mut self, name: &str, (account, region): Spot) {
        let key: Key = (account, region, stack_name(name));
        let stack = self.stacks.remove(&key);
        for (parameter, _) in stack.iter().flat_map(|stack| published(&stack.resources)) {
            self.drop_parameter(&key.0, &key.1, parameter);
        }
    }
}

impl StackSet {
    fn next(&self) -> Option<Duration> {
        self.active.iter().filter_map(|id| self.operations.get(id)?.next()).min()
    }

    /// The first operation that waits for no other.
    fn next_in_queue(&self, waits_for_others: impl Fn(&Operation) -> bool) -> Option<String> {
        let mut earlier: Vec<&Operation> = Vec::new();
        for id in &self.active {
            let operation = self.operations.get(id)?;
            let is_free = match self.is_managed() {
                true => earlier.iter().all(|earlier| !earlier.conflicts(operation)),
                false => earlier.is_empty(),
            };
            if operation.status() == "QUEUED" && is_free && !waits_for_others(operation) {
                return Some(id.clone());
            }
            earlier.push(operation);
        }
        None
    }

    fn begin(&mut self, id: &str, now: Duration) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        if let Some(update) = operation.work.update.take() {
            let instances = self.instances.iter();
            let operable = instances.filter(|(_, instance)| instance.status != "INOPERABLE");
            let is_asked =
                |spot: &Spot| update.part.as_ref().is_none_or(|part| part.contains(spot));
            let asked = operable.map(|(spot, _)| spot.clone()).filter(is_asked);
            operation.work.spots = asked.collect();
            operation.begin(now);
            self.redefine(*update);
        } else {
            operation.begin(now);
        }
        let Some(operation) = self.operations.get(id) else { return };
        for spot in &operation.work.spots {
            let new = || Instance { status: "OUTDATED", last_operation: String::new() };
            let instance = match operation.work.action {
                Action::Create => Some(self.instances.entry(spot.clone()).or_insert_with(new)),
                _ => self.instances.get_mut(spot),
            };
            if let Some(instance) = instance {
                id.clone_into(&mut instance.last_operation);
            }
        }
    }

    fn progress(&self, spot: &Spot, instance: &Instance) -> Option<&Progress> {
        self.operations.get(&instance.last_operation)?.results().get(spot)
    }
}

fn work(
    action: Action,
    spots: BTreeSet<Spot>,
    targets: Option<DeploymentTargets>,
    regions: Vec<String>,
    preferences: Option<OperationPreferences>,
) -> Work {
    let preferences = preferences.unwrap_or_default();
    Work { action, spots, preferences, targets, regions, update: None, is_automatic: false }
}

fn stack_name(set: &str) -> String {
    format!("StackSet-{set}")
}

fn absent(name: &str) -> Refusal {
    Refusal("StackSetNotFoundException", format!("StackSet {name} not found"))
}

fn busy(name: &str) -> Refusal {
    let message = format!("Another operation on {name} is in progress");
    Refusal("OperationInProgressException", message)
}
