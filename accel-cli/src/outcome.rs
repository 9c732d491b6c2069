use std::{
    fmt,
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use serde::Serialize;

use crate::{command::Json, problem::Problems};

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Done,
    Diagnostics,
    Differences,
    #[cfg(feature = "engine")]
    Partial,
    #[cfg(feature = "engine")]
    Refused,
    #[cfg(feature = "engine")]
    Interrupted,
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Diagnostics => 1,
            Exit::Differences => 2,
            #[cfg(feature = "engine")]
            Exit::Partial => 3,
            #[cfg(feature = "engine")]
            Exit::Refused => 4,
            #[cfg(feature = "engine")]
            Exit::Interrupted => 5,
            Exit::Usage => 64,
        })
    }
}

/// What a command found out: `answer` is for people as it displays itself, for programs as JSON.
#[derive(Debug)]
pub(crate) struct Outcome<T> {
    pub(crate) answer: T,
    /// What is worth knowing, or keeps the command from ending well although there is an answer.
    pub(crate) problems: Problems,
    pub(crate) exit: Exit,
}

impl<T> Outcome<T> {
    pub(crate) const fn done(answer: T, warnings: Problems) -> Self {
        Self { answer, problems: warnings, exit: Exit::Done }
    }
}

/// Prints what a command found out.
pub(crate) fn conclude<T: fmt::Display + Serialize>(
    result: Result<Outcome<T>, Problems>,
    json: Json,
) -> Exit {
    let (answer, problems, exit) = match result {
        Ok(Outcome { answer, problems, exit }) => (Some(answer), problems, exit),
        Err(problems) => {
            let exit = without_answer(&problems);
            (None, problems, exit)
        }
    };
    if json.wanted {
        let whole = Whole { diagnostics: &problems, answer: answer.as_ref() };
        // Plain structs of texts and numbers always serialize.
        print(&format!("{}\n", serde_json::to_string_pretty(&whole).unwrap_or_default()));
        return exit;
    }
    let answer = answer.map(|answer| answer.to_string()).unwrap_or_default();
    // What counts most stands last, where a terminal shows it.
    if exit == Exit::Diagnostics {
        print(&answer);
        report(&problems);
    } else {
        report(&problems);
        print(&answer);
    }
    exit
}

/// How a command ends that has no answer.
#[cfg(feature = "engine")]
fn without_answer(problems: &Problems) -> Exit {
    let are = |code| problems.0.iter().any(|problem| problem.is(code));
    match () {
        () if are(&crate::codes::CREDENTIALS_EXPIRED) => Exit::Interrupted,
        () if are(&crate::codes::INTERRUPTED) => Exit::Interrupted,
        () if are(&crate::codes::NOT_REVIEWED) => Exit::Refused,
        () => Exit::Diagnostics,
    }
}

/// How a command ends that has no answer.
#[cfg(not(feature = "engine"))]
const fn without_answer(_: &Problems) -> Exit {
    Exit::Diagnostics
}

#[derive(Serialize)]
struct Whole<'a, T> {
    #[serde(flatten)]
    answer: Option<&'a T>,
    diagnostics: &'a Problems,
}

/// Prints an answer to the standard output; without colors if that is no terminal.
pub(crate) fn print(text: &str) {
    // A reader that closes the pipe has read enough.
    anstream::stdout().write_all(text.as_bytes()).ok();
}

/// Prints what happens meanwhile to the standard error.
#[cfg(feature = "engine")]
pub(crate) fn tell(text: &str) {
    anstream::stderr().write_all(text.as_bytes()).ok();
}

/// Prints problems to the standard error, and how many there are.
pub(crate) fn report(Problems(problems): &Problems) {
    let source = io::stderr().is_terminal();
    let mut text = String::new();
    for problem in problems {
        text.push_str(&problem.print(source));
        text.push('\n');
    }
    let errors = problems.iter().filter(|problem| problem.is_error()).count();
    if errors > 0 {
        let warnings = problems.len() - errors;
        let counts = [(errors, "error"), (warnings, "warning")];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        let counts: Vec<_> = counts.map(|(count, what)| counted(count, what)).collect();
        text.push_str(&format!("{}\n", counts.join(", ")));
    }
    anstream::stderr().write_all(text.as_bytes()).ok();
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
