//! The condition block of a statement: operators, their quantifiers, and what they say of a context.

use std::{collections::BTreeSet, net::IpAddr};

use ipnet::IpNet;

use crate::{
    pattern::{Pattern, Resolved, glob, glob_arn},
    request::{Context, Known},
};

mod date;

/// One key of a condition block, with its operator and values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) operator: Operator,
    pub(crate) key: String,
    pub(crate) values: Vec<Pattern>,
}

/// An operator with its prefix and suffix, as a policy writes it: `ForAnyValue:StringLikeIfExists`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operator {
    pub(crate) quantifier: Option<Quantifier>,
    pub(crate) test: Test,
    pub(crate) if_exists: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantifier {
    All,
    Any,
}

/// What is compared, and how; `Not` is its negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    Is(Comparison),
    Not(Comparison),
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    Numeric(Order),
    Date(Order),
    Bool,
    Binary,
    Ip,
    Arn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// All operators.
///
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>.
pub(crate) const OPERATORS: [(&str, Test); 27] = [
    ("StringEquals", Test::Is(Comparison::StringEquals)),
    ("StringNotEquals", Test::Not(Comparison::StringEquals)),
    ("StringEqualsIgnoreCase", Test::Is(Comparison::StringEqualsIgnoreCase)),
    ("StringNotEqualsIgnoreCase", Test::Not(Comparison::StringEqualsIgnoreCase)),
    ("StringLike", Test::Is(Comparison::StringLike)),
    ("StringNotLike", Test::Not(Comparison::StringLike)),
    ("NumericEquals", Test::Is(Comparison::Numeric(Order::Equal))),
    ("NumericNotEquals", Test::Not(Comparison::Numeric(Order::Equal))),
    ("NumericLessThan", Test::Is(Comparison::Numeric(Order::Less))),
    ("NumericLessThanEquals", Test::Is(Comparison::Numeric(Order::LessOrEqual))),
    ("NumericGreaterThan", Test::Is(Comparison::Numeric(Order::Greater))),
    ("NumericGreaterThanEquals", Test::Is(Comparison::Numeric(Order::GreaterOrEqual))),
    ("DateEquals", Test::Is(Comparison::Date(Order::Equal))),
    ("DateNotEquals", Test::Not(Comparison::Date(Order::Equal))),
    ("DateLessThan", Test::Is(Comparison::Date(Order::Less))),
    ("DateLessThanEquals", Test::Is(Comparison::Date(Order::LessOrEqual))),
    ("DateGreaterThan", Test::Is(Comparison::Date(Order::Greater))),
    ("DateGreaterThanEquals", Test::Is(Comparison::Date(Order::GreaterOrEqual))),
    ("Bool", Test::Is(Comparison::Bool)),
    ("BinaryEquals", Test::Is(Comparison::Binary)),
    ("IpAddress", Test::Is(Comparison::Ip)),
    ("NotIpAddress", Test::Not(Comparison::Ip)),
    ("ArnEquals", Test::Is(Comparison::Arn)),
    ("ArnNotEquals", Test::Not(Comparison::Arn)),
    ("ArnLike", Test::Is(Comparison::Arn)),
    ("ArnNotLike", Test::Not(Comparison::Arn)),
    ("Null", Test::Null),
];

/// Whether a condition may compare by this: an operator, with its quantifier and `IfExists`. Case counts for nothing.
///
/// ```
/// assert!(accel_policy::is_operator("ForAnyValue:StringLikeIfExists"));
/// assert!(!accel_policy::is_operator("StringNotEqualsIfExist"));
/// ```
#[must_use]
pub fn is_operator(text: &str) -> bool {
    Operator::parse(text).is_some()
}

/// The names of all operators, without quantifiers and `IfExists`.
pub fn operators() -> impl Iterator<Item = &'static str> {
    OPERATORS.iter().map(|(name, _)| *name)
}

/// Whether something holds; not known means that it hangs on these keys of the context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    Unknown(BTreeSet<String>),
}

impl Truth {
    pub(crate) fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            unknown @ Self::Unknown(_) => unknown,
        }
    }

    /// All hold. What certainly does not hold decides, whatever is not known of others.
    pub(crate) fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut keys = BTreeSet::new();
        for truth in truths {
            match truth {
                Self::Yes => {}
                Self::No => return Self::No,
                Self::Unknown(more) => keys.extend(more),
            }
        }
        if keys.is_empty() { Self::Yes } else { Self::Unknown(keys) }
    }

    /// One holds.
    pub(crate) fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        Self::all(truths.into_iter().map(Self::not)).not()
    }
}

impl Operator {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (quantifier, rest) = match text.split_once(':') {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAllValues") => {
                (Some(Quantifier::All), rest)
            }
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAnyValue") => {
                (Some(Quantifier::Any), rest)
            }
            Some(_) => return None,
            None => (None, text),
        };
        let length = rest.len().saturating_sub("IfExists".len());
        let suffixed = rest.get(length..).is_some_and(|end| end.eq_ignore_ascii_case("IfExists"));
        let name = if suffixed { &rest[..length] } else { rest };
        let (_, test) = OPERATORS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        // `NullIfExists` would always hold, and AWS refuses it.
        let refused = *test == Test::Null && (suffixed || quantifier.is_some());
        (!refused).then_some(Self { quantifier, test: *test, if_exists: suffixed })
    }
}

impl Condition {
    /// Whether it asks only for who makes the request, which does not change from one to the next.
    pub(crate) fn is_of_principal(&self) -> bool {
        const KEYS: [&str; 4] = [
            "aws:PrincipalArn",
            "aws:PrincipalAccount",
            "aws:PrincipalOrgID",
            "aws:PrincipalOrgPaths",
        ];
        KEYS.iter().any(|key| self.key.eq_ignore_ascii_case(key))
            && !self.values.iter().any(Pattern::has_variables)
    }

    pub(crate) fn holds(&self, context: &Context) -> Truth {
        let known = context.get(&self.key);
        let unknown = || Truth::Unknown(BTreeSet::from([self.key.to_ascii_lowercase()]));
        let values = match (known, self.operator.test) {
            (Known::Unknown, _) => return unknown(),
            (known, Test::Null) => {
                // A list without a value is none: that is how one asks for at least one.
                let absent = matches!(known, Known::Absent | Known::Values([]));
                let wanted = |value: &Pattern| value.text().eq_ignore_ascii_case("true") == absent;
                return Truth::of(self.values.iter().any(wanted));
            }
            (Known::Absent, _) if self.operator.if_exists => return Truth::Yes,
            (Known::Absent, test) => {
                return match (self.operator.quantifier, test) {
                    (Some(Quantifier::All), _) => Truth::Yes,
                    (Some(Quantifier::Any), _) => Truth::No,
                    // What is not there is not equal to anything.
                    (None, test) => Truth::of(matches!(test, Test::Not(_))),
                };
            }
            (Known::Values(values), _) => values,
        };
        // Empty texts alone are a set without a value.
        if let Some(quantifier) = self.operator.quantifier
            && values.iter().all(String::is_empty)
        {
            return Truth::of(quantifier == Quantifier::All);
        }
        let (comparison, negated) = match self.operator.test {
            Test::Is(comparison) => (comparison, false),
            Test::Not(comparison) => (comparison, true),
            Test::Null => return Truth::No,
        };
        // A value is good if it is one of those of the policy; for a negation, if it is none of them.
        let good = |value: &String| {
            let one = Truth::any(
                self.values.iter().map(|wanted| comparison.holds(value, wanted, context)),
            );
            if negated { one.not() } else { one }
        };
        match self.operator.quantifier {
            Some(Quantifier::All) => Truth::all(values.iter().map(good)),
            Some(Quantifier::Any) => Truth::any(values.iter().map(good)),
            // Without a quantifier a list counts as whole: one value of it may be equal, or none is.
            None if negated => Truth::all(values.iter().map(good)),
            None => Truth::any(values.iter().map(good)),
        }
    }
}

impl Comparison {
    fn holds(self, value: &str, wanted: &Pattern, context: &Context) -> Truth {
        let text =
            |wildcards: bool, matches: &dyn Fn(&[crate::pattern::Piece]) -> bool| match wanted
                .resolve(context, wildcards)
            {
                Resolved::Text(pieces) => Truth::of(matches(&pieces)),
                Resolved::Nothing => Truth::No,
                Resolved::Unknown(keys) => {
                    Truth::Unknown(keys.iter().map(|key| key.to_ascii_lowercase()).collect())
                }
            };
        match self {
            Self::StringEquals => text(false, &|pieces| glob(pieces, value, true)),
            Self::StringEqualsIgnoreCase => text(false, &|pieces| glob(pieces, value, false)),
            Self::StringLike => text(true, &|pieces| glob(pieces, value, true)),
            Self::Arn => text(true, &|pieces| value.starts_with("arn:") && glob_arn(pieces, value)),
            Self::Numeric(order) => {
                let number = |text: &str| text.trim().parse::<f64>().ok();
                Truth::of(order.holds(number(value), number(wanted.text())))
            }
            Self::Date(order) => {
                Truth::of(order.holds(date::seconds(value), date::seconds(wanted.text())))
            }
            Self::Bool => Truth::of(
                truth(value).is_some_and(|truth| self::truth(wanted.text()) == Some(truth)),
            ),
            Self::Binary => {
                Truth::of(base64(value).is_some_and(|bytes| base64(wanted.text()) == Some(bytes)))
            }
            Self::Ip => Truth::of(is_in_network(value, wanted.text())),
        }
    }
}

impl Order {
    fn holds(self, value: Option<f64>, wanted: Option<f64>) -> bool {
        let (Some(value), Some(wanted)) = (value, wanted) else { return false };
        match self {
            Self::Equal => value == wanted,
            Self::Less => value < wanted,
            Self::LessOrEqual => value <= wanted,
            Self::Greater => value > wanted,
            Self::GreaterOrEqual => value >= wanted,
        }
    }
}

/// What is neither true nor false is equal to neither, not even to itself.
const fn truth(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The bytes that a text in base64 stands for.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len());
    let (mut bits, mut count) = (0_u32, 0);
    for digit in digits.bytes() {
        let digit = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}

fn is_in_network(value: &str, network: &str) -> bool {
    let Ok(address) = value.parse::<IpAddr>() else { return false };
    match network.parse::<IpNet>() {
        Ok(network) => network.contains(&address),
        Err(_) => network.parse() == Ok(address),
    }
}

#[cfg(test)]
mod tests;
