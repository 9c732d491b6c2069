//! The compliance report: every claim is found again in the files it names, and nothing is claimed that
//! is not there.

use std::collections::BTreeMap;

use accel_constructs::{
    foundation::{
        Account, OrganizationConfig, OrganizationScope as _, OrganizationStep, OrganizationTrail,
        PasswordPolicy,
    },
    security::{
        AccessAnalyzer, ComplianceReport, GuardrailCatalogue, Guardrails, Macie, SecurityHub,
        cis_aws_foundations_5,
    },
};
use accel_core::{
    App, Region,
    compliance::{Control, Evidence, Framework},
    email,
};
use accel_synth::{Assembly, COMPLIANCE_REPORT};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{codes, json, organization, synth};

const REGIONS: [Region; 2] = [Region::EU_WEST_1, Region::US_EAST_1];

/// What an organization has, of what the benchmark asks for.
#[derive(Clone, Copy)]
struct Has {
    trail: bool,
    passwords_everywhere: bool,
    second_region: bool,
}

const ALL: Has = Has { trail: true, passwords_everywhere: true, second_region: true };

fn assembly(has: Has) -> Assembly {
    let mut app = App::new("acme");
    app.add(
        "compliance",
        ComplianceReport::builder().frameworks([cis_aws_foundations_5(REGIONS)]).build(),
    );
    let mut org = organization(&mut app);
    let audit = org.add("audit", Account::builder().email(email!("aws+audit@example.com")).build());
    let prod = org.add("prod", Account::builder().email(email!("aws+prod@example.com")).build());
    let (management, root) = (org.management(), org.root());
    if has.trail {
        org.add("trail", OrganizationTrail::builder().log_archive(audit).build());
    }
    let config = OrganizationConfig::builder().log_archive(audit).administrator(audit);
    org.add("config", config.regions(REGIONS).build());
    org.add("hub", SecurityHub::builder().administrator(audit).regions(REGIONS).build());
    org.add("macie", Macie::builder().administrator(audit).regions(REGIONS).build());
    let regions = &REGIONS[..if has.second_region { 2 } else { 1 }];
    let analyzer = AccessAnalyzer::builder().administrator(audit);
    org.add("analyzer", analyzer.regions(regions.iter().copied()).build());
    let catalogue = GuardrailCatalogue::builder().regions(REGIONS);
    let guardrails = catalogue.organization_id(org.organization_id()).build().baseline();
    org.add("guardrails", Guardrails::builder().guardrails(guardrails).targets([root]).build());
    for (name, account) in [("management", management), ("audit", audit), ("prod", prod)] {
        if name != "prod" || has.passwords_everywhere {
            let passwords = PasswordPolicy::builder().build();
            let passwords = OrganizationStep::password_policy(account, &passwords);
            org.add(&format!("passwords-{name}"), passwords);
        }
        for region in REGIONS {
            let disks = OrganizationStep::ebs_encryption(account.in_region(region));
            org.add(&format!("disks-{name}-{region}"), disks);
        }
    }
    synth(app)
}

fn framework(assembly: &Assembly) -> Value {
    let report = json(assembly, COMPLIANCE_REPORT);
    assert_eq!(report["version"], 2);
    report["frameworks"][0].clone()
}

fn statuses(assembly: &Assembly) -> BTreeMap<String, String> {
    let framework = framework(assembly);
    let controls = framework["controls"].as_array().expect("controls").iter();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    controls.map(|control| (text(&control["id"]), text(&control["status"]))).collect()
}

#[test]
fn every_piece_of_evidence_is_found_again_in_the_file_it_names() {
    let assembly = assembly(ALL);
    let framework = framework(&assembly);
    let controls = framework["controls"].as_array().expect("controls");
    assert_eq!(framework["id"], "cis-aws-foundations-5.0.0");
    assert_eq!(framework["total"], controls.len());
    let manifest = assembly.manifest();
    let mut pieces = 0;
    for control in controls {
        let evidence = control["evidence"].as_array().expect("evidence");
        let is_open = control["status"] == "gap" || control["status"] == "manual";
        assert_eq!(evidence.is_empty(), is_open, "{}", control["id"]);
        for piece in evidence {
            pieces += 1;
            let artifact = piece["artifact"].as_str().expect("a file");
            let text = assembly.file(artifact).unwrap_or_else(|| panic!("no {artifact}"));
            let digest = Sha256::digest(text.as_bytes());
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(piece["sha256"], *digest);
            assert_eq!(manifest.files[artifact].sha256, digest);
            let pointer = piece["pointer"].as_str().expect("these files are JSON");
            let thing = json(&assembly, artifact).pointer(pointer).cloned();
            let thing = thing.unwrap_or_else(|| panic!("no {pointer} in {artifact}"));
            // The construct is the one that the manifest, or the step itself, says.
            let construct = piece["construct"].as_str().expect("a path");
            if artifact == "organization/steps.json" {
                assert_eq!(thing["path"], construct);
                continue;
            }
            let id = pointer.strip_prefix("/Resources/").expect("a resource");
            let stacks = manifest.stacks.iter().map(|(path, stack)| (path, &stack.template));
            let sets = manifest.stack_sets.iter().map(|(path, set)| (path, &set.template));
            let (path, template) = stacks
                .chain(sets)
                .find(|(_, template)| template.template == artifact)
                .expect("the manifest names the template");
            assert_eq!(construct, format!("{path}/{}", template.constructs[id]));
        }
    }
    assert!(pieces >= 15, "{pieces}");
    assert!(manifest.files.contains_key(COMPLIANCE_REPORT));
}

#[test]
fn what_is_there_is_met_and_what_a_person_must_see_is_not() {
    let statuses = statuses(&assembly(ALL));
    let are = |status: &str| -> Vec<&str> {
        let of_status = statuses.iter().filter(|(_, is)| *is == status);
        of_status.map(|(id, _)| id.as_str()).collect()
    };
    assert_eq!(are("enforced-preventive"), ["1.10", "1.12", "1.20", "1.3", "1.6", "2.1.1"]);
    assert_eq!(
        are("configured"),
        [
            "1.19", "1.7", "1.8", "2.1.3", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "4.16",
            "5.1.1", "5.7"
        ]
    );
    assert_eq!(are("manual"), ["1.1", "1.17", "1.4", "1.5", "5.1.2", "5.6"]);
    assert_eq!(are("detected-at-runtime").len(), 18);
    // Nobody is told of incidents, no alarm is raised, and no event of data is recorded.
    for gap in ["1.2", "2.1.4", "3.7", "3.8", "4.1", "4.15"] {
        assert_eq!(statuses[gap], "gap", "{gap}");
    }
    assert_eq!(statuses.len(), 63);
}

#[test]
fn what_is_taken_away_is_a_gap() {
    let before = statuses(&assembly(ALL));
    let gaps = |has: Has| -> Vec<String> {
        let after = statuses(&assembly(has));
        let changed = after.into_iter().filter(|(id, status)| before[id] != *status);
        changed.inspect(|(_, status)| assert_eq!(status, "gap")).map(|(id, _)| id).collect()
    };
    // Its key is the only one, so that no key is rotated either.
    assert_eq!(gaps(Has { trail: false, ..ALL }), ["3.1", "3.2", "3.4", "3.5", "3.6"]);
    // One account of three, one region of two.
    assert_eq!(gaps(Has { passwords_everywhere: false, ..ALL }), ["1.7", "1.8"]);
    assert_eq!(gaps(Has { second_region: false, ..ALL }), ["1.19"]);
    assert!(gaps(ALL).is_empty());
}

#[test]
fn a_framework_of_ones_own_looks_at_files_and_at_every_resource() {
    let report = |buckets: &[bool]| {
        let mut app = App::new("acme");
        let prod = app.scope().declare_account_as("prod", accel_core::AccountInfo::default());
        let mut stack = app.open("data", accel_core::Stack::new(prod.in_region(Region::EU_WEST_1)));
        for (index, private) in buckets.iter().enumerate() {
            let bucket = accel_core::Resource::new("AWS::S3::Bucket")
                .with_value::<accel_core::Json>(
                    "PublicAccessBlockConfiguration",
                    accel_core::Prop::object([("BlockPublicAcls", *private)]),
                );
            stack.add(&format!("bucket-{index}"), bucket);
        }
        let private = Evidence::every_resource("AWS::S3::Bucket")
            .is("/PublicAccessBlockConfiguration/BlockPublicAcls", true);
        let ours = Framework::new("ours")
            .control(Control::configured("A", "Buckets are private", [private]))
            .control(Control::configured(
                "B",
                "There are templates",
                [Evidence::file("stacks/", ".template.json")],
            ))
            .control(Control::configured("C", "Nothing is asked for", []));
        app.add("compliance", ComplianceReport::builder().frameworks([ours]).build());
        framework(&synth(app))["controls"].clone()
    };
    let good = report(&[true, true]);
    assert_eq!((&good[0]["status"], &good[2]["status"]), (&"configured".into(), &"gap".into()));
    assert_eq!(good[0]["evidence"].as_array().map(Vec::len), Some(2));
    // A whole file has no pointer.
    assert_eq!(good[1]["evidence"][0]["artifact"], "stacks/prod/eu-west-1/data.template.json");
    assert!(good[1]["evidence"][0].get("pointer").is_none());
    assert_eq!(report(&[true, false])[0]["status"], "gap");
}

#[test]
fn an_app_is_held_to_a_framework_once() {
    let mut app = App::new("acme");
    let manual = || Control::manual("A", "Somebody looks");
    let twice = || Framework::new("ours").control(manual()).control(manual());
    app.add("first", ComplianceReport::builder().frameworks([twice()]).build());
    let ours = Framework::new("ours");
    app.add("second", ComplianceReport::builder().frameworks([ours]).build());
    assert_eq!(codes(app), ["duplicate-control", "duplicate-control"]);
}
