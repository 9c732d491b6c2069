//! The part of S3 that is used: method, path and headers of each operation, as its API reference has them.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    form,
    wire::{Request, Scope, Target, plain},
    xml,
};
use crate::cloud::{Call, s3::ROUTES};

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// The request of a call of S3. Buckets are hosts of their own, except at a server that stands in for AWS.
pub(super) fn request(target: &Target<'_>, call: &Call) -> Request {
    let text = |name: &str| call.request.get(name).map(plain).unwrap_or_default();
    let (bucket, region) = (text("Bucket"), target.region);
    let (endpoint, root) = match target.endpoint {
        Some(endpoint) => (endpoint.trim_end_matches('/').to_owned(), format!("/{bucket}")),
        None => (format!("https://{bucket}.s3.{region}.amazonaws.com"), String::new()),
    };
    let key = || text("Key").split('/').map(form::encoded).collect::<Vec<_>>().join("/");
    let route = ROUTES.iter().find(|(action, ..)| *action == call.action);
    // `Operation`s are a closed list, and all of them have a route.
    let (_, method, path) = *route.unwrap_or(&("GetObject", "GET", "/{Bucket}/{Key+}"));
    let path = match path.strip_prefix("/{Bucket}").unwrap_or(path) {
        "/{Key+}" => format!("{root}/{}", key()),
        setting => format!("{root}/{setting}"),
    };
    let member = |name: &str| xml::element(name, &call.request[name], Some(NAMESPACE));
    let body = match call.action.as_ref() {
        "CreateBucket" => location(region),
        "PutBucketVersioning" => member("VersioningConfiguration"),
        "PutBucketEncryption" => encryption(call),
        "PutPublicAccessBlock" => member("PublicAccessBlockConfiguration"),
        "PutBucketPolicy" => text("Policy"),
        "PutObject" => text("Body"),
        _ => String::new(),
    };
    let mut headers = Vec::new();
    for (member, header) in
        [("IfNoneMatch", "if-none-match"), ("IfMatch", "if-match"), ("ContentType", "content-type")]
    {
        if let Some(value) = call.request.get(member) {
            headers.push((header.to_owned(), plain(value)));
        }
    }
    if method == "PUT" && !body.is_empty() {
        // S3 asks for a checksum of what configures a bucket.
        headers.push(("x-amz-checksum-sha256".to_owned(), base64(&Sha256::digest(&body))));
        if !call.request.get("ContentType").is_some_and(Value::is_string) {
            headers.push(("content-type".to_owned(), "application/xml".to_owned()));
        }
    }
    Request {
        method: method.to_owned(),
        endpoint,
        path,
        headers,
        body,
        scope: Scope { service: "s3".to_owned(), region: region.to_owned() },
    }
}

/// The reply to a call of S3.
pub(super) fn reply(call: &Call, e_tag: Option<&str>, body: &str) -> Result<Value, String> {
    Ok(match call.action.as_ref() {
        "GetBucketVersioning" => xml::result(body)?,
        "GetBucketEncryption" => xml::rooted(body)?,
        "GetPublicAccessBlock" => {
            let mut block = xml::result(body)?;
            if let Value::Object(settings) = &mut block {
                settings.values_mut().for_each(|is| *is = Value::Bool(is == "true"));
            }
            json!({ "PublicAccessBlockConfiguration": block })
        }
        "GetBucketPolicy" => json!({ "Policy": body }),
        "GetObject" => json!({ "ETag": e_tag, "Body": body, "ContentLength": body.len() }),
        "PutObject" | "HeadObject" => json!({ "ETag": e_tag }),
        _ => json!({}),
    })
}

/// The oldest region is the one that is not named.
fn location(region: &str) -> String {
    match region {
        "us-east-1" => String::new(),
        region => {
            let location = json!({ "LocationConstraint": region });
            xml::element("CreateBucketConfiguration", &location, Some(NAMESPACE))
        }
    }
}

/// On the wire, each of the `Rules` is a `Rule`.
fn encryption(call: &Call) -> String {
    let rules = &call.request["ServerSideEncryptionConfiguration"]["Rules"];
    let configuration = json!({ "Rule": rules });
    xml::element("ServerSideEncryptionConfiguration", &configuration, Some(NAMESPACE))
}

fn base64(bytes: &[u8]) -> String {
    aws_smithy_types::base64::encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{
        Operation,
        s3::{CreateBucket, GetPublicAccessBlock, PutBucketEncryption, PutObject},
    };

    fn sent(region: &str, endpoint: Option<&str>, operation: &impl Operation) -> Request {
        let target = Target { account: "111111111111", region, endpoint };
        request(&target, &Call::of(operation).unwrap())
    }

    #[test]
    fn a_bucket_is_a_host_and_a_condition_a_header() {
        let put = PutObject {
            bucket: "b".to_owned(),
            key: "templates/a b.json".to_owned(),
            body: "{}".to_owned(),
            if_none_match: Some("*".to_owned()),
            ..PutObject::default()
        };
        let there = sent("eu-west-1", None, &put);
        assert_eq!(there.endpoint, "https://b.s3.eu-west-1.amazonaws.com");
        assert_eq!((there.path.as_str(), there.body.as_str()), ("/templates/a%20b.json", "{}"));
        assert!(there.headers.contains(&("if-none-match".to_owned(), "*".to_owned())));
        let here = sent("eu-west-1", Some("http://127.0.0.1:1"), &put);
        assert_eq!(here.path, "/b/templates/a%20b.json");
    }

    #[test]
    fn a_bucket_is_made_where_its_region_is() {
        let create = CreateBucket { bucket: "b".to_owned() };
        assert_eq!(sent("us-east-1", None, &create).body, "");
        assert!(sent("eu-west-1", None, &create).body.contains("<LocationConstraint>eu-west-1<"));
    }

    #[test]
    fn each_of_the_rules_is_a_rule() {
        let server_side_encryption_configuration =
            json!({"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]});
        let bucket = "b".to_owned();
        let put = PutBucketEncryption { bucket, server_side_encryption_configuration };
        let put = sent("eu-west-1", None, &put);
        assert!(
            put.body.contains("><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256<")
        );
        assert!(put.headers.iter().any(|(name, _)| name == "x-amz-checksum-sha256"));
    }

    #[test]
    fn what_is_closed_to_the_public_is_a_truth() {
        let call = Call::of(&GetPublicAccessBlock { bucket: "b".to_owned() }).unwrap();
        let text = "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>\
                    </PublicAccessBlockConfiguration>";
        let expected = json!({"PublicAccessBlockConfiguration": {"BlockPublicAcls": true}});
        assert_eq!(reply(&call, None, text).unwrap(), expected);
    }
}
