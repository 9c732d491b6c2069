//! A network in each region of each stage, and what connects them.

use accel_core::{App, Region, Scope, ScopeRef, Stack, Text};

use super::{Accelerator, CoreAccounts, accounts::Stage};
use crate::foundation::{
    CidrPlan, CidrPlanRef, Organization, TransitGateway, TransitGatewayAttachment,
    TransitGatewayRef, Vpc, VpcRef,
};

/// The network of a stage in one region.
#[derive(Clone, Debug)]
pub struct NetworkRef {
    /// Where.
    pub region: Region,
    /// Its stack.
    pub stack: ScopeRef<Stack>,
    /// The VPC.
    pub vpc: VpcRef,
}

/// What all networks share.
pub(super) struct Plan {
    pub(super) addresses: CidrPlanRef,
    pub(super) gateway: TransitGatewayRef,
}

pub(super) fn plan(
    org: &mut Scope<'_, Organization>,
    suit: &Accelerator,
    core: CoreAccounts,
    stages: &[Stage],
) -> Plan {
    let regions = || suit.regions.iter().copied();
    let accounts = stages.iter().map(|stage| stage.account);
    let addresses = CidrPlan::builder().accounts(accounts).regions(regions()).build();
    let addresses = org.add("addresses", addresses);
    // Production and what is not production do not reach each other; each stage is a segment.
    let mut segments: Vec<&str> = stages.iter().map(|stage| &*stage.name).collect();
    segments.sort_unstable();
    segments.dedup();
    let segments = segments.into_iter().map(|name| Text::from(name.to_owned()));
    let gateway =
        TransitGateway::builder().account(core.network).regions(regions()).segments(segments);
    let gateway = org.add("transit-gateway", gateway.build());
    Plan { addresses, gateway }
}

pub(super) fn networks(
    app: &mut Scope<'_, App>,
    suit: &Accelerator,
    plan: &Plan,
    stage: &Stage,
) -> Vec<NetworkRef> {
    let network = |&region: &Region| {
        let place = stage.account.in_region(region);
        let mut stack = app.open("network", Stack::new(place));
        let cidr = plan.addresses.network(&mut stack, place);
        let vpc = stack.add("vpc", Vpc::builder().cidr(cidr).kubernetes_tags(true).build());
        let attachment = TransitGatewayAttachment::builder()
            .gateway(&plan.gateway)
            .vpc(&vpc)
            .segment(stage.name.clone())
            .build();
        stack.add("attachment", attachment);
        NetworkRef { region, stack: stack.reference(), vpc }
    };
    suit.regions.iter().map(network).collect()
}
