//! Guardrails that most organizations want. The ids are stable; what they deny follows the examples and
//! mandatory controls that AWS and others publish (aws-samples, MIT-0; Cloud Posse, Apache-2.0; AWS
//! Control Tower), in words of our own.

use accel_core::{
    IntoValue, Region, Text, Value, actions,
    policy::{Action, Probe},
};
use typed_builder::TypedBuilder;

use super::{OrganizationGuardrail, guardrail::PLATFORM_ROLE};

/// A statement that denies actions on everything.
macro_rules! deny_on_all {
    ($($action:literal),+ $(,)?) => {
        accel_core::policy::Statement::deny(accel_core::actions![$($action),+]).resource("*")
    };
}

mod data;
mod declarative;
mod identity;
mod network;
mod organization;
mod perimeter;
mod platform;
mod services;

/// The catalogue of guardrails for one organization: what they need to know, and sets of them.
///
/// ```
/// use accel_constructs::{
///     foundation::{Organization, OrganizationScope},
///     security::{GuardrailCatalogue, Guardrails},
/// };
/// use accel_core::{Region, Scope};
///
/// fn protect(org: &mut Scope<'_, Organization>) {
///     let catalogue = GuardrailCatalogue::builder()
///         .regions([Region::EU_WEST_1, Region::US_EAST_1])
///         .organization_id(org.organization_id())
///         .github_organizations(["acme"])
///         .build();
///     let guardrails = Guardrails::builder()
///         .guardrails(catalogue.baseline())
///         .targets([org.root()])
///         .build();
///     org.add("guardrails", guardrails);
/// }
/// ```
///
/// Each guardrail can be had alone: `OrganizationGuardrail::org_deny_leave()`.
#[derive(Clone, Debug, TypedBuilder)]
pub struct GuardrailCatalogue {
    /// The regions in use.
    #[builder(setter(transform = |regions: impl IntoIterator<Item = Region>| {
        regions.into_iter().collect()
    }))]
    regions: Vec<Region>,
    /// The id of the organization: `org.organization_id()`.
    #[builder(setter(transform = |id: impl IntoValue<String>| id.into_value()))]
    organization_id: Value<String>,
    /// Accounts outside of the organization, by id, that reach what is in it: vendors, and the accounts
    /// by which load balancers write logs.
    #[builder(default, setter(transform = |ids: impl IntoIterator<Item = impl IntoValue<String>>| {
        ids.into_iter().map(IntoValue::into_value).collect()
    }))]
    partners: Vec<Value<String>>,
    /// The organizations at GitHub whose workflows assume roles. Without any, workflows are not looked at.
    #[builder(default, setter(transform = |names: impl IntoIterator<Item = impl Into<Text>>| {
        names.into_iter().map(Into::into).collect()
    }))]
    github_organizations: Vec<Text>,
    /// What the platform's alarms, rules, functions, topics and log groups are called, as patterns.
    #[builder(default = vec![Text::Static("accel-*")], setter(transform = |names: impl IntoIterator<Item = impl Into<Text>>| {
        names.into_iter().map(Into::into).collect()
    }))]
    platform_names: Vec<Text>,
    /// What the platform's stack sets are called, as patterns: `<app>-<ids>`.
    #[builder(default = vec![Text::Static("accel-*")], setter(transform = |names: impl IntoIterator<Item = impl Into<Text>>| {
        names.into_iter().map(Into::into).collect()
    }))]
    stack_sets: Vec<Text>,
    /// What the platform's parameters are called, as patterns without the slash in front.
    #[builder(default = vec![Text::Static("accel/*")], setter(transform = |names: impl IntoIterator<Item = impl Into<Text>>| {
        names.into_iter().map(Into::into).collect()
    }))]
    platform_parameters: Vec<Text>,
    /// What the buckets of the log archive are called, as patterns. Without any, they are not looked at.
    #[builder(default, setter(transform = |names: impl IntoIterator<Item = impl Into<Text>>| {
        names.into_iter().map(Into::into).collect()
    }))]
    log_archives: Vec<Text>,
    /// The ids of the accounts whose people administer security services for all others.
    #[builder(default, setter(transform = |ids: impl IntoIterator<Item = impl IntoValue<String>>| {
        ids.into_iter().map(IntoValue::into_value).collect()
    }))]
    security_accounts: Vec<Value<String>>,
    /// The ids of the accounts that connect networks to the internet and to each other.
    #[builder(default, setter(transform = |ids: impl IntoIterator<Item = impl IntoValue<String>>| {
        ids.into_iter().map(IntoValue::into_value).collect()
    }))]
    network_accounts: Vec<Value<String>>,
}

type It = OrganizationGuardrail;

impl GuardrailCatalogue {
    /// Those that suit nearly everybody.
    #[must_use]
    pub fn baseline(&self) -> Vec<OrganizationGuardrail> {
        let mut all = self.sandbox();
        all.extend([
            It::kms_min_deletion_window(30),
            It::net_deny_default_vpc(),
            It::ec2_deny_imds_downgrade(),
            It::eks_protect_pod_identity_tags(),
            It::dp_protect_tags(["dp:*"]),
            It::kms_deny_bypass_lockout(),
            It::s3_min_tls12(),
            It::s3_deny_ssec(),
        ]);
        if !self.github_organizations.is_empty() {
            all.push(It::dp_oidc_github(self.github_organizations.clone()));
        }
        all
    }

    /// Those of [`GuardrailCatalogue::baseline`], and all others of the catalogue that leave an account of
    /// use. Some change what accounts can do: nobody but the platform opens networks or deletes keys and
    /// backups, and strangers reach nothing. Some switch services on by policy, so leave out
    /// what a construct of the program sets already.
    #[must_use]
    pub fn regulated(&self) -> Vec<OrganizationGuardrail> {
        let id = || self.organization_id.clone();
        let mut all = self.baseline();
        all.extend([
            It::kms_deny_deletion(),
            It::backup_protect(),
            It::lambda_deny_public_url(),
            It::net_deny_public_connectivity().exempt_accounts(self.network_accounts.clone()),
            It::ec2_require_imdsv2(),
            It::dp_identity_perimeter(id(), self.partners.clone()),
            It::dp_oidc_deny_builtin(),
            It::ec2_declarative_snapshot_bpa(),
            It::s3_org_bpa(),
            It::sec_inspector_policy(self.regions.iter().copied()),
            It::sec_securityhub_policy(),
            It::tag_required("DataClass", DATA_CLASSES, ["rds:db", "s3:bucket"]),
        ]);
        all
    }

    /// Those for accounts in which people try things: what leaves the organization and what watches it is
    /// protected, and whatever is tried goes away as easily as it came.
    #[must_use]
    pub fn sandbox(&self) -> Vec<OrganizationGuardrail> {
        let (names, id) = (|| self.platform_names.clone(), || self.organization_id.clone());
        let watched = |guardrail: OrganizationGuardrail| {
            guardrail.exempt_accounts(self.security_accounts.clone())
        };
        let mut all = vec![
            It::org_deny_leave(),
            It::org_deny_account_close_contact(),
            It::root_deny_actions(),
            It::root_deny_keys(),
            It::iam_deny_users(),
            It::iam_deny_password_policy(),
            It::iam_protect_platform_roles(),
            It::iam_deny_federation_changes(),
            It::iam_protect_sso(),
            It::iam_deny_service_specific_creds(),
            It::region_allow_list(self.regions.iter().copied()),
            It::region_deny_enable_disable(),
            It::log_protect_cloudtrail("*"),
            It::log_protect_flowlogs(),
            It::log_protect_loggroups(names()),
            It::sec_protect_config(),
            watched(It::sec_protect_guardduty()),
            watched(It::sec_protect_securityhub()),
            watched(It::sec_protect_macie()),
            watched(It::sec_protect_inspector()),
            watched(It::sec_protect_access_analyzer()),
            It::sec_protect_alarms(names()),
            It::sec_protect_eventbridge(names()),
            It::sec_protect_lambda(names()),
            It::sec_protect_sns(names()),
            It::sec_protect_stacks(self.stack_sets.clone()),
            It::sec_protect_ssm_params(self.platform_parameters.clone()),
            It::ebs_deny_disable_default_encryption(),
            It::s3_protect_account_bpa(),
            It::dp_deny_ram_external(),
            It::dp_deny_public_share(),
            It::ai_deny_bedrock_apikeys(),
            It::s3_require_tls(),
            It::dp_confused_deputy(id(), self.partners.clone()),
            It::ec2_declarative_imds(),
            It::ec2_declarative_ami_bpa(),
            It::ec2_declarative_serial(),
            It::ai_opt_out(),
        ];
        if !self.log_archives.is_empty() {
            all.push(It::log_protect_archive_bucket(self.log_archives.clone()));
        }
        all
    }
}

/// What data is worth, from the least.
const DATA_CLASSES: [&str; 4] = ["public", "internal", "confidential", "restricted"];

const ACCOUNT_ARN: &str = "arn:aws:account::111111111111:account";
const ROOT: &str = "arn:aws:iam::111111111111:root";

/// Something in the account and a region of the probes.
fn arn(service: &str, name: &str) -> String {
    format!("arn:aws:{service}:{}:{}:{name}", Probe::REGION, Probe::ACCOUNT)
}

/// A name that is like `pattern`.
fn sample_name(pattern: &str) -> String {
    pattern.replace(['*', '?'], "x")
}

/// What is global, and so is asked of one region from all others.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html>
const GLOBAL: [Action; 30] = actions![
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
const RESOURCE_CONTROL: [Action; 11] = actions![
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
