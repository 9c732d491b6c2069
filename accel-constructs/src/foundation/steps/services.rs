//! Rows of the security services that have an organization of their own.

use accel_core::{AccountRef, Email, Environment, IntoValue, Prop, Protocol, Read, Region};

use super::{Api, Kind, OrganizationStep, Place, read, rest};

/// Which accounts a service is switched on in by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoEnable {
    /// All, now and later.
    All,
    /// Those that join later.
    New,
    /// None.
    None,
}

impl AutoEnable {
    /// As the APIs write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::New => "NEW",
            Self::None => "NONE",
        }
    }
}

const CLOUDFORMATION: Api =
    Api { service: "cloudformation", protocol: Protocol::Query { version: "2010-05-15" } };

impl OrganizationStep {
    /// Lets CloudFormation stack sets reach the accounts of the organization: trusted access, and a
    /// role in each account, which CloudFormation alone can set up.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ActivateOrganizationsAccess.html>
    pub(crate) fn stack_set_access() -> Self {
        let describe = CLOUDFORMATION.call("DescribeOrganizationsAccess", []);
        let read = read(describe, "", [("Status", "ENABLED".into())]);
        let call = CLOUDFORMATION.call("ActivateOrganizationsAccess", []);
        Self::new(Kind::StackSetAccess, Place::Home, call, read)
            .inverse(CLOUDFORMATION.call("DeactivateOrganizationsAccess", []))
    }

    /// The account that administers Amazon GuardDuty for the organization, in one region. It switches
    /// GuardDuty on there, so a detector that CloudFormation is to own is made before.
    ///
    /// Source: <https://docs.aws.amazon.com/guardduty/latest/APIReference/API_EnableOrganizationAdminAccount.html>
    pub(crate) fn guardduty_administrator(
        management: AccountRef,
        region: Region,
        account: AccountRef,
    ) -> Self {
        let id = || [("adminAccountId", Prop::from(account.id()))];
        let list = rest("guardduty", "ListOrganizationAdminAccounts", ("GET", "/admin"), []);
        let expect = [("adminAccountId", account.id().into()), ("adminStatus", "ENABLED".into())];
        let call =
            rest("guardduty", "EnableOrganizationAdminAccount", ("POST", "/admin/enable"), id());
        let place = Place::Region(management.in_region(region));
        Self::new(Kind::GuardDutyAdministrator, place, call, read(list, "/adminAccounts/*", expect))
            .inverse(rest(
                "guardduty",
                "DisableOrganizationAdminAccount",
                ("POST", "/admin/disable"),
                id(),
            ))
            .trusted("guardduty.amazonaws.com")
    }

    /// Which accounts Amazon GuardDuty is switched on in by its administrator, and with what, in one
    /// region.
    ///
    /// Source: <https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateOrganizationConfiguration.html>
    pub(crate) fn guardduty_configuration(
        administrator: Environment,
        detector: impl IntoValue<String>,
        members: AutoEnable,
        features: Prop,
    ) -> Self {
        let detector = detector.into_value();
        let id = || ("DetectorId", Prop::from(&detector));
        let settings = || {
            [
                ("autoEnableOrganizationMembers", Prop::from(members.name())),
                ("features", features.clone()),
            ]
        };
        let path = "/detector/{DetectorId}/admin";
        let [members, features] = settings();
        let call = rest(
            "guardduty",
            "UpdateOrganizationConfiguration",
            ("POST", path),
            [id(), members, features],
        );
        let describe =
            rest("guardduty", "DescribeOrganizationConfiguration", ("GET", path), [id()]);
        let none = ("autoEnableOrganizationMembers", AutoEnable::None.name().into());
        let inverse =
            rest("guardduty", "UpdateOrganizationConfiguration", ("POST", path), [id(), none]);
        let read = read(describe, "", settings());
        Self::new(Kind::GuardDutyConfiguration, Place::Region(administrator), call, read)
            .inverse(inverse)
    }

    /// The account that administers Amazon Inspector for the organization, in one region.
    ///
    /// Source: <https://docs.aws.amazon.com/inspector/v2/APIReference/API_EnableDelegatedAdminAccount.html>
    pub(crate) fn inspector_administrator(
        management: AccountRef,
        region: Region,
        account: AccountRef,
    ) -> Self {
        let call = |action, path| {
            let id = Prop::from(account.id());
            rest("inspector2", action, ("POST", path), [("delegatedAdminAccountId", id)])
        };
        let list = ("POST", "/delegatedadminaccounts/list");
        let list = rest("inspector2", "ListDelegatedAdminAccounts", list, []);
        let expect = [("accountId", account.id().into()), ("status", "ENABLED".into())];
        let read = read(list, "/delegatedAdminAccounts/*", expect);
        let place = Place::Region(management.in_region(region));
        let enable = call("EnableDelegatedAdminAccount", "/delegatedadminaccounts/enable");
        Self::new(Kind::InspectorAdministrator, place, enable, read)
            .inverse(call("DisableDelegatedAdminAccount", "/delegatedadminaccounts/disable"))
            .trusted("inspector2.amazonaws.com")
    }

    /// The account that administers Amazon Macie for the organization, in one region. It switches Macie
    /// on there, so a session that CloudFormation is to own is made before.
    ///
    /// Source: <https://docs.aws.amazon.com/macie/latest/APIReference/admin.html>
    pub(crate) fn macie_administrator(
        management: AccountRef,
        region: Region,
        account: AccountRef,
    ) -> Self {
        let call = |action, method| {
            let id = Prop::from(account.id());
            rest("macie2", action, (method, "/admin"), [("adminAccountId", id)])
        };
        let list = rest("macie2", "ListOrganizationAdminAccounts", ("GET", "/admin"), []);
        let expect = [("accountId", account.id().into()), ("status", "ENABLED".into())];
        let read = read(list, "/adminAccounts/*", expect);
        let place = Place::Region(management.in_region(region));
        let enable = call("EnableOrganizationAdminAccount", "POST");
        Self::new(Kind::MacieAdministrator, place, enable, read)
            .inverse(call("DisableOrganizationAdminAccount", "DELETE"))
            .trusted("macie.amazonaws.com")
    }

    /// Amazon Macie in the accounts that join the organization from now on, in one region.
    ///
    /// Source: <https://docs.aws.amazon.com/macie/latest/APIReference/admin-configuration.html>
    pub(crate) fn macie_configuration(administrator: Environment) -> Self {
        let path = "/admin/configuration";
        let update = |on: bool| {
            let request = [("autoEnable", on.into())];
            rest("macie2", "UpdateOrganizationConfiguration", ("PATCH", path), request)
        };
        let describe = rest("macie2", "DescribeOrganizationConfiguration", ("GET", path), []);
        let read = read(describe, "", [("autoEnable", true.into())]);
        Self::new(Kind::MacieConfiguration, Place::Region(administrator), update(true), read)
            .inverse(update(false))
    }

    /// An account of the organization whose data Amazon Macie looks at, in one region. `name` is what
    /// the account is called in the tree.
    ///
    /// Source: <https://docs.aws.amazon.com/macie/latest/APIReference/members.html>
    pub(crate) fn macie_member(
        administrator: Environment,
        account: AccountRef,
        name: &str,
        email: &Email,
    ) -> Self {
        let id = || Prop::from(account.id());
        let member = [("accountId", id()), ("email", email.to_string().into())];
        let request = [("account", Prop::object(member))];
        let call = rest("macie2", "CreateMember", ("POST", "/members"), request);
        let get = rest("macie2", "GetMember", ("GET", "/members/{id}"), [("id", id())]);
        let read = Read {
            absent: &["ResourceNotFoundException"],
            ..read(get, "", [("relationshipStatus", "Enabled".into())])
        };
        let path = ("POST", "/members/disassociate/{id}");
        Self::new(Kind::MacieMember, Place::Region(administrator), call, read)
            .of(name)
            .inverse(rest("macie2", "DisassociateMember", path, [("id", id())]))
    }

    /// Samples of all buckets, every day, in one region.
    ///
    /// Source: <https://docs.aws.amazon.com/macie/latest/APIReference/automated-discovery-configuration.html>
    pub(crate) fn macie_discovery(administrator: Environment, members: AutoEnable) -> Self {
        let path = "/automated-discovery/configuration";
        let settings = |status: &'static str| {
            [
                ("autoEnableOrganizationMembers", Prop::from(members.name())),
                ("status", status.into()),
            ]
        };
        let update = |status| {
            let action = "UpdateAutomatedDiscoveryConfiguration";
            rest("macie2", action, ("PUT", path), settings(status))
        };
        let get = rest("macie2", "GetAutomatedDiscoveryConfiguration", ("GET", path), []);
        let read = read(get, "", settings("ENABLED"));
        Self::new(Kind::MacieDiscovery, Place::Region(administrator), update("ENABLED"), read)
            .inverse(update("DISABLED"))
    }

    /// AWS Audit Manager in the management account, in one region.
    ///
    /// Source: <https://docs.aws.amazon.com/audit-manager/latest/APIReference/API_RegisterAccount.html>
    pub(crate) fn audit_manager_account(management: Environment) -> Self {
        let service = "auditmanager";
        let status = rest(service, "GetAccountStatus", ("GET", "/account/status"), []);
        let read = read(status, "", [("status", "ACTIVE".into())]);
        let call = rest(service, "RegisterAccount", ("POST", "/account/registerAccount"), []);
        let path = ("POST", "/account/deregisterAccount");
        Self::new(Kind::AuditManagerAccount, Place::Region(management), call, read)
            .inverse(rest(service, "DeregisterAccount", path, []))
            .trusted("auditmanager.amazonaws.com")
            .prerequisite(
                "the organization used AWS Audit Manager before 2026-04-30, when it closed to new \
                 customers",
            )
    }

    /// The account that administers AWS Audit Manager for the organization, in one region.
    ///
    /// Source: <https://docs.aws.amazon.com/audit-manager/latest/APIReference/API_RegisterOrganizationAdminAccount.html>
    pub(crate) fn audit_manager_administrator(
        management: Environment,
        account: AccountRef,
    ) -> Self {
        let service = "auditmanager";
        let id = || [("adminAccountId", Prop::from(account.id()))];
        let path = ("GET", "/account/organizationAdminAccount");
        let get = rest(service, "GetOrganizationAdminAccount", path, []);
        let read = Read { absent: &["ResourceNotFoundException"], ..read(get, "", id()) };
        let path = ("POST", "/account/registerOrganizationAdminAccount");
        let call = rest(service, "RegisterOrganizationAdminAccount", path, id());
        let path = ("POST", "/account/deregisterOrganizationAdminAccount");
        Self::new(Kind::AuditManagerAdministrator, Place::Region(management), call, read)
            .inverse(rest(service, "DeregisterOrganizationAdminAccount", path, id()))
    }
}
