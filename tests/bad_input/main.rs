//! What somebody gives wrongly becomes one diagnostic: a code, the line, what was given, what is allowed,
//! the way out. Nothing panics.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::panic::Location;

use accel::{
    core::{AccountInfo, AccountRef, Diagnostics, Note, Severity, account_id},
    prelude::*,
    synth,
};

const HERE: Region = Region::EU_WEST_1;

/// An app with two accounts.
fn app() -> (App, [AccountRef; 2]) {
    let mut app = App::new("test");
    let info = |id| AccountInfo { id: Some(id), ..AccountInfo::default() };
    let prod = app.scope().declare_account_as("prod", info(account_id!("111111111111")));
    let data = app.scope().declare_account_as("data", info(account_id!("222222222222")));
    (app, [prod, data])
}

/// An app with one stack, and that stack.
macro_rules! stack {
    ($app:ident, $stack:ident) => {
        let (mut $app, [prod, _]) = app();
        let mut $stack = $app.open("apps", Stack::new(prod.in_region(HERE)));
    };
}

mod limits;
mod properties;
mod references;
mod roll_out;
mod texts;

/// The one diagnostic of `app`, at `line` of the caller's file.
#[track_caller]
fn problem(app: App, line: u32) -> String {
    match synth(app) {
        Ok(_) => panic!("the app synthesizes"),
        Err(problems) => only(&problems, line),
    }
}

#[track_caller]
fn only(problems: &Diagnostics, line: u32) -> String {
    let all: Vec<_> = problems.iter().collect();
    let [problem] = all[..] else { panic!("{} diagnostics:\n{problems}", all.len()) };
    assert_eq!(problem.severity, Severity::Error);
    let file = Location::caller().file();
    assert_eq!((problem.location.file(), problem.location.line()), (file, line), "{problem}");
    assert!(problem.help.is_some(), "no way out:\n{problem}");
    let mut text = format!("{}: {}\n", problem.code.name(), problem.message);
    for Note { text: note, location } in &problem.notes {
        let at = location.map_or("", |location| {
            assert_eq!(location.file(), file);
            ", in this file"
        });
        text += &format!("note: {note}{at}\n");
    }
    text + &format!("help: {}", problem.help.as_deref().unwrap())
}
