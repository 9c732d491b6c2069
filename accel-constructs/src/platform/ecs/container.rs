use accel_cfn::{ecs::task_definition, secretsmanager::SecretId};
use accel_core::{
    Scope, Text, Value, actions,
    policy::{Action, Statement},
    text,
};

use crate::{grants::add_to_role, security::IamRoleRef};

/// A secret that a container finds in an environment variable: read when the task starts, so that no
/// template and no task definition holds it.
///
/// Source: <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html>
#[derive(Clone, Debug)]
pub enum ContainerSecret {
    /// A secret of Secrets Manager, by its ARN.
    Managed(Value<SecretId>),
    /// A secure parameter of the account and region, by its name: `/shop/api-key`.
    Parameter(Text),
}

impl ContainerSecret {
    /// A secret of Secrets Manager.
    pub fn managed(secret: impl accel_core::IntoValue<SecretId>) -> Self {
        Self::Managed(secret.into_value())
    }

    /// A secure parameter, by its name with the leading slash.
    pub fn parameter(name: impl Into<Text>) -> Self {
        Self::Parameter(name.into())
    }

    fn arn(&self) -> Value<String> {
        match self {
            Self::Managed(arn) => arn.clone().cast(),
            Self::Parameter(name) => {
                let name = format!(":parameter/{}", name.trim_start_matches('/'));
                let (partition, region) = (Value::own_partition(), Value::own_region());
                text!["arn:", partition, ":ssm:", region, ":", Value::own_account(), name]
            }
        }
    }

    fn action(&self) -> Action {
        let [managed, parameter] = actions!["secretsmanager:GetSecretValue", "ssm:GetParameters"];
        match self {
            Self::Managed(_) => managed,
            Self::Parameter(_) => parameter,
        }
    }
}

/// The secrets of a container, which `role` may read from now on.
pub(super) fn secrets(
    template: &mut Scope<'_>,
    role: IamRoleRef,
    secrets: &[(Text, ContainerSecret)],
) -> Vec<task_definition::Secret> {
    secrets
        .iter()
        .map(|(name, secret)| {
            let read = Statement::allow([secret.action()]).resource(secret.arn());
            add_to_role(&mut template[role.resource], &read);
            task_definition::Secret::new(name.clone(), secret.arn())
        })
        .collect()
}
