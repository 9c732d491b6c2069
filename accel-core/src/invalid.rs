use std::{error::Error, fmt};

/// A text that is not what it was read as: what was given, what is wrong with it, what is
/// allowed, and the way out.
///
/// It is what every `parse` of this crate returns. The parts are those of a
/// `Diagnostic`, so that a construct can pass them on one by one.
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
}

impl InvalidInput {
    /// `given` is not `what` (which carries its article), for `reason`.
    pub(crate) fn new(
        given: &str,
        what: &str,
        reason: &str,
        allowed: &'static str,
        help: impl Into<String>,
    ) -> Self {
        Self { message: format!("{given:?} is not {what}: {reason}"), allowed, help: help.into() }
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
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; allowed: {}; help: {}", self.message, self.allowed, self.help)
    }
}

impl Error for InvalidInput {}

/// The candidate that `given` was probably meant to be: the one fewest edits away, if that is not
/// more than about a third of it.
pub(crate) fn nearest<'a>(
    given: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (distance(given, candidate), candidate))
        .filter(|(edits, candidate)| *edits <= candidate.chars().count().div_ceil(3))
        .min()
        .map(|(_, candidate)| candidate)
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
