use std::fmt::Write as _;

use accel_cfn::{
    ecr::{self, RepositoryArn, RepositoryName, repository},
    kms::KeyArn,
};
use accel_core::{
    AccountRef, Attr, Construct, Diagnostic, Environment, IntoValue, PolicyDocument, Scope,
    Template, Text, Value, actions,
    policy::{Operator, Principal, Statement},
    text,
};
use typed_builder::TypedBuilder;

use super::{codes::ECR_LIFECYCLE, default_name};
use crate::{names, retention::keep};

/// A repository of images: scanned when they are pushed, and cleared of the oldest.
///
/// ```
/// use accel_constructs::platform::{EcrRepository, PullAccess};
/// use accel_core::{AccountRef, Scope};
///
/// fn shop(template: &mut Scope<'_>, prod: AccountRef) {
///     let shop = EcrRepository::builder()
///         .name("acme/shop")
///         .pull([PullAccess::Account(prod)])
///         .build();
///     template.add("shop", shop);
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct EcrRepository {
    /// The name, unique in its account and region: `acme/shop`. Made from the ids of the app and the
    /// repository if not said.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
    /// How many images are kept.
    #[builder(default = 500)]
    keep: u32,
    /// Images with a tag that begins so are kept however many there are.
    #[builder(default = vec!["prod".into()], setter(transform = |prefixes: impl IntoIterator<Item = impl Into<Text>>| {
        prefixes.into_iter().map(Into::into).collect()
    }))]
    protected_tags: Vec<Text>,
    /// After how many days images without a tag go.
    #[builder(default = 14)]
    untagged_days: u16,
    /// Whether a tag that is there stays where it is. Not by default: promoting an image to a stage moves
    /// the stage's tag.
    #[builder(default = false)]
    immutable: bool,
    /// Whether images are scanned for known weaknesses when they are pushed.
    #[builder(default = true)]
    scan_on_push: bool,
    /// The key that encrypts images; one of AWS itself if not said. A change replaces the repository.
    #[builder(default, setter(transform = |key: impl IntoValue<KeyArn>| Some(key.into_value())))]
    key: Option<Value<KeyArn>>,
    /// Who else may pull.
    #[builder(default, setter(transform = |pull: impl IntoIterator<Item = PullAccess>| {
        pull.into_iter().collect()
    }))]
    pull: Vec<PullAccess>,
}

/// Who besides its own account may pull from an [`EcrRepository`].
#[derive(Clone, Debug)]
pub enum PullAccess {
    /// One account: whom its own policies allow.
    Account(AccountRef),
    /// Every account of the organization with that id.
    Organization(Value<String>),
}

impl PullAccess {
    /// Every account of the organization with that id, such as a shared
    /// [`organization_id`](crate::foundation::OrganizationScope::organization_id).
    pub fn organization(id: impl IntoValue<String>) -> Self {
        Self::Organization(id.into_value())
    }
}

impl From<AccountRef> for PullAccess {
    fn from(account: AccountRef) -> Self {
        Self::Account(account)
    }
}

/// What an [`EcrRepository`] gives back.
#[derive(Clone, Debug)]
pub struct EcrRepositoryRef {
    /// The name, as it is written.
    pub literal_name: Text,
    /// The name, as a reference: who uses it waits for the repository.
    pub name: Attr<RepositoryName>,
    /// The ARN.
    pub arn: Attr<RepositoryArn>,
    /// Where images are pushed to and pulled from, without a tag.
    pub uri: Attr<String>,
    /// The L1 resource.
    pub resource: ecr::RepositoryRef,
}

impl EcrRepositoryRef {
    /// [`EcrRepositoryRef::uri`], computed from the account and region the repository is in: good in
    /// other accounts, workflows and manifests, where nobody waits for the repository.
    #[must_use]
    pub fn uri_in(&self, environment: Environment) -> Value<String> {
        let suffix = environment.region.partition().dns_suffix();
        let host = format!(".dkr.ecr.{}.{suffix}/{}", environment.region, self.literal_name);
        text![environment.account.id(), host]
    }
}

impl Construct for EcrRepository {
    type Level = Template;
    type Output = EcrRepositoryRef;
    fn build(self, template: &mut Scope<'_>) -> EcrRepositoryRef {
        self.check(template);
        let name =
            self.name.clone().unwrap_or_else(|| default_name(template, &names::IMAGE_REPOSITORY));
        let scan = repository::ImageScanningConfiguration::new().scan_on_push(self.scan_on_push);
        let mutability = if self.immutable {
            repository::ImageTagMutability::IMMUTABLE
        } else {
            repository::ImageTagMutability::MUTABLE
        };
        let lifecycle = repository::LifecyclePolicy::new().lifecycle_policy_text(self.lifecycle());
        let mut resource = ecr::Repository::new()
            .repository_name(name.clone())
            .image_scanning_configuration(scan)
            .image_tag_mutability(mutability)
            .lifecycle_policy(lifecycle);
        if let Some(key) = self.key {
            let encryption =
                repository::EncryptionConfiguration::new(repository::EncryptionType::KMS);
            resource = resource.encryption_configuration(encryption.kms_key(key));
        }
        if !self.pull.is_empty() {
            resource = resource.repository_policy_text(pull_policy(&self.pull));
        }
        let resource = template.add("repository", resource);
        keep(&mut template[resource]);
        EcrRepositoryRef {
            literal_name: name,
            name: resource.name(),
            arn: resource.arn(),
            uri: resource.repository_uri(),
            resource,
        }
    }
}

impl EcrRepository {
    fn check(&self, template: &mut Scope<'_>) {
        let is_prefix = |tag: &Text| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            !tag.is_empty() && tag.len() <= 128 && tag.chars().all(plain)
        };
        let wrong: Vec<_> = self.protected_tags.iter().filter(|tag| !is_prefix(tag)).collect();
        if self.keep > 0 && self.untagged_days > 0 && wrong.is_empty() {
            return;
        }
        let message = format!(
            "`{}` keeps {} images, those without a tag for {} days, and protects {:?}",
            template.path(),
            self.keep,
            self.untagged_days,
            self.protected_tags
        );
        let location = template.location();
        template.report(
            Diagnostic::error(&ECR_LIFECYCLE, message, location)
                .allowed(
                    "at least 1 image and 1 day; beginnings of tags of 1 to 128 letters, digits, \
                     `.`, `_` and `-`",
                )
                .help("a protected tag is a beginning: `prod` stands for `prod-1.4.2` too"),
        );
    }

    /// An image that a rule is about is out of reach of the rules behind it: so a rule that never comes
    /// true protects.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html>
    fn lifecycle(&self) -> String {
        let mut rules = String::new();
        let mut rule = |about: &str, selection: &str| {
            let priority = rules.matches("rulePriority").count() + 1;
            let comma = if priority == 1 { "" } else { "," };
            let rule = write!(
                rules,
                r#"{comma}{{"rulePriority":{priority},"description":"{about}","selection":{{{selection}}},"action":{{"type":"expire"}}}}"#,
            );
            debug_assert!(rule.is_ok(), "text takes all that is written to it");
        };
        for tag in &self.protected_tags {
            let all = r#""countType":"imageCountMoreThan","countNumber":999999"#;
            let selection = format!(r#""tagStatus":"tagged","tagPrefixList":["{tag}"],{all}"#);
            rule(&format!("Keep {tag}"), &selection);
        }
        let days = self.untagged_days;
        let selection = format!(
            r#""tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":{days}"#,
        );
        rule("Clear what has no tag", &selection);
        let keep = self.keep;
        let selection =
            format!(r#""tagStatus":"any","countType":"imageCountMoreThan","countNumber":{keep}"#);
        rule("Keep the newest", &selection);
        format!(r#"{{"rules":[{rules}]}}"#)
    }
}

/// Source: <https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html>
fn pull_policy(pull: &[PullAccess]) -> PolicyDocument {
    let allow = || {
        Statement::allow(actions![
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:DescribeImages",
            "ecr:GetDownloadUrlForLayer"
        ])
    };
    let mut policy = PolicyDocument::new();
    let accounts: Vec<_> = pull
        .iter()
        .filter_map(|pull| match pull {
            PullAccess::Account(account) => Some(Principal::account(account.id())),
            PullAccess::Organization(_) => None,
        })
        .collect();
    if !accounts.is_empty() {
        policy.push(allow().principals(accounts));
    }
    for pull in pull {
        if let PullAccess::Organization(id) = pull {
            let members = allow().principal(Principal::any());
            policy.push(members.when(Operator::StringEquals, "aws:PrincipalOrgID", id));
        }
    }
    policy
}
