use accel_core::Text;

use super::{Monitored, Monitors, Row, Subject};
use crate::{
    foundation::VpcRef,
    sre::datadog::{MetricQuery, Priority, minutes},
};

/// What CloudWatch says of the NAT gateways of the account and region of the VPC: 2 monitors, none for a
/// VPC without NAT.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html>
impl Monitored for VpcRef {
    fn monitors(&self) -> Monitors {
        let rows = if self.nat_gateways.is_empty() { |_: &Subject| Vec::new() } else { rows };
        Monitors::new(self.id.source().node, &Text::from(self.cidr.to_string()), "cidr", rows)
    }
}

fn rows(vpc: &Subject) -> Vec<Row> {
    let name = |what: &str| format!("NAT gateway {{{{natgatewayid.name}}}}: {what}");
    let count = |metric: &str| {
        MetricQuery::sum(format!("aws.natgateway.{metric}"))
            .over(vpc.place())
            .by(["natgatewayid"])
            .as_count()
            .last(minutes(15))
            .sum()
    };
    vec![
        Row::new(
            "nat-ports",
            name("it has no ports left"),
            count("error_port_allocation").above(0),
            Priority::P2,
            "Connections to one destination failed for want of a port: add addresses or a gateway.",
        )
        .of_aws(),
        Row::new(
            "nat-drops",
            name("it drops packets"),
            count("packets_drop_count").above(100).warning(10),
            Priority::P3,
            "The gateway dropped {{value}} packets within a quarter of an hour.",
        )
        .of_aws(),
    ]
}
