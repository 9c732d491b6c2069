use accel_constructs::foundation::{
    Account, Assignment, IdentityCenter, IdentityCenterRef, IdentityGroup, Organization,
    PermissionSet,
};
use accel_core::{AccountRef, App, Scope, account_id, email};

use super::{after, codes, json, logical_id, of_type, organization, synth, template};

const STACK: &str = "management/us-east-1/org/identity/people";

fn identity(org: &mut Scope<'_, Organization>) -> IdentityCenterRef {
    org.add("identity", IdentityCenter::builder().build())
}

fn accounts(org: &mut Scope<'_, Organization>) -> [AccountRef; 2] {
    let dev = Account::builder().email(email!("aws+dev@example.com"));
    let dev = org.add("dev", dev.id(account_id!("222222222222")).build());
    [dev, org.add("prod", Account::builder().email(email!("aws+prod@example.com")).build())]
}

#[test]
fn a_group_is_let_into_each_account_with_a_permission_set() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let identity = identity(&mut org);
    let accounts = accounts(&mut org);
    let mut people = app.reopen(identity.stack);
    let developers = people.add("developers", IdentityGroup::new("Developers"));
    let set = people.add("power-user", PermissionSet::power_user(&identity));
    let assignment = Assignment::builder().group(developers).permission_set(&set);
    let assigned = people.add("assigned", assignment.accounts(accounts).build());
    assert_eq!(assigned.len(), 2);

    let people = template(&synth(app), STACK);
    let [set] = of_type(&people, "AWS::SSO::PermissionSet")[..] else { panic!("a set") };
    assert_eq!(set["Name"], "PowerUserAccess");
    assert_eq!(set["SessionDuration"], "PT8H");
    let instance = set["InstanceArn"]["Ref"].as_str().expect("a parameter");
    assert!(people["Parameters"][instance]["AllowedPattern"].is_string());
    let dev = logical_id(&people, "AWS::SSO::Assignment", "TargetId", "222222222222");
    let dev = &people["Resources"][dev]["Properties"];
    assert_eq!(dev["PrincipalType"], "GROUP");
    assert_eq!(dev["TargetType"], "AWS_ACCOUNT");
    assert_eq!(dev["InstanceArn"], set["InstanceArn"]);
    let group = dev["PrincipalId"]["Ref"].as_str().expect("a parameter");
    let description = people["Parameters"][group]["Description"].as_str().expect("a description");
    assert!(description.contains("Developers"));
    let arn = &dev["PermissionSetArn"]["Fn::GetAtt"];
    assert_eq!(arn[1], "PermissionSetArn");
    // The other account's id is not known yet.
    let targets = of_type(&people, "AWS::SSO::Assignment").into_iter();
    assert!(
        targets
            .map(|target| &target["TargetId"])
            .any(|id| *id == serde_json::json!({"Ref": "AccountIdProd"}))
    );
}

#[test]
fn what_is_known_is_no_parameter() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let [dev, _] = accounts(&mut org);
    let arn = "arn:aws:sso:::instance/ssoins-1111111111111111";
    let identity = org.add("identity", IdentityCenter::builder().instance(arn).build());
    let mut people = app.reopen(identity.stack);
    let set = people.add("read-only", PermissionSet::read_only(&identity));
    let person = "11111111-2222-3333-4444-555555555555";
    let assignment = Assignment::builder().group(person).is_user(true).permission_set(&set);
    people.add("one", assignment.accounts([dev]).build());
    let people = template(&synth(app), STACK);
    assert!(people.get("Parameters").is_none());
    let [assignment] = of_type(&people, "AWS::SSO::Assignment")[..] else { panic!("one") };
    assert_eq!(assignment["PrincipalType"], "USER");
    assert_eq!(assignment["InstanceArn"], arn);
}

#[test]
fn each_kind_of_permission_set_is_one_that_aws_takes() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let identity = identity(&mut org);
    let mut people = app.reopen(identity.stack);
    let sets = [
        PermissionSet::administrator(&identity),
        PermissionSet::apply(&identity),
        PermissionSet::billing(&identity),
        PermissionSet::plan(&identity),
        PermissionSet::power_user(&identity),
        PermissionSet::read_only(&identity),
    ];
    for (number, set) in sets.into_iter().enumerate() {
        people.add(&format!("set-{number}"), set);
    }
    let people = template(&synth(app), STACK);
    let mut sets: Vec<_> = of_type(&people, "AWS::SSO::PermissionSet")
        .into_iter()
        .map(|set| {
            let policies = set["ManagedPolicies"].as_array().map_or(0, Vec::len);
            (set["Name"].as_str().unwrap_or(""), policies, set.get("InlinePolicy").is_some())
        })
        .collect();
    sets.sort_unstable();
    assert_eq!(
        sets,
        [
            ("AdministratorAccess", 1, false),
            ("ApplyAccess", 2, false),
            ("BillingAccess", 1, false),
            ("PlanAccess", 2, true),
            ("PowerUserAccess", 1, false),
            ("ReadOnlyAccess", 1, false),
        ]
    );
}

#[test]
fn another_account_is_made_the_administrator_before_it_administers() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let [dev, _] = accounts(&mut org);
    let identity = org.add("identity", IdentityCenter::builder().account(dev).build());
    let mut people = app.reopen(identity.stack);
    people.add("billing", PermissionSet::billing(&identity));
    let manifest = json(&synth(app), "manifest.json");
    let waits = after(&manifest["stacks"]["dev/us-east-1/org/identity/people"]);
    assert!(waits.contains(&"org/delegated-administrator-sso.amazonaws.com-dev"), "{waits:?}");
}

#[test]
fn a_session_lasts_at_most_half_a_day() {
    for hours in [0, 13] {
        let mut app = App::new("acme");
        let identity = identity(&mut organization(&mut app));
        let mut people = app.reopen(identity.stack);
        people.add("set", PermissionSet::billing(&identity).session_hours(hours));
        assert_eq!(codes(app), ["permission-set-session"], "{hours} hours");
    }
}
