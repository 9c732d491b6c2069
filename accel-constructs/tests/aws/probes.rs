//! The guardrails of the compliance report: their requests, decided where they are attached.

use accel_cfn::s3;
use accel_constructs::{
    foundation::{Account, Organization, OrganizationScope as _, OrganizationalUnit},
    security::{
        ComplianceReport, GuardrailCatalogue, Guardrails, OrganizationGuardrail,
        cis_aws_foundations_5,
    },
};
use accel_core::{App, Region, Scope, Stack, email};
use accel_synth::{Assembly, COMPLIANCE_REPORT};
use serde_json::Value;

use super::{json, organization};

const REGIONS: [Region; 1] = [Region::AP_SOUTHEAST_2];

/// An organization with an account `prod` in the unit `live`, and an empty unit `empty`.
fn assembly(guard: impl FnOnce(&mut Scope<'_, Organization>)) -> Assembly {
    let mut app = App::new("acme");
    let framework = cis_aws_foundations_5(REGIONS);
    app.add("compliance", ComplianceReport::builder().frameworks([framework]).build());
    let mut org = organization(&mut app);
    let live = org.add("live", OrganizationalUnit::builder().build());
    org.add("empty", OrganizationalUnit::builder().build());
    let prod = Account::builder().email(email!("aws+prod@example.com")).unit(live).build();
    let prod = org.add("prod", prod);
    guard(&mut org);
    app.open("data", Stack::new(prod.in_region(REGIONS[0]))).add("bucket", s3::Bucket::new());
    accel_synth::synth(app).expect("warnings at most")
}

fn attach(org: &mut Scope<'_, Organization>, guardrails: Vec<OrganizationGuardrail>) {
    let root = org.root();
    org.add("guardrails", Guardrails::builder().guardrails(guardrails).targets([root]).build());
}

fn guardrails(assembly: &Assembly) -> Vec<Value> {
    json(assembly, COMPLIANCE_REPORT)["guardrails"].as_array().expect("guardrails").clone()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn every_request_of_the_regulated_set_ends_as_it_should_and_its_statement_is_there() {
    let assembly = assembly(|org| {
        let catalogue = GuardrailCatalogue::builder().regions(REGIONS);
        attach(org, catalogue.organization_id(org.organization_id()).build().regulated());
    });
    let guardrails = guardrails(&assembly);
    assert!(guardrails.len() > 40, "{}", guardrails.len());
    assert!(guardrails.is_sorted_by_key(|guardrail| text(&guardrail["id"]).to_owned()));
    let mut denied = 0;
    for guardrail in &guardrails {
        assert_eq!(guardrail["account"], "prod");
        for probe in guardrail["probes"].as_array().expect("probes") {
            assert_eq!(probe["decision"], probe["expected"], "{guardrail}");
            if probe["decision"] == "denied" {
                let policy = text(&probe["by"]);
                let (stack, below) =
                    policy.split_at(policy.find("/guardrails/").expect("a policy"));
                let template = &assembly.manifest().stacks[stack].template;
                let is_it = |(_, path): &(&String, &String)| *path == &below[1..];
                let (id, _) = template.constructs.iter().find(is_it).expect("a resource");
                let body = json(&assembly, &template.template);
                let statements = &body["Resources"][id]["Properties"]["Content"]["Statement"];
                let statements = statements.as_array().expect("statements");
                assert!(statements.iter().any(|it| it["Sid"] == probe["statement"]), "{probe}");
                denied += 1;
            }
        }
    }
    assert!(denied > guardrails.len(), "{denied}");
    assert!(assembly.warnings().is_empty(), "{}", assembly.warnings());
}

#[test]
fn a_guardrail_from_which_its_attacker_is_exempt_has_no_effect() {
    let assembly = assembly(|org| {
        let leave = OrganizationGuardrail::org_deny_leave();
        attach(
            org,
            vec![
                leave,
                OrganizationGuardrail::iam_deny_users().exempt(["arn:aws:iam::*:role/dev*"]),
            ],
        );
    });
    let warnings: Vec<String> = assembly.warnings().iter().map(ToString::to_string).collect();
    let [warning] = &warnings[..] else { panic!("{warnings:?}") };
    let begin = "warning[guardrail-without-effect]: `iam.deny-users` of \
                 `management/us-east-1/org/home/guardrails` does not stop what it is there for: `iam:CreateAccessKey` \
                 by `arn:aws:iam::111111111111:role/developer` is allowed in `prod`";
    assert!(warning.starts_with(begin), "{warning}");
    assert!(warning.contains("accel-constructs/tests/aws/probes.rs"), "{warning}");
    let guardrails = guardrails(&assembly);
    let attack = |index: usize| guardrails[index]["probes"][0]["decision"].clone();
    assert_eq!(guardrails[0]["id"], "iam.deny-users");
    assert_eq!((attack(0), attack(1)), ("allowed".into(), "denied".into()));
}

#[test]
fn what_binds_no_account_is_not_decided() {
    let assembly = assembly(|org| {
        let empty = org.add("later", OrganizationalUnit::builder().build());
        let guardrails =
            Guardrails::builder().guardrails([OrganizationGuardrail::org_deny_leave()]);
        org.add("guardrails", guardrails.targets([empty]).build());
    });
    let guardrails = guardrails(&assembly);
    assert_eq!(guardrails.len(), 1);
    assert!(guardrails[0].get("account").is_none());
    assert_eq!(guardrails[0]["probes"], Value::Array(Vec::new()));
}
