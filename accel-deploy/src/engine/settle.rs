//! What happens to one node: it is looked at, changed, and looked at again.

use std::sync::atomic::Ordering;

use super::{
    Observer, PAUSE, ROUNDS, Shared, State, Trouble,
    outcome::{Event, Failed, Progress},
};
use crate::{
    cloud::{Cloud, ErrorClass},
    graph::{Node, Subject},
};

/// Of what a look takes for a difference: only how the template is written has changed.
const NO_CHANGE: &str = "CloudFormation sees no change in it";

/// How a node ends that is not in trouble.
pub(super) enum Settled {
    Unchanged,
    Changed,
    Partial(Failed),
    /// The run was asked to end, or lost the app to another one, before anything was done to it.
    NotBegun,
}

/// What a change has come to.
pub(super) enum Change {
    /// The next look shows whether anything is left to do.
    Made,
    /// These instances could not be changed.
    Partial(Failed),
    /// AWS sees no difference where the look sees one.
    Nothing,
}

impl From<Failed> for Change {
    fn from(failed: Failed) -> Self {
        if failed.is_empty() { Self::Made } else { Self::Partial(failed) }
    }
}

impl<C: Cloud> Shared<C> {
    pub(super) async fn look(&self, node: &Node) -> Result<State, Trouble> {
        match &node.subject {
            Subject::Step(step) => self.look_at_step(step).await,
            Subject::Stack(stack) => self.look_at_stack(&node.path, stack).await,
            Subject::StackSet(set) => self.look_at_stack_set(&node.path, set).await,
            Subject::Removal(removal) => self.look_at_removal(&node.path, removal).await,
        }
    }

    async fn change(&self, node: &Node, state: &State) -> Result<Change, Trouble> {
        match &node.subject {
            Subject::Step(step) => self.take_step(step).await.map(|()| Change::Made),
            Subject::Stack(stack) => self.change_stack(&node.path, stack).await,
            Subject::StackSet(set) => {
                self.change_stack_set(&node.path, set, state).await.map(Change::from)
            }
            Subject::Removal(removal) => self.remove(removal, state).await,
        }
    }

    /// Looks and changes until there is nothing left to change: whether a reply was lost, another run has
    /// done a part or AWS took its time, it is always the look that decides.
    pub(super) async fn settle(
        &self,
        node: &Node,
        observer: &Observer,
    ) -> Result<Settled, Trouble> {
        let mut progress = Progress::Waiting;
        let result = self.settle_in(node, observer, &mut progress).await;
        let (to, reason) = match &result {
            Ok(Settled::NotBegun) => return result,
            Ok(Settled::Unchanged) if progress == Progress::Waiting => return result,
            Ok(Settled::Unchanged) => (Progress::Done, Some(NO_CHANGE.to_owned())),
            Ok(Settled::Changed) => (Progress::Done, None),
            Ok(Settled::Partial(failed)) => (Progress::Partial, Some(failed.to_string())),
            Err(trouble @ Trouble::Stopped(_)) => (Progress::Stopped, Some(trouble.to_string())),
            Err(trouble) => (Progress::Failed, Some(trouble.to_string())),
        };
        self.tell(observer, node, progress, to, reason);
        result
    }

    async fn settle_in(
        &self,
        node: &Node,
        observer: &Observer,
        progress: &mut Progress,
    ) -> Result<Settled, Trouble> {
        let mut last = String::new();
        let mut is_changed = false;
        for _ in 0..ROUNDS {
            let state = self.look(node).await?;
            let to = match &state {
                State::Present if *progress == Progress::Waiting => return Ok(Settled::Unchanged),
                State::Present => return Ok(Settled::Changed),
                State::Absent(_) => Progress::Creating,
                State::Differs(_) if node.is_removal() => Progress::Deleting,
                State::Differs(_) => Progress::Updating,
            };
            self.guard(&node.path)?;
            if *progress == Progress::Waiting && self.stop.asked().is_some() {
                return Ok(Settled::NotBegun);
            }
            if self.stop.is_cancelled() {
                return Err(Trouble::Stopped("it is not yet what it should be".to_owned()));
            }
            match self.hold().await {
                // The run as a whole says why.
                Err(Trouble::Held(_)) if *progress == Progress::Waiting => {
                    return Ok(Settled::NotBegun);
                }
                held => held?,
            }
            if *progress == Progress::Waiting {
                let reason = match &state {
                    State::Differs(_) => Some(state.to_string()),
                    _ => None,
                };
                self.tell(observer, node, *progress, to, reason);
                *progress = to;
            }
            match self.change(node, &state).await {
                Ok(Change::Made) => {
                    is_changed = true;
                    last = state.to_string();
                }
                Ok(Change::Partial(failed)) => return Ok(Settled::Partial(failed)),
                // To look again would show the same again.
                Ok(Change::Nothing) if is_changed => return Ok(Settled::Changed),
                Ok(Change::Nothing) => return Ok(Settled::Unchanged),
                Err(Trouble::Cloud(error)) if is_settled_by_looking(error.class) => {
                    last = error.to_string();
                    self.pause(PAUSE).await;
                }
                Err(trouble) => return Err(trouble),
            }
        }
        Err(Trouble::Refused(format!("is not what it should be after {ROUNDS} changes: {last}")))
    }

    pub(super) fn tell(
        &self,
        observer: &Observer,
        node: &Node,
        from: Progress,
        to: Progress,
        reason: Option<String>,
    ) {
        observer(&Event {
            seq: self.sequence.fetch_add(1, Ordering::Relaxed) + 1,
            ts: u64::try_from(self.cloud.now().as_millis()).unwrap_or(u64::MAX),
            node: node.path.clone(),
            account: node.account().map(str::to_owned),
            region: node.region().map(str::to_owned),
            from,
            to,
            reason: reason.map(|reason| self.without_secrets(reason)),
        });
    }
}

/// Whether the next look tells what an error leaves open.
pub(super) const fn is_settled_by_looking(class: ErrorClass) -> bool {
    matches!(
        class,
        ErrorClass::Ambiguous
            | ErrorClass::Exists
            | ErrorClass::Stale
            | ErrorClass::InProgress
            | ErrorClass::NoChange
    )
}
