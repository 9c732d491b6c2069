use accel_cfn::{
    ec2::{self, TransitGatewayAttachmentId, TransitGatewayId, TransitGatewayRouteTableId},
    ram,
};
use accel_core::{
    AccountRef, Attr, Cidr, Construct, Diagnostic, IntoValue as _, Region, Scope, ScopeRef, Stack,
    Text, Value, cidr,
};
use typed_builder::TypedBuilder;

use super::VpcRef;
use crate::foundation::{
    Organization, OrganizationScope as _,
    codes::{TRANSIT_GATEWAY_REGION, TRANSIT_GATEWAY_SEGMENT},
    organization::registry,
    registry::Network,
};

/// What connects the networks of the organization: per region a Transit Gateway, the *hub*, in one
/// account, shared with all others.
///
/// ```
/// use accel_constructs::foundation::{Organization, TransitGateway, TransitGatewayAttachment, Vpc};
/// use accel_core::{AccountRef, App, Region, Stack, cidr, email};
///
/// fn networks(app: &mut App, network: AccountRef, prod: AccountRef) {
///     let mut org = app.open("organization", Organization::create(email!("aws@example.com")));
///     let gateway = TransitGateway::builder().account(network).regions([Region::EU_WEST_1]).build();
///     let gateway = org.add("transit-gateway", gateway);
///
///     let mut stack = app.open("network", Stack::new(prod.in_region(Region::EU_WEST_1)));
///     let vpc = stack.add("vpc", Vpc::builder().cidr(cidr!("10.102.0.0/18")).build());
///     let attachment = TransitGatewayAttachment::builder().gateway(&gateway).vpc(&vpc).build();
///     stack.add("attachment", attachment);
/// }
/// ```
///
/// An account may attach what it likes, and nobody has to accept it; but a hub has no default route
/// table, so an attachment reaches nothing until this program says so: that is what an attachment adds
/// to the stack of the hub's routes.
///
/// The hubs of two regions are not connected: nothing here makes a peering.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/tgw/what-is-transit-gateway.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct TransitGateway {
    /// The account that has the hubs.
    account: AccountRef,
    /// Where; the organization's home region if not said.
    #[builder(default, setter(transform = |regions: impl IntoIterator<Item = Region>| {
        Some(regions.into_iter().collect())
    }))]
    regions: Option<Vec<Region>>,
    /// Groups of networks that do not reach each other: `["prod", "dev"]`. What is in a segment reaches
    /// its own segment and what is in none, and what is in none reaches all. Without segments all
    /// networks reach each other.
    #[builder(default, setter(transform = |segments: impl IntoIterator<Item = impl Into<Text>>| {
        segments.into_iter().map(Into::into).collect()
    }))]
    segments: Vec<Text>,
    /// The number of the first hub's autonomous system, to which each further region adds 1: hubs that
    /// are to be peered need different ones. 64,512 to 65,534 are private.
    #[builder(default = 64_512)]
    asn: u32,
}

/// What a [`TransitGateway`] gives back.
#[derive(Clone, Debug)]
pub struct TransitGatewayRef {
    /// One per region, in the order given.
    pub hubs: Vec<TransitGatewayHub>,
    org: ScopeRef<Organization>,
    path: String,
}

/// The Transit Gateway of one region.
#[derive(Clone, Debug)]
pub struct TransitGatewayHub {
    /// Where.
    pub region: Region,
    /// The account it is in.
    pub account: AccountRef,
    /// The id.
    pub id: Attr<TransitGatewayId>,
    /// The stack of the gateway and its share.
    pub hub: ScopeRef<Stack>,
    /// The stack of the route tables, and of who is in them.
    pub routes: ScopeRef<Stack>,
    /// The L1 resource.
    pub resource: ec2::TransitGatewayRef,
    /// The route table of each segment; the first is that of what is in none.
    tables: Vec<(Option<Text>, Attr<TransitGatewayRouteTableId>)>,
}

impl Construct for TransitGateway {
    type Level = Organization;
    type Output = TransitGatewayRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> TransitGatewayRef {
        let regions = self.regions.clone().unwrap_or_else(|| vec![org.home_region()]);
        let hubs = (0..).zip(regions).map(|(number, region)| self.in_region(org, number, region));
        let hubs = hubs.collect();
        TransitGatewayRef { hubs, org: org.reference(), path: org.path() }
    }
}

impl TransitGateway {
    fn in_region(
        &self,
        org: &mut Scope<'_, Organization>,
        number: u32,
        region: Region,
    ) -> TransitGatewayHub {
        let name = org.path().replace('/', "-");
        let sharing = org.resource_sharing();
        let organization = org.organization_arn();
        let place = self.account.in_region(region);

        let mut hub = org.open("hub", Stack::new(place));
        hub.after(sharing);
        let gateway = ec2::TransitGateway::new()
            .amazon_side_asn(self.asn.saturating_add(number))
            // The share says who may attach.
            .auto_accept_shared_attachments("enable")
            .default_route_table_association("disable")
            .default_route_table_propagation("disable")
            .dns_support("enable")
            .vpn_ecmp_support("enable")
            .tag("Name", &name);
        let resource = hub.add("gateway", gateway);
        let share = ram::ResourceShare::new(&name)
            .allow_external_principals(false)
            .principals([organization])
            .resource_arns([resource.transit_gateway_arn()]);
        hub.add("share", share);
        let (id, hub) = (resource.id(), hub.reference());

        let mut routes = org.open("routes", Stack::new(place));
        let mut table = |segment: Option<&Text>| {
            let label = segment.map_or("shared", |segment| &**segment);
            let table =
                ec2::TransitGatewayRouteTable::new(id).tag("Name", format!("{name}-{label}"));
            (segment.cloned(), routes.add(&format!("{label}-routes"), table).id())
        };
        let mut tables = vec![table(None)];
        tables.extend(self.segments.iter().map(|segment| table(Some(segment))));
        let routes = routes.reference();
        TransitGatewayHub { region, account: self.account, id, hub, routes, resource, tables }
    }
}

impl TransitGatewayRef {
    /// The hub of a region, if there is one.
    #[must_use]
    pub fn hub(&self, region: Region) -> Option<&TransitGatewayHub> {
        self.hubs.iter().find(|hub| hub.region == region)
    }
}

/// Attaches a VPC to the hub of its region: the attachment and the routes to it in the VPC's own stack,
/// and the way back in the stack of the hub's routes.
///
/// The hub is in the VPC's private subnets, one per availability zone, or in its isolated ones if it has
/// no private ones; their route tables get the routes. Public subnets do not reach other networks.
///
/// Two networks that reach each other and have addresses in common are a diagnostic.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct TransitGatewayAttachment {
    /// The gateway.
    #[builder(setter(transform = |gateway: &TransitGatewayRef| gateway.clone()))]
    gateway: TransitGatewayRef,
    /// The VPC, of the same stack's account and region.
    #[builder(setter(transform = |vpc: &VpcRef| vpc.clone()))]
    vpc: VpcRef,
    /// The segment it is in; see [`TransitGateway`]. In none by default.
    #[builder(default, setter(into, strip_option))]
    segment: Option<Text>,
    /// What is reached through the gateway. The VPC's own addresses never are.
    #[builder(default = vec![cidr!("10.0.0.0/8")], setter(transform = |blocks: impl IntoIterator<Item = Cidr>| {
        blocks.into_iter().collect()
    }))]
    destinations: Vec<Cidr>,
}

/// What a [`TransitGatewayAttachment`] gives back.
#[derive(Clone, Copy, Debug)]
pub struct TransitGatewayAttachmentRef {
    /// The id.
    pub id: Attr<TransitGatewayAttachmentId>,
    /// The L1 resource.
    pub resource: ec2::TransitGatewayAttachmentRef,
}

impl Construct for TransitGatewayAttachment {
    type Level = Stack;
    type Output = TransitGatewayAttachmentRef;
    fn build(self, stack: &mut Scope<'_, Stack>) -> TransitGatewayAttachmentRef {
        let environment = stack.environment();
        let hub = self.gateway.hub(environment.region).cloned();
        let gateway: Value<TransitGatewayId> = match &hub {
            Some(hub) => stack.share(hub.id, environment.account).into_value(),
            None => {
                self.report_region(stack, environment.region);
                Value::imported("tgw-00000000")
            }
        };
        let vpc = &self.vpc;
        let (subnets, tables) = if vpc.private_subnets.is_empty() {
            (&vpc.isolated_subnets, vpc.isolated_route_table.into_iter().collect())
        } else {
            (&vpc.private_subnets, vpc.private_route_tables.clone())
        };
        let attachment =
            ec2::TransitGatewayAttachment::new(subnets, &gateway, vpc.id).tag("Name", stack.path());
        let resource = stack.add("attachment", attachment);
        for (table_number, table) in (1..).zip(tables) {
            for (number, block) in (1..).zip(&self.destinations) {
                let route = ec2::Route::new(table)
                    .destination_cidr_block(*block)
                    .transit_gateway_id(&gateway);
                let route = stack.add(&format!("route-{table_number}-{number}"), route);
                stack[route].depends_on(resource);
            }
        }
        if let Some(hub) = hub {
            self.connect(stack, &hub, resource);
        }
        TransitGatewayAttachmentRef { id: resource.id(), resource }
    }
}

impl TransitGatewayAttachment {
    /// The hub's side.
    fn connect(
        &self,
        stack: &mut Scope<'_, Stack>,
        hub: &TransitGatewayHub,
        attachment: ec2::TransitGatewayAttachmentRef,
    ) {
        let (path, line) = (stack.path(), stack.location());
        let network = Network {
            hub: hub.hub.node(),
            segment: self.segment.clone(),
            cidr: self.vpc.cidr,
            path: path.clone(),
            line,
        };
        let mut org = stack.reopen(self.gateway.org);
        if let Some(diagnostic) = registry(&mut org).and_then(|known| known.connect(network)) {
            stack.report(diagnostic);
        }
        let own = hub.tables.iter().find(|(segment, _)| *segment == self.segment);
        let Some((_, own)) = own else {
            self.report_segment(stack, hub);
            return;
        };
        let id = stack.share(attachment.id(), hub.account);
        let mut routes = stack.reopen(hub.routes);
        let name = path.replace('/', "-");
        let association = ec2::TransitGatewayRouteTableAssociation::new(id, *own);
        routes.add(&format!("{name}-association"), association);
        for (segment, table) in &hub.tables {
            if segment.is_none() || self.segment.is_none() || *segment == self.segment {
                let label = segment.as_ref().map_or("shared", |segment| &**segment);
                let propagation = ec2::TransitGatewayRouteTablePropagation::new(id, *table);
                routes.add(&format!("{name}-in-{label}"), propagation);
            }
        }
    }

    fn report_region(&self, stack: &mut Scope<'_, Stack>, region: Region) {
        let regions: Vec<_> = self.gateway.hubs.iter().map(|hub| hub.region.name()).collect();
        let message =
            format!("`{}` is in {region}, where `{}` has no hub", stack.path(), self.gateway.path);
        let diagnostic = Diagnostic::error(&TRANSIT_GATEWAY_REGION, message, stack.location())
            .allowed(regions.join(", "))
            .help(format!("add {region} to the regions of `{}`", self.gateway.path));
        stack.report(diagnostic);
    }

    fn report_segment(&self, stack: &mut Scope<'_, Stack>, hub: &TransitGatewayHub) {
        let known = hub.tables.iter().filter_map(|(segment, _)| segment.as_deref());
        let known = known.collect::<Vec<_>>().join(", ");
        let segment = self.segment.as_deref().unwrap_or_default();
        let message = format!("`{}` is in the segment \"{segment}\"", stack.path());
        let allowed = if known.is_empty() { "no segment: the gateway lists none" } else { &known };
        let diagnostic = Diagnostic::error(&TRANSIT_GATEWAY_SEGMENT, message, stack.location())
            .allowed(allowed)
            .help(format!("list it: `.segments([.., \"{segment}\"])` of `{}`", self.gateway.path));
        stack.report(diagnostic);
    }
}
