use accel_cfn::ec2::{self, NatGatewayId, RouteTableId, SubnetId, VpcId};
use accel_core::{Attr, Cidr, Construct, Diagnostic, Scope, Template, Text, Value, text};
use typed_builder::TypedBuilder;

use crate::foundation::codes::{VPC_TOO_SMALL, VPC_WITHOUT_PLACE_FOR_NAT, VPC_ZONES};

mod endpoints;
mod flow_logs;
mod layout;
mod tiers;

pub use flow_logs::FlowLogs;
use layout::Layout;
use tiers::Tiers;

/// A VPC: tiers of subnets over several availability zones, with their routes, NAT gateways, endpoints
/// and flow logs.
///
/// ```
/// use accel_constructs::foundation::{Nat, Vpc};
/// use accel_core::{Scope, cidr};
///
/// fn network(template: &mut Scope<'_>) {
///     template.add("vpc", Vpc::builder().cidr(cidr!("10.101.0.0/18")).nat(Nat::Single).build());
/// }
/// ```
///
/// The block is split into equal pieces, the largest that are a power of two: half of them private, half
/// public (a quarter each with an isolated tier), so that `10.111.0.0/18` over three zones has private
/// subnets `10.111.0.0/21`, `.8.0`, `.16.0` and public ones `.32.0`, `.40.0`, `.48.0`. A fourth zone fits
/// later; an isolated tier added later moves all subnets.
///
/// The security group that AWS makes with a VPC stays as it is, because CloudFormation cannot change
/// it; nothing here is in it.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/what-is-amazon-vpc.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct Vpc {
    /// The addresses: /16 to /28.
    cidr: Cidr,
    /// How many availability zones: 1 to 6, the first ones of the region. Three survive the loss of one
    /// with a majority.
    #[builder(default = 3)]
    azs: u8,
    /// Whether there are subnets that are reached from the internet.
    #[builder(default = true)]
    public: bool,
    /// Whether there are subnets that reach the internet through NAT.
    #[builder(default = true)]
    private: bool,
    /// Whether there are subnets without any way to the internet.
    #[builder(default = false)]
    isolated: bool,
    /// How private subnets reach the internet. One gateway per zone by default: the loss of a zone
    /// then stays there, and no traffic is charged for crossing zones.
    #[builder(default)]
    nat: Nat,
    /// Where the log of connections goes. To a log group by default.
    #[builder(default)]
    flow_logs: FlowLogs,
    /// Whether S3 and DynamoDB are reached without NAT, which costs nothing.
    #[builder(default = true)]
    gateway_endpoints: bool,
    /// Services that are reached without NAT, for a charge per hour: `ecr.api`, `sts`, ...
    ///
    /// Source: <https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html>
    #[builder(default, setter(transform = |services: impl IntoIterator<Item = impl Into<Text>>| {
        services.into_iter().map(Into::into).collect()
    }))]
    interface_endpoints: Vec<Text>,
    /// Whether instances in public subnets get a public address without asking for it. Not by default:
    /// load balancers ask.
    #[builder(default = false)]
    map_public_ip: bool,
    /// Whether Kubernetes finds the subnets for its load balancers, by their tags.
    #[builder(default = false)]
    kubernetes_tags: bool,
    /// What the `Name` tags begin with; the construct's path if not said.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
}

/// How private subnets reach the internet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nat {
    /// Not at all.
    None,
    /// Through one gateway, which is in the first zone.
    Single,
    /// Through a gateway in each zone.
    #[default]
    PerAz,
}

/// What a [`Vpc`] gives back. Lists follow the availability zones.
#[derive(Clone, Debug)]
pub struct VpcRef {
    /// The id.
    pub id: Attr<VpcId>,
    /// The addresses.
    pub cidr: Cidr,
    /// Subnets that are reached from the internet.
    pub public_subnets: Vec<Attr<SubnetId>>,
    /// Subnets that reach the internet through NAT.
    pub private_subnets: Vec<Attr<SubnetId>>,
    /// Subnets without any way to the internet.
    pub isolated_subnets: Vec<Attr<SubnetId>>,
    /// Of the public subnets, which share one; of the private ones, each its own; of the isolated ones,
    /// which share one.
    pub route_tables: Vec<Attr<RouteTableId>>,
    /// Of the private subnets: each its own.
    pub private_route_tables: Vec<Attr<RouteTableId>>,
    /// Of the isolated subnets, which share one.
    pub isolated_route_table: Option<Attr<RouteTableId>>,
    /// One, one per zone, or none.
    pub nat_gateways: Vec<Attr<NatGatewayId>>,
    /// The L1 resource.
    pub resource: ec2::VpcRef,
}

/// A VPC that this program does not own.
#[derive(Clone, Debug)]
pub struct ExistingVpc {
    /// The id.
    pub id: Value<VpcId>,
    /// Subnets that are reached from the internet.
    pub public_subnets: Vec<Value<SubnetId>>,
    /// Subnets that reach the internet through NAT.
    pub private_subnets: Vec<Value<SubnetId>>,
}

impl Vpc {
    /// The VPC with that id, which exists already.
    pub fn existing(id: impl Into<Text>) -> ExistingVpc {
        let id = Value::imported(id);
        ExistingVpc { id, public_subnets: Vec::new(), private_subnets: Vec::new() }
    }
}

impl ExistingVpc {
    /// Says which of its subnets are reached from the internet.
    #[must_use]
    pub fn public_subnets<I: Into<Text>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.public_subnets = ids.into_iter().map(Value::imported).collect();
        self
    }

    /// Says which of its subnets reach the internet through NAT.
    #[must_use]
    pub fn private_subnets<I: Into<Text>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.private_subnets = ids.into_iter().map(Value::imported).collect();
        self
    }
}

impl Construct for Vpc {
    type Level = Template;
    type Output = VpcRef;
    fn build(self, template: &mut Scope<'_>) -> VpcRef {
        self.check(template);
        let name = match &self.name {
            Some(name) => name.to_string(),
            None => template.path(),
        };
        let vpc = ec2::Vpc::new()
            .cidr_block(self.cidr)
            .enable_dns_support(true)
            .enable_dns_hostnames(true)
            .tag("Name", &name);
        let resource = template.add("vpc", vpc);
        let mut vpc = VpcRef {
            id: resource.id(),
            cidr: self.cidr,
            public_subnets: Vec::new(),
            private_subnets: Vec::new(),
            isolated_subnets: Vec::new(),
            route_tables: Vec::new(),
            private_route_tables: Vec::new(),
            isolated_route_table: None,
            nat_gateways: Vec::new(),
            resource,
        };
        let mut tiers = Tiers { spec: &self, name: &name, template, vpc: &mut vpc };
        if self.public {
            tiers.public();
        }
        if self.private {
            tiers.private();
        }
        if self.isolated {
            tiers.isolated();
        }
        endpoints::add(&self, template, &vpc);
        flow_logs::add(&self.flow_logs, template, &vpc);
        vpc
    }
}

impl Vpc {
    fn check(&self, template: &mut Scope<'_>) {
        let path = template.path();
        let mut report = |code, message: String, allowed: &str, help: &str| {
            let diagnostic = Diagnostic::error(code, message, template.location());
            template.report(diagnostic.allowed(allowed).help(help));
        };
        if !(1..=6).contains(&self.azs) {
            let message = format!("`{path}` spans {} availability zones", self.azs);
            report(&VPC_ZONES, message, "1 to 6", "most regions have three");
        }
        let layout = self.layout();
        if self.cidr.prefix() < 16 || layout.prefix > 28 {
            let message = format!(
                "`{path}` has the addresses {}, so its subnets would be /{}",
                self.cidr, layout.prefix
            );
            let help = "give the VPC more addresses, or fewer zones and tiers";
            report(&VPC_TOO_SMALL, message, "a VPC of /16 to /28 with subnets up to /28", help);
        }
        if self.private && !self.public && self.nat != Nat::None {
            let message = format!("`{path}` has NAT gateways and no public subnets to put them in");
            let help = "say `.nat(Nat::None)`, or leave the public tier on";
            report(&VPC_WITHOUT_PLACE_FOR_NAT, message, "NAT with a public tier", help);
        }
    }

    fn layout(&self) -> Layout {
        Layout::new(self.cidr, self.azs, self.isolated)
    }
}

/// The name of a service's endpoint in the region of the template.
fn service_name(service: &str) -> Value<String> {
    let service = format!(".{service}");
    text!["com.amazonaws.", Value::own_region(), service]
}
