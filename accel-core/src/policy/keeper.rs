use crate::Text;

/// A role that keeps an organization running, and that no policy may lock out: synthesis asks whether it still
/// can do its work in each account.
///
/// ```
/// use accel_core::policy::{Duty, Keeper};
///
/// let keeper = Keeper::break_glass("break-glass");
/// assert_eq!((keeper.duty(), keeper.role()), (Duty::BreakGlass, "break-glass"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeper {
    duty: Duty,
    role: Text,
}

/// What a [`Keeper`] is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// It deploys the app: makes its stacks, in the accounts that have some.
    Deploy,
    /// It mends what nobody else can, in every account.
    BreakGlass,
}

impl Keeper {
    /// The role by which the app is deployed, by its name with its path: `github-apply`.
    #[must_use]
    pub fn deployer(role: impl Into<Text>) -> Self {
        Self { duty: Duty::Deploy, role: role.into() }
    }

    /// The role of people in an emergency.
    #[must_use]
    pub fn break_glass(role: impl Into<Text>) -> Self {
        Self { duty: Duty::BreakGlass, role: role.into() }
    }

    /// What it is there for.
    #[must_use]
    pub const fn duty(&self) -> Duty {
        self.duty
    }

    /// Its name, with its path.
    #[must_use]
    pub fn role(&self) -> &str {
        &self.role
    }
}
