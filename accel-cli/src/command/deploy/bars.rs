use std::{
    collections::BTreeMap,
    io::{self, IsTerminal as _},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use accel_deploy::{Event, Progress, Tally};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

const WHOLE: &str = "{bar:30} {pos} of {len}, {elapsed}";
const NODE: &str = "  {spinner} {prefix}";
/// A stack set, with how many of its instances have ended.
const INSTANCES: &str = "  {spinner} {prefix} {bar:20} {msg}";

/// What is going on, at a terminal: how much of the plan is done, and a line for each node that is worked on.
#[derive(Debug)]
pub(super) struct Bars {
    all: MultiProgress,
    whole: ProgressBar,
    running: Mutex<BTreeMap<String, ProgressBar>>,
}

impl Bars {
    /// For a plan that does something to so many nodes; none if nobody sees them.
    pub(super) fn at_the_terminal(nodes: u64) -> Option<Self> {
        io::stderr().is_terminal().then(|| Self::new(nodes, ProgressDrawTarget::stderr()))
    }

    fn new(nodes: u64, target: ProgressDrawTarget) -> Self {
        let all = MultiProgress::with_draw_target(target);
        let whole = all.add(ProgressBar::new(nodes).with_style(style(WHOLE)));
        whole.tick();
        whole.enable_steady_tick(Duration::from_secs(1));
        Self { all, whole, running: Mutex::default() }
    }

    /// `line` is the event in words: it stays if something is not well.
    pub(super) fn note(&self, event: &Event, line: &str) {
        let mut running = self.running();
        if is_begun(event.to) {
            let bar = ProgressBar::no_length().with_style(style(NODE));
            let bar = self.all.add(bar);
            bar.set_prefix(line.trim().to_owned());
            bar.enable_steady_tick(Duration::from_millis(500));
            running.insert(event.node.clone(), bar);
            return;
        }
        if let Some(bar) = running.remove(&event.node) {
            bar.finish_and_clear();
            self.all.remove(&bar);
        }
        self.whole.inc(1);
        if event.to != Progress::Done {
            // A terminal that is gone shows nothing any more.
            self.all.println(line).ok();
        }
    }

    /// Shows how many instances of a stack set are done.
    pub(super) fn count(&self, tally: &Tally) {
        let running = self.running();
        let Some(bar) = running.get(&tally.node) else { return };
        if bar.length().is_none() {
            bar.set_style(style(INSTANCES));
        }
        bar.set_length(tally.all() as u64);
        bar.set_position((tally.all() - tally.pending) as u64);
        bar.set_message(tally.to_string());
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<String, ProgressBar>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.all.clear().ok();
    }
}

const fn is_begun(progress: Progress) -> bool {
    matches!(progress, Progress::Creating | Progress::Updating | Progress::Deleting)
}

/// The plain one, should a template be wrong.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use indicatif::InMemoryTerm;

    use super::*;

    fn event(node: &str, from: Progress, to: Progress) -> Event {
        let (account, region, reason) = (None, None, None);
        Event { seq: 1, ts: 0, node: node.to_owned(), account, region, from, to, reason }
    }

    #[test]
    fn what_ends_is_counted_and_no_longer_shown() {
        let bars = Bars::new(3, ProgressDrawTarget::hidden());
        let running = || bars.running().keys().cloned().collect::<Vec<_>>();
        bars.note(&event("a", Progress::Waiting, Progress::Creating), "creating a");
        bars.note(&event("b", Progress::Waiting, Progress::Updating), "updating b");
        assert_eq!((running(), bars.whole.position()), (vec!["a".into(), "b".into()], 0));
        bars.note(&event("a", Progress::Creating, Progress::Done), "done a");
        assert_eq!((running(), bars.whole.position()), (vec!["b".into()], 1));
        bars.note(&event("b", Progress::Updating, Progress::Failed), "failed b");
        bars.note(&event("c", Progress::Waiting, Progress::Skipped), "skipped c");
        assert_eq!((running(), bars.whole.position()), (vec![], 3));
    }

    #[test]
    fn a_terminal_shows_how_many_instances_are_done() {
        let terminal = InMemoryTerm::new(10, 80);
        let bars = Bars::new(2, ProgressDrawTarget::term_like(Box::new(terminal.clone())));
        let begun = event("everywhere", Progress::Waiting, Progress::Updating);
        bars.note(&begun, "updating everywhere");
        bars.note(&event("b", Progress::Waiting, Progress::Creating), "creating b");
        let tally = |done, failed, pending| {
            bars.count(&Tally { node: "everywhere".to_owned(), done, failed, pending });
            bars.running()["everywhere"].tick();
            terminal.contents()
        };
        let shown = tally(0, 0, 8);
        assert!(shown.starts_with("░░░"), "{shown}");
        let of_eight = "updating everywhere ░░░░░░░░░░░░░░░░░░░░ 0 done, 0 failed, 8 pending\n";
        assert!(shown.contains(of_eight), "{shown}");
        let shown = tally(3, 1, 4);
        let half = "updating everywhere ██████████░░░░░░░░░░ 3 done, 1 failed, 4 pending\n";
        assert!(shown.contains(half), "{shown}");
        // One that is not shown is counted by nobody.
        bars.count(&Tally { node: "elsewhere".to_owned(), done: 1, failed: 0, pending: 0 });
        let ended = event("everywhere", Progress::Updating, Progress::Partial);
        bars.note(&ended, "partial everywhere: no");
        let shown = terminal.contents();
        assert!(shown.starts_with("partial everywhere: no\n"), "{shown}");
        assert!(!shown.contains("pending"), "{shown}");
    }

    #[test]
    fn the_templates_are_right() {
        for template in [WHOLE, NODE, INSTANCES] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
