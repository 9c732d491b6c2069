use std::{fmt, panic::Location};

/// What kind of problem a [`Diagnostic`] reports. Each crate lists its codes in a module `codes`, from
/// which the command `explain` answers.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    name: &'static str,
    explanation: &'static str,
}

impl Code {
    /// A code called `name` (kebab-case, stable: users search for it) with a few sentences on what it
    /// means and what to do.
    #[must_use]
    pub const fn new(name: &'static str, explanation: &'static str) -> Self {
        Self { name, explanation }
    }

    /// As diagnostics show it: `cross-account-reference`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it means and what to do.
    #[must_use]
    pub const fn explanation(&self) -> &'static str {
        self.explanation
    }
}

/// How bad a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; the assembly is made all the same.
    Warning,
    /// No assembly is made.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One problem, and the lines of the user's program it is about.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of problem it is.
    pub code: &'static Code,
    /// What is wrong: the construct's path and what was given.
    pub message: String,
    /// The user's line.
    pub location: &'static Location<'static>,
    /// What is allowed, and other lines that matter.
    pub notes: Vec<Note>,
    /// The way out.
    pub help: Option<String>,
}

/// A fact beside a [`Diagnostic`], with the line it is about if there is one.
#[derive(Clone, Debug)]
pub struct Note {
    /// The fact.
    pub text: String,
    /// Its line.
    pub location: Option<&'static Location<'static>>,
}

impl Diagnostic {
    /// A problem that keeps the assembly from being made.
    #[must_use]
    pub fn error(
        code: &'static Code,
        message: impl Into<String>,
        location: &'static Location<'static>,
    ) -> Self {
        let message = message.into();
        Self { severity: Severity::Error, code, message, location, notes: Vec::new(), help: None }
    }

    /// A problem to know of.
    #[must_use]
    pub fn warning(
        code: &'static Code,
        message: impl Into<String>,
        location: &'static Location<'static>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, location) }
    }

    /// Adds another line that matters: `it is created here`.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>, location: &'static Location<'static>) -> Self {
        self.notes.push(Note { text: text.into(), location: Some(location) });
        self
    }

    /// Adds what would have been right.
    #[must_use]
    pub fn allowed(mut self, text: impl fmt::Display) -> Self {
        self.notes.push(Note { text: format!("allowed: {text}"), location: None });
        self
    }

    /// Adds the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}[{}]: {}", self.severity, self.code.name(), self.message)?;
        writeln!(f, "  --> {}", self.location)?;
        for Note { text, location } in &self.notes {
            match location {
                Some(location) => writeln!(f, "   = note: {text}: {location}")?,
                None => writeln!(f, "   = note: {text}")?,
            }
        }
        match &self.help {
            Some(help) => writeln!(f, "   = help: {help}"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with a program, not only the first thing.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// All of them, in the order of the program where they have one.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Whether one of them keeps the assembly from being made.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        self.0.extend(diagnostics);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
