use accel_core::{
    AccountId, AccountRef, Construct, DocumentNode, DocumentRef, IntoValue, Region, Scope, Secret,
    Template, Text, Value, account_id, actions,
    policy::{Operator, Principal, Statement},
    template::ConditionRef,
};
use typed_builder::TypedBuilder;

use super::{
    Datadog,
    file::{Entries, file},
};
use crate::security::{IamRole, IamRoleRef, aws_managed_policy};

/// What the role is called unless said otherwise: what Datadog's own templates call it.
const ROLE_NAME: Text = Text::Static("DatadogIntegrationRole");

/// The role by which Datadog reads an account: metrics, tags, and what there is.
///
/// It lives in a template, so that a stack set brings it to all accounts, as
/// [`EveryAccount`](crate::foundation::EveryAccount) does. It only reads: Datadog cannot set up the
/// forwarding of logs by itself.
///
/// ```
/// use accel_constructs::sre::datadog::DatadogRole;
/// use accel_core::{Scope, template::Parameter};
///
/// fn role(template: &mut Scope<'_>) {
///     // Shown to nobody, given by whoever deploys.
///     let external_id = template.add("datadog-external-id", Parameter::secret());
///     template.add("datadog", DatadogRole::builder().external_id(external_id).build());
/// }
/// ```
///
/// Source: <https://docs.datadoghq.com/integrations/amazon_web_services/#aws-iam-permissions>
#[derive(Clone, Debug, TypedBuilder)]
pub struct DatadogRole {
    /// What Datadog shows when it assumes the role: a secret parameter, or a managed secret,
    /// `Value::managed("datadog/external-id")`, which each account has.
    #[builder(setter(transform = |id: impl IntoValue<Secret>| id.into_value()))]
    external_id: Value<Secret>,
    /// The name, which Datadog is told.
    #[builder(default = ROLE_NAME, setter(into))]
    name: Text,
    /// Datadog's own account: that of the commercial sites. Sites for authorities have another.
    #[builder(default = account_id!("464622532012"))]
    datadog: AccountId,
    /// Whether it may read how resources are configured, by AWS's policy `SecurityAudit`: for the
    /// resource catalogue and cloud security.
    #[builder(default)]
    resource_collection: bool,
    /// Where the role exists; everywhere if not said. See [`IamRole`].
    #[builder(default, setter(strip_option))]
    condition: Option<ConditionRef>,
}

impl Construct for DatadogRole {
    type Level = Template;
    type Output = IamRoleRef;

    fn build(self, template: &mut Scope<'_>) -> IamRoleRef {
        let trust = Statement::allow(actions!["sts:AssumeRole"])
            .principal(Principal::account(self.datadog))
            .when(Operator::StringEquals, "sts:ExternalId", self.external_id);
        let read = Statement::allow(standard_permissions()).resource("*");
        let audit = self.resource_collection.then(|| aws_managed_policy("SecurityAudit"));
        let role = IamRole::builder()
            .name(self.name)
            .description("Datadog reads metrics, tags and what there is")
            .trust_statements([trust])
            .statements([read])
            .managed_policies(audit);
        match self.condition {
            Some(condition) => template.add("role", role.condition(condition).build()),
            None => template.add("role", role.build()),
        }
    }
}

/// An account that Datadog watches.
///
/// ```
/// use accel_constructs::sre::datadog::{Datadog, DatadogAwsAccount};
/// use accel_core::{AccountRef, Scope};
///
/// fn watch(datadog: &mut Scope<'_, Datadog>, prod: AccountRef) {
///     datadog.add("prod", DatadogAwsAccount::builder().account(prod).tags(["env:prod"]).build());
/// }
/// ```
///
/// The metrics of the account carry the tag `account:<its name in the tree>`, by which
/// [`Monitored`](crate::sre::Monitored) constructs find them. Datadog's answer has the external id
/// for the [`DatadogRole`]; the file has no secret.
///
/// Source: <https://docs.datadoghq.com/api/latest/aws-integration/#create-an-aws-integration>
#[derive(Clone, Debug, TypedBuilder)]
pub struct DatadogAwsAccount {
    /// The account. While its id is not known, the file is left out, with a warning.
    account: AccountRef,
    /// The role that Datadog assumes there.
    #[builder(default = ROLE_NAME, setter(into))]
    role_name: Text,
    /// More tags of all its metrics.
    #[builder(default, setter(
        fn transform<T: IntoValue<String>>(tags: impl IntoIterator<Item = T>) -> Vec<Value<String>> {
            tags.into_iter().map(IntoValue::into_value).collect()
        },
    ))]
    tags: Vec<Value<String>>,
    /// The regions that Datadog looks at; all that are enabled if not said.
    #[builder(default, setter(
        transform = |regions: impl IntoIterator<Item = Region>| Vec::from_iter(regions)
    ))]
    regions: Vec<Region>,
    /// The namespaces of CloudWatch that Datadog does not read, which cost much and are rarely
    /// needed: those of Datadog's own default if not said.
    #[builder(
        default = ["AWS/SQS", "AWS/ElasticMapReduce", "AWS/Usage"].map(Text::Static).to_vec(),
        setter(fn transform<T: Into<Text>>(namespaces: impl IntoIterator<Item = T>) -> Vec<Text> {
            namespaces.into_iter().map(Into::into).collect()
        })
    )]
    excluded_namespaces: Vec<Text>,
    /// Whether Datadog reads how resources are configured, for which its role needs the permission.
    #[builder(default)]
    resource_collection: bool,
}

impl Construct for DatadogAwsAccount {
    type Level = Datadog;
    type Output = DocumentRef;

    fn build(self, scope: &mut Scope<'_, Datadog>) -> DocumentRef {
        let name = scope.tree().account_name(self.account);
        let own = [format!("account:{name}").into_value(), scope.identity()];
        let tags = self.tags.into_iter().chain(own).map(Value::into_prop);
        let regions = match self.regions.as_slice() {
            [] => Entries::default().with("include_all", true),
            some => {
                let names = some.iter().map(|region| region.name());
                Entries::default().with("include_only", DocumentNode::list(names))
            }
        };
        let namespaces = DocumentNode::list(self.excluded_namespaces);
        let metrics = Entries::default()
            .with("enabled", true)
            .with("automute_enabled", true)
            .with("collect_cloudwatch_alarms", false)
            .with("collect_custom_metrics", false)
            .with("namespace_filters", Entries::default().with("exclude_only", namespaces));
        let resources = Entries::default()
            .with("cloud_security_posture_management_collection", false)
            .with("extended_collection", self.resource_collection);
        let attributes = Entries::default()
            .with("aws_account_id", self.account.id())
            .with("aws_partition", Value::own_partition())
            .with("account_tags", DocumentNode::list(tags))
            .with("auth_config", Entries::default().with("role_name", self.role_name))
            .with("aws_regions", regions)
            .with("metrics_config", metrics)
            .with("resources_config", resources);
        let data = Entries::default().with("type", "account").with("attributes", attributes);
        file(scope, "aws-accounts", Entries::default().with("data", data))
    }
}

/// What Datadog lists as the permissions of its standard integration, without those that change
/// something: forwarding of logs (`logs:PutSubscriptionFilter`, `s3:PutBucketNotification`, ...), sending
/// (`sns:Publish`) and refreshing Trusted Advisor.
fn standard_permissions() -> accel_core::policy::Actions {
    actions![
        "apigateway:GET",
        "autoscaling:Describe*",
        "backup:List*",
        "budgets:ViewBudget",
        "cloudfront:GetDistributionConfig",
        "cloudfront:ListDistributions",
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetTrailStatus",
        "cloudtrail:LookupEvents",
        "cloudwatch:Describe*",
        "cloudwatch:Get*",
        "cloudwatch:List*",
        "codedeploy:BatchGet*",
        "codedeploy:List*",
        "directconnect:Describe*",
        "dynamodb:Describe*",
        "dynamodb:List*",
        "ec2:Describe*",
        "ec2:GetTransitGatewayPrefixListReferences",
        "ec2:SearchTransitGatewayRoutes",
        "ecs:Describe*",
        "ecs:List*",
        "elasticache:Describe*",
        "elasticache:List*",
        "elasticfilesystem:DescribeAccessPoints",
        "elasticfilesystem:DescribeFileSystems",
        "elasticfilesystem:DescribeTags",
        "elasticloadbalancing:Describe*",
        "elasticmapreduce:Describe*",
        "elasticmapreduce:List*",
        "es:DescribeElasticsearchDomains",
        "es:ListDomainNames",
        "es:ListTags",
        "fsx:DescribeFileSystems",
        "fsx:ListTagsForResource",
        "health:DescribeAffectedEntities",
        "health:DescribeEventDetails",
        "health:DescribeEvents",
        "kinesis:Describe*",
        "kinesis:List*",
        "lambda:GetPolicy",
        "lambda:List*",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:DescribeSubscriptionFilters",
        "logs:FilterLogEvents",
        "logs:TestMetricFilter",
        "organizations:Describe*",
        "organizations:List*",
        "rds:Describe*",
        "rds:List*",
        "redshift:DescribeClusters",
        "redshift:DescribeLoggingStatus",
        "route53:List*",
        "s3:GetBucketLocation",
        "s3:GetBucketLogging",
        "s3:GetBucketNotification",
        "s3:GetBucketTagging",
        "s3:ListAllMyBuckets",
        "ses:Get*",
        "sns:GetSubscriptionAttributes",
        "sns:List*",
        "sqs:ListQueues",
        "states:DescribeStateMachine",
        "states:ListStateMachines",
        "support:DescribeTrustedAdvisor*",
        "tag:GetResources",
        "tag:GetTagKeys",
        "tag:GetTagValues",
        "xray:BatchGetTraces",
        "xray:GetTraceSummaries",
    ]
    .into()
}
