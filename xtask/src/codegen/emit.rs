//! The generated crate as text.

use std::fmt::{self, Write as _};

use self::shared::Shared;
use super::{
    GENERATED,
    model::{Attribute, Resource, Service, Setter, Setters, ValueKind},
    naming,
    spec::{self, Replacement, TagStyle},
};

pub(crate) mod kinds;
mod nested;
mod shared;

const REFERENCE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference";

/// The file of one service.
pub(crate) fn service(service: &Service, has_kinds: bool) -> Result<String, fmt::Error> {
    let mut body = String::new();
    let mut uses_kinds = false;
    let shared = Shared::of(service)?;
    for (index, resource) in service.resources.iter().enumerate() {
        let start = body.len();
        l1(&mut body, service, resource)?;
        uses_kinds |= body[start..].contains("kinds::");
        if !resource.nested.is_empty() || !resource.enumerations.is_empty() {
            nested::module(&mut body, service, index, &shared)?;
        }
    }
    let mut out = format!("{GENERATED}\n");
    writeln!(out, "\n//! `{}`.\n", service.namespace)?;
    writeln!(out, "use accel_core::l1;\n")?;
    if uses_kinds {
        writeln!(out, "use crate::kinds;")?;
    }
    if has_kinds {
        writeln!(out, "pub use crate::kinds::{}::*;", service.module)?;
    }
    writeln!(out)?;
    out.push_str(body.trim_end());
    out.push('\n');
    Ok(out)
}

fn l1(out: &mut String, service: &Service, resource: &Resource) -> fmt::Result {
    let Resource { type_name, name, setters, .. } = resource;
    let page = page(service, resource);
    let own = Scope { module: Some(&resource.module) };
    writeln!(out, "/// [`{type_name}`]({REFERENCE}/aws-resource-{page}.html).")?;
    writeln!(out, "#[must_use = \"a resource is part of nothing until it is added to a scope\"]")?;
    writeln!(out, "pub struct {name}(l1::Resource);\n")?;
    writeln!(out, "impl {name} {{")?;
    writeln!(out, "    const RESOURCE_TYPE: &l1::ResourceType = &l1::ResourceType {{")?;
    writeln!(out, "        name: \"{type_name}\",")?;
    writeln!(out, "        tags: {},", tag_style(resource.tags.as_ref()))?;
    writeln!(out, "    }};\n")?;
    new(out, &RESOURCE, name, setters, &own)?;
    for setter in &setters.optional {
        writeln!(out)?;
        setter_fn(out, &RESOURCE, setter, &own)?;
    }
    if resource.tags.is_some() {
        writeln!(
            out,
            "\n    /// Tags the resource; a tag set here wins over those of its scopes."
        )?;
        writeln!(
            out,
            "    pub fn tag(mut self, key: impl l1::Into<l1::Text>, value: impl l1::IntoValue<l1::String>) -> Self {{"
        )?;
        writeln!(out, "        self.0.tag(key, value);")?;
        writeln!(out, "        self")?;
        writeln!(out, "    }}")?;
    }
    writeln!(out, "}}\n")?;
    clone(out, name, "Self(l1::Clone::clone(&self.0))")?;
    writeln!(out, "impl l1::L1 for {name} {{")?;
    writeln!(
        out,
        "    const TYPE: l1::Option<&'static l1::ResourceType> = l1::Some(Self::RESOURCE_TYPE);\n"
    )?;
    writeln!(out, "    #[inline]")?;
    writeln!(out, "    fn from_resource(resource: l1::Resource) -> Self {{")?;
    writeln!(out, "        Self(resource)")?;
    writeln!(out, "    }}\n")?;
    writeln!(out, "    #[inline]")?;
    writeln!(out, "    fn into_resource(self) -> l1::Resource {{")?;
    writeln!(out, "        self.0")?;
    writeln!(out, "    }}\n}}\n")?;
    writeln!(out, "impl l1::Construct for {name} {{")?;
    writeln!(out, "    type Level = l1::Template;")?;
    writeln!(out, "    type Output = {name}Ref;\n")?;
    writeln!(out, "    #[inline]")?;
    writeln!(out, "    fn build(self, template: &mut l1::Scope<'_>) -> {name}Ref {{")?;
    writeln!(out, "        {name}Ref(template.resource(self.0))")?;
    writeln!(out, "    }}\n}}\n")?;
    required_struct(out, "", name, setters)?;
    reference(out, resource, &own)
}

/// What `add` gives back.
fn reference(out: &mut String, resource: &Resource, own: &Scope<'_>) -> fmt::Result {
    let name = &resource.name;
    writeln!(out, "/// Names a placed [`{name}`], and gives its attributes.")?;
    writeln!(out, "pub struct {name}Ref(l1::Handle);\n")?;
    clone(out, &format!("{name}Ref"), "*self")?;
    writeln!(out, "impl l1::Copy for {name}Ref {{}}\n")?;
    writeln!(out, "impl l1::Debug for {name}Ref {{")?;
    writeln!(out, "    fn fmt(&self, f: &mut l1::Formatter<'_>) -> l1::Shown {{")?;
    writeln!(out, "        l1::Debug::fmt(&self.0, f)")?;
    writeln!(out, "    }}\n}}\n")?;
    writeln!(out, "impl l1::Reference for {name}Ref {{")?;
    writeln!(out, "    type L1 = {name};\n")?;
    writeln!(out, "    #[inline]")?;
    writeln!(out, "    fn handle(self) -> l1::Handle {{")?;
    writeln!(out, "        self.0")?;
    writeln!(out, "    }}\n}}\n")?;
    writeln!(out, "impl {name}Ref {{")?;
    for (index, attribute) in resource.attributes.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        attribute_fn(out, attribute, own)?;
    }
    writeln!(out, "}}\n")
}

/// By hand: a derive costs the build several times its few lines.
fn clone(out: &mut String, name: &str, cloned: &str) -> fmt::Result {
    writeln!(out, "impl l1::Clone for {name} {{")?;
    writeln!(out, "    #[inline]")?;
    writeln!(out, "    fn clone(&self) -> Self {{")?;
    writeln!(out, "        {cloned}")?;
    writeln!(out, "    }}\n}}\n")
}

fn attribute_fn(out: &mut String, attribute: &Attribute, own: &Scope<'_>) -> fmt::Result {
    match (&attribute.original, &attribute.identifier) {
        (Some(name), _) => writeln!(out, "    /// `{name}`.")?,
        (None, Some(identifier)) => writeln!(out, "    /// `Ref`: `{identifier}`.")?,
        (None, None) => writeln!(out, "    /// `Ref`.")?,
    }
    let is_text_list = matches!(&attribute.value, ValueKind::List(item) if item.is_text());
    let source = match &attribute.original {
        Some(name) if is_text_list => format!("l1::Attr::list(self.0, \"{name}\")"),
        Some(name) => format!("l1::attr(self.0, l1::Some(\"{name}\"))"),
        None => "l1::attr(self.0, l1::None)".to_owned(),
    };
    writeln!(out, "    #[must_use]")?;
    writeln!(out, "    #[inline]")?;
    writeln!(
        out,
        "    pub fn {}(self) -> l1::Attr<{}> {{",
        attribute.name,
        own.kind(&attribute.value)
    )?;
    writeln!(out, "        {source}")?;
    writeln!(out, "    }}")
}

/// What a generated struct wraps.
struct Bag {
    /// How deep its functions are in their file.
    indent: &'static str,
    empty: &'static str,
    with: &'static str,
    tracks_caller: bool,
}

const RESOURCE: Bag = Bag {
    indent: "    ",
    empty: "l1::resource(Self::RESOURCE_TYPE)",
    with: "l1::resource_with",
    tracks_caller: true,
};

const OBJECT: Bag = Bag {
    indent: "        ",
    empty: "l1::object()",
    with: "l1::object_with",
    tracks_caller: false,
};

/// `new`, which takes what is required.
fn new(out: &mut String, bag: &Bag, name: &str, setters: &Setters, own: &Scope<'_>) -> fmt::Result {
    let Bag { indent, empty, with, .. } = bag;
    let required = &setters.required;
    writeln!(out, "{indent}/// With what is required.")?;
    if required.is_empty() {
        writeln!(out, "{indent}#[inline]")?;
        writeln!(out, "{indent}pub fn new() -> Self {{")?;
        writeln!(out, "{indent}    Self({empty})")?;
        return writeln!(out, "{indent}}}");
    }
    let is_named = setters.are_named();
    if is_named {
        let parameters = parameters(setters);
        writeln!(out, "{indent}pub fn new<")?;
        for (setter, parameter) in required.iter().zip(&parameters) {
            let kind = own.kind(&setter.value);
            writeln!(out, "{indent}    {parameter}: l1::IntoValue<{kind}>,")?;
        }
        writeln!(out, "{indent}>(")?;
        writeln!(out, "{indent}    required: {name}Required<{}>,", parameters.join(", "))?;
        writeln!(out, "{indent}) -> Self {{")?;
    } else {
        let arguments: Vec<String> = required
            .iter()
            .map(|setter| {
                format!("{}: impl l1::IntoValue<{}>", setter.name, own.kind(&setter.value))
            })
            .collect();
        writeln!(out, "{indent}pub fn new({}) -> Self {{", arguments.join(", "))?;
    }
    let filled = required.iter().fold((*empty).to_owned(), |bag, setter| {
        let of = if is_named { "required." } else { "" };
        format!("{with}({bag}, \"{}\", {of}{})", setter.original, setter.name)
    });
    writeln!(out, "{indent}    Self({filled})")?;
    writeln!(out, "{indent}}}")
}

/// The struct that names many required properties.
fn required_struct(out: &mut String, indent: &str, name: &str, setters: &Setters) -> fmt::Result {
    let required = &setters.required;
    if !setters.are_named() {
        return Ok(());
    }
    let parameters = parameters(setters);
    writeln!(out, "{indent}/// What a [`{name}`] requires.")?;
    writeln!(out, "{indent}pub struct {name}Required<{}> {{", parameters.join(", "))?;
    for (setter, parameter) in required.iter().zip(&parameters) {
        documentation(out, &format!("{indent}    "), setter)?;
        writeln!(out, "{indent}    pub {}: {parameter},", setter.name)?;
    }
    writeln!(out, "{indent}}}\n")
}

/// Type parameters named after the required properties, so that a compile error says which it is.
fn parameters(setters: &Setters) -> Vec<String> {
    setters.required.iter().map(|setter| format!("T{}", naming::pascal(&setter.original))).collect()
}

fn setter_fn(out: &mut String, bag: &Bag, setter: &Setter, own: &Scope<'_>) -> fmt::Result {
    let Bag { indent, with, .. } = bag;
    let Setter { original, name, value, .. } = setter;
    documentation(out, indent, setter)?;
    if bag.tracks_caller {
        writeln!(out, "{indent}#[track_caller]")?;
    }
    let kind = own.kind(value);
    writeln!(out, "{indent}pub fn {name}(self, value: impl l1::IntoValue<{kind}>) -> Self {{")?;
    // A function and a value: looking up a method and checking a borrow is half of the build's time.
    writeln!(out, "{indent}    Self({with}(self.0, \"{original}\", value))")?;
    writeln!(out, "{indent}}}")
}

fn documentation(out: &mut String, indent: &str, setter: &Setter) -> fmt::Result {
    write!(out, "{indent}/// `{}`.", setter.original)?;
    match setter.replacement {
        Replacement::No => {}
        Replacement::Maybe => write!(out, " A change may replace the resource.")?,
        Replacement::Yes => write!(out, " A change replaces the resource.")?,
    }
    if setter.deprecated {
        write!(out, " Deprecated.")?;
    }
    writeln!(out)
}

fn tag_style(tags: Option<&spec::Tags>) -> String {
    let Some(spec::Tags { property, style }) = tags else {
        return "l1::TagStyle::None".to_owned();
    };
    let style = match style {
        TagStyle::List => "List",
        TagStyle::Propagated => "Propagated",
        TagStyle::Map => "Map",
    };
    format!("l1::TagStyle::{style}(\"{property}\")")
}

/// `ec2-vpc`, as the addresses of the reference have it.
fn page(service: &Service, resource: &Resource) -> String {
    let (_, name) = resource.type_name.rsplit_once("::").unwrap_or(("", &resource.type_name));
    format!("{}-{}", service.module, name.to_lowercase())
}

/// From where a kind is named: outside the module of the resource, or inside it.
struct Scope<'a> {
    module: Option<&'a str>,
}

impl Scope<'_> {
    fn kind(&self, kind: &ValueKind) -> String {
        match kind {
            ValueKind::Text => "l1::String".to_owned(),
            ValueKind::Boolean => "bool".to_owned(),
            ValueKind::Integer => "i64".to_owned(),
            ValueKind::Number => "f64".to_owned(),
            ValueKind::Json => "l1::Json".to_owned(),
            ValueKind::Tag => "crate::Tag".to_owned(),
            ValueKind::Reference(kind) => kinds::path(kind),
            ValueKind::Own(name) => match self.module {
                Some(module) => format!("{module}::{name}"),
                None => name.clone(),
            },
            ValueKind::List(item) => format!("l1::List<{}>", self.kind(item)),
            ValueKind::Map(item) => format!("l1::Map<{}>", self.kind(item)),
        }
    }
}
