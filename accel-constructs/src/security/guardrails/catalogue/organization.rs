//! Accounts, their root users and their regions.

use accel_core::{
    Region, actions,
    policy::{Actions, Operator, Probe, ProbeKind, Statement},
};

use super::{ACCOUNT_ARN, GLOBAL, OrganizationGuardrail, PLATFORM_ROLE, ROOT};

impl OrganizationGuardrail {
    /// `org.deny-leave`: no account leaves the organization by itself. Nobody is exempt.
    #[must_use]
    pub fn org_deny_leave() -> Self {
        Self::service_control("org.deny-leave", [deny_on_all!["organizations:LeaveOrganization"]])
            .without_exemptions()
            .intent("No account leaves the organization by itself")
            .shown_by(
                Probe::attack(
                    "A developer takes the account out of the organization",
                    "organizations:LeaveOrganization",
                ),
                Probe::nearby(
                    "A developer asks which organization the account is in",
                    "organizations:DescribeOrganization",
                ),
            )
    }

    /// `org.deny-account-close-contact`: accounts are closed, and their contacts changed, centrally.
    #[must_use]
    pub fn org_deny_account_close_contact() -> Self {
        let deny = deny_on_all![
            "account:CloseAccount",
            "account:DeleteAlternateContact",
            "account:PutAlternateContact",
            "account:PutContactInformation"
        ];
        Self::service_control("org.deny-account-close-contact", [deny])
            .intent("Accounts are closed, and their contacts changed, centrally")
            .controls(["CIS5:1.1", "CIS5:1.2"])
            .shown_by(
                Probe::attack(
                    "A developer redirects what AWS tells of incidents",
                    "account:PutAlternateContact",
                )
                .on(ACCOUNT_ARN),
                Probe::nearby(
                    "A developer looks up whom AWS tells of incidents",
                    "account:GetAlternateContact",
                )
                .on(ACCOUNT_ARN),
            )
    }

    /// `root.deny-actions`: root users do nothing, except in the sessions by which the organization
    /// manages them centrally. Nobody is exempt.
    #[must_use]
    pub fn root_deny_actions() -> Self {
        let deny = deny_on_all!["*"]
            .when(Operator::ArnLike, "aws:PrincipalArn", "arn:*:iam::*:root")
            .when(Operator::Null, "aws:AssumedRoot", true);
        let unlock = "s3:DeleteBucketPolicy";
        Self::service_control("root.deny-actions", [deny])
            .without_exemptions()
            .intent("Root users of member accounts do nothing")
            .controls(["CIS5:1.3", "CIS5:1.6"])
            .shown_by(
                Probe::attack("The root user of a member deletes a bucket's policy", unlock)
                    .by(ROOT)
                    .on("arn:aws:s3:::orders"),
                Probe::nearby("A developer deletes a bucket's policy", unlock)
                    .on("arn:aws:s3:::orders"),
            )
            .probe(
                Probe::exempt("The organization does so in a session of the root user", unlock)
                    .by(ROOT)
                    .on("arn:aws:s3:::orders")
                    .with("aws:AssumedRoot", "true"),
            )
    }

    /// `root.deny-keys`: root users get no access keys. Nobody is exempt.
    #[must_use]
    pub fn root_deny_keys() -> Self {
        let deny = Statement::deny(actions!["iam:CreateAccessKey"]).resource("arn:*:iam::*:root");
        let attack =
            Probe::attack("The platform's role makes a key of a root user", "iam:CreateAccessKey")
                .by(PLATFORM_ROLE)
                .on(ROOT);
        let session = "A session of the root user may not either";
        Self::service_control("root.deny-keys", [deny])
            .without_exemptions()
            .intent("Root users have no access keys")
            .controls(["CIS5:1.3"])
            .probe(
                attack
                    .clone()
                    .retold(ProbeKind::NobodyExempt, session)
                    .by(ROOT)
                    .with("aws:AssumedRoot", "true"),
            )
            .shown_by(
                attack,
                Probe::nearby("The platform's role makes a key of a user", "iam:CreateAccessKey")
                    .by(PLATFORM_ROLE)
                    .on("arn:aws:iam::111111111111:user/mailer"),
            )
    }

    /// `region.allow-list`: nothing outside of `regions`, except what is global and answers from one
    /// region for all.
    pub fn region_allow_list(regions: impl IntoIterator<Item = Region>) -> Self {
        let regions: Vec<Region> = regions.into_iter().collect();
        let names: Vec<String> = regions.iter().map(ToString::to_string).collect();
        let outside = Region::all().iter().find(|region| !regions.contains(region));
        let outside = outside.map_or("us-west-1", |region| region.name());
        let inside = names.first().cloned().unwrap_or_default();
        let deny = Statement::deny(Actions::except(GLOBAL)).resource("*").when(
            Operator::StringNotEquals,
            "aws:RequestedRegion",
            names,
        );
        let topic = |region: &str| format!("arn:aws:sns:{region}:111111111111:orders");
        Self::service_control("region.allow-list", [deny])
            .intent("Nothing is done outside of the regions in use")
            .shown_by(
                Probe::attack("A developer makes a topic in another region", "sns:CreateTopic")
                    .on(topic(outside))
                    .with("aws:RequestedRegion", outside),
                Probe::nearby("A developer makes a topic in a region in use", "sns:CreateTopic")
                    .on(topic(&inside))
                    .with("aws:RequestedRegion", inside),
            )
            .probe(
                Probe::nearby("A developer lists roles, which are global", "iam:ListRoles")
                    .with("aws:RequestedRegion", "us-east-1"),
            )
    }

    /// `region.deny-enable-disable`: which opt-in regions there are is decided centrally.
    #[must_use]
    pub fn region_deny_enable_disable() -> Self {
        let deny = deny_on_all!["account:DisableRegion", "account:EnableRegion"];
        Self::service_control("region.deny-enable-disable", [deny])
            .intent("Which opt-in regions are on is decided centrally")
            .shown_by(
                Probe::attack("A developer switches a region on", "account:EnableRegion")
                    .on(ACCOUNT_ARN),
                Probe::nearby("A developer lists regions", "account:ListRegions").on(ACCOUNT_ARN),
            )
    }

    /// `quarantine`: nobody but the platform does anything. For the unit of accounts that are suspended,
    /// or not yet set up.
    #[must_use]
    pub fn quarantine() -> Self {
        Self::service_control("quarantine", [deny_on_all!["*"]])
            .intent("Nobody does anything in accounts that are suspended, or not yet set up")
            .shown_by(
                Probe::attack("A developer reads an object", "s3:GetObject")
                    .on("arn:aws:s3:::orders/1"),
                Probe::nearby("AWS Config goes on recording", "ec2:DescribeInstances")
                    .by("arn:aws:iam::111111111111:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"),
            )
    }
}
