use accel_cfn::{
    iam::ManagedPolicyArn,
    sso::{self, PermissionSetArn},
};
use accel_core::{Attr, Construct, Diagnostic, PolicyDocument, Scope, Template, Text, Value};

use super::IdentityCenterRef;
use crate::{
    foundation::{codes::PERMISSION_SET_SESSION, github_access::look},
    security::aws_managed_policy,
};

/// What people may do in the accounts they are let into: a role that Identity Center makes in each of
/// them. It goes into the stack of the [`IdentityCenter`](super::IdentityCenter).
///
/// There is one of each kind that most organizations need; each can be changed, and
/// [`PermissionSet::new`] begins with nothing.
///
/// ```
/// use accel_constructs::foundation::{IdentityCenterRef, PermissionSet};
/// use accel_core::{Scope, Stack};
///
/// fn sets(people: &mut Scope<'_, Stack>, identity: &IdentityCenterRef) {
///     people.add("administrator", PermissionSet::administrator(identity).session_hours(1));
///     let auditor = PermissionSet::new(identity, "Auditor").aws_managed_policies(["SecurityAudit"]);
///     people.add("auditor", auditor);
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html>
#[derive(Clone, Debug)]
pub struct PermissionSet {
    instance: Value<String>,
    name: Text,
    description: Option<Text>,
    managed_policies: Vec<Value<ManagedPolicyArn>>,
    policy: PolicyDocument,
    session_hours: u8,
}

/// What a [`PermissionSet`] gives back.
#[derive(Clone, Debug)]
pub struct PermissionSetRef {
    /// The ARN.
    pub arn: Attr<PermissionSetArn>,
    /// The L1 resource.
    pub resource: sso::PermissionSetRef,
    pub(super) instance: Value<String>,
}

/// The kinds that most organizations need.
impl PermissionSet {
    /// Everything: `AdministratorAccess`, for four hours.
    #[must_use]
    pub fn administrator(identity: &IdentityCenterRef) -> Self {
        Self::new(identity, "AdministratorAccess")
            .description("Everything")
            .aws_managed_policies(["AdministratorAccess"])
            .session_hours(4)
    }

    /// Everything but people, roles and the organization: `PowerUserAccess`.
    #[must_use]
    pub fn power_user(identity: &IdentityCenterRef) -> Self {
        Self::new(identity, "PowerUserAccess")
            .description("Everything but roles and the organization")
            .aws_managed_policies(["PowerUserAccess"])
    }

    /// Looking at everything, data included: `ReadOnlyAccess`.
    #[must_use]
    pub fn read_only(identity: &IdentityCenterRef) -> Self {
        Self::new(identity, "ReadOnlyAccess")
            .description("Looks at everything, and changes nothing")
            .aws_managed_policies(["ReadOnlyAccess"])
    }

    /// What is needed to see what a deployment would change: all that is configured, and none of the
    /// data. The role for plans of a [`GithubAccess`](crate::foundation::GithubAccess) may do the same.
    #[must_use]
    pub fn plan(identity: &IdentityCenterRef) -> Self {
        Self::new(identity, "PlanAccess")
            .description("Looks at what is configured, to plan a deployment")
            .aws_managed_policies(["SecurityAudit", "job-function/ViewOnlyAccess"])
            .policy(PolicyDocument::from([look()]))
    }

    /// What is needed to deploy by hand: everything but the organization, for four hours.
    #[must_use]
    pub fn apply(identity: &IdentityCenterRef) -> Self {
        Self::new(identity, "ApplyAccess")
            .description("Deploys: everything but the organization")
            .aws_managed_policies(["PowerUserAccess", "IAMFullAccess"])
            .session_hours(4)
    }

    /// Costs, budgets and invoices: `job-function/Billing`.
    #[must_use]
    pub fn billing(identity: &IdentityCenterRef) -> Self {
        Self::new(identity, "BillingAccess")
            .description("Costs, budgets and invoices")
            .aws_managed_policies(["job-function/Billing"])
    }
}

impl PermissionSet {
    /// Nothing yet, for eight hours. The name is what people see: 1 to 32 letters, digits and `+=,.@-_`.
    pub fn new(identity: &IdentityCenterRef, name: impl Into<Text>) -> Self {
        Self {
            instance: identity.instance.clone(),
            name: name.into(),
            description: None,
            managed_policies: Vec::new(),
            policy: PolicyDocument::new(),
            session_hours: 8,
        }
    }

    /// What people see.
    #[must_use]
    pub fn name(self, name: impl Into<Text>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// A word on what it is for; at most 700 characters.
    #[must_use]
    pub fn description(self, text: impl Into<Text>) -> Self {
        Self { description: Some(text.into()), ..self }
    }

    /// Policies that AWS manages, instead of those it had: `SecurityAudit`, `job-function/Billing`.
    #[must_use]
    pub fn aws_managed_policies<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { managed_policies: names.into_iter().map(aws_managed_policy).collect(), ..self }
    }

    /// What it may do besides, or may not.
    #[must_use]
    pub fn policy(self, policy: PolicyDocument) -> Self {
        Self { policy, ..self }
    }

    /// After how many hours people sign in again: 1 to 12.
    #[must_use]
    pub const fn session_hours(mut self, hours: u8) -> Self {
        self.session_hours = hours;
        self
    }
}

impl Construct for PermissionSet {
    type Level = Template;
    type Output = PermissionSetRef;
    fn build(self, template: &mut Scope<'_>) -> PermissionSetRef {
        let hours = self.session_hours;
        if !(1..=12).contains(&hours) {
            let message = format!("a session of `{}` lasts {hours} hours", template.path());
            let diagnostic =
                Diagnostic::error(&PERMISSION_SET_SESSION, message, template.location())
                    .allowed("1 to 12 hours")
                    .help("say `.session_hours(8)`, a working day");
            template.report(diagnostic);
        }
        let mut set = sso::PermissionSet::new(&self.instance, self.name)
            .session_duration(format!("PT{hours}H"));
        if let Some(description) = self.description {
            set = set.description(description);
        }
        if !self.managed_policies.is_empty() {
            set = set.managed_policies(self.managed_policies);
        }
        if !self.policy.is_empty() {
            set = set.inline_policy(self.policy);
        }
        let resource = template.add("set", set);
        PermissionSetRef { arn: resource.permission_set_arn(), resource, instance: self.instance }
    }
}
