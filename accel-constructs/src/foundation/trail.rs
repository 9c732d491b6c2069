use accel_cfn::{cloudtrail, s3::BucketName};
use accel_core::{
    AccountRef, Construct, Label, NameRule, Scope, ScopeRef, Stack, Text, Value, actions,
    policy::{Operator, Principal, Statement},
    text,
};
use typed_builder::TypedBuilder;

use super::{Organization, OrganizationScope as _};
use crate::{
    names,
    platform::{Bucket, BucketRef, Lifecycle},
    security::{KmsKey, KmsKeyRef},
};

/// A CloudTrail trail of everything that is done in every account and region of the organization, and
/// the bucket it is kept in, which is in another account than the one that could switch it off.
///
/// ```
/// use accel_constructs::foundation::{Organization, OrganizationTrail};
/// use accel_core::{AccountRef, Scope};
///
/// fn record(org: &mut Scope<'_, Organization>, audit: AccountRef) {
///     org.add("trail", OrganizationTrail::builder().log_archive(audit).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct OrganizationTrail {
    /// The account that keeps the log: bucket and key are in it.
    log_archive: AccountRef,
    /// The name; made from the ids of the app and the trail if not said.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
    /// The name of the bucket, unique in the world; the trail's name, the account and the region if not
    /// said.
    #[builder(default, setter(transform = |name: impl accel_core::IntoValue<String>| {
        Some(name.into_value())
    }))]
    bucket_name: Option<Value<String>>,
    /// How the log ages. By default it is rarely read after two months, archived after half a year and
    /// gone after a year; what law or auditors want longer is yours to say.
    #[builder(default = Lifecycle::LOGS)]
    lifecycle: Lifecycle,
}

/// What an [`OrganizationTrail`] gives back.
#[derive(Clone, Debug)]
pub struct OrganizationTrailRef {
    /// The L1 resource, in the organization's home stack.
    pub trail: cloudtrail::TrailRef,
    /// The stack of the log archive's account that has bucket and key.
    pub archive: ScopeRef<Stack>,
    /// The bucket.
    pub bucket: BucketRef,
    /// The name of the bucket, which any account can refer to.
    pub bucket_name: Value<String>,
    /// The bucket that has who read the log.
    pub access_log: BucketRef,
    /// The key that encrypts the log.
    pub key: KmsKeyRef,
}

impl Construct for OrganizationTrail {
    type Level = Organization;
    type Output = OrganizationTrailRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> OrganizationTrailRef {
        let region = org.home_region();
        let management = org.management();
        let name = self.name.unwrap_or_else(|| default_name(org));
        let bucket_name = self.bucket_name.unwrap_or_else(|| {
            let after = format!("-{region}");
            text![&*name.to_lowercase(), "-", self.log_archive.id(), after]
        });
        // Known before the trail exists, so that bucket and key can be told of it.
        let trails = text!["arn:", Value::own_partition(), ":cloudtrail:"];
        let trail_arn = {
            let name = format!(":trail/{name}");
            text![trails.clone(), region, ":", management.id(), name]
        };
        let any_trail = text![trails, "*:", management.id(), ":trail/*"];
        let organization = org.organization_id();

        let mut archive = org.open("archive", Stack::new(self.log_archive.in_region(region)));
        let key = KmsKey::builder()
            .description(format!("The log of {name}"))
            .alias(name.clone())
            .statements(key_statements(&trail_arn, &any_trail))
            .build();
        let key = archive.add("key", key);
        // S3 writes this one itself, which it does with keys of its own alone.
        let access_log = Bucket::builder().lifecycle(self.lifecycle).build();
        let access_log = archive.add("access-log", access_log);
        let bucket = Bucket::builder()
            .name(&bucket_name)
            .key(key)
            .lifecycle(self.lifecycle)
            .access_log(access_log)
            .build();
        let bucket = archive.add("bucket", bucket);
        let logs = |owner: Value<String>| text![bucket.arn, "/AWSLogs/", owner, "/*"];
        let by_cloudtrail = |statement: Statement| {
            statement.principal(Principal::service(CLOUDTRAIL)).when(
                Operator::StringEquals,
                "aws:SourceArn",
                &trail_arn,
            )
        };
        let look = Statement::allow(actions!["s3:GetBucketAcl"]).sid("CloudTrailLooks");
        bucket.allow(&mut archive, &by_cloudtrail(look.resource(bucket.arn)));
        let write = Statement::allow(actions!["s3:PutObject"])
            .sid("CloudTrailWrites")
            .resources([logs(text![management.id()]), logs(text![organization])])
            .when(Operator::StringEquals, "s3:x-amz-acl", "bucket-owner-full-control");
        bucket.allow(&mut archive, &by_cloudtrail(write));
        let key_arn = archive.share(key.arn, management);
        let archive = archive.reference();

        let trusted = org.trusted_access(CLOUDTRAIL);
        let mut home = org.home();
        home.after(trusted);
        let trail = cloudtrail::Trail::new(true, bucket_name.clone().cast::<BucketName>())
            .trail_name(name)
            .is_organization_trail(true)
            .is_multi_region_trail(true)
            .include_global_service_events(true)
            .enable_log_file_validation(true)
            .kms_key_id(key_arn);
        let trail = home.add("trail", trail);
        OrganizationTrailRef { trail, archive, bucket, bucket_name, access_log, key }
    }
}

const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";

/// Room for an account and a region in the name of a bucket, which has 63 characters.
const NAME: NameRule = NameRule { max_len: 35, ..names::TRAIL };

fn default_name(org: &Scope<'_, Organization>) -> Text {
    let tree = org.tree();
    Label::new().namespace(tree[tree.root()].id()).named(org.id()).name(&NAME).into()
}

/// What CloudTrail does with the key.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html>
fn key_statements(trail: &Value<String>, any_trail: &Value<String>) -> [Statement; 2] {
    let by_cloudtrail = |statement: Statement| {
        statement.principal(Principal::service(CLOUDTRAIL)).resource("*").when(
            Operator::StringEquals,
            "aws:SourceArn",
            trail,
        )
    };
    let encrypt = Statement::allow(actions!["kms:GenerateDataKey*"]).sid("CloudTrailEncrypts");
    [
        by_cloudtrail(encrypt).when(
            Operator::StringLike,
            "kms:EncryptionContext:aws:cloudtrail:arn",
            any_trail,
        ),
        by_cloudtrail(Statement::allow(actions!["kms:DescribeKey"]).sid("CloudTrailLooks")),
    ]
}
