//! Resources as a user writes them, with two services on.
#![cfg(all(feature = "ec2", feature = "iam"))]

use accel_cfn::{ec2, iam, kinds};
use accel_core::{
    AccountInfo, App, Attr, Const, Construct, L1 as _, Prop, Region, Resource, Scope, Stack,
    Template, Value,
};

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

/// Compiles only if the kinds fit each other.
struct Network;

impl Construct for Network {
    type Level = Template;
    type Output = ec2::InstanceRef;

    fn build(self, template: &mut Scope<'_>) -> ec2::InstanceRef {
        let vpc = template.add("vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
        let vpc_id: Attr<ec2::VpcId> = vpc.id();
        let subnet = template.add("subnet", ec2::Subnet::new(vpc_id).cidr_block("10.0.0.0/24"));
        let group = template.add("group", ec2::SecurityGroup::new("instances").vpc_id(vpc.id()));
        let role = template.add("role", iam::Role::new(Prop::object([("Version", "2012-10-17")])));
        let profile = template.add("profile", iam::InstanceProfile::new([role.name()]));
        template.add(
            "flow-log",
            // One property takes a VPC or a subnet or ...; another a kind of a service that is off.
            ec2::FlowLog::new(vpc.id(), ec2::flow_log::ResourceType::VPC)
                .deliver_logs_permission_arn(role.arn())
                .log_group_name(Value::<kinds::logs::LogGroupName>::imported("flow-logs")),
        );
        template.add(
            "instance",
            ec2::Instance::new()
                .subnet_id(subnet.id())
                .security_group_ids([group.id(), vpc.default_security_group()])
                .iam_instance_profile(profile.name()),
        )
    }
}

#[test]
fn references_have_kinds() {
    let mut app = App::new("test");
    let account = app.scope().declare_account_as("dev", AccountInfo::default());
    let mut stack = app.open("network", Stack::new(account.in_region(Region::EU_WEST_1)));
    let instance = stack.add("main", Network);
    let groups = app[instance].get("SecurityGroupIds").and_then(Prop::as_list).unwrap();
    assert_eq!(groups.len(), 2);
}
