//! XML as the JSON that a call's reply is, and back.
//!
//! An element with members is an object, one with items (`member`, or `item` in EC2) a list, any other a text:
//! which of these a text is meant as, who reads it knows.

use roxmltree::{Document, Node};
use serde_json::{Map, Value};

/// The reply in a document of the query protocols: what is in `<ActionResult>`, or in the root where there is
/// none.
pub(super) fn result(text: &str) -> Result<Value, String> {
    let document = Document::parse(text).map_err(|error| error.to_string())?;
    let root = document.root_element();
    let result = root.children().find(|child| child.tag_name().name().ends_with("Result"));
    Ok(value(result.unwrap_or(root)))
}

/// The root and what is in it, as one member.
pub(super) fn rooted(text: &str) -> Result<Value, String> {
    let document = Document::parse(text).map_err(|error| error.to_string())?;
    let root = document.root_element();
    Ok(Value::Object(Map::from_iter([(root.tag_name().name().to_owned(), value(root))])))
}

/// Code and message of an error, wherever its document has them.
pub(super) fn error(text: &str) -> Option<(String, String)> {
    let document = Document::parse(text).ok()?;
    let find = |name: &str| {
        let mut nodes = document.descendants();
        nodes
            .find(|node| node.tag_name().name().eq_ignore_ascii_case(name))
            .and_then(|node| node.text())
    };
    let code = find("Code")?.trim().to_owned();
    Some((code, find("Message").unwrap_or_default().trim().to_owned()))
}

/// An element of a name with the members of an object; lists repeat their element.
pub(super) fn element(name: &str, value: &Value, namespace: Option<&str>) -> String {
    let namespace = namespace.map(|it| format!(" xmlns=\"{}\"", escaped(it))).unwrap_or_default();
    let content = match value {
        Value::Array(items) => {
            return items.iter().map(|item| element(name, item, None)).collect();
        }
        Value::Object(members) => {
            members.iter().map(|(name, value)| element(name, value, None)).collect()
        }
        Value::String(text) => escaped(text),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    format!("<{name}{namespace}>{content}</{name}>")
}

fn value(node: Node<'_, '_>) -> Value {
    let mut children = node.children().filter(Node::is_element).peekable();
    if children.peek().is_none() {
        let text: String = node.children().filter_map(|child| child.text()).collect();
        return Value::String(text);
    }
    let name = |node: &Node<'_, '_>| node.tag_name().name().to_owned();
    let children: Vec<Node<'_, '_>> = children.collect();
    if children.iter().all(|child| matches!(child.tag_name().name(), "member" | "item")) {
        return Value::Array(children.into_iter().map(value).collect());
    }
    let mut members = Map::new();
    for child in children {
        let (name, value) = (name(&child), value(child));
        match members.get_mut(&name) {
            None => {
                members.insert(name, value);
            }
            // A list without an element of its own.
            Some(Value::Array(items)) => items.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    Value::Object(members)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_result_of_a_query_is_its_members() {
        let text = r#"<?xml version="1.0"?>
            <DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
              <DescribeStacksResult><Stacks><member><StackName>a &amp; b</StackName><Outputs/>
                <Tags><member><Key>k</Key><Value></Value></member></Tags></member></Stacks>
              </DescribeStacksResult>
              <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
            </DescribeStacksResponse>"#;
        let tags = json!([{"Key": "k", "Value": ""}]);
        let stack = json!({"StackName": "a & b", "Outputs": "", "Tags": tags});
        assert_eq!(result(text).unwrap(), json!({"Stacks": [stack]}));
    }

    #[test]
    fn ec2_has_no_result_around_its_reply() {
        let text = "<GetEbsEncryptionByDefaultResponse><requestId>1</requestId>\
                    <ebsEncryptionByDefault>true</ebsEncryptionByDefault></GetEbsEncryptionByDefaultResponse>";
        assert_eq!(result(text).unwrap()["ebsEncryptionByDefault"], "true");
    }

    #[test]
    fn errors_are_found_in_all_their_forms() {
        let expected = Some(("C".to_owned(), "m".to_owned()));
        for text in [
            "<ErrorResponse><Error><Type>Sender</Type><Code>C</Code><Message>m</Message></Error></ErrorResponse>",
            "<Response><Errors><Error><Code>C</Code><Message>m</Message></Error></Errors></Response>",
            "<Error><Code>C</Code><Message>m</Message></Error>",
        ] {
            assert_eq!(error(text), expected, "{text}");
        }
        assert_eq!(error("<html><title>500</title></html>"), None);
        assert_eq!(error("gateway"), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let configuration = json!({"Rule": {"Text": "<a&\"b\">", "On": true}, "Item": ["x", "y"]});
        let text = element("Configuration", &configuration, Some("http://example.com/"));
        let read = json!({"Rule": {"Text": "<a&\"b\">", "On": "true"}, "Item": ["x", "y"]});
        assert_eq!(rooted(&text).unwrap(), json!({ "Configuration": read }));
    }

    #[test]
    fn a_document_that_ends_too_early_is_an_error() {
        assert!(result("<DescribeStacksResponse><DescribeStacksResult>").is_err());
    }
}
