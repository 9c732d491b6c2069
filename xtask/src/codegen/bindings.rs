//! accel-cfn: a file for each service, the kinds, and the lists of services and features.

use std::fs;

use anyhow::Context as _;

use super::{
    Output, constraints::vendored::Schemas, emit, features, kinds::Kinds, model, spec::Spec,
};

const CRATE: &str = "accel-cfn";

pub(crate) fn generate(spec: &Spec, output: &mut Output) -> anyhow::Result<()> {
    let schemas = Schemas::vendored()?;
    let kinds = Kinds::of(spec, &schemas)?;
    let services = model::build(spec, &schemas, &kinds)?;
    let with_kinds = emit::kinds::modules(&kinds);
    for service in &services {
        let text = emit::service(service, with_kinds.contains(service.module.as_str()))?;
        output.add(format!("{CRATE}/src/{}.rs", service.module), text);
    }
    output.add(format!("{CRATE}/src/kinds.rs"), emit::kinds::file(&kinds)?);
    for (file, list) in [
        ("src/lib.rs", features::modules(&services)?),
        ("Cargo.toml", features::features(&services)?),
    ] {
        let path = format!("{CRATE}/{file}");
        let text = fs::read_to_string(crate::root().join(&path))?;
        let text = features::spliced(&text, &list).with_context(|| path.clone())?;
        output.add(path, text);
    }
    Ok(())
}
