//! Security: services that watch the whole organization.

mod guardduty;

pub use guardduty::{GuardDuty, GuardDutyFeature, GuardDutyRef, RegionalDetector};
