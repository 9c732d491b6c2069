use std::fmt;

use crate::{IntoValue, Intrinsic, Text};

/// The property tree of a resource, with references still unresolved.
///
/// Deliberately not `serde_json::Value`: maps are ordered here whatever features another crate in
/// the build switches on, and a reference is a variant rather than a magic string.
#[derive(Clone, Debug, PartialEq)]
pub enum Prop {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number. Never NaN or infinite: [`Prop::from`] turns those into text, which
    /// validation then rejects with the property's name.
    Float(f64),
    /// Text.
    String(Text),
    /// A list.
    List(Vec<Self>),
    /// An object.
    Object(Object),
    /// What only the deployment knows: a reference, a function, a table.
    Intrinsic(Box<Intrinsic>),
}

impl Prop {
    /// An object of the given entries; a later entry replaces an earlier one of the same key.
    ///
    /// ```
    /// use accel_core::Prop;
    ///
    /// let prop = Prop::object([("Key", "team"), ("Value", "platform")]);
    /// assert_eq!(prop.as_object().unwrap().get("Key").unwrap().as_str(), Some("team"));
    /// ```
    pub fn object<K: Into<Text>, P: Into<Self>>(entries: impl IntoIterator<Item = (K, P)>) -> Self {
        Self::Object(entries.into_iter().collect())
    }

    /// A list of the given items.
    pub fn list<P: Into<Self>>(items: impl IntoIterator<Item = P>) -> Self {
        let mut props = Vec::new();
        for item in items {
            props.push(item.into());
        }
        Self::List(props)
    }

    /// The text, if this is literal text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The object, if this is one.
    #[must_use]
    pub const fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The list, if this is one.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// Visits every property of the tree, this one first, those inside intrinsics included.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::List(items) => items.iter().for_each(|item| item.walk(visit)),
            Self::Object(entries) => entries.iter().for_each(|(_, value)| value.walk(visit)),
            Self::Intrinsic(intrinsic) => {
                intrinsic.operands(&mut |operand: &'a Self| operand.walk(visit));
            }
            Self::Bool(_) | Self::Integer(_) | Self::Float(_) | Self::String(_) => {}
        }
    }
}

/// A property object: entries ordered by key. Small, so a sorted vector and not a tree.
#[derive(Clone, Default, PartialEq)]
pub struct Object(Vec<(Text, Prop)>);

impl Object {
    /// An empty object.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Prop> {
        self.position(key).ok().map(|index| &self.0[index].1)
    }

    /// The value of `key`, to change in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Prop> {
        self.position(key).ok().map(|index| &mut self.0[index].1)
    }

    /// Sets `key`, replacing what it was.
    pub fn insert(&mut self, key: impl Into<Text>, value: impl Into<Prop>) {
        self.insert_text(key.into(), value.into());
    }

    /// [`Object::insert`] for names of generated code, without an allocation.
    #[doc(hidden)]
    pub fn insert_static(&mut self, key: &'static str, value: Prop) {
        self.insert_text(Text::Static(key), value);
    }

    fn insert_text(&mut self, key: Text, value: Prop) {
        if self.0.is_empty() {
            // Most objects have one entry or two; a vector takes room for four at first.
            self.0.reserve_exact(2);
        }
        // Generated `new` functions and blueprints mostly set names in order.
        if self.0.last().is_none_or(|(last, _)| *last < key) {
            self.0.push((key, value));
            return;
        }
        match self.position(&key) {
            Ok(index) => self.0[index].1 = value,
            Err(index) => self.0.insert(index, (key, value)),
        }
    }

    /// [`Object::insert`] for the setters of nested property types: the name is static, the value
    /// typed.
    #[must_use]
    #[inline]
    pub fn with_value<K>(mut self, key: &'static str, value: impl IntoValue<K>) -> Self {
        self.insert_static(key, value.into_value().into_prop());
        self
    }

    /// Takes `key` out.
    pub fn remove(&mut self, key: &str) -> Option<Prop> {
        self.position(key).ok().map(|index| self.0.remove(index).1)
    }

    /// The entries, ordered by key.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Text, &Prop)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The number of entries.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(existing, _)| existing.as_str().cmp(key))
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Into<Text>, P: Into<Prop>> FromIterator<(K, P)> for Object {
    fn from_iter<I: IntoIterator<Item = (K, P)>>(entries: I) -> Self {
        let mut object = Self::new();
        for (key, value) in entries {
            object.insert(key, value);
        }
        object
    }
}

impl IntoIterator for Object {
    type Item = (Text, Prop);
    type IntoIter = std::vec::IntoIter<(Text, Prop)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

macro_rules! from {
    ($($type:ty => |$value:ident| $prop:expr;)+) => {$(
        impl From<$type> for Prop {
            fn from($value: $type) -> Self {
                $prop
            }
        }
    )+};
}
from! {
    bool => |value| Self::Bool(value);
    i64 => |value| Self::Integer(value);
    i32 => |value| Self::Integer(value.into());
    u32 => |value| Self::Integer(value.into());
    u16 => |value| Self::Integer(value.into());
    u8 => |value| Self::Integer(value.into());
    f64 => |value| if value.is_finite() { Self::Float(value) } else { Self::from(value.to_string()) };
    &str => |value| Self::String(value.into());
    String => |value| Self::String(value.into());
    &String => |value| Self::String(value.into());
    Text => |value| Self::String(value);
    Object => |value| Self::Object(value);
    Intrinsic => |value| Self::Intrinsic(Box::new(value));
}

impl<P: Into<Self>> From<Vec<P>> for Prop {
    fn from(items: Vec<P>) -> Self {
        Self::list(items)
    }
}

impl<P: Into<Self>, const N: usize> From<[P; N]> for Prop {
    fn from(items: [P; N]) -> Self {
        Self::list(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_ordered_and_overwrites() {
        let mut object: Object = [("b", 1), ("a", 2), ("c", 3)].into_iter().collect();
        object.insert("b", 4);
        let entries: Vec<_> = object.iter().map(|(key, value)| (key.as_str(), value)).collect();
        assert_eq!(
            entries,
            [("a", &Prop::Integer(2)), ("b", &Prop::Integer(4)), ("c", &Prop::Integer(3))]
        );
        assert_eq!(object.remove("a"), Some(Prop::Integer(2)));
        assert_eq!(object.get("a"), None);
    }

    #[test]
    fn a_number_that_json_lacks_is_text() {
        assert_eq!(Prop::from(f64::NAN).as_str(), Some("NaN"));
        assert_eq!(Prop::from(0.5), Prop::Float(0.5));
    }

    #[test]
    fn a_property_stays_small() {
        assert!(size_of::<Prop>() <= 32, "{}", size_of::<Prop>());
    }
}
