use accel_cfn::ec2::{self, RouteTableId, SubnetId};
use accel_core::{Attr, Cidr, Scope, Value};

use super::{Nat, Vpc, VpcRef, layout};

/// Builds the tiers of one VPC.
pub(super) struct Tiers<'a, 'tree> {
    pub(super) spec: &'a Vpc,
    pub(super) name: &'a str,
    pub(super) template: &'a mut Scope<'tree>,
    pub(super) vpc: &'a mut VpcRef,
}

impl Tiers<'_, '_> {
    pub(super) fn public(&mut self) {
        let gateway = ec2::InternetGateway::new().tag("Name", self.name);
        let gateway = self.template.add("internet-gateway", gateway).id();
        let attachment = ec2::VpcGatewayAttachment::new(self.vpc.id).internet_gateway_id(gateway);
        let attachment = self.template.add("internet-gateway-attachment", attachment);
        let table = self.route_table("public");
        let route = default_route(table).gateway_id(gateway);
        let route = self.template.add("public-route", route);
        self.template[route].depends_on(attachment);

        for az in 0..self.spec.azs {
            let mut subnet = self.subnet("public", layout::PUBLIC, az);
            if self.spec.map_public_ip {
                subnet = subnet.map_public_ip_on_launch(true);
            }
            if self.spec.kubernetes_tags {
                subnet = subnet.tag("kubernetes.io/role/elb", "1");
            }
            let subnet = self.place("public", az, subnet, table);
            self.vpc.public_subnets.push(subnet);
        }
        let gateways = match self.spec.nat {
            _ if !self.spec.private => 0,
            Nat::None => 0,
            Nat::Single => 1,
            Nat::PerAz => usize::from(self.spec.azs),
        };
        for (az, subnet) in self.vpc.public_subnets.clone().into_iter().take(gateways).enumerate() {
            let name = format!("{}/nat-{}", self.name, az + 1);
            let address = ec2::Eip::new().domain("vpc").tag("Name", &name);
            let address = self.template.add(&format!("nat-address-{}", az + 1), address);
            self.template[address].depends_on(attachment);
            let nat = ec2::NatGateway::new()
                .subnet_id(subnet)
                .allocation_id(address.allocation_id())
                .tag("Name", &name);
            let nat = self.template.add(&format!("nat-{}", az + 1), nat);
            self.template[nat].depends_on(route);
            self.vpc.nat_gateways.push(nat.id());
        }
    }

    /// Each zone has its own route table, so that going from one gateway to one per zone changes routes
    /// and nothing else.
    pub(super) fn private(&mut self) {
        for az in 0..self.spec.azs {
            let table = self.route_table(&format!("private-{}", az + 1));
            self.vpc.private_route_tables.push(table);
            let nats = &self.vpc.nat_gateways;
            if let Some(&nat) = nats.get(usize::from(az)).or(nats.first()) {
                let route = default_route(table).nat_gateway_id(nat);
                self.template.add(&format!("private-{}-route", az + 1), route);
            }
            let mut subnet = self.subnet("private", layout::PRIVATE, az);
            if self.spec.kubernetes_tags {
                subnet = subnet.tag("kubernetes.io/role/internal-elb", "1");
            }
            let subnet = self.place("private", az, subnet, table);
            self.vpc.private_subnets.push(subnet);
        }
    }

    pub(super) fn isolated(&mut self) {
        let table = self.route_table("isolated");
        self.vpc.isolated_route_table = Some(table);
        for az in 0..self.spec.azs {
            let subnet = self.subnet("isolated", layout::ISOLATED, az);
            let subnet = self.place("isolated", az, subnet, table);
            self.vpc.isolated_subnets.push(subnet);
        }
    }

    fn route_table(&mut self, tier: &str) -> Attr<RouteTableId> {
        let name = format!("{}/{tier}", self.name);
        let table = ec2::RouteTable::new(self.vpc.id).tag("Name", &name);
        let table = self.template.add(&format!("{tier}-routes"), table).id();
        self.vpc.route_tables.push(table);
        table
    }

    fn subnet(&self, tier: &str, part: u32, az: u8) -> ec2::Subnet {
        let subnet = ec2::Subnet::new(self.vpc.id)
            .availability_zone(Value::select(az.into(), Value::availability_zones()))
            .tag("Name", format!("{}/{tier}-{}", self.name, az + 1));
        match self.spec.layout().subnet(part, az) {
            Some(block) => subnet.cidr_block(block),
            // Too small a VPC was reported.
            None => subnet,
        }
    }

    fn place(
        &mut self,
        tier: &str,
        az: u8,
        subnet: ec2::Subnet,
        table: Attr<RouteTableId>,
    ) -> Attr<SubnetId> {
        let id = format!("{tier}-{}", az + 1);
        let subnet = self.template.add(&id, subnet).id();
        let association = ec2::SubnetRouteTableAssociation::new(table, subnet);
        self.template.add(&format!("{id}-association"), association);
        subnet
    }
}

fn default_route(table: Attr<RouteTableId>) -> ec2::Route {
    ec2::Route::new(table).destination_cidr_block(Cidr::ANY)
}
