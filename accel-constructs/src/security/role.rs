use accel_cfn::iam::{self, ManagedPolicyArn, RoleArn, RoleName};
use accel_core::{
    Attr, Construct, IntoValue, PolicyDocument, Scope, Template, Text, Value, actions,
    policy::{Principal, Statement},
    template::ConditionRef,
};
use typed_builder::TypedBuilder;

use crate::grants::add_to_role;

/// An IAM role: who may assume it, and what it may do then.
///
/// ```
/// use accel_constructs::security::IamRole;
/// use accel_core::{Scope, policy::Principal};
///
/// fn worker(template: &mut Scope<'_>) {
///     let trusted = Principal::service("ec2.amazonaws.com");
///     template.add("worker", IamRole::builder().trusted([trusted]).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct IamRole {
    /// Who may assume it without more ado.
    #[builder(default, setter(transform = |principals: impl IntoIterator<Item = Principal>| {
        principals.into_iter().collect()
    }))]
    trusted: Vec<Principal>,
    /// Who else may assume it, and under which conditions.
    #[builder(default, setter(transform = |statements: impl IntoIterator<Item = Statement>| {
        statements.into_iter().collect()
    }))]
    trust_statements: Vec<Statement>,
    /// The name. Without one, CloudFormation makes one up, and the role can be replaced; a name is
    /// needed where another account refers to the role.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
    /// A word on what it is for.
    #[builder(default, setter(into, strip_option))]
    description: Option<Text>,
    /// Managed policies, by ARN; see [`aws_managed_policy`].
    #[builder(default, setter(transform = |arns: impl IntoIterator<Item = impl IntoValue<ManagedPolicyArn>>| {
        arns.into_iter().map(IntoValue::into_value).collect()
    }))]
    managed_policies: Vec<Value<ManagedPolicyArn>>,
    /// What it may do besides. Grants add to this.
    #[builder(default, setter(transform = |statements: impl IntoIterator<Item = Statement>| {
        statements.into_iter().collect()
    }))]
    statements: Vec<Statement>,
    /// Where the role exists; everywhere if not said. A named role is the account's, not the region's,
    /// so in a stack set of several regions it exists in one of them.
    #[builder(default, setter(strip_option))]
    condition: Option<ConditionRef>,
}

/// What an [`IamRole`] gives back.
#[derive(Clone, Copy, Debug)]
pub struct IamRoleRef {
    /// The ARN.
    pub arn: Attr<RoleArn>,
    /// The name.
    pub name: Attr<RoleName>,
    /// The L1 resource.
    pub resource: iam::RoleRef,
}

/// A role that this program does not own.
#[derive(Clone, Debug)]
pub struct ExistingRole {
    /// The ARN.
    pub arn: Value<RoleArn>,
}

impl IamRole {
    /// The role with that ARN, which exists already. Grants change the policies of resources only.
    pub fn existing(arn: impl Into<Text>) -> ExistingRole {
        ExistingRole { arn: Value::imported(arn) }
    }
}

impl Construct for IamRole {
    type Level = Template;
    type Output = IamRoleRef;
    fn build(self, template: &mut Scope<'_>) -> IamRoleRef {
        let mut trust = PolicyDocument::new();
        if !self.trusted.is_empty() {
            let assume = Statement::allow(actions!["sts:AssumeRole"]);
            trust.push(assume.principals(self.trusted));
        }
        trust.extend(self.trust_statements);
        let mut role = iam::Role::new(trust);
        if let Some(name) = self.name {
            role = role.role_name(name);
        }
        if let Some(description) = self.description {
            role = role.description(description);
        }
        if !self.managed_policies.is_empty() {
            role = role.managed_policy_arns(self.managed_policies);
        }
        let role = template.add("role", role);
        for statement in &self.statements {
            add_to_role(&mut template[role], statement);
        }
        if let Some(condition) = self.condition {
            template[role].condition(condition);
        }
        IamRoleRef { arn: role.arn(), name: role.name(), resource: role }
    }
}

/// The ARN of a policy that AWS manages, `SecurityAudit` or `service-role/...`, in whichever partition.
///
/// Source: <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>
pub fn aws_managed_policy(name: &str) -> Value<ManagedPolicyArn> {
    let name = format!(":iam::aws:policy/{name}");
    accel_core::text!["arn:", Value::own_partition(), name].cast()
}
