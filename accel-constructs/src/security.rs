//! Security: roles and keys, and the services that watch the whole organization.

mod github_role;
mod guardduty;
mod key;
mod role;

pub mod codes;

pub use github_role::{GithubIdentityProvider, GithubRole};
pub use guardduty::{GuardDuty, GuardDutyFeature, GuardDutyRef, RegionalDetector};
pub use key::{ExistingKey, KmsKey, KmsKeyRef};
pub use role::{ExistingRole, IamRole, IamRoleRef, aws_managed_policy};
