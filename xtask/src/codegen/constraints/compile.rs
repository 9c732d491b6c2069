//! Compiles one resource type's JSON Schema into nodes of its service's block.

use std::collections::BTreeMap;

use accel_synth::schema::encoding::{Keyword, types};
use anyhow::{Context as _, bail};
use serde_json::{Map, Value, json};

use super::{
    block::{Block, Bytes, Node, NodeId},
    formats,
};

/// Keywords that say nothing about whether a property is valid, or are read elsewhere.
const NO_CONSTRAINTS: [&str; 26] = [
    "$comment",
    "$ref",
    "$schema",
    "additionalIdentifiers",
    "arrayType",
    "conditionalCreateOnlyProperties",
    "createOnlyProperties",
    "default",
    "definitions",
    "deprecatedProperties",
    "documentationUrl",
    "examples",
    "insertionOrder",
    "lifecycle",
    "primaryIdentifier",
    "propertyTransform",
    "readOnlyProperties",
    "relationshipRef",
    "replacementStrategy",
    "resourceLink",
    "sourceUrl",
    "taggable",
    "tagging",
    "title",
    "typeName",
    "writeOnlyProperties",
];

/// Adds the nodes of `schema` to `block` and returns its root.
pub(crate) fn compile(block: &mut Block, schema: &Value) -> anyhow::Result<NodeId> {
    let mut compiler = Compiler { block, schema, definitions: BTreeMap::new() };
    let root = compiler.node(schema)?;
    if schema.pointer("/tagging/taggable") == Some(&Value::Bool(true)) {
        let tagging = compiler.node(&tagging())?;
        return Ok(compiler.all_of(root, tagging));
    }
    Ok(root)
}

/// What holds for the tags of every resource.
/// See <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>.
fn tagging() -> Value {
    let key = json!({ "minLength": 1, "maxLength": 128, "pattern": "^(?!aws:).+$" });
    let value = json!({ "maxLength": 256 });
    json!({ "properties": { "Tags": {
        "items": { "properties": { "Key": key, "Value": value }, "required": ["Key"] },
        "uniqueKeys": ["Key"],
        "patternProperties": { "^(?!aws:).+$": value },
        "additionalProperties": false,
    } } })
}

struct Compiler<'a> {
    block: &'a mut Block,
    schema: &'a Value,
    /// By their reference.
    definitions: BTreeMap<String, Definition>,
}

#[derive(Clone, Copy)]
enum Definition {
    /// Being compiled; has a reserved id once something inside it names it.
    Open(Option<NodeId>),
    Done(NodeId),
}

impl Compiler<'_> {
    fn node(&mut self, schema: &Value) -> anyhow::Result<NodeId> {
        let keywords = match schema {
            Value::Object(keywords) => keywords,
            Value::Bool(true) => return Ok(self.block.node(Node::default())),
            other => bail!("not a schema: {other}"),
        };
        let rules = self.rules(keywords)?;
        let Some(reference) = keywords.get("$ref") else { return Ok(self.block.node(rules)) };
        let target = self.reference(reference.as_str().context("a reference is text")?)?;
        if rules.is_empty() {
            return Ok(target);
        }
        let own = self.block.node(rules);
        Ok(self.all_of(target, own))
    }

    fn all_of(&mut self, first: NodeId, second: NodeId) -> NodeId {
        let mut node = Node::default();
        node.rule(Keyword::AllOf, |bytes| bytes.list([first, second], Bytes::node));
        self.block.node(node)
    }

    fn reference(&mut self, reference: &str) -> anyhow::Result<NodeId> {
        match self.definitions.get(reference).copied() {
            Some(Definition::Done(id) | Definition::Open(Some(id))) => return Ok(id),
            Some(Definition::Open(None)) => {
                let reserved = self.block.reserve();
                self.definitions.insert(reference.to_owned(), Definition::Open(Some(reserved)));
                return Ok(reserved);
            }
            None => {}
        }
        let schema = self.schema;
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| schema.pointer(pointer))
            .with_context(|| format!("{reference} leads nowhere"))?;
        self.definitions.insert(reference.to_owned(), Definition::Open(None));
        let mut id = self.node(target)?;
        if let Some(Definition::Open(Some(reserved))) = self.definitions.get(reference).copied() {
            let mut recursive = Node::default();
            recursive.rule(Keyword::AllOf, |bytes| bytes.list([id], Bytes::node));
            self.block.fill(reserved, recursive);
            id = reserved;
        }
        self.definitions.insert(reference.to_owned(), Definition::Done(id));
        Ok(id)
    }

    fn rules(&mut self, keywords: &Map<String, Value>) -> anyhow::Result<Node> {
        let mut node = Node::default();
        for (keyword, value) in keywords {
            self.rule(&mut node, keywords, keyword, value)
                .with_context(|| format!("in {keyword}"))?;
        }
        Ok(node)
    }

    fn rule(
        &mut self,
        node: &mut Node,
        siblings: &Map<String, Value>,
        name: &str,
        value: &Value,
    ) -> anyhow::Result<()> {
        use Keyword as K;
        match name {
            "type" => {
                let mask =
                    strings_or_one(value)?.iter().map(|name| type_bit(name)).sum::<Option<u8>>();
                let mask = mask.context("an unknown type")?;
                node.rule(K::Type, |bytes| bytes.byte(mask));
            }
            "properties" => {
                let named = self.named_nodes(value)?;
                if !named.is_empty() {
                    node.rule(K::Properties, |bytes| bytes.list(named, named_node));
                }
            }
            "patternProperties" => {
                let named = self.named_nodes(value)?;
                node.rule(K::PatternProperties, |bytes| bytes.list(named, named_node));
            }
            "additionalProperties" => match value {
                Value::Bool(true) => {}
                Value::Bool(false) => node.rule(K::NoAdditionalProperties, |_| ()),
                schema => {
                    let id = self.node(schema)?;
                    node.rule(K::AdditionalProperties, |bytes| bytes.node(id));
                }
            },
            "items" => {
                let id = self.node(value)?;
                node.rule(K::Items, |bytes| bytes.node(id));
            }
            // An `if` without a `then` asks for nothing.
            "if" => {
                if let Some(then) = siblings.get("then") {
                    let ids = [self.node(value)?, self.node(then)?];
                    node.rule(K::IfThen, |bytes| ids.into_iter().for_each(|id| bytes.node(id)));
                }
            }
            "then" => {}
            "prefixItems" => self.nodes(node, K::PrefixItems, value)?,
            "oneOf" => self.nodes(node, K::OneOf, value)?,
            "anyOf" => self.nodes(node, K::AnyOf, value)?,
            "allOf" => self.nodes(node, K::AllOf, value)?,
            "required" => self.strings(node, K::Required, value)?,
            "requiredXor" => self.strings(node, K::RequiredXor, value)?,
            "requiredOr" => self.strings(node, K::RequiredOr, value)?,
            "uniqueKeys" => self.strings(node, K::UniqueKeys, value)?,
            "enum" => self.strings(node, K::Enum, value)?,
            "enumCaseInsensitive" => self.strings(node, K::EnumIgnoringCase, value)?,
            "const" => self.strings(node, K::Enum, &json!([value]))?,
            "dependentRequired" => self.dependents(node, K::DependentRequired, value)?,
            "dependentExcluded" => self.dependents(node, K::DependentExcluded, value)?,
            "dependencies" => {
                let all = value.as_object().context("an object")?;
                let lists = all.iter().filter(|(_, value)| value.is_array());
                let lists: Map<_, _> = lists.map(|(k, v)| (k.clone(), v.clone())).collect();
                self.dependents(node, K::DependentRequired, &Value::Object(lists))?;
            }
            "pattern" => {
                let pattern = self.block.string(value.as_str().context("a pattern is text")?);
                node.rule(K::Pattern, |bytes| bytes.string(pattern));
            }
            "format" => {
                if let Some(pattern) = formats::pattern(value.as_str().context("text")?) {
                    let pattern = self.block.string(pattern);
                    node.rule(K::Pattern, |bytes| bytes.string(pattern));
                }
            }
            "minProperties" => count(node, K::MinProperties, value)?,
            "maxProperties" => count(node, K::MaxProperties, value)?,
            "minItems" => count(node, K::MinItems, value)?,
            "maxItems" => count(node, K::MaxItems, value)?,
            "maxUniqueItems" => count(node, K::MaxUniqueItems, value)?,
            "minLength" => count(node, K::MinLength, value)?,
            "maxLength" => count(node, K::MaxLength, value)?,
            "minimum" => bound(node, K::Minimum, value)?,
            "maximum" => bound(node, K::Maximum, value)?,
            "exclusiveMaximum" => bound(node, K::ExclusiveMaximum, value)?,
            "multipleOf" => bound(node, K::MultipleOf, value)?,
            "uniqueItems" => {
                if value == &Value::Bool(true) {
                    node.rule(K::UniqueItems, |_| ());
                }
            }
            name if NO_CONSTRAINTS.contains(&name) => {}
            name => bail!("unknown keyword {name}: compile it, or list it among NO_CONSTRAINTS"),
        }
        Ok(())
    }

    fn nodes(&mut self, node: &mut Node, keyword: Keyword, value: &Value) -> anyhow::Result<()> {
        let schemas = value.as_array().context("a list")?;
        let ids = schemas.iter().map(|schema| self.node(schema)).collect::<Result<Vec<_>, _>>()?;
        node.rule(keyword, |bytes| bytes.list(ids, Bytes::node));
        Ok(())
    }

    fn named_nodes(&mut self, value: &Value) -> anyhow::Result<Vec<(u32, NodeId)>> {
        let mut entries: Vec<_> = value.as_object().context("an object")?.iter().collect();
        entries.sort_unstable_by_key(|(name, _)| *name);
        let named = entries.into_iter().map(|(name, schema)| {
            let id = self.node(schema).with_context(|| format!("in {name}"))?;
            Ok((self.block.string(name), id))
        });
        named.collect()
    }

    fn strings(&mut self, node: &mut Node, keyword: Keyword, value: &Value) -> anyhow::Result<()> {
        let strings = self.string_list(value)?;
        if !strings.is_empty() {
            node.rule(keyword, |bytes| bytes.list(strings, Bytes::string));
        }
        Ok(())
    }

    fn string_list(&mut self, value: &Value) -> anyhow::Result<Vec<u32>> {
        let items = value.as_array().context("a list")?;
        let strings = items.iter().map(|item| match item {
            Value::String(text) => Ok(self.block.string(text)),
            Value::Number(_) | Value::Bool(_) => Ok(self.block.string(&item.to_string())),
            other => bail!("not a scalar: {other}"),
        });
        strings.collect()
    }

    fn dependents(
        &mut self,
        node: &mut Node,
        keyword: Keyword,
        value: &Value,
    ) -> anyhow::Result<()> {
        let mut lists = Vec::new();
        for (name, others) in value.as_object().context("an object")? {
            lists.push((self.block.string(name), self.string_list(others)?));
        }
        if !lists.is_empty() {
            node.rule(keyword, |bytes| {
                bytes.list(lists, |bytes, (name, others)| {
                    bytes.string(name);
                    bytes.list(others, Bytes::string);
                });
            });
        }
        Ok(())
    }
}

fn named_node(bytes: &mut Bytes, (name, id): (u32, NodeId)) {
    bytes.string(name);
    bytes.node(id);
}

fn count(node: &mut Node, keyword: Keyword, value: &Value) -> anyhow::Result<()> {
    let number = value.as_u64().or_else(|| value.as_f64().map(|number| number as u64));
    let number = number.context("a number")?;
    node.rule(keyword, |bytes| bytes.number(number));
    Ok(())
}

fn bound(node: &mut Node, keyword: Keyword, value: &Value) -> anyhow::Result<()> {
    let number = value.as_f64().context("a number")?;
    node.rule(keyword, |bytes| bytes.double(number));
    Ok(())
}

fn strings_or_one(value: &Value) -> anyhow::Result<Vec<&str>> {
    match value {
        Value::String(text) => Ok(vec![text]),
        Value::Array(items) => items.iter().map(|item| item.as_str().context("text")).collect(),
        other => bail!("neither text nor a list: {other}"),
    }
}

fn type_bit(name: &str) -> Option<u8> {
    types::NAMES.iter().find(|(_, known)| *known == name).map(|(bit, _)| *bit)
}
