use super::{Monitored, Monitors, Row, Subject};
use crate::{
    platform::LoadBalancerRef,
    sre::datadog::{MetricQuery, Priority, minutes},
};

/// What CloudWatch says of the load balancer and its targets: 4 monitors.
///
/// Ratios are of the requests plus five, so that one failure in a quiet night wakes nobody.
///
/// Source: <https://docs.datadoghq.com/integrations/amazon-elb/>, with the thresholds of Claranet's catalogue.
impl Monitored for LoadBalancerRef {
    fn monitors(&self) -> Monitors {
        Monitors::new(self.name.source().node, &self.literal_name, "load_balancer", rows)
    }
}

fn rows(balancer: &Subject) -> Vec<Row> {
    let name = |what: &str| format!("ALB {}: {what}", balancer.name);
    // `app/<name>/<id>` in CloudWatch, the id of which only the deployment knows.
    let scope = || balancer.aws(format!("loadbalancer:app/{}/*", balancer.name));
    let metric = |metric: &str| format!("aws.applicationelb.{metric}");
    let failing = |kind: &str, by: &'static [&'static str]| {
        let failed = MetricQuery::sum(metric(kind)).default_zero();
        let all = MetricQuery::sum(metric("request_count")).default_zero();
        let ratio = failed / (all + 5) * 100;
        ratio.over(scope()).by(by.iter().copied()).as_count().last(minutes(5)).sum()
    };
    vec![
        Row::new(
            "unhealthy-targets",
            name("{{targetgroup.name}} has too few healthy targets"),
            {
                let healthy = MetricQuery::sum(metric("healthy_host_count.minimum"));
                let unhealthy = MetricQuery::sum(metric("un_healthy_host_count.maximum"));
                let ratio = healthy.clone() / (healthy + unhealthy) * 100;
                ratio.over(scope()).by(["targetgroup"]).last(minutes(5)).max().below(1).warning(100)
            },
            Priority::P1,
            "{{value}} % of the targets are healthy.",
        )
        .of_aws(),
        Row::new(
            "latency",
            name("answers take long"),
            MetricQuery::avg(metric("target_response_time.average"))
                .over(scope())
                .default_zero()
                .last(minutes(5))
                .min()
                .above(3)
                .warning(1),
            Priority::P2,
            "Targets take {{value}} seconds to answer.",
        )
        .of_aws(),
        Row::new(
            "server-errors",
            name("it answers for its targets"),
            failing("httpcode_elb_5xx", &[]).above(20).warning(10),
            Priority::P2,
            "{{value}} % of the requests end at the load balancer with a status of 500 or more.",
        )
        .of_aws(),
        Row::new(
            "target-errors",
            name("{{targetgroup.name}} fails"),
            failing("httpcode_target_5xx", &["targetgroup"]).above(20).warning(10),
            Priority::P2,
            "{{value}} % of the requests to the targets end with a status of 500 or more.",
        )
        .of_aws(),
    ]
}
