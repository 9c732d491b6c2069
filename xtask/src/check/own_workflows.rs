//! accel's own workflows are what its own program says.

use super::{
    cargo::examples,
    process::succeed,
    step::{Passed, Step},
};

pub(crate) const OWN_WORKFLOWS: Step = Step {
    name: "own-workflows",
    about: "this repository's workflows are those that its own program makes",
    run: |context| {
        examples(context)?;
        let mut program = context.command(context.target("debug/examples/continuous-integration"));
        succeed(program.args("write --check --repository example/accel .".split(' ')))?;
        let workflows = std::fs::read_dir(crate::root().join(".github/workflows"))?;
        Ok(Passed::new(workflows.count(), "workflows"))
    },
};
