use accel_cfn::sso::{
    self, AssignmentRequired,
    assignment::{PrincipalType, TargetType},
};
use accel_core::{
    AccountRef, Attr, Construct, IntoValue, Region, Scope, ScopeRef, Stack, Template, Text, Value,
    template::Parameter,
};
use typed_builder::TypedBuilder;

use super::{Organization, OrganizationScope as _};

mod permission_set;

pub use permission_set::{PermissionSet, PermissionSetRef};

/// IAM Identity Center, by which people get into accounts: the place of its permission sets and
/// assignments, which is one stack.
///
/// ```
/// use accel_constructs::foundation::{Assignment, IdentityCenter, IdentityGroup, Organization, PermissionSet};
/// use accel_core::{AccountRef, App, email};
///
/// fn people(app: &mut App, dev: AccountRef, prod: AccountRef) {
///     let mut org = app.open("organization", Organization::create(email!("aws@example.com")));
///     let identity = org.add("identity", IdentityCenter::builder().build());
///
///     let mut people = app.reopen(identity.stack);
///     let developers = people.add("developers", IdentityGroup::new("Developers"));
///     let change = people.add("power-user", PermissionSet::power_user(&identity));
///     let look = people.add("read-only", PermissionSet::read_only(&identity));
///     for (id, set, account) in [("developers-in-dev", &change, dev), ("developers-in-prod", &look, prod)] {
///         let assignment = Assignment::builder().group(developers).permission_set(set);
///         people.add(id, assignment.accounts([account]).build());
///     }
/// }
/// ```
///
/// The organization's instance is switched on by hand, once, in the console of the management account:
/// nothing else can. Its ARN is given here, or to the stack as a parameter. Groups and their members
/// come from the identity provider.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/what-is.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct IdentityCenter {
    /// The ARN of the instance: `arn:aws:sso:::instance/ssoins-...`. A parameter of the stack if not said.
    #[builder(default, setter(transform = |arn: impl IntoValue<String>| Some(arn.into_value())))]
    instance: Option<Value<String>>,
    /// Where Identity Center was switched on; the organization's home region if not said.
    #[builder(default, setter(strip_option))]
    region: Option<Region>,
    /// The account that administers it; the management account if not said, which alone can let people
    /// into itself.
    #[builder(default, setter(strip_option))]
    account: Option<AccountRef>,
}

/// What an [`IdentityCenter`] gives back.
#[derive(Clone, Debug)]
pub struct IdentityCenterRef {
    /// The stack of permission sets and assignments.
    pub stack: ScopeRef<Stack>,
    /// The ARN of the instance, for that stack.
    pub instance: Value<String>,
}

impl Construct for IdentityCenter {
    type Level = Organization;
    type Output = IdentityCenterRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> IdentityCenterRef {
        let management = org.management();
        let account = self.account.unwrap_or(management);
        let region = self.region.unwrap_or_else(|| org.home_region());
        let delegated = (account != management)
            .then(|| org.delegated_administrator("sso.amazonaws.com", account));
        let mut stack = org.open("people", Stack::new(account.in_region(region)));
        if let Some(delegated) = delegated {
            stack.after(delegated);
        }
        let instance = self.instance.unwrap_or_else(|| {
            let parameter = Parameter::string()
                .pattern("arn:aws[a-z-]*:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}")
                .description("The ARN of the organization's instance of IAM Identity Center");
            stack.add("instance-arn", parameter).into_value()
        });
        IdentityCenterRef { stack: stack.reference(), instance }
    }
}

/// A group of people whose id the stack is told as a parameter: the identity provider makes groups, and
/// Identity Center gives them ids of its own. Adding it gives back the id.
///
/// Where the id is known, an [`Assignment`] takes it as it is.
#[derive(Clone, Debug)]
pub struct IdentityGroup(Text);

impl IdentityGroup {
    /// The group that the identity provider calls `name`.
    pub fn new(name: impl Into<Text>) -> Self {
        Self(name.into())
    }
}

impl Construct for IdentityGroup {
    type Level = Template;
    type Output = Attr<String>;
    fn build(self, template: &mut Scope<'_>) -> Attr<String> {
        let parameter = Parameter::string()
            .pattern("([0-9a-f]{10}-)?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
            .description(format!("The id of the group {} in IAM Identity Center", self.0));
        template.add("id", parameter)
    }
}

/// Lets a group of people, or one person, into accounts, with a permission set. It goes into the stack of
/// the [`IdentityCenter`].
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/useraccess.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct Assignment {
    /// Who: the id of a group, which is a literal or what an [`IdentityGroup`] gives back.
    #[builder(setter(transform = |id: impl IntoValue<String>| id.into_value()))]
    group: Value<String>,
    /// With what.
    #[builder(setter(transform = |set: &PermissionSetRef| set.clone()))]
    permission_set: PermissionSetRef,
    /// Where. Naming the accounts rather than a unit is what AWS knows: an account that joins later is
    /// not among them.
    #[builder(setter(transform = |accounts: impl IntoIterator<Item = AccountRef>| {
        accounts.into_iter().collect()
    }))]
    accounts: Vec<AccountRef>,
    /// Whether the id is a person's and not a group's. Groups outlive people.
    #[builder(default = false)]
    is_user: bool,
}

impl Construct for Assignment {
    type Level = Template;
    /// The L1 resources, one per account, in the order given.
    type Output = Vec<sso::AssignmentRef>;
    fn build(self, template: &mut Scope<'_>) -> Vec<sso::AssignmentRef> {
        let Self { group, permission_set, accounts, is_user } = self;
        let assign = |account: AccountRef| {
            let name = template.tree().account_name(account).to_owned();
            let assignment = sso::Assignment::new(AssignmentRequired {
                instance_arn: &permission_set.instance,
                permission_set_arn: permission_set.arn,
                principal_id: &group,
                principal_type: if is_user { PrincipalType::USER } else { PrincipalType::GROUP },
                target_id: account.id(),
                target_type: TargetType::AWS_ACCOUNT,
            });
            template.add(&name, assignment)
        };
        accounts.into_iter().map(assign).collect()
    }
}
