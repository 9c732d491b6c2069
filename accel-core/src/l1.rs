//! What L1 types are made of: generated ones and those of other crates. Generated code names all of
//! it through this module, so that a resource called `Resource` or `Value` collides with nothing.
//!
//! The functions are the methods of the same purpose. Code by hand calls the methods; the forty thousand
//! functions of generated code call these, because the compiler looks a method up in each body.

pub use std::{
    clone::Clone,
    convert::{From, Into},
    fmt::{Debug, Formatter, Result as Shown},
    marker::Copy,
    option::Option::{self, None, Some},
    string::String,
};

pub use crate::{
    AccountId, Attr, Const, Construct, Handle, IntoValue, IsA, Json, L1, List, Map, Object, OuId,
    Prop, Reference, Resource, ResourceType, Scope, TagStyle, Template, Text, Value,
    resource::nested_value,
};

/// [`Resource::typed`].
#[must_use]
#[inline]
pub const fn resource(resource_type: &'static ResourceType) -> Resource {
    Resource::typed(resource_type)
}

/// [`Resource::with_value`].
#[must_use]
#[track_caller]
pub fn resource_with<K>(
    resource: Resource,
    property: &'static str,
    value: impl IntoValue<K>,
) -> Resource {
    resource.with_value(property, value)
}

/// [`Object::new`].
#[must_use]
#[inline]
pub const fn object() -> Object {
    Object::new()
}

/// [`Object::with_value`].
#[must_use]
pub fn object_with<K>(object: Object, key: &'static str, value: impl IntoValue<K>) -> Object {
    object.with_value(key, value)
}

/// [`Attr::new`].
#[must_use]
pub const fn attr<K>(handle: Handle, name: Option<&'static str>) -> Attr<K> {
    Attr::new(handle, name)
}

/// [`Const::new`].
#[must_use]
pub const fn constant<K>(text: &'static str) -> Const<K> {
    Const::new(text)
}
