use std::{cmp::Reverse, error::Error, fmt, panic::Location};

use crate::{Diagnostic, Diagnostics, codes};

/// A text that is not what it was read as: what was given, what is wrong with it, what is
/// allowed, and the way out.
///
/// It is what every `parse` of this crate returns, and it knows the line that called it. In a function
/// that returns [`Diagnostics`] the `?` makes it a [`Diagnostic`] of that line. In a construct that line is
/// nobody's business: it says `scope.report(error.at(scope.location()))`.
///
/// ```
/// let error = accel_core::AccountId::parse("1111-1111-1111").unwrap_err();
/// assert_eq!(
///     error.message(),
///     r#""1111-1111-1111" is not an account id: an AWS account id is made of digits only"#,
/// );
/// assert_eq!(error.allowed(), "exactly 12 digits");
/// assert_eq!(error.help(), "write 111111111111");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidInput {
    message: String,
    allowed: &'static str,
    help: String,
    location: &'static Location<'static>,
}

impl InvalidInput {
    /// `given` is not `what` (which carries its article), for `reason`. The caller is
    /// `#[track_caller]` too, so that the line is the user's.
    #[track_caller]
    pub(crate) fn new(
        given: &str,
        what: &str,
        reason: &str,
        allowed: &'static str,
        help: impl Into<String>,
    ) -> Self {
        let message = format!("{given:?} is not {what}: {reason}");
        Self { message, allowed, help: help.into(), location: Location::caller() }
    }

    /// What was given, and what is wrong with it.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What would have been accepted.
    pub fn allowed(&self) -> &'static str {
        self.allowed
    }

    /// The way out.
    pub fn help(&self) -> &str {
        &self.help
    }

    /// The same at the line that gave the text, where the one that read it is of a library.
    #[must_use]
    pub fn at(self, location: &'static Location<'static>) -> Diagnostic {
        Self { location, ..self }.into()
    }
}

impl From<InvalidInput> for Diagnostic {
    fn from(error: InvalidInput) -> Self {
        Self::error(&codes::INVALID_INPUT, error.message, error.location)
            .allowed(error.allowed)
            .help(error.help)
    }
}

impl From<InvalidInput> for Diagnostics {
    fn from(error: InvalidInput) -> Self {
        let mut diagnostics = Self::default();
        diagnostics.push(error.into());
        diagnostics
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; allowed: {}; help: {}", self.message, self.allowed, self.help)
    }
}

impl Error for InvalidInput {}

/// The candidate that `given` was probably meant to be: the one fewest edits away, if that is not
/// more than about a third of it: for "did you mean".
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| {
            (distance(given, candidate), Reverse(in_common(given, candidate)), candidate)
        })
        .filter(|(edits, _, candidate)| *edits <= candidate.chars().count().div_ceil(3))
        .min()
        .map(|(_, _, candidate)| candidate)
}

/// The characters that both begin and end with: of two that are as many edits away, the one that has
/// only more in the middle is meant.
fn in_common(left: &str, right: &str) -> usize {
    let begin = left.chars().zip(right.chars()).take_while(|(l, r)| l == r).count();
    let end = left.chars().rev().zip(right.chars().rev()).take_while(|(l, r)| l == r).count();
    begin + end
}

/// The Levenshtein distance, case ignored.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().map(|c| c.to_ascii_lowercase()).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().map(|c| c.to_ascii_lowercase()).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, r) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(l != *r);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AccountId, Arn, Cidr, Email, Partition, Region, RoleName, cidr, email, policy::Action,
    };

    #[test]
    fn it_becomes_a_diagnostic_at_the_line_that_gave_the_text() {
        fn program() -> Result<Email, Diagnostics> {
            Ok(email!("aws@example.com").plus("two words")?)
        }
        let line = line!() - 2;
        let shown = program().unwrap_err().to_string();
        assert!(shown.starts_with("error[invalid-input]: \"aws+two words@example.com\" is not"));
        assert!(shown.contains(&format!("{}:{line}:", file!())), "{shown}");
    }

    #[test]
    fn every_reader_knows_the_line_of_its_caller() {
        let before = line!();
        let errors = [
            AccountId::parse("").unwrap_err(),
            Action::parse("").unwrap_err(),
            Arn::parse("").unwrap_err(),
            Cidr::parse("").unwrap_err(),
            cidr!("10.0.0.0/8").split(0).err().unwrap(),
            Email::parse("").unwrap_err(),
            Partition::parse("").unwrap_err(),
            Region::parse("").unwrap_err(),
            RoleName::parse("").unwrap_err(),
        ];
        let after = line!();
        for error in errors {
            assert_eq!(error.location.file(), file!(), "{error}");
            assert!((before..after).contains(&error.location.line()), "{error}");
        }
    }

    #[test]
    fn distances_count_insertions_deletions_and_substitutions() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("EU-west-1", "eu-west-1"), 0);
    }

    #[test]
    fn what_is_far_away_is_not_suggested() {
        assert_eq!(nearest("eu-wets-1", ["us-east-1", "eu-west-1"]), Some("eu-west-1"));
        assert_eq!(nearest("nowhere", ["us-east-1", "eu-west-1"]), None);
    }
}
