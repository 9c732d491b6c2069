//! The bucket that templates go through which are too large to be sent inline.

use accel_synth::manifest::Template;
use serde_json::json;
use tokio::time::sleep;

use super::{PAUSE, ROUNDS, Shared, Trouble, settle::is_settled_by_looking};
use crate::{
    cloud::{
        Cloud, CloudError, ErrorClass, Place,
        organizations::DescribeOrganization,
        s3::{
            CreateBucket, GetBucketEncryption, GetBucketPolicy, GetBucketVersioning,
            GetPublicAccessBlock, HeadBucket, PutBucketEncryption, PutBucketPolicy,
            PutBucketVersioning, PutObject, PutPublicAccessBlock, Versioning,
        },
    },
    plan::digest,
};

/// What CloudFormation takes inline; a larger template goes through a bucket.
const INLINE_BYTES: usize = 51_200;

/// How a template is sent.
pub(super) struct Sent {
    pub(super) body: Option<String>,
    pub(super) url: Option<String>,
}

impl<C: Cloud> Shared<C> {
    pub(super) fn text(&self, template: &Template) -> Result<&str, Trouble> {
        let text = self.graph.templates.get(&template.template);
        text.map(String::as_str)
            .ok_or_else(|| Trouble::Refused(format!("`{}` is not there", template.template)))
    }

    /// A template, or where it has been put.
    pub(super) async fn sent(&self, text: &str, region: &str) -> Result<Sent, Trouble> {
        if text.len() <= INLINE_BYTES {
            return Ok(Sent { body: Some(text.to_owned()), url: None });
        }
        let place = Place::caller(region);
        let bucket = self.bucket(&place).await?;
        self.let_members_read(&place, &bucket).await?;
        // The same text has the same name, for ever.
        let key = format!("templates/{}.json", digest(&[text]));
        let put = PutObject {
            bucket: bucket.clone(),
            key: key.clone(),
            body: text.to_owned(),
            if_none_match: Some("*".to_owned()),
            content_type: Some("application/json".to_owned()),
            ..PutObject::default()
        };
        match self.call(&place, &put).await {
            Ok(_) => {}
            // It is there already. Nothing else says so.
            Err(error) if error.code == "PreconditionFailed" => {}
            Err(error) => return Err(error.into()),
        }
        Ok(Sent {
            body: None,
            url: Some(format!("https://{bucket}.s3.{region}.amazonaws.com/{key}")),
        })
    }

    /// The bucket of a region, made if it is not there: versioned, encrypted and closed to the public.
    pub(super) async fn bucket(&self, place: &Place) -> Result<String, Trouble> {
        let mut result = self.make_bucket(place).await;
        for _ in 0..ROUNDS {
            match &result {
                Err(Trouble::Cloud(error)) if is_settled_by_looking(error.class) => {
                    sleep(PAUSE).await;
                    result = self.make_bucket(place).await;
                }
                _ => break,
            }
        }
        result
    }

    async fn make_bucket(&self, place: &Place) -> Result<String, Trouble> {
        let caller = self.caller().await?;
        let bucket = bucket_name(&self.graph.manifest.app, &caller.account, &place.region);
        let mut made = self.buckets.lock().await;
        if made.contains(&bucket) {
            return Ok(bucket);
        }
        match self.call(place, &HeadBucket { bucket: bucket.clone() }).await {
            Ok(_) => {}
            Err(error) if error.class == ErrorClass::NotFound => {
                match self.call(place, &CreateBucket { bucket: bucket.clone() }).await {
                    Ok(_) => {}
                    Err(error) if error.class == ErrorClass::Exists => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Err(error) => return Err(error.into()),
        }
        // Each by itself: a run that was killed may have set some.
        self.version(place, &bucket).await?;
        self.encrypt(place, &bucket).await?;
        self.close_to_the_public(place, &bucket).await?;
        made.insert(bucket.clone());
        Ok(bucket)
    }

    async fn version(&self, place: &Place, bucket: &str) -> Result<(), CloudError> {
        let get = GetBucketVersioning { bucket: bucket.to_owned() };
        let enabled = Versioning { status: Some("Enabled".to_owned()) };
        match self.call(place, &get).await {
            Ok(there) if there == enabled => return Ok(()),
            Ok(_) => {}
            Err(error) if error.class == ErrorClass::NotFound => {}
            Err(error) => return Err(error),
        }
        let bucket = bucket.to_owned();
        let put = PutBucketVersioning { bucket, versioning_configuration: enabled };
        self.call(place, &put).await.map(|_| ())
    }

    /// With keys of S3, unless somebody has chosen others.
    async fn encrypt(&self, place: &Place, bucket: &str) -> Result<(), CloudError> {
        let bucket = bucket.to_owned();
        match self.call(place, &GetBucketEncryption { bucket: bucket.clone() }).await {
            Ok(_) => return Ok(()),
            Err(error) if error.class == ErrorClass::NotFound => {}
            Err(error) => return Err(error),
        }
        let server_side_encryption_configuration = json!({"Rules": [
            {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        ]});
        let put = PutBucketEncryption { bucket, server_side_encryption_configuration };
        self.call(place, &put).await.map(|_| ())
    }

    async fn close_to_the_public(&self, place: &Place, bucket: &str) -> Result<(), CloudError> {
        let bucket = bucket.to_owned();
        let closed = json!({
            "BlockPublicAcls": true, "BlockPublicPolicy": true,
            "IgnorePublicAcls": true, "RestrictPublicBuckets": true,
        });
        match self.call(place, &GetPublicAccessBlock { bucket: bucket.clone() }).await {
            Ok(there) if there["PublicAccessBlockConfiguration"] == closed => return Ok(()),
            Ok(_) => {}
            Err(error) if error.class == ErrorClass::NotFound => {}
            Err(error) => return Err(error),
        }
        let put = PutPublicAccessBlock { bucket, public_access_block_configuration: closed };
        self.call(place, &put).await.map(|_| ())
    }

    /// Templates are read by CloudFormation in the accounts of the organization. A bucket may be older than
    /// the organization, so that each run that puts a template there looks once.
    pub(super) async fn let_members_read(
        &self,
        place: &Place,
        bucket: &str,
    ) -> Result<(), Trouble> {
        let mut readable = self.readable.lock().await;
        if !readable.insert(bucket.to_owned()) {
            return Ok(());
        }
        let name = || bucket.to_owned();
        match self.call(place, &GetBucketPolicy { bucket: name() }).await {
            Ok(_) => return Ok(()),
            Err(error) if error.class == ErrorClass::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        let organization = match self.call(place, &DescribeOrganization::default()).await {
            Ok(described) => described.organization.id,
            // Without one there is nobody to let in.
            Err(error) if error.code.starts_with("AWSOrganizationsNotInUse") => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Sid": "ReadInTheOrganization", "Effect": "Allow", "Principal": "*",
            "Action": "s3:GetObject", "Resource": format!("arn:aws:s3:::{bucket}/*"),
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": organization}},
        }]});
        let policy = PutBucketPolicy { bucket: name(), policy: policy.to_string() };
        self.call(place, &policy).await?;
        Ok(())
    }
}

/// Names of buckets are one space over all accounts.
pub(crate) fn bucket_name(app: &str, account: &str, region: &str) -> String {
    format!("accel-{app}-{account}-{region}")
}
