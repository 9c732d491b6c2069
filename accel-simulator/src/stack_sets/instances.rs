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
            Action::Delete { retain: false } => match self.delete_stack(&key) {
                Ok(()) => End::Succeeded,
                Err(reason) => End::Failed(reason),
            },
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
        let mut stack = self.stacks.remove(key).unwrap_or_default();
        let template = template(key, body, &definition.parameters);
        let update = self.update(key, template, &stack.resources, &BTreeMap::new());
        let failure = self.failure(key, &stack, &update);
        let end = match failure {
            _ if update.refused.is_some() => End::Failed(update.refused.unwrap_or_default()),
            Some((id, made, reason)) => End::Failed(format!(
                "ResourceLogicalId:{id}, ResourceType:{}, ResourceStatusReason:{reason}",
                made.kind
            )),
            None => {
                self.complete(key, &mut stack, update, Arc::clone(body));
                let kind = if stack.status.is_empty() { "CREATE" } else { "UPDATE" };
                stack.status = format!("{kind}_COMPLETE");
                stack.parameters.clone_from(&definition.parameters);
                stack.tags.clone_from(&definition.tags);
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
