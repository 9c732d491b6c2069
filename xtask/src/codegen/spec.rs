//! What AWS publishes about its resource types, as the generator reads it.
//!
//! The data is the npm package `@aws-cdk/aws-service-spec` without its prose, see `xtask/data/service-spec`.

use std::collections::BTreeMap;

use anyhow::Context as _;

use self::database::Database;

mod changes;
mod database;
pub(crate) mod vendored;

/// Every resource type, by service.
#[derive(Debug)]
pub(crate) struct Spec {
    /// In the order of their namespaces.
    pub(crate) services: Vec<Service>,
}

/// The resource types of one namespace such as `AWS::EC2`.
#[derive(Debug)]
pub(crate) struct Service {
    /// `AWS::EC2`.
    pub(crate) namespace: String,
    /// In the order of their names.
    pub(crate) resources: Vec<Resource>,
}

/// One resource type.
#[derive(Debug)]
pub(crate) struct Resource {
    /// `AWS::EC2::VPC`.
    pub(crate) type_name: String,
    /// The last part of the type name: `VPC`.
    pub(crate) name: String,
    pub(crate) properties: BTreeMap<String, Property>,
    /// What `Fn::GetAtt` returns, by its name there (`Endpoint.Address`).
    pub(crate) attributes: BTreeMap<String, Property>,
    /// The nested property types that the properties and attributes reach, by name.
    pub(crate) types: BTreeMap<String, BTreeMap<String, Property>>,
    /// The properties and attributes that together identify a resource.
    pub(crate) primary_identifier: Vec<String>,
    /// What `Ref` returns; several are joined with `|`, none is unknown.
    pub(crate) reference: Vec<String>,
    /// `arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}`.
    pub(crate) arn_template: Option<String>,
    pub(crate) tags: Option<Tags>,
    /// Whether AWS's own tooling keeps it by default when it leaves a template.
    pub(crate) stateful: bool,
}

/// A property or an attribute.
#[derive(Debug, PartialEq)]
pub(crate) struct Property {
    pub(crate) kind: Type,
    pub(crate) required: bool,
    pub(crate) replacement: Replacement,
    /// The attributes of resource types that a value of this property names.
    pub(crate) references: Vec<Target>,
    pub(crate) deprecated: bool,
}

/// Attribute or property `property` of the resource type `type_name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Target {
    pub(crate) type_name: String,
    pub(crate) property: String,
}

/// Whether changing a property replaces the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replacement {
    No,
    Maybe,
    Yes,
}

/// The type of a property.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    /// Text; where there are any, one of the allowed values.
    String {
        allowed: Vec<String>,
    },
    Integer,
    Number,
    Boolean,
    /// Free-form JSON.
    Json,
    /// A key and a value.
    Tag,
    List(Box<Self>),
    /// From text.
    Map(Box<Self>),
    Union(Vec<Self>),
    /// A nested property type of the resource, by name.
    Nested(String),
}

/// How a resource type takes tags.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tags {
    pub(crate) property: String,
    pub(crate) style: TagStyle,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagStyle {
    /// A list of keys and values.
    List,
    /// The same with `PropagateAtLaunch`.
    Propagated,
    Map,
}

impl Service {
    /// The module of the service: `ec2` for `AWS::EC2`.
    pub(crate) fn module(&self) -> String {
        module(&self.namespace)
    }
}

pub(crate) fn module(namespace: &str) -> String {
    let (_, name) = namespace.rsplit_once("::").unwrap_or(("", namespace));
    name.to_ascii_lowercase()
}

impl Target {
    /// `AWS::EC2::VPC.VpcId`.
    pub(crate) fn display(&self) -> String {
        format!("{}.{}", self.type_name, self.property)
    }
}

impl Type {
    /// Whether it is text or a list of text, any text.
    pub(crate) fn is_text(&self) -> bool {
        match self {
            Self::String { allowed } => allowed.is_empty(),
            Self::List(item) => item.is_text(),
            _ => false,
        }
    }
}

impl Spec {
    /// Reads the vendored data.
    pub(crate) fn load() -> anyhow::Result<Self> {
        Self::parse(&vendored::database()?)
    }

    /// Reads the JSON of the package's database.
    fn parse(json: &[u8]) -> anyhow::Result<Self> {
        let database: Database =
            serde_json::from_slice(json).context("the service spec does not parse")?;
        database.into_spec()
    }

    pub(crate) fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.services.iter().flat_map(|service| &service.resources)
    }
}

/// The vendored sources, read once for all tests.
#[cfg(test)]
pub(crate) mod shared {
    use std::sync::LazyLock;

    use super::Spec;
    use crate::codegen::{constraints::vendored::Schemas, kinds::Kinds};

    pub(crate) static SPEC: LazyLock<Spec> = LazyLock::new(|| Spec::load().unwrap());
    pub(crate) static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| Schemas::vendored().unwrap());
    pub(crate) static KINDS: LazyLock<Kinds> =
        LazyLock::new(|| Kinds::of(&SPEC, &SCHEMAS).unwrap());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource<'a>(spec: &'a Spec, type_name: &str) -> &'a Resource {
        spec.resources().find(|resource| resource.type_name == type_name).unwrap()
    }

    #[test]
    fn the_vendored_data_is_whole() {
        let spec = &*shared::SPEC;
        assert_eq!(spec.resources().count(), 1828);
        assert_eq!(spec.services.len(), 311);
        assert_eq!(spec.resources().filter(|resource| resource.stateful).count(), 29);
        let attributes: usize = spec.resources().map(|resource| resource.attributes.len()).sum();
        assert_eq!(attributes, 5441);
    }

    #[test]
    fn ref_is_the_identifier_unless_overridden() {
        let spec = &*shared::SPEC;
        assert_eq!(resource(spec, "AWS::EC2::VPC").reference, ["VpcId"]);
        assert_eq!(resource(spec, "AWS::ECS::Service").reference, ["ServiceArn"]);
        assert_eq!(resource(spec, "AWS::EKS::Addon").reference, ["ClusterName", "AddonName"]);
    }

    #[test]
    fn tags_follow_the_shape_of_their_property() {
        let spec = &*shared::SPEC;
        let tags = |type_name| resource(spec, type_name).tags.clone();
        let tag = |property: &str, style| Some(Tags { property: property.to_owned(), style });
        assert_eq!(tags("AWS::EC2::VPC"), tag("Tags", TagStyle::List));
        assert_eq!(tags("AWS::EFS::FileSystem"), tag("FileSystemTags", TagStyle::List));
        assert_eq!(tags("AWS::AutoScaling::AutoScalingGroup"), tag("Tags", TagStyle::Propagated));
        assert_eq!(tags("AWS::Glue::Job"), tag("Tags", TagStyle::Map));
        assert_eq!(tags("AWS::CloudFront::AnycastIpList"), None);
    }

    #[test]
    fn prose_is_not_vendored() {
        let json = vendored::database().unwrap();
        assert!(!String::from_utf8(json).unwrap().contains("\"documentation\":\""));
    }
}
