//! Enumerated text: a kind with a constant for each known value.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    naming,
    schema::Hints,
    spec::{Property, Resource, Type},
};

/// Longer lists, such as instance types, grow every month: those stay text, which validation checks.
const MOST_VALUES: usize = 64;

/// The enumerations of one resource type.
#[derive(Debug, Default)]
pub(crate) struct Enumerations {
    pub(crate) all: Vec<Enumeration>,
    /// The name of each, by nested type (none is "") and property.
    properties: BTreeMap<String, BTreeMap<String, String>>,
}

/// One kind of enumerated text.
#[derive(Debug)]
pub(crate) struct Enumeration {
    pub(crate) name: String,
    /// The property it is for.
    pub(crate) property: String,
    /// Constants and what they stand for.
    pub(crate) values: Vec<(String, String)>,
}

/// Where an enumerated property is.
type Place<'a> = (Option<&'a str>, &'a str);

impl Enumerations {
    pub(crate) fn of(resource: &Resource, hints: &Hints<'_>) -> Self {
        let found = enumerated(resource, hints);
        let mut by_property: BTreeMap<&str, Vec<(Place<'_>, &Vec<String>)>> = BTreeMap::new();
        for (place, values) in &found {
            by_property.entry(place.1).or_default().push((*place, values));
        }
        let mut enumerations = Self::default();
        let mut taken: BTreeSet<String> =
            resource.types.keys().map(|name| naming::pascal(name)).collect();
        for (property, places) in by_property {
            let first = places.first().map(|(_, values)| sorted(values));
            let one_set = places.iter().all(|(_, values)| Some(sorted(values)) == first);
            let mut named: BTreeMap<String, ()> = BTreeMap::new();
            for ((nested, _), values) in &places {
                let owner = nested.filter(|_| !one_set);
                let name = enumeration_name(owner, property, &taken);
                let by_name = enumerations.properties.entry(nested.unwrap_or_default().to_owned());
                by_name.or_default().insert(property.to_owned(), name.clone());
                if named.insert(name.clone(), ()).is_none() {
                    enumerations.all.push(Enumeration {
                        name,
                        property: property.to_owned(),
                        values: constants(values),
                    });
                }
            }
            taken.extend(named.into_keys());
        }
        enumerations.all.sort_by(|a, b| a.name.cmp(&b.name));
        enumerations
    }

    pub(crate) fn of_property(&self, nested: Option<&str>, property: &str) -> Option<&str> {
        Some(self.properties.get(nested.unwrap_or_default())?.get(property)?)
    }
}

/// The enumerated properties of a resource and their values, those of both sources together.
fn enumerated<'a>(resource: &'a Resource, hints: &Hints<'_>) -> BTreeMap<Place<'a>, Vec<String>> {
    let own = resource.properties.iter().map(|(name, property)| (None, name, property));
    let nested = resource.types.iter().flat_map(|(nested, properties)| {
        properties.iter().map(move |(name, property)| (Some(nested.as_str()), name, property))
    });
    let mut found = BTreeMap::new();
    for (nested, name, property) in own.chain(nested) {
        let Some(allowed) = allowed(property) else { continue };
        let mut values = allowed.to_vec();
        if let Some(hint) = hints.get(nested, name) {
            for value in &hint.values {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
        }
        if (1..=MOST_VALUES).contains(&values.len()) {
            found.insert((nested, name.as_str()), values);
        }
    }
    found
}

/// The values of text or of a list of it, none for any; `None` for other properties.
fn allowed(property: &Property) -> Option<&[String]> {
    fn of_type(kind: &Type) -> Option<&[String]> {
        match kind {
            Type::String { allowed } => Some(allowed),
            Type::List(item) => of_type(item),
            _ => None,
        }
    }
    of_type(&property.kind)
}

fn sorted(values: &[String]) -> Vec<&String> {
    let mut values: Vec<&String> = values.iter().collect();
    values.sort();
    values
}

fn enumeration_name(owner: Option<&str>, property: &str, taken: &BTreeSet<String>) -> String {
    let name = match owner {
        Some(owner) => naming::joined(owner, property),
        None => naming::pascal(property),
    };
    if taken.contains(&name) { format!("{name}Value") } else { name }
}

/// A constant for each value; of those that differ in case or punctuation alone, the later ones
/// carry a number.
fn constants(values: &[String]) -> Vec<(String, String)> {
    let mut taken = BTreeSet::new();
    values
        .iter()
        .map(|value| {
            let base = symbol(value).map_or_else(|| naming::constant(value), str::to_owned);
            let numbered = (2..).map(|number| format!("{base}_{number}"));
            let mut names = std::iter::once(base.clone()).chain(numbered);
            let name = names.find(|name| !taken.contains(name)).unwrap_or(base.clone());
            taken.insert(name.clone());
            (name, value.clone())
        })
        .collect()
}

/// Names for values without letters or digits.
fn symbol(value: &str) -> Option<&'static str> {
    Some(match value {
        "" => "EMPTY",
        "*" => "ANY",
        "<" => "LESS",
        "<=" => "LESS_OR_EQUAL",
        "=" | "==" => "EQUAL",
        "!=" => "NOT_EQUAL",
        ">" => "GREATER",
        ">=" => "GREATER_OR_EQUAL",
        "," => "COMMA",
        ";" => "SEMICOLON",
        ":" => "COLON",
        "." => "DOT",
        "|" => "PIPE",
        "\t" => "TAB",
        " " => "SPACE",
        "-" => "DASH",
        "_" => "UNDERSCORE",
        "/" => "SLASH",
        "+" => "PLUS",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::spec::shared;

    fn names(values: &[&str]) -> Vec<String> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        constants(&values).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn every_value_has_a_constant_of_its_own() {
        assert_eq!(names(&["aws:kms", "AES256"]), ["AWS_KMS", "AES256"]);
        assert_eq!(names(&["1.2", "*", ">="]), ["_1_2", "ANY", "GREATER_OR_EQUAL"]);
        assert_eq!(names(&["true", "TRUE", "True"]), ["TRUE", "TRUE_2", "TRUE_3"]);
    }

    #[test]
    fn values_come_from_both_sources() {
        let (spec, schemas) = (&*shared::SPEC, &*shared::SCHEMAS);
        let enumerations = |type_name: &str| {
            let resource = spec.resources().find(|found| found.type_name == type_name).unwrap();
            Enumerations::of(resource, &Hints::of(resource, schemas))
        };
        // Of the spec, and only of cfn-lint.
        let endpoint = enumerations("AWS::EC2::VPCEndpoint");
        assert_eq!(endpoint.of_property(None, "VpcEndpointType"), Some("VpcEndpointType"));
        let group = enumerations("AWS::EC2::PlacementGroup");
        assert_eq!(group.of_property(None, "Strategy"), Some("Strategy"));
    }

    #[test]
    fn properties_of_one_name_and_different_values_are_told_apart() {
        let (spec, schemas) = (&*shared::SPEC, &*shared::SCHEMAS);
        for resource in spec.resources() {
            let enumerations = Enumerations::of(resource, &Hints::of(resource, schemas));
            let mut names: Vec<_> = enumerations.all.iter().map(|one| &one.name).collect();
            let types: Vec<_> = resource.types.keys().map(|name| naming::pascal(name)).collect();
            names.extend(&types);
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{}", resource.type_name);
        }
    }
}
