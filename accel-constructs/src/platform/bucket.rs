use accel_cfn::{
    kms::KeyArn,
    s3::{self, BucketArn, BucketName, bucket},
};
use accel_core::{
    Attr, Construct, IntoValue, Level, PolicyDocument, Reference as _, Scope, Template, Value,
    actions,
    policy::{Action, Operator, Principal, Statement},
    text,
};
use typed_builder::TypedBuilder;

use crate::{
    grants::{Grant, Grantee, add_statement},
    retention::keep,
    security::{ExistingKey, KmsKeyRef},
};

/// An S3 bucket that is private, encrypted, versioned, reached through TLS alone, and without access
/// control lists. It stays when it is taken out of the program.
///
/// ```
/// use accel_constructs::platform::Bucket;
/// use accel_core::Scope;
///
/// fn reports(template: &mut Scope<'_>) {
///     template.add("reports", Bucket::builder().build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct Bucket {
    /// The name, unique in the world. Without one, CloudFormation makes one up; a name is needed where
    /// another account refers to the bucket before it exists.
    #[builder(default, setter(transform = |name: impl IntoValue<String>| Some(name.into_value())))]
    name: Option<Value<String>>,
    /// The key that encrypts objects; if not said, one that S3 keeps to itself.
    #[builder(default, setter(transform = |key: impl Into<BucketKey>| Some(key.into())))]
    key: Option<BucketKey>,
    /// Whether an overwritten or deleted object can be brought back.
    #[builder(default = true)]
    versioned: bool,
    /// What happens to objects as they age. By default uploads that nobody finished are cleared away
    /// after a week, and old versions after half a year.
    #[builder(default = Lifecycle::builder().noncurrent_expire_after_days(180).build())]
    lifecycle: Lifecycle,
    /// The bucket, of the same stack, in which S3 notes who reads and writes. None by default: the trail
    /// of the organization notes what is done to buckets, and data events what is done to objects.
    #[builder(default, setter(strip_option))]
    access_log: Option<BucketRef>,
    /// Whether the bucket stays when it is taken out of the program.
    #[builder(default = true)]
    retain: bool,
}

/// What encrypts the objects of a [`Bucket`].
#[derive(Clone, Debug)]
pub enum BucketKey {
    /// A key of this program, which grants of the bucket include.
    Own(KmsKeyRef),
    /// A key that exists already.
    Existing(Value<KeyArn>),
}

impl From<KmsKeyRef> for BucketKey {
    fn from(key: KmsKeyRef) -> Self {
        Self::Own(key)
    }
}
impl From<ExistingKey> for BucketKey {
    fn from(key: ExistingKey) -> Self {
        Self::Existing(key.arn)
    }
}

/// What happens to the objects of a bucket as they age, in days since they were written; what is not
/// said does not happen.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html>
#[derive(Clone, Copy, Debug, TypedBuilder)]
pub struct Lifecycle {
    /// They move to the class for infrequent access: at least 30.
    #[builder(default, setter(strip_option))]
    infrequent_access_after_days: Option<u16>,
    /// They move to Glacier.
    #[builder(default, setter(strip_option))]
    glacier_after_days: Option<u16>,
    /// They are deleted.
    #[builder(default, setter(strip_option))]
    expire_after_days: Option<u16>,
    /// Overwritten and deleted versions are gone for good, counted since they were overwritten.
    #[builder(default, setter(strip_option))]
    noncurrent_expire_after_days: Option<u16>,
    /// Parts of uploads that nobody finished are cleared away.
    #[builder(default = 7)]
    abort_uploads_after_days: u16,
}

/// What a [`Bucket`] gives back.
#[derive(Clone, Copy, Debug)]
pub struct BucketRef {
    /// The name.
    pub name: Attr<BucketName>,
    /// The ARN.
    pub arn: Attr<BucketArn>,
    /// The L1 resource.
    pub resource: s3::BucketRef,
    /// The L1 resource of the bucket's policy.
    pub policy: s3::BucketPolicyRef,
    key: Option<KmsKeyRef>,
}

impl Construct for Bucket {
    type Level = Template;
    type Output = BucketRef;
    fn build(self, template: &mut Scope<'_>) -> BucketRef {
        let private = bucket::PublicAccessBlockConfiguration::new()
            .block_public_acls(true)
            .block_public_policy(true)
            .ignore_public_acls(true)
            .restrict_public_buckets(true);
        let owned = bucket::OwnershipControlsRule::new()
            .object_ownership(bucket::ObjectOwnership::BUCKET_OWNER_ENFORCED);
        let mut resource = s3::Bucket::new()
            .public_access_block_configuration(private)
            .ownership_controls(bucket::OwnershipControls::new([owned]))
            .bucket_encryption(encryption(self.key.as_ref()))
            .lifecycle_configuration(self.lifecycle.configuration());
        if let Some(name) = self.name {
            resource = resource.bucket_name(name);
        }
        if self.versioned {
            let on = bucket::VersioningConfigurationStatus::ENABLED;
            resource = resource.versioning_configuration(bucket::VersioningConfiguration::new(on));
        }
        if let Some(log) = self.access_log {
            let logging = bucket::LoggingConfiguration::new()
                .destination_bucket_name(log.name)
                .log_file_prefix(format!("{}/", template.id()));
            resource = resource.logging_configuration(logging);
        }
        let resource = template.add("bucket", resource);
        if self.retain {
            keep(&mut template[resource]);
        }

        let (name, arn) = (resource.name(), resource.arn());
        let tls_alone = Statement::deny(actions!["s3:*"])
            .sid("TlsAlone")
            .principal(Principal::any())
            .resources([text![arn], text![arn, "/*"]])
            .when(Operator::Bool, "aws:SecureTransport", false);
        let policy = s3::BucketPolicy::new(name, PolicyDocument::from([tls_alone]));
        let policy = template.add("policy", policy);
        if self.retain {
            keep(&mut template[policy]);
        }
        if let Some(log) = self.access_log {
            let write = Statement::allow(actions!["s3:PutObject"])
                .principal(Principal::service("logging.s3.amazonaws.com"))
                .resource(text![log.arn, "/*"])
                .when(Operator::ArnLike, "aws:SourceArn", arn)
                .when(Operator::StringEquals, "aws:SourceAccount", Value::own_account());
            log.allow(template, &write);
        }
        let key = match self.key {
            Some(BucketKey::Own(key)) => Some(key),
            Some(BucketKey::Existing(_)) | None => None,
        };
        BucketRef { name, arn, resource, policy, key }
    }
}

fn encryption(key: Option<&BucketKey>) -> bucket::BucketEncryption {
    let arn = match key {
        None => None,
        Some(BucketKey::Own(key)) => Some(key.arn.into_value()),
        Some(BucketKey::Existing(arn)) => Some(arn.clone()),
    };
    let rule = bucket::ServerSideEncryptionRule::new();
    let rule = match arn {
        None => rule.server_side_encryption_by_default(bucket::ServerSideEncryptionByDefault::new(
            bucket::SseAlgorithm::AES256,
        )),
        Some(arn) => {
            let by_key = bucket::ServerSideEncryptionByDefault::new(bucket::SseAlgorithm::AWS_KMS);
            // A bucket key asks KMS once in a while, not once an object.
            rule.server_side_encryption_by_default(by_key.kms_master_key_id(arn))
                .bucket_key_enabled(true)
        }
    };
    bucket::BucketEncryption::new([rule])
}

impl Lifecycle {
    /// For logs: rarely read after two months, archived after half a year, gone after a year.
    pub const LOGS: Self = Self {
        infrequent_access_after_days: Some(60),
        glacier_after_days: Some(180),
        expire_after_days: Some(365),
        noncurrent_expire_after_days: Some(180),
        abort_uploads_after_days: 7,
    };

    fn configuration(self) -> bucket::LifecycleConfiguration {
        let uploads = bucket::AbortIncompleteMultipartUpload::new(self.abort_uploads_after_days);
        let mut rule = bucket::Rule::new(bucket::RuleStatus::ENABLED)
            .id("age")
            .abort_incomplete_multipart_upload(uploads);
        let transitions: Vec<bucket::Transition> = [
            (self.infrequent_access_after_days, bucket::TransitionStorageClass::STANDARD_IA),
            (self.glacier_after_days, bucket::TransitionStorageClass::GLACIER),
        ]
        .into_iter()
        .filter_map(|(days, class)| Some(bucket::Transition::new(class).transition_in_days(days?)))
        .collect();
        if !transitions.is_empty() {
            rule = rule.transitions(transitions);
        }
        if let Some(days) = self.expire_after_days {
            rule = rule.expiration_in_days(days);
        }
        if let Some(days) = self.noncurrent_expire_after_days {
            let expiration = bucket::NoncurrentVersionExpiration::new(days);
            rule = rule.noncurrent_version_expiration(expiration);
        }
        bucket::LifecycleConfiguration::new([rule])
    }
}

impl BucketRef {
    /// Whether a key of KMS encrypts the objects, and not S3 by itself.
    pub(super) fn has_key<L: Level>(self, scope: &Scope<'_, L>) -> bool {
        let mut found = false;
        if let Some(encryption) = scope[self.resource].get("BucketEncryption") {
            encryption.walk(&mut |prop| found |= prop.as_str() == Some("aws:kms"));
        }
        found
    }

    /// Adds a statement to the bucket's policy.
    #[track_caller]
    pub fn allow<L: Level>(self, scope: &mut Scope<'_, L>, statement: &Statement) {
        add_statement(&mut scope[self.policy], "PolicyDocument", statement);
    }

    /// Lets `grantee` list and read objects, and decrypt them with the bucket's key if that is of this
    /// program.
    #[track_caller]
    pub fn grant_read<L: Level>(self, scope: &mut Scope<'_, L>, grantee: impl Into<Grantee>) {
        let grantee = grantee.into();
        let read = actions!["s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"];
        if self.grant(scope, grantee.clone(), read)
            && let Some(key) = self.key
        {
            key.grant_decrypt(scope, grantee);
        }
    }

    /// Lets `grantee` list, read, write and delete objects, and use the bucket's key if that is of
    /// this program.
    #[track_caller]
    pub fn grant_read_write<L: Level>(self, scope: &mut Scope<'_, L>, grantee: impl Into<Grantee>) {
        let grantee = grantee.into();
        let write = actions![
            "s3:AbortMultipartUpload",
            "s3:DeleteObject",
            "s3:GetBucketLocation",
            "s3:GetObject",
            "s3:ListBucket",
            "s3:PutObject"
        ];
        if self.grant(scope, grantee.clone(), write)
            && let Some(key) = self.key
        {
            key.grant_encrypt_decrypt(scope, grantee);
        }
    }

    #[track_caller]
    fn grant<L: Level>(
        self,
        scope: &mut Scope<'_, L>,
        grantee: Grantee,
        actions: impl IntoIterator<Item = Action>,
    ) -> bool {
        let grant = Grant {
            policy: (self.policy.handle(), "PolicyDocument"),
            actions: actions.into_iter().collect(),
            on: vec![(self.arn.cast(), ""), (self.arn.cast(), "/*")],
            itself_is_star: false,
        };
        grant.give(scope, grantee)
    }
}
