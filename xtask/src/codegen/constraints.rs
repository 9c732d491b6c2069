//! What synth validates resources against, made from the schemas that cfn-lint publishes.

pub(crate) mod vendored;
