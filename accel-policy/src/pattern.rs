//! Texts with `*`, `?` and policy variables, and what they match.

use crate::request::{Context, Known};

/// A text of a policy, split once: literal characters, wildcards and variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    text: String,
    /// The bytes before the first character that may be a wildcard or a variable.
    literal: usize,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Char(char),
    Any,
    One,
    Variable { key: String, default: Option<String> },
}

/// What a pattern is once its variables have their values.
#[derive(Debug)]
pub(crate) enum Resolved {
    Text(Vec<Piece>),
    /// A variable has no value: nothing is matched.
    Nothing,
    /// Nobody said whether these keys have a value.
    Unknown(Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Char(char),
    Any,
    One,
}

impl Pattern {
    /// `variables` is whether the policy's version knows variables.
    ///
    /// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>.
    pub(crate) fn new(text: &str, variables: bool) -> Self {
        let mut parts = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            if let Some((part, after)) = variable(rest).filter(|_| variables) {
                parts.push(part);
                rest = after;
                continue;
            }
            parts.push(match next {
                '*' => Part::Any,
                '?' => Part::One,
                other => Part::Char(other),
            });
            rest = &rest[next.len_utf8()..];
        }
        let literal = text.find(['*', '?', '$']).unwrap_or(text.len());
        Self { text: text.to_owned(), literal, parts }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it has neither wildcards nor variables.
    pub(crate) const fn is_literal(&self) -> bool {
        self.literal == self.text.len()
    }

    pub(crate) fn has_variables(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Variable { .. }))
    }

    /// `wildcards` is whether `*` and `?` mean more than themselves.
    pub(crate) fn resolve(&self, context: &Context, wildcards: bool) -> Resolved {
        let mut pieces = Vec::with_capacity(self.parts.len());
        let mut unknown = Vec::new();
        for part in &self.parts {
            match part {
                Part::Char(c) => pieces.push(Piece::Char(*c)),
                Part::Any if wildcards => pieces.push(Piece::Any),
                Part::Any => pieces.push(Piece::Char('*')),
                Part::One if wildcards => pieces.push(Piece::One),
                Part::One => pieces.push(Piece::Char('?')),
                Part::Variable { key, default } => match (context.get(key), default) {
                    (Known::Values([value]), _) => pieces.extend(value.chars().map(Piece::Char)),
                    (Known::Unknown, _) => unknown.push(key.clone()),
                    (_, Some(default)) => pieces.extend(default.chars().map(Piece::Char)),
                    // A list, or nothing at all, has no place in a text.
                    (_, None) => return Resolved::Nothing,
                },
            }
        }
        if unknown.is_empty() { Resolved::Text(pieces) } else { Resolved::Unknown(unknown) }
    }

    /// Whether an action or a service's name matches: case counts for nothing.
    pub(crate) fn matches_action(&self, action: &str) -> bool {
        // What stands before the first wildcard tells nearly all patterns from the action.
        let (literal, name) = (self.text.as_bytes(), action.as_bytes());
        let begins = |name: &[u8]| name.eq_ignore_ascii_case(&literal[..self.literal]);
        if !name.get(..self.literal).is_some_and(begins) {
            return false;
        }
        if self.is_literal() {
            return name.len() == literal.len();
        }
        let pieces: Vec<Piece> = self.parts.iter().map(Part::without_variables).collect();
        glob(&pieces, action, false)
    }
}

impl Part {
    const fn without_variables(&self) -> Piece {
        match self {
            Self::Char(c) => Piece::Char(*c),
            Self::Any => Piece::Any,
            // An action has no variables; one that stands there matches no action.
            Self::Variable { .. } => Piece::Char('$'),
            Self::One => Piece::One,
        }
    }
}

/// The variable that `text` begins with, and what follows it.
fn variable(text: &str) -> Option<(Part, &str)> {
    let inner = text.strip_prefix("${")?;
    let (inside, after) = inner.split_once('}')?;
    let part = match inside {
        "*" => Part::Char('*'),
        "?" => Part::Char('?'),
        "$" => Part::Char('$'),
        inside => match inside.split_once(',') {
            Some((key, default)) => {
                let default = default.trim().strip_prefix('\'')?.strip_suffix('\'')?;
                Part::Variable { key: key.trim().to_owned(), default: Some(default.to_owned()) }
            }
            None => Part::Variable { key: inside.trim().to_owned(), default: None },
        },
    };
    Some((part, after))
}

/// Whether all of `text` is what the pieces say.
pub(crate) fn glob(pieces: &[Piece], text: &str, case: bool) -> bool {
    let equal = |a: char, b: char| a == b || (!case && a.eq_ignore_ascii_case(&b));
    let text: Vec<char> = text.chars().collect();
    let (mut piece, mut at) = (0, 0);
    // Where to go on if what follows the last `*` does not fit.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pieces.get(piece) {
            Some(Piece::Any) => {
                star = Some((piece, at));
                piece += 1;
            }
            Some(Piece::One) => (piece, at) = (piece + 1, at + 1),
            Some(Piece::Char(c)) if equal(*c, text[at]) => (piece, at) = (piece + 1, at + 1),
            _ => match star {
                Some((from, taken)) => {
                    star = Some((from, taken + 1));
                    (piece, at) = (from + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pieces[piece..].iter().all(|piece| *piece == Piece::Any)
}

/// [`glob`] of an ARN: each of its six parts by itself, the last with all colons that follow. The last part
/// of a pattern of fewer, `*` above all, is for all the rest.
///
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>.
pub(crate) fn glob_arn(pieces: &[Piece], arn: &str) -> bool {
    let patterns: Vec<&[Piece]> = pieces.splitn(6, |piece| *piece == Piece::Char(':')).collect();
    let parts: Vec<&str> = arn.splitn(patterns.len(), ':').collect();
    parts.len() == patterns.len()
        && patterns.iter().zip(parts).all(|(pattern, part)| glob(pattern, part, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        match Pattern::new(pattern, true).resolve(&Context::complete(), true) {
            Resolved::Text(pieces) => glob_arn(&pieces, text),
            _ => false,
        }
    }

    #[test]
    fn wildcards_stay_within_a_part_of_an_arn() {
        assert!(matches("arn:aws:iam::*:role/a*", "arn:aws:iam::111111111111:role/app"));
        assert!(!matches("arn:aws:iam:*:role/app", "arn:aws:iam::111111111111:role/app"));
        assert!(matches("*", "arn:aws:s3:::bucket/key"));
        assert!(matches("arn:aws:s3:::b?cket/*", "arn:aws:s3:::bucket/a/b:c"));
        assert!(!matches("arn:aws:s3:::bucket", "arn:aws:s3:::Bucket"));
    }

    #[test]
    fn escapes_and_defaults_are_literal() {
        assert!(matches("a${*}b", "a*b") && !matches("a${*}b", "axb"));
        assert!(matches("home/${aws:username, 'no one*'}", "home/no one*"));
        assert!(!matches("home/${aws:username}", "home/"));
    }

    #[test]
    fn actions_are_compared_without_case() {
        assert!(Pattern::new("S3:get*", true).matches_action("s3:GetObject"));
        assert!(!Pattern::new("s3:Get?", true).matches_action("s3:GetObject"));
        assert!(Pattern::new("s3:getobject", true).matches_action("s3:GetObject"));
        assert!(!Pattern::new("s3:GetObject", true).matches_action("s3:GetObjectAcl"));
        assert!(!Pattern::new("s3:GetObjectAcl", true).matches_action("s3:GetObject"));
        assert!(!Pattern::new("ä:*", true).matches_action("aä:a"));
        assert!(!Pattern::new("s3:${aws:username}", true).matches_action("s3:GetObject"));
    }
}
