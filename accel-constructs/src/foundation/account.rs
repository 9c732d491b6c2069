use accel_core::{AccountId, AccountInfo, AccountRef, Construct, Email, OuRef, Scope, Text};
use typed_builder::TypedBuilder;

use super::{Organization, OrganizationStep, organization::registry};

/// A member account of the organization. Its node in the tree is called as the construct is, whatever
/// its unit is, so moving it renames nothing.
///
/// Without an id the deployer finds the account by its address, or creates it, and learns its id. With
/// an id the account exists: if it is not in the organization yet, it is invited. Either way it is never
/// closed by accel; taking it out of the program leaves it where it is.
///
/// It is in one unit; a second does not compile:
///
/// ```compile_fail
/// # use accel_constructs::foundation::Account;
/// # use accel_core::{OuRef, email};
/// fn twice(core: OuRef, plat: OuRef) -> Account {
///     Account::builder().email(email!("aws+dev@example.com")).unit(core).unit(plat).build()
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct Account {
    /// The address of the account's root user: no two accounts of AWS share one.
    email: Email,
    /// The id, if the account exists.
    #[builder(default, setter(strip_option))]
    id: Option<AccountId>,
    /// What people see; the construct's id if not said. Only for an account that is created.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
    /// The unit it is in; where it happens to be if not said, which is the root for a new one.
    #[builder(default, setter(strip_option))]
    unit: Option<OuRef>,
    /// The role by which the management account gets in, if it is not `OrganizationAccountAccessRole`: made with an
    /// account that is created, and there already in one that joins.
    #[builder(default, setter(into, strip_option))]
    access_role: Option<Text>,
    /// Whether users of the account may see its costs, if their policies allow it.
    #[builder(default = true)]
    billing_access: bool,
    /// Tags of the account itself.
    #[builder(default, setter(transform = |tags: impl IntoIterator<Item = (impl Into<Text>, impl Into<Text>)>| {
        tags.into_iter().map(|(key, value)| (key.into(), value.into())).collect()
    }))]
    tags: Vec<(Text, Text)>,
}

impl Construct for Account {
    type Level = Organization;
    type Output = AccountRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> AccountRef {
        let (id, line) = (org.id().to_owned(), org.location());
        let taken = registry(org).and_then(|known| known.email(&self.email, &id, line));
        if let Some(diagnostic) = taken {
            org.report(diagnostic);
            // Without a step: a second one of this address would only say the same again.
            let info =
                AccountInfo { id: self.id, email: Some(self.email), ..AccountInfo::default() };
            return org.declare_account(info);
        }
        let step = match self.id {
            Some(id) => OrganizationStep::invited_account(id, &self.email),
            None => {
                let name = self.name.unwrap_or_else(|| id.as_str().into());
                let role = self.access_role.clone();
                let role = role.unwrap_or(Text::Static("OrganizationAccountAccessRole"));
                OrganizationStep::created_account(name, &self.email, role, self.billing_access)
            }
        };
        let step = step.build(org);
        let info = AccountInfo {
            id: self.id,
            email: Some(self.email),
            is_management: false,
            access_role: self.access_role,
            step: Some(step),
        };
        let account = org.declare_account(info);
        if let Some(unit) = self.unit {
            org.add("unit", OrganizationStep::account_unit(account, &id, unit).after(step));
        }
        if !self.tags.is_empty() {
            org.add("tags", OrganizationStep::account_tags(account, &id, self.tags).after(step));
        }
        account
    }
}
