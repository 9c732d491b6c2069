//! The regular expressions of the schemas.
//!
//! They were written for Java, Python and JavaScript, and use look-around, which the automata of the
//! usual Rust crates cannot do, and repetitions in the thousands, which make those automata large and
//! slow to build. Property values are short, so a backtracking matcher is small and fast here; a
//! bound on its steps keeps hostile input from making it slow.
//!
//! Where the dialects differ the matcher accepts what any of them would: a validator that misses a
//! mistake is corrected by the deployment, one that refuses a valid value stands in the way.

use std::{fmt, sync::OnceLock};

use self::{
    matcher::Matcher,
    syntax::{Expression, parse},
};

mod class;
mod matcher;
mod syntax;

/// A pattern that is parsed when it is first used.
pub(crate) struct LazyPattern {
    source: &'static str,
    parsed: OnceLock<Option<Box<Pattern>>>,
}

impl LazyPattern {
    pub(crate) const fn new(source: &'static str) -> Self {
        Self { source, parsed: OnceLock::new() }
    }

    /// As the schema has it.
    pub(crate) const fn source(&self) -> &'static str {
        self.source
    }

    /// Whether the pattern is found anywhere in `text`. A pattern that does not parse matches
    /// everything; a test lists those.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let parsed = self.parsed.get_or_init(|| Pattern::new(self.source).ok().map(Box::new));
        parsed.as_ref().is_none_or(|pattern| pattern.is_match(text))
    }
}

/// A parsed regular expression.
pub(crate) struct Pattern {
    expression: Expression,
    /// Can only match at the start of the text.
    anchored: bool,
}

impl Pattern {
    /// Parses `source`.
    ///
    /// # Errors
    ///
    /// Says what in it is not understood.
    pub(crate) fn new(source: &str) -> Result<Self, Unsupported> {
        let expression = parse(source)?;
        let anchored = expression.starts_anchored();
        Ok(Self { expression, anchored })
    }

    /// Whether the pattern is found anywhere in `text`; yes too if that takes more steps than any
    /// real value needs.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let matcher = Matcher::new(text);
        let starts = text.char_indices().map(|(start, _)| start).chain([text.len()]);
        let starts = starts.take(if self.anchored { 1 } else { usize::MAX });
        for start in starts {
            if matcher.run(&self.expression, start) {
                return true;
            }
        }
        matcher.gave_up()
    }
}

/// Why a pattern cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unsupported(&'static str);

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::schema::block::Registry;

    /// With the reason. A property with such a pattern, here a time in ISO 8601, is checked for
    /// everything else.
    const UNSUPPORTED: [(&str, &str); 1] = [(
        r"^([\+-]?\d{4}(?!\d{2}))((-?)((0[1-9]|1[0-2])(\3([12]\d|0[1-9]|3[01]))?|W([0-4]\d|5[0-2])(-?[1-7])?|(00[1-9]|0[1-9]\d|[12]\d{2}|3([0-5]\d|6[1-6])))([tT]((([01]\d|2[0-3])((:?)[0-5]\d)?|24\:?00)([\.,]\d+(?!:))?)?(\17[0-5]\d([\.,]\d+)?)?([zZ]|([\+-])([01]\d|2[0-3]):?([0-5]\d)?)?)?)?$",
        "a back-reference",
    )];

    #[track_caller]
    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let parsed = Pattern::new(pattern).unwrap();
        for text in yes {
            assert!(parsed.is_match(text), "{pattern} should match {text:?}");
        }
        for text in no {
            assert!(!parsed.is_match(text), "{pattern} should not match {text:?}");
        }
    }

    #[test]
    fn literals_are_found_anywhere_unless_anchored() {
        check("b", &["abc", "b"], &["ac", ""]);
        check("^b", &["bc"], &["ab"]);
        check("b$", &["ab", "ab\n"], &["ba"]);
        check(r"\Ab\z", &["b"], &["b\n", "ab"]);
        check("", &["", "a"], &[]);
    }

    #[test]
    fn classes_know_ranges_escapes_and_brackets() {
        check("^[a-c]+$", &["abc"], &["abd", ""]);
        check(r"^[^/\]]$", &["a", "ü"], &["/", "]", "ab"]);
        check("^[]a-]+$", &["]-a"], &["b"]);
        check(r"^[\w.-]+$", &["a_b.c-9", "é"], &["a b"]);
        check("^[0-9a-zA-Z-_]+$", &["a-_"], &["."]);
        check(r"^[\u0020-\uD7FF\uE000-\uFFFD\r\n\t]*$", &["a b\n"], &["\u{1}"]);
        check(r"^[\x20-\x7e]*$", &["a~"], &["\u{7f}", "é"]);
        check("^[[:alnum:]]+$", &["a1"], &["-"]);
    }

    #[test]
    fn unicode_categories_hold() {
        check(r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$", &["Büro 1", "日本", ""], &["a#b", "a;"]);
        check(r"^[\P{C}\s]*$", &["a\nb"], &["\u{0}"]);
        check(r"^\p{ASCII}+$", &["a"], &["é"]);
    }

    #[test]
    fn repetitions_count() {
        check("^a{2,3}$", &["aa", "aaa"], &["a", "aaaa"]);
        check("^(ab){2}$", &["abab"], &["ab", "ababab"]);
        check("^a{2,}$", &["aa", "aaaaa"], &["a"]);
        check("^a{,2}$", &["", "aa"], &["aaa"]);
        check("^(a|b)*?c$", &["c", "abac"], &["ab"]);
        check("^x{$", &["x{"], &["x"]);
        check(r"^.{1,4096}$", &["a", &"a".repeat(4096)], &["", &"a".repeat(4097)]);
        check("^a++b$", &["aab"], &["b"]);
        check("^(a*)*$", &["", "aaa"], &["b"]);
    }

    #[test]
    fn look_around_looks() {
        check("^(?!aws:).+$", &["team", "awsx:"], &["aws:x", ""]);
        check("^(?=.*[0-9]).{3,}$", &["ab1"], &["abc", "1a"]);
        check(r"^[a-z.]*(?<!\.)$", &["a.b"], &["a."]);
        check(r"^.*(?<=\.com)$", &["a.com"], &["a.org"]);
        check("^(?!(?i)aws)[A-Za-z]+$", &["my"], &["AWS", "awsx"]);
    }

    #[test]
    fn alternatives_backtrack() {
        check("^(a|ab)(c|bcd)$", &["abcd", "ac", "abc"], &["ab"]);
        check(
            "^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$",
            &["arn:aws:iam::111111111111:role/x"],
            &["arn:aws:iam::1:role/x"],
        );
        check(r"^((25[0-5]|1\d|[1-9]|)\d\.?\b){4}$", &["10.0.0.1"], &["10.0.0"]);
    }

    #[test]
    fn a_pattern_that_explodes_lets_the_value_pass() {
        check("^(a*)*b$", &[&"a".repeat(4000)], &["aac"]);
    }

    fn all() -> BTreeSet<&'static str> {
        Registry::get().patterns().map(LazyPattern::source).collect()
    }

    #[test]
    fn every_pattern_of_the_schemas_parses_but_these() {
        let unsupported: Vec<_> = all()
            .into_iter()
            .filter_map(|source| Some((source, Pattern::new(source).err()?.0)))
            .collect();
        assert_eq!(unsupported, UNSUPPORTED);
    }

    /// What identifiers, names and numbers look like, and what they do not.
    const SAMPLES: [&str; 40] = [
        "",
        "a",
        "A",
        "0",
        "-",
        "_",
        "x-y_z",
        "My.Name",
        "team/path",
        "/aws/lambda/x",
        "a b",
        " ",
        "*",
        "aws",
        "AWS::S3::Bucket",
        "aws:tag",
        "12",
        "111111111111",
        "0.5",
        "-1",
        "1.2.3.4",
        "10.0.0.0/8",
        "2001:db8::/32",
        "us-east-1",
        "eu-west-1a",
        "example.com",
        "a@example.com",
        "https://example.com/a?b=c#d",
        "s3://bucket/key",
        "arn:aws:iam::111111111111:role/x",
        "arn:aws:s3:::bucket/*",
        "arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000000",
        "arn:aws-cn:sns:cn-north-1:111111111111:topic",
        "vpc-0123456789abcdef0",
        "sg-12345678",
        "00000000-0000-0000-0000-000000000000",
        "2026-01-31T12:30:00Z",
        "12:30",
        "{\"a\": [1]}",
        "rate(5 minutes)",
    ];

    #[test]
    fn another_engine_agrees_where_it_can_read_the_pattern() {
        // Large repetitions take that engine seconds to compile.
        let small = |source: &&str| {
            !source.split(['{', ',', '}']).any(|bound| bound.parse().is_ok_and(|n: u32| n > 100))
        };
        let mut compared = 0;
        for source in all().into_iter().filter(small).step_by(3) {
            let Ok(other) = regex::Regex::new(source) else { continue };
            let Ok(ours) = Pattern::new(source) else { continue };
            for sample in SAMPLES {
                assert_eq!(ours.is_match(sample), other.is_match(sample), "{source} on {sample:?}");
            }
            compared += 1;
        }
        assert!(compared > 300, "{compared}");
    }

    #[test]
    fn what_is_not_understood_is_said() {
        assert_eq!(Pattern::new(r"(a)\1").err(), Some(Unsupported("a back-reference")));
        assert!(Pattern::new("(a").is_err());
        assert!(Pattern::new("[a").is_err());
        assert!(Pattern::new(r"\p{Klingon}").is_err());
    }
}
