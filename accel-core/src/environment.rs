use crate::{
    Attr, Email, Intrinsic, InvalidInput, Prop, Region, RoleName, StepRef, Text, Value,
    tree::NodeId, value::AttrSource,
};

use crate::account_id::AccountId;

/// A typed reference to an account of the app, whose id may not be known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountRef(pub(crate) NodeId);

impl AccountRef {
    /// The node of the tree this names.
    #[must_use]
    pub const fn node(self) -> NodeId {
        self.0
    }

    /// The environment "this account in `region`".
    #[must_use]
    pub const fn in_region(self, region: Region) -> Environment {
        Environment { account: self, region }
    }

    /// The account's id: a pseudo parameter in the account's own stacks, else a literal if it is
    /// known, else a parameter that the deployer fills in.
    #[must_use]
    pub fn id(self) -> Value<AccountId> {
        Value::from_prop(Prop::from(Intrinsic::AccountId(self)))
    }
}

/// What the tree knows of an account. It is declared by
/// [`Scope::declare_account`](crate::Scope::declare_account).
#[derive(Clone, Debug, Default)]
pub struct AccountInfo {
    /// The id, if the program says it.
    pub id: Option<AccountId>,
    /// The address by which the deployer finds an account whose id is not known.
    pub email: Option<Email>,
    /// Whether this is the account that manages the organization.
    pub is_management: bool,
    /// The role by which the deployer gets in, where it is another one than elsewhere.
    pub access_role: Option<Text>,
    /// The step that makes or adopts the account and learns its id. What is deployed in the account
    /// waits for it.
    pub step: Option<StepRef>,
}

impl AccountInfo {
    /// What is wrong with the role that is named.
    pub(crate) fn invalid_role(&self) -> Option<InvalidInput> {
        let text = self.access_role.as_ref()?;
        let is_made = self.step.is_some() && self.id.is_none();
        match RoleName::parse(text) {
            Err(invalid) => Some(invalid),
            Ok(role) if is_made && role.path().is_some() => Some(InvalidInput::new(
                text,
                "a role name",
                "it has a path, and Organizations makes the role of a new account without one",
                "a name without a path",
                "give the name alone; or, if the account exists, its id",
            )),
            Ok(_) => None,
        }
    }
}

/// A typed reference to an organizational unit, or to the root of the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OuRef(AttrSource);

impl OuRef {
    /// The unit that the step at `id` makes known. For the constructs that make units.
    #[must_use]
    pub const fn new(id: Attr<OuId>) -> Self {
        Self(id.source())
    }

    /// The node of the tree this names.
    #[must_use]
    pub const fn node(self) -> NodeId {
        self.0.node
    }

    /// The unit's id, `ou-....` or `r-....`; known once the unit exists.
    #[must_use]
    pub const fn id(self) -> Attr<OuId> {
        Attr::from_source(self.0)
    }
}

/// The kind of an organizational unit's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OuId {}
impl crate::IsA<String> for OuId {}

/// Where a stack is deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Environment {
    /// The account.
    pub account: AccountRef,
    /// The region.
    pub region: Region,
}
