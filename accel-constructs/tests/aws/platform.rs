use accel_cfn::ec2::SubnetId;
use accel_constructs::{
    foundation::{FlowLogs, HostedZone, Nat, Vpc},
    platform::{AllowFrom as _, Compute, EksCluster, NodeGroup, Port, SecurityGroup},
    security::IamRole,
};
use accel_core::{AccountInfo, App, Region, Scope, Stack, Value, cidr};
use serde_json::Value as Json;

use super::{codes, logical_id, of_type, synth, template};

/// An app with what `build` puts into one stack.
pub(super) fn app(build: impl FnOnce(&mut Scope<'_, Stack>)) -> App {
    let mut app = App::new("acme");
    let prod = app.scope().declare_account_as("prod", AccountInfo::default());
    build(&mut app.open("stack", Stack::new(prod.in_region(Region::EU_WEST_1))));
    app
}

pub(super) fn stack(build: impl FnOnce(&mut Scope<'_, Stack>)) -> Json {
    template(&synth(app(build)), "prod/eu-west-1/stack")
}

/// The properties of the only resource of a type.
pub(super) fn one<'a>(template: &'a Json, kind: &str) -> &'a Json {
    let [only] = of_type(template, kind)[..] else { panic!("one {kind}") };
    only
}

fn count(template: &Json, kind: &str) -> usize {
    of_type(template, kind).len()
}

#[test]
fn a_vpc_has_two_tiers_over_three_zones() {
    let vpc = stack(|stack| {
        let vpc = stack.add("vpc", Vpc::builder().cidr(cidr!("10.111.0.0/18")).build());
        assert_eq!((vpc.public_subnets.len(), vpc.private_subnets.len()), (3, 3));
        assert!(vpc.isolated_subnets.is_empty());
    });
    let id = logical_id(&vpc, "AWS::EC2::Subnet", "CidrBlock", "10.111.40.0/21");
    let subnet = &vpc["Resources"][id]["Properties"];
    assert_eq!(subnet["Tags"][0]["Value"], "prod/eu-west-1/stack/vpc/public-2");
    assert_eq!(
        subnet["AvailabilityZone"],
        serde_json::json!({"Fn::Select": [1, {"Fn::GetAZs": {"Ref": "AWS::Region"}}]})
    );
    assert!(subnet.get("MapPublicIpOnLaunch").is_none());
    assert_eq!(count(&vpc, "AWS::EC2::NatGateway"), 3);
    // One way out for all public subnets, and one for each private one.
    assert_eq!(count(&vpc, "AWS::EC2::Route"), 4);
    assert_eq!(count(&vpc, "AWS::EC2::VPCEndpoint"), 2);
    assert_eq!(count(&vpc, "AWS::EC2::FlowLog"), 1);
    assert_eq!(count(&vpc, "AWS::Logs::LogGroup"), 1);
}

#[test]
fn nat_is_none_or_one_or_one_per_zone() {
    let gateways = |nat| {
        let vpc = Vpc::builder().cidr(cidr!("10.0.0.0/16")).azs(2).nat(nat).build();
        let vpc = stack(|stack| assert_eq!(stack.add("vpc", vpc).private_subnets.len(), 2));
        let routes = of_type(&vpc, "AWS::EC2::Route");
        let through = |route: &&&Json| route.get("NatGatewayId").is_some();
        (count(&vpc, "AWS::EC2::NatGateway"), routes.iter().filter(through).count())
    };
    assert_eq!(gateways(Nat::None), (0, 0));
    assert_eq!(gateways(Nat::Single), (1, 2));
    assert_eq!(gateways(Nat::PerAz), (2, 2));
}

#[test]
fn a_vpc_is_as_bare_as_wanted() {
    let vpc = Vpc::builder()
        .cidr(cidr!("10.0.0.0/24"))
        .azs(1)
        .public(false)
        .private(false)
        .isolated(true)
        .gateway_endpoints(false)
        .flow_logs(FlowLogs::Off)
        .build();
    let vpc = stack(|stack| assert_eq!(stack.add("vpc", vpc).isolated_subnets.len(), 1));
    let kinds: Vec<_> = vpc["Resources"]
        .as_object()
        .expect("resources")
        .values()
        .filter_map(|resource| resource["Type"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "AWS::EC2::Subnet",
            "AWS::EC2::SubnetRouteTableAssociation",
            "AWS::EC2::RouteTable",
            "AWS::EC2::VPC"
        ]
    );
}

#[test]
fn flow_logs_go_to_a_bucket_elsewhere() {
    let bucket = Value::imported("arn:aws:s3:::acme-flow-logs");
    let vpc = Vpc::builder().cidr(cidr!("10.0.0.0/16")).flow_logs(FlowLogs::Bucket(bucket)).build();
    let vpc = stack(|stack| {
        stack.add("vpc", vpc);
    });
    let [log] = of_type(&vpc, "AWS::EC2::FlowLog")[..] else { panic!("one flow log") };
    assert_eq!(log["LogDestination"], "arn:aws:s3:::acme-flow-logs");
    assert_eq!(count(&vpc, "AWS::IAM::Role"), 0);
}

#[test]
fn interface_endpoints_are_reached_from_the_vpc() {
    let vpc = Vpc::builder().cidr(cidr!("10.0.0.0/16")).interface_endpoints(["ecr.api", "sts"]);
    let vpc = stack(|stack| {
        stack.add("vpc", vpc.build());
    });
    let endpoints = of_type(&vpc, "AWS::EC2::VPCEndpoint");
    let interfaces = endpoints.iter().filter(|endpoint| endpoint["VpcEndpointType"] == "Interface");
    assert_eq!(interfaces.count(), 2);
    let [rule] = of_type(&vpc, "AWS::EC2::SecurityGroupIngress")[..] else { panic!("one rule") };
    assert_eq!((&rule["CidrIp"], &rule["ToPort"]), (&"10.0.0.0/16".into(), &443.into()));
}

#[test]
fn a_vpc_that_cannot_be_is_refused() {
    let broken = [
        Vpc::builder().cidr(cidr!("10.0.0.0/16")).azs(0).build(),
        Vpc::builder().cidr(cidr!("10.0.0.0/16")).azs(7).build(),
        Vpc::builder().cidr(cidr!("10.0.0.0/26")).build(),
        Vpc::builder().cidr(cidr!("10.0.0.0/15")).build(),
        Vpc::builder().cidr(cidr!("10.0.0.0/16")).public(false).build(),
    ];
    let codes = broken.map(|vpc| {
        let app = app(|stack| {
            stack.add("vpc", vpc);
        });
        codes(app)[0]
    });
    assert_eq!(
        codes,
        ["vpc-zones", "vpc-zones", "vpc-too-small", "vpc-too-small", "vpc-without-place-for-nat"]
    );
}

#[test]
fn a_group_lets_in_whom_it_is_told_to() {
    let groups = stack(|stack| {
        let vpc = Vpc::existing("vpc-0123456789abcdef0");
        let group = |what| SecurityGroup::builder().vpc(&vpc.id).description(what).build();
        let web = stack.add("web", group("Web servers"));
        let database = stack.add("database", group("Databases"));
        database.allow_from(stack, "database-from-web", web, Port::tcp(5432));
        web.allow_from(stack, "web-from-all", cidr!("10.0.0.0/8"), Port::ALL);
    });
    let database = logical_id(&groups, "AWS::EC2::SecurityGroup", "GroupDescription", "Databases");
    let rules = of_type(&groups, "AWS::EC2::SecurityGroupIngress");
    assert_eq!(rules[0]["GroupId"]["Fn::GetAtt"][0], database);
    assert_eq!(rules[0]["FromPort"], 5432);
    assert_eq!(rules[1]["IpProtocol"], "-1");
    assert!(rules[1].get("FromPort").is_none());
}

fn cluster(compute: Compute) -> Json {
    stack(|stack| {
        let vpc = Vpc::existing("vpc-0123456789abcdef0")
            .private_subnets(["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]);
        let admin = IamRole::existing("arn:aws:iam::111111111111:role/admin");
        let cluster = EksCluster::builder()
            .version("1.34")
            .subnets(&vpc.private_subnets)
            .administrators([admin.arn])
            .compute(compute)
            .build();
        let cluster = stack.add("cluster", cluster);
        cluster.allow_from(stack, "cluster-from-office", cidr!("10.0.0.0/8"), Port::tcp(443));
    })
}

#[test]
fn a_cluster_is_private_encrypted_and_logged() {
    let cluster = cluster(Compute::default());
    let [control_plane] = of_type(&cluster, "AWS::EKS::Cluster")[..] else { panic!("one cluster") };
    assert_eq!(control_plane["Name"], "acme-cluster");
    assert_eq!(control_plane["ResourcesVpcConfig"]["EndpointPrivateAccess"], true);
    assert_eq!(control_plane["ResourcesVpcConfig"]["EndpointPublicAccess"], false);
    assert_eq!(control_plane["AccessConfig"]["AuthenticationMode"], "API");
    assert_eq!(control_plane["EncryptionConfig"][0]["Resources"], serde_json::json!(["secrets"]));
    let logs = &control_plane["Logging"]["ClusterLogging"]["EnabledTypes"];
    assert_eq!(logs.as_array().map(Vec::len), Some(5));
    let [log] = of_type(&cluster, "AWS::Logs::LogGroup")[..] else { panic!("one log group") };
    assert_eq!(log["LogGroupName"], "/aws/eks/acme-cluster/cluster");
    let [entry] = of_type(&cluster, "AWS::EKS::AccessEntry")[..] else { panic!("one entry") };
    assert_eq!(entry["PrincipalArn"], "arn:aws:iam::111111111111:role/admin");
    assert_eq!(count(&cluster, "AWS::EC2::SecurityGroupIngress"), 1);
}

#[test]
fn add_ons_come_before_and_after_nodes_as_they_must() {
    let group = NodeGroup::builder().minimum(3).add_ons(["aws-ebs-csi-driver"]).build();
    let cluster = cluster(group.into());
    let resources = &cluster["Resources"];
    let add_on = |name| logical_id(&cluster, "AWS::EKS::Addon", "AddonName", name);
    let nodes = resources
        .as_object()
        .expect("resources")
        .iter()
        .find(|(_, resource)| resource["Type"] == "AWS::EKS::Nodegroup")
        .map(|(id, _)| id.as_str())
        .expect("a node group");
    let waits = |id: &str| resources[id]["DependsOn"].as_array().cloned().unwrap_or_default();
    for before in ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"] {
        assert!(waits(nodes).contains(&add_on(before).into()), "nodes do not wait for {before}");
    }
    for behind in ["coredns", "aws-ebs-csi-driver"] {
        assert_eq!(waits(add_on(behind)), [Json::from(nodes)], "{behind}");
    }
    assert_eq!(resources[nodes]["Properties"]["ScalingConfig"]["DesiredSize"], 3);
    let disks = &resources[add_on("aws-ebs-csi-driver")]["Properties"]["PodIdentityAssociations"];
    assert_eq!(disks[0]["ServiceAccount"], "ebs-csi-controller-sa");
}

#[test]
fn auto_mode_has_neither_node_group_nor_add_ons() {
    let cluster = cluster(Compute::AutoMode);
    assert_eq!(count(&cluster, "AWS::EKS::Nodegroup"), 0);
    assert_eq!(count(&cluster, "AWS::EKS::Addon"), 0);
    let [control_plane] = of_type(&cluster, "AWS::EKS::Cluster")[..] else { panic!("one cluster") };
    assert_eq!(control_plane["ComputeConfig"]["Enabled"], true);
    assert_eq!(control_plane["StorageConfig"]["BlockStorage"]["Enabled"], true);
}

#[test]
fn a_cluster_in_one_subnet_is_refused() {
    let app = app(|stack| {
        let subnets = [Value::<SubnetId>::imported("subnet-0123456789abcdef0")];
        stack.add("cluster", EksCluster::builder().version("1.34").subnets(subnets).build());
    });
    assert!(codes(app).contains(&"eks-subnets"));
}

#[test]
fn a_zone_with_vpcs_is_private_and_any_zone_stays() {
    let zones = stack(|stack| {
        let vpc = Vpc::existing("vpc-0123456789abcdef0");
        stack.add("public", HostedZone::builder().name("example.com").build());
        stack.add(
            "private",
            HostedZone::builder().name("internal.example.com").vpcs([vpc.id]).build(),
        );
    });
    let zone = |name| logical_id(&zones, "AWS::Route53::HostedZone", "Name", name);
    let (public, private) = (zone("example.com"), zone("internal.example.com"));
    assert!(zones["Resources"][public]["Properties"].get("VPCs").is_none());
    let vpcs = &zones["Resources"][private]["Properties"]["VPCs"];
    assert_eq!(vpcs[0]["VPCId"], "vpc-0123456789abcdef0");
    for zone in [public, private] {
        assert_eq!(zones["Resources"][zone]["DeletionPolicy"], "RetainExceptOnCreate");
    }
}
