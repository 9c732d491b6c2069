use super::{IsA, Value};
use crate::{Intrinsic, Text, intrinsic::SecretSource};

/// The kind of what must not be seen. A secret is good wherever text is, except that one that reaches
/// an output, a tag, a document or another stack is a diagnostic.
#[derive(Debug)]
pub enum Secret {}

impl IsA<String> for Secret {}

impl Value<Secret> {
    /// The secure parameter called `name`, in its newest version.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html>
    pub fn secure_parameter(name: impl Into<Text>) -> Self {
        Self::intrinsic(Intrinsic::Secret(SecretSource::SecureParameter(name.into(), None)))
    }

    /// The managed secret called `name` (or with that ARN), as a whole.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html>
    pub fn managed(name: impl Into<Text>) -> Self {
        Self::intrinsic(Intrinsic::Secret(SecretSource::ManagedSecret(name.into(), None)))
    }

    /// What the managed secret called `name`, which is JSON, has under `key`.
    pub fn managed_json(name: impl Into<Text>, key: impl Into<Text>) -> Self {
        let source = SecretSource::ManagedSecret(name.into(), Some(key.into()));
        Self::intrinsic(Intrinsic::Secret(source))
    }
}
