//! What nearly every program names: `use accel::prelude::*;`.

pub use accel_core::{
    App, Attr, Construct, Region, Scope, Stack, StackSet, Template, Value, account_id, cidr,
};
