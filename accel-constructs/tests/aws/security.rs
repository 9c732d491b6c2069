use accel_constructs::{
    foundation::Account,
    security::{GuardDuty, GuardDutyFeature, KmsKey},
};
use accel_core::{AccountInfo, App, Region, Stack, email};

use super::{after, json, of_type, organization, step, synth, template};

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
