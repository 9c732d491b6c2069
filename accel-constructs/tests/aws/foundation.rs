use accel_constructs::foundation::{
    Account, AiServicesOptOut, Baseline, EveryAccount, Organization, OrganizationScope as _,
    OrganizationStep, OrganizationTrail, OrganizationalUnit, PasswordPolicy, PolicyTarget,
    ServiceControlPolicy, TagPolicy, TagRule,
};
use accel_core::{
    AccountRef, App, Diagnostic, Email, Lock, PolicyDocument, Region, Scope, account_id, actions,
    email, policy::Statement,
};

use super::{
    after, codes, json, logical_id, names, new_organization, of_type, organization, step, synth,
    template,
};

fn account(org: &mut Scope<'_, Organization>, name: &str) -> AccountRef {
    let email = email!("aws@example.com").plus(name).unwrap_or_else(|error| panic!("{error}"));
    org.add(name, Account::builder().email(email).build())
}

fn stay() -> PolicyDocument {
    let leave = actions!["organizations:LeaveOrganization"];
    PolicyDocument::from([Statement::deny(leave).resource("*")])
}

#[test]
fn an_organization_without_anything_has_steps_and_no_stack() {
    let assembly = synth(new_organization());
    let paths: Vec<_> = assembly.files().map(|(path, _)| path).collect();
    assert_eq!(paths, ["manifest.json", "organization/steps.json"]);
    let steps = json(&assembly, "organization/steps.json");
    assert_eq!(after(step(&steps, "org/all-features")), ["org/organization"]);
}

#[test]
fn an_existing_organization_has_the_id_of_its_management_account_in_templates() {
    let mut app = App::new("acme");
    let mut org = app.open("org", Organization::adopt(account_id!("111111111111")));
    let audit = account(&mut org, "audit");
    org.add("trail", OrganizationTrail::builder().log_archive(audit).build());
    let archive = template(&synth(app), "audit/us-east-1/org/trail/archive");
    assert!(archive["Parameters"].get("AccountIdManagement").is_none());
    assert!(archive.to_string().contains("111111111111"));
}

#[test]
fn units_nest_and_are_named_within_their_parent() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let core = org.add("core", OrganizationalUnit::builder().build());
    let plat = org.add("plat", OrganizationalUnit::builder().build());
    let prod = |parent| OrganizationalUnit::builder().name("Prod").parent(parent).build();
    org.add("core-prod", prod(core));
    org.add("plat-prod", prod(plat));
    let steps = json(&synth(app), "organization/steps.json");
    let plat_prod = step(&steps, "org/plat-prod");
    assert_eq!(plat_prod["setting"], "organizational-unit/plat/Prod");
    assert_eq!(after(plat_prod), ["org/all-features", "org/plat"]);
}

#[test]
fn two_owners_of_one_setting_are_refused() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    org.add("core", OrganizationalUnit::builder().name("Core").build());
    org.add("core-again", OrganizationalUnit::builder().name("Core").build());
    let prod = account(&mut org, "prod");
    for (id, age) in [("passwords", 90), ("old-passwords", 190)] {
        let policy = PasswordPolicy::builder().maximum_age_days(age).build();
        org.add(id, OrganizationStep::password_policy(prod, &policy));
    }
    // Not the same setting: another region.
    for region in [Region::EU_WEST_1, Region::US_EAST_1] {
        let id = format!("disks-{region}");
        org.add(&id, OrganizationStep::ebs_encryption(prod.in_region(region)));
    }
    assert_eq!(codes(app), ["two-owners", "two-owners"]);
}

#[test]
fn an_address_is_of_one_account() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let email = |text| Email::parse(text).unwrap_or_else(|error| panic!("{error}"));
    org.add("dev", Account::builder().email(email("aws+dev@example.com")).build());
    org.add("prod", Account::builder().email(email("AWS+dev@example.com")).build());
    // The management account's.
    org.add("root", Account::builder().email(email("aws@example.com")).build());
    let Err(diagnostics) = accel_synth::synth(app) else { panic!("addresses are used twice") };
    assert_eq!(names(&diagnostics), ["email-used-twice", "email-used-twice"]);
    let lines = |diagnostic: &Diagnostic| {
        let first = diagnostic.notes.iter().find_map(|note| note.location).expect("a line");
        (diagnostic.location.line(), first.line())
    };
    let lines: Vec<_> = diagnostics.iter().map(lines).collect();
    assert_eq!(lines[0].0, lines[0].1 + 1, "{diagnostics}");
}

#[test]
fn what_several_constructs_need_is_one_step() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let audit = account(&mut org, "audit");
    let first = org.trusted_access("config.amazonaws.com");
    assert_eq!(org.trusted_access("config.amazonaws.com"), first);
    let first = org.delegated_administrator("config.amazonaws.com", audit);
    assert_eq!(org.delegated_administrator("config.amazonaws.com", audit), first);
    let steps = json(&synth(app), "organization/steps.json");
    let delegated = step(&steps, "org/delegated-administrator-config.amazonaws.com-audit");
    assert!(after(delegated).contains(&"org/trusted-access-config.amazonaws.com"));
}

#[test]
fn policies_are_made_one_after_the_other_and_attached_by_parameter() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let workloads = org.add("workloads", OrganizationalUnit::builder().build());
    let prod = account(&mut org, "prod");
    let root = org.root();
    let policy = || ServiceControlPolicy::builder().document(stay());
    org.add("first", policy().targets([root]).build());
    let targets = [PolicyTarget::from(workloads), prod.into()];
    org.add("second", policy().targets(targets).build());
    let assembly = synth(app);

    let home = template(&assembly, "management/us-east-1/org/home");
    let kind = "AWS::Organizations::Policy";
    let first = logical_id(&home, kind, "Name", "first");
    let second = logical_id(&home, kind, "Name", "second");
    assert!(home["Resources"][first].get("DependsOn").is_none());
    assert_eq!(home["Resources"][second]["DependsOn"], serde_json::json!([first]));
    let targets = &home["Resources"][second]["Properties"]["TargetIds"];
    assert!(targets[0]["Ref"].as_str().is_some_and(|name| name.contains("WorkloadsId")));
    assert_eq!(targets[1]["Ref"], "AccountIdProd");

    let manifest = json(&assembly, "manifest.json");
    let home = &manifest["stacks"]["management/us-east-1/org/home"];
    for producer in ["org/policy-type-service-control-policy", "org/workloads", "org/prod"] {
        assert!(after(home).contains(&producer), "home does not wait for {producer}");
    }
}

#[test]
fn policies_of_other_types_are_switched_on_and_say_what_is_right() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let root = org.root();
    let stage = TagRule::builder().key("Stage").values(["dev", "prod"]);
    let rules =
        [stage.enforced_for(["ec2:instance"]).build(), TagRule::builder().key("owner").build()];
    org.add("tags", TagPolicy::builder().rules(rules).targets([root]).build());
    org.add("ai", AiServicesOptOut::builder().targets([root]).build());
    let assembly = synth(app);
    let home = template(&assembly, "management/us-east-1/org/home");
    let content = |kind: &str| {
        let id = logical_id(&home, "AWS::Organizations::Policy", "Type", kind);
        home["Resources"][id]["Properties"]["Content"].clone()
    };
    let tags = serde_json::json!({
        "owner": {"tag_key": {"@@assign": "owner"}},
        "stage": {
            "enforced_for": {"@@assign": ["ec2:instance"]},
            "tag_key": {"@@assign": "Stage"},
            "tag_value": {"@@assign": ["dev", "prod"]},
        },
    });
    assert_eq!(content("TAG_POLICY")["tags"], tags);
    let services = &content("AISERVICES_OPT_OUT_POLICY")["services"];
    assert_eq!(services["default"]["opt_out_policy"]["@@assign"], "optOut");
    // Nobody below decides otherwise, at any depth.
    let default = &services["default"];
    for level in [services, default, &default["opt_out_policy"]] {
        let allowed = &level["@@operators_allowed_for_child_policies"];
        assert_eq!(*allowed, serde_json::json!(["@@none"]));
    }
    let manifest = json(&assembly, "manifest.json");
    let waits = after(&manifest["stacks"]["management/us-east-1/org/home"]);
    for kind in ["tag-policy", "aiservices-opt-out-policy"] {
        assert!(waits.contains(&&*format!("org/policy-type-{kind}")), "{waits:?}");
    }
}

#[test]
fn an_account_is_made_then_moved_then_tagged() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let workloads = org.add("workloads", OrganizationalUnit::builder().build());
    let prod = Account::builder()
        .email(email!("aws+prod@example.com"))
        .unit(workloads)
        .tags([("eks", "true")])
        .build();
    org.add("prod", prod);
    let steps = json(&synth(app), "organization/steps.json");
    let moved = step(&steps, "org/prod/unit");
    assert_eq!(after(moved), ["org/all-features", "org/workloads", "org/prod"]);
    assert_eq!(moved["read"]["found"]["SourceParentId"], "Id");
    assert!(after(step(&steps, "org/prod/tags")).contains(&"org/prod"));
}

#[test]
fn learning_the_ids_changes_no_template() {
    let app = || {
        let mut app = App::new("acme");
        let mut org = organization(&mut app);
        let audit = account(&mut org, "audit");
        org.add("trail", OrganizationTrail::builder().log_archive(audit).build());
        app
    };
    let before = synth(app());
    let mut learned = app();
    let mut lock = Lock::default();
    lock.set_account("management", account_id!("111111111111"));
    lock.set_account("audit", account_id!("222222222222"));
    learned.set_lock(lock);
    let after = synth(learned);
    let stacks = |assembly: &accel_synth::Assembly| -> Vec<(String, String)> {
        let files = assembly.files().filter(|(path, _)| path.starts_with("stacks/"));
        files.map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
    };
    assert_eq!(stacks(&before).len(), 2);
    assert_eq!(stacks(&before), stacks(&after));
}

#[test]
fn the_trail_is_in_the_management_account_and_its_log_in_another() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let audit = account(&mut org, "audit");
    org.add("trail", OrganizationTrail::builder().log_archive(audit).build());
    let assembly = synth(app);
    let home = template(&assembly, "management/us-east-1/org/home");
    let archive = template(&assembly, "audit/us-east-1/org/trail/archive");

    let [trail] = of_type(&home, "AWS::CloudTrail::Trail")[..] else { panic!("one trail") };
    for on in ["IsLogging", "IsOrganizationTrail", "IsMultiRegionTrail", "EnableLogFileValidation"]
    {
        assert_eq!(trail[on], true, "{on}");
    }
    // The bucket by its name, the key by an edge.
    let name = |account| serde_json::json!({"Fn::Join": ["", ["acme-trail-", {"Ref": account}, "-us-east-1"]]});
    assert_eq!(trail["S3BucketName"], name("AccountIdAudit"));
    let buckets = of_type(&archive, "AWS::S3::Bucket");
    let [bucket] =
        buckets.iter().filter(|bucket| bucket.get("BucketName").is_some()).collect::<Vec<_>>()[..]
    else {
        panic!("one bucket has a name")
    };
    assert_eq!(bucket["BucketName"], name("AWS::AccountId"));
    let access_log =
        bucket["LoggingConfiguration"]["DestinationBucketName"]["Ref"].as_str().expect("a log");
    assert!(archive["Resources"][access_log]["Properties"].get("BucketName").is_none());
    assert_eq!(archive["Outputs"].as_object().map(|outputs| outputs.len()), Some(1));

    // Whatever lets CloudTrail in names this trail.
    let policies = of_type(&archive, "AWS::S3::BucketPolicy");
    let [key] = of_type(&archive, "AWS::KMS::Key")[..] else { panic!("one key") };
    let statements = policies
        .iter()
        .map(|policy| &policy["PolicyDocument"])
        .chain([&key["KeyPolicy"]])
        .flat_map(|document| document["Statement"].as_array().expect("statements"));
    let let_in: Vec<_> = statements
        .filter(|statement| statement["Principal"]["Service"] == "cloudtrail.amazonaws.com")
        .collect();
    assert_eq!(let_in.len(), 4);
    for statement in let_in {
        let source = statement["Condition"]["StringEquals"]["aws:SourceArn"].to_string();
        assert!(source.contains(":trail/acme-trail"), "{source}");
    }
    let manifest = json(&assembly, "manifest.json");
    let waits = after(&manifest["stacks"]["management/us-east-1/org/home"]);
    assert!(waits.contains(&"org/trusted-access-cloudtrail.amazonaws.com"));
    assert!(waits.contains(&"audit/us-east-1/org/trail/archive"));
}

#[test]
fn a_baseline_is_a_stack_set_and_stacks_of_the_management_account() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let audit = account(&mut org, "audit");
    let regions = [Region::EU_WEST_1, Region::US_EAST_1];
    let baseline = Baseline::builder().auditor(audit).build();
    org.add("baseline", EveryAccount::builder().construct(baseline).regions(regions).build());
    let assembly = synth(app);
    let members = json(&assembly, "stack-sets/org-baseline-members.template.json");
    for region in regions {
        let management = format!("management/{region}/org/baseline/management");
        assert_eq!(template(&assembly, &management)["Resources"], members["Resources"]);
    }
    // The role has a name, which the regions of an account share.
    let id = logical_id(&members, "AWS::IAM::Role", "RoleName", "audit");
    let condition = members["Resources"][id]["Condition"].as_str().expect("a condition");
    assert_eq!(
        members["Conditions"][condition],
        serde_json::json!({"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]})
    );
    let manifest = json(&assembly, "manifest.json");
    let set = &manifest["stackSets"]["org/baseline/members"];
    assert_eq!(set["permissionModel"], "SERVICE_MANAGED");
    for producer in ["org/organization", "org/audit", "org/stack-set-access"] {
        assert!(after(set).contains(&producer), "the stack set does not wait for {producer}");
    }
}

#[test]
fn what_is_of_another_app_is_reported_and_nothing_panics() {
    let mut other = App::new("other");
    let mut org = organization(&mut other);
    let unit = org.add("unit", OrganizationalUnit::builder().build());
    let audit = account(&mut org, "audit");
    let theirs = org.reference();

    let mut app = App::new("acme");
    let mut org = app.reopen(theirs);
    org.add("nested", OrganizationalUnit::builder().parent(unit).build());
    org.add("policy", ServiceControlPolicy::builder().document(stay()).targets([unit]).build());
    org.add("trail", OrganizationTrail::builder().log_archive(audit).build());
    let baseline = Baseline::builder().auditor(audit).build();
    org.add("baseline", EveryAccount::builder().construct(baseline).build());
    org.add(
        "passwords",
        OrganizationStep::password_policy(audit, &PasswordPolicy::builder().build()),
    );
    assert!(codes(app).contains(&"foreign-handle"));
}
