//! Work on many independent things, on all processors.

use std::{num::NonZero, thread};

/// Below so many things a thread costs more than it saves.
const WORTH_A_THREAD: usize = 16;

/// What `work` makes of each item, in the order of the items.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    map_on(processors.min(items.len() / WORTH_A_THREAD), items, work)
}

fn map_on<T: Sync, R: Send>(threads: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if threads.min(items.len()) < 2 {
        return items.iter().map(work).collect();
    }
    let mut parts = items.chunks(items.len().div_ceil(threads));
    let own = parts.next().unwrap_or_default();
    let all = |part: &[T]| part.iter().map(&work).collect::<Vec<R>>();
    let all = &all;
    thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(move || all(part))).collect();
        let mut made = all(own);
        for other in others {
            // What panics on another thread panics here.
            made.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        made
    })
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
