//! What an operation does in one account and region: a stack is made, changed, deleted or compared.

use std::{collections::BTreeMap, sync::Arc};

use accel_deploy::cloud::cloudformation::CreateStackSet;

use super::{
    Spot,
    operation::{Action, End},
    stack_name,
};
use crate::{
    stacks::{Key, Stack, template},
    world::World,
};

impl World {
    /// Does what an operation is to do in one account and region.
    pub(super) fn carry_out(
        &mut self,
        name: &str,
        action: Action,
        (definition, template, invalid): (&CreateStackSet, &Arc<str>, Option<&String>),
        (account, region): &Spot,
    ) -> End {
        if action == Action::DetectDrift {
            return self.compare_instance((account.clone(), region.clone(), stack_name(name)));
        }
        let failure = self.failures.get(&(account.clone(), region.clone(), name.to_owned()));
        if let Some(reason) = failure {
            return End::Failed(reason.clone());
        }
        let key: Key = (account.clone(), region.clone(), stack_name(name));
        match action {
            Action::Delete { retain: true } => End::Succeeded,
            Action::Delete { retain: false } => {
                let gone = self.stacks.remove(&key).map(|stack| stack.resources);
                self.publish(&key, &gone.unwrap_or_default(), &BTreeMap::new());
                End::Succeeded
            }
            _ => match invalid {
                Some(invalid) => End::Failed(invalid.clone()),
                None => self.deploy_instance(&key, definition, template),
            },
        }
    }

    fn deploy_instance(&mut self, key: &Key, definition: &CreateStackSet, body: &Arc<str>) -> End {
        let is_same =
            |it: &&mut Stack| it.template == *body && it.parameters == definition.parameters;
        if let Some(stack) = self.stacks.get_mut(key).filter(is_same) {
            // "No updates are to be performed": nothing is read again, of parameters neither.
            stack.tags.clone_from(&definition.tags);
            return End::Succeeded;
        }
        let template = template(key, body, &definition.parameters);
        let (mut resources, outputs) = (template.resources(), template.outputs());
        if let Err(reason) = self.resolve((&key.0, &key.1), &mut resources) {
            return End::Failed(reason);
        }
        let mut stack = self.stacks.remove(key).unwrap_or_default();
        let failing = resources.iter().find_map(|(id, made)| {
            let place = (key.0.clone(), key.1.clone(), id.clone());
            let reason = self.failures.get(&place).cloned().or_else(|| stack.lost(id, made))?;
            Some(format!(
                "ResourceLogicalId:{id}, ResourceType:{}, ResourceStatusReason:{reason}",
                made.kind
            ))
        });
        let end = match failing {
            Some(reason) => End::Failed(reason),
            None => {
                let before = stack.become_made_of(resources.clone());
                self.publish(key, &before, &resources);
                let kind = if stack.status.is_empty() { "CREATE" } else { "UPDATE" };
                stack.status = format!("{kind}_COMPLETE");
                stack.template = Arc::clone(body);
                stack.parameters.clone_from(&definition.parameters);
                stack.tags.clone_from(&definition.tags);
                stack.outputs = outputs;
                End::Succeeded
            }
        };
        // An instance that has never been made has no stack.
        if !stack.status.is_empty() {
            self.stacks.insert(key.clone(), stack);
        }
        end
    }
}
