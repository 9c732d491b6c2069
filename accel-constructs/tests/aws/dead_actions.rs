//! Permissions that a policy of the organization, or a boundary, makes void.

use accel_cfn::iam;
use accel_constructs::{
    foundation::{
        Account, Organization, OrganizationScope as _, PolicyTarget, ServiceControlPolicy,
    },
    security::{Guardrails, OrganizationGuardrail},
};
use accel_core::{
    AccountRef, App, FitsIn, Level, PolicyDocument, Region, Scope, Stack, StackSet, Template,
    actions, email,
    policy::{Action, Actions, Operator, Principal, Statement},
};

use super::{organization, synth};

const SNAPSHOTS: [&str; 3] = ["ec2:ModifySnapshotAttribute", "ec2:CreateSnapshot", "s3:GetObject"];

fn trust() -> PolicyDocument {
    let trust = Statement::allow(actions!["sts:AssumeRole"]);
    PolicyDocument::from([trust.principal(Principal::service("ec2.amazonaws.com"))])
}

/// What synthesis warns of dead actions in what `build` makes of the accounts `prod` and `dev`, under
/// policies that `guard` attaches.
fn warned_of(
    guard: impl FnOnce(&mut Scope<'_, Organization>, AccountRef),
    build: impl FnOnce(&mut App, AccountRef, AccountRef),
) -> Vec<String> {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let prod = org.add("prod", Account::builder().email(email!("aws+prod@example.com")).build());
    let dev = org.add("dev", Account::builder().email(email!("aws+dev@example.com")).build());
    guard(&mut org, prod);
    build(&mut app, prod, dev);
    let assembly = synth(app);
    let warnings = assembly.warnings().iter().map(ToString::to_string);
    let lines = |text: String| {
        let lines = text.lines().filter(|line| !line.starts_with("  -->"));
        lines.collect::<Vec<_>>().join("\n")
    };
    warnings.filter(|text| text.contains("dead-action")).map(lines).collect()
}

fn guardrail(org: &mut Scope<'_, Organization>, deny: Statement) {
    let root = org.root();
    let guardrail = OrganizationGuardrail::service_control("acme.own", [deny]);
    org.add("guardrails", Guardrails::builder().guardrails([guardrail]).targets([root]).build());
}

/// Attaches a policy to one account.
fn attach(org: &mut Scope<'_, Organization>, account: AccountRef, deny: Statement) {
    let policy = ServiceControlPolicy::builder().document(PolicyDocument::from([deny]));
    org.add("own", policy.targets([PolicyTarget::from(account)]).build());
}

fn allow(actions: &[&str]) -> PolicyDocument {
    let actions = actions.iter().map(|action| Action::parse(action).expect("an action"));
    let allow = Statement::allow(actions.collect::<Vec<_>>());
    PolicyDocument::from([allow.resource("arn:aws:ec2:*:*:snapshot/*")])
}

/// A role `backup` with a policy that allows the actions.
fn role<L: Level>(scope: &mut Scope<'_, L>, role: iam::Role, allowed: &[&str])
where
    Template: FitsIn<L, iam::Role> + FitsIn<L, iam::Policy>,
{
    let role = scope.add("role", role.role_name("backup"));
    scope.add("policy", iam::Policy::new(allow(allowed), "backup").roles([role.name()]));
}

/// What synthesis warns of dead actions if a role `backup` of the account `prod` is allowed `allowed`, under
/// a guardrail for the whole organization and within `boundary`.
fn warned(allowed: &[&str], deny: Statement, boundary: Option<Statement>) -> Vec<String> {
    warned_of(
        |org, _| guardrail(org, deny),
        |app, prod, _| {
            let mut roles = app.open("roles", Stack::new(prod.in_region(Region::US_EAST_1)));
            let mut backup = iam::Role::new(trust());
            if let Some(statement) = boundary {
                let boundary = PolicyDocument::from([statement.resource("*")]);
                let boundary = iam::ManagedPolicy::new(boundary).managed_policy_name("limits");
                let boundary = roles.add("boundary", boundary);
                backup = backup.permissions_boundary(boundary.policy_arn());
            }
            role(&mut roles, backup, allowed);
        },
    )
}

fn deny(actions: impl Into<Actions>) -> Statement {
    Statement::deny(actions).resource("*")
}

#[test]
fn an_action_that_the_organization_denies_to_the_role_is_dead() {
    let warned = warned(&SNAPSHOTS, deny(actions!["ec2:ModifySnapshotAttribute"]), None);
    insta::assert_snapshot!(warned.join("\n"));
}

#[test]
fn what_hangs_on_the_request_or_the_resource_is_not_dead() {
    let none: Vec<String> = Vec::new();
    let elsewhere = deny(actions!["ec2:*"]);
    let elsewhere = elsewhere.when(Operator::StringNotEquals, "aws:RequestedRegion", "eu-west-1");
    assert_eq!(warned(&SNAPSHOTS, elsewhere, None), none);
    let one =
        Statement::deny(actions!["ec2:CreateSnapshot"]).resource("arn:aws:ec2:*:*:snapshot/x");
    assert_eq!(warned(&SNAPSHOTS, one, None), none);
    let others = Statement::deny(actions!["ec2:CreateSnapshot"])
        .not_resources(["arn:aws:ec2:*:*:snapshot/*"]);
    assert_eq!(warned(&SNAPSHOTS, others, None), none);
    // A pattern allows more than one action, and what is left of it may be meant.
    assert_eq!(warned(&["ec2:Modify*"], deny(actions!["ec2:ModifySnapshotAttribute"]), None), none);
}

#[test]
fn a_role_that_is_an_exception_keeps_its_permissions() {
    let exempt = |role: &str| {
        let deny = deny(actions!["ec2:CreateSnapshot"]);
        let arn = format!("arn:aws:iam::*:role/{role}");
        warned(&SNAPSHOTS, deny.when(Operator::ArnNotLike, "aws:PrincipalArn", arn), None)
    };
    assert_eq!(exempt("backup"), Vec::<String>::new());
    assert_eq!(exempt("restore").len(), 1);
}

#[test]
fn what_a_boundary_never_allows_is_dead() {
    let nothing = || deny(actions!["organizations:LeaveOrganization"]);
    let boundary = Statement::allow(actions!["ec2:*"]);
    let warned_ = warned(&SNAPSHOTS, nothing(), Some(boundary));
    assert_eq!(warned_.len(), 1);
    let text = "is allowed `s3:GetObject`, which its boundary `prod/us-east-1/roles/boundary` does not allow";
    assert!(warned_[0].contains(text), "{}", warned_[0]);
    let boundary = Statement::allow(actions!["ec2:*", "s3:*"]);
    assert_eq!(warned(&SNAPSHOTS, nothing(), Some(boundary)), Vec::<String>::new());
}

#[test]
fn a_role_of_a_stack_set_has_something_dead_where_it_is_dead_in_all_accounts() {
    let set = |app: &mut App, prod: AccountRef, dev: AccountRef| {
        let set = StackSet::for_accounts([prod, dev]).regions([Region::EU_WEST_1]);
        role(&mut app.open("everywhere", set), iam::Role::new(trust()), &SNAPSHOTS);
    };
    let snapshots = || deny(actions!["ec2:CreateSnapshot"]);
    let everywhere = warned_of(|org, _| guardrail(org, snapshots()), set);
    assert_eq!(everywhere.len(), 1, "{everywhere:?}");
    assert!(everywhere[0].contains("`everywhere/role` is allowed `ec2:CreateSnapshot`, which"));
    let in_one = warned_of(|org, prod| attach(org, prod, snapshots()), set);
    assert_eq!(in_one, Vec::<String>::new());
}

#[test]
fn policies_of_other_stacks_are_the_roles_too() {
    let build = |of_boundary: bool| {
        move |app: &mut App, prod: AccountRef, _: AccountRef| {
            let place = || Stack::new(prod.in_region(Region::EU_WEST_1));
            let mut shared = app.open("shared", place());
            let document = if of_boundary { allow(&["s3:ListBucket"]) } else { allow(&SNAPSHOTS) };
            let policy = iam::ManagedPolicy::new(document).managed_policy_name("shared");
            let arn = shared.add("policy", policy).policy_arn();
            let backup = iam::Role::new(trust());
            let mut roles = app.open("roles", place());
            if of_boundary {
                role(&mut roles, backup.permissions_boundary(arn), &["s3:GetObject"]);
            } else {
                roles.add("role", backup.managed_policy_arns([arn]));
            }
        }
    };
    let deny = || deny(actions!["ec2:CreateSnapshot"]);
    let managed = warned_of(|org, _| guardrail(org, deny()), build(false));
    assert_eq!(managed.len(), 1, "{managed:?}");
    assert!(managed[0].contains("`prod/eu-west-1/roles/role` is allowed `ec2:CreateSnapshot`"));
    let bounded = warned_of(|org, _| guardrail(org, deny()), build(true));
    assert_eq!(bounded.len(), 1, "{bounded:?}");
    assert!(
        bounded[0].contains("which its boundary `prod/eu-west-1/shared/policy` does not allow")
    );
}

#[test]
fn what_one_line_makes_in_many_accounts_is_one_warning() {
    let warned = warned_of(
        |org, _| guardrail(org, deny(actions!["ec2:CreateSnapshot"])),
        |app, prod, dev| {
            for account in [prod, dev] {
                let stack = Stack::new(account.in_region(Region::EU_WEST_1));
                let mut roles = app.open("roles", stack);
                role(&mut roles, iam::Role::new(trust()), &SNAPSHOTS);
            }
        },
    );
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert!(warned[0].contains("/role` and 1 more are allowed `ec2:CreateSnapshot`, which"));
}

#[test]
fn another_account_that_may_not_is_no_reason() {
    // `dev` may not; `prod` may not of what is its own, but of what another account has.
    let own = |values: &'static str| {
        let deny = deny(actions!["ec2:CreateSnapshot"]);
        deny.when(Operator::StringEquals, "aws:ResourceAccount", values)
    };
    let build = |app: &mut App, _: AccountRef, dev: AccountRef| {
        let mut roles = app.open("roles", Stack::new(dev.in_region(Region::EU_WEST_1)));
        role(&mut roles, iam::Role::new(trust()), &SNAPSHOTS);
    };
    let outright = || deny(actions!["ec2:CreateSnapshot"]);
    let guard = |org: &mut Scope<'_, Organization>, prod: AccountRef| {
        attach(org, prod, outright());
        guardrail(org, own("${aws:PrincipalAccount}"));
    };
    assert_eq!(warned_of(guard, build), Vec::<String>::new());
    let turned_round = |org: &mut Scope<'_, Organization>, _: AccountRef| {
        let deny = deny(actions!["ec2:CreateSnapshot"]);
        let test = Operator::StringEquals;
        guardrail(org, deny.when(test, "aws:PrincipalAccount", "${aws:ResourceAccount}"));
    };
    assert_eq!(warned_of(turned_round, build), Vec::<String>::new());
}

#[test]
fn all_but_some_actions_may_be_denied() {
    let others = || Statement::deny(Actions::except(actions!["ec2:*"])).resource("*");
    let warned_ = warned(&SNAPSHOTS, others(), None);
    assert_eq!(warned_.len(), 1, "{warned_:?}");
    assert!(warned_[0].contains("is allowed `s3:GetObject`, which"), "{}", warned_[0]);
}
