//! Things that exist already, found by the names that people gave them.

use accel_cfn::{ec2::VpcId, iam::RoleArn, kms::KeyArn, route53::HostedZoneId};
use accel_core::{
    AccountRef, App, Call, Construct, Environment, IntoValue as _, Object, Prop, Protocol, Read,
    Region, Scope, Step, StepRef, Text,
};

use crate::{
    foundation::{ExistingVpc, ExistingZone, HostedZone, Vpc},
    security::{ExistingKey, ExistingRole, IamRole, KmsKey},
};

/// Where services without regions answer.
const GLOBAL: Region = Region::US_EAST_1;

/// Looks up what exists already when the app is deployed, and changes nothing. What is found becomes a parameter of
/// the templates that use it, and the lock file has it for documents: nothing is looked up by synthesis.
///
/// ```
/// use accel_constructs::foundation::HostedZone;
/// use accel_core::{AccountInfo, App};
///
/// let mut app = App::new("example");
/// let prod = app.scope().declare_account_as("prod", AccountInfo::default());
/// let zone = app.add("zone", HostedZone::lookup(prod, "example.com"));
/// assert_eq!(zone.name.as_str(), "example.com");
/// ```
///
/// If there is none, or there are several of that name, nothing that needs it is deployed.
#[derive(Clone, Debug)]
pub struct Lookup<T> {
    kind: &'static str,
    place: Environment,
    name: Text,
    read: Read,
    found: fn(StepRef, Text) -> T,
}

impl<T: 'static> Construct for Lookup<T> {
    type Level = App;
    type Output = T;
    fn build(self, app: &mut Scope<'_, App>) -> T {
        let step = app.step(Step {
            kind: self.kind,
            account: self.place.account,
            region: self.place.region,
            setting: format!("{}/{}", self.kind, self.name).into(),
            call: None,
            read: self.read,
            inverse: None,
            prerequisites: Vec::new(),
        });
        (self.found)(step, self.name)
    }
}

impl HostedZone {
    /// The public zone of the domain `name` in an account, which exists already.
    ///
    /// Source: <https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByName.html>
    pub fn lookup(account: AccountRef, name: impl Into<Text>) -> Lookup<ExistingZone> {
        let name = name.into();
        let domain = name.trim_end_matches('.').to_ascii_lowercase();
        let call = Call {
            service: "route53",
            action: "ListHostedZonesByName",
            protocol: Protocol::RestXml {
                method: "GET",
                path: "/2013-04-01/hostedzonesbyname",
                headers: &[],
                namespace: "",
            },
            // The list is in order and begins with the zones of this name.
            request: members([("dnsname", domain.clone().into())]),
        };
        let public = Prop::object([("PrivateZone", false)]);
        let expect = [("Name", format!("{domain}.").into()), ("Config", public)];
        let pointer = "/ListHostedZonesByNameResponse/HostedZones/HostedZone/*";
        let read = Read { prefix: "/hostedzone/", ..read(call, pointer, expect, ("Id", "Id")) };
        Lookup {
            kind: "hosted-zone",
            place: account.in_region(GLOBAL),
            name,
            read,
            found: |step, name| {
                let id = step.result::<HostedZoneId>("Id").into_value();
                ExistingZone { id, name }
            },
        }
    }
}

impl Vpc {
    /// The VPC with this name, which is its tag `Name`, in an account and region; it exists already.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html>
    pub fn lookup(place: Environment, name: impl Into<Text>) -> Lookup<ExistingVpc> {
        let name = name.into();
        let filter =
            Prop::object([("Name", Prop::from("tag:Name")), ("Value", Prop::list([name.clone()]))]);
        let call = Call {
            service: "ec2",
            action: "DescribeVpcs",
            protocol: Protocol::Query { version: "2016-11-15" },
            request: members([("Filter", Prop::List(vec![filter]))]),
        };
        let expect = [("state", "available".into())];
        Lookup {
            kind: "vpc",
            place,
            name,
            read: read(call, "/vpcSet/*", expect, ("Id", "vpcId")),
            found: |step, _| {
                let id = step.result::<VpcId>("Id").into_value();
                ExistingVpc { id, public_subnets: Vec::new(), private_subnets: Vec::new() }
            },
        }
    }
}

impl KmsKey {
    /// The key that has this alias (without `alias/`) in an account and region; it exists already.
    ///
    /// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html>
    pub fn lookup(place: Environment, alias: impl Into<Text>) -> Lookup<ExistingKey> {
        let alias = alias.into();
        let call = Call {
            service: "kms",
            action: "DescribeKey",
            protocol: Protocol::Json { target: "TrentService" },
            request: members([("KeyId", format!("alias/{alias}").into())]),
        };
        let read = read(call, "/KeyMetadata", [("Enabled", true.into())], ("Arn", "Arn"));
        Lookup {
            kind: "kms-key",
            place,
            name: alias,
            read: Read { absent: &["NotFoundException"], ..read },
            found: |step, _| ExistingKey { arn: step.result::<KeyArn>("Arn").into_value() },
        }
    }
}

impl IamRole {
    /// The role of this name in an account, which exists already. Grants change the policies of resources only.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html>
    pub fn lookup(account: AccountRef, name: impl Into<Text>) -> Lookup<ExistingRole> {
        let name = name.into();
        let call = Call {
            service: "iam",
            action: "GetRole",
            protocol: Protocol::Query { version: "2010-05-08" },
            request: members([("RoleName", name.clone().into())]),
        };
        let read = read(call, "/Role", [("RoleName", name.clone().into())], ("Arn", "Arn"));
        Lookup {
            kind: "role",
            place: account.in_region(GLOBAL),
            name,
            read: Read { absent: &["NoSuchEntity"], ..read },
            found: |step, _| ExistingRole { arn: step.result::<RoleArn>("Arn").into_value() },
        }
    }
}

fn read<const N: usize>(
    call: Call,
    pointer: &'static str,
    expect: [(&'static str, Prop); N],
    result: (&'static str, &'static str),
) -> Read {
    let (absent, found) = (&[], Vec::new());
    Read {
        call,
        absent,
        pointer,
        expect: members(expect),
        results: vec![result],
        prefix: "",
        found,
    }
}

fn members<const N: usize>(members: [(&'static str, Prop); N]) -> Object {
    members.into_iter().collect()
}
