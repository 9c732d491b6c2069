//! The part of S3 that the bootstrap bucket needs, in the shapes of its
//! [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html).
//! Bodies are texts: templates, manifests and the lock are.
#![expect(missing_docs, reason = "members mean what the API reference says of them")]

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value;

use super::{Protocol, operations, shapes};

/// S3 has a client of its own, which knows the headers of each operation.
const XML: Protocol = Protocol::RestXml {
    method: Cow::Borrowed(""),
    path: Cow::Borrowed(""),
    headers: BTreeMap::new(),
    namespace: Cow::Borrowed("http://s3.amazonaws.com/doc/2006-03-01/"),
};

operations! { "s3", XML;
    HeadBucket { bucket: String } -> Nothing;
    CreateBucket { bucket: String } -> Nothing;
    GetBucketVersioning { bucket: String } -> Versioning;
    PutBucketVersioning { bucket: String, versioning_configuration: Versioning } -> Nothing;
    GetBucketEncryption { bucket: String } -> Value;
    PutBucketEncryption { bucket: String, server_side_encryption_configuration: Value } -> Nothing;
    GetPublicAccessBlock { bucket: String } -> Value;
    PutPublicAccessBlock { bucket: String, public_access_block_configuration: Value } -> Nothing;
    GetBucketPolicy { bucket: String } -> BucketPolicy;
    PutBucketPolicy { bucket: String, policy: String } -> Nothing;
    HeadObject { bucket: String, key: String } -> ObjectHead;
    GetObject { bucket: String, key: String } -> Object;
    /// `if_none_match: "*"` writes only what is not there; `if_match` only over what was read.
    PutObject {
        bucket: String, key: String, body: String, if_none_match: Option<String>, if_match: Option<String>,
        content_type: Option<String>,
    } -> Written;
    DeleteObject { bucket: String, key: String, if_match: Option<String> } -> Nothing;
}

/// Method and path of each operation, as the service's model writes them.
pub const ROUTES: &[(&str, &str, &str)] = &[
    ("HeadBucket", "HEAD", "/{Bucket}"),
    ("CreateBucket", "PUT", "/{Bucket}"),
    ("GetBucketVersioning", "GET", "/{Bucket}?versioning"),
    ("PutBucketVersioning", "PUT", "/{Bucket}?versioning"),
    ("GetBucketEncryption", "GET", "/{Bucket}?encryption"),
    ("PutBucketEncryption", "PUT", "/{Bucket}?encryption"),
    ("GetPublicAccessBlock", "GET", "/{Bucket}?publicAccessBlock"),
    ("PutPublicAccessBlock", "PUT", "/{Bucket}?publicAccessBlock"),
    ("GetBucketPolicy", "GET", "/{Bucket}?policy"),
    ("PutBucketPolicy", "PUT", "/{Bucket}?policy"),
    ("HeadObject", "HEAD", "/{Bucket}/{Key+}"),
    ("GetObject", "GET", "/{Bucket}/{Key+}"),
    ("PutObject", "PUT", "/{Bucket}/{Key+}"),
    ("DeleteObject", "DELETE", "/{Bucket}/{Key+}"),
];

shapes! {
    /// The reply of an operation that says nothing.
    Nothing {}
    Versioning { status: Option<String> }
    BucketPolicy { policy: String }
    ObjectHead { e_tag: String }
    Object { e_tag: String, body: String, content_length: u64 }
    Written { e_tag: String }
}
