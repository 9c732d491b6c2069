//! What accel-policy knows of IAM: services, actions, resource types and condition keys, from the
//! tables that iam-data publishes. `accel-policy/src/actions/table.rs` has the layout.

use anyhow::{Context as _, ensure};
use miniz_oxide::deflate::compress_to_vec;

use self::vendored::{Service, Tables};
use super::{
    Output,
    bytes::{Bytes, Strings},
};

pub(crate) mod vendored;

const ACTIONS: &str = "accel-policy/data/actions.bin";

/// Adds the table of actions to what is generated.
pub(crate) fn generate(output: &mut Output) -> anyhow::Result<()> {
    let Tables { version, global_keys, services } = vendored::load()?;
    let mut header = Bytes::default();
    header.text(&version);
    let global_keys = global_keys.iter().map(|key| Ok((&key.key, value_type(&key.value)?)));
    let global_keys: Vec<_> = global_keys.collect::<anyhow::Result<_>>()?;
    header.list(global_keys, |bytes, (key, value)| {
        bytes.text(key);
        bytes.byte(value);
    });
    let mut blocks = Vec::new();
    let mut index = Vec::new();
    for (prefix, service) in &services {
        let block = block(service).with_context(|| format!("in {prefix}"))?;
        let deflated = compress_to_vec(&block, 10);
        index.push((prefix, service, deflated.len(), block.len()));
        blocks.push(deflated);
    }
    header.list(index, |bytes, (prefix, service, deflated, inflated)| {
        bytes.text(prefix);
        bytes.text(&service.name);
        bytes.byte(service.resource_control.into());
        bytes.number(deflated as u64);
        bytes.number(inflated as u64);
    });
    output.add(ACTIONS, [vec![header.0], blocks].concat().concat());
    Ok(())
}

fn block(service: &Service) -> anyhow::Result<Vec<u8>> {
    let in_order = service.actions.is_sorted_by_key(|action| action.name.to_ascii_lowercase());
    ensure!(in_order, "the actions are not sorted by name in lower case");
    let mut strings = Strings::default();
    let mut tables = Bytes::default();
    let keys = service.condition_keys.iter().map(|key| Ok((&key.key, value_type(&key.value)?)));
    let keys: Vec<_> = keys.collect::<anyhow::Result<_>>()?;
    tables.list(keys, |bytes, (key, value)| {
        bytes.string(strings.index(&placeholder(key)));
        bytes.byte(value);
    });
    let indices = |bytes: &mut Bytes, strings: &mut Strings, texts: &[String]| {
        bytes.list(texts, |bytes, text| bytes.string(strings.index(&placeholder(text))));
    };
    tables.list(&service.resource_types, |bytes, resource_type| {
        bytes.string(strings.index(&resource_type.name));
        bytes.string(strings.index(&resource_type.arn));
        indices(bytes, &mut strings, &resource_type.condition_keys);
    });
    for action in &service.actions {
        access_level(&action.access_level)?;
    }
    tables.list(&service.actions, |bytes, action| {
        bytes.string(strings.index(&action.name));
        bytes.byte(access_level(&action.access_level).unwrap_or_default());
        bytes.list(&action.resource_types, |bytes, resource| {
            bytes.string(strings.index(&resource.name));
            bytes.byte(resource.required.into());
            indices(bytes, &mut strings, &resource.condition_keys);
            indices(bytes, &mut strings, &resource.dependent_actions);
        });
        indices(bytes, &mut strings, &action.condition_keys);
        indices(bytes, &mut strings, &action.dependent_actions);
    });
    let mut block = Bytes::default();
    strings.write(&mut block);
    block.0.extend(tables.0);
    Ok(block.0)
}

/// A key with its placeholder in one notation: a few are published as `s3:ExistingObjectTag/<key>`.
fn placeholder(key: &str) -> String {
    key.replace('<', "${").replace('>', "}")
}

/// An action that writes and does more than that is published with both levels.
fn access_level(level: &str) -> anyhow::Result<u8> {
    Ok(match level {
        "List" => 0,
        "Read" => 1,
        "Write" => 2,
        "Permissions management" | "Permissions management, Write" => 3,
        "Tagging" | "Tagging, Write" => 4,
        other => anyhow::bail!("`{other}` is no access level"),
    })
}

fn value_type(name: &str) -> anyhow::Result<u8> {
    let (is_list, name) = match name.strip_prefix("ArrayOf") {
        Some(name) => (0x80, name),
        None => (0, name),
    };
    let value = match name {
        "String" => 0,
        "ARN" => 1,
        "Bool" => 2,
        "Date" => 3,
        "IPAddress" => 4,
        "Numeric" => 5,
        "Binary" => 6,
        other => anyhow::bail!("`{other}` is no type of a condition key"),
    };
    Ok(is_list | value)
}
