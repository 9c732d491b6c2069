use crate::{Attr, Prop, Text, tree::NodeId};

/// A file of the assembly that is not a template: a workflow, a monitor, a manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Where it stands, with `/` between segments; see [`Level::render`](crate::Level::render).
    pub path: String,
    /// How it is printed.
    pub format: Format,
    /// Lines printed above it as comments; JSON has none.
    pub header: Vec<String>,
    /// What it says.
    pub root: DocumentNode,
    /// The construct it comes from, for diagnostics; a level that merges documents keeps one.
    pub origin: Option<NodeId>,
}

impl Document {
    /// A document without a header.
    pub fn new(path: impl Into<String>, format: Format, root: impl Into<DocumentNode>) -> Self {
        Self { path: path.into(), format, header: Vec::new(), root: root.into(), origin: None }
    }
}

/// A document of the tree, to refer to from another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentRef(pub(crate) NodeId);

impl DocumentRef {
    /// The node of the tree this names.
    #[must_use]
    pub const fn node(self) -> NodeId {
        self.0
    }

    /// The id that the target gives to what the document describes. Only the target knows it, so in
    /// another document it is `%{<identity>}`, see [`Scope::identity`](crate::Scope::identity), and an
    /// edge of the manifest: whoever sends the documents puts the id in.
    #[must_use]
    pub const fn id<K>(self) -> Attr<K> {
        Attr::of(self.0, None, false)
    }
}

/// How a [`Document`] is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON, two spaces deep.
    Json,
    /// YAML 1.2 that YAML 1.1 readers understand the same way.
    Yaml,
}

/// What a document says: ordered, with comments, its scalars as in a template, so that a value of the
/// tree can stand anywhere.
#[derive(Clone, Debug, PartialEq)]
pub enum DocumentNode {
    /// Nothing: `null`.
    Null,
    /// A value. Objects and lists among them are printed as such.
    Value(Prop),
    /// A list.
    List(Vec<Self>),
    /// An object whose order is kept.
    Map(Vec<DocumentEntry>),
}

/// An entry of a [`DocumentNode::Map`].
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentEntry {
    /// The key.
    pub key: Text,
    /// The value.
    pub value: DocumentNode,
    /// A comment on the lines above.
    pub above: Option<Text>,
    /// A comment behind the value, on its line: the version beside a pinned commit.
    pub behind: Option<Text>,
}

impl DocumentNode {
    /// An object of the given entries, in their order.
    pub fn map<K: Into<Text>, N: Into<Self>>(entries: impl IntoIterator<Item = (K, N)>) -> Self {
        let mut all = Vec::new();
        for (key, value) in entries {
            all.push(DocumentEntry::new(key, value));
        }
        Self::Map(all)
    }

    /// A list of the given items.
    pub fn list<N: Into<Self>>(items: impl IntoIterator<Item = N>) -> Self {
        let mut nodes = Vec::new();
        for item in items {
            nodes.push(item.into());
        }
        Self::List(nodes)
    }

    /// Visits every value, in order.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Prop)) {
        match self {
            Self::Null => {}
            Self::Value(prop) => visit(prop),
            Self::List(items) => items.iter().for_each(|item| item.walk(visit)),
            Self::Map(entries) => entries.iter().for_each(|entry| entry.value.walk(visit)),
        }
    }
}

impl DocumentEntry {
    /// An entry without comments.
    pub fn new(key: impl Into<Text>, value: impl Into<DocumentNode>) -> Self {
        Self { key: key.into(), value: value.into(), above: None, behind: None }
    }

    /// With a comment on the line above.
    #[must_use]
    pub fn above(mut self, comment: impl Into<Text>) -> Self {
        self.above = Some(comment.into());
        self
    }

    /// With a comment behind the value.
    #[must_use]
    pub fn behind(mut self, comment: impl Into<Text>) -> Self {
        self.behind = Some(comment.into());
        self
    }
}

impl<P: Into<Prop>> From<P> for DocumentNode {
    fn from(value: P) -> Self {
        Self::Value(value.into())
    }
}
