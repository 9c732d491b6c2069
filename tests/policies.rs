//! What people may do is decided in unit tests: by the synthesized policies, through the organization's
//! tree, without AWS.

use accel::{
    cfn::{iam, kms, s3},
    constructs::{
        foundation::OrganizationalUnit,
        security::{Guardrails, IamRole, OrganizationGuardrail},
    },
    core::{AccountInfo, policy::Operator},
    prelude::*,
};
use accel_testing::{Expected, Identity, Simulate as _, assembly};

const PROD: Identity<'_> = Identity::Administrator { account: "prod" };
const DEV: Identity<'_> = Identity::Administrator { account: "dev" };
const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:{account}:trail/main";

/// Two accounts, one of them in a unit where nobody may subscribe to anything.
fn organization() -> App {
    let mut app = App::new("acme");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let unit = org.add("workloads", OrganizationalUnit::builder().build());
    let account = Account::builder().email(email!("aws+prod@example.com")).unit(unit);
    let prod = org.add("prod", account.build());
    org.add("dev", Account::builder().email(email!("aws+dev@example.com")).build());

    let root = org.root();
    let regions = OrganizationGuardrail::region_allow_list([Region::EU_WEST_1]);
    let everywhere = [OrganizationGuardrail::log_protect_cloudtrail("main"), regions];
    org.add("guardrails", Guardrails::builder().guardrails(everywhere).targets([root]).build());
    let subscribe = Statement::deny(actions!["aws-marketplace:Subscribe"]).resource("*");
    let own = [OrganizationGuardrail::service_control("acme.deny-marketplace", [subscribe])];
    org.add("purchases", Guardrails::builder().guardrails(own).targets([unit]).build());

    let mut stack = app.open("apps", Stack::new(prod.in_region(Region::EU_WEST_1)));
    let stop = Statement::allow(actions!["cloudtrail:StopLogging", "s3:GetObject"]).resource("*");
    let trusted = Principal::service("ec2.amazonaws.com");
    stack.add("worker", IamRole::builder().trusted([trusted]).statements([stop]).build());

    // What is theirs stands in a stack, and who uses it in another.
    let mut data = app.open("data", Stack::new(prod.in_region(Region::EU_WEST_1)));
    let orders = data.add("orders", s3::Bucket::new());
    let tls = Statement::deny(actions!["s3:*"]).sid("OverTlsOnly").principal(Principal::any());
    let tls = tls.resource("*").when(Operator::Bool, "aws:SecureTransport", "false");
    let policy = PolicyDocument::from([tls]);
    data.add("orders-policy", s3::BucketPolicy::new(orders.name(), policy));
    let key = data.add("key", kms::Key::new());
    let mut more = app.open("more", Stack::new(prod.in_region(Region::EU_WEST_1)));
    let read =
        Statement::allow(actions!["s3:GetObject"]).resource(text![orders.arn(), "/public/*"]);
    let decrypt = Statement::allow(actions!["kms:Decrypt"]).resource(key.arn());
    let trusted = Principal::service("ec2.amazonaws.com");
    let reader = IamRole::builder().trusted([trusted]).statements([read, decrypt]);
    more.add("reader", reader.build());
    app
}

#[test]
fn policies_of_resources_are_in_force_over_the_borders_of_stacks() {
    let assembly = assembly(organization());
    let reader = Identity::Role { stack: "prod/eu-west-1/more", role: "reader/role" };
    let ask = |action, on| {
        let request = assembly.simulate(reader.clone()).action(action).on(on);
        request.with("aws:RequestedRegion", "eu-west-1")
    };
    let object = |path| ask("s3:GetObject", path);
    object("prod/eu-west-1/data/orders/public/1").complete().assert_allowed();
    object("prod/eu-west-1/data/orders/private/1").complete().assert_denied();
    let plain = object("prod/eu-west-1/data/orders/public/1").with("aws:SecureTransport", "false");
    plain.complete().assert_denied_by("OverTlsOnly");
    // A key without a policy leaves it to its account, and a trust policy trusts nobody else.
    ask("kms:Decrypt", "prod/eu-west-1/data/key").complete().assert_allowed();
    ask("kms:Encrypt", "prod/eu-west-1/data/key").complete().assert_denied();
    let worker = "prod/eu-west-1/apps/worker/role";
    ask("sts:AssumeRole", worker).complete().assert_denied();
    let service = assembly.simulate(Identity::Principal("ec2.amazonaws.com"));
    service.action("sts:AssumeRole").on(worker).complete().assert_allowed();
}

#[test]
fn the_root_user_is_bound_by_the_organization() {
    let assembly = assembly(organization());
    let root = |account| {
        let root = assembly.simulate(Identity::Root { account });
        root.action("cloudtrail:StopLogging").on(TRAIL).complete()
    };
    root("prod").assert_denied_by("log.protect-cloudtrail");
    let read = assembly.simulate(Identity::Root { account: "prod" });
    let read = read.action("s3:GetObject").on("prod/eu-west-1/data/orders/public/1");
    read.with("aws:RequestedRegion", "eu-west-1").complete().assert_allowed();
}

#[test]
fn a_guardrail_stands_over_what_a_role_may_do() {
    let assembly = assembly(organization());
    let worker = Identity::Role { stack: "prod/eu-west-1/apps", role: "worker/role" };
    let here = |action| {
        assembly.simulate(worker.clone()).action(action).with("aws:RequestedRegion", "eu-west-1")
    };
    here("cloudtrail:StopLogging").on(TRAIL).complete().assert_denied_by("LogProtectCloudtrail");
    here("s3:GetObject").on("arn:aws:s3:::orders/1").complete().assert_allowed();
    here("s3:PutObject").on("arn:aws:s3:::orders/1").complete().assert_denied();
}

#[test]
fn a_policy_of_a_unit_binds_the_accounts_in_it() {
    let assembly = assembly(organization());
    let subscribe = |identity| {
        let request = assembly.simulate(identity).action("aws-marketplace:Subscribe");
        request.with("aws:RequestedRegion", "eu-west-1").complete()
    };
    subscribe(PROD).assert_denied_by("AcmeDenyMarketplace");
    subscribe(DEV).assert_allowed();
}

#[test]
fn a_table_of_requests_is_decided_row_by_row() {
    let assembly = assembly(organization());
    let administrator = assembly.simulate(PROD).with("aws:RequestedRegion", "eu-west-1");
    administrator.assert_cases([
        ("cloudtrail:StopLogging", TRAIL, Expected::DeniedBy("LogProtectCloudtrail")),
        ("aws-marketplace:Subscribe", "*", Expected::Denied),
        ("s3:GetObject", "prod/eu-west-1/data/orders/1", Expected::Unknown),
    ]);
    administrator.complete().assert_cases([
        ("s3:GetObject", "prod/eu-west-1/data/orders/1", Expected::Allowed),
        ("cloudtrail:GetTrailStatus", TRAIL, Expected::Allowed),
    ]);
}

#[test]
#[should_panic(expected = "is allowed")]
fn a_row_that_is_decided_otherwise_is_shown() {
    let assembly = assembly(organization());
    let rows = [("ec2:RunInstances", "*", Expected::Denied)];
    let request = assembly.simulate(PROD).with("aws:RequestedRegion", "eu-west-1");
    request.complete().assert_cases(rows);
}

#[test]
fn a_session_has_what_its_policy_and_its_role_both_allow() {
    let assembly = assembly(organization());
    let read = r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#;
    let session = assembly.simulate(PROD).session(read).with("aws:RequestedRegion", "eu-west-1");
    session.complete().assert_cases([
        ("s3:GetObject", "arn:aws:s3:::any/1", Expected::Allowed),
        ("s3:PutObject", "arn:aws:s3:::any/1", Expected::Denied),
    ]);
}

#[test]
fn every_level_of_the_organization_must_allow() {
    let assembly = assembly(organization());
    let run = || {
        let request = assembly.simulate(PROD).action("ec2:RunInstances");
        request.with("aws:RequestedRegion", "eu-west-1").complete()
    };
    run().assert_allowed();
    for level in ["root", "org/workloads", "prod"] {
        run().without_full_access(level).assert_denied();
    }
}

#[test]
#[should_panic(expected = "no level is at `sales`; there are\n  org/workloads\n  prod\n  root")]
fn a_level_that_is_not_there_says_which_are() {
    let assembly = assembly(organization());
    drop(assembly.simulate(PROD).without_full_access("sales"));
}

#[test]
fn a_boundary_limits_what_a_role_may_do() {
    let mut app = organization();
    let prod = app.scope().declare_account_as("sandbox", AccountInfo::default());
    let mut stack = app.open("limited", Stack::new(prod.in_region(Region::EU_WEST_1)));
    let few = PolicyDocument::from([Statement::allow(actions!["s3:*"]).resource("*")]);
    let boundary = stack.add("boundary", iam::ManagedPolicy::new(few));
    let all = PolicyDocument::from([Statement::allow(actions!["s3:*", "ec2:*"]).resource("*")]);
    let trust = Statement::allow(actions!["sts:AssumeRole"]);
    let trust = trust.principal(Principal::service("ec2.amazonaws.com"));
    let role = iam::Role::new(PolicyDocument::from([trust]));
    let role = role.permissions_boundary(boundary.arn());
    stack.add("role", role.policies([iam::role::Policy::new(all, "all")]));
    let assembly = assembly(app);
    let role = Identity::Role { stack: "sandbox/eu-west-1/limited", role: "role" };
    let role = assembly.simulate(role).with("aws:RequestedRegion", "eu-west-1").complete();
    role.assert_cases([
        ("s3:GetObject", "arn:aws:s3:::any/1", Expected::Allowed),
        ("ec2:RunInstances", "*", Expected::Denied),
    ]);
}

#[test]
fn the_management_account_is_bound_by_none() {
    let assembly = assembly(organization());
    let management = assembly.manifest().accounts.iter().find(|(_, account)| account.management);
    let (account, _) = management.expect("one manages");
    let stop = assembly.simulate(Identity::Administrator { account });
    stop.action("cloudtrail:StopLogging").on(TRAIL).complete().assert_allowed();
}

#[test]
#[should_panic(expected = "hangs on `aws:requestedregion`")]
fn what_nobody_said_is_asked_for() {
    let assembly = assembly(organization());
    assembly.simulate(PROD).action("ec2:RunInstances").assert_allowed();
}

#[test]
#[should_panic(expected = "no role is at `boss`; there are\n  worker/role")]
fn a_role_that_is_not_there_says_which_are() {
    let assembly = assembly(organization());
    drop(assembly.simulate(Identity::Role { stack: "prod/eu-west-1/apps", role: "boss" }));
}

#[test]
#[should_panic(
    expected = "no action `cloudtrail:StopLoging`; did you mean `cloudtrail:StopLogging`?"
)]
fn an_action_that_is_none_is_denied_to_nobody() {
    assembly(organization()).simulate(PROD).action("cloudtrail:StopLoging").assert_denied();
}

#[test]
#[should_panic(expected = "with `.action(..)`")]
fn who_asks_for_nothing_is_denied_nothing() {
    assembly(organization()).simulate(PROD).assert_denied();
}

#[test]
#[should_panic(
    expected = "no condition key: no request has it; did you mean `aws:RequestedRegion`?"
)]
fn a_key_that_no_request_has_says_nothing() {
    let assembly = assembly(organization());
    let start = assembly.simulate(PROD).action("ec2:StartInstances");
    start.with("aws:RequestRegion", "us-east-1").complete().assert_denied();
}

#[test]
#[should_panic(expected = "no resource is at `arn:aws:s3`")]
fn what_only_begins_as_an_arn_is_none() {
    drop(assembly(organization()).simulate(PROD).on("arn:aws:s3"));
}

#[test]
#[should_panic(expected = "and not by ``")]
fn a_statement_without_a_name_is_no_answer() {
    assembly(organization())
        .simulate(PROD)
        .action("cloudtrail:StopLogging")
        .on(TRAIL)
        .complete()
        .assert_denied_by("");
}
