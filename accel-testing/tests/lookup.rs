//! Lookups in an assembly, and what they say when something is not there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use accel_core::{
    AccountInfo, App, Attr, Construct, L1, Prop, Region, Resource, ResourceType, Scope, Stack,
    TagStyle, Template, template::Output,
};
use accel_synth::Assembly;
use accel_testing::{
    Capture, FoundTemplate, Lookup as _, absent, any, assembly, attribute_of, capture, containing,
    like, list, object, reference_to,
};
use serde_json::json;

/// A generated type, in small.
macro_rules! l1 {
    ($name:ident = $type_name:literal) => {
        struct $name(Resource);
        impl L1 for $name {
            const TYPE: Option<&'static ResourceType> =
                Some(&ResourceType { name: $type_name, tags: TagStyle::List("Tags") });
            fn from_resource(resource: Resource) -> Self {
                Self(resource)
            }
            fn into_resource(self) -> Resource {
                self.0
            }
        }
    };
}
l1!(Vpc = "AWS::EC2::VPC");
l1!(Subnet = "AWS::EC2::Subnet");

struct Network;
impl Construct for Network {
    type Level = Template;
    type Output = ();
    fn build(self, template: &mut Scope<'_>) {
        let mut vpc = Resource::new("AWS::EC2::VPC");
        vpc.set("CidrBlock", "10.0.0.0/16");
        vpc.set("Tags", Prop::list([Prop::object([("Key", "team"), ("Value", "platform")])]));
        let vpc = template.add("vpc", vpc);
        for (id, cidr) in [("private-a", "10.0.0.0/24"), ("private-b", "10.0.1.0/24")] {
            let mut subnet = Resource::new("AWS::EC2::Subnet");
            subnet.set("VpcId", Attr::<String>::new(vpc, None)).set("CidrBlock", cidr);
            subnet.set("AvailabilityZoneId", Attr::<String>::new(vpc, Some("DefaultNetworkAcl")));
            template.add(id, subnet);
        }
        template.add("vpc-id", Output::new(Attr::<String>::new(vpc, None)));
    }
}

fn network() -> Assembly {
    let mut app = App::new("test");
    let prod = app.scope().declare_account_as("prod", AccountInfo::default());
    app.open("apps", Stack::new(prod.in_region(Region::EU_WEST_1))).add("network", Network);
    assembly(app)
}

fn apps(assembly: &Assembly) -> FoundTemplate<'_> {
    assembly.template("prod/eu-west-1/apps")
}

/// What a failing assertion says.
fn message(assertion: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(assertion).unwrap_err();
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(other) => (*other.downcast::<&str>().unwrap()).to_owned(),
    }
}

#[test]
fn resources_are_found_by_path_type_and_property() {
    let assembly = network();
    let apps = apps(&assembly);
    let vpc = apps.resource::<Vpc>("network/vpc");
    assert_eq!(vpc.get("CidrBlock"), "10.0.0.0/16");
    assert_eq!(vpc.get("Tags")[0]["Value"], "platform");
    assert!(!vpc.has("EnableDnsSupport"));

    assert_eq!((apps.count::<Vpc>(), apps.count::<Subnet>()), (1, 2));
    assert_eq!(apps.count::<Resource>(), 3);
    let second = apps.all::<Subnet>().matching([("CidrBlock", "10.0.1.0/24".into())]).only();
    assert_eq!(second.path(), "network/private-b");
    let mine = apps.all::<Subnet>().matching([
        ("VpcId", reference_to(&vpc)),
        ("AvailabilityZoneId", attribute_of(&vpc, "DefaultNetworkAcl")),
        ("CidrBlock", like("10.0.*/24")),
        ("MapPublicIpOnLaunch", absent()),
    ]);
    assert_eq!(mine.count(), 2);
    assert_eq!(apps.all::<Subnet>().matching([("VpcId", attribute_of(&vpc, "Arn"))]).count(), 0);
    assert_eq!(apps.output("network/vpc-id"), &json!({ "Ref": vpc.logical_id() }));
}

#[test]
fn patterns_go_deep_and_captures_keep_what_matched() {
    let assembly = network();
    let apps = apps(&assembly);
    let team = Capture::new();
    let tag = |value| object([("Key", "team".into()), ("Value", value)]);
    apps.resource::<Vpc>("network/vpc").assert([
        ("Tags", list([tag(capture(&team))])),
        ("Tags", containing([tag(any())])),
        ("Tags", json!([{ "Key": "team", "Value": "platform" }]).into()),
    ]);
    assert_eq!(team.value(), "platform");

    let cidrs = Capture::new();
    let none = Capture::new();
    let all = apps.all::<Subnet>().matching([("CidrBlock", capture(&cidrs))]);
    assert_eq!(all.count(), 2);
    assert_eq!(cidrs.values(), ["10.0.0.0/24", "10.0.1.0/24"]);
    let one = apps
        .all::<Subnet>()
        .matching([("VpcId", capture(&none)), ("CidrBlock", none.when("10.0.9.0/24".into()))]);
    assert_eq!(
        (one.count(), none.values().len()),
        (0, 0),
        "nothing is kept of what does not match"
    );
}

#[test]
fn what_is_not_there_panics_with_what_is() {
    let assembly = network();
    let apps = apps(&assembly);
    let messages = [
        message(|| _ = assembly.template("prod/eu-west-1/app")),
        message(|| _ = apps.resource::<Vpc>("vpc")),
        message(|| _ = apps.resource::<Subnet>("network/vpc")),
        message(|| _ = apps.resource::<Vpc>("network/vpc").get("Cidr")),
        message(|| _ = apps.output("vpc")),
        message(|| _ = apps.all::<Subnet>().only()),
        message(|| _ = apps.all::<Vpc>().matching([("CidrBlock", absent())]).only()),
        message(|| {
            let expected = [("CidrBlock", "10.1.0.0/16".into())];
            apps.resource::<Vpc>("network/vpc").assert(expected);
        }),
        message(|| _ = assembly.document("github/ci.yml")),
        message(|| _ = assembly.step("organization")),
        message(|| _ = Capture::new().value()),
    ];
    insta::assert_snapshot!(messages.join("\n---\n"));
}
