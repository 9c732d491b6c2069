//! The foundation: the organization, its units, accounts, policies and settings, its trail, and what
//! every account has.

mod account;
mod organization;
mod policy;
mod steps;
mod unit;

pub use account::Account;
pub use organization::{Organization, OrganizationScope};
pub use policy::{PolicyTarget, PolicyType, ServiceControlPolicy};
pub use steps::{AlternateContact, AutoEnable, ContactKind, OrganizationStep, PasswordPolicy};
pub use unit::OrganizationalUnit;
