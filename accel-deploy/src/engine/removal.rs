//! Deletes what is no longer in the app.

use accel_synth::{manifest::StackSet, schema::why_stateful};
use serde_json::Value;

use super::{
    Shared, State, Trouble,
    outcome::Failed,
    settle::Change,
    stack::token,
    stack_set::Goal,
    targets::{blocks, spot},
};
use crate::{
    cloud::{
        Cloud, Place,
        cloudformation::{self, DeleteStack, DeleteStackSet, Tag, UpdateTerminationProtection},
    },
    graph::Removal,
};

impl<C: Cloud> Shared<C> {
    /// What is gone, or is not the app's any more, is as it should be.
    pub(super) async fn look_at_removal(
        &self,
        path: &str,
        removal: &Removal,
    ) -> Result<State, Trouble> {
        let losses = match removal {
            Removal::Stack { place, stack } => {
                let place = known(place.as_ref(), &stack.account)?;
                let Some(found) = self.there(place, &stack.name).await? else {
                    return Ok(State::Present);
                };
                if is_shell(&found) {
                    return Ok(State::Differs(vec!["it was begun, and is not wanted".to_owned()]));
                }
                if !self.is_ours(path, &found.tags) {
                    return Ok(State::Present);
                }
                self.losses_of_stack(place, &found).await?
            }
            Removal::StackSet(set) => {
                let Some(found) = self.stack_set(set).await? else { return Ok(State::Present) };
                if !self.is_ours(path, &found.tags) {
                    return Ok(State::Present);
                }
                losses_of_instances(set, &found.template_body)
            }
            Removal::Cleanup(cleanup) => return self.look_at_cleanup(path, cleanup).await,
        };
        let mut reasons = vec!["it is no longer in the app".to_owned()];
        if matches!(removal, Removal::StackSet(set) if set.retain_stacks) {
            reasons.push(STAY.to_owned());
        }
        if !self.allowed.delete && !losses.is_empty() {
            reasons.push(format!("needs `--allow-delete`: {}", losses.join("; ")));
        }
        Ok(State::Differs(reasons))
    }

    pub(super) async fn remove(&self, removal: &Removal, state: &State) -> Result<Change, Trouble> {
        match removal {
            Removal::Stack { place, stack } => {
                let place = known(place.as_ref(), &stack.account)?;
                self.remove_stack(place, &stack.name).await.map(|()| Change::Made)
            }
            Removal::StackSet(set) => self.remove_stack_set(set).await.map(Change::from),
            Removal::Cleanup(cleanup) => self.clean_up(cleanup, state).await,
        }
    }

    async fn remove_stack(&self, place: &Place, name: &str) -> Result<(), Trouble> {
        let Some(found) = self.there(place, name).await? else { return Ok(()) };
        if !is_shell(&found) {
            if found.stack_status.is_in_progress() {
                self.rest(place, name).await?;
                return Ok(());
            }
            self.guard_losses(self.losses_of_stack(place, &found).await?)?;
        }
        if found.enable_termination_protection {
            let unprotect = UpdateTerminationProtection {
                stack_name: name.to_owned(),
                enable_termination_protection: false,
            };
            self.call(place, &unprotect).await?;
        }
        let delete = DeleteStack {
            stack_name: name.to_owned(),
            client_request_token: Some(token(&["delete", &found.stack_id])),
            retain_resources: None,
        };
        self.call(place, &delete).await?;
        match self.rest_of_ours(place, name).await? {
            Some(after) if after.stack_status.is_failed() => {
                let reasons = self.reasons(place, name).await?;
                Err(Trouble::Refused(format!("{}: {reasons}", after.stack_status)))
            }
            _ => Ok(()),
        }
    }

    async fn remove_stack_set(&self, set: &StackSet) -> Result<Failed, Trouble> {
        let Some(found) = self.stack_set(set).await? else { return Ok(Failed::default()) };
        let operations = self.operations(set).await?;
        if let Some(id) = operations.running() {
            return self.attend(set, id).await;
        }
        let instances = self.instances(set).await?;
        match blocks(&instances.iter().map(spot).collect()).into_iter().next() {
            Some(places) => {
                let mut ids = operations.ids(Goal::new(&["nothing", &set.name]));
                self.delete_instances(set, &found.template_body, places, (&mut ids, false)).await
            }
            None => {
                let delete = DeleteStackSet { stack_set_name: set.name.clone(), call_as: None };
                self.call(&self.administrator(set), &delete).await?;
                Ok(Failed::default())
            }
        }
    }

    /// Refuses to delete what is lost by it.
    pub(super) fn guard_losses(&self, losses: Vec<String>) -> Result<(), Trouble> {
        if losses.is_empty() || self.allowed.delete {
            return Ok(());
        }
        Err(Trouble::Guarded(format!("needs `--allow-delete`: {}", losses.join("; "))))
    }

    async fn losses_of_stack(
        &self,
        place: &Place,
        found: &cloudformation::Stack,
    ) -> Result<Vec<String>, Trouble> {
        let mut losses = losses(&self.deployed_template(place, &found.stack_name).await?);
        if found.enable_termination_protection {
            losses.push("the stack is protected from termination".to_owned());
        }
        Ok(losses)
    }

    pub(super) async fn there(
        &self,
        place: &Place,
        name: &str,
    ) -> Result<Option<cloudformation::Stack>, Trouble> {
        let found = self.stack(place, name).await?;
        Ok(found.filter(|found| found.stack_status.0 != "DELETE_COMPLETE"))
    }

    /// Whether it was made for this path of this app: by its tags.
    fn is_ours(&self, path: &str, tags: &[Tag]) -> bool {
        let has = |key: &str, value: &str| {
            tags.iter().any(|tag| (tag.key.as_str(), tag.value.as_str()) == (key, value))
        };
        has("accel:app", &self.graph.manifest.app) && has("accel:node", path)
    }
}

/// A change set that was never executed has a stack without anything in it, and without tags.
fn is_shell(stack: &cloudformation::Stack) -> bool {
    stack.stack_status.0 == "REVIEW_IN_PROGRESS" && stack.tags.is_empty()
}

fn known<'a>(place: Option<&'a Place>, account: &str) -> Result<&'a Place, Trouble> {
    place.ok_or_else(|| Trouble::Unknown(format!("the id of the account `{account}`")))
}

/// What becomes of the stacks of a set that keeps them.
pub(super) const STAY: &str =
    "the stacks stay, with all that is in them, and are nobody's from then on";

/// What is lost when instances of a set are deleted whose stacks are of this template.
pub(super) fn losses_of_instances(set: &StackSet, template: &str) -> Vec<String> {
    if set.retain_stacks { Vec::new() } else { losses(template) }
}

/// What is lost when all of a template is deleted; what its deletion policy keeps is not.
fn losses(template: &str) -> Vec<String> {
    let template: Value = serde_json::from_str(template).unwrap_or_default();
    let resources = template["Resources"].as_object().into_iter().flatten();
    let lost = resources.filter_map(|(id, resource)| {
        let kind = resource["Type"].as_str()?;
        let loses = why_stateful(kind)?;
        // `Retain` and `RetainExceptOnCreate`.
        let policy = resource["DeletionPolicy"].as_str();
        let is_kept = policy.is_some_and(|policy| policy.starts_with("Retain"));
        (!is_kept).then(|| format!("deleting `{id}` ({kind}) loses {loses}"))
    });
    lost.collect()
}

#[cfg(test)]
mod tests {
    use super::losses;

    #[test]
    fn what_a_deletion_policy_keeps_is_not_lost() {
        let template = |policy: &str| {
            format!(
                r#"{{"Resources": {{"Table": {{"Type": "AWS::DynamoDB::Table"{policy}}},
                "Role": {{"Type": "AWS::IAM::Role"}}}}}}"#
            )
        };
        let lost = losses(&template(""));
        assert_eq!(lost, ["deleting `Table` (AWS::DynamoDB::Table) loses the items in it"]);
        assert_eq!(losses(&template(r#", "DeletionPolicy": "Retain""#)), Vec::<String>::new());
        let lost = losses(&template(r#", "DeletionPolicy": "Delete""#));
        assert_eq!(lost.len(), 1);
    }
}
