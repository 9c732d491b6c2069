//! YAML that means the same to every reader.

use super::{
    assembly::files,
    inspection::{ending, inspect, python_driver},
    step::Step,
};

const TOOL: &str = "yaml";

pub(crate) const YAML: Step = Step {
    name: "yaml",
    about: "a YAML 1.1 reader and a YAML 1.2 reader read the same values from every file",
    run: |context| {
        let files = ending(&files(&context.assembly()?)?, &[".yml", ".yaml"]);
        inspect(context, TOOL, "canary.yml", files, |files| python_driver(context, TOOL, files))
    },
};
