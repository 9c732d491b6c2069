//! Security: roles and keys, and the services that watch the whole organization.

mod guardduty;
mod key;
mod role;

pub use guardduty::{GuardDuty, GuardDutyFeature, GuardDutyRef, RegionalDetector};
pub use key::{ExistingKey, KmsKey, KmsKeyRef};
pub use role::{ExistingRole, IamRole, IamRoleRef, aws_managed_policy};
