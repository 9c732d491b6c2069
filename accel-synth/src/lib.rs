//! From a construct tree to an assembly.

pub mod yaml;
