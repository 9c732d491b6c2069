//! Manifests for Kubernetes and Argo CD held against published schemas.

use std::path::PathBuf;

use super::{
    assembly::files,
    inspection::{ending, findings, inspect, python_driver},
    process::succeed,
    step::{Context, Passed, Step},
    tools,
};

/// Each of a wrong shape, and of a kind without a schema.
const CANARIES: [&str; 2] = ["canary.yaml", "canary-kind.yaml"];

pub(crate) const GITOPS: Step = Step {
    name: "gitops",
    about: "every manifest is as the published schema of its kind says, and there is one",
    run: |context| {
        let manifests = manifests(context)?;
        let prefix = tools::node(context, "argo-cd")?;
        for canary in CANARIES {
            inspect(context, "kubernetes", canary, manifests.clone(), |files| {
                python_driver(context, "kubernetes", files)
            })?;
            inspect(context, "argo-cd", canary, manifests.clone(), |files| {
                let mut node = context.command("node");
                findings(&succeed(node.arg(prefix.join("driver.mjs")).args(files))?)
            })?;
        }
        Ok(Passed::new(manifests.len(), "manifests, and the broken ones were reported"))
    },
};

/// What the assemblies have for clusters.
fn manifests(context: &Context) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for assembly in context.assemblies()? {
        let directory = assembly.join("gitops");
        if directory.is_dir() {
            found.extend(ending(&files(&directory)?, &[".yml", ".yaml"]));
        }
    }
    Ok(found)
}
