//! The published JSON Schema of `manifest.json`, from the types that accel-synth writes it with.

use accel_synth::manifest::Manifest;

use super::Output;

pub(super) fn generate(output: &mut Output) -> anyhow::Result<()> {
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Manifest))?;
    output.add("schema/manifest.schema.json", schema + "\n");
    Ok(())
}
