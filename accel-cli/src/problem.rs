use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use accel_core::{Code, Diagnostic, Diagnostics, Severity};
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;

/// A diagnostic of the app, or something that went wrong around it and has no line of the program.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    severity: &'static str,
    code: &'static str,
    message: String,
    location: Option<Location>,
    notes: Vec<Note>,
    help: Option<String>,
}

#[derive(Debug, Serialize)]
struct Note {
    text: String,
    location: Option<Location>,
}

/// A line of the program.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Location {
    file: &'static str,
    line: u32,
    column: u32,
}

/// All that went wrong, or is worth knowing.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Problems(pub(crate) Vec<Problem>);

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl From<&Diagnostics> for Problems {
    fn from(diagnostics: &Diagnostics) -> Self {
        Self(diagnostics.iter().map(Problem::from).collect())
    }
}

impl Problem {
    pub(crate) fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            severity: "error",
            code: code.name(),
            message: message.into(),
            location: None,
            notes: Vec::new(),
            help: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[cfg(feature = "engine")]
    pub(crate) const fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    #[cfg(feature = "engine")]
    pub(crate) fn note(mut self, text: String, location: Option<Location>) -> Self {
        self.notes.push(Note { text, location });
        self
    }

    #[cfg(feature = "engine")]
    pub(crate) fn is(&self, code: &Code) -> bool {
        self.code == code.name()
    }

    pub(crate) fn is_error(&self) -> bool {
        self.severity == "error"
    }

    /// As people read it, with colors; `source` adds the line of the program.
    pub(crate) fn print(&self, source: bool) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        self.write(&mut text, source).ok();
        text
    }

    fn write(&self, out: &mut impl fmt::Write, source: bool) -> fmt::Result {
        let Self { severity, code, message, .. } = self;
        let color = if self.is_error() { AnsiColor::Red } else { AnsiColor::Yellow };
        let (color, bold) = (color.on_default().bold(), Style::new().bold());
        writeln!(out, "{color}{severity}[{code}]{color:#}{bold}: {message}{bold:#}")?;
        if let Some(location) = &self.location {
            writeln!(out, "{}{location}", frame("  --> "))?;
            if let Some(line) = location.source().filter(|_| source) {
                let number = location.line.to_string();
                let margin = " ".repeat(number.len());
                writeln!(out, "{}{line}", frame(&format!("{number} | ")))?;
                let indent = " ".repeat(location.column.saturating_sub(1) as usize);
                writeln!(out, "{}{indent}{color}^{color:#}", frame(&format!("{margin} | ")))?;
            }
        }
        for Note { text, location } in &self.notes {
            write!(out, "{}note: {text}", frame("   = "))?;
            match location {
                Some(location) => writeln!(out, ": {location}")?,
                None => writeln!(out)?,
            }
        }
        match &self.help {
            Some(help) => writeln!(out, "{}help: {help}", frame("   = ")),
            None => Ok(()),
        }
    }
}

impl From<&Diagnostic> for Problem {
    fn from(diagnostic: &Diagnostic) -> Self {
        let notes = diagnostic.notes.iter().map(|note| Note {
            text: note.text.clone(),
            location: note.location.map(Location::from),
        });
        Self {
            severity: match diagnostic.severity {
                Severity::Warning => "warning",
                Severity::Error => "error",
            },
            code: diagnostic.code.name(),
            message: diagnostic.message.clone(),
            location: Some(Location::from(diagnostic.location)),
            notes: notes.collect(),
            help: diagnostic.help.clone(),
        }
    }
}

impl From<&'static std::panic::Location<'static>> for Location {
    fn from(location: &'static std::panic::Location<'static>) -> Self {
        Self { file: location.file(), line: location.line(), column: location.column() }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl Location {
    /// The line of the program, if the file is still where it was compiled.
    fn source(&self) -> Option<String> {
        let text = fs::read_to_string(self.path()?).ok()?;
        text.lines().nth(self.line.checked_sub(1)? as usize).map(str::to_owned)
    }

    /// The compiler was told a path below the workspace, which is the package or above it.
    fn path(&self) -> Option<PathBuf> {
        let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let above = package.iter().flat_map(|package| package.ancestors());
        std::iter::once(Path::new(""))
            .chain(above)
            .map(|directory| directory.join(self.file))
            .find(|path| path.is_file())
    }
}

fn frame(text: &str) -> String {
    let style = AnsiColor::BrightBlue.on_default().bold();
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use std::panic::Location;

    use super::*;

    static CODE: Code = Code::new("test-code", "");

    #[test]
    fn without_colors_a_diagnostic_is_printed_as_it_displays_itself() {
        let here = Location::caller();
        let diagnostic = Diagnostic::warning(&CODE, "what is wrong", here)
            .note("it began here", here)
            .allowed("what is right")
            .help("the way out");
        let printed = Problem::from(&diagnostic).print(false);
        assert_eq!(anstream::adapter::strip_str(&printed).to_string(), diagnostic.to_string());
    }

    #[test]
    fn the_line_of_the_program_is_shown() {
        let diagnostic = Diagnostic::error(&CODE, "what is wrong", Location::caller());
        let printed =
            anstream::adapter::strip_str(&Problem::from(&diagnostic).print(true)).to_string();
        let lines: Vec<&str> = printed.lines().collect();
        let (_, source) = lines[2].split_once(" | ").unwrap();
        let (_, mark) = lines[3].split_once(" | ").unwrap();
        assert_eq!(source.find("Location::caller()"), mark.find('^'), "{printed}");
    }
}
