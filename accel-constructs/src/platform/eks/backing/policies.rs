//! What each backing service may do.

use accel_cfn::route53::HostedZoneId;
use accel_core::{
    Text, Value, actions,
    policy::{Operator, Statement},
    text,
};

/// Names in a domain that is ours are changed in these zones alone.
///
/// Source: <https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/aws/>
pub(super) fn external_dns(zones: &[Value<HostedZoneId>]) -> Vec<Statement> {
    let change = actions![
        "route53:ChangeResourceRecordSets",
        "route53:ListResourceRecordSets",
        "route53:ListTagsForResources"
    ];
    let find = actions!["route53:ListHostedZones"];
    vec![
        Statement::allow(change).sid("Records").resources(arns(zones)),
        Statement::allow(find).sid("Zones").resource("*"),
    ]
}

/// Proofs are text records, so others stay out of reach.
///
/// Source: <https://cert-manager.io/docs/configuration/acme/dns01/route53/>
pub(super) fn cert_manager(zones: &[Value<HostedZoneId>]) -> Vec<Statement> {
    let changes = text!["arn:", Value::own_partition(), ":route53:::change/*"];
    vec![
        Statement::allow(actions!["route53:GetChange"]).sid("Changes").resource(changes),
        Statement::allow(actions!["route53:ChangeResourceRecordSets"])
            .sid("Proofs")
            .resources(arns(zones))
            .when(
                Operator::StringEquals.for_all_values(),
                "route53:ChangeResourceRecordSetsRecordTypes",
                "TXT",
            ),
        Statement::allow(actions!["route53:ListResourceRecordSets"])
            .sid("Records")
            .resources(arns(zones)),
        Statement::allow(actions!["route53:ListHostedZonesByName"]).sid("Zones").resource("*"),
    ]
}

/// Source: <https://external-secrets.io/latest/provider/aws-secrets-manager/>
pub(super) fn external_secrets(prefixes: &[Text]) -> Vec<Statement> {
    let arn = |service: &'static str, prefix: &Text| {
        let name = format!("{}*", prefix.trim_start_matches('/'));
        let (partition, region) = (Value::own_partition(), Value::own_region());
        text!["arn:", partition, service, region, ":", Value::own_account(), kind(service), name]
    };
    let secrets = prefixes.iter().map(|prefix| arn(":secretsmanager:", prefix));
    let parameters = prefixes.iter().map(|prefix| arn(":ssm:", prefix));
    let read_secrets = actions![
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetResourcePolicy",
        "secretsmanager:GetSecretValue",
        "secretsmanager:ListSecretVersionIds"
    ];
    let read_parameters =
        actions!["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"];
    vec![
        Statement::allow(read_secrets).sid("Secrets").resources(secrets),
        Statement::allow(read_parameters).sid("Parameters").resources(parameters),
    ]
}

fn kind(service: &str) -> &'static str {
    if service == ":ssm:" { ":parameter/" } else { ":secret:" }
}

fn arns(zones: &[Value<HostedZoneId>]) -> Vec<Value<String>> {
    let arn = |zone| text!["arn:", Value::own_partition(), ":route53:::hostedzone/", zone];
    zones.iter().map(arn).collect()
}

/// What the controller's own documentation says it needs, where a tag can tell narrowed to what it made
/// for this cluster. Its calls of WAF Classic, Shield and Cognito are left away: the chart's values switch
/// the first two off, and the last is asked for by an annotation.
///
/// Source: <https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/>
pub(super) fn load_balancer_controller(cluster: &Text) -> Vec<Statement> {
    const MADE: &str = "aws:ResourceTag/elbv2.k8s.aws/cluster";
    const MAKES: &str = "aws:RequestTag/elbv2.k8s.aws/cluster";
    let cluster = || cluster.as_str();
    let arn = |rest: &'static str| text!["arn:", Value::own_partition(), rest];
    let balancers = || {
        [
            arn(":elasticloadbalancing:*:*:targetgroup/*/*"),
            arn(":elasticloadbalancing:*:*:loadbalancer/net/*/*"),
            arn(":elasticloadbalancing:*:*:loadbalancer/app/*/*"),
        ]
    };
    let listeners = || {
        [
            arn(":elasticloadbalancing:*:*:listener/net/*/*/*"),
            arn(":elasticloadbalancing:*:*:listener/app/*/*/*"),
            arn(":elasticloadbalancing:*:*:listener-rule/net/*/*/*"),
            arn(":elasticloadbalancing:*:*:listener-rule/app/*/*/*"),
        ]
    };
    let groups = || arn(":ec2:*:*:security-group/*");
    let look = actions![
        "acm:DescribeCertificate",
        "acm:ListCertificates",
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAddresses",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeCoipPools",
        "ec2:DescribeInstances",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeIpamPools",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVpcPeeringConnections",
        "ec2:DescribeVpcs",
        "ec2:GetCoipPoolUsage",
        "ec2:GetSecurityGroupsForVpc",
        "elasticloadbalancing:Describe*",
        "wafv2:GetWebACL",
        "wafv2:GetWebACLForResource"
    ];
    let change = actions![
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:ModifyCapacityReservation",
        "elasticloadbalancing:ModifyIpPools",
        "elasticloadbalancing:ModifyListenerAttributes",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "elasticloadbalancing:SetIpAddressType",
        "elasticloadbalancing:SetSecurityGroups",
        "elasticloadbalancing:SetSubnets"
    ];
    let route = actions![
        "elasticloadbalancing:AddListenerCertificates",
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:CreateRule",
        "elasticloadbalancing:DeleteListener",
        "elasticloadbalancing:DeleteRule",
        "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:ModifyRule",
        "elasticloadbalancing:RemoveListenerCertificates",
        "elasticloadbalancing:SetRulePriorities",
        "elasticloadbalancing:SetWebAcl"
    ];
    let firewall = actions!["wafv2:AssociateWebACL", "wafv2:DisassociateWebACL"];
    let tag = || actions!["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"];
    vec![
        Statement::allow(look).sid("Look").resource("*"),
        Statement::allow(actions!["iam:CreateServiceLinkedRole"])
            .sid("ServiceRole")
            .resource("*")
            .when(
                Operator::StringEquals,
                "iam:AWSServiceName",
                "elasticloadbalancing.amazonaws.com",
            ),
        // Nodes' groups are not of the controller's making, and let load balancers in all the same.
        Statement::allow(actions![
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:RevokeSecurityGroupIngress"
        ])
        .sid("LetIn")
        .resource(groups()),
        Statement::allow(actions!["ec2:CreateSecurityGroup"])
            .sid("MakeGroup")
            .resources([groups(), arn(":ec2:*:*:vpc/*")]),
        Statement::allow(actions!["ec2:CreateTags"])
            .sid("TagNewGroup")
            .resource(groups())
            .when(Operator::StringEquals, "ec2:CreateAction", "CreateSecurityGroup")
            .when(Operator::StringEquals, MAKES, cluster()),
        Statement::allow(actions!["ec2:CreateTags", "ec2:DeleteTags"])
            .sid("TagOwnGroup")
            .resource(groups())
            .when(Operator::Null, MAKES, true)
            .when(Operator::StringEquals, MADE, cluster()),
        Statement::allow(actions!["ec2:DeleteSecurityGroup"])
            .sid("RemoveGroup")
            .resource("*")
            .when(Operator::StringEquals, MADE, cluster()),
        Statement::allow(actions![
            "elasticloadbalancing:CreateLoadBalancer",
            "elasticloadbalancing:CreateTargetGroup"
        ])
        .sid("Make")
        .resource("*")
        .when(Operator::StringEquals, MAKES, cluster()),
        Statement::allow(actions!["elasticloadbalancing:AddTags"])
            .sid("TagNew")
            .resources(balancers())
            .when(
                Operator::StringEquals,
                "elasticloadbalancing:CreateAction",
                ["CreateLoadBalancer", "CreateTargetGroup"],
            )
            .when(Operator::StringEquals, MAKES, cluster()),
        Statement::allow(tag())
            .sid("TagOwn")
            .resources(balancers())
            .when(Operator::Null, MAKES, true)
            .when(Operator::StringEquals, MADE, cluster()),
        Statement::allow(tag()).sid("TagListeners").resources(listeners()),
        Statement::allow(change).sid("Change").resource("*").when(
            Operator::StringEquals,
            MADE,
            cluster(),
        ),
        Statement::allow(route).sid("Route").resources(listeners().into_iter().chain(balancers())),
        Statement::allow(firewall).sid("Firewall").resources([
            arn(":elasticloadbalancing:*:*:loadbalancer/app/*/*"),
            arn(":wafv2:*:*:*/webacl/*/*"),
        ]),
        Statement::allow(actions![
            "elasticloadbalancing:DeregisterTargets",
            "elasticloadbalancing:RegisterTargets"
        ])
        .sid("Targets")
        .resource(arn(":elasticloadbalancing:*:*:targetgroup/*/*")),
    ]
}
