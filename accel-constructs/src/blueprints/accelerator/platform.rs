//! What workloads run on, in the home region of each stage.

use accel_cfn::route53::{self, record_set};
use accel_core::{App, Scope, ScopeRef, Stack, text};

use super::{Accelerator, Access, NetworkRef, accounts::Stage};
use crate::{
    foundation::{DelegatedZoneRef, VpcRef},
    names,
    platform::{
        BackingApplications, BackingServices, BackingServicesRef, Bucket, Capacity, ClusterVpc,
        EcsCluster, EcsClusterRef, EksCluster, EksClusterRef, Gitops, HttpApi, HttpApiRef,
        Lifecycle, LoadBalancer, LoadBalancerRef, Scheme,
    },
};

/// What workloads of a stage run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Kubernetes, with what Argo CD keeps in it.
    Eks,
    /// Amazon ECS on Fargate, behind a public and a private load balancer.
    Ecs,
}

/// The platforms of a stage.
#[derive(Clone, Debug)]
pub struct PlatformRef {
    /// The Kubernetes cluster and what is around it.
    pub eks: Option<EksPlatform>,
    /// The ECS cluster and what is around it.
    pub ecs: Option<EcsPlatform>,
}

/// Kubernetes in a stage.
#[derive(Clone, Debug)]
pub struct EksPlatform {
    /// Its stack.
    pub stack: ScopeRef<Stack>,
    /// The cluster.
    pub cluster: EksClusterRef,
    /// The roles of the services that others build upon.
    pub services: BackingServicesRef,
    /// What Argo CD keeps in the cluster.
    pub gitops: ScopeRef<Gitops>,
}

/// Amazon ECS in a stage.
#[derive(Clone, Debug)]
pub struct EcsPlatform {
    /// Its stack.
    pub stack: ScopeRef<Stack>,
    /// Its network.
    pub vpc: VpcRef,
    /// The cluster.
    pub cluster: EcsClusterRef,
    /// What the internet reaches.
    pub public: LoadBalancerRef,
    /// What other networks reach.
    pub private: LoadBalancerRef,
    /// The API before the private load balancer.
    pub api: HttpApiRef,
}

pub(super) fn platforms(
    app: &mut Scope<'_, App>,
    suit: &Accelerator,
    stage: &Stage,
    zone: &DelegatedZoneRef,
    networks: &[NetworkRef],
    access: &Access,
) -> PlatformRef {
    let mut made = PlatformRef { eks: None, ecs: None };
    let Some(NetworkRef { region, name, vpc, .. }) = networks.first() else { return made };
    let place = || Stack::new(stage.account.in_region(*region));
    if suit.has(Platform::Eks) {
        let (cluster, services, stack) = {
            let mut stack = app.open("eks", place());
            let (cluster, services) = eks(&mut stack, suit, stage, zone, vpc, access);
            (cluster, services, stack.reference())
        };
        let mut gitops = app.open(&format!("gitops-{}", stage.id()), Gitops::new(&cluster));
        let applications = BackingApplications::builder()
            .cluster(&cluster)
            .services(&services)
            .vpc(ClusterVpc::named(name.clone()))
            .domains([zone.domain.clone()])
            .build();
        gitops.add("backing-services", applications);
        let gitops = gitops.reference();
        made.eks = Some(EksPlatform { stack, cluster, services, gitops });
    }
    if suit.has(Platform::Ecs) {
        made.ecs = Some(ecs(&mut app.open("ecs", place()), zone, vpc));
    }
    made
}

fn eks(
    stack: &mut Scope<'_, Stack>,
    suit: &Accelerator,
    stage: &Stage,
    zone: &DelegatedZoneRef,
    vpc: &VpcRef,
    access: &Access,
) -> (EksClusterRef, BackingServicesRef) {
    let name = stage.label(stack, suit.home()).named("eks").name(&names::EKS_CLUSTER);
    let cluster = EksCluster::builder()
        .version(suit.kubernetes_version.clone())
        .name(name)
        .subnets(&vpc.private_subnets)
        .administrators([access.apply.arn_in(stage.account)])
        .viewers([access.plan.arn_in(stage.account)])
        .build();
    let cluster = stack.add("cluster", cluster);
    let services = BackingServices::builder().cluster(&cluster).zones([zone.zone.id]).build();
    (cluster.clone(), stack.add("backing-services", services))
}

fn ecs(stack: &mut Scope<'_, Stack>, zone: &DelegatedZoneRef, vpc: &VpcRef) -> EcsPlatform {
    // Two tasks survive when spot capacity is taken back; the rest is three quarters spot.
    let capacity = Capacity::builder().base(2).on_demand(1).spot(3).build();
    let cluster = stack.add("cluster", EcsCluster::builder().capacity(capacity).build());
    let certificate = zone.certificate(stack.region());
    let log = stack.add("access-log", Bucket::builder().lifecycle(Lifecycle::LOGS).build());
    let public = LoadBalancer::builder()
        .vpc(vpc.id)
        .subnets(&vpc.public_subnets)
        .certificates(certificate)
        .access_log(log)
        .scheme(Scheme::InternetFacing)
        .build();
    let public = stack.add("public", public);
    let private = LoadBalancer::builder()
        .vpc(vpc.id)
        .subnets(&vpc.private_subnets)
        .certificates(certificate)
        .access_log(log)
        .build();
    let private = stack.add("private", private);
    let server_name = format!("api.{}", zone.domain);
    let api = HttpApi::builder()
        .vpc(vpc.id)
        .subnets(&vpc.private_subnets)
        .load_balancer(&private)
        .server_name(server_name)
        .build();
    let api = stack.add("api", api);
    EcsPlatform { stack: stack.reference(), vpc: vpc.clone(), cluster, public, private, api }
}

/// The name `host` in a stage's zone, for a load balancer.
pub(super) fn name(
    stack: &mut Scope<'_, Stack>,
    zone: &DelegatedZoneRef,
    host: &str,
    balancer: &LoadBalancerRef,
) {
    let alias = record_set::AliasTarget::new(balancer.dns_name, balancer.hosted_zone_id);
    let record = route53::RecordSet::new(format!("{host}.{}", zone.domain), "A")
        .hosted_zone_id(text![zone.zone.id])
        .alias_target(alias);
    stack.add(&format!("{host}-name"), record);
}
