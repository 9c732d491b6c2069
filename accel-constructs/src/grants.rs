//! Grants: what lets a role use a resource, on whichever sides of it AWS asks for permission.
//!
//! In one account the role's own policy is enough. Across accounts the policy of the resource has to
//! say so as well; it names the role's account and compares the role's ARN, because a policy that names
//! a role directly is refused while the role does not exist.

use accel_cfn::iam::{self, RoleArn};
use accel_core::{
    AccountRef, Attr, Diagnostic, Handle, Level, Object, Prop, Reference as _, Resource, Scope,
    Value,
    policy::{Action, Operator, Principal, Statement},
    text,
    tree::{Kind, NodeId, Tree},
};

use crate::security::{ExistingRole, IamRoleRef};

pub mod codes;

use codes::{GRANT_INTO_STACK_SET, GRANT_TO_UNNAMED_ROLE};

/// Who gets a grant: a role of this program, or one that exists already.
#[derive(Clone, Debug)]
pub struct Grantee(Who);

#[derive(Clone, Debug)]
enum Who {
    Role(iam::RoleRef),
    Existing(Value<RoleArn>),
}

impl From<iam::RoleRef> for Grantee {
    fn from(role: iam::RoleRef) -> Self {
        Self(Who::Role(role))
    }
}
impl From<IamRoleRef> for Grantee {
    fn from(role: IamRoleRef) -> Self {
        role.resource.into()
    }
}
impl From<ExistingRole> for Grantee {
    fn from(role: ExistingRole) -> Self {
        Self(Who::Existing(role.arn))
    }
}

/// What a resource gives with a grant.
pub(crate) struct Grant {
    /// The resource that has the policy, and the property that is its document.
    pub(crate) policy: (Handle, &'static str),
    /// What is allowed.
    pub(crate) actions: Vec<Action>,
    /// On what: the resource's ARN with what follows it.
    pub(crate) on: Vec<(Attr<String>, &'static str)>,
    /// Whether the resource calls itself `*` in its own policy, as a key does.
    pub(crate) itself_is_star: bool,
}

impl Grant {
    /// Writes the grant into the policies that need it; says whether it could.
    #[track_caller]
    pub(crate) fn give<L: Level>(self, scope: &mut Scope<'_, L>, grantee: Grantee) -> bool {
        let role = match grantee.0 {
            Who::Existing(arn) => {
                let principal = Principal::aws(arn);
                self.allow_here(scope, self.own_statement().principal(principal));
                return true;
            }
            Who::Role(role) => role,
        };
        let node = role.handle().node();
        if [self.policy.0, role.handle()]
            .iter()
            .any(|handle| scope.tree().get(handle.node()).is_none())
        {
            // Looking reports a handle of another app.
            let _ = (&scope[self.policy.0], &scope[role]);
            return false;
        }
        match border(scope.tree(), self.policy.0.node(), node) {
            Border::None => self.allow_role(scope, role, None),
            Border::Between(account) => {
                let Some(arn) = arn_by_name(&scope[role], account) else {
                    report_unnamed(scope, node);
                    return false;
                };
                self.allow_role(scope, role, Some(account));
                let statement = self.own_statement().principal(Principal::account(account.id()));
                let statement = statement.when(Operator::ArnEquals, "aws:PrincipalArn", arn);
                self.allow_here(scope, statement);
            }
            Border::Unknown => {
                report_stack_set(scope, node);
                return false;
            }
        }
        true
    }

    /// In the role's own policy; `account` is the role's, if the resource is in another one.
    #[track_caller]
    fn allow_role<L: Level>(
        &self,
        scope: &mut Scope<'_, L>,
        role: iam::RoleRef,
        account: Option<AccountRef>,
    ) {
        let on: Vec<Value<String>> = self
            .on
            .iter()
            .map(|&(arn, suffix)| match account {
                Some(account) => text![scope.share(arn, account), suffix],
                None => text![arn, suffix],
            })
            .collect();
        let statement = Statement::allow(self.actions.clone()).resources(on);
        add_to_role(&mut scope[role], &statement);
    }

    #[track_caller]
    fn allow_here<L: Level>(&self, scope: &mut Scope<'_, L>, statement: Statement) {
        add_statement(&mut scope[self.policy.0], self.policy.1, &statement);
    }

    fn own_statement(&self) -> Statement {
        let statement = Statement::allow(self.actions.clone());
        if self.itself_is_star {
            statement.resource("*")
        } else {
            statement.resources(self.on.iter().map(|&(arn, suffix)| text![arn, suffix]))
        }
    }
}

/// What is between a resource and a role.
enum Border {
    /// Both are in one account.
    None,
    /// The role is in this other account.
    Between(AccountRef),
    /// A stack set is involved: its accounts are not known here.
    Unknown,
}

fn border(tree: &Tree, resource: NodeId, role: NodeId) -> Border {
    let template = |node: NodeId| {
        tree.get(node)?;
        let is_template = |kind: &Kind| matches!(kind, Kind::Stack(_) | Kind::StackSet(_));
        tree.ancestors(node).find(|&node| is_template(tree[node].kind()))
    };
    if template(resource) == template(role) {
        return Border::None;
    }
    let account = |node| Some(tree.environment(template(node)?)?.account);
    match (account(resource), account(role)) {
        (Some(owner), Some(user)) if owner == user => Border::None,
        (Some(_), Some(user)) => Border::Between(user),
        _ => Border::Unknown,
    }
}

/// The ARN of a role whose name is a literal: what others can know without an edge.
fn arn_by_name(role: &Resource, account: AccountRef) -> Option<Value<String>> {
    let name = role.get("RoleName")?.as_str()?;
    let path = role.get("Path").and_then(Prop::as_str).unwrap_or("/");
    let name = format!(":role{path}{name}");
    Some(text!["arn:", Value::own_partition(), ":iam::", account.id(), name])
}

/// The one inline policy that grants go into.
const POLICY_NAME: &str = "permissions";

/// Adds a statement to the inline policy of a role.
#[track_caller]
pub(crate) fn add_to_role(role: &mut Resource, statement: &Statement) {
    if role.get("Policies").is_none() {
        let document =
            Prop::object([("Statement", Prop::List(Vec::new())), ("Version", "2012-10-17".into())]);
        let policy =
            Prop::object([("PolicyDocument", document), ("PolicyName", POLICY_NAME.into())]);
        role.set("Policies", Prop::List(vec![policy]));
    }
    if let Some(Prop::List(policies)) = role.get_mut("Policies")
        && let Some(Prop::Object(policy)) = policies.first_mut()
        && let Some(Prop::Object(document)) = policy.get_mut("PolicyDocument")
    {
        push(document, statement);
    }
}

/// Adds a statement to the document that `property` is.
#[track_caller]
pub(crate) fn add_statement(resource: &mut Resource, property: &str, statement: &Statement) {
    if let Some(Prop::Object(document)) = resource.get_mut(property) {
        push(document, statement);
    }
}

fn push(document: &mut Object, statement: &Statement) {
    let statement = Prop::from(statement);
    if let Some(Prop::List(statements)) = document.get_mut("Statement")
        && !statements.contains(&statement)
    {
        statements.push(statement);
    }
}

fn report_unnamed<L: Level>(scope: &mut Scope<'_, L>, role: NodeId) {
    let path = scope.tree().path(role);
    let made = scope.tree()[role].location();
    let message = format!("`{path}` gets a grant in another account, and has no name");
    let diagnostic = Diagnostic::error(&GRANT_TO_UNNAMED_ROLE, message, made)
        .help("give the role a name: `IamRole::builder().name(\"..\")`");
    scope.report(diagnostic);
}

fn report_stack_set<L: Level>(scope: &mut Scope<'_, L>, role: NodeId) {
    let path = scope.tree().path(role);
    let made = scope.tree()[role].location();
    let message =
        format!("`{path}` gets a grant from another template, one of the two a stack set");
    let diagnostic = Diagnostic::error(&GRANT_INTO_STACK_SET, message, made).help(
        "a stack set is in many accounts: write both policies by hand, for instance with the \
         condition `aws:PrincipalOrgID`",
    );
    scope.report(diagnostic);
}
