//! What the files of all levels of this pillar have in common.

use accel_core::{
    Document, DocumentEntry, DocumentNode, DocumentRef, Format, Level, Scope, Text,
    tree::{Kind, NodeId, Tree},
};

/// Makes `scope` the file `<kind>/<id>.json` of its level.
pub(in super::super) fn file<L: Level>(
    scope: &mut Scope<'_, L>,
    kind: &str,
    root: impl Into<DocumentNode>,
) -> DocumentRef {
    let path = format!("{kind}/{}.json", id_below_level(scope.tree(), scope.node()));
    scope.document(Document::new(path, Format::Json, root))
}

/// The ids below the level, with `.` between them: the name of a file.
pub(in super::super) fn id_below_level(tree: &Tree, node: NodeId) -> String {
    let is_level = |node: &NodeId| matches!(tree[*node].kind(), Kind::Level(_));
    let below = tree.ancestors(node).take_while(|node| !is_level(node));
    let mut ids: Vec<&str> = below.map(|node| tree[node].id()).collect();
    ids.reverse();
    ids.join(".")
}

/// The entries of an object, in the order in which they are added.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Entries(Vec<DocumentEntry>);

impl Entries {
    pub(in super::super) fn add(&mut self, key: &'static str, value: impl Into<DocumentNode>) {
        self.0.push(DocumentEntry::new(Text::Static(key), value));
    }

    /// [`Entries::add`], in a chain.
    pub(in super::super) fn with(
        mut self,
        key: &'static str,
        value: impl Into<DocumentNode>,
    ) -> Self {
        self.add(key, value);
        self
    }

    pub(in super::super) fn some(
        &mut self,
        key: &'static str,
        value: Option<impl Into<DocumentNode>>,
    ) {
        if let Some(value) = value {
            self.add(key, value);
        }
    }

    pub(in super::super) fn filled(&mut self, key: &'static str, entries: Self) {
        if !entries.0.is_empty() {
            self.add(key, entries);
        }
    }

    pub(in super::super) fn texts(&mut self, key: &'static str, texts: &[Text]) {
        if !texts.is_empty() {
            self.add(key, DocumentNode::list(texts.iter().cloned()));
        }
    }

    /// Sets a key that may be there already.
    pub(super) fn replace(&mut self, key: Text, value: impl Into<DocumentNode>) {
        self.0.retain(|entry| entry.key != key);
        self.0.push(DocumentEntry::new(key, value));
    }
}

impl From<Entries> for DocumentNode {
    fn from(entries: Entries) -> Self {
        Self::Map(entries.0)
    }
}

/// A list of objects or lists.
pub(in super::super) fn nodes(items: impl IntoIterator<Item: Into<DocumentNode>>) -> DocumentNode {
    DocumentNode::List(items.into_iter().map(Into::into).collect())
}
