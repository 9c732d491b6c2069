use accel_deploy::Allowed;
use clap::Args;

/// What may be lost.
#[derive(Args, Debug)]
pub(super) struct Losses {
    /// Let stateful resources be deleted, and stacks that are protected from termination; without it those
    /// are refused
    #[arg(long)]
    allow_delete: bool,
    /// Let stateful resources be replaced; without it that is refused
    #[arg(long)]
    allow_replace: bool,
}

impl Losses {
    /// For who loses nothing.
    pub(super) const fn none() -> Allowed {
        Allowed { delete: false, replace: false }
    }

    pub(super) const fn allowed(&self) -> Allowed {
        Allowed { delete: self.allow_delete, replace: self.allow_replace }
    }
}
