//! Blueprints: whole organizations off the rack, to be tailored.

mod accelerator;

pub mod codes;

pub use accelerator::{
    Accelerator, AcceleratorRef, Access, CoreAccounts, EcsPlatform, EksPlatform, NetworkRef,
    Observability, People, Platform, PlatformRef, Security, Service, ServiceRef, SharedNetwork,
    StageRef, Tenant, TenantRef, Units,
};
