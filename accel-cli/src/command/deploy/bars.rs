use std::{
    collections::BTreeMap,
    io::{self, IsTerminal as _},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use accel_deploy::{Event, Progress};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

const WHOLE: &str = "{bar:30} {pos} of {len}, {elapsed}";
const NODE: &str = "  {spinner} {msg}";

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
        whole.enable_steady_tick(Duration::from_secs(1));
        Self { all, whole, running: Mutex::default() }
    }

    /// `line` is the event in words: it stays if something is not well.
    pub(super) fn note(&self, event: &Event, line: &str) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if is_begun(event.to) {
            let bar = ProgressBar::no_length().with_style(style(NODE));
            let bar = self.all.add(bar);
            bar.set_message(line.trim().to_owned());
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
    use super::*;

    fn event(node: &str, from: Progress, to: Progress) -> Event {
        let (account, region, reason) = (None, None, None);
        Event { seq: 1, ts: 0, node: node.to_owned(), account, region, from, to, reason }
    }

    #[test]
    fn what_ends_is_counted_and_no_longer_shown() {
        let bars = Bars::new(3, ProgressDrawTarget::hidden());
        let running = || bars.running.lock().unwrap().keys().cloned().collect::<Vec<_>>();
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
    fn the_templates_are_right() {
        for template in [WHOLE, NODE] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
