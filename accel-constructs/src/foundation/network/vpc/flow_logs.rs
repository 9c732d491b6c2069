use accel_cfn::{
    ec2::{self, flow_log},
    logs,
    s3::BucketArn,
};
use accel_core::{
    Scope, ScopeRef, Stack, Value, actions,
    policy::{Operator, Principal, Statement},
};

use super::VpcRef;
use crate::security::IamRole;

/// Where a VPC's log of connections goes.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html>
#[derive(Clone, Debug)]
pub enum FlowLogs {
    /// Nowhere.
    Off,
    /// To a log group of the VPC's own.
    LogGroup {
        /// How long it is kept; CloudWatch Logs knows 1, 3, 5, 7, 14, 30, 60, 90, ... days.
        retention_days: u16,
    },
    /// To a bucket, of this account or of another, whose policy lets log delivery write.
    Bucket(Value<BucketArn>),
    /// To the organization's archive: what [`LogArchiveRef::flow_logs`] gives.
    ///
    /// [`LogArchiveRef::flow_logs`]: crate::foundation::LogArchiveRef::flow_logs
    Archive {
        /// The bucket.
        bucket: Value<BucketArn>,
        /// The stack of the bucket, which comes first.
        stack: ScopeRef<Stack>,
    },
}

impl Default for FlowLogs {
    /// A quarter of a year in a log group: long enough to look into an incident.
    fn default() -> Self {
        Self::LogGroup { retention_days: 90 }
    }
}

pub(super) fn add(flow_logs: &FlowLogs, template: &mut Scope<'_>, vpc: &VpcRef) {
    let log = ec2::FlowLog::new(vpc.id, flow_log::ResourceType::VPC)
        .traffic_type(flow_log::TrafficType::ALL);
    let log = match flow_logs {
        FlowLogs::Off => return,
        FlowLogs::Bucket(bucket) => to_bucket(log, bucket),
        FlowLogs::Archive { bucket, stack } => {
            template.after(*stack);
            to_bucket(log, bucket)
        }
        FlowLogs::LogGroup { retention_days } => {
            let group = logs::LogGroup::new().retention_in_days(*retention_days);
            let group = template.add("flow-log-group", group);
            let write =
                actions!["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"];
            let trust = Statement::allow(actions!["sts:AssumeRole"])
                .principal(Principal::service("vpc-flow-logs.amazonaws.com"))
                .when(Operator::StringEquals, "aws:SourceAccount", Value::own_account());
            let role = IamRole::builder()
                .trust_statements([trust])
                .statements([
                    Statement::allow(write).resource(group.arn()),
                    Statement::allow(actions!["logs:DescribeLogGroups"]).resource("*"),
                ])
                .build();
            let role = template.add("flow-log-role", role);
            log.log_destination_type(flow_log::LogDestinationType::CLOUD_WATCH_LOGS)
                .log_destination(group.arn())
                .deliver_logs_permission_arn(role.arn)
        }
    };
    template.add("flow-log", log);
}

fn to_bucket(log: ec2::FlowLog, bucket: &Value<BucketArn>) -> ec2::FlowLog {
    log.log_destination_type(flow_log::LogDestinationType::S3).log_destination(bucket)
}
