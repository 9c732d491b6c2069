//! Assertions on what an app becomes, for programs and for crates of blueprints.
//!
//! ```
//! use accel_core::{AccountInfo, App, Region, Resource, Stack};
//! use accel_testing::{Lookup as _, any, assembly};
//!
//! let mut app = App::new("shop");
//! let prod = app.scope().declare_account_as("prod", AccountInfo::default());
//! let mut stack = app.open("network", Stack::new(prod.in_region(Region::EU_WEST_1)));
//! let vpc = stack.add("vpc", Resource::new("AWS::EC2::VPC"));
//! stack[vpc].set("CidrBlock", "10.0.0.0/16");
//!
//! let assembly = assembly(app);
//! let network = assembly.template("prod/eu-west-1/network");
//! assert_eq!(network.resource::<Resource>("vpc").get("CidrBlock"), "10.0.0.0/16");
//! assert_eq!(network.all::<Resource>().matching([("CidrBlock", any())]).count(), 1);
//! ```
//!
//! With generated types a lookup checks the type too: `network.resource::<ec2::Vpc>("vpc")`,
//! `network.count::<ec2::Subnet>()`.
//!
//! [`Simulate`] decides what a role or an administrator may do, by the synthesized policies alone.
//!
//! [`assert_blueprint!`] compares everything an app becomes with snapshots, one a file, and
//! [`assert_diagnostics!`] what is wrong with it. Both are [insta](https://insta.rs)'s: `cargo insta review`
//! shows and accepts what changed.

mod lookup;
mod pattern;
mod resource;
mod simulate;
mod snapshot;
mod template;

pub use accel_synth::access::Identity;
pub use lookup::{Lookup, assembly};
pub use pattern::{
    Capture, Pattern, absent, any, attribute_of, capture, containing, like, list, object,
    reference_to,
};
pub use resource::{FoundResource, FoundResources};
pub use simulate::{Expected, Simulate, Simulation};
pub use template::FoundTemplate;

/// The snapshot library that the macros use, for settings and assertions of your own.
pub use insta;

#[doc(hidden)]
pub mod macro_support {
    pub use crate::snapshot::{Blueprint, diagnostics, function_name};
}
