//! Networks and names: addresses, VPCs, Transit Gateways and hosted zones.

mod certificate;
mod cidr_plan;
mod dns;
mod transit_gateway;
mod vpc;
mod zone;

pub use certificate::{Certificate, CertificateRef};
pub use cidr_plan::{CidrPlan, CidrPlanRef};
pub use dns::{DelegatedZone, DelegatedZoneRef, PrimaryZone, PrimaryZoneRef, RegionalCertificate};
pub use transit_gateway::{
    TransitGateway, TransitGatewayAttachment, TransitGatewayAttachmentRef, TransitGatewayHub,
    TransitGatewayRef,
};
pub use vpc::{ExistingVpc, FlowLogs, Nat, Vpc, VpcRef};
pub use zone::{ExistingZone, HostedZone, HostedZoneRef};
