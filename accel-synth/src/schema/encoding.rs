//! How `data/constraints.bin` is written, for its one writer (`cargo xtask codegen`) and its one
//! reader.
//!
//! Numbers are LEB128 variable-length integers unless said otherwise, text is its length and its
//! UTF-8 bytes, and a list is its length and its items.
//!
//! ```text
//! file    = regions: list of text, services: list of (name: text, deflated: number, inflated: number),
//!           one deflated block a service
//! block   = strings: list of text, nodes: list of node, types: list of type
//! node    = list of (keyword: byte, its value)
//! type    = name: string, root: node id, regions: number (bit i = region i; none where unknown),
//!           read-only: list of path, replacement: list of (path, maybe: byte),
//!           identifier: list of string, ARN template: list of at most one string
//! path    = string of property names joined by `/`; items of lists and values of maps add nothing
//! ```
//!
//! Inside a block a string is an index into `strings` and a node id an index into `nodes`. Equal
//! nodes are written once, which is where most of the size goes.

/// The keywords of a node, and the shape of their values.
///
/// They are JSON Schema's, and those that CloudFormation and cfn-lint add.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Keyword {
    /// A byte: one bit a [`type`](types).
    Type,
    /// A list of (string, node), sorted by name.
    Properties,
    /// A list of strings, as of all that name properties.
    Required,
    /// A node, which every property without a node of its own has to satisfy.
    AdditionalProperties,
    /// No value: other properties are not allowed.
    NoAdditionalProperties,
    /// A list of (string: pattern, node).
    PatternProperties,
    /// A number.
    MinProperties,
    /// A number.
    MaxProperties,
    /// A node.
    Items,
    /// A list of nodes.
    PrefixItems,
    /// A number.
    MinItems,
    /// A number.
    MaxItems,
    /// No value.
    UniqueItems,
    /// A number: of distinct items.
    MaxUniqueItems,
    /// A list of strings: properties that identify an item of a list.
    UniqueKeys,
    /// A number: of characters.
    MinLength,
    /// A number: of characters.
    MaxLength,
    /// A string: a regular expression, found anywhere in the text.
    Pattern,
    /// A list of strings; numbers and booleans as JSON writes them.
    Enum,
    /// As [`Keyword::Enum`].
    EnumIgnoringCase,
    /// Eight bytes: a little-endian IEEE 754 double.
    Minimum,
    /// As [`Keyword::Minimum`].
    Maximum,
    /// As [`Keyword::Minimum`].
    ExclusiveMaximum,
    /// As [`Keyword::Minimum`].
    MultipleOf,
    /// A list of nodes.
    OneOf,
    /// A list of nodes.
    AnyOf,
    /// A list of nodes.
    AllOf,
    /// Two nodes: `if` and `then`.
    IfThen,
    /// A list of strings, exactly one of which is there.
    RequiredXor,
    /// A list of strings, at least one of which is there.
    RequiredOr,
    /// A list of (string, list of strings): the property asks for the others.
    DependentRequired,
    /// A list of (string, list of strings): the property forbids the others.
    DependentExcluded,
}

impl Keyword {
    /// All, by their byte.
    pub const ALL: [Self; 32] = [
        Self::Type,
        Self::Properties,
        Self::Required,
        Self::AdditionalProperties,
        Self::NoAdditionalProperties,
        Self::PatternProperties,
        Self::MinProperties,
        Self::MaxProperties,
        Self::Items,
        Self::PrefixItems,
        Self::MinItems,
        Self::MaxItems,
        Self::UniqueItems,
        Self::MaxUniqueItems,
        Self::UniqueKeys,
        Self::MinLength,
        Self::MaxLength,
        Self::Pattern,
        Self::Enum,
        Self::EnumIgnoringCase,
        Self::Minimum,
        Self::Maximum,
        Self::ExclusiveMaximum,
        Self::MultipleOf,
        Self::OneOf,
        Self::AnyOf,
        Self::AllOf,
        Self::IfThen,
        Self::RequiredXor,
        Self::RequiredOr,
        Self::DependentRequired,
        Self::DependentExcluded,
    ];
}

/// The bits of [`Keyword::Type`].
pub mod types {
    /// JSON text.
    pub const STRING: u8 = 1;
    /// A whole number.
    pub const INTEGER: u8 = 2;
    /// Any number.
    pub const NUMBER: u8 = 4;
    /// `true` or `false`.
    pub const BOOLEAN: u8 = 8;
    /// A JSON object.
    pub const OBJECT: u8 = 16;
    /// A JSON array.
    pub const ARRAY: u8 = 32;

    /// Each bit with its name.
    pub const NAMES: [(u8, &str); 6] = [
        (STRING, "string"),
        (INTEGER, "integer"),
        (NUMBER, "number"),
        (BOOLEAN, "boolean"),
        (OBJECT, "object"),
        (ARRAY, "array"),
    ];
}

#[cfg(test)]
mod tests {
    use super::Keyword;

    #[test]
    fn a_keyword_stands_at_its_byte() {
        for (byte, keyword) in Keyword::ALL.into_iter().enumerate() {
            assert_eq!(keyword as usize, byte);
        }
    }
}
