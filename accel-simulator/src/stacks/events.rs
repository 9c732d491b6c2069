//! What a stack tells of itself and of its resources.

use accel_deploy::cloud::cloudformation::{StackEvent, StackEvents};
use serde_json::Value;

use super::{Key, Stack, replacement::Update};
use crate::{
    template::{Made, stack_id},
    world::page,
};

impl Stack {
    /// Adds an event of a resource.
    pub(super) fn tell(
        &mut self,
        key: &Key,
        id: &str,
        made: &Made,
        status: &str,
        reason: Option<String>,
    ) {
        self.add_event(key, (id, &made.physical, &made.kind), status, reason);
    }

    /// Enters a status, and adds the event of it.
    pub(super) fn enter(&mut self, key: &Key, status: &str) {
        status.clone_into(&mut self.status);
        let id = stack_id(&key.0, &key.1, &key.2);
        self.add_event(key, (&key.2, &id, "AWS::CloudFormation::Stack"), status, None);
    }

    /// Goes back from a change in which a resource has failed: so does what the change has made and altered otherwise.
    pub(super) fn go_back(&mut self, key: &Key, kind: &str, update: &Update<'_>, failed: &str) {
        let rollback = if kind == "CREATE" { String::new() } else { format!("{kind}_") };
        self.enter(key, &format!("{rollback}ROLLBACK_IN_PROGRESS"));
        for (id, made) in update.resources.iter().filter(|(id, _)| *id != failed) {
            match update.before.get(id) {
                Some(before) if before == made => {}
                Some(before) => self.tell(key, id, before, "UPDATE_COMPLETE", None),
                None => self.tell(key, id, made, "DELETE_COMPLETE", None),
            }
        }
        self.enter(key, &format!("{rollback}ROLLBACK_COMPLETE"));
    }

    fn add_event(
        &mut self,
        (account, region, name): &Key,
        (id, physical, kind): (&str, &str, &str),
        status: &str,
        reason: Option<String>,
    ) {
        self.events.push(StackEvent {
            event_id: format!("{id}-{}", self.events.len()),
            stack_id: stack_id(account, region, name),
            stack_name: name.clone(),
            logical_resource_id: id.to_owned(),
            physical_resource_id: Some(physical.to_owned()),
            resource_type: kind.to_owned(),
            timestamp: String::new(),
            resource_status: status.into(),
            resource_status_reason: reason,
            client_request_token: self.token.clone(),
        });
    }

    /// A hundred a page, the newest first.
    pub(super) fn events(&self, request: &Value) -> StackEvents {
        let (stack_events, next_token) = page(self.events.iter().rev().cloned(), request);
        StackEvents { stack_events, next_token }
    }
}
