//! The parameter store of each account and region.

use accel_deploy::cloud::ssm::{self, DeleteParameter, GetParameters, Parameters, PutParameter};
use serde_json::{Value, json};

use crate::world::{Refusal, Reply, World, read, reply, unknown};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parameter {
    value: String,
    kind: String,
    version: u64,
}

impl World {
    pub(crate) fn set_parameter(
        &mut self,
        account: &str,
        region: &str,
        name: String,
        value: String,
    ) {
        let key = (account.to_owned(), region.to_owned(), name);
        let version = self.parameters.get(&key).map_or(1, |before| before.version + 1);
        let kind = "String".to_owned();
        self.parameters.insert(key, Parameter { value, kind, version });
    }

    /// The value of a parameter.
    pub(crate) fn parameter(&self, account: &str, region: &str, name: &str) -> Option<&str> {
        let key = (account.to_owned(), region.to_owned(), name.to_owned());
        self.parameters.get(&key).map(|parameter| parameter.value.as_str())
    }

    pub(crate) fn drop_parameter(&mut self, account: &str, region: &str, name: String) {
        self.parameters.remove(&(account.to_owned(), region.to_owned(), name));
    }

    pub(crate) fn ssm(
        &mut self,
        account: &str,
        region: &str,
        action: &str,
        request: &Value,
    ) -> Reply {
        let key = |name: &str| (account.to_owned(), region.to_owned(), name.to_owned());
        match action {
            "GetParameters" => {
                let request: GetParameters = read(request)?;
                let mut found = Parameters::default();
                for name in request.names {
                    match self.parameters.get(&key(&name)) {
                        None => found.invalid_parameters.push(name),
                        Some(parameter) => found.parameters.push(ssm::Parameter {
                            name,
                            r#type: parameter.kind.clone(),
                            value: parameter.value.clone(),
                            version: parameter.version,
                        }),
                    }
                }
                reply(&found)
            }
            "PutParameter" => {
                let request: PutParameter = read(request)?;
                let before = self.parameters.get(&key(&request.name));
                if before.is_some() && request.overwrite != Some(true) {
                    let message = "The parameter already exists. To overwrite this value, set the \
                                   overwrite option in the request to true.";
                    return Err(Refusal::new("ParameterAlreadyExists", message.to_owned()));
                }
                let kind = before.map(|before| before.kind.clone());
                let Some(kind) = request.r#type.or(kind) else {
                    let message = "A parameter type is required when you create a parameter.";
                    return Err(Refusal::new("ValidationException", message.to_owned()));
                };
                let version = before.map_or(1, |before| before.version + 1);
                let parameter = Parameter { value: request.value, kind, version };
                self.parameters.insert(key(&request.name), parameter);
                Ok(json!({ "Version": version }))
            }
            "DeleteParameter" => {
                let request: DeleteParameter = read(request)?;
                match self.parameters.remove(&key(&request.name)) {
                    Some(_) => Ok(json!({})),
                    None => Err(Refusal::new("ParameterNotFound", request.name)),
                }
            }
            _ => Err(unknown(action)),
        }
    }
}
