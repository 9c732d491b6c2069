//! What the constructs of the foundation can find wrong.

use accel_core::Code;

/// All codes of this module.
pub const ALL: &[&Code] = &[&VPC_TOO_SMALL, &VPC_WITHOUT_PLACE_FOR_NAT, &VPC_ZONES];

/// See [`Code::explanation`].
pub static VPC_ZONES: Code = Code::new(
    "vpc-zones",
    "A VPC spans 1 to 6 availability zones: no region has more. Three are what most regions have, and \
     enough to lose one and keep a majority.",
);

/// See [`Code::explanation`].
pub static VPC_TOO_SMALL: Code = Code::new(
    "vpc-too-small",
    "AWS takes VPCs of /16 to /28, and subnets that are no smaller than /28. The block is split into \
     equal subnets, at least eight of them, so it has to be large enough for all tiers and zones.",
);

/// See [`Code::explanation`].
pub static VPC_WITHOUT_PLACE_FOR_NAT: Code = Code::new(
    "vpc-without-place-for-nat",
    "A NAT gateway is in a public subnet: that is its own way to the internet. A VPC without a public \
     tier has none to put it in.",
);
