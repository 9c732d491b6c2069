//! Blueprints: whole organizations off the rack, to be tailored.

mod accelerator;

pub use accelerator::{
    Accelerator, AcceleratorRef, CoreAccounts, NetworkRef, Security, SharedNetwork, StageRef,
    Tenant, TenantRef, Units,
};
