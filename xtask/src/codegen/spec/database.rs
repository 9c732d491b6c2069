//! The shape of the package's own database: tables of entities, and relations between their ids.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::Deserialize;

use super::{Property, Replacement, Resource, Service, Spec, TagStyle, Tags, Target, Type};

#[derive(Deserialize)]
pub(super) struct Database {
    schema: Schema,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    service: Table<RawService>,
    resource: Table<RawResource>,
    type_definition: Table<RawType>,
    has_resource: Relation,
}

#[derive(Deserialize)]
struct Table<E> {
    entities: Vec<E>,
}

#[derive(Deserialize)]
struct Relation {
    forward: BTreeMap<String, Vec<Id>>,
}

#[derive(Deserialize)]
struct Id {
    #[serde(rename = "$id")]
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawService {
    #[serde(rename = "$id")]
    id: String,
    cloud_formation_namespace: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawResource {
    #[serde(rename = "$id")]
    id: String,
    cloud_formation_type: String,
    properties: BTreeMap<String, RawProperty>,
    attributes: BTreeMap<String, RawProperty>,
    #[serde(default)]
    primary_identifier: Vec<String>,
    cfn_ref_identifier: Option<Vec<String>>,
    arn_template: Option<String>,
    tag_information: Option<RawTags>,
    #[serde(default)]
    is_stateful: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawTags {
    tag_property_name: String,
    variant: String,
}

#[derive(Deserialize)]
struct RawType {
    #[serde(rename = "$id")]
    id: String,
    name: String,
    properties: BTreeMap<String, RawProperty>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawProperty {
    #[serde(rename = "type")]
    kind: RawKind,
    #[serde(default)]
    required: bool,
    causes_replacement: Option<String>,
    #[serde(default)]
    relationship_refs: Vec<RawTarget>,
    deprecated: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawTarget {
    cloud_formation_type: String,
    property_name: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum RawKind {
    String {
        #[serde(default, rename = "allowedValues")]
        allowed: Vec<String>,
    },
    DateTime,
    Integer,
    Number,
    Boolean,
    Json,
    Tag,
    Array {
        element: Box<Self>,
    },
    Map {
        element: Box<Self>,
    },
    Union {
        types: Vec<Self>,
    },
    Ref {
        reference: Reference,
    },
}

#[derive(Deserialize)]
struct Reference {
    #[serde(rename = "$ref")]
    id: String,
}

type Types = BTreeMap<String, RawType>;

impl Database {
    pub(super) fn into_spec(self) -> anyhow::Result<Spec> {
        let Schema { service, resource, type_definition, has_resource } = self.schema;
        let types: Types = by_id(type_definition.entities, |kind| &kind.id);
        let resources = by_id(resource.entities, |resource| &resource.id);
        let mut services = Vec::new();
        for service in service.entities {
            let ids = has_resource.forward.get(&service.id).map_or(&[][..], Vec::as_slice);
            let mut own = ids
                .iter()
                .map(|Id { id }| resources.get(id).with_context(|| format!("no resource {id}")))
                .map(|raw| raw?.resource(&types))
                .collect::<anyhow::Result<Vec<_>>>()?;
            own.sort_by(|a, b| a.name.cmp(&b.name));
            services.push(Service { namespace: service.cloud_formation_namespace, resources: own });
        }
        services.sort_by(|a, b| a.namespace.cmp(&b.namespace));
        Ok(Spec { services })
    }
}

fn by_id<E>(entities: Vec<E>, id: impl Fn(&E) -> &String) -> BTreeMap<String, E> {
    entities.into_iter().map(|entity| (id(&entity).clone(), entity)).collect()
}

impl RawResource {
    fn resource(&self, types: &Types) -> anyhow::Result<Resource> {
        let type_name = &self.cloud_formation_type;
        let properties = properties_of(&self.properties, types)
            .with_context(|| format!("in the properties of {type_name}"))?;
        let attributes = properties_of(&self.attributes, types)
            .with_context(|| format!("in the attributes of {type_name}"))?;
        let mut nested = BTreeMap::new();
        collect(self.properties.values().chain(self.attributes.values()), types, &mut nested)?;
        let reference = self.cfn_ref_identifier.as_ref().unwrap_or(&self.primary_identifier);
        let (_, name) = type_name.rsplit_once("::").context("a type name has parts")?;
        Ok(Resource {
            type_name: type_name.clone(),
            name: name.to_owned(),
            tags: self.tag_information.as_ref().and_then(|tags| tags.tags(&properties, &nested)),
            properties,
            attributes,
            types: nested,
            primary_identifier: self.primary_identifier.clone(),
            reference: reference.clone(),
            arn_template: self.arn_template.clone(),
            stateful: self.is_stateful,
        })
    }
}

impl RawTags {
    /// `None` where the property is not made of plain keys and values.
    fn tags(&self, properties: &Properties, nested: &BTreeMap<String, Properties>) -> Option<Tags> {
        let property = &self.tag_property_name;
        let style = match &properties.get(property)?.kind {
            Type::Map(_) | Type::Json => TagStyle::Map,
            Type::List(item) => match &**item {
                Type::Tag => TagStyle::List,
                Type::Nested(name) => {
                    let fields: Vec<&str> = nested.get(name)?.keys().map(String::as_str).collect();
                    match fields[..] {
                        ["Key", "Value"] => TagStyle::List,
                        ["Key", "PropagateAtLaunch", "Value"] => TagStyle::Propagated,
                        _ => return None,
                    }
                }
                _ => return None,
            },
            _ => return None,
        };
        let variant = match style {
            TagStyle::List => "standard",
            TagStyle::Propagated => "asg",
            TagStyle::Map => "map",
        };
        (self.variant == variant).then(|| Tags { property: property.clone(), style })
    }
}

type Properties = BTreeMap<String, Property>;

fn properties_of(raw: &BTreeMap<String, RawProperty>, types: &Types) -> anyhow::Result<Properties> {
    raw.iter()
        .map(|(name, property)| Ok((name.clone(), property.property(types).context(name.clone())?)))
        .collect()
}

/// Adds the nested types that `properties` reach.
fn collect<'a>(
    properties: impl Iterator<Item = &'a RawProperty>,
    types: &'a Types,
    nested: &mut BTreeMap<String, Properties>,
) -> anyhow::Result<()> {
    for property in properties {
        let mut ids = Vec::new();
        property.kind.references(&mut ids);
        for id in ids {
            let kind = types.get(id).with_context(|| format!("no property type {id}"))?;
            if !nested.contains_key(&kind.name) {
                nested.insert(kind.name.clone(), properties_of(&kind.properties, types)?);
                collect(kind.properties.values(), types, nested)?;
            }
        }
    }
    Ok(())
}

impl RawProperty {
    fn property(&self, types: &Types) -> anyhow::Result<Property> {
        let references = self
            .relationship_refs
            .iter()
            .map(|target| Target {
                type_name: target.cloud_formation_type.clone(),
                property: target.property_name.clone(),
            })
            .collect();
        Ok(Property {
            kind: self.kind.kind(types)?,
            required: self.required,
            replacement: match self.causes_replacement.as_deref() {
                Some("yes") => Replacement::Yes,
                Some("maybe") => Replacement::Maybe,
                _ => Replacement::No,
            },
            references,
            deprecated: self.deprecated.is_some(),
        })
    }
}

impl RawKind {
    fn kind(&self, types: &Types) -> anyhow::Result<Type> {
        Ok(match self {
            Self::String { allowed } => Type::String { allowed: allowed.clone() },
            Self::DateTime => Type::String { allowed: Vec::new() },
            Self::Integer => Type::Integer,
            Self::Number => Type::Number,
            Self::Boolean => Type::Boolean,
            Self::Json => Type::Json,
            Self::Tag => Type::Tag,
            Self::Array { element } => Type::List(Box::new(element.kind(types)?)),
            Self::Map { element } => Type::Map(Box::new(element.kind(types)?)),
            Self::Union { types: options } => {
                Type::Union(options.iter().map(|one| one.kind(types)).collect::<Result<_, _>>()?)
            }
            Self::Ref { reference: Reference { id } } => {
                let kind = types.get(id).with_context(|| format!("no property type {id}"))?;
                Type::Nested(kind.name.clone())
            }
        })
    }

    fn references<'a>(&'a self, ids: &mut Vec<&'a str>) {
        match self {
            Self::Array { element } | Self::Map { element } => element.references(ids),
            Self::Union { types } => types.iter().for_each(|one| one.references(ids)),
            Self::Ref { reference } => ids.push(&reference.id),
            _ => {}
        }
    }
}
