//! Work on many independent things, on all processors.

use std::{
    num::NonZero,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// Below so many things a thread costs more than it saves.
const WORTH_A_THREAD: usize = 16;

/// Each thread takes so many things at once. Neighbors are alike, and some take a hundred times as long as others:
/// halves, one for each thread, would leave one of them waiting.
const AT_ONCE: usize = 4;

/// What `work` makes of each item, in the order of the items.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    map_on(processors.min(items.len() / WORTH_A_THREAD), items, work)
}

fn map_on<T: Sync, R: Send>(threads: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let taken = AtomicUsize::new(0);
    let some = || {
        let mut made = Vec::new();
        loop {
            let first = taken.fetch_add(AT_ONCE, Ordering::Relaxed);
            let Some(rest) = items.get(first..).filter(|rest| !rest.is_empty()) else { break made };
            made.push((first, rest.iter().take(AT_ONCE).map(&work).collect::<Vec<R>>()));
        }
    };
    let mut made = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(some)).collect();
        let mut made = some();
        for other in others {
            // What panics on another thread panics here.
            made.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        made
    });
    made.sort_unstable_by_key(|(first, _)| *first);
    made.into_iter().flat_map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_items() {
        for length in [0, 1, 5, 16, 100] {
            let items: Vec<usize> = (0..length).collect();
            let expected: Vec<usize> = items.iter().map(|item| item * 2).collect();
            for threads in [0, 1, 2, 3, 7] {
                assert_eq!(map_on(threads, &items, |item| item * 2), expected);
            }
            assert_eq!(map(&items, |item| item * 2), expected);
        }
    }
}
