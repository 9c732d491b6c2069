//! XML as the services write and read it.

use roxmltree::{Document, Node};
use serde_json::{Map, Value};

/// The root's name and what is in it.
pub(super) fn read(text: &str) -> Option<(String, Value)> {
    let document = Document::parse(text).ok()?;
    let root = document.root_element();
    Some((root.tag_name().name().to_owned(), value(root)))
}

fn value(node: Node<'_, '_>) -> Value {
    let mut members: Map<String, Value> = Map::new();
    for child in node.children().filter(Node::is_element) {
        let item = value(child);
        match members.get_mut(child.tag_name().name()) {
            None => drop(members.insert(child.tag_name().name().to_owned(), item)),
            Some(Value::Array(items)) => items.push(item),
            Some(first) => *first = Value::Array(vec![first.take(), item]),
        }
    }
    match members.is_empty() {
        true => Value::String(node.text().unwrap_or_default().to_owned()),
        false => Value::Object(members),
    }
}

/// An element; each item of a list is an element of its own, `item`, in it.
pub(super) fn element(name: &str, value: &Value, item: &str) -> String {
    let content = match value {
        Value::Array(items) => items.iter().map(|it| element(item, it, item)).collect(),
        Value::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            members.map(|(name, value)| element(name, value, item)).collect()
        }
        Value::String(text) => escaped(text),
        other => other.to_string(),
    };
    format!("<{name}>{content}</{name}>")
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
