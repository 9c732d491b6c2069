//! What the constructs of the platform can find wrong.

use accel_core::Code;

/// All codes of this module.
pub const ALL: &[&Code] = &[
    &BACKING_SERVICE_SECRETS,
    &BACKING_SERVICE_ZONES,
    &CHART_UNKNOWN,
    &CHART_VERSION,
    &ECR_LIFECYCLE,
    &ECS_CAPACITY,
    &EKS_SUBNETS,
    &FARGATE_SIZE,
    &GITOPS_CLUSTER_PLACE,
    &GITOPS_NAME,
    &GITOPS_REPOSITORY,
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

/// See [`Code::explanation`].
pub static BACKING_SERVICE_SECRETS: Code = Code::new(
    "backing-service-secrets",
    "External-secrets reads secrets and parameters whose names begin as is said. An empty beginning would be \
     all of them, and `*` and `?` stand for others in a policy.",
);

/// See [`Code::explanation`].
pub static BACKING_SERVICE_ZONES: Code = Code::new(
    "backing-service-zones",
    "ExternalDNS and cert-manager write records, in the zones that their roles name: without a zone they \
     could do nothing.",
);

/// See [`Code::explanation`].
pub static CHART_VERSION: Code = Code::new(
    "chart-version",
    "An application names one version of its chart. With a range or `latest`, what runs would change without \
     a change of the program.",
);

/// See [`Code::explanation`].
pub static GITOPS_CLUSTER_PLACE: Code = Code::new(
    "gitops-cluster-place",
    "Manifests name the region and the account of their cluster. A cluster that a stack set makes is in many; \
     one of a stack is in one.",
);

/// See [`Code::explanation`].
pub static GITOPS_NAME: Code = Code::new(
    "gitops-name",
    "Kubernetes takes names of small letters, digits and hyphens, up to 63 of them; the name of the cluster \
     is a directory of the assembly.",
);

/// See [`Code::explanation`].
pub static GITOPS_REPOSITORY: Code = Code::new(
    "gitops-repository",
    "What Argo CD keeps in a cluster comes from a repository that says who it is: https, ssh or oci.",
);

/// See [`Code::explanation`].
pub static CHART_UNKNOWN: Code = Code::new(
    "chart-unknown",
    "The version of a chart was given that is not among the applications: its name is misspelt, or its service \
     was left away.",
);
