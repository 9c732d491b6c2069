//! What is in every account, and where it is kept.

use accel_constructs::{
    foundation::{
        Account, BudgetAlert, EveryAccount, FlowLogs, GithubAccess, LogArchive, MonthlyBudget,
        Organization, OrganizationConfig, Vpc,
    },
    release::{GithubSubject, Repository},
};
use accel_core::{AccountRef, App, Region, Scope, Stack, cidr, email};
use serde_json::{Value, json};

use super::{after, codes, json, of_type, organization, synth, template};

const REGIONS: [Region; 2] = [Region::EU_WEST_1, Region::US_EAST_1];

fn account(org: &mut Scope<'_, Organization>, name: &str) -> AccountRef {
    let email = email!("aws@example.com").plus(name).unwrap_or_else(|error| panic!("{error}"));
    org.add(name, Account::builder().email(email).build())
}

/// The statements of all bucket policies that let the service in.
fn let_in<'a>(archive: &'a Value, service: &str) -> Vec<&'a Value> {
    of_type(archive, "AWS::S3::BucketPolicy")
        .into_iter()
        .flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().expect("statements"))
        .filter(|statement| statement["Principal"]["Service"] == service)
        .collect()
}

#[test]
fn flow_logs_go_to_the_archive_and_come_from_the_organization_alone() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let [audit, dev] = ["audit", "dev"].map(|name| account(&mut org, name));
    let logs = org.add("flow-logs", LogArchive::builder().account(audit).build());
    assert!(matches!(logs.flow_logs(), FlowLogs::Archive { .. }));
    let mut network = app.open("network", Stack::new(dev.in_region(Region::EU_WEST_1)));
    let vpc = Vpc::builder().cidr(cidr!("10.101.0.0/18")).flow_logs(logs.flow_logs());
    network.add("vpc", vpc.build());
    let assembly = synth(app);

    let network = template(&assembly, "dev/eu-west-1/network");
    let [log] = of_type(&network, "AWS::EC2::FlowLog")[..] else { panic!("a flow log") };
    assert_eq!(log["LogDestinationType"], "s3");
    let parts = json!([
        "arn:",
        {"Ref": "AWS::Partition"},
        ":s3:::acme-flow-logs-",
        {"Ref": "AccountIdAudit"},
        "-us-east-1"
    ]);
    assert_eq!(log["LogDestination"], json!({"Fn::Join": ["", parts]}));
    assert!(of_type(&network, "AWS::Logs::LogGroup").is_empty());

    let path = "audit/us-east-1/org/flow-logs/archive";
    let archive = template(&assembly, path);
    let statements = let_in(&archive, "delivery.logs.amazonaws.com");
    assert_eq!(statements.len(), 2);
    for statement in statements {
        let organization = &statement["Condition"]["StringEquals"]["aws:SourceOrgID"]["Ref"];
        assert!(organization.as_str().is_some_and(|name| name.contains("Id")), "{statement}");
    }
    let manifest = json(&assembly, "manifest.json");
    assert!(after(&manifest["stacks"]["dev/eu-west-1/network"]).contains(&path));

    let buckets = of_type(&archive, "AWS::S3::Bucket");
    assert_eq!(buckets.len(), 2);
    for bucket in buckets {
        let rule = &bucket["LifecycleConfiguration"]["Rules"][0];
        assert_eq!(rule["Transitions"][0]["TransitionInDays"], 60);
        assert_eq!(rule["Transitions"][1]["TransitionInDays"], 180);
        assert_eq!(rule["ExpirationInDays"], 365);
    }
}

#[test]
fn config_records_what_is_global_in_one_region() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let [audit, security] = ["audit", "security"].map(|name| account(&mut org, name));
    let config = OrganizationConfig::builder().log_archive(audit).administrator(security);
    org.add("config", config.regions(REGIONS).build());
    let assembly = synth(app);

    let members = json(&assembly, "stack-sets/org-config-recorders-members.template.json");
    let [recorder] = of_type(&members, "AWS::Config::ConfigurationRecorder")[..] else {
        panic!("a recorder")
    };
    assert_eq!(recorder["RecordingGroup"]["AllSupported"], true);
    let global = &recorder["RecordingGroup"]["IncludeGlobalResourceTypes"]["Fn::If"];
    assert_eq!((&global[1], &global[2]), (&json!(true), &json!(false)));
    let condition = global[0].as_str().expect("a condition");
    let home = json!({"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]});
    assert_eq!(members["Conditions"][condition], home);
    // A role without a name can be in each region.
    let [role] = of_type(&members, "AWS::IAM::Role")[..] else { panic!("a role") };
    assert!(role.get("RoleName").is_none());

    let manifest = json(&assembly, "manifest.json");
    let archive = "audit/us-east-1/org/config/archive";
    let set = &manifest["stackSets"]["org/config/recorders/members"];
    assert_eq!(set["permissionModel"], "SERVICE_MANAGED");
    assert!(after(set).contains(&archive));
    for region in REGIONS {
        let path = format!("management/{region}/org/config/recorders/management");
        assert_eq!(template(&assembly, &path)["Resources"], members["Resources"]);
        assert!(after(&manifest["stacks"][&path]).contains(&archive));
    }

    let archive = template(&assembly, archive);
    let statements = let_in(&archive, "config.amazonaws.com");
    assert_eq!(statements.len(), 2);
    for statement in statements {
        assert!(statement["Condition"]["StringEquals"].get("aws:SourceOrgID").is_some());
    }

    let path = "security/us-east-1/org/config/aggregator";
    let aggregator = template(&assembly, path);
    let [aggregator] = of_type(&aggregator, "AWS::Config::ConfigurationAggregator")[..] else {
        panic!("an aggregator")
    };
    assert_eq!(aggregator["OrganizationAggregationSource"]["AllAwsRegions"], true);
    let waits = after(&manifest["stacks"][path]);
    assert!(waits.contains(&"org/delegated-administrator-config.amazonaws.com-security"));
}

#[test]
fn what_is_global_is_recorded_even_if_home_is_not_among_the_regions() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let audit = account(&mut org, "audit");
    let config = OrganizationConfig::builder().log_archive(audit).administrator(audit);
    org.add("config", config.regions([Region::EU_WEST_1, Region::EU_CENTRAL_1]).build());
    let members =
        json(&synth(app), "stack-sets/org-config-recorders-members.template.json").to_string();
    assert!(members.contains(r#""Fn::Equals":[{"Ref":"AWS::Region"},"eu-west-1"]"#), "{members}");
}

#[test]
fn a_budget_tells_before_it_is_too_late() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let budget = MonthlyBudget::builder().limit_usd(500).emails([email!("costs@example.com")]);
    org.add("budgets", EveryAccount::builder().construct(budget.build()).build());
    let assembly = synth(app);
    let members = json(&assembly, "stack-sets/org-budgets-members.template.json");
    let management = template(&assembly, "management/us-east-1/org/budgets/management");
    assert_eq!(management["Resources"], members["Resources"]);
    let [budget] = of_type(&members, "AWS::Budgets::Budget")[..] else { panic!("a budget") };
    assert_eq!(budget["Budget"]["BudgetLimit"], json!({"Amount": 500.0, "Unit": "USD"}));
    let told = budget["NotificationsWithSubscribers"].as_array().expect("notifications");
    let told: Vec<_> = told
        .iter()
        .map(|told| {
            assert_eq!(told["Subscribers"][0]["Address"], "costs@example.com");
            let notification = &told["Notification"];
            (notification["NotificationType"].as_str(), notification["Threshold"].as_f64())
        })
        .collect();
    let forecast = |percentage| (Some("FORECASTED"), Some(percentage));
    assert_eq!(told, [forecast(80.0), forecast(100.0), (Some("ACTUAL"), Some(100.0))]);
}

#[test]
fn a_budget_tells_somebody_and_not_everybody() {
    for count in [0, 11] {
        let mut app = App::new("acme");
        let mut org = organization(&mut app);
        let budget = MonthlyBudget::builder()
            .emails(vec![email!("costs@example.com"); count])
            .alerts([BudgetAlert::Actual(50)]);
        let audit = account(&mut org, "audit");
        let mut stack = app.open("costs", Stack::new(audit.in_region(Region::US_EAST_1)));
        stack.add("budget", budget.build());
        assert!(codes(app).contains(&"budget-subscribers"), "{count} addresses");
    }
}

#[test]
fn workflows_get_into_every_account_by_both_forms_of_their_subject() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let infra = Repository::new("acme/infra").ids(1111, 2222);
    let access = GithubAccess::builder()
        .repository(&infra)
        .apply_trusts([GithubSubject::environment("production")])
        .build();
    org.add("github", EveryAccount::builder().construct(access).build());
    let assembly = synth(app);
    let members = json(&assembly, "stack-sets/org-github-members.template.json");
    let management = template(&assembly, "management/us-east-1/org/github/management");
    assert_eq!(management["Resources"], members["Resources"]);
    assert_eq!(of_type(&members, "AWS::IAM::OIDCProvider").len(), 1);

    let subjects = |name: &str| {
        let roles = of_type(&members, "AWS::IAM::Role");
        let role = roles.iter().find(|role| role["RoleName"] == name).expect("a role");
        let trust = &role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["StringEquals"];
        trust["token.actions.githubusercontent.com:sub"].clone()
    };
    let apply = subjects("github-apply");
    assert_eq!(
        apply,
        json!([
            "repo:acme/infra:environment:production",
            "repo:acme@1111/infra@2222:environment:production"
        ])
    );
    let plan = subjects("github-plan").to_string();
    assert!(plan.contains("repo:acme/infra:pull_request"), "{plan}");
    assert!(plan.contains("repo:acme@1111/infra@2222:ref:refs/heads/main"), "{plan}");
    assert!(!plan.contains("environment:"), "{plan}");
}

#[test]
fn a_region_that_does_not_have_a_service_is_told_with_the_line_that_asks() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let budget = MonthlyBudget::builder().emails([email!("costs@example.com")]).build();
    let everywhere = EveryAccount::builder().construct(budget).regions([Region::EU_NORTH_1]);
    let line = line!() + 1;
    org.add("budgets", everywhere.build());
    let Err(diagnostics) = accel_synth::synth(app) else { panic!("eu-north-1 has no budgets") };
    assert!(!diagnostics.is_empty());
    for diagnostic in diagnostics.iter() {
        assert_eq!(diagnostic.code.name(), "unavailable-resource-type", "{diagnostics}");
        assert_eq!(diagnostic.location.line(), line);
        assert!(diagnostic.message.contains("AWS::Budgets::Budget"), "{diagnostic}");
        assert!(diagnostic.message.contains("eu-north-1"), "{diagnostic}");
    }
}
