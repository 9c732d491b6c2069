//! What the platform puts into every account: nobody there changes it. What is the platform's is known
//! by patterns of names.

use accel_core::{
    Text, actions,
    policy::{Actions, Probe, Statement},
};

use super::{OrganizationGuardrail, arn, sample_name};

/// Statements that deny actions on what is called like one of the names, and an example of it.
fn named(
    actions: impl Into<Actions>,
    names: impl IntoIterator<Item = impl Into<Text>>,
    patterns: &[&str],
) -> (Statement, String) {
    let mut all = Vec::new();
    for name in names {
        all.push(name.into());
    }
    named_all(actions.into(), &all, patterns)
}

fn named_all(actions: Actions, names: &[Text], patterns: &[&str]) -> (Statement, String) {
    let resources = names
        .iter()
        .flat_map(|name| patterns.iter().map(move |pattern| pattern.replace("{}", name)));
    let deny = Statement::deny(actions).resources(resources.collect::<Vec<_>>());
    (deny, names.first().map_or(String::new(), |name| sample_name(name)))
}

impl OrganizationGuardrail {
    /// `sec.protect-alarms`: the platform's alarms of Amazon CloudWatch stay on.
    pub fn sec_protect_alarms(names: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        let actions = actions![
            "cloudwatch:DeleteAlarms",
            "cloudwatch:DisableAlarmActions",
            "cloudwatch:PutMetricAlarm",
            "cloudwatch:SetAlarmState"
        ];
        let (deny, name) = named(actions, names, &["arn:*:cloudwatch:*:*:alarm:{}"]);
        Self::service_control("sec.protect-alarms", [deny])
            .intent("The platform's alarms stay on")
            .controls((1..=15).map(|number| format!("CIS5:4.{number}")))
            .shown_by(
                Probe::attack("A developer deletes an alarm", "cloudwatch:DeleteAlarms")
                    .on(arn("cloudwatch", &format!("alarm:{name}"))),
                Probe::nearby("A developer deletes its own alarm", "cloudwatch:DeleteAlarms")
                    .on(arn("cloudwatch", "alarm:orders")),
            )
    }

    /// `sec.protect-eventbridge`: the platform's rules of Amazon EventBridge stay on.
    pub fn sec_protect_eventbridge(names: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        let actions = actions![
            "events:DeleteRule",
            "events:DisableRule",
            "events:PutRule",
            "events:PutTargets",
            "events:RemoveTargets"
        ];
        let (deny, name) = named(actions, names, &["arn:*:events:*:*:rule/{}"]);
        Self::service_control("sec.protect-eventbridge", [deny])
            .intent("The platform's rules of events stay on")
            .shown_by(
                Probe::attack("A developer switches a rule off", "events:DisableRule")
                    .on(arn("events", &format!("rule/{name}"))),
                Probe::nearby("A developer switches its own rule off", "events:DisableRule")
                    .on(arn("events", "rule/orders")),
            )
    }

    /// `sec.protect-lambda`: the platform's functions stay as they are.
    pub fn sec_protect_lambda(names: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        let actions = actions![
            "lambda:AddPermission",
            "lambda:CreateFunction",
            "lambda:DeleteFunction",
            "lambda:DeleteFunctionConcurrency",
            "lambda:PutFunctionConcurrency",
            "lambda:RemovePermission",
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration"
        ];
        let (deny, name) = named(actions, names, &["arn:*:lambda:*:*:function:{}"]);
        Self::service_control("sec.protect-lambda", [deny])
            .intent("The platform's functions stay as they are")
            .shown_by(
                Probe::attack("A developer replaces the code", "lambda:UpdateFunctionCode")
                    .on(arn("lambda", &format!("function:{name}"))),
                Probe::nearby("A developer replaces its own code", "lambda:UpdateFunctionCode")
                    .on(arn("lambda", "function:orders")),
            )
    }

    /// `sec.protect-sns`: the platform's topics stay, and so do who publishes and who hears.
    pub fn sec_protect_sns(names: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        let actions = actions![
            "sns:AddPermission",
            "sns:CreateTopic",
            "sns:DeleteTopic",
            "sns:RemovePermission",
            "sns:SetTopicAttributes",
            "sns:Subscribe",
            "sns:Unsubscribe"
        ];
        let (deny, name) = named(actions, names, &["arn:*:sns:*:*:{}"]);
        Self::service_control("sec.protect-sns", [deny])
            .intent("The platform's topics stay, and so do who publishes and who hears")
            .shown_by(
                Probe::attack("A developer listens in", "sns:Subscribe").on(arn("sns", &name)),
                Probe::nearby("A developer listens to its own topic", "sns:Subscribe")
                    .on(arn("sns", "orders")),
            )
    }

    /// `sec.protect-stacks`: the stacks that stack sets called like one of `names` put into accounts stay
    /// as they are.
    pub fn sec_protect_stacks(names: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        let actions = actions![
            "cloudformation:CreateChangeSet",
            "cloudformation:CreateStack",
            "cloudformation:DeleteStack",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:SetStackPolicy",
            "cloudformation:UpdateStack",
            "cloudformation:UpdateTerminationProtection"
        ];
        let (deny, name) = named(actions, names, &["arn:*:cloudformation:*:*:stack/StackSet-{}"]);
        Self::service_control("sec.protect-stacks", [deny])
            .intent("What stack sets of the platform put into accounts stays")
            .shown_by(
                Probe::attack("A developer deletes a stack", "cloudformation:DeleteStack")
                    .on(arn("cloudformation", &format!("stack/StackSet-{name}"))),
                Probe::nearby("A developer deletes its own stack", "cloudformation:DeleteStack")
                    .on(arn("cloudformation", "stack/orders/1")),
            )
    }

    /// `sec.protect-ssm-params`: the platform's parameters stay as they are. `names` are without the
    /// slash in front: `accel/*`.
    pub fn sec_protect_ssm_params(names: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        let actions = actions!["ssm:DeleteParameter", "ssm:DeleteParameters", "ssm:PutParameter"];
        let (deny, name) = named(actions, names, &["arn:*:ssm:*:*:parameter/{}"]);
        Self::service_control("sec.protect-ssm-params", [deny])
            .intent("The platform's parameters stay as they are")
            .shown_by(
                Probe::attack("A developer changes a parameter", "ssm:PutParameter")
                    .on(arn("ssm", &format!("parameter/{name}"))),
                Probe::nearby("A developer changes its own parameter", "ssm:PutParameter")
                    .on(arn("ssm", "parameter/orders/limit")),
            )
    }

    /// `log.protect-loggroups`: the platform's log groups stay, and stay as long.
    pub fn log_protect_loggroups(names: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        let actions = actions![
            "logs:DeleteLogGroup",
            "logs:DeleteLogStream",
            "logs:DeleteRetentionPolicy",
            "logs:PutRetentionPolicy"
        ];
        let patterns = ["arn:*:logs:*:*:log-group:{}", "arn:*:logs:*:*:log-group:{}:*"];
        let (deny, name) = named(actions, names, &patterns);
        Self::service_control("log.protect-loggroups", [deny])
            .intent("The platform's log groups stay, and stay as long")
            .shown_by(
                Probe::attack("A developer deletes a log", "logs:DeleteLogGroup")
                    .on(arn("logs", &format!("log-group:{name}"))),
                Probe::nearby("A developer deletes its own log", "logs:DeleteLogGroup")
                    .on(arn("logs", "log-group:orders")),
            )
    }

    /// `log.protect-archive-bucket`: the buckets of the log archive, by patterns of names, keep what is in
    /// them, and how.
    pub fn log_protect_archive_bucket(names: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        let actions = actions![
            "s3:DeleteBucket",
            "s3:DeleteBucketPolicy",
            "s3:DeleteObject",
            "s3:DeleteObjectVersion",
            "s3:PutBucketAcl",
            "s3:PutBucketLogging",
            "s3:PutBucketObjectLockConfiguration",
            "s3:PutBucketPolicy",
            "s3:PutBucketVersioning",
            "s3:PutEncryptionConfiguration",
            "s3:PutLifecycleConfiguration",
            "s3:PutReplicationConfiguration"
        ];
        let (deny, name) = named(actions, names, &["arn:*:s3:::{}", "arn:*:s3:::{}/*"]);
        Self::service_control("log.protect-archive-bucket", [deny])
            .intent("The log archive keeps what is in it, and how")
            .controls(["CIS5:3.4", "FSBP:CloudTrail.6"])
            .shown_by(
                Probe::attack("An administrator deletes what was logged", "s3:DeleteObject")
                    .on(format!("arn:aws:s3:::{name}/AWSLogs/1")),
                Probe::nearby("An administrator deletes another object", "s3:DeleteObject")
                    .on("arn:aws:s3:::orders/1"),
            )
    }
}
