//! Stack sets: definitions, instances, and operations that run for a while.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use accel_deploy::cloud::cloudformation::{
    CreateStackInstances, CreateStackSet, DeleteStackInstances, DeploymentTargets,
    DetectStackSetDrift, OperationPreferences, UpdateStackInstances,
};
use serde_json::{Value, json};

use self::operation::{Action, End, Operation, Progress, Work};
use crate::{
    stacks::unfit,
    world::{Refusal, Reply, World, read, text},
};

mod definition;
mod drift;
mod gates;
mod instances;
mod lists;
mod operation;
mod targets;

pub use self::gates::Gate;

/// An account and a region.
type Spot = (String, String);

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StackSet {
    definition: CreateStackSet,
    template: Arc<str>,
    /// What the resources of the template are refused for, wherever they would be made.
    invalid: Option<String>,
    operations: BTreeMap<String, Operation>,
    /// The operations that have not ended, in the order in which they were asked for.
    active: Vec<String>,
    instances: BTreeMap<Spot, Instance>,
    /// In which regions accounts that join a unit get instances.
    joining: BTreeMap<String, BTreeSet<String>>,
    /// The last comparison that has ended.
    compared: Option<String>,
    /// Whether somebody else has just changed it.
    is_stale: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Instance {
    /// `CURRENT`, `OUTDATED` or `INOPERABLE`.
    status: &'static str,
    last_operation: String,
    /// The last operation that was to change it: its status is of that one.
    last_change: String,
    /// Whether it was ever made.
    has_stack: bool,
    /// `NOT_CHECKED`, `IN_SYNC` or `DRIFTED`.
    drift: &'static str,
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
            return Err(Refusal::new("AccessDenied", message));
        }
        match action {
            "CreateStackSet" => self.create_stack_set(read(request)?),
            "UpdateStackSet" => self.update_stack_set(read(request)?),
            "DeleteStackSet" => self.delete_stack_set(text(request, "StackSetName")?),
            "CreateStackInstances" => self.create_stack_instances(read(request)?),
            "UpdateStackInstances" => self.update_stack_instances(read(request)?),
            "DeleteStackInstances" => self.delete_stack_instances(read(request)?),
            "DetectStackSetDrift" => self.detect_stack_set_drift(read(request)?),
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
            return Err(Refusal::new("InvalidOperationException", message.to_owned()));
        }
        let spots =
            self.spots(&it.stack_set_name, it.accounts.as_deref(), targets.as_ref(), &it.regions)?;
        let set = self.stack_sets.get(&it.stack_set_name);
        let new =
            spots.iter().filter(|spot| set.is_some_and(|it| !it.instances.contains_key(spot)));
        let count = set.map_or(0, |set| set.instances.len()) + new.count();
        if count > self.instance_quota {
            let message = format!("{count} stack instances are more than {}", self.instance_quota);
            return Err(Refusal::new("LimitExceededException", message));
        }
        let work = work(Action::Create, spots, targets, it.regions, it.operation_preferences);
        self.start(&it.stack_set_name, it.operation_id, work)
    }

    fn update_stack_instances(&mut self, it: UpdateStackInstances) -> Reply {
        let targets = it.deployment_targets;
        let mut spots =
            self.spots(&it.stack_set_name, it.accounts.as_deref(), targets.as_ref(), &it.regions)?;
        let set = self.stack_sets.get(&it.stack_set_name);
        let instance = |spot: &Spot| set.and_then(|set| set.instances.get(spot));
        spots.retain(|spot| instance(spot).is_some_and(|it| it.status == "OUTDATED"));
        let work = work(Action::Update, spots, targets, it.regions, it.operation_preferences);
        self.start(&it.stack_set_name, it.operation_id, work)
    }

    fn delete_stack_instances(&mut self, it: DeleteStackInstances) -> Reply {
        let targets = it.deployment_targets;
        let mut spots =
            self.spots(&it.stack_set_name, it.accounts.as_deref(), targets.as_ref(), &it.regions)?;
        let set = self.stack_sets.get(&it.stack_set_name);
        spots.retain(|spot| set.is_some_and(|set| set.instances.contains_key(spot)));
        let action = Action::Delete { retain: it.retain_stacks };
        let work = work(action, spots, targets, it.regions, it.operation_preferences);
        self.start(&it.stack_set_name, it.operation_id, work)
    }

    fn detect_stack_set_drift(&mut self, it: DetectStackSetDrift) -> Reply {
        let set =
            self.stack_sets.get(&it.stack_set_name).ok_or_else(|| absent(&it.stack_set_name))?;
        // "You can only run a single drift detection operation on a given stack set at one time."
        let active = |id: &String| set.operations[id].work.action == Action::DetectDrift;
        if set.active.iter().any(active) {
            return Err(busy(&it.stack_set_name));
        }
        let spots = set.instances.keys().cloned().collect();
        let work = work(Action::DetectDrift, spots, None, Vec::new(), it.operation_preferences);
        self.start(&it.stack_set_name, it.operation_id, work)
    }

    fn stop_operation(&mut self, request: &Value) -> Reply {
        let now = self.now();
        let (name, id) = (text(request, "StackSetName")?, text(request, "OperationId")?);
        let set = self.stack_sets.get_mut(name).ok_or_else(|| absent(name))?;
        let operation = set.operations.get_mut(id).ok_or_else(|| {
            Refusal::new("OperationNotFoundException", format!("Operation {id} not found"))
        })?;
        if !matches!(operation.status(), "RUNNING" | "QUEUED") {
            let message = format!("Operation {id} is {}: it is not running", operation.status());
            return Err(Refusal::new("InvalidOperationException", message));
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
        identified(&id)?;
        if set.operations.contains_key(&id) {
            let message = format!("Operation {id} exists already");
            let code = match work.action {
                // Which has no such error.
                Action::DetectDrift => "InvalidOperationException",
                _ => "OperationIdAlreadyExistsException",
            };
            return Err(Refusal::new(code, message));
        }
        if !set.is_managed() && !set.active.is_empty() {
            return Err(busy(name));
        }
        if work.action != Action::DetectDrift && std::mem::take(&mut set.is_stale) {
            let message = "Another operation has been performed on this stack set since".to_owned();
            return Err(Refusal::new("StaleRequestException", message));
        }
        set.remember(&work);
        self.enqueue(name, id.clone(), work);
        self.proceed(name);
        Ok(json!({ "OperationId": id }))
    }

    fn enqueue(&mut self, name: &str, id: String, work: Work) {
        let now = self.now();
        let Some(set) = self.stack_sets.get_mut(name) else { return };
        let number = set.operations.len();
        set.operations.insert(id.clone(), Operation::queued(now, number, work));
        set.active.push(id);
    }

    fn settle(&mut self, name: &str) {
        let now = self.now();
        let Some(mut set) = self.stack_sets.remove(name) else { return };
        for id in &set.active {
            let Some(operation) = set.operations.get_mut(id) else { continue };
            for spot in operation.due(now) {
                let action = operation.work.action;
                let end = match operation.refused_at(&spot, now) {
                    Some(refused) => refused,
                    None => self.carry_out(
                        name,
                        action,
                        (&set.definition, &set.template, set.invalid.as_ref()),
                        &spot,
                    ),
                };
                if let Some(instance) = set.instances.get_mut(&spot) {
                    match (action, &end) {
                        (Action::DetectDrift, End::Succeeded) => instance.drift = "IN_SYNC",
                        (Action::DetectDrift, End::Drifted) => instance.drift = "DRIFTED",
                        (Action::Delete { .. }, End::Failed(_)) => instance.status = "INOPERABLE",
                        (Action::Create | Action::Update, End::Succeeded) => {
                            instance.status = "CURRENT";
                            instance.has_stack = true;
                        }
                        _ => {}
                    }
                }
                if matches!((action, &end), (Action::Delete { .. }, End::Succeeded)) {
                    set.instances.remove(&spot);
                }
                operation.end_of(now, &spot, end);
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
                    operation.proceed(now, |account, region| self.target(account, region));
                }
            }
            let operations = &set.operations;
            let ended = |id: &&String| operations.get(*id).is_none_or(Operation::has_ended);
            let compared = set.active.iter().filter(ended).rfind(|id| {
                operations.get(*id).is_some_and(|it| it.work.action == Action::DetectDrift)
            });
            set.compared = compared.cloned().or(set.compared);
            set.active.retain(|id| !ended(&id));
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
            let new = || Instance {
                status: "OUTDATED",
                last_operation: String::new(),
                last_change: String::new(),
                has_stack: false,
                drift: "NOT_CHECKED",
            };
            let instance = match operation.work.action {
                Action::Create => Some(self.instances.entry(spot.clone()).or_insert_with(new)),
                _ => self.instances.get_mut(spot),
            };
            if let Some(instance) = instance {
                id.clone_into(&mut instance.last_operation);
                if operation.work.action != Action::DetectDrift {
                    id.clone_into(&mut instance.last_change);
                }
            }
        }
    }

    fn progress(&self, spot: &Spot, instance: &Instance) -> Option<&Progress> {
        self.operations.get(&instance.last_change)?.results().get(spot)
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

/// Refuses ids of operations that are none: "[a-zA-Z0-9][-a-zA-Z0-9]*", at most 128 characters.
fn identified(id: &str) -> Result<(), Refusal> {
    let is_good = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    match id.len() {
        1..=128 if !id.starts_with('-') && id.chars().all(is_good) => Ok(()),
        _ => {
            let constraint =
                "Member must satisfy regular expression pattern: [a-zA-Z0-9][-a-zA-Z0-9]*";
            Err(unfit("operationId", id, constraint))
        }
    }
}

fn absent(name: &str) -> Refusal {
    Refusal::new("StackSetNotFoundException", format!("StackSet {name} not found"))
}

fn busy(name: &str) -> Refusal {
    let message = format!("Another operation on {name} is in progress");
    Refusal::new("OperationInProgressException", message)
}
