//! accel's own workflows are what its own program says.

use super::{
    process::succeed,
    step::{Passed, Step},
};

pub(crate) const OWN_WORKFLOWS: Step = Step {
    name: "own-workflows",
    about: "this repository's workflows are those that its own program makes",
    run: |context| {
        // After `unit`, which builds the examples like this.
        let write = "run --quiet --example continuous-integration -- write --check --repository \
                     example/accel .";
        succeed(&mut context.cargo(write.split_ascii_whitespace()))?;
        let workflows = std::fs::read_dir(crate::root().join(".github/workflows"))?;
        Ok(Passed::new(workflows.count(), "workflows"))
    },
};
