//! A network in each region of each stage, and what connects them.

use std::collections::BTreeSet;

use accel_core::{App, Region, Scope, ScopeRef, Stack, Text};

use super::{Accelerator, CoreAccounts, Platform, Security, accounts::Stage};
use crate::foundation::{
    CidrPlan, CidrPlanRef, DelegatedZone, DelegatedZoneRef, Organization, PrimaryZone,
    PrimaryZoneRef, TransitGateway, TransitGatewayAttachment, TransitGatewayRef, Vpc, VpcRef,
};

/// The network of a stage in one region.
#[derive(Clone, Debug)]
pub struct NetworkRef {
    /// Where.
    pub region: Region,
    /// What the VPC is called: its tag `Name`.
    pub name: Text,
    /// Its stack.
    pub stack: ScopeRef<Stack>,
    /// The VPC.
    pub vpc: VpcRef,
}

/// What all networks share.
#[derive(Clone, Debug)]
pub struct SharedNetwork {
    /// Which addresses belong to whom.
    pub addresses: CidrPlanRef,
    /// What connects the networks of a region.
    pub transit_gateway: TransitGatewayRef,
    /// The zone of the whole domain.
    pub zone: PrimaryZoneRef,
}

pub(super) fn shared(
    org: &mut Scope<'_, Organization>,
    suit: &Accelerator,
    core: CoreAccounts,
    stages: &[Stage],
) -> SharedNetwork {
    let regions = || suit.regions.iter().copied();
    let accounts = stages.iter().map(|stage| stage.account);
    let addresses = CidrPlan::builder().accounts(accounts).regions(regions()).build();
    let addresses = org.add("addresses", addresses);
    // Stages of the same name reach each other, production and what is not production do not.
    let segments: BTreeSet<Text> = stages.iter().map(|stage| stage.name.clone()).collect();
    let gateway =
        TransitGateway::builder().account(core.network).regions(regions()).segments(segments);
    let transit_gateway = org.add("transit-gateway", gateway.build());
    let zone = PrimaryZone::builder().account(core.network).domain(suit.domain.clone()).build();
    let zone = org.add("dns", zone);
    SharedNetwork { addresses, transit_gateway, zone }
}

/// The part of the domain that each stage is in charge of.
pub(super) fn zones(
    org: &mut Scope<'_, Organization>,
    suit: &Accelerator,
    network: &SharedNetwork,
    stages: &[Stage],
) -> Vec<DelegatedZoneRef> {
    // CloudFront takes certificates of one region alone.
    let regions: BTreeSet<Region> =
        suit.regions.iter().copied().chain([Region::US_EAST_1]).collect();
    let zone = |Stage { tenant, name, account }: &Stage| {
        let zone = DelegatedZone::builder()
            .of(&network.zone)
            .name(format!("{name}.{tenant}"))
            .account(*account)
            .regions(regions.iter().copied())
            .build();
        org.add(&format!("dns-{tenant}-{name}"), zone)
    };
    stages.iter().map(zone).collect()
}

pub(super) fn networks(
    app: &mut Scope<'_, App>,
    suit: &Accelerator,
    shared: &SharedNetwork,
    security: &Security,
    stage: &Stage,
) -> Vec<NetworkRef> {
    let network = |&region: &Region| {
        let place = stage.account.in_region(region);
        let mut stack = app.open("network", Stack::new(place));
        let cidr = shared.addresses.network(&mut stack, place);
        let name = Text::from(stage.label(&stack, region).id());
        let vpc = Vpc::builder()
            .cidr(cidr)
            .name(name.clone())
            .flow_logs(security.flow_logs.flow_logs())
            .kubernetes_tags(suit.has(Platform::Eks))
            .build();
        let vpc = stack.add("vpc", vpc);
        let attachment = TransitGatewayAttachment::builder()
            .gateway(&shared.transit_gateway)
            .vpc(&vpc)
            .segment(stage.name.clone())
            .build();
        stack.add("attachment", attachment);
        NetworkRef { region, name, stack: stack.reference(), vpc }
    };
    suit.regions.iter().map(network).collect()
}
