//! Change sets: what is to become of a stack, and what that changes.

use std::collections::BTreeMap;

use accel_deploy::cloud::cloudformation::{
    self as api, Change, CreateChangeSet, Parameter, ResourceChange,
};
use serde_json::{Map, Value, json};

use super::{
    ChangeSet, Execution, Key, Stack, absent, can_change,
    checks::{checked, invalid, named, tagged, valued},
    cleanup::policy,
    import, not_now,
    replacement::Update,
};
use crate::{
    template::stack_id,
    world::{Refusal, Reply, World, reply},
};

const UNCHANGED: &str = "The submitted information didn't contain changes. Submit different information to create a change set.";

/// The attributes of a resource that CloudFormation compares, beside its type and its properties.
const ATTRIBUTES: [&str; 5] =
    ["CreationPolicy", "DeletionPolicy", "Metadata", "UpdatePolicy", "UpdateReplacePolicy"];

impl World {
    pub(super) fn create_change_set(&mut self, key: Key, mut request: CreateChangeSet) -> Reply {
        named("stackName", &key.2)?;
        named("changeSetName", &request.change_set_name)?;
        tagged(request.tags.as_deref().unwrap_or_default())?;
        let text = self.template_text(
            &key.0,
            request.template_body.as_ref(),
            request.template_u_r_l.as_ref(),
        )?;
        let there = self.stacks.get(&key);
        request.parameters = valued(&request.parameters, there);
        let template = checked(&key, &text, &request.parameters, &request.capabilities)?;
        let kind = request.change_set_type.as_deref().unwrap_or("UPDATE");
        let (is_new, is_import) = (kind == "CREATE", kind == "IMPORT");
        let name = request.change_set_name.clone();
        match there {
            None if !is_new && !is_import => return Err(absent(&key.2)),
            None if self.stacks_in(&key.0, &key.1) >= self.stack_quota => {
                let message = format!("Limit for stack has been exceeded: {}", self.stack_quota);
                return Err(Refusal::new("LimitExceededException", message));
            }
            Some(stack) if is_import && stack.status == "REVIEW_IN_PROGRESS" => {}
            Some(stack) if is_new && stack.status != "REVIEW_IN_PROGRESS" => {
                let message =
                    format!("Stack [{}] already exists and cannot be created again", key.2);
                return Err(Refusal::new("ValidationError", message));
            }
            Some(stack) if !is_new && !can_change(&stack.status) => {
                return Err(not_now(&key, &stack.status));
            }
            _ => {}
        }
        if there.is_some_and(|stack| stack.change_sets.contains_key(&name)) {
            return Err(Refusal::new(
                "AlreadyExistsException",
                format!("ChangeSet {name} already exists"),
            ));
        }
        let none = Stack::default();
        let stack = there.unwrap_or(&none);
        let imported = if is_import { import::ids(&request) } else { BTreeMap::new() };
        let update = self.update(&key, template, &stack.resources, &imported);
        if let Some(reason) = update.refused.clone() {
            return Err(Refusal::new("ValidationError", reason));
        }
        let (changes, refused) = if is_import {
            self.import(&key, stack, &request, &update)?
        } else {
            let (changes, is_same) = compare(stack, &request, &update);
            let unchanged = (!is_new && is_same).then(|| UNCHANGED.to_owned());
            (changes, unchanged.or_else(|| invalid(&text, &[&key.1])))
        };
        let stack = self.stacks.entry(key.clone()).or_insert_with(|| Stack {
            status: "REVIEW_IN_PROGRESS".to_owned(),
            ..Stack::default()
        });
        stack.made += 1;
        let (nth, execution) = (stack.made, Execution::Available);
        let change_set =
            ChangeSet { request, template: text, refused, changes, imported, nth, execution };
        let id = change_set.id(&key);
        stack.change_sets.insert(name, change_set);
        Ok(json!({ "Id": id, "StackId": stack_id(&key.0, &key.1, &key.2) }))
    }

    fn stacks_in(&self, account: &str, region: &str) -> usize {
        let here = self.stacks.range((account.to_owned(), region.to_owned(), String::new())..);
        here.take_while(|(key, _)| key.0 == account && key.1 == region).count()
    }
}

impl ChangeSet {
    fn id(&self, (account, region, _): &Key) -> String {
        let Self { request, nth, .. } = self;
        let name = &request.change_set_name;
        format!("arn:aws:cloudformation:{region}:{account}:changeSet/{name}/{nth}")
    }

    pub(super) fn describe(&self, key: &Key) -> Reply {
        let (status, execution) = match self.refused {
            None => ("CREATE_COMPLETE", self.execution.name()),
            Some(_) => ("FAILED", "UNAVAILABLE"),
        };
        reply(&api::ChangeSet {
            change_set_id: self.id(key),
            change_set_name: self.request.change_set_name.clone(),
            stack_name: self.request.stack_name.clone(),
            status: status.into(),
            status_reason: self.refused.clone(),
            execution_status: Some(execution.to_owned()),
            changes: self.changes.clone(),
            ..api::ChangeSet::default()
        })
    }
}

impl Execution {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Running => "EXECUTE_IN_PROGRESS",
            Self::Complete => "EXECUTE_COMPLETE",
            Self::Failed => "EXECUTE_FAILED",
        }
    }
}

/// What an update changes, and whether it changes nothing at all. Most of a template is compared by what it comes to.
fn compare(stack: &Stack, request: &CreateChangeSet, update: &Update<'_>) -> (Vec<Change>, bool) {
    let deployed: Value = serde_json::from_str(&stack.template).unwrap_or_default();
    let wanted = &update.template.body;
    let changes = changes(&deployed, update);
    let value = |parameters: &[Parameter], name: &str| {
        let mut parameters = parameters.iter();
        parameters.find(|it| it.parameter_key == name).and_then(|it| it.parameter_value.clone())
    };
    // One that is new or gone changes something if it is used.
    let mut parameters = wanted["Parameters"].as_object().into_iter().flat_map(Map::keys);
    let is_same = changes.is_empty()
        && deployed["Outputs"] == wanted["Outputs"]
        && stack.outputs == update.template.outputs()
        && parameters.all(|name| {
            deployed["Parameters"][name].is_null()
                || value(&stack.parameters, name) == value(&request.parameters, name)
        })
        && request.tags.as_ref().is_none_or(|tags| *tags == stack.tags);
    (changes, is_same)
}

fn changes(deployed: &Value, update: &Update<'_>) -> Vec<Change> {
    let wanted = &update.template.body;
    let mut changes = Vec::new();
    for (id, made) in &update.resources {
        let Some(before) = update.before.get(id) else {
            changes.push(change("Add", id, &made.kind, |_| {}));
            continue;
        };
        let (old, new) = (&deployed["Resources"][id], &wanted["Resources"][id]);
        let differs = |name: &&str| old[*name] != new[*name];
        let is_replaced = update.replaces(id);
        if before != made || ATTRIBUTES.iter().any(differs) {
            changes.push(change("Modify", id, &made.kind, |it| {
                it.physical_resource_id = Some(before.physical.clone());
                it.replacement = Some(if is_replaced { "True" } else { "False" }.to_owned());
                it.policy_action = is_replaced
                    .then(|| format!("ReplaceAnd{}", policy(wanted, id, "UpdateReplacePolicy")));
            }));
        }
    }
    let gone = update.before.iter().filter(|(id, _)| !update.resources.contains_key(*id));
    changes.extend(gone.map(|(id, made)| {
        change("Remove", id, &made.kind, |it| {
            it.physical_resource_id = Some(made.physical.clone());
            it.policy_action = Some(policy(deployed, id, "DeletionPolicy").to_owned());
        })
    }));
    changes
}

pub(super) fn change(
    action: &str,
    id: &str,
    kind: &str,
    with: impl FnOnce(&mut ResourceChange),
) -> Change {
    let mut change = ResourceChange {
        action: action.to_owned(),
        logical_resource_id: id.to_owned(),
        resource_type: kind.to_owned(),
        ..ResourceChange::default()
    };
    with(&mut change);
    Change { r#type: Some("Resource".to_owned()), resource_change: Some(change) }
}
