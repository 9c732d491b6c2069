//! What the constructs of the platform can find wrong.

use accel_core::Code;

/// All codes of this module.
pub const ALL: &[&Code] = &[
    &ECR_LIFECYCLE,
    &ECS_CAPACITY,
    &EKS_SUBNETS,
    &FARGATE_SIZE,
    &HTTP_API_ROUTE,
    &LISTENER_CERTIFICATE,
    &LISTENER_RULE_CLASH,
    &LISTENER_RULE_CONDITIONS,
    &LOAD_BALANCER_LOG_KEY,
    &LOAD_BALANCER_SUBNETS,
    &SERVICE_SCALING,
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

/// See [`Code::explanation`].
pub static ECR_LIFECYCLE: Code = Code::new(
    "ecr-lifecycle",
    "A repository keeps at least one image, and images without a tag for at least a day; what it protects \
     are beginnings of tags.",
);

/// See [`Code::explanation`].
pub static ECS_CAPACITY: Code = Code::new(
    "ecs-capacity",
    "Tasks are spread by shares of 0 to 1000, of which one is at least 1, after a base of up to 100000 tasks \
     on demand.",
);

/// See [`Code::explanation`].
pub static FARGATE_SIZE: Code = Code::new(
    "fargate-size",
    "Fargate has tasks of certain sizes: the number of CPU units decides how much memory there can be.",
);

/// See [`Code::explanation`].
pub static HTTP_API_ROUTE: Code = Code::new(
    "http-api-route",
    "A route of an HTTP API is `$default`, or a method (or ANY) and a path.",
);

/// See [`Code::explanation`].
pub static SERVICE_SCALING: Code = Code::new(
    "service-scaling",
    "A service is scaled between a minimum and a maximum that is not below it, towards 1 to 100 % of its \
     processors.",
);
