//! Rows of one account: what it has once, or once a region.

use accel_core::{AccountRef, Email, Environment, Prop, Protocol, Read, Region, Text};
use typed_builder::TypedBuilder;

use super::{Api, Kind, OrganizationStep, Place, read, rest};

const IAM: Api = Api { service: "iam", protocol: Protocol::Query { version: "2010-05-08" } };
const EC2: Api = Api { service: "ec2", protocol: Protocol::Query { version: "2016-11-15" } };
const SSM: Api = Api { service: "ssm", protocol: Protocol::Json { target: "AmazonSSM" } };

/// What passwords of IAM users must be like. The defaults satisfy the CIS AWS Foundations Benchmark
/// (14 characters, no reuse of the last 24) and rotate twice a year.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct PasswordPolicy {
    /// 6 to 128 characters.
    #[builder(default = 14)]
    minimum_length: u8,
    /// Whether small and capital letters, digits and symbols must all be among them.
    #[builder(default = true)]
    all_kinds_of_characters: bool,
    /// How many of the last passwords may not be used again: 1 to 24.
    #[builder(default = 24)]
    reuse_prevention: u8,
    /// After how many days a password expires, 1 to 1,095.
    #[builder(default = 190)]
    maximum_age_days: u16,
}

/// Whom AWS writes to about an account, besides its root user.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct AlternateContact {
    /// What about.
    kind: ContactKind,
    /// Who: 1 to 64 characters.
    #[builder(setter(into))]
    name: Text,
    /// As what: 1 to 50 characters.
    #[builder(setter(into))]
    title: Text,
    /// The address.
    email: Email,
    /// Digits, spaces and `+-()`, at most 25 of them.
    #[builder(setter(into))]
    phone: Text,
}

/// What an [`AlternateContact`] is written to about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactKind {
    /// Invoices.
    Billing,
    /// Changes and outages.
    Operations,
    /// Abuse and incidents.
    Security,
}

impl ContactKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Billing => "BILLING",
            Self::Operations => "OPERATIONS",
            Self::Security => "SECURITY",
        }
    }
}

impl OrganizationStep {
    /// What passwords of IAM users of `account` must be like.
    #[must_use]
    pub fn password_policy(account: AccountRef, policy: &PasswordPolicy) -> Self {
        let kinds = || Prop::from(policy.all_kinds_of_characters);
        let settings = || {
            [
                ("MaxPasswordAge", policy.maximum_age_days.into()),
                ("MinimumPasswordLength", policy.minimum_length.into()),
                ("PasswordReusePrevention", policy.reuse_prevention.into()),
                ("RequireLowercaseCharacters", kinds()),
                ("RequireNumbers", kinds()),
                ("RequireSymbols", kinds()),
                ("RequireUppercaseCharacters", kinds()),
                ("AllowUsersToChangePassword", true.into()),
            ]
        };
        let get = IAM.call("GetAccountPasswordPolicy", []);
        let read = Read { absent: &["NoSuchEntity"], ..read(get, "/PasswordPolicy", settings()) };
        let call = IAM.call("UpdateAccountPasswordPolicy", settings());
        Self::new(Kind::PasswordPolicy, Place::Account(account), call, read)
            .inverse(IAM.call("DeleteAccountPasswordPolicy", []))
    }

    /// The name in the address of `account`'s sign-in page: unique in AWS, 3 to 63 small letters,
    /// digits and hyphens.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html>
    #[must_use]
    pub fn account_alias(account: AccountRef, alias: &str) -> Self {
        let request = || [("AccountAlias", alias.into())];
        let list = IAM.call("ListAccountAliases", []);
        let read = read(list, "/AccountAliases/*", [("", alias.into())]);
        let call = IAM.call("CreateAccountAlias", request());
        Self::new(Kind::AccountAlias, Place::Account(account), call, read)
            .inverse(IAM.call("DeleteAccountAlias", request()))
    }

    /// Lets the organization take away and reset the credentials of root users of its accounts.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOrganizationsRootCredentialsManagement.html>
    #[must_use]
    pub fn root_credentials_management() -> Self {
        Self::root_feature(
            Kind::RootCredentialsManagement,
            "RootCredentialsManagement",
            "EnableOrganizationsRootCredentialsManagement",
            "DisableOrganizationsRootCredentialsManagement",
        )
    }

    /// Lets the organization do in its accounts what only root users can.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOrganizationsRootSessions.html>
    #[must_use]
    pub fn root_sessions() -> Self {
        Self::root_feature(
            Kind::RootSessions,
            "RootSessions",
            "EnableOrganizationsRootSessions",
            "DisableOrganizationsRootSessions",
        )
    }

    fn root_feature(
        kind: Kind,
        feature: &'static str,
        enable: &'static str,
        disable: &'static str,
    ) -> Self {
        let list = IAM.call("ListOrganizationsFeatures", []);
        let read = read(list, "/EnabledFeatures/*", [("", feature.into())]);
        Self::new(kind, Place::Home, IAM.call(enable, []), read)
            .inverse(IAM.call(disable, []))
            .trusted("iam.amazonaws.com")
    }

    /// New volumes are encrypted, in one region of an account.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableEbsEncryptionByDefault.html>
    #[must_use]
    pub fn ebs_encryption(environment: Environment) -> Self {
        let get = EC2.call("GetEbsEncryptionByDefault", []);
        let read = read(get, "", [("ebsEncryptionByDefault", true.into())]);
        let call = EC2.call("EnableEbsEncryptionByDefault", []);
        Self::new(Kind::EbsEncryption, Place::Region(environment), call, read)
            .inverse(EC2.call("DisableEbsEncryptionByDefault", []))
    }

    /// No bucket of `account` is public, whatever its own settings are.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html>
    #[must_use]
    pub fn s3_public_access_block(account: AccountRef) -> Self {
        let api = |method| Api {
            service: "s3-control",
            protocol: Protocol::RestXml {
                method,
                path: "/v20180820/configuration/publicAccessBlock",
                headers: &[("AccountId", "x-amz-account-id")],
                namespace: "http://awss3control.amazonaws.com/doc/2018-08-20/",
            },
        };
        let id = || ("AccountId", Prop::from(account.id()));
        let all = || {
            [
                ("BlockPublicAcls", Prop::from(true)),
                ("BlockPublicPolicy", true.into()),
                ("IgnorePublicAcls", true.into()),
                ("RestrictPublicBuckets", true.into()),
            ]
        };
        let get = api("GET").call("GetPublicAccessBlock", [id()]);
        let read = Read {
            absent: &["NoSuchPublicAccessBlockConfiguration"],
            ..read(get, "/PublicAccessBlockConfiguration", all())
        };
        let put = [id(), ("PublicAccessBlockConfiguration", Prop::object(all()))];
        let call = api("PUT").call("PutPublicAccessBlock", put);
        Self::new(Kind::S3PublicAccessBlock, Place::Account(account), call, read)
            .inverse(api("DELETE").call("DeletePublicAccessBlock", [id()]))
    }

    /// No document of Systems Manager is shared with everybody, in one region of an account.
    ///
    /// Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html>
    #[must_use]
    pub fn ssm_public_sharing_block(environment: Environment) -> Self {
        let id = || ("SettingId", Prop::from("/ssm/documents/console/public-sharing-permission"));
        let value = || ("SettingValue", Prop::from("Disable"));
        let get = SSM.call("GetServiceSetting", [id()]);
        let read = read(get, "/ServiceSetting", [value()]);
        let call = SSM.call("UpdateServiceSetting", [id(), value()]);
        Self::new(Kind::SsmPublicSharingBlock, Place::Region(environment), call, read)
            .inverse(SSM.call("ResetServiceSetting", [id()]))
    }

    /// Whom AWS writes to about `account`.
    #[must_use]
    pub fn alternate_contact(account: AccountRef, contact: AlternateContact) -> Self {
        let AlternateContact { kind, name, title, email, phone } = contact;
        let about = kind.name();
        let kind = || ("AlternateContactType", Prop::from(about));
        let all = [
            kind(),
            ("EmailAddress", email.to_string().into()),
            ("Name", name.into()),
            ("PhoneNumber", phone.into()),
            ("Title", title.into()),
        ];
        let get = account_api("GetAlternateContact", "/getAlternateContact", [kind()]);
        let read = Read {
            absent: &["ResourceNotFoundException"],
            ..read(get, "/AlternateContact", all.clone())
        };
        let call = account_api("PutAlternateContact", "/putAlternateContact", all);
        Self::new(Kind::AlternateContact, Place::Account(account), call, read)
            .of(about.to_lowercase())
            .inverse(account_api("DeleteAlternateContact", "/deleteAlternateContact", [kind()]))
    }

    /// A region that `account` has only when it asks for it.
    ///
    /// Source: <https://docs.aws.amazon.com/accounts/latest/reference/API_EnableRegion.html>
    #[must_use]
    pub fn opt_in_region(account: AccountRef, region: Region) -> Self {
        let request = || [("RegionName", Prop::from(region))];
        let get = account_api("GetRegionOptStatus", "/getRegionOptStatus", request());
        let read = read(get, "", [("RegionOptStatus", "ENABLED".into())]);
        let call = account_api("EnableRegion", "/enableRegion", request());
        Self::new(Kind::OptInRegion, Place::Account(account), call, read)
            .of(region)
            .inverse(account_api("DisableRegion", "/disableRegion", request()))
            .prerequisite("takes minutes to hours")
    }
}

fn account_api<const N: usize>(
    action: &'static str,
    path: &'static str,
    request: [(&'static str, Prop); N],
) -> accel_core::Call {
    rest("account", action, ("POST", path), request)
}
