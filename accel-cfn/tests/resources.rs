//! Resources as a user writes them, with two services on.
#![cfg(all(feature = "ec2", feature = "iam"))]

use accel_cfn::{ec2, iam};
use accel_core::{Const, L1 as _, Prop, Resource, Value};

fn text(resource: &Resource, property: &str) -> Option<String> {
    resource.get(property)?.as_str().map(str::to_owned)
}

#[test]
fn setters_fill_the_properties_of_the_template() {
    let vpc = ec2::Vpc::new()
        .cidr_block("10.0.0.0/16")
        .enable_dns_support(true)
        .instance_tenancy(ec2::vpc::InstanceTenancy::DEFAULT)
        .tag("team", "platform")
        .into_resource();
    assert_eq!(vpc.type_name(), "AWS::EC2::VPC");
    assert_eq!(text(&vpc, "CidrBlock").as_deref(), Some("10.0.0.0/16"));
    assert_eq!(vpc.get("EnableDnsSupport"), Some(&Prop::Bool(true)));
    assert_eq!(text(&vpc, "InstanceTenancy").as_deref(), Some("default"));
    assert_eq!(vpc.tags().len(), 1);
}

#[test]
fn a_setter_called_twice_overwrites() {
    let vpc = ec2::Vpc::new().cidr_block("10.0.0.0/16").cidr_block("10.1.0.0/16").into_resource();
    assert_eq!(text(&vpc, "CidrBlock").as_deref(), Some("10.1.0.0/16"));
}

#[test]
fn an_enumeration_takes_newer_values() {
    let vpc = ec2::Vpc::new().instance_tenancy(Const::new("newer")).into_resource();
    assert_eq!(text(&vpc, "InstanceTenancy").as_deref(), Some("newer"));
}

#[test]
fn what_exists_already_is_imported() {
    let subnet = ec2::Subnet::new(Value::<ec2::VpcId>::imported("vpc-1")).into_resource();
    assert_eq!(text(&subnet, "VpcId").as_deref(), Some("vpc-1"));
}

#[test]
fn many_required_properties_are_named() {
    let block = ec2::IpamAllocation::new(Value::<ec2::IpamPoolId>::imported("ipam-pool-1"))
        .cidr("10.0.0.0/8");
    assert_eq!(text(&block.into_resource(), "Cidr").as_deref(), Some("10.0.0.0/8"));
    let subscription = ec2::NetworkPerformanceMetricSubscription::new(
        ec2::NetworkPerformanceMetricSubscriptionRequired {
            destination: "eu-west-1",
            metric: "aggregate-latency",
            source: "us-east-1",
            statistic: "p50",
        },
    );
    assert_eq!(text(&subscription.into_resource(), "Statistic").as_deref(), Some("p50"));
}

#[test]
fn nested_types_are_objects() {
    let policy = iam::role::Policy::new(Prop::object([("Version", "2012-10-17")]), "read");
    let role = iam::Role::new(Prop::object([("Version", "2012-10-17")])).policies([policy]);
    let role = role.into_resource();
    let policies = role.get("Policies").and_then(Prop::as_list).unwrap();
    let policy = policies[0].as_object().unwrap();
    assert_eq!(policy.get("PolicyName").and_then(Prop::as_str), Some("read"));
}
