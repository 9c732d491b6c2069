//! The foundation: the organization, its units, accounts, policies and settings, its trail, and what
//! every account has.

mod account;
mod baseline;
mod every_account;
mod organization;
mod policy;
mod steps;
mod trail;
mod unit;

pub use account::Account;
pub use baseline::{Baseline, BaselineRef};
pub use every_account::{EveryAccount, EveryAccountRef};
pub use organization::{Organization, OrganizationScope};
pub use policy::{PolicyTarget, PolicyType, ServiceControlPolicy};
pub use steps::{AlternateContact, AutoEnable, ContactKind, OrganizationStep, PasswordPolicy};
pub use trail::{OrganizationTrail, OrganizationTrailRef};
pub use unit::OrganizationalUnit;
