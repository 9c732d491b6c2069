//! Users, roles and providers of identities.

use accel_core::{
    actions,
    policy::{Operator, Probe, Statement},
};

use super::{OrganizationGuardrail, PLATFORM_ROLE};

impl OrganizationGuardrail {
    /// `iam.deny-users`: people and machines assume roles; there are no users, passwords and keys that
    /// last. Exempt who makes the users of SES or of a third party.
    #[must_use]
    pub fn iam_deny_users() -> Self {
        let deny = deny_on_all![
            "iam:CreateAccessKey",
            "iam:CreateLoginProfile",
            "iam:CreateUser",
            "iam:UpdateLoginProfile"
        ];
        Self::service_control("iam.deny-users", [deny])
            .intent("People and machines assume roles: no users, passwords and keys that last")
            .controls(["CIS5:1.11", "CIS5:1.13", "CIS5:1.20"])
            .shown_by(
                Probe::attack("A developer makes an access key", "iam:CreateAccessKey").on(USER),
                Probe::nearby("A developer makes a role", "iam:CreateRole").on(ROLE),
            )
    }

    /// `iam.deny-password-policy`: the password policy and the alias of an account are set centrally.
    #[must_use]
    pub fn iam_deny_password_policy() -> Self {
        let deny = deny_on_all![
            "iam:CreateAccountAlias",
            "iam:DeleteAccountAlias",
            "iam:DeleteAccountPasswordPolicy",
            "iam:UpdateAccountPasswordPolicy"
        ];
        let attack = "iam:DeleteAccountPasswordPolicy";
        Self::service_control("iam.deny-password-policy", [deny])
            .intent("The password policy and the alias of an account are set centrally")
            .controls(["CIS5:1.7", "CIS5:1.8"])
            .shown_by(
                Probe::attack("A developer drops the password policy", attack),
                Probe::nearby(
                    "A developer reads the password policy",
                    "iam:GetAccountPasswordPolicy",
                ),
            )
    }

    /// `iam.protect-platform-roles`: whichever roles are exempt from guardrails are made and changed by
    /// themselves alone; otherwise whoever may write their trust is exempt too.
    #[must_use]
    pub fn iam_protect_platform_roles() -> Self {
        let deny = Statement::deny(actions![
            "iam:AttachRolePolicy",
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePermissionsBoundary",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
            "iam:UpdateRoleDescription"
        ]);
        let trust = "iam:UpdateAssumeRolePolicy";
        Self::service_control("iam.protect-platform-roles", [deny])
            .on_platform_roles()
            .intent("The roles that are exempt from guardrails are changed by themselves alone")
            .shown_by(
                Probe::attack("A developer lets itself assume the platform's role", trust)
                    .on(PLATFORM_ROLE),
                Probe::nearby("A developer changes who assumes another role", trust).on(ROLE),
            )
    }

    /// `iam.deny-federation-changes`: who signs in from outside is decided centrally. The providers that
    /// EKS clusters have of their own are left alone.
    #[must_use]
    pub fn iam_deny_federation_changes() -> Self {
        let deny = Statement::deny(actions![
            "iam:CreateOpenIDConnectProvider",
            "iam:CreateSAMLProvider",
            "iam:DeleteOpenIDConnectProvider",
            "iam:DeleteSAMLProvider",
            "iam:UpdateOpenIDConnectProviderThumbprint",
            "iam:UpdateSAMLProvider"
        ]);
        let deny = deny.not_resources(["arn:*:iam::*:oidc-provider/oidc.eks.*"]);
        let provider = |name| format!("arn:aws:iam::111111111111:oidc-provider/{name}");
        let create = "iam:CreateOpenIDConnectProvider";
        Self::service_control("iam.deny-federation-changes", [deny])
            .intent("Which identity providers are trusted is decided centrally")
            .shown_by(
                Probe::attack("A developer trusts a provider of its own", create)
                    .on(provider("id.example.com")),
                Probe::nearby("A developer makes the provider of an EKS cluster", create)
                    .on(provider("oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE")),
            )
    }

    /// `iam.protect-sso`: what IAM Identity Center puts into accounts stays as it is, and no account has
    /// an instance of its own. Nobody is exempt, but Identity Center itself.
    #[must_use]
    pub fn iam_protect_sso() -> Self {
        let change = Statement::deny(actions![
            "iam:AttachRolePolicy",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:DeleteSAMLProvider",
            "iam:DetachRolePolicy",
            "iam:PutRolePolicy",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateSAMLProvider"
        ]);
        let change = change.resources([
            "arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*",
            "arn:*:iam::*:saml-provider/AWSSSO_*",
        ]);
        let provider = |name| format!("arn:aws:iam::111111111111:saml-provider/{name}");
        let update = "iam:UpdateSAMLProvider";
        Self::service_control("iam.protect-sso", [change, deny_on_all!["sso:CreateInstance"]])
            .without_exemptions()
            .intent("What IAM Identity Center puts into accounts stays as it is")
            .shown_by(
                Probe::attack("The platform's role replaces Identity Center", update)
                    .by(PLATFORM_ROLE)
                    .on(provider("AWSSSO_EXAMPLE_DO_NOT_DELETE")),
                Probe::nearby("The platform's role changes another provider", update)
                    .by(PLATFORM_ROLE)
                    .on(provider("partner")),
            )
            .probe(
                Probe::attack("A developer makes a directory of its own", "sso:CreateInstance")
                    .on("arn:aws:sso:::instance/*"),
            )
            .probe(
                Probe::exempt("Identity Center's own role does so", update)
                    .by("arn:aws:iam::111111111111:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO")
                    .on(provider("AWSSSO_EXAMPLE_DO_NOT_DELETE")),
            )
    }

    /// `iam.deny-service-specific-creds`: no passwords and keys for single services, except of users with
    /// the tag `ServiceSpecificCredentialAllowed`.
    #[must_use]
    pub fn iam_deny_service_specific_creds() -> Self {
        let tag = "iam:ResourceTag/ServiceSpecificCredentialAllowed";
        let create = "iam:CreateServiceSpecificCredential";
        let deny = deny_on_all!["iam:CreateServiceSpecificCredential"];
        let deny = deny.when(Operator::StringNotEquals, tag, "true");
        Self::service_control("iam.deny-service-specific-creds", [deny])
            .with_named_exemptions()
            .intent("No passwords and keys of users for single services")
            .shown_by(
                Probe::attack("A developer makes a password for Amazon Keyspaces", create).on(USER),
                Probe::nearby(
                    "A developer lists such passwords",
                    "iam:ListServiceSpecificCredentials",
                )
                .on(USER),
            )
            .probe(
                Probe::exempt("The user has the tag that allows it", create)
                    .on(USER)
                    .with(tag, "true"),
            )
    }

    /// `eks.protect-pod-identity-tags`: nobody gives a role or a user the tags by which EKS Pod Identity
    /// says which pod it is. Nobody is exempt.
    #[must_use]
    pub fn eks_protect_pod_identity_tags() -> Self {
        let tags = [
            "eks-cluster-arn",
            "eks-cluster-name",
            "kubernetes-namespace",
            "kubernetes-pod-name",
            "kubernetes-pod-uid",
            "kubernetes-service-account",
        ];
        let deny = deny_on_all!["iam:TagRole", "iam:TagUser"].when(
            Operator::StringEquals.for_any_value(),
            "aws:TagKeys",
            tags,
        );
        Self::service_control("eks.protect-pod-identity-tags", [deny])
            .without_exemptions()
            .intent("No role passes for a pod by its tags")
            .shown_by(
                Probe::attack("A developer gives a role the namespace of a pod", "iam:TagRole")
                    .on(ROLE)
                    .with("aws:TagKeys", ["kubernetes-namespace"]),
                Probe::nearby("A developer says who pays for a role", "iam:TagRole")
                    .on(ROLE)
                    .with("aws:TagKeys", ["cost-center"]),
            )
    }

    /// `ai.deny-bedrock-apikeys`: no keys of Amazon Bedrock that last. Nobody is exempt.
    #[must_use]
    pub fn ai_deny_bedrock_apikeys() -> Self {
        let key = "bedrock:BearerTokenType";
        let call = "bedrock:CallWithBearerToken";
        let deny = deny_on_all!["bedrock:CallWithBearerToken"];
        let deny = deny.when(Operator::StringEquals, key, "LONG_TERM");
        Self::service_control("ai.deny-bedrock-apikeys", [deny])
            .without_exemptions()
            .intent("Amazon Bedrock is called with roles, or with keys of hours")
            .shown_by(
                Probe::attack("A program calls with a key of months", call).with(key, "LONG_TERM"),
                Probe::nearby("A program calls with a key of hours", call).with(key, "SHORT_TERM"),
            )
    }
}

const ROLE: &str = "arn:aws:iam::111111111111:role/orders";
const USER: &str = "arn:aws:iam::111111111111:user/mailer";
