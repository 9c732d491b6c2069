//! The generated crate before it is text: every type, setter and attribute with its Rust name.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};

use self::enums::Enumerations;
use super::{
    constraints::vendored::Schemas,
    kinds::{Kind, Kinds},
    naming,
    schema::Hints,
    spec::{self, Property, Replacement, Spec, Type},
};

pub(crate) mod enums;

pub(crate) use self::enums::Enumeration;

/// The resource types of one service: a module.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) namespace: String,
    pub(crate) module: String,
    pub(crate) resources: Vec<Resource>,
}

/// An L1 construct.
#[derive(Debug)]
pub(crate) struct Resource {
    /// `AWS::EC2::VPC`.
    pub(crate) type_name: String,
    /// `Vpc`.
    pub(crate) name: String,
    /// `vpc`, the module of what is nested.
    pub(crate) module: String,
    pub(crate) tags: Option<spec::Tags>,
    pub(crate) setters: Setters,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) nested: Vec<Nested>,
    pub(crate) enumerations: Vec<Enumeration>,
}

/// A nested property type.
#[derive(Debug)]
pub(crate) struct Nested {
    /// As AWS names it.
    pub(crate) original: String,
    pub(crate) name: String,
    pub(crate) setters: Setters,
    /// Whether some property takes it or something else, and so takes any JSON.
    pub(crate) in_union: bool,
}

/// The properties of a type, in the order of their names.
#[derive(Debug)]
pub(crate) struct Setters {
    pub(crate) required: Vec<Setter>,
    pub(crate) optional: Vec<Setter>,
}

impl Setters {
    /// Whether `new` takes a struct that names what is required: from four properties on.
    pub(crate) const fn are_named(&self) -> bool {
        self.required.len() >= 4
    }
}

#[derive(Debug)]
pub(crate) struct Setter {
    /// As AWS names it.
    pub(crate) original: String,
    pub(crate) name: String,
    pub(crate) value: ValueKind,
    pub(crate) replacement: Replacement,
    pub(crate) deprecated: bool,
}

#[derive(Debug)]
pub(crate) struct Attribute {
    /// As `Fn::GetAtt` names it; `None` for `Ref`.
    pub(crate) original: Option<String>,
    /// What `Ref` returns, in AWS's words.
    pub(crate) identifier: Option<String>,
    pub(crate) name: String,
    pub(crate) value: ValueKind,
}

/// The kind of a value, as generated code names it.
#[derive(Clone, Debug)]
pub(crate) enum ValueKind {
    Text,
    Boolean,
    Integer,
    Number,
    Json,
    Tag,
    Reference(Kind),
    /// A nested type or an enumeration of the resource.
    Own(String),
    List(Box<Self>),
    Map(Box<Self>),
}

impl ValueKind {
    /// Whether templates hold it as text.
    pub(crate) const fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Reference(_))
    }

    fn list(item: Self) -> Self {
        Self::List(Box::new(item))
    }

    /// The same with `leaf` for its text.
    fn with_leaf(self, leaf: Self) -> Self {
        match self {
            Self::List(item) => Self::list(item.with_leaf(leaf)),
            Self::Text => leaf,
            other => other,
        }
    }
}

/// Names everything.
pub(crate) fn build(spec: &Spec, schemas: &Schemas, kinds: &Kinds) -> anyhow::Result<Vec<Service>> {
    spec.services
        .iter()
        .map(|service| {
            let resources = service
                .resources
                .iter()
                .map(|resource| {
                    let hints = Hints::of(resource, schemas);
                    let builder = Builder { resource, kinds, hints };
                    builder.resource().with_context(|| resource.type_name.clone())
                })
                .collect::<anyhow::Result<Vec<_>>>()?;
            let module = service.module();
            let service = Service { namespace: service.namespace.clone(), module, resources };
            service.check_names().with_context(|| service.namespace.clone())?;
            Ok(service)
        })
        .collect()
}

impl Service {
    /// Fails if two items of the module have one name.
    fn check_names(&self) -> anyhow::Result<()> {
        let mut names = BTreeSet::new();
        for resource in &self.resources {
            for suffix in ["", "Ref", "Required"] {
                let name = format!("{}{suffix}", resource.name);
                ensure!(names.insert(name.clone()), "two items are called {name}");
            }
            ensure!(names.insert(resource.module.clone()), "two modules are {}", resource.module);
        }
        Ok(())
    }
}

struct Builder<'a> {
    resource: &'a spec::Resource,
    kinds: &'a Kinds,
    hints: Hints<'a>,
}

impl Builder<'_> {
    fn resource(&self) -> anyhow::Result<Resource> {
        let Self { resource, hints, .. } = self;
        let enums = Enumerations::of(resource, hints);
        let tags = resource.tags.as_ref();
        let own = resource
            .properties
            .iter()
            .filter(|(name, _)| tags.is_none_or(|tags| tags.property != **name));
        let reserved: &[&str] = if tags.is_some() { &["new", "tag"] } else { &["new"] };
        let in_unions = in_unions(resource);
        let nested = resource.types.iter().map(|(original, properties)| {
            Ok(Nested {
                original: original.clone(),
                name: naming::pascal(original),
                setters: self.setters(Some(original), properties.iter(), &enums, &["new"])?,
                in_union: in_unions.contains(original.as_str()),
            })
        });
        Ok(Resource {
            type_name: resource.type_name.clone(),
            name: naming::pascal(&resource.name),
            module: naming::snake(&resource.name),
            tags: resource.tags.clone(),
            setters: self.setters(None, own, &enums, reserved)?,
            attributes: self.attributes()?,
            nested: nested.collect::<anyhow::Result<_>>()?,
            enumerations: enums.all,
        })
    }

    fn setters<'p>(
        &self,
        nested: Option<&str>,
        properties: impl Iterator<Item = (&'p String, &'p Property)>,
        enums: &Enumerations,
        reserved: &[&str],
    ) -> anyhow::Result<Setters> {
        let mut names: BTreeSet<String> = reserved.iter().map(|name| (*name).to_owned()).collect();
        let mut setters = Setters { required: Vec::new(), optional: Vec::new() };
        for (original, property) in properties {
            let mut name = naming::snake(original);
            if !names.insert(name.clone()) {
                name.push('_');
                ensure!(names.insert(name.clone()), "two setters are called {name}");
            }
            let setter = Setter {
                original: original.clone(),
                name,
                value: self.value(nested, original, property, enums),
                replacement: property.replacement,
                deprecated: property.deprecated,
            };
            let place =
                if property.required { &mut setters.required } else { &mut setters.optional };
            place.push(setter);
        }
        Ok(setters)
    }

    fn value(
        &self,
        nested: Option<&str>,
        name: &str,
        property: &Property,
        enums: &Enumerations,
    ) -> ValueKind {
        let value = of_type(&property.kind);
        if let Some(enumeration) = enums.of_property(nested, name) {
            return value.with_leaf(ValueKind::Own(enumeration.to_owned()));
        }
        match self.kinds.property_kind(self.resource, nested, name) {
            Some(kind) => value.with_leaf(ValueKind::Reference(kind.clone())),
            None => value,
        }
    }

    fn attributes(&self) -> anyhow::Result<Vec<Attribute>> {
        let resource = self.resource;
        let identifier = match &resource.reference[..] {
            [reference] => Some(reference),
            _ => None,
        };
        let mut names = BTreeMap::from([("handle".to_owned(), None)]);
        let mut attributes = Vec::new();
        // Where `CertificateAuthority.Data` is `CertificateAuthorityData` too, that has the plain name.
        let (dotted, plain): (Vec<_>, Vec<_>) =
            resource.attributes.iter().partition(|(original, _)| original.contains('.'));
        for (original, property) in plain.into_iter().chain(dotted) {
            let mut name = naming::snake(original);
            if Some(original) == identifier && naming::short(&resource.name, original) == name {
                continue;
            }
            if names.insert(name.clone(), Some(original)).is_some() {
                name.push('_');
                ensure!(
                    names.insert(name.clone(), Some(original)).is_none(),
                    "two attributes are called {name}"
                );
            }
            let value = of_type(&property.kind);
            let value = match self.kinds.attribute(resource, Some(original)) {
                Some(kind) => value.with_leaf(ValueKind::Reference(kind.clone())),
                None => value,
            };
            attributes.push(Attribute {
                original: Some(original.clone()),
                identifier: None,
                name,
                value,
            });
        }
        let candidates = identifier.map_or_else(Vec::new, |identifier| {
            vec![naming::short(&resource.name, identifier), naming::snake(identifier)]
        });
        let name = candidates
            .into_iter()
            .chain(["reference".to_owned()])
            .find(|name| !names.contains_key(name))
            .context("no name is left for Ref")?;
        let value = match self.kinds.attribute(resource, None) {
            Some(kind) => ValueKind::Reference(kind.clone()),
            None => ValueKind::Text,
        };
        let reference = Attribute { original: None, identifier: identifier.cloned(), name, value };
        attributes.insert(0, reference);
        Ok(attributes)
    }
}

/// The nested types that a union has among its options.
fn in_unions(resource: &spec::Resource) -> BTreeSet<&str> {
    fn collect<'a>(kind: &'a Type, in_union: bool, names: &mut BTreeSet<&'a str>) {
        match kind {
            Type::Nested(name) if in_union => _ = names.insert(name),
            Type::Union(options) => options.iter().for_each(|one| collect(one, true, names)),
            Type::List(item) | Type::Map(item) => collect(item, in_union, names),
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    let nested = resource.types.values().flat_map(BTreeMap::values);
    for property in resource.properties.values().chain(nested) {
        collect(&property.kind, false, &mut names);
    }
    names
}

fn of_type(kind: &Type) -> ValueKind {
    match kind {
        Type::String { .. } => ValueKind::Text,
        Type::Integer => ValueKind::Integer,
        Type::Number => ValueKind::Number,
        Type::Boolean => ValueKind::Boolean,
        Type::Json => ValueKind::Json,
        Type::Tag => ValueKind::Tag,
        Type::List(item) => ValueKind::list(of_type(item)),
        Type::Map(item) => ValueKind::Map(Box::new(of_type(item))),
        // CloudFormation takes text for any scalar.
        Type::Union(options) if options.iter().all(is_scalar) => ValueKind::Text,
        Type::Union(_) => ValueKind::Json,
        Type::Nested(name) => ValueKind::Own(naming::pascal(name)),
    }
}

fn is_scalar(kind: &Type) -> bool {
    matches!(kind, Type::String { .. } | Type::Integer | Type::Number | Type::Boolean)
}
