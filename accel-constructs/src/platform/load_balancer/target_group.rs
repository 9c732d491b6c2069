use accel_cfn::{
    ec2::VpcId,
    elasticloadbalancingv2::{self as elb, TargetGroupArn, target_group},
};
use accel_core::{Attr, Construct, IntoValue, Scope, Template, Text, Value};
use typed_builder::TypedBuilder;

use crate::platform::default_name;

/// Where a load balancer sends requests: addresses that whoever runs them registers, and how they say
/// that they are well.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct TargetGroup {
    /// Where the targets are.
    #[builder(setter(transform = |vpc: impl IntoValue<VpcId>| vpc.into_value()))]
    vpc: Value<VpcId>,
    /// The port the targets listen on.
    #[builder(default = 80)]
    port: u16,
    /// How targets say that they are well.
    #[builder(default)]
    health_check: HealthCheck,
    /// How many seconds requests that are under way have left when a target goes: 0 to 3,600.
    #[builder(default = 30)]
    deregistration_delay_seconds: u16,
    /// The name, unique in its account and region; made from the ids of the app and the group if not
    /// said.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
}

/// How a target says that it is well. By default one that is not gets no more requests after 45 seconds.
#[derive(Clone, Debug, TypedBuilder)]
pub struct HealthCheck {
    /// What is asked for.
    #[builder(default = "/".into(), setter(into))]
    path: Text,
    /// The answers that are good: `200-399`, `200,202`.
    #[builder(default = "200-399".into(), setter(into))]
    codes: Text,
    /// How many seconds are between two questions: 5 to 300.
    #[builder(default = 15)]
    interval_seconds: u16,
    /// How many seconds an answer may take: 2 to 120, and fewer than between two questions.
    #[builder(default = 5)]
    timeout_seconds: u16,
    /// How many good answers make a target well: 2 to 10.
    #[builder(default = 2)]
    healthy_after: u8,
    /// How many bad answers make it unwell: 2 to 10.
    #[builder(default = 3)]
    unhealthy_after: u8,
}

impl Default for HealthCheck {
    fn default() -> Self {
        Self::builder().build()
    }
}

/// What a [`TargetGroup`] gives back.
#[derive(Clone, Debug)]
pub struct TargetGroupRef {
    /// The name, as it is written: what monitors know it by.
    pub literal_name: Text,
    /// The ARN.
    pub arn: Attr<TargetGroupArn>,
    /// The end of the ARN, `targetgroup/name/id`: what CloudWatch's metrics call it.
    pub full_name: Attr<String>,
    /// The L1 resource.
    pub resource: elb::TargetGroupRef,
}

impl Construct for TargetGroup {
    type Level = Template;
    type Output = TargetGroupRef;
    fn build(self, template: &mut Scope<'_>) -> TargetGroupRef {
        let name = self.name.unwrap_or_else(|| default_name(template, &crate::names::TARGET_GROUP));
        let delay = target_group::TargetGroupAttribute::new()
            .key("deregistration_delay.timeout_seconds")
            .value(self.deregistration_delay_seconds.to_string());
        let health = self.health_check;
        let resource = elb::TargetGroup::new()
            .name(name.clone())
            .vpc_id(self.vpc)
            .target_type(target_group::TargetType::IP)
            .protocol(target_group::Protocol::HTTP)
            .port(self.port)
            .health_check_enabled(true)
            .health_check_path(health.path)
            .matcher(target_group::Matcher::new().http_code(health.codes))
            .health_check_interval_seconds(health.interval_seconds)
            .health_check_timeout_seconds(health.timeout_seconds)
            .healthy_threshold_count(health.healthy_after)
            .unhealthy_threshold_count(health.unhealthy_after)
            .target_group_attributes([delay]);
        let resource = template.add("target-group", resource);
        TargetGroupRef {
            literal_name: name,
            arn: resource.arn(),
            full_name: resource.target_group_full_name(),
            resource,
        }
    }
}
