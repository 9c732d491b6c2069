//! Work on many independent things, on all processors.

use std::{
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Below so many things a thread costs more than it saves.
const WORTH_A_THREAD: usize = 16;

/// Each thread takes so many things at once. Neighbors are alike, and some take a hundred times as long as others:
/// halves, one for each thread, would leave one of them waiting.
const AT_ONCE: usize = 4;

/// What `work` makes of each item, in the order of the items.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    map_on(processors().min(items.len() / WORTH_A_THREAD), items, work)
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Both results; `aside` on a thread of its own, if there is a processor for it.
pub(crate) fn both<A: Send, B>(
    aside: impl FnOnce() -> A + Send,
    here: impl FnOnce() -> B,
) -> (A, B) {
    if processors() == 1 {
        return (aside(), here());
    }
    thread::scope(|scope| {
        let aside = scope.spawn(aside);
        let here = here();
        (aside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), here)
    })
}

fn map_on<T: Sync, R: Send>(threads: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let portions = items.chunks(AT_ONCE).collect::<Vec<_>>();
    let made: Vec<Mutex<Vec<R>>> = portions.iter().map(|_| Mutex::default()).collect();
    spread(threads, portions.len(), &|portion| {
        let results = portions[portion].iter().map(&work).collect();
        *made[portion].lock().unwrap_or_else(PoisonError::into_inner) = results;
    });
    let mut all = Vec::with_capacity(items.len());
    for made in made {
        all.append(&mut made.into_inner().unwrap_or_else(PoisonError::into_inner));
    }
    all
}

/// Does `work` for each number below `count`. Apart from `map`, which is compiled for each kind of item.
fn spread(threads: usize, count: usize, work: &(dyn Fn(usize) + Sync)) {
    let next = AtomicUsize::new(0);
    let some = || loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= count {
            break;
        }
        work(number);
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(some)).collect();
        some();
        for other in others {
            // What panics on another thread panics here.
            other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
    });
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
