//! What may be done to resources, whoever asks: guardrails of resource control policies.

use accel_core::{
    IntoValue, Prop, Text, Value, actions,
    policy::{Operator, Probe, ProbeKind, Statement},
};

use super::{OrganizationGuardrail, RESOURCE_CONTROL, arn};

impl OrganizationGuardrail {
    /// `s3.require-tls`: no request without TLS to buckets, queues, secrets, keys and their like. Nobody
    /// is exempt.
    #[must_use]
    pub fn s3_require_tls() -> Self {
        let key = "aws:SecureTransport";
        let deny = Statement::deny(RESOURCE_CONTROL).resource("*");
        Self::resource_control(
            "s3.require-tls",
            [deny.when(Operator::Bool.if_exists(), key, false)],
        )
        .without_exemptions()
        .intent("Nobody reads along what is stored or fetched")
        .controls(["CIS5:2.1.1", "FSBP:S3.5"])
        .shown_by(
            read(Probe::attack("A developer reads an object without TLS", READ)).with(key, "false"),
            read(Probe::nearby("A developer reads an object with TLS", READ)).with(key, "true"),
        )
    }

    /// `s3.min-tls12`: no request to buckets with TLS before 1.2. Exempt old clients by name.
    #[must_use]
    pub fn s3_min_tls12() -> Self {
        let key = "s3:TlsVersion";
        let deny = Statement::deny(actions!["s3:*"]).resource("*");
        Self::resource_control("s3.min-tls12", [deny.when(Operator::NumericLessThan, key, "1.2")])
            .with_named_exemptions()
            .intent("Buckets are asked with a version of TLS that holds")
            .shown_by(
                read(Probe::attack("A developer reads with TLS 1.1", READ)).with(key, "1.1"),
                read(Probe::nearby("A developer reads with TLS 1.2", READ)).with(key, "1.2"),
            )
    }

    /// `s3.deny-ssec`: nobody encrypts objects with a key that only they have, which is how data is held
    /// to ransom. Exempt by name who needs it.
    #[must_use]
    pub fn s3_deny_ssec() -> Self {
        let key = "s3:x-amz-server-side-encryption-customer-algorithm";
        let write = "s3:PutObject";
        let deny = Statement::deny(actions!["s3:PutObject"]).resource("*");
        Self::resource_control("s3.deny-ssec", [deny.when(Operator::Null, key, false)])
            .with_named_exemptions()
            .intent("No object is encrypted with a key that only somebody has")
            .shown_by(
                read(Probe::attack("A thief writes with a key of its own", write))
                    .with(key, "AES256"),
                read(Probe::nearby("A developer writes with a key of AWS KMS", write))
                    .with("s3:x-amz-server-side-encryption", "aws:kms"),
            )
    }

    /// `kms.deny-bypass-lockout`: nobody sets a policy of a key that locks its account out. Nobody is
    /// exempt.
    #[must_use]
    pub fn kms_deny_bypass_lockout() -> Self {
        let key = "kms:BypassPolicyLockoutSafetyCheck";
        let put = "kms:PutKeyPolicy";
        let deny = Statement::deny(actions!["kms:CreateKey", "kms:PutKeyPolicy"]).resource("*");
        let about = |probe: Probe, value: &str| probe.on(arn("kms", "key/1")).with(key, value);
        Self::resource_control("kms.deny-bypass-lockout", [deny.when(Operator::Bool, key, true)])
            .without_exemptions()
            .intent("No key is out of reach of its own account")
            .shown_by(
                about(Probe::attack("A developer skips the check of AWS KMS", put), "true"),
                about(Probe::nearby("A developer changes a key's policy", put), "false"),
            )
    }

    /// `dp.identity-perimeter`: nobody outside of the organization reaches its resources, but `partners`
    /// (the ids of their accounts: vendors, and the accounts by which load balancers write logs), and
    /// what has the tag `dp:exclude:identity`.
    pub fn dp_identity_perimeter(
        organization_id: impl IntoValue<String>,
        partners: impl IntoIterator<Item = impl IntoValue<String>>,
    ) -> Self {
        let organization = organization_id.into_value();
        let tag = "aws:ResourceTag/dp:exclude:identity";
        let others = || Operator::StringNotEquals.if_exists();
        let mut deny = Statement::deny(actions![
            "aoss:*",
            "cognito-identity:*",
            "cognito-idp:*",
            "dynamodb:*",
            "ecr:*",
            "kms:*",
            "logs:*",
            "s3:*",
            "secretsmanager:*",
            "sqs:*",
            "sts:AssumeRole",
            "sts:SetContext",
            "sts:SetSourceIdentity",
            "sts:TagSession"
        ])
        .resource("*")
        .when(others(), "aws:PrincipalOrgID", organization.clone())
        .when(others(), tag, "true")
        .when(Operator::Bool.if_exists(), "aws:PrincipalIsAWSService", false);
        let partners = ids(partners);
        let partner = partners.first().and_then(literal);
        if !partners.is_empty() {
            deny = deny.when(others(), "aws:PrincipalAccount", partners);
        }
        let stranger = |probe: Probe, account: &str| {
            let role = format!("arn:aws:iam::{account}:role/reader");
            read(probe).by(role).with("aws:PrincipalOrgID", STRANGERS)
        };
        let known = partner
            .map(|account| stranger(Probe::exempt("A partner reads an object", READ), &account));
        let tagged =
            stranger(Probe::exempt("A stranger reads what is for it, by its tag", READ), STRANGER);
        let guardrail = Self::resource_control("dp.identity-perimeter", [deny])
            .with_named_exemptions()
            .intent("Nobody outside of the organization reaches its resources")
            .shown_by(
                stranger(Probe::attack("A stranger reads an object", READ), STRANGER),
                read(Probe::nearby("A developer reads an object", READ))
                    .with("aws:PrincipalOrgID", organization),
            )
            .probe(
                read(Probe::nearby("A service of AWS writes a log", "s3:PutObject"))
                    .by("delivery.logs.amazonaws.com"),
            )
            .probe(tagged.with(tag, "true"));
        known.into_iter().fold(guardrail, Self::probe)
    }

    /// `dp.confused-deputy`: services of AWS reach resources on behalf of accounts of this organization
    /// alone, and of `partners`, the ids of accounts outside. The other conditions keep everybody else,
    /// and services without a source, out of it.
    pub fn dp_confused_deputy(
        organization_id: impl IntoValue<String>,
        partners: impl IntoIterator<Item = impl IntoValue<String>>,
    ) -> Self {
        let organization = organization_id.into_value();
        let others = || Operator::StringNotEquals.if_exists();
        let mut deny = Statement::deny(RESOURCE_CONTROL)
            .resource("*")
            .when(others(), "aws:SourceOrgID", organization.clone())
            .when(Operator::Null, "aws:SourceAccount", false)
            .when(Operator::Bool, "aws:PrincipalIsAWSService", true);
        let partners = ids(partners);
        let partner = partners.first().and_then(literal);
        if !partners.is_empty() {
            deny = deny.when(others(), "aws:SourceAccount", partners);
        }
        let deputy = |probe: Probe, account: &str| {
            read(probe).by("cloudtrail.amazonaws.com").with("aws:SourceAccount", account)
        };
        let write = "s3:PutObject";
        let known = partner.map(|account| {
            deputy(Probe::exempt("AWS CloudTrail writes for a partner", write), &account)
                .with("aws:SourceOrgID", STRANGERS)
        });
        let unknown = read(Probe::exempt("A service that names no source writes", write));
        let guardrail = Self::resource_control("dp.confused-deputy", [deny])
            .without_exemptions()
            .intent("Services of AWS act for accounts of this organization alone")
            .shown_by(
                deputy(Probe::attack("AWS CloudTrail writes for a stranger", write), STRANGER)
                    .with("aws:SourceOrgID", STRANGERS),
                deputy(Probe::nearby("AWS CloudTrail writes for us", write), Probe::ACCOUNT)
                    .with("aws:SourceOrgID", organization),
            )
            .probe(read(Probe::nearby("A developer reads an object", READ)))
            .probe(unknown.by("delivery.logs.amazonaws.com"));
        known.into_iter().fold(guardrail, Self::probe)
    }

    /// `dp.oidc-github`: of GitHub's workflows, those of these organizations alone assume roles. Nobody
    /// else is exempt.
    pub fn dp_oidc_github(organizations: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        let key = "token.actions.githubusercontent.com:sub";
        let organizations: Vec<Text> = organizations.into_iter().map(Into::into).collect();
        // With and without the numbers that GitHub adds to its subjects.
        let subjects = organizations
            .iter()
            .flat_map(|name| [format!("repo:{name}/*"), format!("repo:{name}@*/*")])
            .collect::<Vec<_>>();
        let deny = Statement::deny(actions!["sts:AssumeRoleWithWebIdentity"])
            .resource("*")
            .when(Operator::StringNotLike.if_exists(), key, subjects)
            .when(Operator::Null, key, false);
        let own = organizations.first().map_or("", |name| name.as_str());
        let run = |probe: Probe, subject: String| assume(probe).by(GITHUB).with(key, subject);
        let attack = "A workflow of a stranger assumes a role";
        let release = "A workflow of a stranger, in an environment, may not either";
        Self::resource_control("dp.oidc-github", [deny])
            .without_exemptions()
            .intent("Workflows of our own organizations at GitHub assume roles, and no others")
            .shown_by(
                run(Probe::attack(attack, ASSUME), "repo:stranger/app:ref:refs/heads/main".into()),
                run(
                    Probe::nearby("A workflow of ours assumes a role", ASSUME),
                    format!("repo:{own}/app:ref:refs/heads/main"),
                ),
            )
            .probe(assume(Probe::nearby("A pod of EKS assumes a role", ASSUME)).by(EKS))
            .probe(
                run(
                    Probe::attack(attack, ASSUME),
                    "repo:stranger/app:environment:production".into(),
                )
                .retold(ProbeKind::NobodyExempt, release),
            )
    }

    /// `dp.oidc-deny-builtin`: nobody assumes a role as a user of Amazon, Cognito, Facebook or Google.
    /// Attach it where no application has an identity pool. Nobody is exempt.
    #[must_use]
    pub fn dp_oidc_deny_builtin() -> Self {
        let key = "aws:FederatedProvider";
        let providers = [
            "accounts.google.com",
            "cognito-identity.amazonaws.com",
            "graph.facebook.com",
            "www.amazon.com",
        ];
        let deny = Statement::deny(actions!["sts:AssumeRoleWithWebIdentity"]).resource("*").when(
            Operator::StringEquals,
            key,
            providers,
        );
        let user =
            |probe: Probe, provider: &'static str| assume(probe).by(provider).with(key, provider);
        let attack = Probe::attack("A user of Google assumes a role", ASSUME);
        let another = "A user of Amazon may not either";
        Self::resource_control("dp.oidc-deny-builtin", [deny])
            .without_exemptions()
            .intent("Nobody assumes a role as a user of a public provider")
            .shown_by(
                user(attack.clone(), "accounts.google.com"),
                user(Probe::nearby("A pod of EKS assumes a role", ASSUME), EKS),
            )
            .probe(user(attack, "www.amazon.com").retold(ProbeKind::NobodyExempt, another))
    }
}

const READ: &str = "s3:GetObject";
const ASSUME: &str = "sts:AssumeRoleWithWebIdentity";
const GITHUB: &str = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";
const EKS: &str =
    "arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE";

/// An account that is not ours, and its organization.
const STRANGER: &str = "999999999999";
const STRANGERS: &str = "o-stranger99";

fn read(probe: Probe) -> Probe {
    probe.on("arn:aws:s3:::orders/1")
}

fn assume(probe: Probe) -> Probe {
    probe.on("arn:aws:iam::111111111111:role/orders")
}

fn ids(accounts: impl IntoIterator<Item = impl IntoValue<String>>) -> Vec<Value<String>> {
    accounts.into_iter().map(IntoValue::into_value).collect()
}

fn literal(value: &Value<String>) -> Option<String> {
    Prop::from(value.clone()).as_str().map(str::to_owned)
}
