use accel_core::Resource;

/// What CloudFormation makes of a template before it deploys it. Transforms are applied in this order:
/// what `AWS::LanguageExtensions` evaluates has to be evaluated before other transforms read it.
/// See <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Transform {
    LanguageExtensions,
    SecretsManager,
    Serverless,
}

impl Transform {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::LanguageExtensions => "AWS::LanguageExtensions",
            Self::SecretsManager => "AWS::SecretsManager-2024-09-16",
            Self::Serverless => "AWS::Serverless-2016-10-31",
        }
    }

    /// The transform that a resource does not exist without.
    pub(crate) fn of(resource: &Resource) -> Option<Self> {
        match resource.type_name() {
            name if name.starts_with("AWS::Serverless::") => Some(Self::Serverless),
            "AWS::SecretsManager::RotationSchedule" => {
                resource.get("HostedRotationLambda").map(|_| Self::SecretsManager)
            }
            _ => None,
        }
    }
}
