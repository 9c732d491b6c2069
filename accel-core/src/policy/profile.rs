/// Which limits of AWS Organizations the policies that bind accounts keep to.
///
/// ```
/// use accel_core::policy::PolicyProfile;
///
/// let limits = PolicyProfile::Conservative.service_control();
/// assert_eq!((limits.characters, limits.per_target), (5_120, 5));
/// ```
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PolicyProfile {
    /// What AWS takes everywhere, before and after it raised a limit.
    #[default]
    Conservative,
    /// What AWS takes of service control policies since May 2026: twice as many, twice as large. For an
    /// organization whose quotas show it.
    Raised,
}

impl PolicyProfile {
    /// Of service control policies.
    #[must_use]
    pub const fn service_control(self) -> PolicyLimits {
        match self {
            Self::Conservative => PolicyLimits { characters: 5_120, per_target: 5 },
            Self::Raised => PolicyLimits { characters: 10_240, per_target: 10 },
        }
    }

    /// Of resource control policies, which AWS has not raised.
    #[must_use]
    pub const fn resource_control(self) -> PolicyLimits {
        PolicyLimits { characters: 5_120, per_target: 5 }
    }
}

/// How large policies of one type may be, and how many one target takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyLimits {
    /// Characters of one, without white space.
    pub characters: usize,
    /// How many are attached to a root, a unit or an account at most, with the one that AWS itself attaches
    /// (`FullAWSAccess`, `RCPFullAWSAccess`).
    pub per_target: usize,
}

impl PolicyLimits {
    /// How many policies of its own a target takes, beside AWS's.
    #[must_use]
    pub const fn own(self) -> usize {
        self.per_target - 1
    }
}
