use accel_cfn::iam::RoleArn;
use accel_constructs::{
    foundation::{Account, AutoEnable, Organization},
    security::{
        AccessAnalyzer, AuditAssessment, AuditManager, GuardDuty, GuardDutyFeature, Inspector,
        InspectorScan, KmsKey, Macie, SecurityHub,
    },
};
use accel_core::{AccountInfo, AccountRef, App, Region, Scope, Stack, Value, email};

use super::{after, codes, json, of_type, organization, step, synth, template};

const REGIONS: [Region; 2] = [Region::EU_WEST_1, Region::US_EAST_1];

fn account(org: &mut Scope<'_, Organization>, name: &str) -> AccountRef {
    let email = email!("aws@example.com").plus(name).unwrap_or_else(|error| panic!("{error}"));
    org.add(name, Account::builder().email(email).build())
}

#[test]
fn guardduty_is_set_up_in_the_order_that_works() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let audit = Account::builder().email(email!("aws+audit@example.com")).build();
    let audit = org.add("audit", audit);
    let guardduty = GuardDuty::builder()
        .administrator(audit)
        .regions([Region::EU_WEST_1, Region::US_EAST_1])
        .features([GuardDutyFeature::S3DataEvents, GuardDutyFeature::RuntimeMonitoring]);
    let guardduty = org.add("guardduty", guardduty.build());
    assert_eq!(guardduty.detectors.len(), 2);

    let assembly = synth(app);
    let steps = json(&assembly, "organization/steps.json");
    for region in ["eu-west-1", "us-east-1"] {
        // Naming the administrator would make a detector that the stack then could not.
        let stack = format!("audit/{region}/org/guardduty/detector");
        let named = step(&steps, &format!("org/guardduty/administrator-{region}")).clone();
        assert_eq!((&named["account"], &named["region"]), (&"management".into(), &region.into()));
        assert!(after(&named).contains(&&*stack));
        assert!(after(&named).contains(&"org/trusted-access-guardduty.amazonaws.com"));
        let configured = step(&steps, &format!("org/guardduty/configuration-{region}"));
        assert_eq!(configured["account"], "audit");
        assert!(after(configured).contains(&&*format!("org/guardduty/administrator-{region}")));
        let request = &configured["call"]["request"];
        assert_eq!(request["autoEnableOrganizationMembers"], "ALL");
        assert_eq!(request["DetectorId"]["$value"]["stack"], &*stack);
        assert_eq!(request["features"][1]["additionalConfiguration"][0]["autoEnable"], "ALL");

        let stack = template(&assembly, &stack);
        let [detector] = of_type(&stack, "AWS::GuardDuty::Detector")[..] else { panic!("one") };
        assert_eq!(detector["Features"][0]["Name"], "S3_DATA_EVENTS");
    }
}

#[test]
fn a_key_rotates_and_stays() {
    let mut app = App::new("acme");
    let prod = app.scope().declare_account_as("prod", AccountInfo::default());
    let mut stack = app.open("keys", Stack::new(prod.in_region(Region::EU_WEST_1)));
    stack.add("kept", KmsKey::builder().alias("kept").build());
    stack.add("gone", KmsKey::builder().retain(false).deletion_window_days(7).build());
    let keys = template(&synth(app), "prod/eu-west-1/keys");
    let kept = of_type(&keys, "AWS::KMS::Key");
    assert!(kept.iter().all(|key| key["EnableKeyRotation"] == true));
    let policies: Vec<_> = keys["Resources"]
        .as_object()
        .expect("resources")
        .values()
        .filter(|resource| resource["Type"] == "AWS::KMS::Key")
        .map(|key| {
            (key["Properties"]["PendingWindowInDays"].as_u64(), key["DeletionPolicy"].as_str())
        })
        .collect();
    assert_eq!(policies, [(Some(7), None), (Some(30), Some("RetainExceptOnCreate"))]);
}

#[test]
fn security_hub_is_configured_in_one_place_after_its_administrator_is_named() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let audit = account(&mut org, "audit");
    let hub = SecurityHub::builder()
        .administrator(audit)
        .regions(REGIONS)
        .home_region(Region::EU_WEST_1)
        .disabled_controls(["EC2.10"])
        .build();
    org.add("security-hub", hub);
    let assembly = synth(app);
    let manifest = json(&assembly, "manifest.json");

    let hub = "audit/eu-west-1/org/security-hub/hub";
    let administrator = "management/eu-west-1/org/security-hub/administrator";
    let configuration = "audit/eu-west-1/org/security-hub/configuration";
    let trusted = "org/trusted-access-securityhub.amazonaws.com";
    assert!(after(&manifest["stacks"][administrator]).contains(&hub));
    assert!(after(&manifest["stacks"][administrator]).contains(&trusted));
    assert!(after(&manifest["stacks"][configuration]).contains(&administrator));

    let named = template(&assembly, administrator);
    let [named] = of_type(&named, "AWS::SecurityHub::DelegatedAdmin")[..] else { panic!("one") };
    assert_eq!(named["AdminAccountId"]["Ref"], "AccountIdAudit");
    let configuration = template(&assembly, configuration);
    let one = |kind| of_type(&configuration, kind)[0].clone();
    assert_eq!(one("AWS::SecurityHub::FindingAggregator")["Regions"][0], "us-east-1");
    let central = one("AWS::SecurityHub::OrganizationConfiguration");
    assert_eq!(
        (&central["ConfigurationType"], &central["AutoEnable"]),
        (&"CENTRAL".into(), &false.into())
    );
    let policy = one("AWS::SecurityHub::ConfigurationPolicy");
    let policy = &policy["ConfigurationPolicy"]["SecurityHub"];
    assert_eq!(policy["ServiceEnabled"], true);
    let standards = policy["EnabledStandardIdentifiers"].to_string();
    for standard in [
        "aws-foundational-security-best-practices/v/1.0.0",
        "cis-aws-foundations-benchmark/v/5.0.0",
    ] {
        assert!(
            standards.contains(&format!(":securityhub:eu-west-1::standards/{standard}")),
            "{standards}"
        );
    }
    let disabled = &policy["SecurityControlsConfiguration"]["DisabledSecurityControlIdentifiers"];
    assert_eq!(disabled[0], "EC2.10");
    assert_eq!(one("AWS::SecurityHub::PolicyAssociation")["TargetType"], "ROOT");
}

#[test]
fn inspector_is_switched_on_by_a_policy_that_waits_for_its_administrator() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let audit = account(&mut org, "audit");
    let inspector = Inspector::builder()
        .administrator(audit)
        .regions(REGIONS)
        .scans([InspectorScan::Ec2, InspectorScan::LambdaCode]);
    org.add("inspector", inspector.build());
    let assembly = synth(app);
    let home = template(&assembly, "management/us-east-1/org/home");
    let [policy] = of_type(&home, "AWS::Organizations::Policy")[..] else { panic!("one") };
    assert_eq!(policy["Type"], "INSPECTOR_POLICY");
    let scans = &policy["Content"]["inspector"]["enablement"];
    let regions = serde_json::json!(["eu-west-1", "us-east-1"]);
    assert_eq!(scans["ec2_scanning"]["enable_in_regions"]["@@assign"], regions);
    assert_eq!(scans["ec2_scanning"]["disable_in_regions"]["@@assign"], serde_json::json!([]));
    let code = &scans["lambda_standard_scanning"]["lambda_code_scanning"];
    assert_eq!(code["enable_in_regions"]["@@assign"], regions);
    assert!(scans.get("ecr_scanning").is_none());

    let manifest = json(&assembly, "manifest.json");
    let home = after(&manifest["stacks"]["management/us-east-1/org/home"]);
    assert!(home.contains(&"org/policy-type-inspector-policy"));
    assert!(home.contains(&"org/inspector/administrator-eu-west-1"));
    let steps = json(&assembly, "organization/steps.json");
    let named = step(&steps, "org/inspector/administrator-us-east-1");
    assert!(after(named).contains(&"org/trusted-access-inspector2.amazonaws.com"));
}

#[test]
fn macie_takes_the_accounts_that_are_there_and_those_that_join() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let (audit, prod) = (account(&mut org, "audit"), account(&mut org, "prod"));
    let macie = Macie::builder()
        .administrator(audit)
        .regions(REGIONS)
        .members([audit, prod])
        .automated_discovery(AutoEnable::All);
    org.add("macie", macie.build());
    let steps = json(&synth(app), "organization/steps.json");
    let named = step(&steps, "org/macie/administrator-eu-west-1");
    assert!(after(named).contains(&"audit/eu-west-1/org/macie/session"));
    assert!(after(named).contains(&"org/trusted-access-macie.amazonaws.com"));
    let configured = step(&steps, "org/macie/configuration-eu-west-1");
    assert!(after(configured).contains(&"org/macie/administrator-eu-west-1"));
    let member = step(&steps, "org/macie/member-prod-us-east-1");
    assert_eq!(member["call"]["request"]["account"]["email"], "aws+prod@example.com");
    assert!(after(member).contains(&"org/macie/configuration-us-east-1"));
    let paths = steps["steps"].as_array().expect("steps").iter();
    assert_eq!(paths.filter(|step| step["kind"] == "macie-member").count(), 2);
}

#[test]
fn analyzers_look_at_the_whole_organization_from_one_account() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let audit = account(&mut org, "audit");
    let analyzer = AccessAnalyzer::builder().administrator(audit).regions(REGIONS);
    org.add("analyzer", analyzer.unused_access_after_days(30).build());
    let assembly = synth(app);
    let manifest = json(&assembly, "manifest.json");
    let delegated = "org/delegated-administrator-access-analyzer.amazonaws.com-audit";
    let types = |region| {
        let stack = format!("audit/{region}/org/analyzer/analyzers");
        assert!(after(&manifest["stacks"][&stack]).contains(&delegated));
        let template = template(&assembly, &stack);
        let analyzers = of_type(&template, "AWS::AccessAnalyzer::Analyzer");
        analyzers.iter().map(|analyzer| analyzer["Type"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(types("eu-west-1"), ["\"ORGANIZATION\"", "\"ORGANIZATION_UNUSED_ACCESS\""]);
    assert_eq!(types("us-east-1"), ["\"ORGANIZATION\""]);
}

#[test]
fn audit_manager_warns_that_it_takes_no_new_customers() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let audit = account(&mut org, "audit");
    let owner = Value::<RoleArn>::imported("arn:aws:iam::222222222222:role/auditor");
    let cis = AuditAssessment::builder()
        .name("CIS")
        .framework_id("a1b2c3d4-5678-90ab-cdef-111111111111")
        .owner(owner)
        .accounts([audit])
        .build();
    let manager = AuditManager::builder().administrator(audit).assessments([cis]).build();
    org.add("audit-manager", manager);
    let assembly = synth(app);
    assert_eq!(super::names(assembly.warnings()), ["audit-manager-closed"]);
    let stack = template(&assembly, "audit/us-east-1/org/audit-manager/assessments");
    let [assessment] = of_type(&stack, "AWS::AuditManager::Assessment")[..] else { panic!("one") };
    assert_eq!(assessment["AssessmentReportsDestination"]["DestinationType"], "S3");
    let steps = json(&assembly, "organization/steps.json");
    let named = step(&steps, "org/audit-manager/administrator");
    assert!(after(named).contains(&"org/audit-manager/account"));
}

#[test]
fn a_service_has_one_administrator_in_the_organization() {
    let codes_of = |build: fn(&mut Scope<'_, Organization>, AccountRef, Region)| {
        let mut app = App::new("acme");
        let mut org = organization(&mut app);
        let (audit, prod) = (account(&mut org, "audit"), account(&mut org, "prod"));
        build(&mut org, audit, Region::EU_WEST_1);
        build(&mut org, prod, Region::US_EAST_1);
        codes(app)
    };
    let guardduty = codes_of(|org, account, region| {
        let guardduty = GuardDuty::builder().administrator(account).regions([region]).build();
        org.add(&format!("in-{region}"), guardduty);
    });
    assert_eq!(guardduty, ["two-administrators"]);
    let macie = codes_of(|org, account, region| {
        let macie = Macie::builder().administrator(account).regions([region]).build();
        org.add(&format!("in-{region}"), macie);
    });
    assert_eq!(macie, ["two-administrators"]);
    let analyzer = codes_of(|org, account, region| {
        let analyzer = AccessAnalyzer::builder().administrator(account).regions([region]).build();
        org.add(&format!("in-{region}"), analyzer);
    });
    assert_eq!(analyzer, ["two-administrators"]);
    let hub = codes_of(|org, account, region| {
        let hub = SecurityHub::builder().administrator(account).home_region(region).build();
        org.add(&format!("in-{region}"), hub);
    });
    assert_eq!(hub, ["two-administrators"]);
}

#[test]
fn two_administrators_in_one_region_are_one_setting_with_two_owners() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    for name in ["audit", "prod"] {
        let account = account(&mut org, name);
        org.add(&format!("macie-{name}"), Macie::builder().administrator(account).build());
    }
    assert_eq!(codes(app), ["two-owners"]);
}

#[test]
fn regions_ages_and_addresses_are_checked() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let audit = account(&mut org, "audit");
    let nameless = org.declare_account_as("nameless", AccountInfo::default());
    org.add("nowhere", GuardDuty::builder().administrator(audit).regions([]).build());
    let analyzer = AccessAnalyzer::builder().administrator(audit);
    org.add("unused", analyzer.unused_access_after_days(0).build());
    let inspector = Inspector::builder().administrator(audit).regions([Region::CN_NORTH_1]);
    org.add("china", inspector.build());
    org.add("macie", Macie::builder().administrator(audit).members([nameless]).build());
    let expected = ["security-regions", "security-regions", "member-without-email", "out-of-range"];
    assert_eq!(codes(app), expected);
}
