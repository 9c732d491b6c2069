//! The module of a resource: its nested property types and enumerations.

use std::fmt::{self, Write as _};

use super::{OBJECT, REFERENCE, Scope, new, page, required_struct, setter_fn, shared::Shared};
use crate::codegen::model::{Enumeration, Nested, Resource, Service};

const INDENT: &str = "    ";

pub(super) fn module(
    out: &mut String,
    service: &Service,
    index: usize,
    shared: &Shared<'_>,
) -> fmt::Result {
    let resource = &service.resources[index];
    let mut body = String::new();
    let mut reexports = String::new();
    let page = page(service, resource);
    for nested in &resource.nested {
        if let Some(owner) = shared.owner(service, index, &nested.name) {
            reexport(&mut reexports, owner, &nested.name)?;
            if nested.setters.are_named() {
                reexport(&mut reexports, owner, &format!("{}Required", nested.name))?;
            }
            continue;
        }
        let anchor = nested.original.to_lowercase();
        let link = format!("{REFERENCE}/aws-properties-{page}-{anchor}.html");
        property_type(&mut body, nested, &link)?;
    }
    for enumeration in &resource.enumerations {
        match shared.owner(service, index, &enumeration.name) {
            Some(owner) => reexport(&mut reexports, owner, &enumeration.name)?,
            None => self::enumeration(&mut body, enumeration)?,
        }
    }
    writeln!(out, "/// What the properties of a [`{}`] are made of.", resource.name)?;
    writeln!(out, "pub mod {} {{", resource.module)?;
    if body.contains("l1::") {
        writeln!(out, "{INDENT}use accel_core::l1;\n")?;
    }
    if body.contains("kinds::") {
        writeln!(out, "{INDENT}use crate::kinds;\n")?;
    }
    if !reexports.is_empty() {
        writeln!(out, "{reexports}")?;
    }
    let end = out.trim_end().len();
    out.truncate(end);
    writeln!(out, "\n\n{}", body.trim_end())?;
    writeln!(out, "}}\n")
}

fn reexport(out: &mut String, owner: &Resource, name: &str) -> fmt::Result {
    writeln!(out, "{INDENT}pub use super::{}::{name};", owner.module)
}

/// A nested type, but for what differs between resources that have it alike.
pub(super) fn text(nested: &Nested) -> Result<String, fmt::Error> {
    let mut text = String::new();
    property_type(&mut text, nested, "")?;
    Ok(text)
}

/// An enumeration, to compare it with others.
pub(super) fn enumeration_text(enumeration: &Enumeration) -> Result<String, fmt::Error> {
    let mut text = String::new();
    self::enumeration(&mut text, enumeration)?;
    Ok(text)
}

fn property_type(out: &mut String, nested: &Nested, link: &str) -> fmt::Result {
    let Nested { original, name, setters, .. } = nested;
    let own = Scope { module: None };
    writeln!(out, "{INDENT}/// [`{original}`]({link}).")?;
    writeln!(out, "{INDENT}#[must_use]")?;
    writeln!(out, "{INDENT}pub struct {name}(l1::Object);\n")?;
    writeln!(out, "{INDENT}impl {name} {{")?;
    new(out, &OBJECT, name, setters, &own)?;
    for setter in &setters.optional {
        writeln!(out)?;
        setter_fn(out, &OBJECT, setter, &own)?;
    }
    writeln!(out, "{INDENT}}}\n")?;
    into_value(out, name, "Self")?;
    if nested.in_union {
        into_value(out, name, "l1::Json")?;
    }
    required_struct(out, INDENT, name, setters)
}

fn into_value(out: &mut String, name: &str, kind: &str) -> fmt::Result {
    writeln!(out, "{INDENT}impl l1::IntoValue<{kind}> for {name} {{")?;
    writeln!(out, "{INDENT}    #[inline]")?;
    writeln!(out, "{INDENT}    fn into_value(self) -> l1::Value<{kind}> {{")?;
    writeln!(out, "{INDENT}        l1::nested_value(self.0)")?;
    writeln!(out, "{INDENT}    }}\n{INDENT}}}\n")
}

fn enumeration(out: &mut String, enumeration: &Enumeration) -> fmt::Result {
    let Enumeration { name, property, values } = enumeration;
    writeln!(out, "{INDENT}/// The kind of `{property}`.")?;
    writeln!(out, "{INDENT}pub enum {name} {{}}\n")?;
    writeln!(out, "{INDENT}impl {name} {{")?;
    for (constant, value) in values {
        writeln!(out, "{INDENT}    /// `{}`", value.escape_debug())?;
        writeln!(
            out,
            "{INDENT}    pub const {constant}: l1::Const<Self> = l1::constant({value:?});"
        )?;
    }
    writeln!(out, "{INDENT}}}\n")
}
