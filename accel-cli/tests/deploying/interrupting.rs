//! Ctrl-C, which a terminal sends as SIGINT: pressed once, twice, three times.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use serde_json::json;

use crate::session::{Ended, Session};

/// So long it may take until a process says what it is waited for, on the busiest of machines.
const PATIENCE: Duration = Duration::from_secs(120);

/// A deployment that is held up while the instances of its stack set are made.
struct Held<'a> {
    session: &'a Session,
    child: Child,
    lines: Receiver<String>,
    said: String,
}

impl<'a> Held<'a> {
    fn begin(session: &'a Session) -> Self {
        let held = "cloudformation:DescribeStackSetOperation";
        // The first tells that there is no such operation yet.
        let faults = json!({"calls": [{"of": held, "nth": 2, "fault": "stalled"}]});
        session.write("sim/faults.json", &faults.to_string());
        let mut child = session.start_outpost("deploy --simulate=sim --follower");
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let mut held = Self { session, child, lines, said: String::new() };
        held.hear("creating everywhere");
        held
    }

    /// Waits for a line with these words.
    fn hear(&mut self, words: &str) {
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.said.push_str(&format!("{line}\n"));
            if line.contains(words) {
                return;
            }
        }
        panic!("it never says `{words}`:\n{}", self.said);
    }

    fn press_ctrl_c(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    }

    fn drain(&mut self) {
        self.press_ctrl_c();
        self.hear("nothing more is begun");
    }

    fn cancel(&mut self) {
        self.drain();
        self.press_ctrl_c();
        self.hear("what was begun is stopped");
    }

    fn let_go(&self) {
        fs::remove_file(self.session.path("sim/faults.json")).unwrap();
    }

    fn end(self) -> Ended {
        let Self { child, lines, mut said, .. } = self;
        let ended = Ended::of(child.wait_with_output().unwrap());
        lines.into_iter().for_each(|line| said.push_str(&format!("{line}\n")));
        Ended { stderr: said, ..ended }
    }
}

/// What the next run has to do, which ends well.
fn resumed(session: &Session, ended: &Ended) -> String {
    assert_eq!(ended.code, 5, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stderr.contains("to go on from here: "), "{}", ended.stderr);
    assert!(ended.stderr.contains("outpost resume --simulate=sim\n"), "{}", ended.stderr);
    let resumed = session.outpost("resume --simulate=sim").well();
    assert_eq!(session.outpost("plan --simulate=sim --follower --exit-code").code, 0);
    resumed
}

/// How often a call has changed the cloud.
fn sent(session: &Session, action: &str) -> usize {
    session.read("sim/cloud.jsonl").matches(&format!("\"action\":\"{action}\"")).count()
}

#[test]
fn once_ends_what_was_begun_and_begins_nothing_more() {
    let session = Session::new();
    let mut held = Held::begin(&session);
    held.drain();
    held.let_go();
    let ended = held.end();
    assert!(
        ended
            .stdout
            .starts_with("2 changed, 0 unchanged, 0 partial, 0 failed, 0 stopped, 1 skipped"),
        "{}",
        ended.stdout
    );
    assert_eq!(sent(&session, "StopStackSetOperation"), 0);
    let resumed = resumed(&session, &ended);
    assert!(resumed.starts_with("1 changed, 2 unchanged"), "{resumed}");
}

#[test]
fn twice_stops_what_was_begun() {
    let session = Session::new();
    let mut held = Held::begin(&session);
    held.cancel();
    held.let_go();
    let ended = held.end();
    assert!(ended.stdout.contains(" 0 failed, 1 stopped, 1 skipped"), "{}", ended.stdout);
    assert_eq!(sent(&session, "StopStackSetOperation"), 1);
    let resumed = resumed(&session, &ended);
    assert!(resumed.contains(" 0 failed, 0 stopped, 0 skipped"), "{resumed}");
}

#[test]
fn three_times_leaves_it_as_it_is() {
    let session = Session::new();
    let mut held = Held::begin(&session);
    held.cancel();
    held.press_ctrl_c();
    // Nobody lets it go.
    let ended = held.end();
    assert!(
        ended.stderr.contains("error[interrupted]: the run was left in the middle"),
        "{}",
        ended.stderr
    );
    assert_eq!(sent(&session, "StopStackSetOperation"), 0);
    fs::remove_file(session.path("sim/faults.json")).unwrap();
    let resumed = resumed(&session, &ended);
    assert!(resumed.contains(" 0 failed, 0 stopped, 0 skipped"), "{resumed}");
}
