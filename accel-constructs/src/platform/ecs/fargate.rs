use accel_cfn::{
    ec2::{SecurityGroupId, SubnetId, VpcId},
    ecs::{self, CapacityProviderName, ServiceArn, TaskDefinitionArn, service, task_definition},
    logs,
};
use accel_core::{
    Attr, Const, Construct, Diagnostic, IntoValue, Label, Scope, Template, Text, Value, actions,
    policy::{Operator, Principal, Statement},
    text,
};
use typed_builder::TypedBuilder;

use super::{Autoscaling, Capacity, ContainerSecret, EcsClusterRef, container, size};
use crate::{
    names,
    platform::{
        AllowFrom, HealthCheck, ListenerRule, LoadBalancerRef, Port, SecurityGroup,
        SecurityGroupRef, TargetGroup, TargetGroupRef, codes::FARGATE_SIZE, default_name,
    },
    security::{IamRole, IamRoleRef, aws_managed_policy},
};

/// A service on Fargate: tasks of one container, behind a load balancer if a [`Route`] leads there. A
/// deployment whose tasks do not stay up is rolled back by itself.
///
/// ```
/// use accel_constructs::{
///     foundation::VpcRef,
///     platform::{EcsClusterRef, FargateService, LoadBalancerRef, Route},
/// };
/// use accel_core::Scope;
///
/// fn shop(template: &mut Scope<'_>, vpc: &VpcRef, cluster: &EcsClusterRef, public: &LoadBalancerRef) {
///     let route = Route::builder().load_balancer(public).priority(100).hosts(["shop.example.com"]);
///     let shop = FargateService::builder()
///         .cluster(cluster)
///         .vpc(vpc.id)
///         .subnets(&vpc.private_subnets)
///         .image("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:1.4.2")
///         .port(8080)
///         .route(route.build())
///         .build();
///     template.add("shop", shop);
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct FargateService {
    /// The cluster, of this account and region.
    #[builder(setter(transform = |cluster: &EcsClusterRef| cluster.clone()))]
    cluster: EcsClusterRef,
    /// Where tasks run.
    #[builder(setter(transform = |vpc: impl IntoValue<VpcId>| vpc.into_value()))]
    vpc: Value<VpcId>,
    /// The subnets, which reach the registry of the image.
    #[builder(setter(transform = |subnets: impl IntoIterator<Item: IntoValue<SubnetId>>| {
        subnets.into_iter().map(IntoValue::into_value).collect()
    }))]
    subnets: Vec<Value<SubnetId>>,
    /// What the container is made from, with tag or digest.
    #[builder(setter(transform = |image: impl IntoValue<String>| image.into_value()))]
    image: Value<String>,
    /// The name, unique in the cluster; made from the ids of the app and the service if not said.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
    /// The processor, in 1,024ths: 256, 512, 1024, 2048, 4096, 8192, 16384.
    #[builder(default = 256)]
    cpu: u32,
    /// The memory in MiB, which has to fit the processor: twice to eight times its number.
    #[builder(default = 512)]
    memory_mib: u32,
    /// What the image was built for.
    #[builder(default = task_definition::CpuArchitecture::X86_64)]
    architecture: Const<task_definition::CpuArchitecture>,
    /// The port that the container listens on.
    #[builder(default = 80)]
    port: u16,
    /// Which requests of a load balancer it answers; none if not said.
    #[builder(default, setter(strip_option))]
    route: Option<Route>,
    /// What starts instead of what the image says.
    #[builder(default, setter(transform = |command: impl IntoIterator<Item = impl Into<Text>>| {
        command.into_iter().map(Into::into).collect()
    }))]
    command: Vec<Text>,
    /// Environment variables that are no secrets.
    #[builder(default, setter(transform = |variables: impl IntoIterator<Item = (impl Into<Text>, impl IntoValue<String>)>| {
        variables.into_iter().map(|(name, value)| (name.into(), value.into_value())).collect()
    }))]
    environment: Vec<(Text, Value<String>)>,
    /// Environment variables that are secrets.
    #[builder(default, setter(transform = |secrets: impl IntoIterator<Item = (impl Into<Text>, ContainerSecret)>| {
        secrets.into_iter().map(|(name, secret)| (name.into(), secret)).collect()
    }))]
    secrets: Vec<(Text, ContainerSecret)>,
    /// What the container may do in the account. Grants to [`FargateServiceRef::task_role`] add to it.
    #[builder(default, setter(transform = |statements: impl IntoIterator<Item = Statement>| {
        statements.into_iter().collect()
    }))]
    statements: Vec<Statement>,
    /// How many tasks there are.
    #[builder(default)]
    autoscaling: Autoscaling,
    /// What tasks run on, if not on what the cluster says.
    #[builder(default, setter(strip_option))]
    capacity: Option<Capacity>,
    /// Whether the container can write to its own file system. What it writes is lost with the task, and
    /// so would be what an intruder leaves there.
    #[builder(default = false)]
    writable_root: bool,
    /// Whether people may open a shell in the container (ECS Exec).
    #[builder(default = false)]
    execute_command: bool,
    /// How many days the container's log is kept.
    #[builder(default = 90)]
    log_retention_days: u16,
}

/// Which requests of a load balancer a [`FargateService`] answers.
#[derive(Clone, Debug, TypedBuilder)]
pub struct Route {
    /// The load balancer.
    #[builder(setter(transform = |balancer: &LoadBalancerRef| balancer.clone()))]
    load_balancer: LoadBalancerRef,
    /// Which rule of the load balancer is asked first: 1 to 50,000, each once.
    priority: u16,
    /// The hosts: `shop.example.com`, `*.example.com`. Any if there is none.
    #[builder(default, setter(transform = |hosts: impl IntoIterator<Item = impl Into<Text>>| {
        hosts.into_iter().map(Into::into).collect()
    }))]
    hosts: Vec<Text>,
    /// The paths: `/api/*`. Any if there is none.
    #[builder(default, setter(transform = |paths: impl IntoIterator<Item = impl Into<Text>>| {
        paths.into_iter().map(Into::into).collect()
    }))]
    paths: Vec<Text>,
    /// How a task says that it is well.
    #[builder(default)]
    health_check: HealthCheck,
    /// How many seconds a new task may be unwell.
    #[builder(default = 60)]
    grace_seconds: u32,
}

/// What a [`FargateService`] gives back.
#[derive(Clone, Debug)]
pub struct FargateServiceRef {
    /// The name, as it is written: what monitors and pipelines know it by.
    pub literal_name: Text,
    /// The cluster it runs in.
    pub cluster: EcsClusterRef,
    /// The ARN.
    pub arn: Attr<ServiceArn>,
    /// What the task definition's revisions have in common.
    pub family: Text,
    /// The ARN of the task definition's revision.
    pub task_definition: Attr<TaskDefinitionArn>,
    /// What the container is in the account.
    pub task_role: IamRoleRef,
    /// What ECS is when it pulls the image, reads secrets and writes the log.
    pub execution_role: IamRoleRef,
    /// The group that tasks are in.
    pub security_group: SecurityGroupRef,
    /// The targets, if a [`Route`] leads here.
    pub target_group: Option<TargetGroupRef>,
    /// The name of the container's log group, as it is written.
    pub log_group: Text,
    /// The L1 resource.
    pub resource: ecs::ServiceRef,
}

impl AllowFrom for FargateServiceRef {
    fn security_group(&self) -> Value<SecurityGroupId> {
        self.security_group.security_group()
    }
}

impl Construct for FargateService {
    type Level = Template;
    type Output = FargateServiceRef;
    fn build(self, template: &mut Scope<'_>) -> FargateServiceRef {
        self.check(template);
        let name = self.name.clone().unwrap_or_else(|| default_name(template, &names::ECS_SERVICE));
        let group = SecurityGroup::builder()
            .vpc(&self.vpc)
            .description(format!("Tasks of the service {name}"))
            .build();
        let group = template.add("security-group", group);
        let target_group =
            self.route.as_ref().map(|route| route.target(&self, &name, template, group));

        let log_group = Text::from(format!("/ecs/{}/{name}", self.cluster.literal_name));
        let log = logs::LogGroup::new()
            .log_group_name(log_group.clone())
            .retention_in_days(self.log_retention_days);
        template.add("log", log);
        let execution_role = template.add("execution-role", execution_role());
        let task_role = template.add("task-role", self.task_role());
        let container = self.container(template, execution_role, &name, &log_group);
        let family = Text::from(format!("{}-{name}", self.cluster.literal_name));
        let platform = task_definition::RuntimePlatform::new()
            .cpu_architecture(self.architecture)
            .operating_system_family(task_definition::OperatingSystemFamily::LINUX);
        let task = ecs::TaskDefinition::new()
            .family(family.clone())
            .requires_compatibilities([task_definition::RequiresCompatibilities::FARGATE])
            .network_mode(task_definition::NetworkMode::AWSVPC)
            .cpu(self.cpu.to_string())
            .memory(self.memory_mib.to_string())
            .runtime_platform(platform)
            .execution_role_arn(execution_role.arn)
            .task_role_arn(task_role.arn)
            .container_definitions([container]);
        let task = template.add("task-definition", task);

        let service = self.service(&name, task, group, target_group.as_ref());
        let service = template.add("service", service);
        if let Some(Target { rule, .. }) = &target_group {
            // A target group that no listener leads to is refused.
            template[service].depends_on(*rule);
        }
        self.autoscaling.add(template, &self.cluster, service);
        FargateServiceRef {
            literal_name: name,
            cluster: self.cluster,
            arn: service.service_arn(),
            family,
            task_definition: task.arn(),
            task_role,
            execution_role,
            security_group: group,
            target_group: target_group.map(|target| target.group),
            log_group,
            resource: service,
        }
    }
}

impl FargateService {
    fn check(&self, template: &mut Scope<'_>) {
        self.autoscaling.check(template);
        if let Some(allowed) = size::problem(self.cpu, self.memory_mib) {
            let message = format!(
                "`{}` has {} CPU units and {} MiB of memory, which Fargate has not",
                template.path(),
                self.cpu,
                self.memory_mib
            );
            let location = template.location();
            template.report(
                Diagnostic::error(&FARGATE_SIZE, message, location).allowed(allowed).help(
                    "say both: `.cpu(512).memory_mib(1024)`; 1024 CPU units are one processor",
                ),
            );
        }
    }

    fn task_role(&self) -> IamRole {
        let mut statements = self.statements.clone();
        if self.execute_command {
            let shell = actions![
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel"
            ];
            statements.push(Statement::allow(shell).resource("*"));
        }
        IamRole::builder().trust_statements([trust()]).statements(statements).build()
    }

    fn container(
        &self,
        template: &mut Scope<'_>,
        execution_role: IamRoleRef,
        name: &Text,
        log_group: &Text,
    ) -> task_definition::ContainerDefinition {
        let log = task_definition::LogConfiguration::new("awslogs").options([
            ("awslogs-group", log_group.as_str().into_value()),
            ("awslogs-region", Value::own_region()),
            ("awslogs-stream-prefix", name.as_str().into_value()),
        ]);
        let port = task_definition::PortMapping::new().container_port(self.port);
        let mut container = task_definition::ContainerDefinition::new(&self.image, name.clone())
            .essential(true)
            .port_mappings([port])
            .log_configuration(log)
            .readonly_root_filesystem(!self.writable_root);
        if !self.environment.is_empty() {
            let variable = |(name, value): &(Text, Value<String>)| {
                task_definition::KeyValuePair::new().name(name.clone()).value(value)
            };
            let variables: Vec<_> = self.environment.iter().map(variable).collect();
            container = container.environment(variables);
        }
        if !self.secrets.is_empty() {
            let secrets = container::secrets(template, execution_role, &self.secrets);
            container = container.secrets(secrets);
        }
        if !self.command.is_empty() {
            container = container.command(self.command.clone());
        }
        container
    }

    fn service(
        &self,
        name: &Text,
        task: ecs::TaskDefinitionRef,
        group: SecurityGroupRef,
        target: Option<&Target>,
    ) -> ecs::Service {
        let network = service::AwsVpcConfiguration::new()
            .assign_public_ip(service::AssignPublicIp::DISABLED)
            .security_groups([group.id])
            .subnets(&self.subnets);
        let deployment = service::DeploymentConfiguration::new()
            .deployment_circuit_breaker(service::DeploymentCircuitBreaker::new(true, true))
            .minimum_healthy_percent(100)
            .maximum_percent(200);
        // Without a number of tasks: an update leaves that to who scales.
        let mut service = ecs::Service::new()
            .cluster(self.cluster.name)
            .service_name(name.clone())
            .task_definition(task.arn())
            .network_configuration(
                service::NetworkConfiguration::new().awsvpc_configuration(network),
            )
            .deployment_configuration(deployment)
            .availability_zone_rebalancing(service::AvailabilityZoneRebalancing::ENABLED)
            .enable_ecs_managed_tags(true)
            .propagate_tags(service::PropagateTags::SERVICE)
            .enable_execute_command(self.execute_command);
        if let Some(capacity) = self.capacity {
            let strategy = capacity.shares().map(|(provider, base, weight)| {
                service::CapacityProviderStrategyItem::new()
                    .capacity_provider(Value::<CapacityProviderName>::imported(provider))
                    .base(base)
                    .weight(weight)
            });
            service = service.capacity_provider_strategy(strategy.collect::<Vec<_>>());
        }
        if let (Some(target), Some(route)) = (target, &self.route) {
            let balancer = service::LoadBalancer::new()
                .container_name(name.clone())
                .container_port(self.port)
                .target_group_arn(target.group.arn);
            service = service
                .load_balancers([balancer])
                .health_check_grace_period_seconds(route.grace_seconds);
        }
        service
    }
}

struct Target {
    group: TargetGroupRef,
    rule: accel_cfn::elasticloadbalancingv2::ListenerRuleRef,
}

impl Route {
    fn target(
        &self,
        service: &FargateService,
        name: &Text,
        template: &mut Scope<'_>,
        group: SecurityGroupRef,
    ) -> Target {
        let balancer = &self.load_balancer;
        group.allow_from(
            template,
            "from-load-balancer",
            balancer.security_group,
            Port::tcp(service.port),
        );
        let targets = TargetGroup::builder()
            .vpc(&service.vpc)
            .port(service.port)
            .health_check(self.health_check.clone())
            .name(Label::new().named(name.as_str()).name(&names::TARGET_GROUP))
            .build();
        let targets = template.add("targets", targets);
        let rule = ListenerRule::builder()
            .listener(balancer.listener)
            .priority(self.priority)
            .target(targets.arn)
            .hosts(self.hosts.clone())
            .paths(self.paths.clone())
            .build();
        let rule = template.add("rule", rule);
        Target { group: targets, rule: rule.resource }
    }
}

/// Tasks of this account alone.
///
/// Source: <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html>
fn trust() -> Statement {
    Statement::allow(actions!["sts:AssumeRole"])
        .principal(Principal::service("ecs-tasks.amazonaws.com"))
        .when(Operator::StringEquals, "aws:SourceAccount", Value::own_account())
        .when(
            Operator::ArnLike,
            "aws:SourceArn",
            text![
                "arn:",
                Value::own_partition(),
                ":ecs:",
                Value::own_region(),
                ":",
                Value::own_account(),
                ":*"
            ],
        )
}

fn execution_role() -> IamRole {
    IamRole::builder()
        .trust_statements([trust()])
        .managed_policies([aws_managed_policy("service-role/AmazonECSTaskExecutionRolePolicy")])
        .build()
}
