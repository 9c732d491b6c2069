use accel_cfn::certificatemanager::CertificateArn;
use accel_constructs::{
    foundation::{ExistingVpc, Vpc},
    platform::{
        Autoscaling, Capacity, ContainerInsights, ContainerSecret, EcrRepository, EcsCluster,
        EcsClusterRef, FargateService, HttpApi, LoadBalancer, LoadBalancerRef, PullAccess, Route,
    },
};
use accel_core::{
    AccountInfo, App, Region, Scope, Stack, Value, account_id, actions, policy::Statement,
};
use accel_synth::Assembly;
use serde_json::{Value as Json, json};

use super::{
    codes, of_type,
    platform::{app, one, stack},
    synth, template,
};

fn vpc() -> ExistingVpc {
    Vpc::existing("vpc-0123456789abcdef0")
        .private_subnets(["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"])
}

fn balancer(stack: &mut Scope<'_, Stack>) -> LoadBalancerRef {
    let arn = "arn:aws:acm:eu-west-1:111111111111:certificate/11111111-1111-1111-1111-111111111111";
    let certificate = Value::<CertificateArn>::imported(arn);
    let balancer = LoadBalancer::builder().vpc(vpc().id).subnets(vpc().private_subnets);
    stack.add("internal", balancer.certificates([certificate]).build())
}

fn cluster(stack: &mut Scope<'_, Stack>) -> EcsClusterRef {
    stack.add("apps", EcsCluster::builder().build())
}

/// A service with what its builder does not have by default.
macro_rules! service {
    ($cluster:expr $(, $setter:ident($value:expr))*) => {
        FargateService::builder()
            .cluster($cluster)
            .vpc(vpc().id)
            .subnets(vpc().private_subnets)
            .image("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:1.4.2")
            $(.$setter($value))*
            .build()
    };
}

#[test]
fn a_cluster_has_insights_and_both_kinds_of_capacity() {
    let template = stack(|stack| {
        let capacity = Capacity::builder().base(2).spot(3).build();
        let cluster = EcsCluster::builder().capacity(capacity);
        let insights = ContainerInsights::Enhanced;
        let cluster = stack.add("apps", cluster.container_insights(insights).build());
        assert_eq!(cluster.literal_name.as_str(), "acme-apps");
    });
    let cluster = one(&template, "AWS::ECS::Cluster");
    assert_eq!(
        cluster["ClusterSettings"],
        json!([{"Name": "containerInsights", "Value": "enhanced"}])
    );
    assert_eq!(
        cluster["DefaultCapacityProviderStrategy"],
        json!([
            {"CapacityProvider": "FARGATE", "Base": 2, "Weight": 1},
            {"CapacityProvider": "FARGATE_SPOT", "Base": 0, "Weight": 3},
        ])
    );
}

#[test]
fn a_service_answers_requests_of_its_load_balancer() {
    let template = stack(|stack| {
        let (cluster, balancer) = (cluster(stack), balancer(stack));
        let route = Route::builder().load_balancer(&balancer).priority(100).paths(["/shop/*"]);
        let shop = stack.add("shop", service!(&cluster, port(8080), route(route.build())));
        assert_eq!(shop.literal_name.as_str(), "acme-shop");
        assert_eq!(shop.log_group.as_str(), "/ecs/acme-apps/acme-shop");
        assert!(shop.target_group.is_some());
    });
    let service = one(&template, "AWS::ECS::Service");
    let breaker = &service["DeploymentConfiguration"]["DeploymentCircuitBreaker"];
    assert_eq!(breaker, &json!({"Enable": true, "Rollback": true}));
    assert_eq!(service["LoadBalancers"][0]["ContainerPort"], 8080);
    assert!(service.get("DesiredCount").is_none(), "an update would undo scaling");
    let waiting = template["Resources"].as_object().expect("resources").values();
    let waits = waiting.filter(|resource| resource["Type"] == "AWS::ECS::Service");
    assert!(waits.into_iter().all(|service| service["DependsOn"].is_array()));
    let from: Vec<_> = of_type(&template, "AWS::EC2::SecurityGroupIngress");
    assert_eq!((from.len(), &from[0]["FromPort"]), (1, &json!(8080)));

    let task = one(&template, "AWS::ECS::TaskDefinition");
    assert_eq!((&task["Cpu"], &task["Memory"]), (&json!("256"), &json!("512")));
    assert_eq!(task["ContainerDefinitions"][0]["ReadonlyRootFilesystem"], true);
    assert_eq!(task["Family"], "acme-apps-acme-shop");
    let policy = one(&template, "AWS::ApplicationAutoScaling::ScalingPolicy");
    let tracking = &policy["TargetTrackingScalingPolicyConfiguration"];
    assert_eq!(tracking["TargetValue"], 60.0);
    let target = one(&template, "AWS::ApplicationAutoScaling::ScalableTarget");
    assert_eq!((&target["MinCapacity"], &target["MaxCapacity"]), (&json!(2), &json!(6)));
}

#[test]
fn secrets_are_read_by_the_role_that_starts_the_task() {
    let template = stack(|stack| {
        let cluster = cluster(stack);
        let secrets = [("API_KEY", ContainerSecret::parameter("/shop/api-key"))];
        let tables = Statement::allow(actions!["dynamodb:GetItem"]).resource("*");
        let service = service!(
            &cluster,
            secrets(secrets),
            environment([("STAGE", "prod")]),
            statements([tables]),
            capacity(Capacity::builder().base(0).on_demand(0).spot(1).build()),
            execute_command(true)
        );
        stack.add("shop", service);
    });
    let container = &one(&template, "AWS::ECS::TaskDefinition")["ContainerDefinitions"][0];
    assert_eq!(container["Environment"], json!([{"Name": "STAGE", "Value": "prod"}]));
    assert_eq!(container["Secrets"][0]["Name"], "API_KEY");
    let roles = of_type(&template, "AWS::IAM::Role");
    let may = |action: &str| {
        let with = roles.iter().filter(|role| role["Policies"].to_string().contains(action));
        with.map(|role| role.get("ManagedPolicyArns").is_some()).collect::<Vec<_>>()
    };
    // The role with the managed policy is the one that starts tasks.
    assert_eq!(may("ssm:GetParameters"), [true]);
    assert_eq!((may("dynamodb:GetItem"), may("ssmmessages:")), (vec![false], vec![false]));
    let strategy = &one(&template, "AWS::ECS::Service")["CapacityProviderStrategy"];
    assert_eq!(strategy, &json!([{"CapacityProvider": "FARGATE_SPOT", "Base": 0, "Weight": 1}]));
}

#[test]
fn an_api_reaches_the_internal_load_balancer_through_a_link() {
    let template = stack(|stack| {
        let balancer = balancer(stack);
        let api = HttpApi::builder()
            .vpc(vpc().id)
            .subnets(vpc().private_subnets)
            .load_balancer(&balancer)
            .server_name("internal.example.com")
            .routes(["GET /orders", "ANY /{proxy+}"])
            .build();
        stack.add("api", api);
    });
    let integration = one(&template, "AWS::ApiGatewayV2::Integration");
    assert_eq!(integration["ConnectionType"], "VPC_LINK");
    assert_eq!(integration["TlsConfig"]["ServerNameToVerify"], "internal.example.com");
    assert_eq!(of_type(&template, "AWS::ApiGatewayV2::Route").len(), 2);
    let stage = one(&template, "AWS::ApiGatewayV2::Stage");
    let format = stage["AccessLogSettings"]["Format"].as_str().expect("a format");
    assert!(serde_json::from_str::<Json>(format).is_ok(), "{format}");
    assert_eq!(one(&template, "AWS::EC2::SecurityGroupIngress")["FromPort"], 443);
}

/// An assembly with a repository that the account `prod` pulls from.
fn registry(build: impl FnOnce(&mut App)) -> Assembly {
    let mut app = App::new("acme");
    build(&mut app);
    synth(app)
}

#[test]
fn images_are_kept_and_pulled_as_is_said() {
    let assembly = registry(|app| {
        let mut root = app.scope();
        let prod = root.declare_account_as("prod", AccountInfo::default());
        let info = AccountInfo { id: Some(account_id!("111111111111")), ..AccountInfo::default() };
        let artifacts = root.declare_account_as("artifacts", info);
        let environment = artifacts.in_region(Region::EU_WEST_1);
        let mut stack = app.open("ecr", Stack::new(environment));
        let everybody = PullAccess::organization("o-exampleorgid");
        let shop = EcrRepository::builder().name("acme/shop").pull([prod.into(), everybody]);
        let shop = stack.add("shop", shop.protected_tags(["prod", "v"]).keep(100).build());
        let uri = shop.uri_in(environment);
        stack.add("uri", accel_core::template::Output::new(uri));
    });
    let template = template(&assembly, "artifacts/eu-west-1/ecr");
    let repository = one(&template, "AWS::ECR::Repository");
    let policy = &repository["RepositoryPolicyText"]["Statement"];
    assert!(policy[0]["Principal"]["AWS"]["Ref"].is_string(), "{policy}");
    assert_eq!(policy[1]["Condition"]["StringEquals"]["aws:PrincipalOrgID"], "o-exampleorgid");
    let rules = repository["LifecyclePolicy"]["LifecyclePolicyText"].as_str().expect("rules");
    let rules: Json = serde_json::from_str(rules).expect("JSON");
    let rules = rules["rules"].as_array().expect("rules");
    let counts: Vec<_> =
        rules.iter().map(|rule| rule["selection"]["countNumber"].as_i64().unwrap_or(0)).collect();
    assert_eq!(counts, [999_999, 999_999, 14, 100]);
    assert_eq!(rules[1]["selection"]["tagPrefixList"], json!(["v"]));
    let priorities: Vec<_> = rules.iter().map(|rule| rule["rulePriority"].as_i64()).collect();
    assert_eq!(priorities, [Some(1), Some(2), Some(3), Some(4)]);
}

#[test]
fn what_fargate_does_not_have_is_refused() {
    let service = |size: (u32, u32), scaling: (u32, u32)| {
        codes(app(|stack| {
            let cluster = cluster(stack);
            let scaling = Autoscaling::builder().minimum(scaling.0).maximum(scaling.1).build();
            let service = service!(&cluster, cpu(size.0), memory_mib(size.1), autoscaling(scaling));
            stack.add("shop", service);
        }))
    };
    assert_eq!(service((256, 4096), (1, 2)), ["fargate-size"]);
    assert_eq!(service((300, 512), (1, 2)), ["fargate-size"]);
    assert_eq!(service((256, 512), (3, 2)), ["service-scaling"]);
}

#[test]
fn capacity_routes_and_lifecycles_that_cannot_be_are_refused() {
    let wrong = app(|stack| {
        let nothing = Capacity::builder().on_demand(0).build();
        stack.add("nothing", EcsCluster::builder().capacity(nothing).build());
        let balancer = balancer(stack);
        let api = HttpApi::builder()
            .vpc(vpc().id)
            .subnets(vpc().private_subnets)
            .load_balancer(&balancer)
            .server_name("internal.example.com");
        stack.add("api", api.routes(["/orders"]).build());
        stack.add("images", EcrRepository::builder().protected_tags(["prod\""]).build());
    });
    assert_eq!(codes(wrong), ["ecs-capacity", "http-api-route", "ecr-lifecycle"]);
}
