//! YAML that means the same to every reader.

use super::{
    inspection::{inspect, python_driver},
    step::Step,
};

const TOOL: &str = "yaml";

pub(crate) const YAML: Step = Step {
    name: "yaml",
    about: "a YAML 1.1 reader and a YAML 1.2 reader read the same values from every file",
    run: |context| {
        let files = context.assembly_files(&[".yml", ".yaml"])?;
        inspect(context, TOOL, "canary.yml", files, |files| python_driver(context, TOOL, files))
    },
};
