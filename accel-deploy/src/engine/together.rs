//! Work that goes on side by side inside of one node.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::Poll,
    vec,
};

/// What several workers take from, each the next one.
pub(super) struct Shelf<T>(Mutex<vec::IntoIter<T>>);

impl<T> Shelf<T> {
    pub(super) fn new(items: Vec<T>) -> Self {
        Self(Mutex::new(items.into_iter()))
    }

    pub(super) fn next(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next()
    }
}

/// Lets all workers work, and ends when all have, or with the first that fails.
pub(super) async fn together<E>(
    workers: Vec<impl Future<Output = Result<(), E>>>,
) -> Result<(), E> {
    let mut running: Vec<Pin<Box<_>>> = workers.into_iter().map(Box::pin).collect();
    poll_fn(|cx| {
        let mut failed = None;
        running.retain_mut(|worker| match worker.as_mut().poll(cx) {
            Poll::Pending => true,
            Poll::Ready(ended) => {
                failed = failed.take().or(ended.err());
                false
            }
        });
        match failed {
            Some(error) => Poll::Ready(Err(error)),
            None if running.is_empty() => Poll::Ready(Ok(())),
            None => Poll::Pending,
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, time::Duration};

    use tokio::time::{Instant, sleep};

    use super::{Shelf, together};

    #[tokio::test(start_paused = true)]
    async fn as_many_go_on_at_once_as_there_are_workers() {
        let (shelf, done) = (Shelf::new((0..10).collect()), Cell::new(0));
        let workers = (0..4).map(|_| async {
            while shelf.next().is_some() {
                sleep(Duration::from_secs(1)).await;
                done.set(done.get() + 1);
            }
            Ok::<(), ()>(())
        });
        let start = Instant::now();
        assert_eq!(together(workers.collect()).await, Ok(()));
        assert_eq!((done.get(), start.elapsed().as_secs()), (10, 3));
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_failure_ends_it() {
        let workers = (1..=3).map(|n| async move {
            sleep(Duration::from_secs(n)).await;
            if n == 1 { Ok(()) } else { Err(n) }
        });
        let start = Instant::now();
        assert_eq!(together(workers.collect()).await, Err(2));
        assert_eq!(start.elapsed().as_secs(), 2);
    }
}
