//! IAM as data: every action.

pub mod actions;
pub mod inheritance;
