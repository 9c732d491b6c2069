//! The bucket that templates go through which are too large to be sent inline.

use accel_synth::manifest::Template;
use serde_json::json;

use super::{Shared, Trouble};
use crate::{
    cloud::{
        Cloud, ErrorClass, Place,
        organizations::DescribeOrganization,
        s3::{
            CreateBucket, GetBucketPolicy, HeadBucket, PutBucketEncryption, PutBucketPolicy,
            PutBucketVersioning, PutObject, PutPublicAccessBlock, Versioning,
        },
        sts::GetCallerIdentity,
    },
    plan::digest,
};

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

    /// The template itself, or where it has been put.
    pub(super) async fn sent(&self, template: &Template, region: &str) -> Result<Sent, Trouble> {
        let text = self.text(template)?;
        if !template.upload {
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
            // It is there already.
            Err(error) if error.class == ErrorClass::Stale => {}
            Err(error) => return Err(error.into()),
        }
        Ok(Sent {
            body: None,
            url: Some(format!("https://{bucket}.s3.{region}.amazonaws.com/{key}")),
        })
    }

    /// The bucket of a region, made if it is not there: versioned, encrypted and closed to the public.
    pub(super) async fn bucket(&self, place: &Place) -> Result<String, Trouble> {
        let caller = self.call(place, &GetCallerIdentity::default()).await?.account;
        let bucket = bucket_name(&self.graph.manifest.app, &caller, &place.region);
        let mut made = self.buckets.lock().await;
        if made.contains(&bucket) {
            return Ok(bucket);
        }
        match self.call(place, &HeadBucket { bucket: bucket.clone() }).await {
            Ok(_) => {}
            Err(error) if error.class == ErrorClass::NotFound => {
                self.make_bucket(place, &bucket).await?;
            }
            Err(error) => return Err(error.into()),
        }
        made.insert(bucket.clone());
        Ok(bucket)
    }

    /// Each call sets what it sets whole, so that all of them may be sent again.
    async fn make_bucket(&self, place: &Place, bucket: &str) -> Result<(), Trouble> {
        let name = || bucket.to_owned();
        match self.call(place, &CreateBucket { bucket: name() }).await {
            Ok(_) => {}
            Err(error) if error.class == ErrorClass::Exists => {}
            Err(error) => return Err(error.into()),
        }
        let versioning = Versioning { status: Some("Enabled".to_owned()) };
        let versioning =
            PutBucketVersioning { bucket: name(), versioning_configuration: versioning };
        self.call(place, &versioning).await?;
        let encryption = json!({"Rules": [
            {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        ]});
        let encryption = PutBucketEncryption {
            bucket: name(),
            server_side_encryption_configuration: encryption,
        };
        self.call(place, &encryption).await?;
        let block = json!({
            "BlockPublicAcls": true, "BlockPublicPolicy": true,
            "IgnorePublicAcls": true, "RestrictPublicBuckets": true,
        });
        let block =
            PutPublicAccessBlock { bucket: name(), public_access_block_configuration: block };
        self.call(place, &block).await?;
        Ok(())
    }

    /// Templates are read by CloudFormation in the accounts of the organization. A bucket may be older than
    /// the organization, so that each run that puts a template there looks once.
    async fn let_members_read(&self, place: &Place, bucket: &str) -> Result<(), Trouble> {
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
