//! The commands as people and scripts meet them: processes with arguments, streams and exit codes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod assemblies;
#[cfg(feature = "new")]
mod new;
mod policy;
mod session;
mod synth;
mod tells;
mod usage;
mod write;
