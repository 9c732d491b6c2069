use accel_cfn::{
    applicationautoscaling::{
        ScalableTarget, ScalableTargetRequired, ScalingPolicy, scalable_target, scaling_policy,
    },
    ecs,
};
use accel_core::{Diagnostic, Scope, text};
use typed_builder::TypedBuilder;

use super::EcsClusterRef;
use crate::platform::codes::SERVICE_SCALING;

/// How many tasks a service has: between two bounds, as many as keep the processors busy to a share.
///
/// Source: <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html>
#[derive(Clone, Copy, Debug, TypedBuilder)]
pub struct Autoscaling {
    /// The fewest. Two by default, for two availability zones.
    #[builder(default = 2)]
    minimum: u32,
    /// The most.
    #[builder(default = 6)]
    maximum: u32,
    /// How busy processors are on average, in percent: 1 to 100.
    #[builder(default = 60)]
    cpu_percent: u8,
    /// How many seconds pass before tasks are taken away again.
    #[builder(default = 300)]
    scale_in_cooldown_seconds: u32,
    /// How many seconds pass before more tasks are added again.
    #[builder(default = 60)]
    scale_out_cooldown_seconds: u32,
}

impl Default for Autoscaling {
    fn default() -> Self {
        Self::builder().build()
    }
}

impl Autoscaling {
    pub(super) fn check(self, template: &mut Scope<'_>) {
        if self.minimum <= self.maximum && (1..=100).contains(&self.cpu_percent) {
            return;
        }
        let message = format!(
            "`{}` has {} to {} tasks, {} % busy",
            template.path(),
            self.minimum,
            self.maximum,
            self.cpu_percent
        );
        let location = template.location();
        template.report(
            Diagnostic::error(&SERVICE_SCALING, message, location)
                .allowed("a minimum that is not above the maximum; 1 to 100 % busy")
                .help("for a fixed number of tasks say the same minimum and maximum"),
        );
    }

    pub(super) fn add(
        self,
        template: &mut Scope<'_>,
        cluster: &EcsClusterRef,
        service: ecs::ServiceRef,
    ) {
        let target = ScalableTarget::new(ScalableTargetRequired {
            max_capacity: self.maximum,
            min_capacity: self.minimum,
            resource_id: text!["service/", cluster.name, "/", service.name()],
            scalable_dimension: scalable_target::ScalableDimension::ECS_SERVICE_DESIRED_COUNT,
            service_namespace: scalable_target::ServiceNamespace::ECS,
        });
        let target = template.add("scalable-target", target);
        let cpu = scaling_policy::PredefinedMetricSpecification::new(
            scaling_policy::PredefinedMetricType::ECS_SERVICE_AVERAGE_CPU_UTILIZATION,
        );
        let tracking = scaling_policy::TargetTrackingScalingPolicyConfiguration::new(f64::from(
            self.cpu_percent,
        ))
        .predefined_metric_specification(cpu)
        .scale_in_cooldown(self.scale_in_cooldown_seconds)
        .scale_out_cooldown(self.scale_out_cooldown_seconds);
        let policy = ScalingPolicy::new("cpu", scaling_policy::PolicyType::TARGET_TRACKING_SCALING)
            .scaling_target_id(target.id())
            .target_tracking_scaling_policy_configuration(tracking);
        template.add("scaling-policy", policy);
    }
}
