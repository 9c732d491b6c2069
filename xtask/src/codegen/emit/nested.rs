//! The module of a resource: its nested property types and enumerations.

use std::fmt::{self, Write as _};

use super::{OBJECT, REFERENCE, Scope, new, page, required_struct, setter_fn};
use crate::codegen::model::{Enumeration, Nested, Resource, Service};

const INDENT: &str = "    ";

pub(super) fn module(out: &mut String, service: &Service, resource: &Resource) -> fmt::Result {
    let mut body = String::new();
    let page = page(service, resource);
    for nested in &resource.nested {
        property_type(&mut body, nested, &page)?;
    }
    for enumeration in &resource.enumerations {
        self::enumeration(&mut body, enumeration)?;
    }
    writeln!(out, "/// What the properties of a [`{}`] are made of.", resource.name)?;
    writeln!(out, "pub mod {} {{", resource.module)?;
    writeln!(out, "{INDENT}use accel_core::l1;\n")?;
    if body.contains("kinds::") {
        writeln!(out, "{INDENT}use crate::kinds;\n")?;
    }
    out.push_str(body.trim_end());
    writeln!(out, "\n}}\n")
}

fn property_type(out: &mut String, nested: &Nested, page: &str) -> fmt::Result {
    let Nested { original, name, setters, .. } = nested;
    let own = Scope { module: None };
    let anchor = original.to_lowercase();
    writeln!(out, "{INDENT}/// [`{original}`]({REFERENCE}/aws-properties-{page}-{anchor}.html).")?;
    writeln!(out, "{INDENT}#[derive(Clone, Debug)]")?;
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
            "{INDENT}    pub const {constant}: l1::Const<Self> = l1::Const::new({value:?});"
        )?;
    }
    writeln!(out, "{INDENT}}}\n")
}
