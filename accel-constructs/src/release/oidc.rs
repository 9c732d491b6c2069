use accel_cfn::iam;
use accel_core::{
    AccountRef, Attr, Construct, Diagnostic, IntoValue as _, Partition, PolicyDocument, Region,
    Scope, Template, Text, Value, actions,
    policy::{Operator, Principal, Statement},
    text,
};
use typed_builder::TypedBuilder;

use super::{ConfigureAwsCredentials, Repository, codes};

/// Whose tokens AWS is to trust: GitHub's, for workflows.
const ISSUER: &str = "token.actions.githubusercontent.com";

/// Lets an account trust the tokens of GitHub's workflows. An account has one, whatever the region:
/// it goes into one stack of the account. What a workflow may do with its token is said by each
/// [`GithubRole`].
///
/// Source: <https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws>
#[derive(Clone, Copy, Debug)]
pub struct GithubOidcProvider;

impl Construct for GithubOidcProvider {
    type Level = Template;
    type Output = GithubOidcProviderRef;

    fn build(self, scope: &mut Scope<'_>) -> GithubOidcProviderRef {
        let provider = iam::OidcProvider::new().url(format!("https://{ISSUER}"));
        let provider = provider.client_id_list([audience(partition_of(scope))]);
        let provider = scope.add("provider", provider);
        GithubOidcProviderRef { arn: Some(provider.arn()) }
    }
}

impl GithubOidcProvider {
    /// The provider of the account a role is in, wherever it was made.
    #[must_use]
    pub const fn existing() -> GithubOidcProviderRef {
        GithubOidcProviderRef { arn: None }
    }
}

/// A [`GithubOidcProvider`] of an account.
#[derive(Clone, Copy, Debug)]
pub struct GithubOidcProviderRef {
    arn: Option<Attr<iam::OidcProviderArn>>,
}

impl GithubOidcProviderRef {
    /// Its ARN, in the account where it is used.
    #[must_use]
    pub fn arn(self) -> Value<iam::OidcProviderArn> {
        match self.arn {
            Some(arn) => arn.into_value(),
            None => {
                let (partition, account) = (Value::own_partition(), Value::own_account());
                text!["arn:", partition, ":iam::", account, ":oidc-provider/", ISSUER].cast()
            }
        }
    }
}

/// Which runs of a repository a [`GithubRole`] trusts.
///
/// Source: <https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GithubSubject {
    /// Jobs that deploy to this environment, whose rules say who approves. The best choice.
    Environment(Text),
    /// Jobs without an environment, of runs for this branch.
    Branch(Text),
    /// Jobs without an environment, of runs for this tag.
    Tag(Text),
    /// Jobs without an environment, of runs for any pull request of a branch of the repository: they
    /// run what nobody has reviewed, so such a role only reads.
    PullRequest,
}

impl GithubSubject {
    /// See [`GithubSubject::Environment`].
    pub fn environment(name: impl Into<Text>) -> Self {
        Self::Environment(name.into())
    }

    /// See [`GithubSubject::Branch`].
    pub fn branch(name: impl Into<Text>) -> Self {
        Self::Branch(name.into())
    }

    /// See [`GithubSubject::Tag`].
    pub fn tag(name: impl Into<Text>) -> Self {
        Self::Tag(name.into())
    }

    fn claim(&self) -> String {
        match self {
            Self::Environment(name) => format!("environment:{name}"),
            Self::Branch(name) => format!("ref:refs/heads/{name}"),
            Self::Tag(name) => format!("ref:refs/tags/{name}"),
            Self::PullRequest => "pull_request".to_owned(),
        }
    }
}

/// A role that workflows of a repository assume, without a key that could be stolen.
///
/// It has a name, so that its ARN is known before it exists and can stand in a workflow:
/// [`GithubRoleRef::credentials`].
///
/// ```
/// use accel_core::{AccountRef, PolicyDocument, Region, Scope, Stack, actions};
/// use accel_core::policy::Statement;
/// use accel_constructs::release::{
///     GithubOidcProvider, GithubRole, GithubRoleRef, GithubSubject, Repository,
/// };
///
/// fn deployer(stack: &mut Scope<'_, Stack>, platform: &Repository) -> GithubRoleRef {
///     let provider = stack.add("github", GithubOidcProvider);
///     let sync = Statement::allow(actions!["s3:PutObject"]).resource("arn:aws:s3:::site/*");
///     stack.add(
///         "deployer",
///         GithubRole::builder()
///             .name("platform-deployer")
///             .provider(provider)
///             .repository(platform)
///             .trusts([GithubSubject::environment("prod")])
///             .policy(PolicyDocument::from([sync]))
///             .build(),
///     )
/// }
/// ```
#[derive(Clone, Debug, TypedBuilder)]
pub struct GithubRole {
    /// The name of the role, unique in the account.
    #[builder(setter(into))]
    name: Text,
    /// The provider of the account.
    provider: GithubOidcProviderRef,
    /// The repository. One that was made or renamed since 15 July 2026 needs its
    /// [numbers](Repository::ids).
    #[builder(setter(transform = |repository: &Repository| repository.clone()))]
    repository: Repository,
    /// Which of its runs: one of them is enough.
    #[builder(setter(transform = |subjects: impl IntoIterator<Item = GithubSubject>| {
        subjects.into_iter().collect::<Vec<_>>()
    }))]
    trusts: Vec<GithubSubject>,
    /// What the role may do.
    #[builder(default, setter(strip_option))]
    policy: Option<PolicyDocument>,
    /// Managed policies that say what else it may do.
    #[builder(default, setter(transform = |arns: impl IntoIterator<Item = Value<iam::ManagedPolicyArn>>| {
        arns.into_iter().collect::<Vec<_>>()
    }))]
    managed_policies: Vec<Value<iam::ManagedPolicyArn>>,
    /// The most that it may do, whatever its policies say.
    #[builder(default, setter(strip_option))]
    permissions_boundary: Option<Value<iam::ManagedPolicyArn>>,
    /// How long a session lasts at most, in seconds: 3,600 to 43,200.
    #[builder(default = 3600)]
    max_session_seconds: u32,
}

impl GithubRole {
    /// Only tokens that GitHub made for AWS, for exactly these runs.
    fn trust(&self, partition: Partition) -> PolicyDocument {
        let subjects = self.trusts.iter();
        let subjects = subjects.flat_map(|subject| self.repository.subjects(&subject.claim()));
        let statement = Statement::allow(actions!["sts:AssumeRoleWithWebIdentity"])
            .principal(Principal::federated(self.provider.arn()))
            .when(Operator::StringEquals, format!("{ISSUER}:aud"), audience(partition))
            .when(Operator::StringEquals, format!("{ISSUER}:sub"), subjects.collect::<Vec<_>>());
        PolicyDocument::from([statement])
    }
}

impl Construct for GithubRole {
    type Level = Template;
    type Output = GithubRoleRef;

    fn build(self, scope: &mut Scope<'_>) -> GithubRoleRef {
        if self.trusts.is_empty() {
            let message =
                format!("the role {:?} trusts no run of {}", self.name, self.repository.slug());
            scope.report(
                Diagnostic::error(&codes::ROLE_WITHOUT_SUBJECT, message, scope.location())
                    .allowed("environments, branches, tags, pull requests")
                    .help(".trusts([GithubSubject::environment(\"prod\")])"),
            );
        }
        let partition = partition_of(scope);
        let description = format!("For the workflows of {} on GitHub", self.repository.slug());
        let mut role = iam::Role::new(self.trust(partition))
            .role_name(&*self.name)
            .description(description)
            .max_session_duration(self.max_session_seconds);
        if let Some(policy) = &self.policy {
            role = role.policies([iam::role::Policy::new(policy, "allow")]);
        }
        if !self.managed_policies.is_empty() {
            role = role.managed_policy_arns(self.managed_policies);
        }
        if let Some(boundary) = self.permissions_boundary {
            role = role.permissions_boundary(boundary);
        }
        GithubRoleRef {
            role: scope.add("role", role),
            name: self.name,
            partition,
            repository: self.repository.slug().into(),
            trusts: self.trusts,
        }
    }
}

/// A placed [`GithubRole`].
#[derive(Clone, Debug)]
pub struct GithubRoleRef {
    role: iam::RoleRef,
    name: Text,
    partition: Partition,
    repository: Text,
    trusts: Vec<GithubSubject>,
}

impl GithubRoleRef {
    /// The resource.
    #[must_use]
    pub const fn role(&self) -> iam::RoleRef {
        self.role
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The repository whose runs it trusts, `owner/name`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// Which runs of the repository it trusts.
    #[must_use]
    pub fn trusts(&self) -> &[GithubSubject] {
        &self.trusts
    }

    /// Its ARN in `account`, made of its name: known before the role exists, wherever it is used.
    #[must_use]
    pub fn arn_in(&self, account: AccountRef) -> Value<iam::RoleArn> {
        let partition = self.partition.name();
        text!["arn:", partition, ":iam::", account.id(), ":role/", &*self.name].cast()
    }

    /// A step that assumes the role in `account`, and in no other one by mistake.
    #[track_caller]
    pub fn credentials(&self, account: AccountRef, region: Region) -> ConfigureAwsCredentials {
        let step = ConfigureAwsCredentials::new(region)
            .role_to_assume(self.arn_in(account))
            .allowed_account_ids([account.id()]);
        match self.partition {
            // What the action asks for unless told.
            Partition::Aws => step,
            partition => step.audience(audience(partition)),
        }
    }
}

/// The partition of the stack; the commercial one in a stack set, which does not know its own.
fn partition_of(scope: &Scope<'_>) -> Partition {
    let environment = scope.tree().environment(scope.node());
    environment.map_or(Partition::Aws, |environment| environment.region.partition())
}

/// What a token has to be made for: the partition's token service.
fn audience(partition: Partition) -> String {
    format!("sts.{}", partition.dns_suffix())
}
