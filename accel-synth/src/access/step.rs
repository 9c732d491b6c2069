use serde::Deserialize;
use serde_json::Value;

/// `organization/steps.json`, as far as it says who may do what.
#[derive(Default, Deserialize)]
pub(super) struct Steps {
    pub(super) steps: Vec<Step>,
}

/// A step of the organization: what is done, where. How it is read back is left out.
#[derive(Debug, Deserialize)]
pub(crate) struct Step {
    pub(crate) path: String,
    pub(crate) kind: String,
    pub(crate) account: String,
    pub(crate) region: String,
    /// None for what is only looked up.
    pub(crate) call: Option<Call>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Call {
    pub(crate) service: String,
    pub(crate) action: String,
    pub(crate) request: Value,
}
