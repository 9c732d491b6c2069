//! Writes one service's block of `constraints.bin`; accel-synth's `schema::encoding` has the layout.

use std::collections::BTreeMap;

use accel_synth::schema::encoding::Keyword;

pub(crate) use crate::codegen::bytes::Bytes;
use crate::codegen::bytes::Strings;

/// The index of a node in its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeId(u32);

/// The nodes and strings of one service, each kept once.
#[derive(Default)]
pub(crate) struct Block {
    strings: Strings,
    nodes: Vec<Vec<u8>>,
    ids: BTreeMap<Vec<u8>, NodeId>,
    types: Vec<Vec<u8>>,
}

impl Bytes {
    pub(crate) fn node(&mut self, id: NodeId) {
        self.number(id.0.into());
    }
}

impl Block {
    pub(crate) fn string(&mut self, text: &str) -> u32 {
        self.strings.index(text)
    }

    /// The node of these rules, an existing one if there is an equal one.
    pub(crate) fn node(&mut self, rules: Node) -> NodeId {
        let bytes = rules.finish();
        if let Some(id) = self.ids.get(&bytes) {
            return *id;
        }
        let id = NodeId(index(self.nodes.len()));
        self.nodes.push(bytes.clone());
        self.ids.insert(bytes, id);
        id
    }

    /// A node that others may name before its rules are known, as a recursive definition needs.
    pub(crate) fn reserve(&mut self) -> NodeId {
        self.nodes.push(Vec::new());
        NodeId(index(self.nodes.len() - 1))
    }

    pub(crate) fn fill(&mut self, reserved: NodeId, rules: Node) {
        self.nodes[reserved.0 as usize] = rules.finish();
    }

    pub(crate) fn add_type(&mut self, bytes: Bytes) {
        self.types.push(bytes.0);
    }

    /// The block's bytes, not yet deflated.
    pub(crate) fn finish(self) -> Vec<u8> {
        let mut bytes = Bytes::default();
        self.strings.write(&mut bytes);
        bytes.list(self.nodes, |bytes, node| bytes.0.extend(node));
        bytes.list(self.types, |bytes, r#type| bytes.0.extend(r#type));
        bytes.0
    }
}

/// The rules of one node, as bytes.
#[derive(Default)]
pub(crate) struct Node(BTreeMap<(Keyword, usize), Vec<u8>>);

impl Node {
    /// Adds a rule; rules are written in the order of their keywords.
    pub(crate) fn rule(&mut self, keyword: Keyword, value: impl FnOnce(&mut Bytes)) {
        let mut bytes = Bytes::default();
        value(&mut bytes);
        self.0.insert((keyword, self.0.len()), bytes.0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn finish(self) -> Vec<u8> {
        let mut bytes = Bytes::default();
        bytes.list(self.0, |bytes, ((keyword, _), value)| {
            bytes.0.push(keyword as u8);
            bytes.0.extend(value);
        });
        bytes.0
    }
}

fn index(length: usize) -> u32 {
    u32::try_from(length).expect("a block is far smaller than four billion entries")
}
