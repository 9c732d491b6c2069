use accel_cfn::certificatemanager::CertificateArn;
use accel_constructs::{
    foundation::{ExistingVpc, Vpc},
    platform::{AllowFrom as _, Bucket, ListenerRule, LoadBalancer, Port, Scheme, TargetGroup},
    security::KmsKey,
};
use accel_core::{Scope, Stack, Value, cidr};
use serde_json::json;

use super::{
    codes, logical_id, of_type,
    platform::{app, one, stack},
};

fn vpc() -> ExistingVpc {
    Vpc::existing("vpc-0123456789abcdef0")
        .private_subnets(["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"])
}

fn certificate(last: u8) -> Value<CertificateArn> {
    let arn = "arn:aws:acm:eu-west-1:111111111111:certificate/11111111-1111-1111-1111-11111111111";
    Value::imported(format!("{arn}{last}"))
}

/// A load balancer with what its builder does not have by default.
macro_rules! balancer {
    ($($setter:ident($value:expr)),*) => {
        LoadBalancer::builder()
            .vpc(vpc().id)
            .subnets(vpc().private_subnets)
            .certificates([certificate(0)])
            $(.$setter($value))*
            .build()
    };
}

#[test]
fn http_is_redirected_and_https_answers_with_a_page() {
    let template = stack(|stack| {
        let public = stack.add("public", balancer!(scheme(Scheme::InternetFacing)));
        assert_eq!(public.literal_name.as_str(), "acme-public");
    });
    let balancer = one(&template, "AWS::ElasticLoadBalancingV2::LoadBalancer");
    assert_eq!(balancer["Scheme"], "internet-facing");
    assert_eq!(balancer["Name"], "acme-public");
    let listener = |port: &str| {
        let id = logical_id(&template, "AWS::ElasticLoadBalancingV2::Listener", "Protocol", port);
        &template["Resources"][id]["Properties"]
    };
    let redirect = &listener("HTTP")["DefaultActions"][0]["RedirectConfig"];
    assert_eq!((&redirect["Protocol"], &redirect["Port"]), (&json!("HTTPS"), &json!("443")));
    let https = listener("HTTPS");
    assert_eq!(https["SslPolicy"], "ELBSecurityPolicy-TLS13-1-2-Res-2021-06");
    assert_eq!(https["DefaultActions"][0]["FixedResponseConfig"]["StatusCode"], "503");
    let rules = of_type(&template, "AWS::EC2::SecurityGroupIngress");
    let open: Vec<_> = rules.iter().map(|rule| (&rule["CidrIp"], &rule["ToPort"])).collect();
    assert_eq!(open, [(&json!("0.0.0.0/0"), &json!(80)), (&json!("0.0.0.0/0"), &json!(443))]);
}

#[test]
fn an_internal_one_is_for_nobody_until_somebody_is_let_in() {
    let template = stack(|stack| {
        let private = stack.add("private", balancer!());
        private.allow_from(stack, "from-vpc", cidr!("10.0.0.0/16"), Port::tcp(443));
    });
    assert_eq!(one(&template, "AWS::ElasticLoadBalancingV2::LoadBalancer")["Scheme"], "internal");
    assert_eq!(one(&template, "AWS::EC2::SecurityGroupIngress")["CidrIp"], "10.0.0.0/16");
}

#[test]
fn more_certificates_are_resources_of_their_own() {
    let balancer = LoadBalancer::builder()
        .vpc(vpc().id)
        .subnets(vpc().private_subnets)
        .certificates([certificate(0), certificate(1), certificate(2)])
        .build();
    let template = stack(|stack| {
        stack.add("private", balancer);
    });
    assert_eq!(of_type(&template, "AWS::ElasticLoadBalancingV2::ListenerCertificate").len(), 2);
}

#[test]
fn requests_are_noted_in_a_bucket_that_lets_them_in() {
    let template = stack(|stack| {
        let log = stack.add("log", Bucket::builder().build());
        stack.add("private", balancer!(access_log(log)));
    });
    let policy = one(&template, "AWS::S3::BucketPolicy");
    let statements = policy["PolicyDocument"]["Statement"].as_array().expect("statements");
    let service = json!({"Service": "logdelivery.elasticloadbalancing.amazonaws.com"});
    let write = statements.iter().find(|one| one["Principal"] == service).expect("a statement");
    assert_eq!(write["Action"], "s3:PutObject");
    assert!(write["Resource"].to_string().contains("/acme-private/AWSLogs/"), "{write}");
    let id =
        logical_id(&template, "AWS::ElasticLoadBalancingV2::LoadBalancer", "Type", "application");
    assert!(template["Resources"][id]["DependsOn"].is_array());
}

fn rule(stack: &mut Scope<'_, Stack>, id: &str, priority: u16, hosts: &[&str]) {
    let listener = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/a/1/2";
    let group = stack.add(&format!("group-{id}"), TargetGroup::builder().vpc(vpc().id).build());
    let rule = ListenerRule::builder()
        .listener(Value::<accel_cfn::elasticloadbalancingv2::ListenerArn>::imported(listener))
        .priority(priority)
        .target(group.arn)
        .hosts(hosts.iter().map(|host| (*host).to_owned()))
        .build();
    stack.add(id, rule);
}

#[test]
fn a_rule_leads_hosts_to_targets() {
    let template = stack(|stack| {
        rule(stack, "shop", 100, &["shop.example.com"]);
    });
    let rule = one(&template, "AWS::ElasticLoadBalancingV2::ListenerRule");
    let hosts = &rule["Conditions"][0]["HostHeaderConfig"]["Values"];
    assert_eq!((&rule["Priority"], hosts), (&json!(100), &json!(["shop.example.com"])));
    let group = one(&template, "AWS::ElasticLoadBalancingV2::TargetGroup");
    assert_eq!(
        (&group["TargetType"], &group["Matcher"]["HttpCode"]),
        (&json!("ip"), &json!("200-399"))
    );
}

#[test]
fn what_a_load_balancer_cannot_be_is_refused() {
    let refused = |build: fn(&mut Scope<'_, Stack>)| codes(app(build));
    assert_eq!(
        refused(|stack| {
            let one = vpc().private_subnets.remove(0);
            stack.add("private", balancer!(maintenance_page("x".repeat(1025))));
            let balancer = LoadBalancer::builder().vpc(vpc().id).subnets([one]);
            stack.add("bare", balancer.certificates(Vec::<Value<CertificateArn>>::new()).build());
        }),
        ["load-balancer-subnets", "listener-certificate", "wrong-length"]
    );
    assert_eq!(
        refused(|stack| {
            let key = stack.add("key", KmsKey::builder().build());
            let log = stack.add("log", Bucket::builder().key(key).build());
            stack.add("private", balancer!(access_log(log)));
        }),
        ["load-balancer-log-key"]
    );
    assert_eq!(
        refused(|stack| {
            rule(stack, "shop", 100, &["shop.example.com"]);
            rule(stack, "blog", 100, &["blog.example.com"]);
            rule(stack, "none", 0, &[]);
            rule(stack, "many", 300, &["a", "b", "c", "d", "e", "f"]);
        }),
        [
            "listener-rule-clash",
            "listener-rule-conditions",
            "listener-rule-conditions",
            "out-of-range"
        ]
    );
}
