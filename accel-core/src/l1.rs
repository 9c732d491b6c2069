//! What L1 types are made of: generated ones and those of other crates. Generated code names all of
//! it through this module, so that a resource called `Resource` or `Value` collides with nothing.

pub use std::{
    clone::Clone,
    convert::{From, Into},
    fmt::Debug,
    marker::Copy,
    option::Option::{self, None, Some},
    string::String,
};

pub use crate::{
    AccountId, Attr, Const, Construct, Handle, IntoValue, IsA, Json, L1, List, Map, Object, OuId,
    Prop, Reference, Resource, ResourceType, Scope, TagStyle, Template, Text, Value,
    resource::nested_value,
};
