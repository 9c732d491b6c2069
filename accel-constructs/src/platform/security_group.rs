use accel_cfn::ec2::{self, PrefixListId, SecurityGroupId, VpcId, security_group::Egress};
use accel_core::{
    Attr, Cidr, Construct, FitsIn, IntoValue, Level, Scope, Shared, Template, Text, Value,
};
use typed_builder::TypedBuilder;

/// A security group: which connections reach what is in it. It lets everything out and nothing in
/// until [`AllowFrom::allow_from`] says who may come in.
///
/// ```
/// use accel_cfn::ec2::VpcId;
/// use accel_constructs::platform::{AllowFrom, Port, SecurityGroup};
/// use accel_core::{Attr, Scope, cidr};
///
/// fn web(template: &mut Scope<'_>, vpc: Attr<VpcId>) {
///     let web = SecurityGroup::builder().vpc(vpc).description("Web servers").build();
///     let web = template.add("web", web);
///     web.allow_from(template, "office", cidr!("10.0.0.0/8"), Port::tcp(443));
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct SecurityGroup {
    /// Where it is.
    #[builder(setter(transform = |vpc: impl IntoValue<VpcId>| vpc.into_value()))]
    vpc: Value<VpcId>,
    /// What is in it. A change replaces the group.
    #[builder(setter(into))]
    description: Text,
    /// Whether what is in it may connect to anything.
    #[builder(default = true)]
    outbound: bool,
}

/// What a [`SecurityGroup`] gives back.
#[derive(Clone, Copy, Debug)]
pub struct SecurityGroupRef {
    /// The id.
    pub id: Attr<SecurityGroupId>,
    /// The L1 resource.
    pub resource: ec2::SecurityGroupRef,
}

impl Construct for SecurityGroup {
    type Level = Template;
    type Output = SecurityGroupRef;
    fn build(self, template: &mut Scope<'_>) -> SecurityGroupRef {
        let mut group = ec2::SecurityGroup::new(self.description).vpc_id(self.vpc);
        if !self.outbound {
            // An empty list would mean AWS's default, which lets everything out; this reaches nobody.
            let nobody = Egress::new("icmp").cidr_ip("127.0.0.1/32").from_port(252).to_port(86);
            group = group.security_group_egress([nobody.description("Nothing may leave")]);
        }
        let group = template.add("group", group);
        SecurityGroupRef { id: group.group_id(), resource: group }
    }
}

/// What has a security group that others can be let into.
pub trait AllowFrom {
    /// The group.
    fn security_group(&self) -> Value<SecurityGroupId>;

    /// Lets `peer` connect to `port`, by a rule called `id` in `scope`.
    #[track_caller]
    fn allow_from<L: Level>(
        &self,
        scope: &mut Scope<'_, L>,
        id: &str,
        peer: impl Into<Peer>,
        port: Port,
    ) -> ec2::SecurityGroupIngressRef
    where
        Template: FitsIn<L, ec2::SecurityGroupIngress>,
    {
        let mut rule = ec2::SecurityGroupIngress::new(port.protocol)
            .group_id(self.security_group())
            .description(id);
        if let Some((from, to)) = port.range {
            rule = rule.from_port(from).to_port(to);
        }
        let rule = match peer.into() {
            Peer::Cidr(cidr) => rule.cidr_ip(cidr),
            Peer::Group(group) => rule.source_security_group_id(group),
            Peer::PrefixList(list) => rule.source_prefix_list_id(list),
        };
        scope.add(id, rule)
    }
}

impl AllowFrom for SecurityGroupRef {
    fn security_group(&self) -> Value<SecurityGroupId> {
        self.id.into_value()
    }
}
impl AllowFrom for Attr<SecurityGroupId> {
    fn security_group(&self) -> Value<SecurityGroupId> {
        self.into_value()
    }
}

/// Who connects.
#[derive(Clone, Debug)]
pub enum Peer {
    /// Whoever has an address of the block.
    Cidr(Value<String>),
    /// Whatever is in the group.
    Group(Value<SecurityGroupId>),
    /// Whoever has an address of the list.
    PrefixList(Value<PrefixListId>),
}

impl From<Cidr> for Peer {
    fn from(cidr: Cidr) -> Self {
        Self::Cidr(cidr.into_value())
    }
}
impl From<SecurityGroupRef> for Peer {
    fn from(group: SecurityGroupRef) -> Self {
        Self::Group(group.id.into_value())
    }
}
impl From<Attr<SecurityGroupId>> for Peer {
    fn from(group: Attr<SecurityGroupId>) -> Self {
        Self::Group(group.into_value())
    }
}
impl From<Shared<SecurityGroupId>> for Peer {
    fn from(group: Shared<SecurityGroupId>) -> Self {
        Self::Group(group.into_value())
    }
}

/// Where to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    protocol: &'static str,
    range: Option<(u16, u16)>,
}

impl Port {
    /// Every port of every protocol.
    pub const ALL: Self = Self { protocol: "-1", range: None };

    /// One TCP port.
    #[must_use]
    pub const fn tcp(port: u16) -> Self {
        Self::tcp_range(port, port)
    }

    /// TCP ports, the last included.
    #[must_use]
    pub const fn tcp_range(first: u16, last: u16) -> Self {
        Self { protocol: "tcp", range: Some((first, last)) }
    }

    /// One UDP port.
    #[must_use]
    pub const fn udp(port: u16) -> Self {
        Self { protocol: "udp", range: Some((port, port)) }
    }
}
