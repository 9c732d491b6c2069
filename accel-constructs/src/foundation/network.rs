//! Networks and names: VPCs and hosted zones.

mod vpc;
mod zone;

pub use vpc::{ExistingVpc, FlowLogs, Nat, Vpc, VpcRef};
pub use zone::{ExistingZone, HostedZone, HostedZoneRef};
