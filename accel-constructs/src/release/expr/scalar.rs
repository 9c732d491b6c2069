//! What the keys of a workflow take.

use accel_core::{AccountId, Attr, Intrinsic, IsA, Prop, Region, Shared, Text, Value};

use super::{AvailableIn, Expr, Read, Template};

/// What a key at `Place` takes for a `K` (`String`, `bool`, `i64`, `f64`): a literal, an expression
/// that GitHub offers the contexts for there, or a [`Value`] of the tree.
#[diagnostic::on_unimplemented(
    message = "this key of a workflow takes a `{K}`, not a `{Self}`",
    note = "an expression is one of `accel_constructs::release::expr`"
)]
pub trait IntoScalar<Place, K = String> {
    /// As it stands in the file.
    fn into_scalar(self) -> Scalar;
}

/// See [`IntoScalar`].
#[derive(Clone, Debug)]
pub struct Scalar {
    prop: Prop,
    reads: Vec<Read>,
    /// Whether it has an expression that was written by hand.
    untyped: bool,
}

impl Scalar {
    fn plain(value: impl Into<Prop>) -> Self {
        let prop = value.into();
        let untyped = has_expression(&prop);
        Self { prop, reads: Vec::new(), untyped }
    }
}

/// Whether a text in it has `${{`.
pub(in crate::release) fn has_expression(prop: &Prop) -> bool {
    let mut found = false;
    prop.walk(&mut |prop| found |= prop.as_str().is_some_and(|text| text.contains("${{")));
    found
}

/// What the keys of one construct read; and those that were given an expression by hand.
#[derive(Clone, Debug, Default)]
pub(in crate::release) struct Uses {
    pub(in crate::release) reads: Vec<Read>,
    pub(in crate::release) untyped: Vec<Prop>,
}

impl Uses {
    pub(in crate::release) const fn new() -> Self {
        Self { reads: Vec::new(), untyped: Vec::new() }
    }

    pub(in crate::release) fn take(&mut self, scalar: Scalar) -> Prop {
        self.reads.extend(scalar.reads);
        if scalar.untyped {
            self.untyped.push(scalar.prop.clone());
        }
        scalar.prop
    }

    /// A condition, which stands without `${{ }}`.
    pub(in crate::release) fn condition<C>(&mut self, condition: Expr<C>) -> Prop {
        let text = condition.text().clone();
        self.reads.extend(condition.reads);
        Prop::String(text)
    }

    pub(in crate::release) fn extend(&mut self, other: Self) {
        self.reads.extend(other.reads);
        self.untyped.extend(other.untyped);
    }
}

impl<Place, K, C: AvailableIn<Place>> IntoScalar<Place, K> for Expr<C> {
    fn into_scalar(self) -> Scalar {
        Scalar { prop: format!("${{{{ {self} }}}}").into(), reads: self.reads, untyped: false }
    }
}
impl<Place, K, C: AvailableIn<Place>> IntoScalar<Place, K> for &Expr<C> {
    fn into_scalar(self) -> Scalar {
        IntoScalar::<Place, K>::into_scalar(self.clone())
    }
}
impl<Place, C: AvailableIn<Place>> IntoScalar<Place, String> for Template<C> {
    fn into_scalar(self) -> Scalar {
        Scalar { prop: self.text.into(), reads: self.reads, untyped: self.untyped }
    }
}

macro_rules! plain {
    ($($type:ty => $($kind:ty)+;)+) => {$($(
        impl<Place> IntoScalar<Place, $kind> for $type {
            fn into_scalar(self) -> Scalar {
                Scalar::plain(self)
            }
        }
    )+)+};
}
plain! {
    &str => String; String => String; &String => String; Text => String;
    AccountId => String; Region => String;
    bool => bool String;
    i32 => i64 String; i64 => i64 String; u32 => i64 String; u16 => i64 String; u8 => i64 String;
    f64 => f64;
}

macro_rules! values {
    ($($type:ident)+) => {$(
        impl<Place, V: IsA<String>> IntoScalar<Place, String> for $type<V> {
            fn into_scalar(self) -> Scalar {
                Scalar::plain(self)
            }
        }
    )+};
}
values! { Value Attr Shared }

/// What an input takes that is a list in one text: texts, expressions, [`Value`]s, several or one.
pub trait IntoList<Place> {
    /// The items with `separator` between them.
    fn into_list(self, separator: &'static str) -> Scalar;
}

impl<Place, S: IntoScalar<Place>> IntoList<Place> for Vec<S> {
    fn into_list(self, separator: &'static str) -> Scalar {
        joined(scalars(self), separator)
    }
}
impl<Place, S: IntoScalar<Place>, const N: usize> IntoList<Place> for [S; N] {
    fn into_list(self, separator: &'static str) -> Scalar {
        joined(scalars(self), separator)
    }
}
impl<Place, C: AvailableIn<Place>> IntoList<Place> for Expr<C> {
    fn into_list(self, _: &'static str) -> Scalar {
        IntoScalar::<Place>::into_scalar(self)
    }
}
impl<Place, C: AvailableIn<Place>> IntoList<Place> for Template<C> {
    fn into_list(self, _: &'static str) -> Scalar {
        IntoScalar::<Place>::into_scalar(self)
    }
}
macro_rules! one {
    ($($type:ty)+) => {$(
        impl<Place> IntoList<Place> for $type {
            fn into_list(self, _: &'static str) -> Scalar {
                Scalar::plain(self)
            }
        }
    )+};
}
one! { &str String Text }

fn scalars<Place>(items: impl IntoIterator<Item: IntoScalar<Place>>) -> Vec<Scalar> {
    let mut scalars = Vec::new();
    for item in items {
        scalars.push(item.into_scalar());
    }
    scalars
}

fn joined(items: Vec<Scalar>, separator: &'static str) -> Scalar {
    let mut uses = Uses::default();
    let as_text = |prop| match prop {
        Prop::Integer(value) => value.to_string().into(),
        Prop::Bool(value) => value.to_string().into(),
        other => other,
    };
    let mut items: Vec<Prop> = items.into_iter().map(|item| as_text(uses.take(item))).collect();
    let texts: Option<Vec<&str>> = items.iter().map(Prop::as_str).collect();
    let prop = match texts {
        Some(texts) => texts.join(separator).into(),
        None if items.len() == 1 => items.remove(0),
        None => Intrinsic::Join(Text::Static(separator), items).into(),
    };
    Scalar { prop, reads: uses.reads, untyped: !uses.untyped.is_empty() }
}
