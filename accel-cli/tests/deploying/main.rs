//! The commands that deploy, as people and scripts meet them, on a simulated cloud.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod aws;
mod bad_input;
mod drift;
mod found;
#[cfg(unix)]
mod interrupting;
mod operations;
mod permissions;
mod review;
mod secrets;
mod session;
mod simulated;
