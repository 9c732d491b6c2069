//! Reads JSON that was written earlier, or by others, into the property tree.

use std::fmt;

use accel_core::{Object, Prop};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A JSON document as a property tree. Functions of CloudFormation stay the objects that templates
/// write them as: `{"Ref": "Role"}`.
///
/// Read straight into the tree, so that no other crate's idea of an object's order gets in between. A
/// later entry of one key replaces an earlier one.
///
/// # Errors
/// When `json` is not JSON, or has a `null`: a property tree has none, nor has a template.
///
/// ```
/// let tree = accel_synth::read::json(r#"{"b": 1, "a": [true]}"#)?;
/// let names: Vec<_> = tree.as_object().unwrap().iter().map(|(name, _)| name.as_str()).collect();
/// assert_eq!(names, ["a", "b"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn json(json: &str) -> Result<Prop, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let prop = Tree.deserialize(&mut reader)?;
    reader.end()?;
    Ok(prop)
}

#[derive(Clone, Copy)]
struct Tree;

impl<'de> DeserializeSeed<'de> for Tree {
    type Value = Prop;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Prop, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree {
    type Value = Prop;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value other than null")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Prop, E> {
        Ok(Prop::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Prop, E> {
        Ok(Prop::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Prop, E> {
        Ok(i64::try_from(value).map_or(Prop::Float(value as f64), Prop::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Prop, E> {
        Ok(Prop::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Prop, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Prop, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Prop::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Prop, A::Error> {
        let mut object = Object::new();
        while let Some(name) = entries.next_key::<String>()? {
            object.insert(name, entries.next_value_seed(self)?);
        }
        Ok(Prop::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_types() {
        let tree = json(r#"{"i": 1, "f": 0.5, "big": 18446744073709551615, "l": ["x", false]}"#);
        let expected = Prop::object([
            ("i", Prop::Integer(1)),
            ("f", Prop::Float(0.5)),
            ("big", Prop::Float(18446744073709551615.0)),
            ("l", Prop::list([Prop::from("x"), Prop::Bool(false)])),
        ]);
        assert_eq!(tree.unwrap(), expected);
    }

    #[test]
    fn what_is_no_tree_is_an_error() {
        for wrong in ["", "{", "null", "[null]", "{} {}"] {
            assert!(json(wrong).is_err(), "{wrong}");
        }
    }
}
