//! What becomes of resources that are no longer in a stack.

use serde_json::Value;

use super::{Key, Stack};
use crate::{template::Made, world::World};

/// A resource that is to go, and whether its policy keeps it.
pub(super) struct Leaving {
    pub(super) id: String,
    pub(super) made: Made,
    pub(super) is_kept: bool,
}

impl World {
    /// Deletes what an update has left over, unless it is kept or cannot be deleted: then it is there outside of all
    /// stacks. The update has succeeded already.
    pub(super) fn clean_up(&mut self, key: &Key, stack: &mut Stack, leaving: Vec<Leaving>) {
        for Leaving { id, made, is_kept } in leaving {
            let (status, reason) = match is_kept {
                true => ("DELETE_SKIPPED", None),
                false => match self.may_delete(key, &made) {
                    Ok(()) => {
                        self.is_gone(key, &made);
                        continue;
                    }
                    Err(reason) => ("DELETE_FAILED", Some(reason)),
                },
            };
            self.leave(key, &made);
            stack.tell(key, &id, &made, status, reason);
        }
    }

    /// Deletes a stack and what is in it, but for what its template keeps.
    ///
    /// # Errors
    /// If something cannot be deleted: the stack stays, and has nothing else any more.
    pub(crate) fn delete_stack(&mut self, key: &Key) -> Result<(), String> {
        let Some(mut stack) = self.stacks.remove(key) else { return Ok(()) };
        let policies: Value = serde_json::from_str(&stack.template).unwrap_or_default();
        let before = stack.resources.clone();
        let mut kept = before.clone();
        let mut failed = Ok(());
        for (id, made) in &before {
            let is_there = stack.is_there(id);
            let is_kept = is_there && policy(&policies, id, "DeletionPolicy") == "Retain";
            if is_kept {
                self.leave(key, made);
            } else if is_there && let Err(reason) = self.may_delete(key, made) {
                stack.tell(key, id, made, "DELETE_FAILED", Some(reason.clone()));
                stack.statuses.insert(id.clone(), "DELETE_FAILED");
                failed = Err(reason);
                continue;
            } else {
                kept.remove(id);
                // Somebody may have been faster.
                if is_there {
                    self.is_gone(key, made);
                }
            }
            stack.resources.remove(id);
            self.count_up(key, id);
        }
        self.publish(key, &before, &kept);
        if failed.is_err() {
            stack.enter(key, "DELETE_FAILED");
            self.stacks.insert(key.clone(), stack);
        }
        failed
    }

    /// A resource exists outside of all stacks from now on.
    fn leave(&mut self, (account, region, _): &Key, made: &Made) {
        let Made { kind, physical, .. } = made.clone();
        self.left.insert((account.clone(), region.clone(), kind, physical));
    }

    /// A resource is one of a stack from now on.
    pub(super) fn take_in(&mut self, (account, region, _): &Key, made: &Made) {
        let Made { kind, physical, .. } = made.clone();
        self.left.remove(&(account.clone(), region.clone(), kind, physical));
    }

    /// A resource does not exist any more, wherever it was.
    pub(crate) fn is_gone(&mut self, key: &Key, made: &Made) {
        let Made { kind, physical, .. } = made.clone();
        let it = (key.0.clone(), key.1.clone(), kind, physical);
        self.left.remove(&it);
        if self.exists_outside(key, &made.kind, &made.physical) {
            self.gone.insert(it);
        }
    }

    /// The next of this logical id is another one.
    pub(super) fn count_up(&mut self, key: &Key, id: &str) {
        let generations = self.generations.entry(key.clone()).or_default();
        *generations.entry(id.to_owned()).or_default() += 1;
    }
}

/// What a policy of a resource says, in the words of a change set.
pub(super) fn policy(template: &Value, id: &str, name: &str) -> &'static str {
    match template["Resources"][id][name].as_str() {
        Some("Retain" | "RetainExceptOnCreate") => "Retain",
        Some("Snapshot") => "Snapshot",
        _ => "Delete",
    }
}
