//! IAM as data: every action.

pub mod actions;
