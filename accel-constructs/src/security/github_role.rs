use accel_cfn::{
    iam,
    kinds::iam::{ManagedPolicyArn, OidcProviderArn, RoleArn},
};
use accel_core::{
    AccountRef, Construct, Diagnostic, IntoValue, Scope, Template, Text, Value, actions,
    policy::{Operator, Principal, Statement},
    text,
};
use typed_builder::TypedBuilder;

use super::{IamRole, IamRoleRef, codes::OPEN_GITHUB_ROLE};

/// What lets workflows of GitHub Actions assume roles of an account without a key: once per account, so
/// in one region of it.
///
/// Source: <https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws>
#[derive(Clone, Copy, Debug, Default)]
pub struct GithubIdentityProvider;

impl Construct for GithubIdentityProvider {
    type Level = Template;
    type Output = iam::OidcProviderRef;
    fn build(self, template: &mut Scope<'_>) -> iam::OidcProviderRef {
        let provider =
            iam::OidcProvider::new().url(format!("https://{ISSUER}")).client_id_list([AUDIENCE]);
        template.add("provider", provider)
    }
}

/// A role that jobs of one repository assume, as far as they run in the environment, on the branch or
/// for the reason that its subjects say.
///
/// ```
/// use accel_constructs::security::{GithubIdentityProvider, GithubRole, aws_managed_policy};
/// use accel_core::Scope;
///
/// fn delivery(template: &mut Scope<'_>) {
///     template.add("github", GithubIdentityProvider);
///     let role = GithubRole::builder()
///         .name("deploy")
///         .subjects(["repo:example/platform:environment:prod"])
///         .managed_policies([aws_managed_policy("ReadOnlyAccess")]);
///     template.add("deploy", role.build());
/// }
/// ```
///
/// Source: <https://docs.github.com/en/actions/reference/security/oidc>
#[derive(Clone, Debug, TypedBuilder)]
pub struct GithubRole {
    /// The name, by which workflows call it.
    #[builder(setter(into))]
    name: Text,
    /// Who may assume it, as tokens say: `repo:owner/name:environment:prod` and the like, whole.
    /// `Repository::subjects` gives the forms that a repository uses.
    #[builder(setter(transform = |subjects: impl IntoIterator<Item = impl Into<Text>>| {
        subjects.into_iter().map(Into::into).collect()
    }))]
    subjects: Vec<Text>,
    /// Managed policies, by ARN.
    #[builder(default, setter(transform = |arns: impl IntoIterator<Item = impl IntoValue<ManagedPolicyArn>>| {
        arns.into_iter().map(IntoValue::into_value).collect()
    }))]
    managed_policies: Vec<Value<ManagedPolicyArn>>,
    /// What it may do besides.
    #[builder(default, setter(transform = |statements: impl IntoIterator<Item = Statement>| {
        statements.into_iter().collect()
    }))]
    statements: Vec<Statement>,
    /// The account's [`GithubIdentityProvider`]; the one it has, whoever made it, if not said.
    #[builder(default, setter(transform = |arn: impl IntoValue<OidcProviderArn>| Some(arn.into_value())))]
    provider: Option<Value<OidcProviderArn>>,
}

impl GithubRole {
    /// The ARN of the role called `name` in `account`: what a workflow of another place says, without
    /// waiting for the role.
    pub fn arn(account: AccountRef, name: &str) -> Value<RoleArn> {
        let name = format!(":role/{name}");
        text!["arn:", Value::own_partition(), ":iam::", account.id(), name].cast()
    }
}

impl Construct for GithubRole {
    type Level = Template;
    type Output = IamRoleRef;
    fn build(self, template: &mut Scope<'_>) -> IamRoleRef {
        if let Some(open) = self.subjects.iter().find(|subject| subject.contains(['*', '?'])) {
            let path = template.path();
            let message = format!("`{path}` lets in every subject that looks like {open:?}");
            let diagnostic = Diagnostic::error(&OPEN_GITHUB_ROLE, message, template.location())
                .allowed("whole subjects: `repo:owner/name:environment:prod`")
                .help("name each environment or branch; they are compared as they are");
            template.report(diagnostic);
        }
        let provider = self.provider.unwrap_or_else(|| {
            let provider = format!(":oidc-provider/{ISSUER}");
            let arn =
                text!["arn:", Value::own_partition(), ":iam::", Value::own_account(), provider];
            arn.cast()
        });
        let trust = Statement::allow(actions!["sts:AssumeRoleWithWebIdentity"])
            .principal(Principal::federated(provider))
            .when(Operator::StringEquals, format!("{ISSUER}:aud"), AUDIENCE)
            .when(Operator::StringEquals, format!("{ISSUER}:sub"), self.subjects);
        let role = IamRole::builder()
            .name(self.name)
            .trust_statements([trust])
            .managed_policies(self.managed_policies)
            .statements(self.statements)
            .build();
        role.build(template)
    }
}

const ISSUER: &str = "token.actions.githubusercontent.com";
const AUDIENCE: &str = "sts.amazonaws.com";
