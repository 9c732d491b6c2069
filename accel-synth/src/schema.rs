//! What is known of resource types: where they are available, what replaces them, which of them hold
//! data, what AWS computes.
//!
//! The tables are generated from the schemas that AWS publishes (by way of cfn-lint, MIT-0, and of
//! AWS's service spec, Apache-2.0; `data/README.md` has versions and licences), except for
//! `stateful`, which is reviewed by hand. They are embedded compressed, a block a service, and a
//! block is read when something in it is first asked for.

use accel_core::Region;

use self::block::{Registry, TypeSchema};

pub(crate) mod block;
mod capability;
#[doc(hidden)]
pub mod encoding;
mod stateful;

pub use capability::{Capability, capability};
pub use stateful::{STATEFUL, is_stateful, why_stateful};

/// Whether a resource type exists in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Availability {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// Nothing is published about this region, or the type is too new.
    Unknown,
}

/// What changing a property does to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replacement {
    /// The resource is updated in place.
    No,
    /// It depends on what else changes, or on the values.
    Maybe,
    /// A new resource takes the old one's place.
    Yes,
}

/// Whether the type has a schema.
#[must_use]
pub fn is_known(type_name: &str) -> bool {
    find(type_name).is_some()
}

/// Whether no schema can be expected of the type, since its owner and not AWS publishes it: custom
/// resources, modules, extensions of the registry.
#[must_use]
pub fn is_extension(type_name: &str) -> bool {
    let segments: Vec<&str> = type_name.split("::").collect();
    let well_formed = segments.iter().all(|segment| {
        !segment.is_empty()
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_@".contains(&byte))
    });
    match segments[..] {
        ["Custom", _] => well_formed,
        ["AWS" | "Alexa" | "Custom", ..] => false,
        [_, _, _] | [_, _, _, "MODULE"] => well_formed,
        _ => false,
    }
}

/// Every known type, sorted.
pub fn types() -> impl Iterator<Item = String> {
    let registry = Registry::get();
    registry.namespaces().flat_map(|namespace| {
        let types = registry.block(namespace).map_or(&[][..], |block| &block.types);
        types.iter().map(move |known| format!("{namespace}::{}", known.name))
    })
}

/// Whether `region` has the type.
///
/// ```
/// use accel_core::Region;
/// use accel_synth::schema::{Availability, availability};
///
/// assert_eq!(availability("AWS::S3::Bucket", Region::EU_WEST_1), Availability::Yes);
/// ```
#[must_use]
pub fn availability(type_name: &str, region: Region) -> Availability {
    find(type_name).map_or(Availability::Unknown, |known| known.availability(region))
}

/// The regions that are known to have the type, sorted.
pub fn regions(type_name: &str) -> impl Iterator<Item = &'static str> {
    let bits = find(type_name).map_or(0, |known| known.regions);
    let regions = Registry::get().regions.iter().enumerate();
    regions.filter(move |(index, _)| bits >> index & 1 == 1).map(|(_, region)| *region)
}

/// What changing the property at `path` does to a resource of this type. A path is property names and
/// list indices joined by `/`, as in a [`Violation`](crate::validate::Violation). A type or a property
/// that is not known is updated in place, as far as anybody can tell.
///
/// ```
/// use accel_synth::schema::{Replacement, replacement};
///
/// assert_eq!(replacement("AWS::S3::Bucket", "BucketName"), Replacement::Yes);
/// assert_eq!(replacement("AWS::S3::Bucket", "Tags/0/Value"), Replacement::No);
/// ```
#[must_use]
pub fn replacement(type_name: &str, path: &str) -> Replacement {
    let Some(known) = find(type_name) else { return Replacement::No };
    let of = |(replacing, maybe): &(&str, bool)| match relation(replacing, path) {
        Relation::Apart => Replacement::No,
        // The property is replaced as a whole, and may or may not differ in the part that matters.
        Relation::Above => Replacement::Maybe,
        Relation::Within if *maybe => Replacement::Maybe,
        Relation::Within => Replacement::Yes,
    };
    known.replacement.iter().map(of).max().unwrap_or(Replacement::No)
}

/// The properties that AWS computes and a template cannot set, as paths without list indices.
#[must_use]
pub fn read_only(type_name: &str) -> &'static [&'static str] {
    find(type_name).map_or(&[], |known| &known.read_only)
}

/// The properties and attributes that together identify a resource of this type in its account and
/// region; empty if that is not known.
#[must_use]
pub fn identifier(type_name: &str) -> &'static [&'static str] {
    find(type_name).map_or(&[], |known| &known.identifier)
}

/// How ARNs of this type are made: `arn:${Partition}:s3:::${BucketName}`.
#[must_use]
pub fn arn_template(type_name: &str) -> Option<&'static str> {
    find(type_name)?.arn
}

fn find(type_name: &str) -> Option<&'static TypeSchema> {
    Registry::get().find(type_name).map(|(_, known)| known)
}

impl TypeSchema {
    pub(crate) fn availability(&self, region: Region) -> Availability {
        let known = &Registry::get().regions;
        match known.binary_search(&region.name()) {
            _ if self.regions == 0 => Availability::Unknown,
            Err(_) => Availability::Unknown,
            Ok(index) if self.regions >> index & 1 == 1 => Availability::Yes,
            Ok(_) => Availability::No,
        }
    }
}

enum Relation {
    /// The path is the replacing property or below it.
    Within,
    /// The path is above the replacing property.
    Above,
    Apart,
}

fn relation(replacing: &str, path: &str) -> Relation {
    let mut steps = path.split('/').filter(|step| !step.bytes().all(|byte| byte.is_ascii_digit()));
    for wanted in replacing.split('/') {
        match steps.next() {
            None => return Relation::Above,
            Some(step) if step == wanted => {}
            Some(_) => return Relation::Apart,
        }
    }
    Relation::Within
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacement_is_found_at_any_depth() {
        let instance = |path| replacement("AWS::EC2::Instance", path);
        assert_eq!(instance("ImageId"), Replacement::Yes);
        assert_eq!(instance("Monitoring"), Replacement::No);
        assert_eq!(instance("InstanceType"), Replacement::Maybe);
        assert_eq!(replacement("AWS::New::Thing", "Name"), Replacement::No);
        let table = |path| replacement("AWS::DynamoDB::Table", path);
        assert_eq!(table("KeySchema/0/AttributeName"), Replacement::Maybe);
    }

    #[test]
    fn paths_relate() {
        assert!(matches!(relation("A/B", "A/0/B/C"), Relation::Within));
        assert!(matches!(relation("A/B", "A"), Relation::Above));
        assert!(matches!(relation("A/B", "A/1"), Relation::Above));
        assert!(matches!(relation("A/B", "A/C"), Relation::Apart));
    }

    #[test]
    fn availability_says_when_it_does_not_know() {
        let bucket = |region: &str| availability("AWS::S3::Bucket", Region::parse(region).unwrap());
        assert_eq!(bucket("us-east-1"), Availability::Yes);
        assert_eq!(bucket("us-iso-east-1"), Availability::Unknown);
        assert_eq!(bucket("eusc-de-east-1"), Availability::Unknown);
        let gone = availability("AWS::SageMaker::Cluster", Region::parse("cn-north-1").unwrap());
        assert_eq!(gone, Availability::No);
    }

    #[test]
    fn extensions_have_no_schema() {
        for passes in ["Custom::Thing", "Datadog::Monitors::Monitor", "My::Own::Thing::MODULE"] {
            assert!(is_extension(passes), "{passes}");
        }
        for known in ["AWS::S3::Bucket", "AWS::Nope::Nope", "Custom::", "Thing", "A::B", "::: :"] {
            assert!(!is_extension(known), "{known}");
        }
    }

    #[test]
    fn arns_and_identifiers_are_known() {
        assert_eq!(arn_template("AWS::S3::Bucket"), Some("arn:${Partition}:s3:::${BucketName}"));
        assert_eq!(identifier("AWS::EC2::VPC"), ["VpcId"]);
        assert!(read_only("AWS::EC2::VPC").contains(&"VpcId"));
    }
}
