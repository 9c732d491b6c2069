use accel_cfn::ecs::{self, CapacityProviderName, ClusterArn, ClusterName, cluster};
use accel_core::{Attr, Construct, Diagnostic, Scope, Template, Text, Value};
use typed_builder::TypedBuilder;

use super::{codes::ECS_CAPACITY, default_name};
use crate::names;

mod autoscaling;
mod container;
mod fargate;
mod size;

pub use autoscaling::Autoscaling;
pub use container::ContainerSecret;
pub use fargate::{FargateService, FargateServiceRef, Route};

/// An ECS cluster whose tasks run on Fargate, on demand and on spare capacity.
///
/// ```
/// use accel_constructs::platform::{Capacity, EcsCluster};
/// use accel_core::Scope;
///
/// fn cluster(template: &mut Scope<'_>) {
///     // The first two tasks of a service on demand, three of four others on spare capacity.
///     let capacity = Capacity::builder().base(2).on_demand(1).spot(3).build();
///     template.add("apps", EcsCluster::builder().capacity(capacity).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct EcsCluster {
    /// The name, unique in its account and region; made from the ids of the app and the cluster if not
    /// said.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
    /// What services run on that do not say so themselves. On demand alone by default.
    #[builder(default)]
    capacity: Capacity,
    /// What CloudWatch measures.
    #[builder(default)]
    container_insights: ContainerInsights,
}

/// How tasks are spread over capacity on demand and spare capacity, which is cheap and can go within two
/// minutes.
#[derive(Clone, Copy, Debug, TypedBuilder)]
pub struct Capacity {
    /// How many tasks of a service are on demand in any case.
    #[builder(default = 1)]
    base: u32,
    /// The share of the others that is on demand.
    #[builder(default = 1)]
    on_demand: u16,
    /// The share of the others that is on spare capacity.
    #[builder(default = 0)]
    spot: u16,
}

impl Default for Capacity {
    fn default() -> Self {
        Self::builder().build()
    }
}

/// What CloudWatch measures in an [`EcsCluster`].
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContainerInsights.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContainerInsights {
    /// Services and tasks.
    #[default]
    On,
    /// Containers too, for a higher charge.
    Enhanced,
    /// Nothing beyond CPU and memory of services.
    Off,
}

/// What an [`EcsCluster`] gives back.
#[derive(Clone, Debug)]
pub struct EcsClusterRef {
    /// The name, as it is written: what monitors and pipelines know it by.
    pub literal_name: Text,
    /// The name, as a reference: who uses it waits for the cluster.
    pub name: Attr<ClusterName>,
    /// The ARN.
    pub arn: Attr<ClusterArn>,
    /// The L1 resource.
    pub resource: ecs::ClusterRef,
}

impl Construct for EcsCluster {
    type Level = Template;
    type Output = EcsClusterRef;
    fn build(self, template: &mut Scope<'_>) -> EcsClusterRef {
        self.capacity.check(template);
        let name = self.name.unwrap_or_else(|| default_name(template, &names::ECS_CLUSTER));
        let insights = cluster::ClusterSettings::new().name("containerInsights").value(match self
            .container_insights
        {
            ContainerInsights::On => "enabled",
            ContainerInsights::Enhanced => "enhanced",
            ContainerInsights::Off => "disabled",
        });
        let strategy = self.capacity.shares().map(|(provider, base, weight)| {
            cluster::CapacityProviderStrategyItem::new()
                .capacity_provider(provider)
                .base(base)
                .weight(weight)
        });
        let resource = ecs::Cluster::new()
            .cluster_name(name.clone())
            .cluster_settings([insights])
            .capacity_providers(
                ["FARGATE", "FARGATE_SPOT"].map(Value::<CapacityProviderName>::imported),
            )
            .default_capacity_provider_strategy(strategy.collect::<Vec<_>>());
        let resource = template.add("cluster", resource);
        EcsClusterRef { literal_name: name, name: resource.name(), arn: resource.arn(), resource }
    }
}

impl Capacity {
    fn check(self, template: &mut Scope<'_>) {
        let (path, location) = (template.path(), template.location());
        let problem = if self.on_demand == 0 && self.spot == 0 {
            format!("`{path}` has no share on demand and none on spare capacity")
        } else if self.base > 100_000 || self.on_demand.max(self.spot) > 1000 {
            format!(
                "`{path}` has a base of {} and shares of {} and {}",
                self.base, self.on_demand, self.spot
            )
        } else {
            return;
        };
        template.report(
            Diagnostic::error(&ECS_CAPACITY, problem, location)
                .allowed("a base of 0 to 100000; shares of 0 to 1000, one of them at least 1")
                .help("`Capacity::builder().base(1).on_demand(1).spot(3)` is a quarter on demand"),
        );
    }

    /// Provider, base and weight. Only one provider may have a base.
    fn shares(self) -> impl Iterator<Item = (&'static str, u32, u16)> {
        let on_demand =
            (self.on_demand > 0 || self.base > 0).then_some(("FARGATE", self.base, self.on_demand));
        let spot = (self.spot > 0).then_some(("FARGATE_SPOT", 0, self.spot));
        on_demand.into_iter().chain(spot)
    }
}
