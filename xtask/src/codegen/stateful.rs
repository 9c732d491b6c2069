//! The table of types that hold something: written by hand, and never behind the service spec.

use std::fs;

use anyhow::{Context as _, ensure};

use super::spec::Spec;

const TABLE: &str = "accel-synth/src/schema/stateful.rs";

/// Fails if the spec marks a type as stateful that the table does not have.
pub(crate) fn check(spec: &Spec) -> anyhow::Result<()> {
    let table = fs::read_to_string(crate::root().join(TABLE)).context(TABLE)?;
    let missing = |name: &&str| !table.contains(&format!("(\"{name}\","));
    let stateful = spec.resources().filter(|resource| resource.stateful);
    let missing: Vec<&str> =
        stateful.map(|resource| resource.type_name.as_str()).filter(missing).collect();
    ensure!(missing.is_empty(), "{TABLE} lacks what AWS says is stateful: {}", missing.join(", "));
    Ok(())
}
