//! What the constructs of the platform can find wrong.

use accel_core::Code;

/// All codes of this module.
pub const ALL: &[&Code] = &[&EKS_SUBNETS];

/// See [`Code::explanation`].
pub static EKS_SUBNETS: Code = Code::new(
    "eks-subnets",
    "A cluster needs subnets in at least two availability zones, so at least two of them.",
);
