//! YAML as people would write it, with comments, and the same for every reader.
//!
//! The output is YAML 1.2 that readers of YAML 1.1 understand the same way: whatever text one of the
//! two would take for something else is quoted. There are no anchors, tags, flow collections (but
//! `{}` and `[]`) or folded lines.

use accel_core::{Document, DocumentEntry, DocumentNode, Prop};

mod scalar;

/// The longest key that readers look ahead for; a longer one is written behind a `?`.
const SIMPLE_KEY: usize = 1000;

/// Prints `document`: its header as comments, then its value.
///
/// Values that only a deployment knows must have been replaced by what they stand for; what was not
/// is printed as `null`.
///
/// ```
/// use accel_core::{Document, DocumentNode, Format};
///
/// let root = DocumentNode::map([("branch", "main"), ("version", "1.10")]);
/// let document = Document::new("settings.yml", Format::Yaml, root);
/// assert_eq!(accel_synth::yaml::print(&document), "branch: main\nversion: '1.10'\n");
/// ```
#[must_use]
pub fn print(document: &Document) -> String {
    let mut printer = Printer { out: String::new() };
    for line in &document.header {
        printer.comment(line, 0);
    }
    if !document.header.is_empty() {
        printer.out.push('\n');
    }
    match collection(&document.root) {
        Some(Collection::Map(entries)) => {
            for entry in &entries {
                // The only key that GitHub's files have everywhere and that YAML 1.1 reads as a
                // truth value. People and tools look for it without quotes.
                let bare = entry.key == "on";
                printer.entry(entry, 0, bare);
            }
        }
        Some(Collection::List(items)) => items.iter().for_each(|item| printer.item(item, 0)),
        None => printer.scalar(&document.root, 0, None),
    }
    printer.out
}

/// What is printed over several lines.
enum Collection {
    List(Vec<DocumentNode>),
    Map(Vec<DocumentEntry>),
}

/// The node's parts, if there are any.
fn collection(node: &DocumentNode) -> Option<Collection> {
    match node {
        DocumentNode::List(items) if !items.is_empty() => Some(Collection::List(items.clone())),
        DocumentNode::Map(entries) if !entries.is_empty() => Some(Collection::Map(entries.clone())),
        DocumentNode::Value(Prop::List(items)) if !items.is_empty() => {
            Some(Collection::List(items.iter().cloned().map(DocumentNode::Value).collect()))
        }
        DocumentNode::Value(Prop::Object(object)) if !object.is_empty() => {
            let entries = object.iter().map(|(key, value)| DocumentEntry::new(key, value.clone()));
            Some(Collection::Map(entries.collect()))
        }
        _ => None,
    }
}

struct Printer {
    out: String,
}

impl Printer {
    /// An entry on lines of its own.
    fn entry(&mut self, entry: &DocumentEntry, indent: usize, bare_key: bool) {
        self.above(entry, indent);
        self.indent(indent);
        self.entry_here(entry, indent, bare_key);
    }

    /// An entry from where the line is, which is `indent` columns in.
    fn entry_here(&mut self, entry: &DocumentEntry, indent: usize, bare_key: bool) {
        let key = if bare_key { entry.key.to_string() } else { scalar::on_one_line(&entry.key) };
        if key.len() > SIMPLE_KEY {
            self.out.push_str("? ");
            self.out.push_str(&key);
            self.out.push('\n');
            self.indent(indent);
        } else {
            self.out.push_str(&key);
        }
        self.out.push(':');
        self.value(&entry.value, indent, entry.behind.as_deref());
    }

    /// What stands behind a colon.
    fn value(&mut self, node: &DocumentNode, indent: usize, behind: Option<&str>) {
        if *node == DocumentNode::Null {
            self.behind(behind);
            return self.out.push('\n');
        }
        let Some(collection) = collection(node) else {
            self.out.push(' ');
            return self.scalar(node, indent, behind);
        };
        self.behind(behind);
        self.out.push('\n');
        match collection {
            Collection::Map(entries) => {
                entries.iter().for_each(|entry| self.entry(entry, indent + 2, false));
            }
            Collection::List(items) => items.iter().for_each(|item| self.item(item, indent + 2)),
        }
    }

    /// An item of a list, on lines of its own.
    fn item(&mut self, node: &DocumentNode, indent: usize) {
        let parts = collection(node);
        if let Some(Collection::Map(entries)) = &parts {
            // A comment on the first entry is one on the item.
            self.above(&entries[0], indent);
        }
        self.indent(indent);
        self.item_here(node, parts, indent);
    }

    /// An item from where the line is, which is `indent` columns in.
    fn item_here(&mut self, node: &DocumentNode, parts: Option<Collection>, indent: usize) {
        self.out.push_str("- ");
        match parts {
            None => self.scalar(node, indent, None),
            Some(Collection::Map(entries)) => {
                self.entry_here(&entries[0], indent + 2, false);
                entries[1..].iter().for_each(|entry| self.entry(entry, indent + 2, false));
            }
            Some(Collection::List(items)) => {
                self.item_here(&items[0], collection(&items[0]), indent + 2);
                items[1..].iter().for_each(|item| self.item(item, indent + 2));
            }
        }
    }

    /// A value of one line, or a text of several, up to the end of its last line.
    fn scalar(&mut self, node: &DocumentNode, indent: usize, behind: Option<&str>) {
        let text = match node {
            DocumentNode::Null | DocumentNode::Value(Prop::Intrinsic(_)) => "null".to_owned(),
            DocumentNode::List(_) | DocumentNode::Value(Prop::List(_)) => "[]".to_owned(),
            DocumentNode::Map(_) | DocumentNode::Value(Prop::Object(_)) => "{}".to_owned(),
            DocumentNode::Value(Prop::Bool(value)) => value.to_string(),
            DocumentNode::Value(Prop::Integer(value)) => value.to_string(),
            DocumentNode::Value(Prop::Float(value)) => scalar::float(*value),
            DocumentNode::Value(Prop::String(text)) => match scalar::block_header(text) {
                Some(header) => return self.block(&header, text, indent + 2, behind),
                None => scalar::on_one_line(text),
            },
        };
        self.out.push_str(&text);
        self.behind(behind);
        self.out.push('\n');
    }

    /// A text as it is, line by line.
    fn block(&mut self, header: &str, text: &str, indent: usize, behind: Option<&str>) {
        self.out.push_str(header);
        self.behind(behind);
        self.out.push('\n');
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            if !line.is_empty() {
                self.indent(indent);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    fn above(&mut self, entry: &DocumentEntry, indent: usize) {
        for line in entry.above.iter().flat_map(|comment| comment.lines()) {
            self.comment(line, indent);
        }
    }

    fn behind(&mut self, comment: Option<&str>) {
        if let Some(comment) = comment {
            self.out.push_str(" # ");
            self.out.push_str(&scalar::comment(comment));
        }
    }

    fn comment(&mut self, line: &str, indent: usize) {
        self.indent(indent);
        let line = scalar::comment(line);
        self.out.push_str(if line.is_empty() { "#" } else { "# " });
        self.out.push_str(&line);
        self.out.push('\n');
    }

    fn indent(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
    }
}

#[cfg(test)]
mod tests;
