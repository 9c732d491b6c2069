use accel_cfn::s3::BucketArn;
use accel_core::{
    AccountRef, Construct, IntoValue, Label, NameRule, Scope, ScopeRef, Stack, Value, actions,
    policy::{Operator, Principal, Statement},
    text,
};
use typed_builder::TypedBuilder;

use super::{FlowLogs, Organization, OrganizationScope as _};
use crate::{
    names,
    platform::{Bucket, BucketRef, Lifecycle},
};

/// The bucket to which services of AWS deliver logs of the whole organization, the flow logs of its VPCs
/// above all, in an account that those who are logged cannot change.
///
/// ```
/// use accel_constructs::foundation::{LogArchive, Organization, Vpc};
/// use accel_core::{AccountRef, App, Region, Stack, cidr, email};
///
/// fn network(app: &mut App, audit: AccountRef, dev: AccountRef) {
///     let mut org = app.open("organization", Organization::create(email!("aws@example.com")));
///     let logs = org.add("flow-logs", LogArchive::builder().account(audit).build());
///
///     let mut network = app.open("network", Stack::new(dev.in_region(Region::EU_WEST_1)));
///     let vpc = Vpc::builder().cidr(cidr!("10.101.0.0/18")).flow_logs(logs.flow_logs()).build();
///     network.add("vpc", vpc);
/// }
/// ```
///
/// Log delivery may write for any account of the organization, and for no other. The bucket is encrypted
/// with keys of S3's own: log delivery takes a key of KMS only where the key's policy lets it.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct LogArchive {
    /// The account that keeps the logs.
    account: AccountRef,
    /// The name of the bucket, unique in the world; made of the app, the construct, the account and the
    /// region if not said.
    #[builder(default, setter(transform = |name: impl IntoValue<String>| Some(name.into_value())))]
    bucket_name: Option<Value<String>>,
    /// How logs age. By default they are rarely read after two months, archived after half a year and
    /// gone after a year.
    #[builder(default = Lifecycle::LOGS)]
    lifecycle: Lifecycle,
}

/// What a [`LogArchive`] gives back.
#[derive(Clone, Debug)]
pub struct LogArchiveRef {
    /// The stack of the buckets.
    pub stack: ScopeRef<Stack>,
    /// The bucket.
    pub bucket: BucketRef,
    /// The name of the bucket, which any account can refer to.
    pub bucket_name: Value<String>,
    /// The ARN of the bucket, which any account can refer to.
    pub bucket_arn: Value<BucketArn>,
    /// The bucket that has who read the logs.
    pub access_log: BucketRef,
}

impl LogArchiveRef {
    /// For the VPCs whose log of connections goes here. Their stacks wait for the bucket.
    #[must_use]
    pub fn flow_logs(&self) -> FlowLogs {
        FlowLogs::Archive { bucket: self.bucket_arn.clone(), stack: self.stack }
    }
}

impl Construct for LogArchive {
    type Level = Organization;
    type Output = LogArchiveRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> LogArchiveRef {
        let organization = org.organization_id();
        let archive = archive(org, self.account, self.bucket_name, self.lifecycle);
        let bucket = archive.bucket;
        let deliver = |statement: Statement| {
            let delivery = Principal::service("delivery.logs.amazonaws.com");
            statement.principal(delivery).when(
                Operator::StringEquals,
                "aws:SourceOrgID",
                organization,
            )
        };
        // No condition on the access control list: the bucket has none, so delivery does not send one.
        let write = Statement::allow(actions!["s3:PutObject"])
            .sid("LogDeliveryWrites")
            .resource(text![bucket.arn, "/AWSLogs/*"]);
        let look = Statement::allow(actions!["s3:GetBucketAcl", "s3:ListBucket"])
            .sid("LogDeliveryLooks")
            .resource(bucket.arn);
        let mut stack = org.reopen(archive.stack);
        bucket.allow(&mut stack, &deliver(look));
        bucket.allow(&mut stack, &deliver(write));
        archive
    }
}

/// Room for an account and a region in the name of a bucket, which has 63 characters.
const NAME: NameRule = NameRule { max_len: 35, ..names::BUCKET };

/// A bucket, and the one that has who read it, in a stack of `account`; nobody is let in yet. The name is
/// computed, so that what is delivered can name the bucket without waiting for a value.
pub(super) fn archive(
    org: &mut Scope<'_, Organization>,
    account: AccountRef,
    name: Option<Value<String>>,
    lifecycle: Lifecycle,
) -> LogArchiveRef {
    let region = org.home_region();
    let tree = org.tree();
    let label = Label::new().namespace(tree[tree.root()].id()).named(org.id()).name(&NAME);
    let bucket_name = name.unwrap_or_else(|| text![label, "-", account.id(), format!("-{region}")]);
    let bucket_arn = text!["arn:", Value::own_partition(), ":s3:::", &bucket_name].cast();

    let mut stack = org.open("archive", Stack::new(account.in_region(region)));
    let access_log = stack.add("access-log", Bucket::builder().lifecycle(lifecycle).build());
    let bucket = Bucket::builder().name(&bucket_name).lifecycle(lifecycle).access_log(access_log);
    let bucket = stack.add("bucket", bucket.build());
    LogArchiveRef { stack: stack.reference(), bucket, bucket_name, bucket_arn, access_log }
}
