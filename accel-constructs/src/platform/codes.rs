//! What the constructs of the platform can find wrong.

use accel_core::Code;

/// All codes of this module.
pub const ALL: &[&Code] = &[
    &EKS_SUBNETS,
    &LISTENER_CERTIFICATE,
    &LISTENER_RULE_CLASH,
    &LISTENER_RULE_CONDITIONS,
    &LOAD_BALANCER_LOG_KEY,
    &LOAD_BALANCER_SUBNETS,
];

/// See [`Code::explanation`].
pub static EKS_SUBNETS: Code = Code::new(
    "eks-subnets",
    "A cluster needs subnets in at least two availability zones, so at least two of them.",
);

/// See [`Code::explanation`].
pub static LISTENER_CERTIFICATE: Code = Code::new(
    "listener-certificate",
    "A TLS listener shows a certificate, so it needs one: of AWS Certificate Manager, in the region of the \
     load balancer.",
);

/// See [`Code::explanation`].
pub static LISTENER_RULE_CLASH: Code = Code::new(
    "listener-rule-clash",
    "The rules of a listener are asked in the order of their priorities, so each has one of its own. AWS \
     would refuse the second, when the first is deployed already.",
);

/// See [`Code::explanation`].
pub static LISTENER_RULE_CONDITIONS: Code = Code::new(
    "listener-rule-conditions",
    "A rule says for which hosts or paths it is: at least one, and at most five values in all, which AWS \
     does not raise.",
);

/// See [`Code::explanation`].
pub static LOAD_BALANCER_LOG_KEY: Code = Code::new(
    "load-balancer-log-key",
    "Load balancers write their access logs only into buckets that Amazon S3 encrypts with its own keys \
     (SSE-S3), not with a key of KMS.",
);

/// See [`Code::explanation`].
pub static LOAD_BALANCER_SUBNETS: Code = Code::new(
    "load-balancer-subnets",
    "An Application Load Balancer needs subnets in at least two availability zones, one in each.",
);
