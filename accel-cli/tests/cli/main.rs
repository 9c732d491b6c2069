//! The commands as people and scripts meet them: processes with arguments, streams and exit codes.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod assemblies;
mod session;
mod synth;
mod tells;
mod usage;
mod write;
