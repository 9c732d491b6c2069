//! Every organization step against the APIs it calls, as botocore's service models describe them.

use std::collections::BTreeSet;

use accel_constructs::{
    foundation::{
        Account, AlternateContact, AutoEnable, ContactKind, HostedZone, Organization,
        OrganizationScope as _, OrganizationStep, OrganizationalUnit, PasswordPolicy, PolicyType,
        Vpc,
    },
    security::{AuditManager, GuardDuty, GuardDutyFeature, IamRole, Inspector, KmsKey, Macie},
};
use accel_core::{
    App, Call, Object, Prop, Protocol, Region, Step, account_id, email,
    tree::{Kind, Tree},
};
use serde_json::Value;

#[test]
fn every_kind_of_step_is_looked_at_here() {
    let organization = organization();
    let made = steps(&organization).filter(|step| step.call.is_some());
    let seen: BTreeSet<&str> = made.map(|step| step.kind).collect();
    let all: BTreeSet<&str> = OrganizationStep::KINDS.iter().copied().collect();
    assert_eq!(seen, all);
}

#[test]
fn calls_are_as_their_service_describes_them() {
    let (organization, apis) = (organization(), apis());
    for step in steps(&organization) {
        if let Some(call) = &step.call {
            check_call(&apis, call, &step.read.found);
        }
        check_call(&apis, &step.read.call, &[]);
        if let Some(inverse) = &step.inverse {
            check_call(&apis, inverse, &[]);
        }
    }
}

#[test]
fn every_step_can_be_read_back() {
    let (organization, apis) = (organization(), apis());
    for step in steps(&organization) {
        let read = &step.read;
        let action = read.call.action;
        assert!(
            ["Get", "List", "Describe"].iter().any(|verb| action.starts_with(verb)),
            "{}: {action} changes something",
            step.setting
        );
        let operation = operation(&apis, &read.call);
        let thing = at(operation, read.pointer, &step.setting);
        assert!(!read.expect.is_empty(), "{}: nothing is expected", step.setting);
        for (member, expected) in read.expect.iter() {
            let shape = if member.is_empty() { thing } else { &thing[member.as_str()] };
            check_shape(shape, expected, &format!("{}: {member}", step.setting));
        }
        for (_, member) in read.results.iter().chain(&read.found) {
            assert_eq!(thing[*member], "string", "{}: {member}", step.setting);
        }
        for code in read.absent {
            let errors = operation["errors"].as_array().unwrap();
            // The model of S3's control API lists this error without the operation that has it.
            let known = errors.iter().any(|error| error == code)
                || *code == "NoSuchPublicAccessBlockConfiguration";
            assert!(known, "{}: {action} has no error {code}", step.setting);
        }
    }
}

/// An organization with every kind of step.
fn organization() -> Tree {
    let mut app = App::new("acme");
    let mut org = app.open("organization", Organization::create(email!("aws@example.com")));
    let core = org.add("core", OrganizationalUnit::builder().build());
    let security = OrganizationalUnit::builder().name("Security tools").parent(core).build();
    let security = org.add("security", security);
    let audit = Account::builder()
        .email(email!("aws+audit@example.com"))
        .unit(security)
        .tags([("team", "security")])
        .build();
    let audit = org.add("audit", audit);
    let old = Account::builder()
        .email(email!("aws+old@example.com"))
        .id(account_id!("222222222222"))
        .build();
    let old = org.add("old", old);

    org.stack_set_access();
    org.policy_type(PolicyType::ServiceControl);
    org.delegated_administrator("config.amazonaws.com", audit);
    let guardduty = GuardDuty::builder()
        .administrator(audit)
        .features([GuardDutyFeature::S3DataEvents, GuardDutyFeature::RuntimeMonitoring])
        .build();
    org.add("guardduty", guardduty);
    org.add("inspector", Inspector::builder().administrator(audit).build());
    let macie = Macie::builder()
        .administrator(audit)
        .members([old])
        .automated_discovery(AutoEnable::All)
        .build();
    org.add("macie", macie);
    org.add("audit-manager", AuditManager::builder().administrator(audit).build());

    let contact = AlternateContact::builder()
        .kind(ContactKind::Security)
        .name("Security")
        .title("On-call")
        .email(email!("security@example.com"))
        .phone("+1 555 0100")
        .build();
    let ireland = old.in_region(Region::EU_WEST_1);
    for (id, step) in [
        ("sharing", OrganizationStep::resource_sharing()),
        ("root-credentials", OrganizationStep::root_credentials_management()),
        ("root-sessions", OrganizationStep::root_sessions()),
        ("passwords", OrganizationStep::password_policy(old, &PasswordPolicy::builder().build())),
        ("alias", OrganizationStep::account_alias(old, "acme-old")),
        ("disks", OrganizationStep::ebs_encryption(ireland)),
        ("buckets", OrganizationStep::s3_public_access_block(old)),
        ("documents", OrganizationStep::ssm_public_sharing_block(ireland)),
        ("contact", OrganizationStep::alternate_contact(old, contact)),
        ("hong-kong", OrganizationStep::opt_in_region(old, Region::AP_EAST_1)),
    ] {
        org.add(id, step);
    }
    app.add("zone", HostedZone::lookup(old, "example.com"));
    app.add("network", Vpc::lookup(ireland, "shared"));
    app.add("key", KmsKey::lookup(ireland, "data"));
    app.add("role", IamRole::lookup(old, "Auditor"));
    let mut tree = app.into_tree();
    assert!(!tree.take_diagnostics().has_errors());
    tree
}

fn steps(tree: &Tree) -> impl Iterator<Item = &Step> {
    tree.ids().filter_map(|node| match tree[node].kind() {
        Kind::Step(step) => Some(&**step),
        _ => None,
    })
}

fn apis() -> Value {
    serde_json::from_str(include_str!("data/step-apis.json")).expect("step-apis.json is JSON")
}

fn operation<'a>(apis: &'a Value, call: &Call) -> &'a Value {
    let name = format!("{}:{}", call.service, call.action);
    let operation = &apis["operations"][&name];
    assert!(operation.is_object(), "{name} is not in step-apis.json");
    operation
}

fn check_call(apis: &Value, call: &Call, found: &[(&str, &str)]) {
    let (operation, action) = (operation(apis, call), call.action);
    let (protocol, member, value) = match call.protocol {
        Protocol::Json { target } => ("json", "target", target),
        Protocol::RestJson { path, .. } => ("rest-json", "path", path),
        Protocol::RestXml { path, .. } => ("rest-xml", "path", path),
        Protocol::Query { version } => ("query", "version", version),
    };
    // EC2 has a protocol of its own, which differs from Query in lists alone.
    let is = operation["protocol"].as_str().expect("a protocol");
    assert_eq!(protocol, if is == "ec2" { "query" } else { is }, "{action}");
    assert_eq!(operation[member], value, "{action}");
    if let Protocol::RestJson { method, .. } | Protocol::RestXml { method, .. } = call.protocol {
        assert_eq!(operation["method"], method, "{action}");
    }

    let members = operation["request"].as_object().expect("members by name");
    for (name, value) in call.request.iter() {
        let member = &members.get(name.as_str()).unwrap_or_else(|| panic!("{action}: {name}"));
        check_shape(&member["shape"], value, &format!("{action}: {name}"));
        if let Protocol::RestXml { headers, namespace, .. } = call.protocol {
            let place = member["place"].as_str().expect("a place");
            match place.strip_prefix("header:") {
                Some(header) => assert!(headers.contains(&(name.as_str(), header)), "{action}"),
                None if place == "querystring" => {}
                None => assert_eq!(member["namespace"], namespace, "{action}"),
            }
        }
    }
    for (name, member) in members {
        let sent = call.request.get(name).is_some() || found.iter().any(|(to, _)| to == name);
        assert!(sent || member["required"] == false, "{action} lacks {name}");
    }
}

/// Whether the value can have that shape: objects have its members only, scalars its type.
fn check_shape(shape: &Value, value: &Prop, place: &str) {
    match value {
        Prop::Object(members) => check_members(shape, members, place),
        Prop::List(items) => items.iter().for_each(|item| check_shape(&shape[0], item, place)),
        Prop::Bool(_) => assert_eq!(shape, "boolean", "{place}"),
        Prop::Integer(_) | Prop::Float(_) => assert_eq!(shape, "integer", "{place}"),
        Prop::String(_) | Prop::Intrinsic(_) => assert_eq!(shape, "string", "{place}"),
    }
}

fn check_members(shape: &Value, members: &Object, place: &str) {
    for (name, value) in members.iter() {
        check_shape(&shape[name.as_str()], value, &format!("{place}.{name}"));
    }
}

/// What a pointer leads to in the shape of a reply. In XML what has no payload of its own has a root, and the items of
/// a list may have a name: shapes have neither.
fn at<'a>(operation: &'a Value, pointer: &str, place: &str) -> &'a Value {
    let is_xml = operation["protocol"] == "rest-xml";
    pointer.split('/').skip(1).fold(&operation["reply"], |shape, segment| {
        let next = match segment {
            "*" | "0" => &shape[0],
            root if is_xml && root.ends_with("Response") => shape,
            _ if is_xml && shape.is_array() => shape,
            name => &shape[name],
        };
        assert!(!next.is_null(), "{place}: there is no {pointer}");
        next
    })
}
