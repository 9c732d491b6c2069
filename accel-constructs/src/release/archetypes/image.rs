use accel_core::{Environment, PolicyDocument, Text, Value, actions, policy::Statement, text};

use crate::{platform::EcrRepositoryRef, release::AmazonEcrLogin};

/// A repository of images in ECR: where workflows push what they build.
///
/// ```
/// use accel_core::{AccountRef, Region};
/// use accel_constructs::release::archetypes::ImageRepository;
///
/// fn images(artifacts: AccountRef) -> ImageRepository {
///     ImageRepository::new(artifacts.in_region(Region::EU_WEST_1), "acme/shop")
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ImageRepository {
    pub(super) home: Environment,
    name: Text,
}

impl ImageRepository {
    /// The repository `name` in the registry of an account and region.
    pub fn new(home: Environment, name: impl Into<Text>) -> Self {
        Self { home, name: name.into() }
    }

    /// A repository of this program, in the account and region of its stack. Nobody waits for it: it is
    /// known by its name.
    #[must_use]
    pub fn of(repository: &EcrRepositoryRef, home: Environment) -> Self {
        Self::new(home, &repository.literal_name)
    }

    /// What images are called, without a tag:
    /// `111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme/shop`.
    #[must_use]
    pub fn uri(&self) -> Value<String> {
        let Environment { account, region } = self.home;
        let suffix = region.partition().dns_suffix();
        text![account.id(), ".dkr.ecr.", region.name(), ".", suffix, "/", &*self.name]
    }

    /// Its ARN.
    #[must_use]
    pub fn arn(&self) -> Value<String> {
        let Environment { account, region } = self.home;
        let partition = region.partition().name();
        let (region, account) = (region.name(), account.id());
        text!["arn:", partition, ":ecr:", region, ":", account, ":repository/", &*self.name]
    }

    /// What the role needs that pushes images: this repository and the log-in.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html>
    #[must_use]
    pub fn push_policy(&self) -> PolicyDocument {
        let log_in = Statement::allow(actions!["ecr:GetAuthorizationToken"]).resource("*");
        let push = Statement::allow(actions![
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:CompleteLayerUpload",
            "ecr:DescribeImages",
            "ecr:GetDownloadUrlForLayer",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
        ]);
        PolicyDocument::from([log_in, push.resource(self.arn())])
    }

    pub(super) fn log_in(&self) -> AmazonEcrLogin {
        AmazonEcrLogin::new().registries([self.home.account.id()]).mask_password(true)
    }
}
