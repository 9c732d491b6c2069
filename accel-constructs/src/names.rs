//! How long AWS lets names be.
//!
//! Each constant is the rule for one kind of name, with the page of AWS that it comes from; a
//! [`Label`](accel_core::Label) makes a name under it. Letters are in lower case and words are joined by
//! hyphens, which all of these services take.
//!
//! ```
//! use accel_constructs::names;
//! use accel_core::Label;
//!
//! let label = Label::new().namespace("acme").tenant("platform").stage("prod").named("orders-public");
//! assert_eq!(label.name(&names::ROLE), "acme-platform-prod-orders-public");
//! assert_eq!(label.attribute("blue").name(&names::TARGET_GROUP), "acme-platform-prod-orders-rafux");
//! ```

use accel_core::{Case, Charset, NameRule};

macro_rules! rules {
    ($(
        $(#[$doc:meta])*
        $name:ident = $max_len:literal $(, $type:literal . $property:literal)?;
    )+) => {
        $(
            $(#[$doc])*
            pub const $name: NameRule =
                NameRule { max_len: $max_len, charset: Charset::Hyphen, case: Case::Lower };
        )+

        /// The rules whose limits the schemas of CloudFormation have too: type, property, rule.
        #[cfg(test)]
        const IN_SCHEMAS: &[(&str, &str, NameRule)] = &[$($(($type, $property, $name),)?)+];
    };
}

rules! {
    /// An account of an organization.
    /// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html>
    ACCOUNT = 50, "AWS::Organizations::Account"."AccountName";
    /// An organizational unit.
    /// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateOrganizationalUnit.html>
    ORGANIZATIONAL_UNIT = 128, "AWS::Organizations::OrganizationalUnit"."Name";
    /// A policy of an organization.
    /// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html>
    ORGANIZATION_POLICY = 128, "AWS::Organizations::Policy"."Name";
    /// A stack; it begins with a letter.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>
    STACK = 128;
    /// A stack set; it begins with a letter.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html>
    STACK_SET = 128, "AWS::CloudFormation::StackSet"."StackSetName";

    /// A role.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
    ROLE = 64, "AWS::IAM::Role"."RoleName";
    /// A session of a role.
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
    ROLE_SESSION = 64;
    /// A user.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
    USER = 64, "AWS::IAM::User"."UserName";
    /// A group of users.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
    GROUP = 128, "AWS::IAM::Group"."GroupName";
    /// A managed policy.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
    MANAGED_POLICY = 128;
    /// An instance profile.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
    INSTANCE_PROFILE = 128, "AWS::IAM::InstanceProfile"."InstanceProfileName";
    /// A permission set of IAM Identity Center.
    /// <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html>
    PERMISSION_SET = 32, "AWS::SSO::PermissionSet"."Name";
    /// An alias of a key, behind its `alias/`.
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html>
    KEY_ALIAS = 250;
    /// A secret of Secrets Manager, which adds a hyphen and six characters in the ARN.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html>
    SECRET = 512, "AWS::SecretsManager::Secret"."Name";
    /// A parameter of the parameter store, its path included.
    /// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html>
    PARAMETER = 1011;
    /// A trail.
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html>
    TRAIL = 128, "AWS::CloudTrail::Trail"."TrailName";
    /// A rule of Config.
    /// <https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html>
    CONFIG_RULE = 128;
    /// A backup vault.
    /// <https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html>
    BACKUP_VAULT = 50, "AWS::Backup::BackupVault"."BackupVaultName";
    /// A web access control list.
    /// <https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html>
    WEB_ACL = 128, "AWS::WAFv2::WebACL"."Name";

    /// A bucket: at least 3 characters, and unique in the partition.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
    BUCKET = 63, "AWS::S3::Bucket"."BucketName";
    /// A repository of images.
    /// <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html>
    IMAGE_REPOSITORY = 256, "AWS::ECR::Repository"."RepositoryName";
    /// A table of DynamoDB.
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html>
    TABLE = 255;
    /// An instance of a database; it begins with a letter.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>
    DB_INSTANCE = 63, "AWS::RDS::DBInstance"."DBInstanceIdentifier";
    /// A cluster of databases; it begins with a letter.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html>
    DB_CLUSTER = 63, "AWS::RDS::DBCluster"."DBClusterIdentifier";
    /// The subnets of databases; it begins with a letter.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html>
    DB_SUBNET_GROUP = 255;
    /// A replication group of ElastiCache; it begins with a letter.
    /// <https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html>
    REPLICATION_GROUP = 40;
    /// A domain of OpenSearch: at least 3 characters, the first a letter.
    /// <https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_CreateDomain.html>
    SEARCH_DOMAIN = 28;

    /// A security group; it does not begin with `sg-`.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html>
    SECURITY_GROUP = 255;
    /// A load balancer; it does not begin with `internal-`.
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html>
    LOAD_BALANCER = 32;
    /// A target group of a load balancer.
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html>
    TARGET_GROUP = 32;
    /// A network firewall.
    /// <https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_CreateFirewall.html>
    FIREWALL = 128, "AWS::NetworkFirewall::Firewall"."FirewallName";
    /// A launch template: at least 3 characters.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html>
    LAUNCH_TEMPLATE = 128, "AWS::EC2::LaunchTemplate"."LaunchTemplateName";
    /// An auto scaling group.
    /// <https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html>
    AUTO_SCALING_GROUP = 255, "AWS::AutoScaling::AutoScalingGroup"."AutoScalingGroupName";
    /// A cluster of EKS.
    /// <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html>
    EKS_CLUSTER = 100, "AWS::EKS::Cluster"."Name";
    /// A managed node group of EKS.
    /// <https://docs.aws.amazon.com/eks/latest/userguide/create-managed-node-group.html>
    NODE_GROUP = 63;
    /// A cluster of ECS.
    /// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html>
    ECS_CLUSTER = 255;
    /// A service of ECS.
    /// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html>
    ECS_SERVICE = 255;
    /// An API of API Gateway, and its VPC link.
    /// <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html>
    HTTP_API = 128;
    /// A function of Lambda.
    /// <https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html>
    FUNCTION = 64, "AWS::Lambda::Function"."FunctionName";
    /// A state machine.
    /// <https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html>
    STATE_MACHINE = 80, "AWS::StepFunctions::StateMachine"."StateMachineName";

    /// A queue; a FIFO queue's `.fifo` counts.
    /// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html>
    QUEUE = 80;
    /// A topic; a FIFO topic's `.fifo` counts.
    /// <https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html>
    TOPIC = 256, "AWS::SNS::Topic"."TopicName";
    /// A rule of EventBridge.
    /// <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html>
    EVENT_RULE = 64, "AWS::Events::Rule"."Name";
    /// An event bus.
    /// <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html>
    EVENT_BUS = 256, "AWS::Events::EventBus"."Name";
    /// A schedule of EventBridge.
    /// <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html>
    SCHEDULE = 64, "AWS::Scheduler::Schedule"."Name";
    /// A data stream of Kinesis.
    /// <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html>
    STREAM = 128, "AWS::Kinesis::Stream"."Name";
    /// A delivery stream of Firehose.
    /// <https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html>
    DELIVERY_STREAM = 64, "AWS::KinesisFirehose::DeliveryStream"."DeliveryStreamName";

    /// A group of logs.
    /// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html>
    LOG_GROUP = 512, "AWS::Logs::LogGroup"."LogGroupName";
    /// An alarm of CloudWatch.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>
    ALARM = 255, "AWS::CloudWatch::Alarm"."AlarmName";
}

#[cfg(test)]
mod tests {
    use accel_core::{AccountInfo, App, Label, Region, Resource, Stack};

    use super::*;

    /// Whether CloudFormation's schema takes `name` there; the rest of the resource is left away.
    fn is_taken(resource_type: &'static str, property: &'static str, name: String) -> bool {
        let mut app = App::new("names");
        let account = app.scope().declare_account_as("prod", AccountInfo::default());
        let mut stack = app.open("stack", Stack::new(account.in_region(Region::US_EAST_1)));
        let mut resource = Resource::new(resource_type);
        resource.set(property, name.as_str());
        stack.add("named", resource);
        let diagnostics = match accel_synth::synth(app) {
            Ok(assembly) => assembly.warnings().clone(),
            Err(diagnostics) => diagnostics,
        };
        let refused = format!("`{property}` is \"");
        !diagnostics.iter().any(|diagnostic| diagnostic.message.contains(&refused))
    }

    #[test]
    fn the_schemas_take_the_longest_name_and_no_longer_one() {
        let wrong = IN_SCHEMAS.iter().filter(|(resource_type, property, rule)| {
            let name = |length: usize| "a".repeat(length);
            !is_taken(resource_type, property, name(rule.max_len))
                || is_taken(resource_type, property, name(rule.max_len + 1))
        });
        assert_eq!(wrong.collect::<Vec<_>>(), [&("", "", ROLE); 0]);
    }

    #[test]
    fn a_label_is_cut_to_the_limit() {
        let label = Label::new().namespace("acme").named("x".repeat(80));
        assert_eq!(label.name(&LOAD_BALANCER).len(), 32);
        assert_eq!(label.name(&QUEUE).len(), 80);
        assert_eq!(label.name(&BUCKET).len(), 63);
    }
}
