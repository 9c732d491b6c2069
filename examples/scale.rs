//! How long does a big program take? N accounts in two regions, one stack of 56 resources each: the
//! workload of `bench/cdk`, resource for resource. `cargo xtask bench` runs both sides.
//!
//! `cargo run --release --example scale -- synth --accounts 100 --out scale.out`, with `--stack-set` as
//! one stack set instead of 200 stacks.

use std::process::ExitCode;

use accel::{
    cfn::{
        ec2::{self, InternetGatewayIdOrVpnGatewayId, NatGatewayId},
        iam, kms,
        logs::{self, LogGroupArn},
        s3::{self, bucket},
    },
    core::{
        AccountId, AccountInfo, AccountRef, Cidr, IntoValue, PolicyDocument, actions,
        policy::{Operator, Principal, Statement},
    },
    prelude::*,
};

#[derive(Debug, clap::Args)]
struct Size {
    /// How many accounts.
    #[arg(long, default_value_t = 1)]
    accounts: u32,

    /// One stack set for all of them, instead of two stacks each.
    #[arg(long)]
    stack_set: bool,

    /// One bucket in one stack, and nothing else: what every run costs at least.
    #[arg(long, conflicts_with_all = ["accounts", "stack_set"])]
    floor: bool,
}

fn main() -> ExitCode {
    accel::run_with(|size: Size| if size.floor { floor() } else { scale(&size) })
}

fn floor() -> App {
    let mut app = App::new("floor");
    let account = app.scope().declare_account_as("account", AccountInfo::default());
    app.open("storage", Stack::new(account.in_region(Region::EU_WEST_1)))
        .add("bucket", s3::Bucket::new());
    app
}

fn scale(size: &Size) -> App {
    let regions = [Region::US_EAST_1, Region::EU_WEST_1];
    let mut app = App::new("scale");
    app.tag("Owner", "platform");
    app.tag("CostCenter", "4711");
    app.tag("Environment", "prod");
    let accounts: Vec<AccountRef> = (0..size.accounts)
        .map(|n| {
            let id = AccountId::parse(&format!("{}", 100_000_000_000_u64 + u64::from(n))).ok();
            let info = AccountInfo { id, ..AccountInfo::default() };
            app.scope().declare_account_as(&format!("account-{n}"), info)
        })
        .collect();
    if size.stack_set {
        let set = StackSet::for_accounts(accounts).regions(regions);
        app.open("baseline", set).add("baseline", Baseline::anywhere());
        return app;
    }
    for (n, account) in (0..).zip(accounts) {
        for region in regions {
            let mut stack = app.open("baseline", Stack::new(account.in_region(region)));
            stack.add("baseline", Baseline::of(account, region, n));
        }
    }
    app
}

/// What every account has in the workload.
struct Baseline {
    account: Value<AccountId>,
    region: Value<String>,
    cidr: Cidr,
}

impl Baseline {
    fn of(account: AccountRef, region: Region, n: u32) -> Self {
        let all = cidr!("10.0.0.0/8");
        let cidr = all.subnet(16, n % 256).unwrap_or(all);
        Self { account: account.id(), region: region.name().into_value(), cidr }
    }

    fn anywhere() -> Self {
        let cidr = cidr!("10.0.0.0/16");
        Self { account: Value::own_account(), region: Value::own_region(), cidr }
    }

    fn subnet(&self, prefix: u8, index: u32) -> Cidr {
        self.cidr.subnet(prefix, index).unwrap_or(self.cidr)
    }
}

impl Construct for Baseline {
    type Level = Template;
    type Output = ();
    fn build(self, template: &mut Scope<'_>) {
        let key = self.key(template);
        let bucket = self.bucket(template, key);
        let trail = logs::LogGroup::new().kms_key_id(key.arn()).retention_in_days(365);
        let trail = template.add("trail", trail);
        template[trail].retain();
        let vpc = self.network(template);
        security_groups(template, vpc);
        self.roles(template, key, bucket, trail);
    }
}

impl Baseline {
    fn key(&self, template: &mut Scope<'_>) -> kms::KeyRef {
        let logs = text!["logs.", self.region.clone(), ".amazonaws.com"];
        let policy = PolicyDocument::from([
            Statement::allow(actions!["kms:*"])
                .principal(Principal::aws(root_of(self.account.clone())))
                .resource("*"),
            Statement::allow(actions![
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:ReEncrypt*",
                "kms:GenerateDataKey*",
                "kms:DescribeKey"
            ])
            .principal(Principal::service(logs))
            .resource("*"),
        ]);
        let key = kms::Key::new().enable_key_rotation(true).key_policy(policy);
        let key = template.add("key", key);
        template[key].retain();
        let alias = text!["alias/baseline-", self.account.clone()];
        template.add("key-alias", kms::Alias::new(alias, key.arn()));
        key
    }

    fn bucket(&self, template: &mut Scope<'_>, key: kms::KeyRef) -> s3::BucketRef {
        let encryption = bucket::ServerSideEncryptionByDefault::new(bucket::SseAlgorithm::AWS_KMS)
            .kms_master_key_id(key.arn());
        let rule =
            bucket::ServerSideEncryptionRule::new().server_side_encryption_by_default(encryption);
        let expire = bucket::Rule::new(bucket::RuleStatus::ENABLED)
            .expiration_in_days(365)
            .noncurrent_version_expiration(bucket::NoncurrentVersionExpiration::new(30));
        let no_public_access = bucket::PublicAccessBlockConfiguration::new()
            .block_public_acls(true)
            .block_public_policy(true)
            .ignore_public_acls(true)
            .restrict_public_buckets(true);
        let logs = s3::Bucket::new()
            .bucket_encryption(bucket::BucketEncryption::new([rule]))
            .lifecycle_configuration(bucket::LifecycleConfiguration::new([expire]))
            .public_access_block_configuration(no_public_access)
            .versioning_configuration(bucket::VersioningConfiguration::new(
                bucket::VersioningConfigurationStatus::ENABLED,
            ));
        let logs = template.add("logs", logs);
        template[logs].retain();
        let policy = PolicyDocument::from([
            Statement::deny(actions!["s3:*"])
                .principal(Principal::any())
                .resources([logs.arn().into_value(), text![logs.arn(), "/*"]])
                .when(Operator::Bool, "aws:SecureTransport", false),
            Statement::allow(actions!["s3:PutObject"])
                .principal(Principal::service("cloudtrail.amazonaws.com"))
                .resource(text![logs.arn(), "/AWSLogs/", self.account.clone(), "/*"])
                .when(Operator::StringEquals, "s3:x-amz-acl", "bucket-owner-full-control"),
        ]);
        template.add("logs-policy", s3::BucketPolicy::new(logs.name(), policy));
        logs
    }

    fn network(&self, template: &mut Scope<'_>) -> ec2::VpcRef {
        let vpc = ec2::Vpc::new()
            .cidr_block(self.cidr)
            .enable_dns_hostnames(true)
            .enable_dns_support(true)
            .instance_tenancy(ec2::vpc::InstanceTenancy::DEFAULT)
            .tag("Name", "vpc");
        let vpc = template.add("vpc", vpc);
        let gateway = template.add("gateway", ec2::InternetGateway::new().tag("Name", "vpc"));
        let attachment = ec2::VpcGatewayAttachment::new(vpc.id()).internet_gateway_id(gateway.id());
        let attachment = template.add("gateway-attachment", attachment);

        let mut nat: Option<Attr<NatGatewayId>> = None;
        for (tier, prefix, first) in [("public", 24, 0), ("app", 20, 1), ("data", 24, 64)] {
            for (index, zone) in (0..).zip(["a", "b", "c"]) {
                let name = format!("{tier}-{zone}");
                let subnet = ec2::Subnet::new(vpc.id())
                    .availability_zone(text![self.region.clone(), zone])
                    .cidr_block(self.subnet(prefix, first + index))
                    .map_public_ip_on_launch(tier == "public")
                    .tag("Name", &name)
                    .tag("subnet-name", tier)
                    .tag("subnet-type", tier);
                let subnet = template.add(&name, subnet);
                let table = ec2::RouteTable::new(vpc.id()).tag("Name", &name);
                let table = template.add(&format!("{name}-routes"), table);
                let association = ec2::SubnetRouteTableAssociation::new(table.id(), subnet.id());
                let association = template.add(&format!("{name}-association"), association);
                let route = ec2::Route::new(table.id()).destination_cidr_block("0.0.0.0/0");
                let route = match (tier, nat) {
                    ("public", _) => {
                        let gateway = gateway.id().cast::<InternetGatewayIdOrVpnGatewayId>();
                        route.gateway_id(gateway)
                    }
                    ("app", Some(nat)) => route.nat_gateway_id(nat),
                    _ => continue,
                };
                let route = template.add(&format!("{name}-default"), route);
                if tier == "public" {
                    template[route].depends_on(attachment);
                }
                if (tier, index) == ("public", 0) {
                    let address = ec2::Eip::new().domain("vpc").tag("Name", &name);
                    let address = template.add("nat-address", address);
                    let gateway = ec2::NatGateway::new()
                        .allocation_id(address.allocation_id())
                        .subnet_id(subnet.id())
                        .tag("Name", &name);
                    let gateway = template.add("nat", gateway);
                    template[gateway].depends_on(route).depends_on(association);
                    nat = Some(gateway.id());
                }
            }
        }
        self.flow_log(template, vpc);
        vpc
    }

    fn flow_log(&self, template: &mut Scope<'_>, vpc: ec2::VpcRef) {
        let group = logs::LogGroup::new().retention_in_days(731).tag("Name", "flow");
        let group = template.add("flow-logs", group);
        template[group].retain();
        let role = role_for(Principal::service("vpc-flow-logs.amazonaws.com")).tag("Name", "flow");
        let role = template.add("flow-role", role);
        let write = Statement::allow(actions![
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "logs:DescribeLogStreams"
        ])
        .resource(group.arn());
        add_policy(template, "flow-policy", role, [write]);
        let flow_log = ec2::FlowLog::new(vpc.id(), ec2::flow_log::ResourceType::VPC)
            .deliver_logs_permission_arn(role.arn())
            .log_destination_type(ec2::flow_log::LogDestinationType::CLOUD_WATCH_LOGS)
            .log_group_name(group.name())
            .traffic_type(ec2::flow_log::TrafficType::ALL)
            .tag("Name", "flow");
        template.add("flow-log", flow_log);
    }

    fn roles(
        &self,
        template: &mut Scope<'_>,
        key: kms::KeyRef,
        bucket: s3::BucketRef,
        trail: logs::LogGroupRef,
    ) {
        let deploy = role_for(Principal::aws(root_of("111111111111"))).max_session_duration(3600);
        let deploy = template.add("deploy", deploy);
        let everything =
            Statement::allow(actions!["cloudformation:*", "ec2:*", "eks:*"]).resource("*");
        add_policy(template, "deploy-policy", deploy, [everything]);

        let managed = text!["arn:", Value::own_partition(), ":iam::aws:policy/SecurityAudit"];
        let audit = role_for(Principal::aws(root_of("222222222222")))
            .managed_policy_arns([managed.cast::<iam::ManagedPolicyArn>()]);
        let audit = template.add("audit", audit);
        let group: Value<LogGroupArn> = text![
            "arn:",
            Value::own_partition(),
            ":logs:",
            self.region.clone(),
            ":",
            self.account.clone(),
            ":log-group:",
            trail.name()
        ]
        .cast();
        let read = Statement::allow(actions![
            "logs:FilterLogEvents",
            "logs:GetLogEvents",
            "logs:GetLogGroupFields",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams"
        ])
        .resources([group, trail.arn().into_value()]);
        add_policy(template, "audit-policy", audit, [read]);

        let workload = template.add("workload", role_for(Principal::service("ec2.amazonaws.com")));
        let objects = Statement::allow(actions![
            "s3:GetObject*",
            "s3:GetBucket*",
            "s3:List*",
            "s3:DeleteObject*",
            "s3:PutObject",
            "s3:PutObjectLegalHold",
            "s3:PutObjectRetention",
            "s3:PutObjectTagging",
            "s3:PutObjectVersionTagging",
            "s3:Abort*"
        ])
        .resources([bucket.arn().into_value(), text![bucket.arn(), "/*"]]);
        let describe = actions![
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:ReEncrypt*",
            "kms:GenerateDataKey*"
        ];
        let encrypt =
            actions!["kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"];
        let statements = [
            objects,
            Statement::allow(describe).resource(key.arn()),
            Statement::allow(encrypt).resource(key.arn()),
        ];
        add_policy(template, "workload-policy", workload, statements);
    }
}

fn security_groups(template: &mut Scope<'_>, vpc: ec2::VpcRef) {
    use ec2::security_group::{Egress, Ingress};
    let egress = || {
        [Egress::new("-1")
            .cidr_ip("0.0.0.0/0")
            .description("Allow all outbound traffic by default")]
    };
    let https =
        Ingress::new("tcp").cidr_ip("0.0.0.0/0").description("https").from_port(443).to_port(443);
    let alb = ec2::SecurityGroup::new("alb")
        .vpc_id(vpc.id())
        .security_group_egress(egress())
        .security_group_ingress([https]);
    let alb = template.add("alb", alb);
    let app = ec2::SecurityGroup::new("app").vpc_id(vpc.id()).security_group_egress(egress());
    let app = template.add("app", app);
    let from_alb = ec2::SecurityGroupIngress::new("tcp")
        .description("from alb")
        .from_port(8080)
        .to_port(8080)
        .group_id(app.group_id())
        .source_security_group_id(alb.group_id());
    template.add("app-from-alb", from_alb);
}

fn root_of(account: impl IntoValue<String>) -> Value<String> {
    text!["arn:", Value::own_partition(), ":iam::", account, ":root"]
}

fn role_for(principal: Principal) -> iam::Role {
    let trust = Statement::allow(actions!["sts:AssumeRole"]).principal(principal);
    iam::Role::new(PolicyDocument::from([trust]))
}

fn add_policy<const N: usize>(
    template: &mut Scope<'_>,
    id: &str,
    role: iam::RoleRef,
    statements: [Statement; N],
) {
    let policy = iam::Policy::new(PolicyDocument::from(statements), id);
    template.add(id, policy.roles([role.name()]));
}
