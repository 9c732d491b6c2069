//! Random values.

use accel_core::{Attr, Handle, Intrinsic, Prop, Pseudo, Secret, Value, template::ConditionRef};
use proptest::prelude::*;
use serde_json::json;

/// A value, beside what it is in a template.
#[derive(Clone, Debug)]
pub(crate) enum Recipe {
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    Ref,
    Attribute,
    Pseudo,
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
    Join(String, Vec<Self>),
    Sub(String, Vec<(String, Self)>),
    Select(u32, Box<Self>),
    Split(String, Box<Self>),
    If(Box<Self>, Box<Self>),
    Cidr(Box<Self>, u32, u32),
    Azs(Box<Self>),
    Base64(Box<Self>),
    Secret(String),
}

pub(crate) fn recipe() -> impl Strategy<Value = Recipe> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Recipe::Bool),
        any::<i64>().prop_map(Recipe::Integer),
        // Eighths, which every reader of JSON reads exactly.
        any::<i32>().prop_map(|eighths| Recipe::Float(f64::from(eighths) / 8.0)),
        any::<String>().prop_map(Recipe::Text),
        "[a-z-]{1,8}".prop_map(Recipe::Secret),
        Just(Recipe::Ref),
        Just(Recipe::Attribute),
        Just(Recipe::Pseudo),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let named = || prop::collection::vec(("[A-Z][a-z]{0,4}", inner.clone()), 0..4);
        let items = || prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            items().prop_map(Recipe::List),
            named().prop_map(Recipe::Object),
            (any::<String>(), items()).prop_map(|(by, items)| Recipe::Join(by, items)),
            (any::<String>(), named()).prop_map(|(text, values)| Recipe::Sub(text, values)),
            (0..9_u32, boxed()).prop_map(|(index, list)| Recipe::Select(index, list)),
            (any::<String>(), boxed()).prop_map(|(by, text)| Recipe::Split(by, text)),
            (boxed(), boxed()).prop_map(|(yes, no)| Recipe::If(yes, no)),
            (boxed(), 1..256_u32, 1..32_u32)
                .prop_map(|(block, n, bits)| Recipe::Cidr(block, n, bits)),
            boxed().prop_map(Recipe::Azs),
            boxed().prop_map(Recipe::Base64),
        ]
    })
}

/// What a recipe refers to, and what that is called in the template.
pub(crate) struct Kitchen {
    pub(crate) thing: Handle,
    pub(crate) condition: ConditionRef,
    pub(crate) thing_id: String,
    pub(crate) condition_id: String,
}

impl Recipe {
    pub(crate) fn prop(&self, kitchen: &Kitchen) -> Prop {
        let many =
            |items: &[Self]| -> Vec<Prop> { items.iter().map(|item| item.prop(kitchen)).collect() };
        let intrinsic = match self {
            Self::Bool(value) => return Prop::Bool(*value),
            Self::Integer(value) => return Prop::Integer(*value),
            Self::Float(value) => return Prop::Float(*value),
            Self::Text(text) => return Prop::from(text.as_str()),
            Self::Ref => return Attr::<String>::new(kitchen.thing, None).into(),
            Self::Attribute => return Attr::<String>::new(kitchen.thing, Some("Name")).into(),
            Self::Pseudo => Intrinsic::Pseudo(Pseudo::Region),
            Self::List(items) => return Prop::List(many(items)),
            Self::Object(entries) => {
                return Prop::object(
                    entries.iter().map(|(key, value)| (key.clone(), value.prop(kitchen))),
                );
            }
            Self::Join(by, items) => Intrinsic::Join(by.as_str().into(), many(items)),
            Self::Sub(text, values) => {
                let values = unique(values);
                let values = values.into_iter().map(|(k, v)| (k.into(), v.prop(kitchen)));
                Intrinsic::Sub(text.as_str().into(), values.collect())
            }
            Self::Select(index, list) => Intrinsic::Select(*index, list.prop(kitchen)),
            Self::Split(by, text) => Intrinsic::Split(by.as_str().into(), text.prop(kitchen)),
            Self::If(yes, no) => {
                Intrinsic::If(kitchen.condition, yes.prop(kitchen), no.prop(kitchen))
            }
            Self::Cidr(block, count, bits) => Intrinsic::Cidr(block.prop(kitchen), *count, *bits),
            Self::Azs(region) => Intrinsic::GetAzs(region.prop(kitchen)),
            Self::Base64(text) => Intrinsic::Base64(text.prop(kitchen)),
            Self::Secret(name) => return Prop::from(Value::<Secret>::managed(name.as_str())),
        };
        Prop::from(intrinsic)
    }

    pub(crate) fn json(&self, kitchen: &Kitchen) -> serde_json::Value {
        let many = |items: &[Self]| -> serde_json::Value {
            items.iter().map(|item| item.json(kitchen)).collect()
        };
        match self {
            Self::Bool(value) => json!(value),
            Self::Integer(value) => json!(value),
            Self::Float(value) => json!(value),
            Self::Text(text) => json!(text),
            Self::Ref => json!({ "Ref": kitchen.thing_id }),
            Self::Attribute => json!({ "Fn::GetAtt": [kitchen.thing_id, "Name"] }),
            Self::Pseudo => json!({ "Ref": "AWS::Region" }),
            Self::List(items) => many(items),
            Self::Object(entries) => {
                entries.iter().map(|(key, value)| (key.clone(), value.json(kitchen))).collect()
            }
            Self::Join(by, items) => json!({ "Fn::Join": [by, many(items)] }),
            Self::Sub(text, values) if values.is_empty() => json!({ "Fn::Sub": text }),
            Self::Sub(text, values) => {
                let values = unique(values).into_iter();
                let values: serde_json::Value =
                    values.map(|(key, value)| (key, value.json(kitchen))).collect();
                json!({ "Fn::Sub": [text, values] })
            }
            Self::Select(index, list) => json!({ "Fn::Select": [index, list.json(kitchen)] }),
            Self::Split(by, text) => json!({ "Fn::Split": [by, text.json(kitchen)] }),
            Self::If(yes, no) => {
                json!({ "Fn::If": [kitchen.condition_id, yes.json(kitchen), no.json(kitchen)] })
            }
            Self::Cidr(block, count, bits) => {
                json!({ "Fn::Cidr": [block.json(kitchen), count, bits] })
            }
            Self::Azs(region) => json!({ "Fn::GetAZs": region.json(kitchen) }),
            Self::Base64(text) => json!({ "Fn::Base64": text.json(kitchen) }),
            Self::Secret(name) => {
                json!(format!("{{{{resolve:secretsmanager:{name}}}}}"))
            }
        }
    }
}

/// The last value of each name.
fn unique(values: &[(String, Recipe)]) -> Vec<(String, Recipe)> {
    let map: std::collections::BTreeMap<_, _> = values.iter().cloned().collect();
    map.into_iter().collect()
}
