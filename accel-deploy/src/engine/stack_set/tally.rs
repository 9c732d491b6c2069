//! How far an operation on the instances of a stack set is, for who watches.

use std::fmt;

use accel_synth::manifest::StackSet;

use crate::{
    cloud::{Cloud, CloudError, cloudformation::ListStackSetOperationResults},
    engine::Shared,
    graph::{Node, Removal, Subject},
};

/// How far the operation of a stack set is that goes on, in instances.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The construct path of the stack set.
    pub node: String,
    /// Those that are done.
    pub done: usize,
    /// Those that failed or were cancelled.
    pub failed: usize,
    /// Those that are being done, and those that wait.
    pub pending: usize,
}

impl Tally {
    /// Of all instances of the operation.
    #[must_use]
    pub const fn all(&self) -> usize {
        self.done + self.failed + self.pending
    }

    fn add(&mut self, status: &str) {
        match status {
            "SUCCEEDED" => self.done += 1,
            "FAILED" | "CANCELLED" => self.failed += 1,
            _ => self.pending += 1,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} done, {} failed, {} pending", self.done, self.failed, self.pending)
    }
}

type Watch = dyn Fn(&Tally) + Send + Sync;

/// Who is told of tallies.
pub(in crate::engine) struct Watcher(pub(in crate::engine) Box<Watch>);

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watcher")
    }
}

/// Counts the instances of one operation, again and again. Over the time that it takes that is a page of their list for
/// each look at the operation, however many there are: what watches does not hold up what is watched.
#[derive(Debug, Default)]
pub(super) struct Counting {
    /// For so many looks more it does not count.
    rests: usize,
}

impl Counting {
    pub(super) async fn look<C: Cloud>(&mut self, shared: &Shared<C>, set: &StackSet, id: &str) {
        let Some(Watcher(tell)) = shared.watcher.get() else { return };
        if self.rests > 0 {
            self.rests -= 1;
            return;
        }
        // What is not known now is not told: the operation itself says how it ends.
        if let Ok((tally, pages)) = shared.tally(set, id).await {
            self.rests = pages - 1;
            tell(&tally);
        }
    }
}

impl<C: Cloud> Shared<C> {
    /// How far an operation is, and how many pages it took to know. A page is asked for once.
    async fn tally(&self, set: &StackSet, id: &str) -> Result<(Tally, usize), CloudError> {
        let mut list = ListStackSetOperationResults {
            stack_set_name: set.name.clone(),
            operation_id: id.to_owned(),
            max_results: Some(100),
            ..ListStackSetOperationResults::default()
        };
        let mut tally = Tally { node: self.path_of(set), ..Tally::default() };
        let mut pages = 0;
        loop {
            let page = self.call_once(&self.administrator(set), &list).await?;
            page.summaries.iter().for_each(|result| tally.add(&result.status));
            pages += 1;
            list.next_token = page.next_token;
            if list.next_token.is_none() {
                return Ok((tally, pages));
            }
        }
    }

    fn path_of(&self, set: &StackSet) -> String {
        let is_it = |node: &&Node| match &node.subject {
            Subject::StackSet(it) => it.name == set.name,
            Subject::Removal(removal) => {
                matches!(&**removal, Removal::StackSet(it) if it.name == set.name)
            }
            Subject::Step(_) | Subject::Stack(_) => false,
        };
        self.graph.nodes().find(is_it).map(|node| node.path.clone()).unwrap_or_default()
    }
}
