use super::{
    expr::{IntoScalar, Uses},
    keys::Keys,
};

/// Runs or jobs of one group run one after the other. `P` is where it stands: a workflow or a job.
///
/// Source: <https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency>
#[derive(Debug)]
pub struct Concurrency<P> {
    pub(super) keys: Keys,
    pub(super) uses: Uses,
    place: std::marker::PhantomData<fn() -> P>,
}

/// How many wait while one of the group runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// One: a newer one takes its place.
    Single,
    /// All.
    Max,
}

impl<P> Concurrency<P> {
    /// One at a time of the group; what runs is not cancelled.
    pub fn new(group: impl IntoScalar<P>) -> Self {
        let mut concurrency =
            Self { keys: Keys::default(), uses: Uses::default(), place: std::marker::PhantomData };
        let group = concurrency.uses.take(group.into_scalar());
        concurrency.keys.set("group", group);
        concurrency.keys.set("cancel-in-progress", false);
        concurrency
    }

    /// Whether what runs is cancelled when a newer one comes.
    #[must_use]
    pub fn cancel_in_progress(mut self, cancel: impl IntoScalar<P, bool>) -> Self {
        let cancel = self.uses.take(cancel.into_scalar());
        self.keys.set("cancel-in-progress", cancel);
        self
    }

    /// How many wait; [`Queue::Single`] unless said otherwise.
    #[must_use]
    pub fn queue(mut self, queue: Queue) -> Self {
        let queue = match queue {
            Queue::Single => "single",
            Queue::Max => "max",
        };
        self.keys.set("queue", queue);
        self
    }
}
