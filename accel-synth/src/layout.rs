use std::borrow::Cow;

use accel_core::{
    Diagnostic, Diagnostics, codes as core_codes,
    tree::{Kind, NodeId, Tree},
};
use litemap::LiteMap;
use sha2::{Digest as _, Sha256};

use crate::{codes, parallel};

/// Which template every node is part of, and what the parts of templates are called.
#[derive(Debug)]
pub(crate) struct Layout {
    /// By [`NodeId::index`].
    template_of: Vec<Option<NodeId>>,
    /// By [`NodeId::index`]; empty for what is no part of a template.
    logical_ids: Vec<String>,
    members: LiteMap<NodeId, Vec<NodeId>>,
    renamed: Renamed,
}

impl Layout {
    pub(crate) fn new(tree: &Tree, diagnostics: &mut Diagnostics) -> Self {
        let renamed = Renamed::new(tree, diagnostics);
        let mut template_of: Vec<Option<NodeId>> = Vec::with_capacity(tree.len());
        for node in tree.ids() {
            let inherited = tree[node].parent().and_then(|parent| template_of[parent.index()]);
            template_of.push(if is_template(tree, node) { Some(node) } else { inherited });
        }
        let mut layout = Self {
            template_of,
            logical_ids: vec![String::new(); tree.len()],
            members: LiteMap::new_vec(),
            renamed,
        };
        for node in tree.ids() {
            if is_template(tree, node) {
                layout.members.entry(node).or_default();
            } else if is_member(tree, node) {
                layout.place(tree, node, diagnostics);
            }
        }
        layout.name_members(tree, diagnostics);
        layout.order_members(tree, diagnostics);
        layout
    }

    fn place(&mut self, tree: &Tree, node: NodeId, diagnostics: &mut Diagnostics) {
        let Some(template) = self.template_of[node.index()] else {
            let message = format!("`{}` is not in a stack or a stack set", tree.path(node));
            let location = tree[node].location();
            diagnostics.push(Diagnostic::error(&codes::NO_TEMPLATE, message, location));
            return;
        };
        self.members.entry(template).or_default().push(node);
    }

    fn name_members(&mut self, tree: &Tree, diagnostics: &mut Diagnostics) {
        let templates: Vec<_> = self.templates().collect();
        let named = parallel::map(&templates, |&(template, members)| {
            let mut found = Diagnostics::default();
            let name = |&node| self.logical_id_of(tree, template, node, &mut found);
            (members.iter().map(name).collect::<Vec<_>>(), found)
        });
        for (members, (names, found)) in self.members.values().zip(named) {
            for (node, name) in members.iter().zip(names) {
                self.logical_ids[node.index()] = name;
            }
            diagnostics.extend(found);
        }
    }

    /// Readable words and a short digest of the path below the template: nothing outside it matters.
    fn logical_id_of(
        &self,
        tree: &Tree,
        template: NodeId,
        node: NodeId,
        diagnostics: &mut Diagnostics,
    ) -> String {
        let path = if self.renamed.0.is_empty() {
            Cow::Owned(path_below(tree, template, node))
        } else {
            let whole = self.renamed.path(tree, node);
            let above = self.renamed.path(tree, template);
            match whole.strip_prefix(&*above).and_then(|rest| rest.strip_prefix('/')) {
                Some(rest) => Cow::Owned(rest.to_owned()),
                None => {
                    let message = format!(
                        "`{}` was at `{whole}`, which is in another stack",
                        tree.path(node)
                    );
                    let help = "what moves to another stack is another resource: remove the \
                                `moved`, and retain or import the old one";
                    let location = self.renamed.location(tree, node);
                    diagnostics.push(
                        Diagnostic::error(&core_codes::INVALID_MOVE, message, location).help(help),
                    );
                    Cow::Owned(path_below(tree, template, node))
                }
            }
        };
        let mut id = pascal_case(&path);
        // CloudFormation takes 255 characters; deep paths keep their first words.
        id.truncate(200);
        id.push_str(&short_digest(&path));
        id
    }

    /// By logical id, so that the order in which a program adds things changes no template.
    fn order_members(&mut self, tree: &Tree, diagnostics: &mut Diagnostics) {
        for (_, members) in self.members.iter_mut() {
            members.sort_by(|a, b| {
                self.logical_ids[a.index()].cmp(&self.logical_ids[b.index()]).then(a.cmp(b))
            });
            for pair in members.windows(2) {
                let [first, second] = [pair[0], pair[1]];
                let same = self.logical_ids[first.index()] == self.logical_ids[second.index()];
                // Two of one path are a duplicate id, which building reported.
                if same && tree.path(first) != tree.path(second) {
                    let message = format!(
                        "`{}` and `{}` would both be called `{}`",
                        tree.path(first),
                        tree.path(second),
                        self.logical_ids[first.index()]
                    );
                    diagnostics.push(
                        Diagnostic::error(
                            &codes::DUPLICATE_LOGICAL_ID,
                            message,
                            tree[second].location(),
                        )
                        .note("the other one is made here", tree[first].location()),
                    );
                }
            }
        }
    }

    /// The template that `node` is, or is in.
    pub(crate) fn template(&self, node: NodeId) -> Option<NodeId> {
        self.template_of[node.index()]
    }

    /// What a part of a template is called there.
    pub(crate) fn logical_id(&self, node: NodeId) -> &str {
        &self.logical_ids[node.index()]
    }

    /// The templates, with their parts by logical id.
    pub(crate) fn templates(&self) -> impl Iterator<Item = (NodeId, &[NodeId])> {
        self.members.iter().map(|(template, members)| (*template, members.as_slice()))
    }

    /// The path of `node`, or the one it had before it was renamed: what deployed names come from.
    pub(crate) fn deployed_path(&self, tree: &Tree, node: NodeId) -> String {
        self.renamed.path(tree, node).into_owned()
    }
}

/// The renames that hold, newest first.
#[derive(Debug)]
struct Renamed(Vec<accel_core::tree::Move>);

impl Renamed {
    fn new(tree: &Tree, diagnostics: &mut Diagnostics) -> Self {
        let mut moves = tree.moves().to_vec();
        if moves.is_empty() {
            return Self(moves);
        }
        let paths: std::collections::BTreeSet<String> =
            tree.ids().map(|node| tree.path(node)).collect();
        moves.retain(|moved| {
            let problem = if !paths.contains(&moved.new) {
                format!("there is nothing at `{}`", moved.new)
            } else if paths.contains(&moved.old) {
                format!("there is still something at `{}`", moved.old)
            } else {
                return true;
            };
            let message = format!("`moved({:?}, {:?})`: {problem}", moved.old, moved.new);
            diagnostics.push(
                Diagnostic::error(&core_codes::INVALID_MOVE, message, moved.location)
                    .help("`accel tree` lists the paths that there are"),
            );
            false
        });
        moves.reverse();
        Self(moves)
    }

    fn path<'a>(&self, tree: &Tree, node: NodeId) -> Cow<'a, str> {
        let path = tree.path(node);
        match self.find(&path) {
            Some(moved) => Cow::Owned(format!("{}{}", moved.old, &path[moved.new.len()..])),
            None => Cow::Owned(path),
        }
    }

    fn location(&self, tree: &Tree, node: NodeId) -> &'static std::panic::Location<'static> {
        self.find(&tree.path(node)).map_or(tree[node].location(), |moved| moved.location)
    }

    /// The innermost rename that `path` is at or below.
    fn find(&self, path: &str) -> Option<&accel_core::tree::Move> {
        let below = |new: &str| {
            path.strip_prefix(new).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.0.iter().filter(|moved| below(&moved.new)).max_by_key(|moved| moved.new.len())
    }
}

pub(crate) fn is_template(tree: &Tree, node: NodeId) -> bool {
    matches!(tree[node].kind(), Kind::Stack(_) | Kind::StackSet(_))
}

fn is_member(tree: &Tree, node: NodeId) -> bool {
    matches!(
        tree[node].kind(),
        Kind::Resource(_)
            | Kind::Parameter(_)
            | Kind::Condition(_)
            | Kind::Mapping(_)
            | Kind::Output(_)
            | Kind::Published(_)
    )
}

/// The ids from below `template` down to `node`.
pub(crate) fn path_below(tree: &Tree, template: NodeId, node: NodeId) -> String {
    let mut ids: Vec<&str> = tree
        .ancestors(node)
        .take_while(|&node| node != template)
        .map(|node| tree[node].id())
        .collect();
    ids.reverse();
    ids.join("/")
}

/// Eight hexadecimal digits that tell texts apart.
pub(crate) fn short_digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    format!("{:08X}", u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]))
}

/// `a-b/c` as `ABC`: what CloudFormation takes as a name.
pub(crate) fn pascal_case(text: &str) -> String {
    let mut name = String::with_capacity(text.len() + 8);
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut chars = word.chars();
        name.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(chars.as_str());
    }
    name
}
