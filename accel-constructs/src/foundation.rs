//! The foundation: the organization, its units, accounts, policies and settings, its trail, what
//! every account has, and networks.

mod account;
mod archive;
mod baseline;
mod budget;
mod config;
mod every_account;
mod github_access;
mod identity_center;
mod network;
mod organization;
mod policy;
mod registry;
mod steps;
mod trail;
mod unit;

pub mod codes;

pub use account::Account;
pub use archive::{LogArchive, LogArchiveRef};
pub use baseline::{Baseline, BaselineRef};
pub use budget::{BudgetAlert, MonthlyBudget};
pub use config::{ConfigRecorder, ConfigRecorderRef, OrganizationConfig, OrganizationConfigRef};
pub use every_account::{EveryAccount, EveryAccountRef};
pub use github_access::{GithubAccess, GithubAccessRef};
pub use identity_center::{
    Assignment, IdentityCenter, IdentityCenterRef, IdentityGroup, PermissionSet, PermissionSetRef,
};
pub use network::{
    Certificate, CertificateRef, CidrPlan, CidrPlanRef, DelegatedZone, DelegatedZoneRef,
    ExistingVpc, ExistingZone, FlowLogs, HostedZone, HostedZoneRef, Nat, PrimaryZone,
    PrimaryZoneRef, RegionalCertificate, TransitGateway, TransitGatewayAttachment,
    TransitGatewayAttachmentRef, TransitGatewayHub, TransitGatewayRef, Vpc, VpcRef,
};
pub use organization::{Organization, OrganizationScope};
pub use policy::{
    AiServicesOptOut, OrganizationPolicy, PolicyTarget, PolicyType, ServiceControlPolicy,
    TagPolicy, TagRule,
};
pub use steps::{AlternateContact, AutoEnable, ContactKind, OrganizationStep, PasswordPolicy};
pub use trail::{OrganizationTrail, OrganizationTrailRef};
pub use unit::OrganizationalUnit;
