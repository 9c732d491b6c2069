use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde_json::Value;

use super::{
    Operation, Protocol, cloudcontrolapi, cloudformation, organizations, s3, servicequotas, ssm,
    sts,
};

/// What an operation sends and what it reads of the reply, as JSON Schemas.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Described {
    /// The service, as its endpoint names it.
    pub service: &'static str,
    /// The operation's name.
    pub action: &'static str,
    /// How it is sent.
    pub protocol: Protocol,
    /// Of the request.
    pub request: Value,
    /// Of the reply.
    pub reply: Value,
}

impl Described {
    pub(super) fn of<O: Operation<Output: JsonSchema> + JsonSchema>() -> Self {
        Self {
            service: O::SERVICE,
            action: O::ACTION,
            protocol: O::PROTOCOL,
            request: schema_for!(O).to_value(),
            reply: schema_for!(O::Output).to_value(),
        }
    }
}

/// All operations.
#[must_use]
pub fn described() -> Vec<Described> {
    let services = [
        cloudcontrolapi::described,
        cloudformation::described,
        organizations::described,
        s3::described,
        servicequotas::described,
        ssm::described,
        sts::described,
    ];
    services.iter().flat_map(|service| service()).collect()
}
