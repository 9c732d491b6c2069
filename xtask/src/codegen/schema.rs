//! What cfn-lint's schemas say of the properties of the service spec: the values and formats of text.
//!
//! The two sources name nested types differently, so both are walked side by side from the root.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    constraints::vendored::Schemas,
    spec::{Property, Resource, Type},
};

/// The hints of one resource type, by nested type (none is "") and property.
#[derive(Default)]
pub(crate) struct Hints<'a>(BTreeMap<&'a str, BTreeMap<&'a str, Hint>>);

/// What is known of the text of one property, or of the items of its list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Hint {
    /// The values it may have; empty for any.
    pub(crate) values: Vec<String>,
    /// What it names: `AWS::EC2::VPC.Id`.
    pub(crate) formats: Vec<String>,
}

impl<'a> Hints<'a> {
    pub(crate) fn of(resource: &'a Resource, schemas: &Schemas) -> Self {
        let mut hints = Self::default();
        if let Some(schema) = schemas.types.get(&resource.type_name) {
            let mut walk = Walk { resource, root: &schema.schema, hints: &mut hints };
            walk.object(None, &resource.properties, &schema.schema);
        }
        hints
    }

    pub(crate) fn get(&self, nested: Option<&str>, property: &str) -> Option<&Hint> {
        self.0.get(nested.unwrap_or_default())?.get(property)
    }
}

/// Deep enough for a list of maps of alternatives; recursive schemas stop there too.
const DEPTH: u8 = 6;
const COMBINATORS: [&str; 3] = ["allOf", "anyOf", "oneOf"];

struct Walk<'a, 'h> {
    resource: &'a Resource,
    root: &'h Value,
    hints: &'h mut Hints<'a>,
}

impl<'a> Walk<'a, '_> {
    fn object(
        &mut self,
        nested: Option<&'a str>,
        properties: &'a BTreeMap<String, Property>,
        schema: &Value,
    ) {
        for (name, property) in properties {
            if self.hints.get(nested, name).is_some() {
                continue;
            }
            let Some(schema) = self.property(schema, name).cloned() else { continue };
            let values = self.values(&schema, 0).unwrap_or_default();
            let mut hint = Hint { values, formats: Vec::new() };
            self.formats(&schema, &mut hint.formats, 0);
            self.hints.0.entry(nested.unwrap_or_default()).or_default().insert(name, hint);
            self.nested(&property.kind, &schema);
        }
    }

    fn nested(&mut self, kind: &'a Type, schema: &Value) {
        match kind {
            Type::List(item) => {
                if let Some(items) = self.resolved(schema).get("items").cloned() {
                    self.nested(item, &items);
                }
            }
            Type::Map(item) => {
                if let Some(value) = self.map_value(schema).cloned() {
                    self.nested(item, &value);
                }
            }
            Type::Union(options) => {
                options.iter().for_each(|option| self.nested(option, schema));
            }
            Type::Nested(name) => {
                if let Some((name, properties)) = self.resource.types.get_key_value(name) {
                    self.object(Some(name), properties, schema);
                }
            }
            _ => {}
        }
    }

    /// The schema of a property of the object that `schema` describes.
    fn property<'s>(&'s self, schema: &'s Value, name: &str) -> Option<&'s Value> {
        let schema = self.resolved(schema);
        if let Some(found) = schema.get("properties").and_then(|all| all.get(name)) {
            return Some(found);
        }
        COMBINATORS
            .iter()
            .flat_map(|key| branches(schema, key))
            .find_map(|branch| self.property(branch, name))
    }

    fn map_value<'s>(&'s self, schema: &'s Value) -> Option<&'s Value> {
        let schema = self.resolved(schema);
        let patterns = schema.get("patternProperties").and_then(Value::as_object);
        patterns.and_then(|patterns| patterns.values().next())
    }

    /// The formats of a schema of text, or of a list or map of it.
    fn formats(&self, schema: &Value, formats: &mut Vec<String>, depth: u8) {
        let schema = self.resolved(schema);
        if let Some(format) = schema.get("format").and_then(Value::as_str) {
            push(formats, format);
        }
        if depth < DEPTH {
            for inner in
                self.items(schema).chain(COMBINATORS.iter().flat_map(|key| branches(schema, key)))
            {
                self.formats(inner, formats, depth + 1);
            }
        }
    }

    /// The values that text, or the items of a list or map of it, may have; `None` for any.
    fn values(&self, schema: &Value, depth: u8) -> Option<Vec<String>> {
        let schema = self.resolved(schema);
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
        }
        if depth >= DEPTH {
            return None;
        }
        let inner = self.items(schema).chain(branches(schema, "allOf"));
        if let Some(values) = inner.into_iter().find_map(|inner| self.values(inner, depth + 1)) {
            return Some(values);
        }
        ["anyOf", "oneOf"].iter().find_map(|key| {
            let mut all = Vec::new();
            for branch in branches(schema, key) {
                for value in self.values(branch, depth + 1)? {
                    push(&mut all, &value);
                }
            }
            (!all.is_empty()).then_some(all)
        })
    }

    fn items<'s>(&'s self, schema: &'s Value) -> impl Iterator<Item = &'s Value> {
        schema.get("items").into_iter().chain(self.map_value(schema))
    }

    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|reference| reference.strip_prefix('#'));
        match target.and_then(|pointer| self.root.pointer(pointer)) {
            Some(target) if target != schema => self.resolved(target),
            _ => schema,
        }
    }
}

fn branches<'s>(schema: &'s Value, key: &str) -> impl Iterator<Item = &'s Value> {
    schema.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn push(items: &mut Vec<String>, item: &str) {
    if !items.iter().any(|known| known == item) {
        items.push(item.to_owned());
    }
}
