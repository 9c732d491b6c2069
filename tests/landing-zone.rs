//! The example of the README, as a library: what its assembly has, and that it is always the same.

use std::{collections::BTreeMap, path::Path, process::Command, thread};

use accel::{
    core::{Lock, account_id},
    synth::{Assembly, synth},
};
use serde_json::Value;

#[allow(dead_code, reason = "the example's main is not called here")]
#[path = "../examples/landing-zone.rs"]
mod landing_zone;

fn assembly() -> Assembly {
    synth(landing_zone::landing_zone()).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

fn files(assembly: &Assembly) -> Vec<(String, String)> {
    assembly.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

fn file<'a>(assembly: &'a Assembly, path: &str) -> &'a str {
    assembly.file(path).unwrap_or_else(|| panic!("there is no {path}"))
}

/// Each resource type of the templates, with how many there are.
fn resources(assembly: &Assembly) -> BTreeMap<String, usize> {
    let mut resources = BTreeMap::new();
    let is_template = |(path, _): &(&str, &str)| path.ends_with(".template.json");
    for (path, text) in assembly.files().filter(is_template) {
        let template: Value = serde_json::from_str(text).unwrap_or_else(|e| panic!("{path}: {e}"));
        for resource in template["Resources"].as_object().into_iter().flatten() {
            let name = resource.1["Type"].as_str().expect("a type").to_owned();
            *resources.entry(name).or_default() += 1;
        }
    }
    resources
}

fn count(assembly: &Assembly, start: &str, end: &str) -> usize {
    let is_one = |(path, _): &(&str, &str)| path.starts_with(start) && path.ends_with(end);
    assembly.files().filter(is_one).count()
}

#[test]
fn it_has_all_five_pillars() {
    let assembly = assembly();
    let resources = resources(&assembly);
    let made = |name: &str| resources.get(name).copied().unwrap_or_default();

    // Foundation.
    let steps: Value = serde_json::from_str(file(&assembly, "organization/steps.json")).unwrap();
    let kinds = |kind: &str| {
        let steps = steps["steps"].as_array().into_iter().flatten();
        steps.filter(|step| step["kind"] == kind).count()
    };
    // The management account is there before all steps.
    assert_eq!(kinds("account"), 4 + 3 + 1, "four of core, three of plat, one of its own");
    assert_eq!(kinds("organizational-unit"), 4);
    assert!(count(&assembly, "stacks/", ".template.json") >= 12);
    assert!(count(&assembly, "stack-sets/", ".template.json") >= 3);
    assert!(made("AWS::Organizations::Policy") >= 3);
    assert_eq!(made("AWS::EC2::VPC"), 6, "three stages in two regions");
    assert_eq!(made("AWS::EC2::TransitGateway"), 2);
    assert_eq!(made("AWS::EC2::TransitGatewayAttachment"), 6);
    assert_eq!(made("AWS::Route53::HostedZone"), 1 + 3);
    assert_eq!(made("AWS::CertificateManager::Certificate"), 6);
    assert!(made("AWS::SSO::PermissionSet") >= 3 && made("AWS::SSO::Assignment") >= 8);
    assert_eq!(made("AWS::CloudTrail::Trail"), 1);

    // Platform.
    assert_eq!(made("AWS::EKS::Cluster"), 3);
    assert!(made("AWS::EKS::Addon") >= 3 * 4);
    assert!(made("AWS::EKS::PodIdentityAssociation") >= 3 * 4);
    assert_eq!(count(&assembly, "gitops/", ".yaml"), 3 * 5);
    assert_eq!(made("AWS::ElasticLoadBalancingV2::LoadBalancer"), 3 * 2);
    assert_eq!((made("AWS::ECS::Cluster"), made("AWS::ECS::Service")), (3, 3));
    assert_eq!(made("AWS::ApiGatewayV2::VpcLink"), 3);
    assert_eq!(made("AWS::ECR::Repository"), 2);

    // Release engineering.
    assert!(count(&assembly, "github/", ".yml") >= 8);

    // Site reliability.
    assert!(count(&assembly, "datadog/acme/monitors/", ".json") >= 12);
    assert_eq!(count(&assembly, "datadog/acme/slos/", ".json"), 2);
    assert_eq!(count(&assembly, "datadog/acme/dashboards/", ".json"), 1);
    assert_eq!(count(&assembly, "datadog/acme/synthetics/", ".json"), 3);
    assert_eq!(count(&assembly, "datadog/acme/aws-accounts/", ".json"), 3);
    assert!(count(&assembly, "incident/opsgenie/", ".json") >= 4);
    assert!(count(&assembly, "incident/datadog-on-call/", ".json") >= 4);

    // Security.
    for service in [
        "AWS::GuardDuty::Detector",
        "AWS::SecurityHub::ConfigurationPolicy",
        "AWS::Macie::Session",
        "AWS::AccessAnalyzer::Analyzer",
        "AWS::Events::Rule",
    ] {
        assert!(made(service) >= 1, "{service}");
    }
    assert_eq!(kinds("inspector-administrator"), 2);
    let report: Value = serde_json::from_str(file(&assembly, "compliance/report.json")).unwrap();
    let controls = report["frameworks"][0]["controls"].as_array().expect("controls");
    let evidence = controls.iter().flat_map(|control| control["evidence"].as_array());
    assert!(evidence.map(Vec::len).sum::<usize>() >= 15);
}

#[test]
fn it_is_tailored() {
    let assembly = assembly();
    let network = file(&assembly, "stacks/plat-prod/us-east-1/accelerator/network.template.json");
    assert!(network.contains("AWS::SQS::Queue"), "a construct of its own");
    assert!(network.contains("InstanceTenancy"), "a property by its name");
    let eks = file(&assembly, "stacks/plat-prod/us-east-1/accelerator/eks.template.json");
    assert!(eks.contains(r#""Version": "1.33""#), "another default");
    let home =
        file(&assembly, "stacks/core-root/us-east-1/accelerator/organization/home.template.json");
    assert!(home.contains("Ec2AmazonImages"), "a guardrail of its own");
    assert!(home.contains("stack/StackSet-acme-accelerator-organization-*"), "its stack sets");
    // By their names, of which the account is not known yet.
    for bucket in ["arn:*:s3:::acme-trail-*-us-east-1/*", "arn:*:s3:::acme-config-*-us-east-1"] {
        assert!(home.contains(bucket), "{bucket} is not protected");
    }
}

#[test]
fn it_is_the_same_in_every_thread() {
    let here = files(&assembly());
    let there: Vec<_> = (0..2).map(|_| thread::spawn(|| files(&assembly()))).collect();
    for other in there {
        assert_eq!(other.join().ok(), Some(here.clone()));
    }
}

#[test]
fn it_is_the_same_in_every_directory_and_locale() {
    let here = files(&assembly());
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("landing-zone");
    for (directory, locale) in [("one", "C"), ("two", "tr_TR.UTF-8")] {
        let directory = scratch.join(directory);
        std::fs::create_dir_all(&directory).expect("a directory of our own");
        // The check builds the examples first; cargo puts them beside its tests.
        let tests = std::env::current_exe().expect("this test is a program");
        let program = tests.ancestors().nth(2).expect("above deps").join("examples/landing-zone");
        let status = Command::new(program)
            .args(["synth", "--out", "out"])
            .env("LANG", locale)
            .env("LC_ALL", locale)
            .env("TZ", "Asia/Tokyo")
            .current_dir(&directory)
            .output();
        assert!(status.expect("`cargo build --examples` has built it").status.success());
        let written = Assembly::read(&directory.join("out")).expect("an assembly");
        assert_eq!(files(&written), here, "{}", directory.display());
    }
}

#[test]
fn what_a_deployment_learns_stands_in_the_workflow_and_in_no_template() {
    let workflow = "github/acme/infrastructure/.github/workflows/plan.yml";
    let before = assembly();
    let role =
        "role-to-assume: arn:aws:iam::${{ vars.ACCEL_CORE_ROOT_ACCOUNT_ID }}:role/github-plan";
    assert!(file(&before, workflow).contains(role));

    let mut lock = Lock::default();
    lock.set_account("core-root", account_id!("444444444444"));
    let mut app = landing_zone::landing_zone();
    app.set_lock(lock);
    let after = synth(app).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    let role = "role-to-assume: arn:aws:iam::444444444444:role/github-plan";
    assert!(file(&after, workflow).contains(role));

    let is_template = |path: &str| path.ends_with(".template.json");
    for (path, text) in before.files().filter(|(path, _)| is_template(path)) {
        assert_eq!(file(&after, path), text, "{path}");
    }
}
