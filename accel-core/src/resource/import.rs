use std::panic::Location;

use crate::Text;

/// That the real thing behind a resource is there already: see [`Resource::import`](super::Resource::import).
#[derive(Clone, Debug)]
pub struct Import {
    /// By what AWS knows it.
    pub identifier: Identifier,
    /// The line that said so.
    pub location: &'static Location<'static>,
}

/// What identifies a thing that exists, in its account and region: the values of the properties that are the
/// primary identifier of its type.
///
/// Most types have one such property, so a text is enough. Others have several, which are named:
/// `[("ApiId", "a1b2c3"), ("StageName", "prod")]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// The value of the one property that identifies the type.
    Value(Text),
    /// Property and value of each that does.
    Named(Vec<(Text, Text)>),
}

impl From<&str> for Identifier {
    fn from(value: &str) -> Self {
        Self::Value(value.into())
    }
}

impl From<String> for Identifier {
    fn from(value: String) -> Self {
        Self::Value(value.into())
    }
}

impl From<&String> for Identifier {
    fn from(value: &String) -> Self {
        Self::Value(value.into())
    }
}

impl From<Text> for Identifier {
    fn from(value: Text) -> Self {
        Self::Value(value)
    }
}

impl<P: Into<Text>, V: Into<Text>, const N: usize> From<[(P, V); N]> for Identifier {
    fn from(values: [(P, V); N]) -> Self {
        values.into_iter().collect()
    }
}

impl<P: Into<Text>, V: Into<Text>> FromIterator<(P, V)> for Identifier {
    fn from_iter<I: IntoIterator<Item = (P, V)>>(values: I) -> Self {
        Self::Named(values.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}
