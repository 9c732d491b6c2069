//! Permissions that a policy of the organization, or a boundary, makes void.

use accel_cfn::iam;
use accel_constructs::{
    foundation::{Account, OrganizationScope as _},
    security::{Guardrails, OrganizationGuardrail},
};
use accel_core::{
    App, PolicyDocument, Region, Stack, actions, email,
    policy::{Action, Actions, Operator, Principal, Statement},
};

use super::organization;

const SNAPSHOTS: [&str; 3] = ["ec2:ModifySnapshotAttribute", "ec2:CreateSnapshot", "s3:GetObject"];

fn trust() -> PolicyDocument {
    let trust = Statement::allow(actions!["sts:AssumeRole"]);
    PolicyDocument::from([trust.principal(Principal::service("ec2.amazonaws.com"))])
}

/// What synthesis warns of dead actions if a role `backup` of the account `prod` is allowed `allowed`, under
/// `guardrail` and within `boundary`.
fn warned(allowed: &[&str], deny: Statement, boundary: Option<Statement>) -> Vec<String> {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let prod = org.add("prod", Account::builder().email(email!("aws+prod@example.com")).build());
    let root = org.root();
    let guardrail = OrganizationGuardrail::service_control("acme.own", [deny]);
    org.add("guardrails", Guardrails::builder().guardrails([guardrail]).targets([root]).build());
    let mut roles = app.open("roles", Stack::new(prod.in_region(Region::US_EAST_1)));
    let mut role = iam::Role::new(trust()).role_name("backup");
    if let Some(statement) = boundary {
        let boundary = iam::ManagedPolicy::new(PolicyDocument::from([statement.resource("*")]));
        let boundary = roles.add("boundary", boundary.managed_policy_name("limits"));
        role = role.permissions_boundary(boundary.policy_arn());
    }
    let role = roles.add("role", role);
    let allow = allowed.iter().map(|action| Action::parse(action).expect("an action"));
    let allow = Statement::allow(allow.collect::<Vec<_>>());
    let document = PolicyDocument::from([allow.resource("arn:aws:ec2:*:*:snapshot/*")]);
    roles.add("policy", iam::Policy::new(document, "backup").roles([role.name()]));
    let assembly = accel_synth::synth(app).expect("only warnings");
    let warnings = assembly.warnings().iter().map(ToString::to_string);
    let lines = |text: String| {
        let lines = text.lines().filter(|line| !line.starts_with("  -->"));
        lines.collect::<Vec<_>>().join("\n")
    };
    warnings.filter(|text| text.contains("dead-action")).map(lines).collect()
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
