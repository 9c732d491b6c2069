//! Defects that chance does not make: combinations of properties, and the order of list items.

use serde_json::{Value, json};

use super::mutate::Defect;

pub(super) fn defects() -> Vec<Defect> {
    let defect = |(type_name, what, properties): (&str, &str, Value)| Defect {
        logical_id: "Broken".to_owned(),
        what: format!("{type_name}: {what}"),
        template: json!({
            "Resources": { "Broken": { "Type": type_name, "Properties": properties } }
        }),
    };
    written().into_iter().map(defect).collect()
}

fn written() -> Vec<(&'static str, &'static str, Value)> {
    let key = |name: &str, kind: &str| json!({ "AttributeName": name, "KeyType": kind });
    let attribute = json!({ "AttributeName": "a", "AttributeType": "S" });
    vec![
        (
            "AWS::CloudWatch::Alarm",
            "two statistics",
            json!({
                "ComparisonOperator": "LessThanThreshold", "EvaluationPeriods": 1, "Namespace": "n",
                "MetricName": "m", "Period": 60, "Threshold": 1, "Statistic": "Sum", "ExtendedStatistic": "p99",
            }),
        ),
        (
            "AWS::CloudWatch::Alarm",
            "six actions",
            json!({
                "ComparisonOperator": "LessThanThreshold", "EvaluationPeriods": 1, "Namespace": "n",
                "MetricName": "m", "Period": 60, "Threshold": 1, "Statistic": "Sum",
                "AlarmActions": ["a", "b", "c", "d", "e", "f"],
            }),
        ),
        (
            "AWS::EC2::Subnet",
            "two zones",
            json!({
                "VpcId": "vpc-12345678", "CidrBlock": "10.0.0.0/24",
                "AvailabilityZone": "us-east-1a", "AvailabilityZoneId": "use1-az1",
            }),
        ),
        ("AWS::EC2::Subnet", "no address", json!({ "VpcId": "vpc-12345678" })),
        (
            "AWS::EC2::Subnet",
            "a pool without a length",
            json!({
                "VpcId": "vpc-12345678", "Ipv4IpamPoolId": "ipam-pool-12345678",
            }),
        ),
        ("AWS::EC2::VPC", "a length without a pool", json!({ "Ipv4NetmaskLength": 20 })),
        (
            "AWS::EC2::NetworkAclEntry",
            "two blocks",
            json!({
                "NetworkAclId": "acl-12345678", "RuleNumber": 1, "Protocol": -1, "RuleAction": "allow",
                "CidrBlock": "10.0.0.0/8", "Ipv6CidrBlock": "::/0",
            }),
        ),
        (
            "AWS::EC2::NetworkAclEntry",
            "an action in no case",
            json!({
                "NetworkAclId": "acl-12345678", "RuleNumber": 1, "Protocol": -1, "RuleAction": "maybe",
                "CidrBlock": "10.0.0.0/8",
            }),
        ),
        (
            "AWS::EC2::Instance",
            "a subnet twice",
            json!({
                "ImageId": "ami-12345678", "SubnetId": "subnet-12345678",
                "NetworkInterfaces": [{ "DeviceIndex": "0", "SubnetId": "subnet-12345678" }],
            }),
        ),
        (
            "AWS::EC2::Instance",
            "a device that is nothing",
            json!({
                "ImageId": "ami-12345678", "BlockDeviceMappings": [{ "DeviceName": "/dev/xvda" }],
            }),
        ),
        (
            "AWS::EC2::Instance",
            "a launch template by name and id",
            json!({
                "LaunchTemplate": { "LaunchTemplateName": "n", "LaunchTemplateId": "lt-12345678", "Version": "1" },
            }),
        ),
        (
            "AWS::EC2::SecurityGroup",
            "egress without a VPC",
            json!({
                "GroupDescription": "d",
                "SecurityGroupEgress": [{ "IpProtocol": "-1", "CidrIp": "0.0.0.0/0" }],
            }),
        ),
        (
            "AWS::AutoScaling::AutoScalingGroup",
            "nothing to launch",
            json!({
                "MinSize": "0", "MaxSize": "1", "AvailabilityZones": ["us-east-1a"],
            }),
        ),
        (
            "AWS::AutoScaling::AutoScalingGroup",
            "half a policy",
            json!({
                "MinSize": "0", "MaxSize": "1", "AvailabilityZones": ["us-east-1a"],
                "LaunchConfigurationName": "c", "InstanceMaintenancePolicy": { "MinHealthyPercentage": 90 },
            }),
        ),
        ("AWS::Events::Rule", "never", json!({ "State": "ENABLED" })),
        (
            "AWS::Events::Connection",
            "no way to authorize",
            json!({
                "AuthorizationType": "BASIC", "AuthParameters": {},
            }),
        ),
        (
            "AWS::DynamoDB::Table",
            "the sort key first",
            json!({
                "AttributeDefinitions": [attribute], "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [key("a", "RANGE")],
            }),
        ),
        (
            "AWS::DynamoDB::Table",
            "an attribute twice",
            json!({
                "AttributeDefinitions": [attribute, { "AttributeName": "a", "AttributeType": "N" }],
                "BillingMode": "PAY_PER_REQUEST", "KeySchema": [key("a", "HASH")],
            }),
        ),
        (
            "AWS::DynamoDB::Table",
            "a key without its kind",
            json!({
                "AttributeDefinitions": [attribute], "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [key("a", "HASH")], "SSESpecification": { "SSEEnabled": true, "KMSMasterKeyId": "alias/a" },
            }),
        ),
        (
            "AWS::S3::Bucket",
            "a site that is also a redirect",
            json!({
                "WebsiteConfiguration": { "IndexDocument": "i", "RedirectAllRequestsTo": { "HostName": "example.com" } },
            }),
        ),
        (
            "AWS::ECS::TaskDefinition",
            "a variable twice",
            json!({
                "ContainerDefinitions": [{
                    "Name": "c", "Image": "i", "Memory": 128,
                    "Environment": [{ "Name": "A", "Value": "1" }, { "Name": "A", "Value": "2" }],
                }],
            }),
        ),
        (
            "AWS::CloudFront::Distribution",
            "a code without a page",
            json!({ "DistributionConfig": {
            "Enabled": true, "CustomErrorResponses": [{ "ErrorCode": 404, "ResponseCode": 200 }],
            "DefaultCacheBehavior": { "TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "p" },
            "Origins": [{ "Id": "o", "DomainName": "example.com" }],
        } }),
        ),
        (
            "AWS::CloudFront::Distribution",
            "two kinds of origin",
            json!({ "DistributionConfig": {
            "Enabled": true,
            "DefaultCacheBehavior": { "TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "p" },
            "Origins": [{
                "Id": "o", "DomainName": "example.com", "S3OriginConfig": {},
                "CustomOriginConfig": { "OriginProtocolPolicy": "https-only" },
            }],
        } }),
        ),
        (
            "AWS::SQS::Queue",
            "an attribute that AWS sets",
            json!({ "QueueUrl": "https://example.com" }),
        ),
        (
            "AWS::SNS::Topic",
            "a tag twice",
            json!({
                "Tags": [{ "Key": "a", "Value": "1" }, { "Key": "a", "Value": "2" }],
            }),
        ),
    ]
}
