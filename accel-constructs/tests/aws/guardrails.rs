//! Preventive guardrails: what stands in the policies, and what is refused.

use accel_constructs::{
    foundation::{OrganizationScope as _, OrganizationalUnit, PolicyTarget},
    security::{Guardrails, OrganizationGuardrail},
};
use accel_core::{
    App, Region, actions,
    policy::{Operator, PolicyProfile, Statement},
};
use serde_json::Value;

use super::{codes, of_type, organization, synth, template};

/// The policies of the organization that `guardrails` become when attached to the root.
fn policies(guardrails: Vec<OrganizationGuardrail>) -> Vec<Value> {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let root = org.root();
    let guardrails = Guardrails::builder().guardrails(guardrails).targets([root]).build();
    org.add("guardrails", guardrails);
    let home = template(&synth(app), "management/us-east-1/org/home");
    let mut policies: Vec<Value> =
        of_type(&home, "AWS::Organizations::Policy").into_iter().cloned().collect();
    policies.sort_by_key(|policy| policy["Name"].to_string());
    policies
}

fn problems(guardrails: Vec<OrganizationGuardrail>) -> Vec<&'static str> {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let root = org.root();
    org.add("guardrails", Guardrails::builder().guardrails(guardrails).targets([root]).build());
    codes(app)
}

/// The statement of a guardrail, wherever it was packed.
fn statement<'a>(policies: &'a [Value], sid: &str) -> &'a Value {
    let statements = policies
        .iter()
        .flat_map(|policy| policy["Content"]["Statement"].as_array().into_iter().flatten());
    let mut found =
        statements.filter(|statement| statement["Sid"].as_str().is_some_and(|it| it.contains(sid)));
    let statement = found.next().unwrap_or_else(|| panic!("no statement {sid}"));
    assert!(found.next().is_none(), "{sid} twice");
    statement
}

#[test]
fn parameters_and_exemptions_stand_in_the_statement() {
    let regions = [Region::EU_WEST_1, Region::US_EAST_1];
    let users = OrganizationGuardrail::iam_deny_users().exempt(["arn:aws:iam::*:role/break-glass"]);
    let policies = policies(vec![
        OrganizationGuardrail::region_allow_list(regions),
        users,
        OrganizationGuardrail::root_deny_actions(),
        OrganizationGuardrail::s3_require_tls(),
    ]);
    let regions = statement(&policies, "RegionAllowList");
    let allowed = &regions["Condition"]["StringNotEquals"]["aws:RequestedRegion"];
    assert_eq!(*allowed, serde_json::json!(["eu-west-1", "us-east-1"]));
    assert!(regions["NotAction"].as_array().unwrap().contains(&"iam:*".into()));

    let exempt =
        |sid| statement(&policies, sid)["Condition"]["ArnNotLike"]["aws:PrincipalArn"].clone();
    let platform =
        ["arn:*:iam::*:role/OrganizationAccountAccessRole", "arn:*:iam::*:role/stacksets-exec-*"];
    assert_eq!(exempt("RegionAllowList"), serde_json::json!(platform));
    let users = [platform[0], platform[1], "arn:aws:iam::*:role/break-glass"];
    assert_eq!(exempt("IamDenyUsers"), serde_json::json!(users));
    // Nobody is exempt from these, the platform neither.
    assert!(exempt("RootDenyActions").is_null());
    let tls = statement(&policies, "S3RequireTls");
    assert_eq!(tls["Principal"], "*");
    assert_eq!(tls["Condition"].as_object().unwrap().keys().collect::<Vec<_>>(), ["BoolIfExists"]);
}

#[test]
fn the_confused_deputy_is_denied_and_nobody_else() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let (root, id) = (org.root(), org.organization_id());
    let guardrail = OrganizationGuardrail::dp_confused_deputy(id, [] as [&str; 0]);
    org.add("guardrails", Guardrails::builder().guardrails([guardrail]).targets([root]).build());
    let home = template(&synth(app), "management/us-east-1/org/home");
    let policies: Vec<Value> =
        of_type(&home, "AWS::Organizations::Policy").into_iter().cloned().collect();
    // Without the last two every principal of the organization would be denied.
    let conditions = &statement(&policies, "DpConfusedDeputy")["Condition"];
    assert!(conditions["StringNotEqualsIfExists"]["aws:SourceOrgID"]["Ref"].is_string());
    assert_eq!(conditions["Null"]["aws:SourceAccount"], "false");
    assert_eq!(conditions["Bool"]["aws:PrincipalIsAWSService"], "true");
}

/// A guardrail of some 2,500 characters.
fn own(index: usize) -> OrganizationGuardrail {
    let roles = (0..30).map(|n| format!("arn:aws:iam::*:role/role-{index}-{n}-{}", "x".repeat(40)));
    let deny = Statement::deny(actions!["ec2:RunInstances"]).resources(roles.collect::<Vec<_>>());
    let region = deny.when(Operator::StringEquals, "aws:RequestedRegion", REGIONS[index]);
    OrganizationGuardrail::service_control(format!("acme.own-{index}"), [region])
}

const REGIONS: [&str; 9] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

#[test]
fn a_guardrail_that_is_added_last_moves_no_other() {
    let before = policies((0..5).map(own).collect());
    let after = policies((0..6).map(own).collect());
    let sids = |policies: &[Value]| -> Vec<(String, String)> {
        let rows = policies.iter().flat_map(|policy| {
            let statements = policy["Content"]["Statement"].as_array().into_iter().flatten();
            let name = policy["Name"].to_string();
            statements.map(move |it| (it["Sid"].to_string(), name.clone()))
        });
        rows.collect()
    };
    let (before, after) = (sids(&before), sids(&after));
    assert_eq!((before.len(), after.len()), (5, 6));
    assert!(before.iter().all(|place| after.contains(place)), "{before:?} {after:?}");
}

#[test]
fn what_does_not_fit_is_told_with_the_size_of_each() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let root = org.root();
    let guardrails = Guardrails::builder().guardrails((0..9).map(own)).targets([root]).build();
    org.add("guardrails", guardrails);
    let diagnostics = accel_synth::synth(app).expect_err("too many");
    let text = diagnostics.iter().map(ToString::to_string).collect::<String>();
    insta::assert_snapshot!(text.replace(env!("CARGO_MANIFEST_DIR"), ""));
}

#[test]
fn raised_limits_are_taken_by_those_who_ask_for_them() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let root = org.root();
    let guardrails = Guardrails::builder()
        .guardrails((0..9).map(own))
        .targets([root])
        .profile(PolicyProfile::Raised)
        .policies(3)
        .build();
    let made = org.add("guardrails", guardrails);
    assert_eq!(made.service_control.len(), 3);
    synth(app);
}

#[test]
fn statements_that_can_be_one_are_one() {
    let guardrails = [
        OrganizationGuardrail::iam_deny_users(),
        OrganizationGuardrail::iam_deny_password_policy(),
        OrganizationGuardrail::region_deny_enable_disable(),
    ];
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let root = org.root();
    let guardrails = Guardrails::builder().guardrails(guardrails).targets([root]).policies(1);
    org.add("guardrails", guardrails.build());
    let home = template(&synth(app), "management/us-east-1/org/home");
    let [policy] = of_type(&home, "AWS::Organizations::Policy")[..] else { panic!("one") };
    let [statement] = &policy["Content"]["Statement"].as_array().unwrap()[..] else {
        panic!("one statement: {policy}")
    };
    assert_eq!(statement["Sid"], "IamDenyUsersIamDenyPasswordPolicyRegionDenyEnableDisable");
    let actions = statement["Action"].as_array().unwrap();
    assert!(actions.contains(&"iam:CreateUser".into()));
    assert!(actions.contains(&"account:DisableRegion".into()));
}

#[test]
fn guardrails_hold_where_they_are_attached() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let sandbox = org.add("sandbox", OrganizationalUnit::builder().build());
    let targets = [PolicyTarget::from(sandbox)];
    let guardrails = [OrganizationGuardrail::kms_deny_deletion()];
    let guardrails = Guardrails::builder().guardrails(guardrails).targets(targets).build();
    let made = org.add("guardrails", guardrails);
    assert_eq!((made.service_control.len(), made.resource_control.len()), (1, 0));
    let home = template(&synth(app), "management/us-east-1/org/home");
    let [policy] = of_type(&home, "AWS::Organizations::Policy")[..] else { panic!("one") };
    assert!(policy["TargetIds"][0]["Ref"].as_str().unwrap().contains("SandboxId"));
    assert!(policy["Name"].as_str().unwrap().starts_with("guardrails-service-control-"));
}

#[test]
fn exemptions_that_are_no_exemptions_are_refused() {
    for pattern in
        ["*", "arn:aws:iam::*:role/*", "admin", "arn:aws:s3:::bucket", "arn:*:iam::*:root"]
    {
        let guardrail = OrganizationGuardrail::iam_deny_users().exempt([pattern]);
        assert_eq!(problems(vec![guardrail]), ["guardrail-exemption"], "{pattern}");
    }
    let nobody = OrganizationGuardrail::root_deny_keys().exempt(["arn:aws:iam::*:role/ops"]);
    assert_eq!(problems(vec![nobody]), ["guardrail-exemption"]);
    let nowhere = OrganizationGuardrail::org_deny_leave().exempt_accounts(["111111111111"]);
    assert_eq!(problems(vec![nowhere]), ["guardrail-exemption"]);
}

#[test]
fn a_guardrail_is_one_policy_at_most_and_has_one_name() {
    let roles = (0..200).map(|n| format!("arn:aws:iam::*:role/some-role-with-a-name-{n}"));
    let deny = Statement::deny(actions!["iam:PassRole"]).resources(roles.collect::<Vec<_>>());
    let large = OrganizationGuardrail::service_control("acme.large", [deny]);
    assert_eq!(problems(vec![large]), ["guardrail-too-large"]);
    let twice = vec![OrganizationGuardrail::org_deny_leave(); 2];
    assert_eq!(problems(twice), ["guardrail-id"]);
    let deny = Statement::deny(actions!["iam:PassRole"]).resource("*");
    let named = OrganizationGuardrail::service_control("no roles!", [deny]);
    assert_eq!(problems(vec![named]), ["guardrail-id"]);
}

#[test]
fn policies_of_resources_deny_what_they_name() {
    let everything = Statement::deny(actions!["*"]).resource("*");
    let allow = Statement::allow(actions!["s3:GetObject"]).resource("*");
    for statement in [everything, allow] {
        let guardrail = OrganizationGuardrail::resource_control("acme.own", [statement]);
        assert_eq!(
            problems(vec![guardrail]),
            ["guardrail-statement", "resource-control-statement"]
        );
    }
    let nowhere = OrganizationGuardrail::region_allow_list([]);
    assert_eq!(problems(vec![nowhere]), ["guardrail-statement"]);
    let unnamed = OrganizationGuardrail::sec_protect_alarms([] as [&str; 0]);
    assert_eq!(problems(vec![unnamed]), ["guardrail-statement"]);
    let nothing = OrganizationGuardrail::service_control("acme.nothing", []);
    assert_eq!(problems(vec![nothing]), ["guardrail-statement"]);
    let mut app = App::new("acme");
    let guardrails = [OrganizationGuardrail::org_deny_leave()];
    let guardrails = Guardrails::builder().guardrails(guardrails).targets([] as [PolicyTarget; 0]);
    organization(&mut app).add("guardrails", guardrails.build());
    assert_eq!(codes(app), ["guardrail-targets"]);
}

#[test]
fn an_id_that_is_not_known_yet_has_room() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let (root, id) = (org.root(), org.organization_id());
    let deny = |index: usize, size: usize| {
        let actions = actions!["s3:*"];
        let name = "x".repeat(size);
        let deny = Statement::deny(actions).resource(format!("arn:aws:s3:::{name}"));
        let deny = deny.when(Operator::StringEquals, "aws:PrincipalOrgID", id);
        OrganizationGuardrail::service_control(format!("acme.own-{index}"), [deny])
            .without_exemptions()
    };
    // Both fit where the id is nothing, and not where it has the characters that it can have.
    let guardrails = [deny(1, 2_380), deny(2, 2_380)];
    let made = Guardrails::builder().guardrails(guardrails).targets([root]).build();
    let made = org.add("guardrails", made);
    assert_eq!(made.service_control.len(), 2);
}
