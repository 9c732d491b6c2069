//! Policies that would lock out whoever keeps the organization running.

use accel_cfn::{iam, s3};
use accel_constructs::{
    foundation::{Account, EveryAccount, MonthlyBudget, Organization, OrganizationScope as _},
    security::{Guardrails, OrganizationGuardrail},
};
use accel_core::{
    AccountRef, App, IntoValue as _, PolicyDocument, Region, Scope, Stack, Value, actions, email,
    policy::{Actions, Keeper, Operator, Principal, Statement},
};

use super::{organization, synth};

/// An organization with an account `prod` that has a bucket in each of two regions.
fn app(guard: impl FnOnce(&mut Scope<'_, Organization>, AccountRef)) -> App {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let prod = org.add("prod", Account::builder().email(email!("aws+prod@example.com")).build());
    guard(&mut org, prod);
    for region in [Region::EU_WEST_1, Region::US_EAST_1] {
        let id = format!("data-{region}");
        app.open(&id, Stack::new(prod.in_region(region))).add("bucket", s3::Bucket::new());
    }
    app
}

fn attach(org: &mut Scope<'_, Organization>, guardrail: OrganizationGuardrail) {
    let root = org.root();
    org.add("guardrails", Guardrails::builder().guardrails([guardrail]).targets([root]).build());
}

/// What synthesis says, without lines.
fn said(app: App) -> String {
    let diagnostics = accel_synth::synth(app).expect_err("somebody is locked out");
    let text = diagnostics.to_string();
    assert!(text.contains("  --> accel-constructs/tests/aws/lockout.rs:"), "{text}");
    text.lines().filter(|line| !line.starts_with("  -->")).collect::<Vec<_>>().join("\n")
}

fn deny(actions: impl Into<Actions>) -> Statement {
    Statement::deny(actions).resource("*")
}

fn own(statement: Statement) -> OrganizationGuardrail {
    OrganizationGuardrail::service_control("acme.own", [statement])
}

#[test]
fn a_guardrail_that_denies_everything_to_everybody_locks_out_who_deploys() {
    let everything = || own(deny(actions!["*"]));
    let app_ = app(|org, _| attach(org, everything().without_exemptions()));
    insta::assert_snapshot!(said(app_));
    // Who deploys is exempt by default.
    synth(app(|org, _| attach(org, everything())));
}

#[test]
fn a_region_that_stacks_are_in_is_denied_to_who_deploys_them() {
    let elsewhere = |region: &str| {
        let deny = deny(actions!["*"]);
        own(deny.when(Operator::StringNotEquals, "aws:RequestedRegion", region.to_owned()))
            .without_exemptions()
    };
    let text = said(app(|org, _| attach(org, elsewhere("eu-west-1"))));
    assert!(text.contains("`cloudformation:CreateChangeSet` in `prod` (us-east-1)"), "{text}");
    assert!(!text.contains("(eu-west-1)"), "{text}");
    let text = said(app(|org, _| attach(org, elsewhere("us-east-1"))));
    assert!(text.contains("(eu-west-1)") && !text.contains("(us-east-1)"), "{text}");
}

#[test]
fn what_the_stacks_of_an_account_are_made_of_is_needed() {
    let buckets = || own(deny(actions!["s3:CreateBucket"])).without_exemptions();
    let text = said(app(|org, _| attach(org, buckets())));
    assert!(text.contains("`s3:CreateBucket` in `prod` (eu-west-1)"), "{text}");
    let queues = own(deny(actions!["sqs:CreateQueue"])).without_exemptions();
    synth(app(|org, _| attach(org, queues)));
}

#[test]
fn what_hangs_on_the_request_locks_nobody_out_for_certain() {
    let untagged = deny(actions!["s3:*"]).when(Operator::Null, "aws:RequestTag/team", true);
    synth(app(|org, _| attach(org, own(untagged).without_exemptions())));
    // The bucket that is made may be the one that is excepted.
    let others = Statement::deny(actions!["s3:*"]).not_resources(["arn:aws:s3:::acme-*"]);
    synth(app(|org, _| attach(org, own(others).without_exemptions())));
    let others = Statement::deny(actions!["s3:*"]).resource("arn:aws:s3:::trail-*");
    synth(app(|org, _| attach(org, own(others).without_exemptions())));
}

#[test]
fn the_role_for_emergencies_is_exempt_or_locked_out() {
    let roles = || own(deny(actions!["iam:*"]));
    let app_ = app(|org, _| {
        org.keeper(Keeper::break_glass("break-glass"));
        attach(org, roles());
    });
    insta::assert_snapshot!(said(app_));
    synth(app(|org, _| {
        org.keeper(Keeper::break_glass("break-glass"));
        attach(org, roles().exempt(["arn:aws:iam::*:role/break-glass"]));
    }));
}

#[test]
fn the_roles_of_stack_sets_are_exempt_or_locked_out() {
    let guard = |exempt: [&'static str; 2]| {
        app(|org, _| {
            let budget = MonthlyBudget::builder().limit_usd(10).emails([email!("a@example.com")]);
            org.add("budgets", EveryAccount::builder().construct(budget.build()).build());
            let root = org.root();
            let guardrails = Guardrails::builder()
                .guardrails([own(deny(actions!["cloudformation:*"]))])
                .targets([root])
                .platform_roles(exempt);
            org.add("guardrails", guardrails.build());
        })
    };
    let text =
        said(guard(["arn:*:iam::*:role/OrganizationAccountAccessRole", "arn:*:iam::*:role/x"]));
    assert!(text.contains("`stacksets-exec-"), "{text}");
    synth(guard(Guardrails::PLATFORM_ROLES));
}

#[test]
fn the_management_account_gets_into_the_others() {
    let nobody = || {
        OrganizationGuardrail::resource_control("acme.own", [deny(actions!["sts:AssumeRole"])])
            .without_exemptions()
    };
    let text = said(app(|org, _| attach(org, nobody())));
    assert!(text.contains("denies `OrganizationAccountAccessRole`"), "{text}");
    assert!(text.contains("`sts:AssumeRole` in `prod`"), "{text}");
    synth(app(|org, _| {
        org.keeper(Keeper::deployer("github-apply"));
        attach(org, nobody());
    }));
}

#[test]
fn an_account_that_is_excepted_by_its_id_is_asked_by_itself() {
    let app_ = |excepted: bool| {
        app(|org, prod| {
            let email = email!("aws+dev@example.com");
            let dev = org.add("dev", Account::builder().email(email).build());
            let mut guardrail = own(deny(actions!["cloudformation:*"])).without_exemptions();
            if excepted {
                let others = deny(actions!["cloudformation:*"]);
                let ids: [Value<String>; 2] = [prod.id().into_value(), dev.id().into_value()];
                let others = others.when(Operator::StringNotEquals, "aws:PrincipalAccount", ids);
                guardrail = own(others).without_exemptions();
            }
            attach(org, guardrail);
        })
    };
    said(app_(false));
    synth(app_(true));
}

#[test]
fn a_boundary_that_does_not_let_the_deployer_deploy_is_refused() {
    let app_ = |allowed: Statement| {
        let mut account = None;
        let mut app = app(|org, prod| {
            org.keeper(Keeper::deployer("deployer"));
            account = Some(prod);
        });
        let prod = account.expect("an account");
        let mut roles = app.open("roles", Stack::new(prod.in_region(Region::US_EAST_1)));
        let document = PolicyDocument::from([allowed.resource("*")]);
        let boundary = iam::ManagedPolicy::new(document);
        let boundary = roles.add("boundary", boundary.managed_policy_name("limits"));
        let trust = Statement::allow(actions!["sts:AssumeRole"])
            .principal(Principal::service("ec2.amazonaws.com"));
        let role = iam::Role::new(PolicyDocument::from([trust])).role_name("deployer");
        roles.add("role", role.permissions_boundary(boundary.policy_arn()));
        app
    };
    let text = said(app_(Statement::allow(actions!["s3:*"])));
    assert!(
        text.contains("the boundary `prod/us-east-1/roles/boundary` does not allow `deployer`"),
        "{text}"
    );
    assert!(text.contains("`cloudformation:CreateChangeSet`"), "{text}");
    synth(app_(Statement::allow(actions!["*"])));
}
