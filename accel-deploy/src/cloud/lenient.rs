//! Reads a reply whose protocol has texts only, and no word for an empty list.

use serde::{
    Deserializer,
    de::{
        Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Error, Value};

/// A value that is read as what is asked for: `"true"` as a truth, `"14"` as a number, an empty text as an
/// empty list or structure.
pub(super) struct Lenient(pub(super) Value);

impl<'de> serde::de::IntoDeserializer<'de, Error> for Lenient {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

/// A number from a text, if the text is one.
macro_rules! numbers {
    ($($method:ident)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0 {
                Value::String(text) => match text.parse::<serde_json::Number>() {
                    Ok(number) => Value::Number(number).$method(visitor),
                    Err(_) => Value::String(text).$method(visitor),
                },
                other => other.$method(visitor),
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for Lenient {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Lenient)))
            }
            Value::Object(members) => {
                let members = members.into_iter().map(|(name, value)| (name, Self(value)));
                visitor.visit_map(MapDeserializer::new(members))
            }
            plain => plain.deserialize_any(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.0 {
            Value::String(text) if text == "true" => visitor.visit_bool(true),
            Value::String(text) if text == "false" => visitor.visit_bool(false),
            _ => self.0.deserialize_bool(visitor),
        }
    }

    numbers! { deserialize_u32 deserialize_u64 deserialize_i32 deserialize_i64 deserialize_f64 }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(text) if text.trim().is_empty() => {
                Value::Array(Vec::new()).deserialize_seq(visitor)
            }
            other => Self(other).deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(text) if text.trim().is_empty() => {
                Value::Object(serde_json::Map::new()).deserialize_map(visitor)
            }
            other => Self(other).deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            other => visitor.visit_some(Self(other)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 u8 u16 f32 char str string bytes byte_buf unit unit_struct tuple tuple_struct
        enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize as _;
    use serde_json::json;

    use super::Lenient;
    use crate::cloud::cloudformation::{DescribedOperation, Stacks};

    #[test]
    fn texts_are_read_as_what_is_asked_for() {
        let reply = json!({"Stacks": [{
            "StackName": "a", "StackStatus": "CREATE_COMPLETE", "EnableTerminationProtection": "true",
            "Parameters": "", "Outputs": [{"OutputKey": "On", "OutputValue": "true"}],
        }]});
        let stacks = Stacks::deserialize(Lenient(reply)).unwrap().stacks;
        assert!(stacks[0].enable_termination_protection);
        assert!(stacks[0].parameters.is_empty());
        assert_eq!(stacks[0].outputs[0].output_value, "true");
    }

    #[test]
    fn numbers_in_optional_structures_are_read() {
        let reply = json!({"StackSetOperation": {
            "StatusDetails": {"FailedStackInstancesCount": "14"},
            "OperationPreferences": {"FailureTolerancePercentage": "10", "RegionOrder": ""},
            "DeploymentTargets": "", "RetainStacks": "false",
        }});
        let operation =
            DescribedOperation::deserialize(Lenient(reply)).unwrap().stack_set_operation;
        assert_eq!(operation.status_details.unwrap().failed_stack_instances_count, 14);
        let preferences = operation.operation_preferences.unwrap();
        assert_eq!(preferences.failure_tolerance_percentage, Some(10));
        assert_eq!(preferences.region_order, Some(Vec::new()));
        assert_eq!(operation.retain_stacks, Some(false));
    }

    #[test]
    fn what_is_neither_is_an_error() {
        let reply = json!({"Stacks": [{"EnableTerminationProtection": "perhaps"}]});
        assert!(Stacks::deserialize(Lenient(reply)).is_err());
        assert!(Stacks::deserialize(Lenient(json!({"Stacks": "some"}))).is_err());
    }
}
