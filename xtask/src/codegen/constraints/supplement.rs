//! Adds to cfn-lint's schemas what only the service spec knows.
//!
//! The L1 bindings are generated from the spec, so whatever they can set has to be a known property:
//! the spec's properties are added to the schema's objects, and a type that has no schema at all gets
//! one of the spec's names, types and required properties.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::codegen::spec::{Property, Replacement, Resource, Type};

/// The schema of a type that cfn-lint has none of.
pub(crate) fn schema_of(resource: &Resource) -> Value {
    let mut schema = object_of(&resource.properties);
    add_properties(&mut schema, resource);
    schema
}

/// Adds the properties of `resource` that `schema` lacks, at every depth.
pub(crate) fn add_properties(schema: &mut Value, resource: &Resource) {
    let mut walk = Walk { schema, resource, missing: Vec::new(), open: Vec::new() };
    walk.object("", &resource.properties);
    let missing = walk.missing;
    for (pointer, name, property) in missing {
        if let Some(Value::Object(properties)) =
            schema.pointer_mut(&format!("{pointer}/properties"))
        {
            properties.entry(name).or_insert(property);
        }
    }
    let Value::Object(keywords) = schema else { return };
    let definitions = keywords.entry("definitions").or_insert_with(|| json!({}));
    if let Value::Object(definitions) = definitions {
        let spec = resource
            .types
            .iter()
            .map(|(name, properties)| (spec_name(name), object_of(properties)));
        definitions.extend(spec);
    }
}

/// What replaces a resource of this type: paths, and whether it only may.
pub(crate) fn replacement(resource: &Resource) -> BTreeMap<String, bool> {
    let mut paths = BTreeMap::new();
    collect_replacement(
        resource,
        &resource.properties,
        &mut Vec::new(),
        &mut Vec::new(),
        &mut paths,
    );
    paths
}

fn collect_replacement<'a>(
    resource: &'a Resource,
    properties: &'a BTreeMap<String, Property>,
    path: &mut Vec<&'a str>,
    open: &mut Vec<&'a str>,
    paths: &mut BTreeMap<String, bool>,
) {
    for (name, property) in properties {
        path.push(name);
        match property.replacement {
            Replacement::Yes => _ = paths.insert(path.join("/"), false),
            Replacement::Maybe => _ = paths.insert(path.join("/"), true),
            Replacement::No => {
                if let Some(nested) = nested(&property.kind).filter(|nested| !open.contains(nested))
                {
                    open.push(nested);
                    collect_replacement(resource, &resource.types[nested], path, open, paths);
                    open.pop();
                }
            }
        }
        path.pop();
    }
}

fn nested(kind: &Type) -> Option<&str> {
    match kind {
        Type::Nested(name) => Some(name),
        Type::List(item) => nested(item),
        _ => None,
    }
}

struct Walk<'a> {
    schema: &'a Value,
    resource: &'a Resource,
    /// Where an object is, the property it lacks, and the schema of that.
    missing: Vec<(String, String, Value)>,
    open: Vec<(String, &'a str)>,
}

impl<'a> Walk<'a> {
    fn object(&mut self, pointer: &str, properties: &'a BTreeMap<String, Property>) {
        let Some(known) = self.at(pointer).and_then(|schema| schema.get("properties")) else {
            return;
        };
        for (name, property) in properties {
            if known.get(name).is_none() {
                let missing = (pointer.to_owned(), name.clone(), schema_of_type(&property.kind));
                self.missing.push(missing);
            } else {
                self.property(&format!("{pointer}/properties/{name}"), &property.kind);
            }
        }
    }

    fn property(&mut self, pointer: &str, kind: &'a Type) {
        let pointer = self.resolved(pointer);
        match kind {
            Type::List(item) => self.property(&format!("{pointer}/items"), item),
            Type::Nested(name) => {
                let step = (pointer, name.as_str());
                if self.open.contains(&step) {
                    return;
                }
                let pointer = step.0.clone();
                // Kept after the visit too: a definition that is used twice is visited once.
                self.open.push(step);
                self.object(&pointer, &self.resource.types[name]);
            }
            _ => {}
        }
    }

    fn at(&self, pointer: &str) -> Option<&'a Value> {
        self.schema.pointer(pointer)
    }

    fn resolved(&self, pointer: &str) -> String {
        let reference =
            self.at(pointer).and_then(|schema| schema.get("$ref")).and_then(Value::as_str);
        match reference.and_then(|reference| reference.strip_prefix('#')) {
            Some(target) => self.resolved(target),
            None => pointer.to_owned(),
        }
    }
}

fn object_of(properties: &BTreeMap<String, Property>) -> Value {
    let required: Vec<_> =
        properties.iter().filter(|(_, property)| property.required).map(|(name, _)| name).collect();
    let schemas: Map<String, Value> = properties
        .iter()
        .map(|(name, property)| (name.clone(), schema_of_type(&property.kind)))
        .collect();
    json!({
        "type": "object",
        "properties": schemas,
        "required": required,
        "additionalProperties": false,
    })
}

fn schema_of_type(kind: &Type) -> Value {
    match kind {
        Type::String { allowed } if allowed.is_empty() => json!({ "type": "string" }),
        Type::String { allowed } => json!({ "type": "string", "enum": allowed }),
        Type::Integer => json!({ "type": "integer" }),
        Type::Number => json!({ "type": "number" }),
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Json => json!({ "type": ["object", "array", "string"] }),
        Type::Tag => json!({
            "type": "object",
            "properties": { "Key": { "type": "string" }, "Value": { "type": "string" } },
            "required": ["Key"],
        }),
        Type::List(item) => json!({ "type": "array", "items": schema_of_type(item) }),
        Type::Map(value) => {
            json!({ "type": "object", "additionalProperties": schema_of_type(value) })
        }
        Type::Union(kinds) => {
            json!({ "anyOf": kinds.iter().map(schema_of_type).collect::<Vec<_>>() })
        }
        Type::Nested(name) => json!({ "$ref": format!("#/definitions/{}", spec_name(name)) }),
    }
}

/// Apart from the schema's own definitions, which may share a name and differ.
fn spec_name(name: &str) -> String {
    format!("spec.{name}")
}
