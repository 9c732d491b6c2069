//! Reads `data/constraints.bin`; [`super::encoding`] has its layout.

use std::sync::OnceLock;

use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::encoding::Keyword;
use crate::validate::pattern::LazyPattern;

static CONSTRAINTS: &[u8] = include_bytes!("../../data/constraints.bin");

/// What is known of every resource type, a service at a time.
pub(crate) struct Registry {
    /// The regions whose list of types is known.
    pub(crate) regions: Vec<&'static str>,
    /// By namespace, sorted.
    services: Vec<Service>,
}

struct Service {
    namespace: &'static str,
    deflated: &'static [u8],
    inflated: usize,
    block: OnceLock<Block>,
}

/// The types of one namespace and their nodes.
pub(crate) struct Block {
    nodes: Vec<Vec<Rule>>,
    /// By name, sorted.
    pub(crate) types: Vec<TypeSchema>,
}

/// One resource type.
pub(crate) struct TypeSchema {
    /// Without its namespace.
    pub(crate) name: &'static str,
    pub(crate) root: NodeId,
    /// Bit i is set where the type is in region i of the registry; none is where nobody knows.
    pub(crate) regions: u64,
    pub(crate) read_only: Vec<&'static str>,
    /// Paths, and whether a change there only may replace the resource.
    pub(crate) replacement: Vec<(&'static str, bool)>,
    pub(crate) identifier: Vec<&'static str>,
    pub(crate) arn: Option<&'static str>,
}

/// The index of a node in its block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeId(u32);

/// A keyword with its value.
pub(crate) enum Rule {
    Type(u8),
    /// By name, sorted; and whether these are all.
    Properties(Vec<(&'static str, NodeId)>, bool),
    Required(Vec<&'static str>),
    AdditionalProperties(NodeId),
    NoAdditionalProperties,
    PatternProperties(Vec<(LazyPattern, NodeId)>),
    MinProperties(u64),
    MaxProperties(u64),
    Items(NodeId),
    PrefixItems(Vec<NodeId>),
    MinItems(u64),
    MaxItems(u64),
    UniqueItems,
    MaxUniqueItems(u64),
    UniqueKeys(Vec<&'static str>),
    MinLength(u64),
    MaxLength(u64),
    Pattern(LazyPattern),
    Enum(Vec<&'static str>),
    EnumIgnoringCase(Vec<&'static str>),
    Minimum(f64),
    Maximum(f64),
    ExclusiveMaximum(f64),
    MultipleOf(f64),
    OneOf(Vec<NodeId>),
    AnyOf(Vec<NodeId>),
    AllOf(Vec<NodeId>),
    IfThen(NodeId, NodeId),
    RequiredXor(Vec<&'static str>),
    RequiredOr(Vec<&'static str>),
    DependentRequired(Vec<(&'static str, Vec<&'static str>)>),
    DependentExcluded(Vec<(&'static str, Vec<&'static str>)>),
}

impl Registry {
    /// The embedded one.
    pub(crate) fn get() -> &'static Self {
        static REGISTRY: OnceLock<Registry> = OnceLock::new();
        REGISTRY.get_or_init(|| {
            let mut reader = Reader { bytes: CONSTRAINTS, strings: Vec::new() };
            let regions = reader.list(Reader::text);
            let index = reader.list(|reader| (reader.text(), reader.size(), reader.size()));
            let services = index.into_iter().map(|(namespace, deflated, inflated)| {
                let deflated = reader.take(deflated);
                Service { namespace, deflated, inflated, block: OnceLock::new() }
            });
            let services = services.collect();
            Self { regions, services }
        })
    }

    /// The type of this name, with the block that has its nodes.
    pub(crate) fn find(&self, type_name: &str) -> Option<(&Block, &TypeSchema)> {
        let (namespace, name) = type_name.rsplit_once("::")?;
        let block = self.block(namespace)?;
        let index = block.types.binary_search_by_key(&name, |known| known.name).ok()?;
        Some((block, &block.types[index]))
    }

    /// Every namespace: `AWS::S3`.
    pub(crate) fn namespaces(&self) -> impl Iterator<Item = &'static str> {
        self.services.iter().map(|service| service.namespace)
    }

    /// Every pattern of every node.
    #[cfg(test)]
    pub(crate) fn patterns(&self) -> impl Iterator<Item = &LazyPattern> {
        let blocks = self.namespaces().filter_map(|namespace| self.block(namespace));
        blocks.flat_map(|block| &block.nodes).flatten().flat_map(|rule| match rule {
            Rule::Pattern(pattern) => vec![pattern],
            Rule::PatternProperties(patterns) => {
                patterns.iter().map(|(pattern, _)| pattern).collect()
            }
            _ => Vec::new(),
        })
    }

    /// The types of a namespace.
    pub(crate) fn block(&self, namespace: &str) -> Option<&Block> {
        let index = self.services.binary_search_by_key(&namespace, |service| service.namespace);
        let service = &self.services[index.ok()?];
        Some(service.block.get_or_init(|| Block::read(service)))
    }
}

impl Block {
    pub(crate) fn rules(&self, node: NodeId) -> &[Rule] {
        &self.nodes[node.0 as usize]
    }

    fn read(service: &Service) -> Self {
        let bytes = decompress_to_vec_with_limit(service.deflated, service.inflated)
            .expect("the embedded constraints inflate, as a test over all of them shows");
        // One allocation a service and process, so that names need no lifetime.
        let mut reader = Reader { bytes: bytes.leak(), strings: Vec::new() };
        reader.strings = reader.list(Reader::text);
        let nodes = reader.list(|reader| closed(reader.list(Reader::rule)));
        let types = reader.list(|reader| TypeSchema {
            name: reader.string(),
            root: reader.node(),
            regions: reader.number(),
            read_only: reader.list(Reader::string),
            replacement: reader.list(|reader| (reader.string(), reader.byte() != 0)),
            identifier: reader.list(Reader::string),
            arn: reader.list(Reader::string).pop(),
        });
        Self { nodes, types }
    }
}

/// Most objects list their properties and allow no others: one rule for both needs one look.
fn closed(mut rules: Vec<Rule>) -> Vec<Rule> {
    let patterns = rules.iter().any(|rule| matches!(rule, Rule::PatternProperties(_)));
    let closed = rules.iter().position(|rule| matches!(rule, Rule::NoAdditionalProperties));
    let all = rules.iter_mut().find_map(|rule| match rule {
        Rule::Properties(_, all) => Some(all),
        _ => None,
    });
    if let (Some(position), Some(all), false) = (closed, all, patterns) {
        *all = true;
        rules.remove(position);
    }
    rules
}

/// Reads embedded bytes, which a test has read before: it indexes without asking.
struct Reader {
    bytes: &'static [u8],
    strings: Vec<&'static str>,
}

impl Reader {
    fn take(&mut self, length: usize) -> &'static [u8] {
        let (taken, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        taken
    }

    fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        number
    }

    fn size(&mut self) -> usize {
        self.number() as usize
    }

    fn double(&mut self) -> f64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(self.take(8));
        f64::from_le_bytes(bytes)
    }

    fn text(&mut self) -> &'static str {
        let length = self.size();
        str::from_utf8(self.take(length)).expect("the embedded constraints are UTF-8")
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let length = self.size();
        let mut items = Vec::with_capacity(length);
        for _ in 0..length {
            items.push(item(self));
        }
        items
    }

    fn string(&mut self) -> &'static str {
        let index = self.size();
        self.strings[index]
    }

    fn strings(&mut self) -> Vec<&'static str> {
        self.list(Self::string)
    }

    fn node(&mut self) -> NodeId {
        NodeId(self.number() as u32)
    }

    fn nodes(&mut self) -> Vec<NodeId> {
        self.list(Self::node)
    }

    fn pattern(&mut self) -> LazyPattern {
        LazyPattern::new(self.string())
    }

    fn dependents(&mut self) -> Vec<(&'static str, Vec<&'static str>)> {
        self.list(|reader| (reader.string(), reader.strings()))
    }

    fn rule(&mut self) -> Rule {
        use Keyword as K;
        match K::ALL[usize::from(self.byte())] {
            K::Type => Rule::Type(self.byte()),
            K::Properties => {
                Rule::Properties(self.list(|reader| (reader.string(), reader.node())), false)
            }
            K::Required => Rule::Required(self.strings()),
            K::AdditionalProperties => Rule::AdditionalProperties(self.node()),
            K::NoAdditionalProperties => Rule::NoAdditionalProperties,
            K::PatternProperties => {
                Rule::PatternProperties(self.list(|reader| (reader.pattern(), reader.node())))
            }
            K::MinProperties => Rule::MinProperties(self.number()),
            K::MaxProperties => Rule::MaxProperties(self.number()),
            K::Items => Rule::Items(self.node()),
            K::PrefixItems => Rule::PrefixItems(self.nodes()),
            K::MinItems => Rule::MinItems(self.number()),
            K::MaxItems => Rule::MaxItems(self.number()),
            K::UniqueItems => Rule::UniqueItems,
            K::MaxUniqueItems => Rule::MaxUniqueItems(self.number()),
            K::UniqueKeys => Rule::UniqueKeys(self.strings()),
            K::MinLength => Rule::MinLength(self.number()),
            K::MaxLength => Rule::MaxLength(self.number()),
            K::Pattern => Rule::Pattern(self.pattern()),
            K::Enum => Rule::Enum(self.strings()),
            K::EnumIgnoringCase => Rule::EnumIgnoringCase(self.strings()),
            K::Minimum => Rule::Minimum(self.double()),
            K::Maximum => Rule::Maximum(self.double()),
            K::ExclusiveMaximum => Rule::ExclusiveMaximum(self.double()),
            K::MultipleOf => Rule::MultipleOf(self.double()),
            K::OneOf => Rule::OneOf(self.nodes()),
            K::AnyOf => Rule::AnyOf(self.nodes()),
            K::AllOf => Rule::AllOf(self.nodes()),
            K::IfThen => Rule::IfThen(self.node(), self.node()),
            K::RequiredXor => Rule::RequiredXor(self.strings()),
            K::RequiredOr => Rule::RequiredOr(self.strings()),
            K::DependentRequired => Rule::DependentRequired(self.dependents()),
            K::DependentExcluded => Rule::DependentExcluded(self.dependents()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_reads_to_its_end_in_order() {
        let registry = Registry::get();
        let mut count = 0;
        for namespace in registry.namespaces() {
            let block = registry.block(namespace).unwrap();
            assert!(block.types.is_sorted_by_key(|known| known.name), "{namespace}");
            count += block.types.len();
        }
        assert!(registry.namespaces().is_sorted());
        assert!(count > 1_800, "{count}");
    }
}
