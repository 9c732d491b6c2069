//! What is known of a run before it changes anything.

use super::{Engine, Outcome, Trouble};
use crate::{cloud::Cloud, engine::outcome::Failure, plan::Plan};

impl<C: Cloud + 'static> Engine<C> {
    /// What of `paths` is [refused](Failure::guarded) whoever agrees: it would lose what is not
    /// [`Allowed`](super::Allowed), by the record and by what was [looked at](Self::plan).
    #[must_use]
    pub fn refusals(&self, paths: &[String]) -> Vec<Failure> {
        let losses = paths.iter().map(|path| (path, self.shared.losses_of(path)));
        let losses = losses.filter(|(_, losses)| !losses.is_empty());
        losses
            .map(|(path, losses)| self.shared.failure(path, &Trouble::Guarded(losses.join("; "))))
            .collect()
    }

    /// [`Self::apply`] of a plan of this engine's in which there is nothing to do: nothing is looked at again. Only the
    /// record of what is deployed is written, if a run that was killed has not done so.
    pub async fn confirm(&self, plan: &Plan) -> Outcome {
        let shared = &self.shared;
        let paths: Vec<String> = plan.entries.iter().map(|entry| entry.path.clone()).collect();
        let done: Vec<&str> = paths.iter().map(String::as_str).collect();
        let mut outcome = Outcome {
            unchanged: paths.len(),
            left: plan.left.clone(),
            values: shared.values().clone(),
            ..Outcome::default()
        };
        if let Err(trouble) = shared.may_begin().await {
            outcome.failed.push(shared.failure("", &trouble));
            return outcome;
        }
        let kept = match shared.keep_what_is_begun(&paths).await {
            Ok(kept) => shared.keep_what_is_done(kept, &done).await,
            Err(trouble) => Err(trouble),
        };
        shared.end(&mut outcome, kept).await;
        outcome
    }
}
