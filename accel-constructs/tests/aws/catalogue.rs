//! The catalogue of guardrails: each is shown by requests, alone and among all others, and without it one
//! of them has another end.

use std::collections::BTreeSet;

use accel_constructs::{
    foundation::{OrganizationScope as _, PolicyType},
    security::{GuardrailCatalogue, Guardrails, OrganizationGuardrail},
};
use accel_core::{
    App, Region,
    policy::{Probe, ProbeKind},
};
use accel_policy::{
    Decision,
    actions::{action, condition_key, service},
};
use serde_json::Value;

use super::{of_type, organization, synth, template};

mod decide;
mod pages;

use decide::{InForce, ORGANIZATION};

/// The ids of the catalogue, which do not change: of statements, and of settings.
const OF_STATEMENTS: [&str; 52] = [
    "ai.deny-bedrock-apikeys",
    "backup.protect",
    "dp.confused-deputy",
    "dp.deny-public-share",
    "dp.deny-ram-external",
    "dp.identity-perimeter",
    "dp.oidc-deny-builtin",
    "dp.oidc-github",
    "dp.protect-tags",
    "ebs.deny-disable-default-encryption",
    "ec2.deny-imds-downgrade",
    "ec2.require-imdsv2",
    "eks.protect-pod-identity-tags",
    "iam.deny-federation-changes",
    "iam.deny-password-policy",
    "iam.deny-service-specific-creds",
    "iam.deny-users",
    "iam.protect-platform-roles",
    "iam.protect-sso",
    "kms.deny-bypass-lockout",
    "kms.deny-deletion",
    "kms.min-deletion-window",
    "lambda.deny-public-url",
    "log.protect-archive-bucket",
    "log.protect-cloudtrail",
    "log.protect-flowlogs",
    "log.protect-loggroups",
    "net.deny-default-vpc",
    "net.deny-public-connectivity",
    "org.deny-account-close-contact",
    "org.deny-leave",
    "quarantine",
    "region.allow-list",
    "region.deny-enable-disable",
    "root.deny-actions",
    "root.deny-keys",
    "s3.deny-ssec",
    "s3.min-tls12",
    "s3.protect-account-bpa",
    "s3.require-tls",
    "sec.protect-access-analyzer",
    "sec.protect-alarms",
    "sec.protect-config",
    "sec.protect-eventbridge",
    "sec.protect-guardduty",
    "sec.protect-inspector",
    "sec.protect-lambda",
    "sec.protect-macie",
    "sec.protect-securityhub",
    "sec.protect-sns",
    "sec.protect-ssm-params",
    "sec.protect-stacks",
];
const OF_SETTINGS: [&str; 9] = [
    "ai.opt-out",
    "ec2.declarative-ami-bpa",
    "ec2.declarative-imds",
    "ec2.declarative-serial",
    "ec2.declarative-snapshot-bpa",
    "s3.org-bpa",
    "sec.inspector-policy",
    "sec.securityhub-policy",
    "tag.required",
];

fn catalogue() -> GuardrailCatalogue {
    GuardrailCatalogue::builder()
        .regions([Region::EU_WEST_1, Region::US_EAST_1])
        .organization_id(ORGANIZATION)
        .partners(["333333333333"])
        .github_organizations(["acme"])
        .log_archives(["acme-trail-*"])
        .security_accounts(["222222222222"])
        .network_accounts(["444444444444"])
        .build()
}

/// The policies that guardrails become, with their types.
fn policies(guardrails: Vec<OrganizationGuardrail>) -> Vec<(String, Value)> {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let root = org.root();
    org.add("guardrails", Guardrails::builder().guardrails(guardrails).targets([root]).build());
    let home = template(&synth(app), "management/us-east-1/org/home");
    let policies = of_type(&home, "AWS::Organizations::Policy").into_iter();
    let row = |policy: &Value| {
        (policy["Type"].as_str().expect("a type").to_owned(), policy["Content"].clone())
    };
    policies.map(row).collect()
}

fn is_of_statements(policy_type: &str) -> bool {
    matches!(policy_type, "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY")
}

/// The probes of guardrails that end otherwise than they should.
fn wrong(guardrails: &[OrganizationGuardrail], policies: &[(String, Value)]) -> Vec<String> {
    let in_force = InForce::new(policies);
    let mut wrong = Vec::new();
    for guardrail in guardrails {
        for probe in guardrail.probes() {
            let decision = in_force.decide(&probe);
            let as_told = match decision {
                Decision::ExplicitlyDenied(_) => probe.kind().is_denied(),
                Decision::Allowed(_) => !probe.kind().is_denied(),
                Decision::ImplicitlyDenied(_) | Decision::Unknown(_) => false,
            };
            if !as_told {
                let (id, story) = (guardrail.id(), probe.story());
                wrong.push(format!("{id}: {} ({story}): {decision}", probe.kind()));
            }
        }
    }
    wrong
}

#[test]
fn the_catalogue_has_its_ids() {
    let mut all = catalogue().regulated();
    all.push(OrganizationGuardrail::quarantine());
    let ids: BTreeSet<&str> = all.iter().map(OrganizationGuardrail::id).collect();
    let known: BTreeSet<&str> = OF_STATEMENTS.into_iter().chain(OF_SETTINGS).collect();
    assert_eq!((ids.len(), &ids), (61, &known));
    assert_eq!(all.len(), 61, "each once");
    for guardrail in &all {
        assert!(!guardrail.purpose().is_empty(), "{} has no intent", guardrail.id());
    }
}

#[test]
fn each_guardrail_of_statements_is_shown_from_three_sides() {
    let mut all = catalogue().regulated();
    all.push(OrganizationGuardrail::quarantine());
    for guardrail in all.iter().filter(|it| OF_STATEMENTS.contains(&it.id())) {
        let kinds: BTreeSet<ProbeKind> = guardrail.probes().iter().map(Probe::kind).collect();
        let third = kinds.contains(&ProbeKind::Exempt) || kinds.contains(&ProbeKind::NobodyExempt);
        let sides = kinds.contains(&ProbeKind::Attack) && kinds.contains(&ProbeKind::Nearby);
        assert!(sides && third, "{}: {kinds:?}", guardrail.id());
        assert!(guardrail.probes().len() >= 3, "{}", guardrail.id());
    }
}

#[test]
fn each_guardrail_alone_does_what_its_probes_show() {
    let mut all = catalogue().regulated();
    all.push(OrganizationGuardrail::quarantine());
    for guardrail in all {
        let alone = policies(vec![guardrail.clone()]);
        let wrong = wrong(std::slice::from_ref(&guardrail), &alone);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn all_together_deny_nothing_that_one_of_them_leaves_alone() {
    let all = catalogue().regulated();
    let wrong = wrong(&all, &policies(all.clone()));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn without_one_of_them_a_probe_ends_otherwise() {
    let all = catalogue().regulated();
    for dropped in all.iter().filter(|it| OF_STATEMENTS.contains(&it.id())) {
        let others = all.iter().filter(|it| it.id() != dropped.id()).cloned().collect();
        let wrong = wrong(&all, &policies(others));
        assert!(!wrong.is_empty(), "nothing shows that {} is missing", dropped.id());
        assert!(wrong.iter().all(|it| it.starts_with(dropped.id())), "{wrong:#?}");
    }
    let quarantine = OrganizationGuardrail::quarantine();
    let leave = policies(vec![OrganizationGuardrail::org_deny_leave()]);
    assert!(!wrong(&[quarantine], &leave).is_empty());
}

#[test]
fn presets_fit_and_contain_each_other() {
    let catalogue = catalogue();
    let (sandbox, baseline, regulated) =
        (catalogue.sandbox(), catalogue.baseline(), catalogue.regulated());
    assert!(baseline.iter().all(|it| regulated.contains(it)));
    let ids: BTreeSet<&str> = baseline.iter().map(OrganizationGuardrail::id).collect();
    assert!(sandbox.iter().all(|it| ids.contains(it.id())));
    for preset in [sandbox, baseline, regulated] {
        let policies = policies(preset);
        for kind in ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"] {
            let sizes: Vec<usize> = policies
                .iter()
                .filter(|(policy_type, _)| policy_type == kind)
                .map(|(_, policy)| policy.to_string().len())
                .collect();
            // AWS attaches one of its own, which allows everything.
            assert!(sizes.len() <= 4, "{kind}: {sizes:?}");
            assert!(sizes.iter().all(|size| *size <= 5_120), "{kind}: {sizes:?}");
        }
    }
}

#[test]
fn settings_of_one_type_stand_in_one_policy() {
    let policies = policies(catalogue().regulated());
    let ec2: Vec<&Value> = policies
        .iter()
        .filter(|(policy_type, _)| policy_type == PolicyType::DeclarativeEc2.name())
        .map(|(_, content)| &content["ec2_attributes"])
        .collect();
    let [attributes] = ec2[..] else { panic!("one policy, not {}", ec2.len()) };
    let names: Vec<&String> = attributes.as_object().unwrap().keys().collect();
    let expected = [
        "image_block_public_access",
        "instance_metadata_defaults",
        "serial_console_access",
        "snapshot_block_public_access",
    ];
    assert_eq!(names, expected);
}

#[test]
fn every_action_and_key_exists() {
    let mut all = catalogue().regulated();
    all.push(OrganizationGuardrail::quarantine());
    // Tags have any key, and tokens of GitHub more than the table has.
    let any = ["aws:", "token.actions.githubusercontent.com:"];
    let known = |key: &str| {
        condition_key(key).is_some() || any.iter().any(|prefix| key.starts_with(prefix))
    };
    for guardrail in &all {
        for probe in guardrail.probes() {
            let (id, name) = (guardrail.id(), probe.action().to_owned());
            assert!(action(&name).is_some(), "{id} asks for {name}");
            for (key, _) in probe.context() {
                assert!(known(key), "{id} asks with {key}");
            }
        }
    }
    for (_, policy) in policies(all).iter().filter(|(kind, _)| is_of_statements(kind)) {
        for statement in policy["Statement"].as_array().expect("statements") {
            let lists = [&statement["Action"], &statement["NotAction"]].map(decide::texts);
            for name in lists.concat() {
                let (prefix, what) = name.split_once(':').unwrap_or((&*name, "*"));
                let exists = match what.contains('*') {
                    true => prefix == "*" || service(prefix).is_some(),
                    false => action(&name).is_some(),
                };
                assert!(exists, "{name} of {}", statement["Sid"]);
            }
            let tests = statement["Condition"].as_object().into_iter().flatten();
            for key in tests.flat_map(|(_, keys)| keys.as_object().expect("keys").keys()) {
                assert!(known(key), "{key} of {}", statement["Sid"]);
            }
        }
    }
}
