//! Rows of the security services that have an organization of their own.

use accel_core::{AccountRef, Environment, IntoValue, Prop, Protocol, Region};

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
}
