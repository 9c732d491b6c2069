//! The context `runner`: the machine that a job runs on.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#runner-context>

use super::{Expr, context::Runtime};

macro_rules! properties {
    ($($(#[$doc:meta])+ $name:ident = $text:literal;)+) => {$(
        $(#[$doc])+
        pub const $name: Expr<Runtime> = Expr::known($text);
    )+};
}
properties! {
    /// `X86`, `X64`, `ARM` or `ARM64`.
    ARCH = "runner.arch";
    /// `github-hosted` or `self-hosted`.
    ENVIRONMENT = "runner.environment";
    /// The name of the runner.
    NAME = "runner.name";
    /// `Linux`, `Windows` or `macOS`.
    OS = "runner.os";
    /// A directory that is empty when the job starts.
    TEMP = "runner.temp";
    /// The directory of preinstalled tools.
    TOOL_CACHE = "runner.tool_cache";
}
