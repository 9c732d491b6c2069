//! What the constructs of the foundation can find wrong.

use accel_core::Code;

/// All codes of this module.
pub const ALL: &[&Code] = &[
    &BUDGET_SUBSCRIBERS,
    &CIDR_PLAN_EXHAUSTED,
    &CIDR_PLAN_INVALID,
    &CIDR_PLAN_WITHOUT_NETWORK,
    &DOMAIN_DELEGATED_TWICE,
    &DOMAIN_NAME,
    &EMAIL_USED_TWICE,
    &OVERLAPPING_NETWORKS,
    &PERMISSION_SET_SESSION,
    &TRANSIT_GATEWAY_REGION,
    &TRANSIT_GATEWAY_SEGMENT,
    &VPC_TOO_SMALL,
    &VPC_WITHOUT_PLACE_FOR_NAT,
    &VPC_ZONES,
];

/// See [`Code::explanation`].
pub static BUDGET_SUBSCRIBERS: Code = Code::new(
    "budget-subscribers",
    "A budget that tells nobody is of no use, and AWS Budgets tells at most ten addresses. The address of a \
     mailing list reaches more.",
);

/// See [`Code::explanation`].
pub static CIDR_PLAN_EXHAUSTED: Code = Code::new(
    "cidr-plan-exhausted",
    "A CIDR plan gives each account one block of its pool, in the order in which they are listed, and each \
     region one part of that block. More accounts than the pool has blocks, or more regions than a block has \
     parts, do not fit. Make the pool larger, the blocks smaller (before anything is deployed), or plan the \
     others in a pool of their own.",
);

/// See [`Code::explanation`].
pub static CIDR_PLAN_INVALID: Code = Code::new(
    "cidr-plan-invalid",
    "The pool of a CIDR plan is said by its first and its last block, which are of one size; a region's part \
     is no larger than the block and no smaller than a VPC can be (/28). Each account and each region is \
     listed once.",
);

/// See [`Code::explanation`].
pub static CIDR_PLAN_WITHOUT_NETWORK: Code = Code::new(
    "cidr-plan-without-network",
    "A CIDR plan has addresses for the accounts and regions that it lists. Append what is missing to the end \
     of the list: the place in the list is what the addresses are made of, so an insertion would move the \
     networks behind it.",
);

/// See [`Code::explanation`].
pub static DOMAIN_DELEGATED_TWICE: Code = Code::new(
    "domain-delegated-twice",
    "A zone names one set of name servers for a part of it. A second set for the same part would hide the \
     first, and one for what is below a part is never asked: the part's own zone answers for all below it. \
     Delegate what is below from there, or give each account a part beside the others.",
);

/// See [`Code::explanation`].
pub static DOMAIN_NAME: Code = Code::new(
    "domain-name",
    "A domain is two or more labels with dots between them, each of 1 to 63 letters, digits and hyphens, \
     with no hyphen at either end, 253 characters in all.",
);

/// See [`Code::explanation`].
pub static EMAIL_USED_TWICE: Code = Code::new(
    "email-used-twice",
    "The address of an account's root user is what AWS and the deployer tell accounts apart by: no two \
     accounts share one, whatever its capital letters. One mailbox serves many accounts through \
     sub-addresses: `aws+prod@example.com`.",
);

/// See [`Code::explanation`].
pub static OVERLAPPING_NETWORKS: Code = Code::new(
    "overlapping-networks",
    "Two VPCs that reach each other through a Transit Gateway have addresses in common, so a packet could be \
     for either: the route of one is never used. Give them blocks that do not overlap, as a CIDR plan does.",
);

/// See [`Code::explanation`].
pub static PERMISSION_SET_SESSION: Code = Code::new(
    "permission-set-session",
    "A session of IAM Identity Center lasts 1 to 12 hours, after which people sign in again.",
);

/// See [`Code::explanation`].
pub static TRANSIT_GATEWAY_REGION: Code = Code::new(
    "transit-gateway-region",
    "A VPC is attached to the Transit Gateway of its own region. List the region at the Transit Gateway, \
     which then has a hub there.",
);

/// See [`Code::explanation`].
pub static TRANSIT_GATEWAY_SEGMENT: Code = Code::new(
    "transit-gateway-segment",
    "A segment of a Transit Gateway is a route table at its hubs, so it is listed at the gateway before an \
     attachment is in it.",
);

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
