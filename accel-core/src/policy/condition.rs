use std::fmt;

use crate::{IntoValue, Prop, Text};

/// How a condition compares. See
/// [condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the operator of that name")]
pub enum Operator {
    ArnEquals,
    ArnLike,
    ArnNotEquals,
    ArnNotLike,
    BinaryEquals,
    Bool,
    DateEquals,
    DateGreaterThan,
    DateGreaterThanEquals,
    DateLessThan,
    DateLessThanEquals,
    DateNotEquals,
    IpAddress,
    NotIpAddress,
    /// `true`: the request has no such key; `false`: it has.
    Null,
    NumericEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericNotEquals,
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    StringNotEquals,
    StringNotEqualsIgnoreCase,
    StringNotLike,
}

impl Operator {
    /// The condition also holds where the request has no such key (`...IfExists`). On
    /// [`Operator::Null`], which is about just that, it changes nothing.
    #[must_use]
    pub fn if_exists(self) -> Test {
        Test::from(self).if_exists()
    }

    /// For a key of several values: all of them pass, or there is none (`ForAllValues:...`).
    /// Allowing on that alone allows requests without the key.
    #[must_use]
    pub fn for_all_values(self) -> Test {
        Test { set: Some("ForAllValues"), ..self.into() }
    }

    /// For a key of several values: one of them passes (`ForAnyValue:...`).
    #[must_use]
    pub fn for_any_value(self) -> Test {
        Test { set: Some("ForAnyValue"), ..self.into() }
    }
}

/// An [`Operator`] with its qualifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Test {
    operator: Operator,
    if_exists: bool,
    set: Option<&'static str>,
}

impl Test {
    /// See [`Operator::if_exists`].
    #[must_use]
    pub fn if_exists(self) -> Self {
        Self { if_exists: self.operator != Operator::Null, ..self }
    }
}

impl From<Operator> for Test {
    fn from(operator: Operator) -> Self {
        Self { operator, if_exists: false, set: None }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(set) = self.set {
            write!(f, "{set}:")?;
        }
        write!(f, "{:?}", self.operator)?;
        f.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}

/// What a condition compares with: one value or several, of which one must pass. `bool` is for
/// [`Operator::Bool`] and [`Operator::Null`].
pub trait ConditionValues {
    /// The values.
    fn into_props(self) -> Vec<Prop>;
}

impl<V: IntoValue<String>> ConditionValues for V {
    fn into_props(self) -> Vec<Prop> {
        vec![self.into_value().into_prop()]
    }
}

impl<V: IntoValue<String>, const N: usize> ConditionValues for [V; N] {
    fn into_props(self) -> Vec<Prop> {
        super::props(self)
    }
}

impl<V: IntoValue<String>> ConditionValues for Vec<V> {
    fn into_props(self) -> Vec<Prop> {
        super::props(self)
    }
}

impl ConditionValues for bool {
    fn into_props(self) -> Vec<Prop> {
        vec![Prop::String(Text::Static(if self { "true" } else { "false" }))]
    }
}
