use accel_core::{Construct, PolicyDocument, Scope, Template, Text, actions, policy::Statement};
use typed_builder::TypedBuilder;

use crate::{
    release::{
        GithubOidcProvider, GithubOidcProviderRef, GithubRole, GithubRoleRef, GithubSubject,
        Repository,
    },
    security::aws_managed_policy,
};

/// How the workflows of the repository that this program is in get into an account: GitHub's tokens are
/// trusted, for a role that looks and for a role that changes.
///
/// It lives in a template, so that a stack set brings it to all accounts; see
/// [`EveryAccount`](super::EveryAccount). Roles are the account's, not the region's: give it one region.
///
/// ```
/// use accel_constructs::{
///     foundation::{EveryAccount, GithubAccess, Organization},
///     release::{GithubSubject, Repository},
/// };
/// use accel_core::Scope;
///
/// fn machines(org: &mut Scope<'_, Organization>, infra: &Repository) {
///     let access = GithubAccess::builder()
///         .repository(infra)
///         .apply_trusts([GithubSubject::environment("production")])
///         .build();
///     let roles = org.add("github", EveryAccount::builder().construct(access).build());
///     // In the workflow: roles.in_members.plan.credentials(account, region)
/// }
/// ```
///
/// The roles have the same names in all accounts, so each one's ARN is known before it exists
/// ([`GithubRoleRef::arn_in`]). Both forms of GitHub's subjects are trusted where the repository has its
/// [numbers](Repository::ids).
///
/// Source: <https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws>
#[derive(Clone, Debug, TypedBuilder)]
pub struct GithubAccess {
    /// The repository.
    #[builder(setter(transform = |repository: &Repository| repository.clone()))]
    repository: Repository,
    /// Which runs may look. By default those of pull requests, which run what nobody has reviewed, and of
    /// the branch `main`: so the role reads what is configured, and none of the data.
    #[builder(default = vec![GithubSubject::PullRequest, GithubSubject::branch("main")], setter(transform = |subjects: impl IntoIterator<Item = GithubSubject>| {
        subjects.into_iter().collect::<Vec<_>>()
    }))]
    plan_trusts: Vec<GithubSubject>,
    /// Which runs may change what they like: those of an environment that somebody approves.
    #[builder(setter(transform = |subjects: impl IntoIterator<Item = GithubSubject>| {
        subjects.into_iter().collect::<Vec<_>>()
    }))]
    apply_trusts: Vec<GithubSubject>,
    /// The name of the role that looks.
    #[builder(default = Text::Static("github-plan"), setter(into))]
    plan_name: Text,
    /// The name of the role that changes.
    #[builder(default = Text::Static("github-apply"), setter(into))]
    apply_name: Text,
    /// The managed policies of the role that changes, by name.
    #[builder(default = vec![Text::Static("AdministratorAccess")], setter(transform = |names: impl IntoIterator<Item = impl Into<Text>>| {
        names.into_iter().map(Into::into).collect::<Vec<_>>()
    }))]
    apply_policies: Vec<Text>,
    /// Whether the accounts get GitHub as an identity provider; not where they have it already.
    #[builder(default = true)]
    provider: bool,
}

/// What a [`GithubAccess`] gives back.
#[derive(Clone, Debug)]
pub struct GithubAccessRef {
    /// The provider, for further roles of the account.
    pub provider: GithubOidcProviderRef,
    /// The role that looks.
    pub plan: GithubRoleRef,
    /// The role that changes.
    pub apply: GithubRoleRef,
}

impl Construct for GithubAccess {
    type Level = Template;
    type Output = GithubAccessRef;
    fn build(self, template: &mut Scope<'_>) -> GithubAccessRef {
        let provider = match self.provider {
            true => template.add("provider", GithubOidcProvider),
            false => GithubOidcProvider::existing(),
        };
        let plan = GithubRole::builder()
            .name(self.plan_name)
            .provider(provider)
            .repository(&self.repository)
            .trusts(self.plan_trusts)
            .policy(PolicyDocument::from([look()]))
            .managed_policies(
                ["SecurityAudit", "job-function/ViewOnlyAccess"].map(aws_managed_policy),
            )
            .build();
        let plan = template.add("plan", plan);
        let apply = GithubRole::builder()
            .name(self.apply_name)
            .provider(provider)
            .repository(&self.repository)
            .trusts(self.apply_trusts)
            .managed_policies(self.apply_policies.iter().map(|name| aws_managed_policy(name)))
            .build();
        let apply = template.add("apply", apply);
        GithubAccessRef { provider, plan, apply }
    }
}

/// What a plan sees of stacks and of the organization besides what auditors do: templates, drift, policies.
pub(super) fn look() -> Statement {
    let actions = actions![
        "cloudformation:Describe*",
        "cloudformation:Detect*",
        "cloudformation:Get*",
        "cloudformation:List*",
        "organizations:Describe*",
        "organizations:List*"
    ];
    Statement::allow(actions).sid("LooksAtDeployments").resource("*")
}
