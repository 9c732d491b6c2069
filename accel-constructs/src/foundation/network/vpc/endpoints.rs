use accel_cfn::ec2::{self, vpc_endpoint::VpcEndpointType};
use accel_core::Scope;

use super::{Vpc, VpcRef, service_name};
use crate::platform::{AllowFrom as _, Port, SecurityGroup};

/// Endpoints, which keep traffic to services of AWS inside the VPC.
pub(super) fn add(spec: &Vpc, template: &mut Scope<'_>, vpc: &VpcRef) {
    if spec.gateway_endpoints {
        for service in ["s3", "dynamodb"] {
            let endpoint = ec2::VpcEndpoint::new(vpc.id)
                .vpc_endpoint_type(VpcEndpointType::GATEWAY)
                .service_name(service_name(service))
                .route_table_ids(&vpc.route_tables);
            template.add(&format!("endpoint-{service}"), endpoint);
        }
    }
    if spec.interface_endpoints.is_empty() {
        return;
    }
    let group = SecurityGroup::builder().vpc(vpc.id).description("Endpoints of AWS services");
    let group = template.add("endpoints", group.build());
    group.allow_from(template, "endpoints-from-vpc", spec.cidr, Port::tcp(443));
    let subnets = [&vpc.private_subnets, &vpc.isolated_subnets, &vpc.public_subnets];
    let subnets = subnets.into_iter().find(|subnets| !subnets.is_empty());
    for service in &spec.interface_endpoints {
        let endpoint = ec2::VpcEndpoint::new(vpc.id)
            .vpc_endpoint_type(VpcEndpointType::INTERFACE)
            .service_name(service_name(service))
            .private_dns_enabled(true)
            .security_group_ids([group.id])
            .subnet_ids(subnets.map_or(&[][..], Vec::as_slice));
        template.add(&format!("endpoint-{service}"), endpoint);
    }
}
