//! How changes of stacks end.

use std::sync::Arc;

use accel_deploy::cloud::cloudformation::ExecuteChangeSet;
use serde_json::{Value, json};

use super::{
    ChangeSet, Execution, Key, RESOURCE, Stack, Work, absent, can_change,
    checks::template,
    cleanup::{Leaving, policy},
    no_change_set, not_now,
    replacement::Update,
};
use crate::{
    template::Made,
    world::{Refusal, Reply, World},
};

impl World {
    pub(super) fn execute(&mut self, key: &Key, request: ExecuteChangeSet) -> Reply {
        let stack = self.stacks.get_mut(key).ok_or_else(|| absent(&key.2))?;
        let name = request.change_set_name;
        if !can_change(&stack.status) && stack.status != "REVIEW_IN_PROGRESS" {
            return Err(not_now(key, &stack.status));
        }
        let there = stack.change_sets.get_mut(&name).ok_or_else(|| no_change_set(&name))?;
        let status = match there.execution {
            Execution::Available if there.refused.is_none() => None,
            Execution::Available => Some("status of [FAILED]".to_owned()),
            other => Some(format!("execution status of [{}]", other.name())),
        };
        if let Some(status) = status {
            let message = format!("ChangeSet [{name}] cannot be executed in its current {status}");
            return Err(Refusal::new("InvalidChangeSetStatus", message));
        }
        there.execution = Execution::Running;
        let change_set = there.clone();
        stack.change_sets.retain(|other, _| *other == name);
        if stack.status == "REVIEW_IN_PROGRESS" {
            stack.tags = change_set.request.tags.clone().unwrap_or_default();
        }
        let status = match change_set.request.change_set_type.as_deref() {
            Some("IMPORT") => "IMPORT",
            _ if stack.status == "REVIEW_IN_PROGRESS" => "CREATE",
            _ => "UPDATE",
        };
        let count = u32::try_from(change_set.changes.len()).unwrap_or(u32::MAX).max(1);
        let work = Work::Change(Box::new(change_set));
        let token = request.client_request_token;
        self.begin(key, RESOURCE * count, &format!("{status}_IN_PROGRESS"), token, work);
        Ok(json!({}))
    }

    /// Settles what has run in a stack.
    pub(super) fn end(&mut self, key: &Key) {
        let Some(stack) = self.stacks.get_mut(key) else { return };
        let Some(running) = stack.running.take() else { return };
        match running.what {
            Work::Change(change_set) => self.end_change(key, *change_set),
            Work::Rollback => {
                stack.enter(key, "UPDATE_ROLLBACK_COMPLETE");
                stack.executed(Execution::Failed);
            }
            // The stack says itself what could not be deleted.
            Work::Deletion => drop(self.delete_stack(key)),
        }
    }

    fn end_change(&mut self, key: &Key, change_set: ChangeSet) {
        let Some(mut stack) = self.stacks.remove(key) else { return };
        let kind = stack.status.trim_end_matches("_IN_PROGRESS").to_owned();
        let ChangeSet { request, template: text, imported, .. } = change_set;
        let template = template(key, &text, &request.parameters);
        let update = self.update(key, template, &stack.resources, &imported);
        match self.failure(key, &stack, &update) {
            Some((id, made, reason)) => {
                stack.executed(Execution::Failed);
                stack.tell(key, &id, &made, &format!("{kind}_FAILED"), Some(reason));
                stack.go_back(key, &kind, &update, &id);
            }
            None => {
                self.complete(key, &mut stack, update, text.into());
                stack.executed(Execution::Complete);
                stack.enter(key, &format!("{kind}_COMPLETE"));
                stack.parameters = request.parameters;
                if let Some(tags) = request.tags {
                    stack.tags = tags;
                }
            }
        }
        self.stacks.insert(key.clone(), stack);
    }

    /// The first resource that cannot become what a template says, and why.
    pub(crate) fn failure(
        &self,
        key: &Key,
        stack: &Stack,
        update: &Update<'_>,
    ) -> Option<(String, Made, String)> {
        let takes_in = !update.imported.is_empty();
        update.resources.iter().find_map(|(id, made)| {
            let is_imported = update.imported.contains_key(id);
            let is_made = update.replaces(id) || !update.before.contains_key(id) && !is_imported;
            let place = (key.0.clone(), key.1.clone(), id.clone());
            let reason = self.failures.get(&place).cloned().filter(|_| is_imported || !takes_in);
            let reason = reason.or_else(|| update.collision(id)).or_else(|| {
                (is_made && self.is_taken(key, id, made, update)).then(|| {
                    format!("{} already exists (HandlerErrorCode: AlreadyExists)", made.physical)
                })
            });
            let reason = reason.or_else(|| stack.lost(id, made))?;
            Some((id.clone(), made.clone(), reason))
        })
    }

    /// Makes a stack what its template says, and deletes what is left over of what it was.
    pub(crate) fn complete(
        &mut self,
        key: &Key,
        stack: &mut Stack,
        update: Update<'_>,
        body: Arc<str>,
    ) {
        let leaving = left_over(stack, &update);
        let imported = update.imported.keys().filter_map(|id| update.resources.get(id));
        imported.for_each(|made| self.take_in(key, made));
        update.leaving().for_each(|(id, _)| self.count_up(key, id));
        stack.outputs = update.template.outputs();
        stack.become_made_of(&update);
        stack.template = body;
        self.take_note(&update.resources);
        let mut before = update.before;
        before.retain(|id, _| !leaving.iter().any(|it| it.is_kept && it.id == *id));
        self.publish(key, &before, &update.resources);
        self.clean_up(key, stack, leaving);
    }
}

impl Stack {
    /// Says how the change set that is executed has ended.
    fn executed(&mut self, how: Execution) {
        let running = self.change_sets.values_mut().find(|it| it.execution == Execution::Running);
        if let Some(change_set) = running {
            change_set.execution = how;
        }
    }
}

/// What leaves a stack and is still there.
fn left_over(stack: &Stack, update: &Update<'_>) -> Vec<Leaving> {
    let mut leaving = update.leaving().filter(|(id, _)| stack.is_there(id)).peekable();
    // Most updates leave nothing over, and the template need not be read.
    let deployed: Value = match leaving.peek() {
        Some(_) => serde_json::from_str(&stack.template).unwrap_or_default(),
        None => Value::Null,
    };
    let is_kept = |id: &str| match update.replaces(id) {
        true => policy(&update.template.body, id, "UpdateReplacePolicy") == "Retain",
        false => policy(&deployed, id, "DeletionPolicy") == "Retain",
    };
    leaving
        .map(|(id, made)| Leaving { id: id.clone(), made: made.clone(), is_kept: is_kept(id) })
        .collect()
}
