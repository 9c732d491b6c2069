//! Which property refers to what: the kinds that make a subnet where a VPC belongs a compile error.
//!
//! A kind is what identifies a resource: what `Ref` returns, and attributes such as an ARN. Two
//! sources say which property takes which: the relations of the service spec and the formats of
//! cfn-lint. `xtask/data/references.toml` has what a person decided where they are wrong or differ.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};

use self::reviewed::{Attribute, Reviewed};
use super::{
    constraints::vendored::Schemas,
    naming,
    schema::Hints,
    spec::{Property, Resource, Service, Spec, Target, module},
};

mod reviewed;

/// A kind by the module of its service and its name: `ec2` and `VpcId`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind {
    pub(crate) module: String,
    pub(crate) name: String,
}

impl Kind {
    /// A kind that accel-core has.
    pub(crate) fn builtin(name: &str) -> Self {
        Self { module: String::new(), name: name.to_owned() }
    }

    pub(crate) const fn is_builtin(&self) -> bool {
        self.module.is_empty()
    }
}

/// Every kind, and who has or takes it.
#[derive(Debug, Default)]
pub(crate) struct Kinds {
    /// What each is, for its documentation: `AWS::EC2::VPC.VpcId`.
    pub(crate) all: BTreeMap<Kind, BTreeSet<String>>,
    /// Kinds that stand for any of several.
    pub(crate) unions: BTreeMap<Kind, BTreeSet<Kind>>,
    /// Kinds that are good where another is wanted.
    pub(crate) is_a: BTreeMap<Kind, Kind>,
    pub(crate) attributes: BTreeMap<Target, Kind>,
    pub(crate) properties: BTreeMap<(String, Option<String>, String), Kind>,
    unresolved: Vec<String>,
}

/// The last words of attributes that identify a resource.
const IDENTIFIERS: [&str; 5] = ["arn", "id", "identifier", "name", "url"];

impl Kinds {
    pub(crate) fn of(spec: &Spec, schemas: &Schemas) -> anyhow::Result<Self> {
        let reviewed = Reviewed::load()?;
        let mut kinds = Self::default();
        let related = related(spec);
        for service in &spec.services {
            for resource in &service.resources {
                kinds.identifiers(service, resource, &reviewed, &related);
            }
        }
        let finder = Finder { spec: by_name(spec), reviewed: &reviewed };
        for service in &spec.services {
            for resource in &service.resources {
                kinds.echoes(&finder, service, resource)?;
            }
        }
        for (from, to) in &reviewed.is_a {
            kinds.is_a.insert(kinds.reviewed(from)?.clone(), kinds.reviewed(to)?.clone());
        }
        for (name, members) in &reviewed.unions {
            let members = members.iter().map(|member| kinds.reviewed(member).cloned());
            kinds.unions.insert(name.clone(), members.collect::<Result<_, _>>()?);
        }
        for service in &spec.services {
            for resource in &service.resources {
                let hints = Hints::of(resource, schemas);
                let own = resource.properties.iter().map(|(name, property)| (None, name, property));
                let nested = resource.types.iter().flat_map(|(nested, properties)| {
                    properties.iter().map(move |(name, property)| (Some(nested), name, property))
                });
                for (nested, name, property) in own.chain(nested) {
                    let formats = hints.get(nested.map(String::as_str), name);
                    let formats = formats.map_or(&[][..], |hint| &hint.formats);
                    let place = Place { service, resource, nested, name, property, formats };
                    kinds.property(&finder, &place)?;
                }
            }
        }
        ensure!(
            kinds.unresolved.is_empty(),
            "these are no attributes or properties, decide in xtask/data/references.toml:\n{}",
            kinds.unresolved.join("\n")
        );
        Ok(kinds)
    }

    /// What `Ref` (`None`) or an attribute of a resource type returns.
    pub(crate) fn attribute(&self, resource: &Resource, attribute: Option<&str>) -> Option<&Kind> {
        let property = match (attribute, &resource.reference[..]) {
            (Some(attribute), _) => attribute,
            (None, [reference]) => reference,
            (None, _) => return None,
        };
        self.attributes.get(&target(&resource.type_name, property))
    }

    /// What a property of a resource type, or of one of its nested types, takes.
    pub(crate) fn property_kind(
        &self,
        resource: &Resource,
        nested: Option<&str>,
        property: &str,
    ) -> Option<&Kind> {
        let nested = nested.map(str::to_owned);
        self.properties.get(&(resource.type_name.clone(), nested, property.to_owned()))
    }

    /// The kinds that a resource type is identified by.
    fn identifiers(
        &mut self,
        service: &Service,
        resource: &Resource,
        reviewed: &Reviewed,
        related: &BTreeSet<&Target>,
    ) {
        let reference = match &resource.reference[..] {
            [reference] => Some(reference),
            _ => None,
        };
        for name in resource.attributes.keys().chain(reference) {
            let target = target(&resource.type_name, name);
            let is_own = Some(name) == reference && !refers_elsewhere(resource, name)
                || is_identifier(&resource.name, name)
                || related.contains(&target);
            if is_own && !reviewed.attributes.contains_key(&target) {
                self.add(identifier(service, resource, name), target);
            }
        }
    }

    /// Attributes that name another resource, such as the VPC of a subnet.
    fn echoes(
        &mut self,
        finder: &Finder<'_>,
        service: &Service,
        resource: &Resource,
    ) -> anyhow::Result<()> {
        let names = resource.attributes.keys().chain(&resource.reference);
        let names: BTreeSet<&String> = names.collect();
        for name in names {
            let target = target(&resource.type_name, name);
            if self.attributes.contains_key(&target) {
                continue;
            }
            if let Some(other) = finder.reviewed.attributes.get(&target) {
                let kind = match other {
                    Attribute::Text => continue,
                    Attribute::Builtin(name) => Kind::builtin(name),
                    Attribute::Identifier(other) => self.reviewed(other)?.clone(),
                };
                self.attributes.insert(target, kind);
                continue;
            }
            let same_name = Kind { module: service.module(), name: naming::pascal(name) };
            let related = resource.properties.get(name).map(|property| &property.references[..]);
            let kind = match related {
                Some([related]) => self.identified(related).cloned(),
                _ => self.all.contains_key(&same_name).then_some(same_name),
            };
            if let Some(kind) = kind {
                self.attributes.insert(target, kind);
            }
        }
        Ok(())
    }

    fn property(&mut self, finder: &Finder<'_>, place: &Place<'_>) -> anyhow::Result<()> {
        if !place.property.kind.is_text() {
            return Ok(());
        }
        let Some(targets) = finder.targets(place)? else { return Ok(()) };
        let mut found = BTreeSet::new();
        for target in &targets {
            match self.followed(finder, target, 0) {
                Some(kind) => _ = found.insert(kind),
                // Also takes something that nothing can refer to: a plain name, an address.
                None if finder.has(target) => return Ok(()),
                None => {
                    let problem = format!("{} refers to {}", place.path(), target.display());
                    self.unresolved.push(problem);
                }
            }
        }
        // What is an accepted kind anyway need not be named.
        let mut accepted = found.clone();
        accepted.retain(|kind| !self.is_a.get(kind).is_some_and(|wider| found.contains(wider)));
        let kind = match accepted.len() {
            0 => return Ok(()),
            1 => accepted.pop_first().context("one")?,
            _ => self.union(place, accepted),
        };
        self.properties.insert(place.key(), kind);
        Ok(())
    }

    fn followed(&self, finder: &Finder<'_>, target: &Target, depth: u8) -> Option<Kind> {
        if let Some(kind) = self.identified(target) {
            return Some(kind.clone());
        }
        let property =
            finder.spec.get(target.type_name.as_str())?.properties.get(&target.property)?;
        match &property.references[..] {
            [next] if depth < 3 => self.followed(finder, next, depth + 1),
            _ => None,
        }
    }

    fn reviewed(&self, target: &Target) -> anyhow::Result<&Kind> {
        let problem = || format!("references.toml: {} is no identifier", target.display());
        self.identified(target).with_context(problem)
    }

    /// The kind of a target that identifies a resource, whichever of its names is used.
    fn identified(&self, target: &Target) -> Option<&Kind> {
        if let Some(kind) = self.attributes.get(target) {
            return Some(kind);
        }
        let (namespace, resource) = target.type_name.rsplit_once("::")?;
        let one = ["Ids", "Names"].iter().any(|plural| target.property.ends_with(plural));
        let property = if one { target.property.trim_end_matches('s') } else { &target.property };
        let kind = Kind { module: module(namespace), name: naming::joined(resource, property) };
        self.all.get_key_value(&kind).map(|(kind, _)| kind)
    }

    fn union(&mut self, place: &Place<'_>, accepted: BTreeSet<Kind>) -> Kind {
        if let Some((known, _)) = self.unions.iter().find(|(_, members)| **members == accepted) {
            return known.clone();
        }
        let module = accepted.first().map_or_else(String::new, |kind| kind.module.clone());
        let name = match accepted.len() {
            2 | 3 => accepted.iter().map(|kind| kind.name.as_str()).collect::<Vec<_>>().join("Or"),
            _ => naming::joined(&place.resource.name, &place.union_name()),
        };
        let module = if accepted.len() > 3 { place.service.module() } else { module };
        let kind = Kind { module, name };
        self.unions.insert(kind.clone(), accepted);
        kind
    }

    fn add(&mut self, kind: Kind, target: Target) {
        self.all.entry(kind.clone()).or_default().insert(target.display());
        self.attributes.insert(target, kind);
    }
}

/// A property and where it is.
struct Place<'a> {
    service: &'a Service,
    resource: &'a Resource,
    nested: Option<&'a String>,
    name: &'a str,
    property: &'a Property,
    formats: &'a [String],
}

impl Place<'_> {
    fn key(&self) -> (String, Option<String>, String) {
        (self.resource.type_name.clone(), self.nested.cloned(), self.name.to_owned())
    }

    /// As `references.toml` writes it.
    fn path(&self) -> String {
        match self.nested {
            Some(nested) => format!("{}/{nested}.{}", self.resource.type_name, self.name),
            None => format!("{}.{}", self.resource.type_name, self.name),
        }
    }

    fn union_name(&self) -> String {
        format!("{}{}Kind", self.nested.map_or("", String::as_str), self.name)
    }

    /// Whether this is the name by which others know the resource, so that it refers to nothing.
    fn is_own_name(&self) -> bool {
        self.nested.is_none()
            && self.resource.reference.iter().any(|reference| reference == self.name)
            && is_identifier(&self.resource.name, self.name)
    }
}

/// Finds what a property refers to.
struct Finder<'a> {
    spec: BTreeMap<&'a str, &'a Resource>,
    reviewed: &'a Reviewed,
}

impl Finder<'_> {
    fn has(&self, target: &Target) -> bool {
        self.spec.get(target.type_name.as_str()).is_some_and(|resource| {
            resource.properties.contains_key(&target.property)
                || resource.attributes.contains_key(&target.property)
        })
    }

    /// The targets that the sources, or a person, name; `None` for none.
    fn targets(&self, place: &Place<'_>) -> anyhow::Result<Option<BTreeSet<Target>>> {
        if let Some(decided) = self.reviewed.properties.get(&place.path()) {
            return Ok((!decided.is_empty()).then(|| decided.iter().cloned().collect()));
        }
        if place.is_own_name() {
            return Ok(None);
        }
        let related = place.property.references.iter().cloned();
        let formats = place.formats.iter().filter_map(|format| reviewed::parse(format).ok());
        let mut targets = BTreeSet::new();
        for found in related.chain(formats) {
            let found = self.reviewed.aliases.get(&found).cloned().unwrap_or(found);
            if self.reviewed.ignored.contains(&found) {
                continue;
            }
            targets.insert(found);
        }
        Ok((!targets.is_empty()).then_some(targets))
    }
}

/// What properties refer to.
fn related(spec: &Spec) -> BTreeSet<&Target> {
    let properties = spec.resources().flat_map(|resource| {
        resource.properties.values().chain(resource.types.values().flat_map(BTreeMap::values))
    });
    properties.flat_map(|property| &property.references).collect()
}

fn by_name(spec: &Spec) -> BTreeMap<&str, &Resource> {
    spec.resources().map(|resource| (resource.type_name.as_str(), resource)).collect()
}

fn target(type_name: &str, property: &str) -> Target {
    Target { type_name: type_name.to_owned(), property: property.to_owned() }
}

fn identifier(service: &Service, resource: &Resource, property: &str) -> Kind {
    let mut name = naming::joined(&resource.name, property);
    if service.resources.iter().any(|resource| naming::pascal(&resource.name) == name) {
        name = naming::pascal(&format!("{}{property}", resource.name));
    }
    Kind { module: service.module(), name }
}

fn is_identifier(resource: &str, name: &str) -> bool {
    IDENTIFIERS.contains(&naming::short(resource, name).as_str())
}

/// Whether a property that identifies a resource is the identifier of another one.
fn refers_elsewhere(resource: &Resource, property: &str) -> bool {
    resource.properties.get(property).is_some_and(|property| !property.references.is_empty())
        && !is_identifier(&resource.name, property)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::spec::shared;

    /// What a property takes: `ec2::VpcId`, or nothing for any text.
    fn taken(kinds: &Kinds, type_name: &str, nested: Option<&str>, property: &str) -> String {
        let key = (type_name.to_owned(), nested.map(str::to_owned), property.to_owned());
        kinds.properties.get(&key).map_or_else(String::new, |kind| {
            let Kind { module, name } = kind;
            format!("{module}::{name}")
        })
    }

    #[test]
    fn properties_take_what_the_data_and_the_review_say() {
        let kinds = &*shared::KINDS;
        for (type_name, nested, property, expected) in [
            ("AWS::EC2::Subnet", None, "VpcId", "ec2::VpcId"),
            ("AWS::EC2::Instance", None, "SecurityGroupIds", "ec2::SecurityGroupId"),
            ("AWS::Lambda::Function", None, "Role", "iam::RoleArn"),
            ("AWS::Lambda::Function", Some("VpcConfig"), "SubnetIds", "ec2::SubnetId"),
            ("AWS::Logs::LogGroup", None, "KmsKeyId", "kms::KeyArn"),
            ("AWS::SNS::Topic", None, "KmsMasterKeyId", "kms::KeyReference"),
            ("AWS::EC2::FlowLog", None, "ResourceId", "ec2::FlowLogSourceId"),
            ("AWS::CloudWatch::Alarm", None, "AlarmActions", "cloudwatch::AlarmActionArn"),
            // Its own name, any text, and text by decision.
            ("AWS::S3::Bucket", None, "BucketName", ""),
            ("AWS::EC2::VPC", None, "CidrBlock", ""),
            ("AWS::SNS::Subscription", None, "Endpoint", ""),
        ] {
            let place = format!("{type_name}.{property}");
            assert_eq!(taken(kinds, type_name, nested, property), expected, "{place}");
        }
        assert!(kinds.properties.len() > 1500, "{}", kinds.properties.len());
    }

    #[test]
    fn attributes_are_the_identifiers_of_what_they_name() {
        let (spec, kinds) = (&*shared::SPEC, &*shared::KINDS);
        for (type_name, attribute, expected) in [
            ("AWS::EC2::VPC", None, "VpcId"),
            ("AWS::EC2::VPC", Some("DefaultSecurityGroup"), "SecurityGroupId"),
            ("AWS::EC2::Subnet", Some("VpcId"), "VpcId"),
            ("AWS::IAM::Role", None, "RoleName"),
            ("AWS::IAM::Role", Some("Arn"), "RoleArn"),
            ("AWS::KMS::ReplicaKey", Some("Arn"), "KeyArn"),
            ("AWS::Organizations::Account", None, "AccountId"),
        ] {
            let resource = spec.resources().find(|found| found.type_name == type_name).unwrap();
            let kind = kinds.attribute(resource, attribute).map(|kind| kind.name.as_str());
            assert_eq!(kind, Some(expected), "{type_name} {attribute:?}");
        }
    }

    #[test]
    fn a_union_is_what_its_members_are() {
        let kinds = &*shared::KINDS;
        let kind = |name: &str| Kind { module: "kms".to_owned(), name: name.to_owned() };
        let members: Vec<_> = kinds.unions[&kind("KeyReference")].iter().cloned().collect();
        assert_eq!(members, [kind("AliasName"), kind("KeyArn"), kind("KeyId")]);
        let names: BTreeSet<_> = kinds.all.keys().collect();
        assert!(kinds.unions.keys().all(|union| !names.contains(union)));
    }
}
