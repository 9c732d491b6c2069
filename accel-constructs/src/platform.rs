//! The platform: clusters, and what they are made of.

use accel_core::{Label, NameRule, Scope, Text};

mod bucket;
mod ecr;
mod ecs;
mod eks;
mod gitops;
mod http_api;
mod load_balancer;
mod security_group;
mod static_site;

pub mod codes;

pub use bucket::{Bucket, BucketKey, BucketRef, Lifecycle};
pub use ecr::{EcrRepository, EcrRepositoryRef, PullAccess};
pub use ecs::{
    Autoscaling, Capacity, ContainerInsights, ContainerSecret, EcsCluster, EcsClusterRef,
    FargateService, FargateServiceRef, Route,
};
pub use eks::{
    BackingServices, BackingServicesRef, Compute, EksCluster, EksClusterRef, NodeGroup,
    PodIdentity, PodIdentityRef,
};
pub use gitops::{
    Application, ApplicationRef, BackingApplications, BackingApplicationsRef, ClusterVpc,
    Destination, Gitops, Source, SyncPolicy,
};
pub use http_api::{HttpApi, HttpApiRef};
pub use load_balancer::{
    AccessLog, HealthCheck, ListenerRule, ListenerRuleRef, LoadBalancer, LoadBalancerRef, Scheme,
    TargetGroup, TargetGroupRef,
};
pub use security_group::{AllowFrom, Peer, Port, SecurityGroup, SecurityGroupRef};
pub use static_site::{PriceClass, StaticSite, StaticSiteRef};

/// The name of a thing that is not given one: the ids of the app and of the construct.
fn default_name(template: &Scope<'_>, rule: &NameRule) -> Text {
    let tree = template.tree();
    Label::new().namespace(tree[tree.root()].id()).named(template.id()).name(rule).into()
}
