use std::borrow::Cow;

use crate::validate::pattern::LazyPattern;

use super::{Check, Kind, Path, Prop, Rule, Violation, describe};

impl Check<'_> {
    pub(super) fn scalar_rule(&mut self, rule: &Rule, scalar: &Prop, path: &Path<'_>) {
        match rule {
            Rule::Enum(allowed) => self.value_of(scalar, allowed, false, path),
            Rule::EnumIgnoringCase(allowed) => self.value_of(scalar, allowed, true, path),
            Rule::Pattern(pattern) => self.pattern(scalar, pattern, path),
            Rule::MinLength(least) => self.length(
                scalar,
                |length| length >= *least,
                path,
                || format!("at least {}", describe::counted(*least, "character")),
            ),
            Rule::MaxLength(most) => self.length(
                scalar,
                |length| length <= *most,
                path,
                || format!("at most {}", describe::counted(*most, "character")),
            ),
            Rule::Minimum(least) => {
                self.number(
                    scalar,
                    |number| number >= *least,
                    path,
                    || format!("at least {least}"),
                );
            }
            Rule::Maximum(most) => {
                self.number(scalar, |number| number <= *most, path, || format!("at most {most}"));
            }
            Rule::ExclusiveMaximum(bound) => {
                self.number(
                    scalar,
                    |number| number < *bound,
                    path,
                    || format!("less than {bound}"),
                );
            }
            Rule::MultipleOf(unit) => {
                self.number(
                    scalar,
                    |number| is_multiple(number, *unit),
                    path,
                    || format!("a multiple of {unit}"),
                );
            }
            _ => {}
        }
    }

    fn pattern(&mut self, scalar: &Prop, pattern: &LazyPattern, path: &Path<'_>) {
        if !pattern.is_match(&text(scalar)) && !self.is_last_mismatch(path) {
            self.report(|| Violation {
                allowed: format!("text that matches {}", pattern.source()),
                ..violation(Kind::PatternMismatch, scalar, path)
            });
        }
    }

    /// Some properties have a pattern and a format, and one complaint is enough.
    fn is_last_mismatch(&self, path: &Path<'_>) -> bool {
        let last = self.violations.last();
        last.is_some_and(|last| last.kind == Kind::PatternMismatch && last.path == path.to_string())
    }

    fn value_of(&mut self, scalar: &Prop, allowed: &[&str], ignore_case: bool, path: &Path<'_>) {
        let given = text(scalar);
        let found = allowed
            .iter()
            .any(|value| *value == given || ignore_case && value.eq_ignore_ascii_case(&given));
        if !found {
            self.report(|| {
                let (allowed, help) = describe::values(allowed, &given);
                Violation { allowed, help, ..violation(Kind::ValueNotAllowed, scalar, path) }
            });
        }
    }

    fn length(
        &mut self,
        scalar: &Prop,
        holds: impl Fn(u64) -> bool,
        path: &Path<'_>,
        allowed: impl Fn() -> String,
    ) {
        let Prop::String(text) = scalar else { return };
        // The bytes are an upper bound of the characters, so one count of them is often enough.
        let length = if text.is_ascii() { text.len() } else { text.chars().count() } as u64;
        if !holds(length) {
            self.report(|| Violation {
                kind: Kind::WrongLength,
                path: path.to_string(),
                given: format!("{}, which has {length}", describe::value(scalar)),
                allowed: allowed(),
                help: None,
            });
        }
    }

    fn number(
        &mut self,
        scalar: &Prop,
        holds: impl Fn(f64) -> bool,
        path: &Path<'_>,
        allowed: impl Fn() -> String,
    ) {
        let number = match scalar {
            Prop::Integer(value) => *value as f64,
            Prop::Float(value) => *value,
            Prop::String(text) => match text.trim().parse() {
                Ok(number) => number,
                Err(_) => return,
            },
            _ => return,
        };
        if !holds(number) {
            self.report(|| Violation {
                allowed: allowed(),
                ..violation(Kind::OutOfRange, scalar, path)
            });
        }
    }
}

fn violation(kind: Kind, given: &Prop, path: &Path<'_>) -> Violation {
    let (path, given) = (path.to_string(), describe::value(given));
    Violation { kind, path, given, allowed: String::new(), help: None }
}

/// A scalar as text, as CloudFormation would pass it on.
pub(super) fn text(scalar: &Prop) -> Cow<'_, str> {
    match scalar {
        Prop::String(text) => Cow::Borrowed(text),
        Prop::Bool(true) => Cow::Borrowed("true"),
        Prop::Bool(false) => Cow::Borrowed("false"),
        other => Cow::Owned(describe::value(other)),
    }
}

fn is_multiple(number: f64, unit: f64) -> bool {
    let quotient = number / unit;
    (quotient - quotient.round()).abs() < 1e-9
}
