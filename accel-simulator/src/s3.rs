//! Buckets, whose names are one space over all accounts, and their objects.

use std::collections::BTreeMap;

use accel_deploy::cloud::s3::{Object, PutObject};
use serde_json::{Map, Value, json};

use crate::{
    organizations,
    template::fnv_of,
    world::{Refusal, Reply, World, read, reply, text, unknown},
};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bucket {
    owner: String,
    region: String,
    objects: BTreeMap<String, String>,
    /// By the member that puts it.
    settings: Map<String, Value>,
}

/// What a bucket can be told: the operations' ending, the member, and the code if it was not told.
const SETTINGS: &[(&str, &str, Option<&str>)] = &[
    ("BucketVersioning", "VersioningConfiguration", None),
    (
        "BucketEncryption",
        "ServerSideEncryptionConfiguration",
        Some("ServerSideEncryptionConfigurationNotFoundError"),
    ),
    (
        "PublicAccessBlock",
        "PublicAccessBlockConfiguration",
        Some("NoSuchPublicAccessBlockConfiguration"),
    ),
    ("BucketPolicy", "Policy", Some("NoSuchBucketPolicy")),
];

impl World {
    /// Makes a bucket of somebody else, whose name is taken then.
    pub fn occupy_bucket(&mut self, name: impl Into<String>, owner: impl Into<String>) {
        self.buckets.insert(name.into(), Bucket::new(&owner.into(), "us-east-1"));
    }

    /// An object that an account may read: of its own bucket, or of one that lets in the organization that it is in.
    pub(crate) fn object(&self, account: &str, bucket: &str, key: &str) -> Option<String> {
        let bucket = self.buckets.get(bucket)?;
        let lets_in = || {
            let organization = self.organization.as_ref()?;
            organization.accounts.get(account)?;
            let policy: Value =
                serde_json::from_str(bucket.settings.get("Policy")?.as_str()?).ok()?;
            let mut statements = policy["Statement"].as_array()?.iter();
            let of = |it: &Value| {
                it["Condition"]["StringEquals"]["aws:PrincipalOrgID"] == organizations::ID
            };
            statements.any(of).then_some(())
        };
        let may = bucket.owner == account || lets_in().is_some();
        bucket.objects.get(key).filter(|_| may).cloned()
    }

    pub(crate) fn s3(
        &mut self,
        account: &str,
        region: &str,
        action: &str,
        request: &Value,
    ) -> Reply {
        let name = text(request, "Bucket")?;
        if action == "CreateBucket" {
            return self.create_bucket(account, region, name);
        }
        let is_head = action.starts_with("Head");
        let Some(bucket) = self.buckets.get_mut(name) else {
            let code = if is_head { "NotFound" } else { "NoSuchBucket" };
            return Err(Refusal::new(code, format!("The specified bucket does not exist: {name}")));
        };
        if bucket.owner != account {
            return Err(Refusal::new("AccessDenied", "Access Denied".to_owned()));
        }
        for (ending, member, absent) in SETTINGS {
            if action.strip_prefix("Put") == Some(ending) {
                bucket.settings.insert((*member).to_owned(), request[*member].clone());
                return Ok(json!({}));
            }
            if action.strip_prefix("Get") == Some(ending) {
                return match (bucket.settings.get(*member), absent) {
                    (None, Some(code)) => Err(Refusal::new(*code, format!("{name} has none"))),
                    (None, None) => Ok(json!({})),
                    // Versioning is answered by its members, all others by their name.
                    (Some(value), None) => Ok(value.clone()),
                    (Some(value), Some(_)) => Ok(json!({ *member: value })),
                };
            }
        }
        match action {
            "HeadBucket" => Ok(json!({ "BucketRegion": bucket.region })),
            "HeadObject" | "GetObject" => {
                let key = text(request, "Key")?;
                let Some(body) = bucket.objects.get(key) else {
                    let code = if is_head { "NotFound" } else { "NoSuchKey" };
                    return Err(Refusal::new(code, "The specified key does not exist.".to_owned()));
                };
                reply(&Object {
                    e_tag: e_tag(body),
                    content_length: body.len() as u64,
                    body: if is_head { String::new() } else { body.clone() },
                })
            }
            "PutObject" => {
                let request: PutObject = read(request)?;
                let before = bucket.objects.get(&request.key);
                if request.if_none_match.is_some() && before.is_some() {
                    return Err(precondition());
                }
                matches(before, request.if_match.as_deref())?;
                let e_tag = e_tag(&request.body);
                bucket.objects.insert(request.key, request.body);
                Ok(json!({ "ETag": e_tag }))
            }
            "DeleteObject" => {
                let key = text(request, "Key")?;
                matches(bucket.objects.get(key), request["IfMatch"].as_str())?;
                bucket.objects.remove(key);
                Ok(json!({}))
            }
            _ => Err(unknown(action)),
        }
    }

    fn create_bucket(&mut self, account: &str, region: &str, name: &str) -> Reply {
        match self.buckets.get(name) {
            None => {
                self.buckets.insert(name.to_owned(), Bucket::new(account, region));
                Ok(json!({ "Location": format!("/{name}") }))
            }
            Some(bucket) if bucket.owner == account => {
                let message = "Your previous request to create the named bucket succeeded and you \
                               already own it.";
                Err(Refusal::new("BucketAlreadyOwnedByYou", message.to_owned()))
            }
            Some(_) => {
                let message = "The requested bucket name is not available.";
                Err(Refusal::new("BucketAlreadyExists", message.to_owned()))
            }
        }
    }
}

impl Bucket {
    fn new(owner: &str, region: &str) -> Self {
        let (owner, region) = (owner.to_owned(), region.to_owned());
        Self { owner, region, objects: BTreeMap::new(), settings: Map::new() }
    }
}

fn matches(before: Option<&String>, e_tag_wanted: Option<&str>) -> Result<(), Refusal> {
    match (e_tag_wanted, before) {
        (None, _) => Ok(()),
        (Some(_), None) => {
            Err(Refusal::new("NoSuchKey", "The specified key does not exist.".to_owned()))
        }
        (Some(wanted), Some(body)) if wanted == e_tag(body) => Ok(()),
        (Some(_), Some(_)) => Err(precondition()),
    }
}

fn precondition() -> Refusal {
    let message = "At least one of the pre-conditions you specified did not hold";
    Refusal::new("PreconditionFailed", message.to_owned())
}

/// Of the content: FNV-1a, quoted as S3's are. S3 promises no particular hash.
fn e_tag(body: &str) -> String {
    format!("\"{:016x}\"", fnv_of(body.bytes()))
}
