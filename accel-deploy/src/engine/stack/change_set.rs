//! Change sets: made, looked at, executed.

use super::{Change, Deadline, POLL, Shared, Trouble, token};
use crate::cloud::{
    Cloud, ErrorClass, Place,
    cloudformation::{
        ChangeSet, CreateChangeSet, DeleteChangeSet, DescribeChangeSet, ExecuteChangeSet,
    },
};

impl<C: Cloud> Shared<C> {
    /// Makes a change set with this template, if a run that was killed has not made it, executes it and waits for the
    /// end. One that would change nothing is taken away.
    pub(super) async fn carry_out(
        &self,
        place: &Place,
        template: &str,
        create: CreateChangeSet,
    ) -> Result<Change, Trouble> {
        let (stack, name) = (create.stack_name.clone(), create.change_set_name.clone());
        let mut there = self.change_set(place, &stack, &name).await?;
        if there.as_ref().is_some_and(is_spent) {
            self.delete_change_set(place, &stack, &name).await?;
            there = None;
        }
        let change_set = match there {
            Some(there) => there,
            None => {
                let sent = self.sent(template, &place.region).await?;
                let create = CreateChangeSet {
                    template_body: sent.body,
                    template_u_r_l: sent.url,
                    ..create
                };
                self.call(place, &create).await?;
                self.made_change_set(place, &stack, &name).await?
            }
        };
        if change_set.status.is_failed() {
            self.delete_change_set(place, &stack, &name).await?;
            if is_empty(&change_set) {
                return Ok(Change::Nothing);
            }
            let reason = change_set.status_reason.unwrap_or_default();
            return Err(Trouble::Refused(format!("its change set is refused: {reason}")));
        }
        // One that a killed run has begun is only waited for.
        if execution(&change_set) != EXECUTED_NOW {
            let execute = ExecuteChangeSet {
                client_request_token: Some(token(&["execute", &change_set.change_set_id])),
                change_set_name: name,
                stack_name: Some(stack.clone()),
            };
            self.call(place, &execute).await?;
        }
        let after = self.rest_of_ours(place, &stack).await?;
        if let Some(after) = after
            && !after.stack_status.is_complete()
        {
            if self.stop.is_cancelled() && after.stack_status.is_rollback() {
                return Err(Trouble::Stopped(format!("it is {}", after.stack_status)));
            }
            let reasons = self.reasons(place, &stack).await?;
            return Err(Trouble::Refused(format!("{}: {reasons}", after.stack_status)));
        }
        Ok(Change::Made)
    }

    async fn delete_change_set(
        &self,
        place: &Place,
        stack: &str,
        name: &str,
    ) -> Result<(), Trouble> {
        let delete = DeleteChangeSet {
            change_set_name: name.to_owned(),
            stack_name: Some(stack.to_owned()),
        };
        self.call(place, &delete).await?;
        Ok(())
    }

    async fn change_set(
        &self,
        place: &Place,
        stack: &str,
        name: &str,
    ) -> Result<Option<ChangeSet>, Trouble> {
        let describe = DescribeChangeSet {
            change_set_name: name.to_owned(),
            stack_name: Some(stack.to_owned()),
            ..DescribeChangeSet::default()
        };
        match self.call(place, &describe).await {
            Ok(there) if there.status.is_in_progress() => {
                self.made_change_set(place, stack, name).await.map(Some)
            }
            Ok(there) => Ok(Some(there)),
            Err(error) if error.class == ErrorClass::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn made_change_set(
        &self,
        place: &Place,
        stack: &str,
        name: &str,
    ) -> Result<ChangeSet, Trouble> {
        let describe = DescribeChangeSet {
            change_set_name: name.to_owned(),
            stack_name: Some(stack.to_owned()),
            ..DescribeChangeSet::default()
        };
        let deadline = self.deadline();
        loop {
            let there = self.call(place, &describe).await?;
            if !there.status.is_in_progress() {
                return Ok(there);
            }
            if self.is_over(deadline) {
                let what = format!("its change set `{name}` is {}", there.status);
                return Err(Deadline::give_up(&what, "delete it in CloudFormation"));
            }
            if self.stop.is_cancelled() {
                return Err(Trouble::Stopped(format!("its change set is {}", there.status)));
            }
            self.pause(POLL).await;
        }
    }
}

const EXECUTED_NOW: &str = "EXECUTE_IN_PROGRESS";

fn execution(change_set: &ChangeSet) -> &str {
    change_set.execution_status.as_deref().unwrap_or_default()
}

/// Whether it can be executed no more. CloudFormation keeps the change set that was executed last, however that has
/// ended, and one that failed; as names are of what is wanted, whoever wants the same again finds it.
fn is_spent(change_set: &ChangeSet) -> bool {
    !["AVAILABLE", EXECUTED_NOW].contains(&execution(change_set))
}

/// CloudFormation says in words only that there is nothing to change.
fn is_empty(change_set: &ChangeSet) -> bool {
    let reason = change_set.status_reason.as_deref().unwrap_or_default();
    reason.contains("didn't contain changes") || reason.contains("No updates")
}
