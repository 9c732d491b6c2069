//! Guardrails that most organizations want. The ids are stable; what they deny follows the examples and
//! mandatory controls that AWS and others publish (aws-samples, MIT-0; Cloud Posse, Apache-2.0; AWS
//! Control Tower), in words of our own.

use accel_core::{
    IntoValue, Object, Prop, Region, Text, actions,
    policy::{Actions, Operator, Statement},
};

use super::OrganizationGuardrail;

/// Statements that deny actions on everything.
macro_rules! deny {
    ($($action:literal),+ $(,)?) => { Statement::deny(actions![$($action),+]).resource("*") };
}

impl OrganizationGuardrail {
    /// Those that suit nearly everybody and need no parameter but the regions in use.
    pub fn baseline(regions: impl IntoIterator<Item = Region>) -> Vec<Self> {
        vec![
            Self::org_deny_leave(),
            Self::org_deny_account_close_contact(),
            Self::root_deny_actions(),
            Self::root_deny_keys(),
            Self::iam_deny_users(),
            Self::iam_deny_password_policy(),
            Self::region_allow_list(regions),
            Self::region_deny_enable_disable(),
            Self::log_protect_cloudtrail("*"),
            Self::log_protect_flowlogs(),
            Self::sec_protect_config(),
            Self::sec_protect_guardduty(),
            Self::sec_protect_securityhub(),
            Self::sec_protect_access_analyzer(),
            Self::ebs_deny_disable_default_encryption(),
            Self::s3_protect_account_bpa(),
            Self::s3_require_tls(),
            Self::ec2_declarative_imds(),
        ]
    }

    /// `org.deny-leave`: no account leaves the organization by itself. Nobody is exempt.
    #[must_use]
    pub fn org_deny_leave() -> Self {
        let deny = deny!["organizations:LeaveOrganization"];
        Self::service_control("org.deny-leave", [deny]).without_exemptions()
    }

    /// `org.deny-account-close-contact`: accounts are closed, and their contacts changed, centrally.
    #[must_use]
    pub fn org_deny_account_close_contact() -> Self {
        let deny = deny![
            "account:CloseAccount",
            "account:DeleteAlternateContact",
            "account:PutAlternateContact",
            "account:PutContactInformation"
        ];
        Self::service_control("org.deny-account-close-contact", [deny])
    }

    /// `root.deny-actions`: root users do nothing, except in the sessions by which the organization
    /// manages them centrally. Nobody is exempt.
    #[must_use]
    pub fn root_deny_actions() -> Self {
        let deny = deny!["*"]
            .when(Operator::ArnLike, "aws:PrincipalArn", "arn:*:iam::*:root")
            .when(Operator::Null, "aws:AssumedRoot", true);
        Self::service_control("root.deny-actions", [deny]).without_exemptions()
    }

    /// `root.deny-keys`: root users get no access keys. Nobody is exempt.
    #[must_use]
    pub fn root_deny_keys() -> Self {
        let deny = Statement::deny(actions!["iam:CreateAccessKey"]).resource("arn:*:iam::*:root");
        Self::service_control("root.deny-keys", [deny]).without_exemptions()
    }

    /// `iam.deny-users`: people and machines assume roles; there are no users, passwords and keys that
    /// last. Exempt who makes the users of SES or of a third party.
    #[must_use]
    pub fn iam_deny_users() -> Self {
        let deny = deny![
            "iam:CreateAccessKey",
            "iam:CreateLoginProfile",
            "iam:CreateUser",
            "iam:UpdateLoginProfile"
        ];
        Self::service_control("iam.deny-users", [deny])
    }

    /// `iam.deny-password-policy`: the password policy and the alias of an account are set centrally.
    #[must_use]
    pub fn iam_deny_password_policy() -> Self {
        let deny = deny![
            "iam:CreateAccountAlias",
            "iam:DeleteAccountAlias",
            "iam:DeleteAccountPasswordPolicy",
            "iam:UpdateAccountPasswordPolicy"
        ];
        Self::service_control("iam.deny-password-policy", [deny])
    }

    /// `region.allow-list`: nothing outside of `regions`, except what is global and answers from one
    /// region for all.
    pub fn region_allow_list(regions: impl IntoIterator<Item = Region>) -> Self {
        let regions: Vec<String> = regions.into_iter().map(|region| region.to_string()).collect();
        let deny = Statement::deny(Actions::except(GLOBAL)).resource("*").when(
            Operator::StringNotEquals,
            "aws:RequestedRegion",
            regions,
        );
        Self::service_control("region.allow-list", [deny])
    }

    /// `region.deny-enable-disable`: which opt-in regions there are is decided centrally.
    #[must_use]
    pub fn region_deny_enable_disable() -> Self {
        let deny = deny!["account:DisableRegion", "account:EnableRegion"];
        Self::service_control("region.deny-enable-disable", [deny])
    }

    /// `log.protect-cloudtrail`: trails called like `name` are not stopped, changed or deleted.
    pub fn log_protect_cloudtrail(name: impl Into<Text>) -> Self {
        let name = name.into();
        let deny = Statement::deny(actions![
            "cloudtrail:DeleteTrail",
            "cloudtrail:PutEventSelectors",
            "cloudtrail:StopLogging",
            "cloudtrail:UpdateTrail"
        ]);
        let deny = deny.resource(format!("arn:*:cloudtrail:*:*:trail/{name}"));
        Self::service_control("log.protect-cloudtrail", [deny])
    }

    /// `log.protect-flowlogs`: flow logs are not deleted.
    #[must_use]
    pub fn log_protect_flowlogs() -> Self {
        Self::service_control("log.protect-flowlogs", [deny!["ec2:DeleteFlowLogs"]])
    }

    /// `sec.protect-config`: AWS Config goes on recording, and its rules stay.
    #[must_use]
    pub fn sec_protect_config() -> Self {
        let deny = deny![
            "config:DeleteConfigRule",
            "config:DeleteConfigurationAggregator",
            "config:DeleteConfigurationRecorder",
            "config:DeleteConformancePack",
            "config:DeleteDeliveryChannel",
            "config:DeleteRetentionConfiguration",
            "config:PutConfigurationRecorder",
            "config:PutDeliveryChannel",
            "config:PutRetentionConfiguration",
            "config:StopConfigurationRecorder"
        ];
        Self::service_control("sec.protect-config", [deny])
    }

    /// `sec.protect-guardduty`: Amazon GuardDuty is not switched off or left.
    #[must_use]
    pub fn sec_protect_guardduty() -> Self {
        let deny = deny![
            "guardduty:DeleteDetector",
            "guardduty:DeleteFilter",
            "guardduty:DeleteMembers",
            "guardduty:DeletePublishingDestination",
            "guardduty:DisassociateFromAdministratorAccount",
            "guardduty:DisassociateMembers",
            "guardduty:StopMonitoringMembers",
            "guardduty:UpdateDetector"
        ];
        Self::service_control("sec.protect-guardduty", [deny])
    }

    /// `sec.protect-securityhub`: AWS Security Hub is not switched off or left.
    #[must_use]
    pub fn sec_protect_securityhub() -> Self {
        let deny = deny![
            "securityhub:BatchDisableStandards",
            "securityhub:DeleteFindingAggregator",
            "securityhub:DeleteMembers",
            "securityhub:DisableSecurityHub",
            "securityhub:DisassociateFromAdministratorAccount",
            "securityhub:DisassociateMembers",
            "securityhub:UpdateStandardsControl"
        ];
        Self::service_control("sec.protect-securityhub", [deny])
    }

    /// `sec.protect-macie`: Amazon Macie is not switched off or left.
    #[must_use]
    pub fn sec_protect_macie() -> Self {
        let deny = deny![
            "macie2:DeleteMember",
            "macie2:DisableMacie",
            "macie2:DisassociateFromAdministratorAccount",
            "macie2:DisassociateMember",
            "macie2:UpdateMacieSession"
        ];
        Self::service_control("sec.protect-macie", [deny])
    }

    /// `sec.protect-inspector`: Amazon Inspector is not switched off or left.
    #[must_use]
    pub fn sec_protect_inspector() -> Self {
        let deny = deny![
            "inspector2:Disable",
            "inspector2:DisableDelegatedAdminAccount",
            "inspector2:DisassociateMember",
            "inspector2:UpdateOrganizationConfiguration"
        ];
        Self::service_control("sec.protect-inspector", [deny])
    }

    /// `sec.protect-access-analyzer`: analyzers stay, and what they find is not archived by a rule that
    /// somebody made for it.
    #[must_use]
    pub fn sec_protect_access_analyzer() -> Self {
        let deny = deny![
            "access-analyzer:CreateArchiveRule",
            "access-analyzer:DeleteAnalyzer",
            "access-analyzer:DeleteArchiveRule",
            "access-analyzer:UpdateArchiveRule"
        ];
        Self::service_control("sec.protect-access-analyzer", [deny])
    }

    /// `kms.deny-deletion`: keys are not deleted, nor the names they go by.
    #[must_use]
    pub fn kms_deny_deletion() -> Self {
        let deny = deny![
            "kms:DeleteAlias",
            "kms:DeleteCustomKeyStore",
            "kms:DeleteImportedKeyMaterial",
            "kms:ScheduleKeyDeletion"
        ];
        Self::service_control("kms.deny-deletion", [deny])
    }

    /// `ebs.deny-disable-default-encryption`: new disks stay encrypted.
    #[must_use]
    pub fn ebs_deny_disable_default_encryption() -> Self {
        let deny = deny!["ec2:DisableEbsEncryptionByDefault"];
        Self::service_control("ebs.deny-disable-default-encryption", [deny])
    }

    /// `s3.protect-account-bpa`: that no bucket of an account is public is not taken back.
    #[must_use]
    pub fn s3_protect_account_bpa() -> Self {
        let deny = deny!["s3:PutAccountPublicAccessBlock"];
        Self::service_control("s3.protect-account-bpa", [deny])
    }

    /// `ec2.require-imdsv2`: instances are started with tokens required for their metadata. Nobody is
    /// exempt.
    #[must_use]
    pub fn ec2_require_imdsv2() -> Self {
        let deny = Statement::deny(actions!["ec2:RunInstances"])
            .resource("arn:*:ec2:*:*:instance/*")
            .when(Operator::StringNotEquals, "ec2:MetadataHttpTokens", "required");
        Self::service_control("ec2.require-imdsv2", [deny]).without_exemptions()
    }

    /// `s3.require-tls`: no request without TLS to buckets, queues, secrets, keys and their like. Nobody
    /// is exempt.
    #[must_use]
    pub fn s3_require_tls() -> Self {
        let deny = Statement::deny(RESOURCE_CONTROL).resource("*").when(
            Operator::Bool.if_exists(),
            "aws:SecureTransport",
            false,
        );
        Self::resource_control("s3.require-tls", [deny]).without_exemptions()
    }

    /// `dp.confused-deputy`: services of AWS reach resources on behalf of accounts of this organization
    /// alone. The other conditions keep everybody else, and services without a source, out of it.
    pub fn dp_confused_deputy(organization_id: impl IntoValue<String>) -> Self {
        let deny = Statement::deny(RESOURCE_CONTROL)
            .resource("*")
            .when(
                Operator::StringNotEquals.if_exists(),
                "aws:SourceOrgID",
                organization_id.into_value(),
            )
            .when(Operator::Null, "aws:SourceAccount", false)
            .when(Operator::Bool, "aws:PrincipalIsAWSService", true);
        Self::resource_control("dp.confused-deputy", [deny]).without_exemptions()
    }

    /// `ec2.declarative-imds`: instances require tokens for their metadata unless they are started
    /// otherwise, which [`Self::ec2_require_imdsv2`] forbids.
    #[must_use]
    pub fn ec2_declarative_imds() -> Self {
        let defaults = [
            ("http_endpoint", assign("no_preference")),
            ("http_put_response_hop_limit", assign("2")),
            ("http_tokens", assign("required")),
            ("instance_metadata_tags", assign("no_preference")),
        ];
        let attribute = ("instance_metadata_defaults", Prop::object(defaults));
        Self::declarative_ec2("ec2.declarative-imds", [attribute].into_iter().collect())
    }

    /// `ec2.declarative-snapshot-bpa`: no snapshot of a disk is public.
    #[must_use]
    pub fn ec2_declarative_snapshot_bpa() -> Self {
        let state = Prop::object([("state", assign("block_all_sharing"))]);
        let attributes: Object = [("snapshot_block_public_access", state)].into_iter().collect();
        Self::declarative_ec2("ec2.declarative-snapshot-bpa", attributes)
    }
}

fn assign(value: &'static str) -> Prop {
    Prop::object([("@@assign", value)])
}

/// What is global, and so is asked of one region from all others.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html>
const GLOBAL: [accel_core::policy::Action; 30] = actions![
    "account:*",
    "acm:*",
    "artifact:*",
    "aws-portal:*",
    "billing:*",
    "budgets:*",
    "ce:*",
    "chatbot:*",
    "cloudfront:*",
    "cur:*",
    "directconnect:*",
    "ec2:DescribeRegions",
    "ec2:DescribeTransitGateways",
    "fms:*",
    "globalaccelerator:*",
    "health:*",
    "iam:*",
    "networkmanager:*",
    "organizations:*",
    "pricing:*",
    "route53:*",
    "route53domains:*",
    "s3:GetAccountPublicAccessBlock",
    "s3:ListAllMyBuckets",
    "shield:*",
    "sts:*",
    "support:*",
    "trustedadvisor:*",
    "waf:*",
    "wafv2:*"
];

/// The services whose resources resource control policies bind.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
const RESOURCE_CONTROL: [accel_core::policy::Action; 11] = actions![
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
    "sts:*"
];
