//! Rows of AWS Organizations itself.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html>

use accel_core::{
    AccountId, AccountRef, Email, OuRef, Prop, Protocol, Read, Scope, Text,
    tree::{Kind as NodeKind, Node},
};

use super::{Api, Kind, OrganizationStep, Place, read, rest};
use crate::foundation::{Organization, PolicyType};

const API: Api = Api {
    service: "organizations",
    protocol: Protocol::Json { target: "AWSOrganizationsV20161128" },
};

/// What AWS Organizations answers in an account that is in no organization.
const NO_ORGANIZATION: &[&str] = &["AWSOrganizationsNotInUseException"];

impl OrganizationStep {
    /// The organization itself; makes the root's id known.
    pub(crate) fn organization(management: AccountRef) -> Self {
        let call = API.call("CreateOrganization", [("FeatureSet", "ALL".into())]);
        let read = Read {
            absent: NO_ORGANIZATION,
            results: vec![("RootId", "Id"), ("RootArn", "Arn")],
            ..read(API.call("ListRoots", []), "/Roots/0", [("Name", "Root".into())])
        };
        Self::new(Kind::Organization, Place::Account(management), call, read)
    }

    /// All features rather than consolidated billing alone; makes the organization's id known.
    pub(crate) fn all_features(management: AccountRef) -> Self {
        let call = API.call("EnableAllFeatures", []);
        let describe = API.call("DescribeOrganization", []);
        let read = Read {
            absent: NO_ORGANIZATION,
            results: vec![("Id", "Id"), ("Arn", "Arn")],
            ..read(describe, "/Organization", [("FeatureSet", "ALL".into())])
        };
        Self::new(Kind::AllFeatures, Place::Account(management), call, read)
            .prerequisite("every account that was invited approves the change")
    }

    /// Policies of a type.
    pub(crate) fn policy_type(root: OuRef, policy_type: PolicyType) -> Self {
        let name = policy_type.name();
        let request = || [("PolicyType", name.into()), ("RootId", root.id().into())];
        let expect = [("Status", "ENABLED".into()), ("Type", name.into())];
        let read = read(API.call("ListRoots", []), "/Roots/0/PolicyTypes/*", expect);
        let call = API.call("EnablePolicyType", request());
        Self::new(Kind::PolicyType, Place::Home, call, read)
            .of(name.to_lowercase().replace('_', "-"))
            .inverse(API.call("DisablePolicyType", request()))
    }

    /// A unit; makes its id known.
    pub(crate) fn organizational_unit(
        parent: OuRef,
        org: &Scope<'_, Organization>,
        name: &Text,
    ) -> Self {
        let parent_id = || ("ParentId", Prop::from(parent.id()));
        let call =
            API.call("CreateOrganizationalUnit", [("Name", name.clone().into()), parent_id()]);
        let list = API.call("ListOrganizationalUnitsForParent", [parent_id()]);
        let read = Read {
            results: vec![("Id", "Id"), ("Arn", "Arn")],
            ..read(list, "/OrganizationalUnits/*", [("Name", name.clone().into())])
        };
        let unit = Self::new(Kind::OrganizationalUnit, Place::Home, call, read);
        // Names are unique below their parent only, so the parent's setting is part of this one.
        match org.tree().get(parent.node()).map(Node::kind) {
            Some(NodeKind::Step(step)) if step.kind == unit.kind.name() => {
                Self { setting: step.setting.clone(), ..unit }.of(name)
            }
            _ => unit.of(name),
        }
    }

    /// An account that is found by its address or created; makes its id known.
    pub(crate) fn created_account(
        name: Text,
        email: &Email,
        access_role: Text,
        billing_access: bool,
    ) -> Self {
        let request = [
            ("AccountName", name.into()),
            ("Email", email.to_string().into()),
            ("IamUserAccessToBilling", if billing_access { "ALLOW" } else { "DENY" }.into()),
            ("RoleName", access_role.into()),
        ];
        let expect = [("Email", email.to_string().into()), ("State", "ACTIVE".into())];
        let read = Read {
            results: vec![("Id", "Id")],
            ..read(API.call("ListAccounts", []), "/Accounts/*", expect)
        };
        let call = API.call("CreateAccount", request);
        Self::new(Kind::Account, Place::Home, call, read)
            .of(email)
            .prerequisite("the quota of accounts, 10 by default, is high enough")
    }

    /// An account that exists: invited where it is not in the organization yet.
    pub(crate) fn invited_account(id: AccountId, email: &Email) -> Self {
        let target = Prop::object([("Id", Prop::from(id)), ("Type", "ACCOUNT".into())]);
        let describe = API.call("DescribeAccount", [("AccountId", id.into())]);
        let read = Read {
            absent: &["AccountNotFoundException"],
            results: vec![("Id", "Id")],
            ..read(describe, "/Account", [("State", "ACTIVE".into())])
        };
        let call = API.call("InviteAccountToOrganization", [("Target", target)]);
        Self::new(Kind::Account, Place::Home, call, read)
            .of(email)
            .prerequisite("the account accepts the invitation")
    }

    /// The unit that an account is in.
    pub(crate) fn account_unit(account: AccountRef, name: &str, unit: OuRef) -> Self {
        let id = || Prop::from(account.id());
        let request = [("AccountId", id()), ("DestinationParentId", unit.id().into())];
        let list = API.call("ListParents", [("ChildId", id())]);
        let read = Read {
            found: vec![("SourceParentId", "Id")],
            ..read(list, "/Parents/0", [("Id", unit.id().into())])
        };
        let call = API.call("MoveAccount", request);
        Self::new(Kind::AccountUnit, Place::Home, call, read).of(name)
    }

    /// The tags of an account.
    pub(crate) fn account_tags(account: AccountRef, name: &str, tags: Vec<(Text, Text)>) -> Self {
        let keys = Prop::list(tags.iter().map(|(key, _)| key.clone()));
        let tags = Prop::list(tags.into_iter().map(|(key, value)| {
            Prop::object([("Key", Prop::from(key)), ("Value", Prop::from(value))])
        }));
        let resource = || ("ResourceId", Prop::from(account.id()));
        let list = API.call("ListTagsForResource", [resource()]);
        let read = read(list, "/Tags", [("", tags.clone())]);
        let call = API.call("TagResource", [resource(), ("Tags", tags)]);
        Self::new(Kind::AccountTags, Place::Home, call, read)
            .of(name)
            .inverse(API.call("UntagResource", [resource(), ("TagKeys", keys)]))
    }

    /// A service that may act in all accounts.
    pub(crate) fn trusted_access(principal: &str) -> Self {
        let request = || [("ServicePrincipal", principal.into())];
        let call = API.call("EnableAWSServiceAccess", request());
        Self::new(Kind::TrustedAccess, Place::Home, call, has_trusted_access(principal))
            .of(principal)
            .inverse(API.call("DisableAWSServiceAccess", request()))
    }

    /// The account that administers a service for the organization.
    pub(crate) fn delegated_administrator(
        principal: &str,
        account: AccountRef,
        name: &str,
    ) -> Self {
        let service = || ("ServicePrincipal", Prop::from(principal));
        let request = || [("AccountId", account.id().into()), service()];
        let list = API.call("ListDelegatedAdministrators", [service()]);
        let read = read(list, "/DelegatedAdministrators/*", [("Id", account.id().into())]);
        let call = API.call("RegisterDelegatedAdministrator", request());
        Self::new(Kind::DelegatedAdministrator, Place::Home, call, read)
            .of(format_args!("{principal}/{name}"))
            .inverse(API.call("DeregisterDelegatedAdministrator", request()))
    }

    /// Lets AWS Resource Access Manager share with the organization and its units without an
    /// invitation to each account.
    ///
    /// Source: <https://docs.aws.amazon.com/ram/latest/APIReference/API_EnableSharingWithAwsOrganization.html>
    #[must_use]
    pub fn resource_sharing() -> Self {
        let path = ("POST", "/enablesharingwithawsorganization");
        let call = rest("ram", "EnableSharingWithAwsOrganization", path, []);
        // AWS RAM has no way to ask; what it did is that it became a trusted service.
        let trusted = Self::trusted_access("ram.amazonaws.com");
        Self { kind: Kind::ResourceSharing, call, ..trusted }
    }
}

fn has_trusted_access(principal: &str) -> Read {
    let list = API.call("ListAWSServiceAccessForOrganization", []);
    read(list, "/EnabledServicePrincipals/*", [("ServicePrincipal", principal.into())])
}
