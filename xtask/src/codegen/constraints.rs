//! What synth validates resources against, made from the schemas that cfn-lint publishes.

use std::collections::BTreeMap;

use anyhow::Context as _;
use miniz_oxide::deflate::compress_to_vec;
use serde_json::Value;

use self::{
    block::{Block, Bytes},
    vendored::{Schema, Schemas},
};
use super::{
    Output,
    spec::{Resource, Spec},
};

mod block;
mod compile;
mod corrections;
mod formats;
mod supplement;
pub(crate) mod vendored;

const CONSTRAINTS: &str = "accel-synth/data/constraints.bin";

/// The types that the service spec has and cfn-lint has not, one a line: they are validated for
/// required and unknown properties and for types alone, and cfn-lint does not know them (E3006).
const WITHOUT_SCHEMA: &str = "accel-synth/data/types-without-schema.txt";

/// Adds the files of `accel-synth/data` to what is generated.
pub(crate) fn generate(spec: &Spec, output: &mut Output) -> anyhow::Result<()> {
    let Schemas { regions, unknown_regions, mut types } = Schemas::vendored()?;
    corrections::apply(&mut types)?;
    let resources: BTreeMap<&str, &Resource> =
        spec.resources().map(|resource| (resource.type_name.as_str(), resource)).collect();
    let mut without_schema = String::new();
    for (name, resource) in &resources {
        match types.get_mut(*name) {
            Some(known) => supplement::add_properties(&mut known.schema, resource),
            None => {
                let schema = supplement::schema_of(resource);
                without_schema += &format!("{name}\n");
                types.insert((*name).to_owned(), Schema { regions: Vec::new(), schema });
            }
        }
    }
    let known_regions: Vec<&String> =
        regions.iter().filter(|region| !unknown_regions.contains(region)).collect();

    let mut services: BTreeMap<&str, Vec<Type<'_>>> = BTreeMap::new();
    for (name, Schema { regions, schema }) in &types {
        let resource = resources.get(name.as_str()).copied();
        let (service, name) = name.rsplit_once("::").context("a type name has a service")?;
        let regions = region_bits(&known_regions, regions);
        services.entry(service).or_default().push(Type { name, schema, resource, regions });
    }

    let mut header = Bytes::default();
    header.list(&known_regions, |bytes, region| bytes.text(region));
    let mut blocks = Vec::new();
    let mut index = Vec::new();
    for (service, types) in services {
        let block = block(&types).with_context(|| format!("in {service}"))?;
        let deflated = compress_to_vec(&block, 10);
        index.push((service, deflated.len(), block.len()));
        blocks.push(deflated);
    }
    header.list(index, |bytes, (service, deflated, inflated)| {
        bytes.text(service);
        bytes.number(deflated as u64);
        bytes.number(inflated as u64);
    });
    output.add(WITHOUT_SCHEMA, without_schema);
    output.add(CONSTRAINTS, [vec![header.0], blocks].concat().concat());
    Ok(())
}

/// A resource type to write.
struct Type<'a> {
    name: &'a str,
    schema: &'a Value,
    resource: Option<&'a Resource>,
    regions: u64,
}

fn block(types: &[Type<'_>]) -> anyhow::Result<Vec<u8>> {
    let mut block = Block::default();
    for Type { name, schema, resource, regions } in types {
        let root = compile::compile(&mut block, schema).with_context(|| (*name).to_owned())?;
        let mut replacement = resource.map(supplement::replacement).unwrap_or_default();
        replacement
            .extend(paths(schema, "conditionalCreateOnlyProperties").map(|path| (path, true)));
        replacement.extend(paths(schema, "createOnlyProperties").map(|path| (path, false)));
        let identifier = resource.map_or(&[][..], |resource| &resource.primary_identifier);
        let arn = resource.and_then(|resource| resource.arn_template.as_ref());

        let mut bytes = Bytes::default();
        bytes.string(block.string(name));
        bytes.node(root);
        bytes.number(*regions);
        let read_only: Vec<String> = paths(schema, "readOnlyProperties")
            .filter(|path| !is_settable(schema, *resource, path))
            .collect();
        bytes.list(read_only, |bytes, path| bytes.string(block.string(&path)));
        bytes.list(replacement, |bytes, (path, maybe)| {
            bytes.string(block.string(&path));
            bytes.byte(maybe.into());
        });
        bytes.list(identifier, |bytes, name| bytes.string(block.string(name)));
        bytes.list(Vec::from_iter(arn), |bytes, arn| bytes.string(block.string(arn)));
        block.add_type(bytes);
    }
    Ok(block.finish())
}

/// Whether a property that the schema calls read-only can be set all the same: on creation, or as far
/// as the service spec knows. The L1 bindings have a setter for the latter.
fn is_settable(schema: &Value, resource: Option<&Resource>, path: &str) -> bool {
    paths(schema, "createOnlyProperties").any(|create_only| create_only == path)
        || resource.is_some_and(|resource| resource.properties.contains_key(path))
}

/// The paths below `/properties` of one of the schema's lists of pointers, without the `*` that
/// stands for any item of a list.
fn paths(schema: &Value, list: &str) -> impl ExactSizeIterator<Item = String> {
    let pointers = schema.get(list).and_then(Value::as_array).into_iter().flatten();
    let paths = pointers.filter_map(|pointer| pointer.as_str()?.strip_prefix("/properties/"));
    let mut paths: Vec<String> = paths
        .map(|path| path.split('/').filter(|step| *step != "*").collect::<Vec<_>>().join("/"))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    paths.into_iter()
}

/// Bit i is set where the type is in known region i.
fn region_bits(known: &[&String], regions: &[String]) -> u64 {
    let here = known.iter().enumerate().filter(|(_, region)| regions.contains(region));
    here.map(|(index, _)| 1 << index).sum()
}

#[cfg(test)]
mod tests {
    use accel_synth::schema;

    use crate::codegen::spec::Spec;

    #[test]
    fn what_the_service_spec_calls_stateful_is_in_the_reviewed_table() {
        let spec = Spec::load().unwrap();
        let stateful = spec.resources().filter(|resource| resource.stateful);
        let missing: Vec<_> = stateful
            .map(|resource| &resource.type_name)
            .filter(|type_name| !schema::is_stateful(type_name))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn every_type_of_the_bindings_can_be_validated() {
        let spec = Spec::load().unwrap();
        let unknown: Vec<_> = spec
            .resources()
            .map(|resource| &resource.type_name)
            .filter(|type_name| !schema::is_known(type_name))
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
