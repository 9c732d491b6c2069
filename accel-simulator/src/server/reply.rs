//! Replies and errors as each protocol writes them.

use accel_deploy::{Call, CloudError, Protocol};
use serde_json::{Value, json};

use super::{http::Told, request::Wire, xml};

/// The reply to a call.
pub(super) fn reply(call: &Call, wire: Wire, reply: &Value) -> Told {
    let (action, mut headers) = (call.action.as_ref(), Vec::new());
    let body = match wire {
        Wire::Json | Wire::RestJson => {
            let version = match call.protocol {
                Protocol::Json10 { .. } => "1.0",
                _ => "1.1",
            };
            headers.push(("content-type".to_owned(), format!("application/x-amz-json-{version}")));
            reply.to_string()
        }
        Wire::Query if call.service == "ec2" => {
            xml::element(&format!("{action}Response"), reply, "item")
        }
        Wire::Query => {
            let result = xml::element(&format!("{action}Result"), reply, "member");
            let metadata = "<ResponseMetadata><RequestId>simulated</RequestId></ResponseMetadata>";
            format!("<{action}Response>{result}{metadata}</{action}Response>")
        }
        Wire::S3 => {
            if let Some(tag) = reply["ETag"].as_str() {
                headers.push(("etag".to_owned(), tag.to_owned()));
            }
            s3(action, reply)
        }
    };
    if matches!(wire, Wire::Query | Wire::S3) {
        headers.push(("content-type".to_owned(), "text/xml".to_owned()));
    }
    Told { status: 200, headers, body: body.into() }
}

fn s3(action: &str, reply: &Value) -> String {
    match action {
        "GetObject" => reply["Body"].as_str().unwrap_or_default().to_owned(),
        "GetBucketPolicy" => reply["Policy"].as_str().unwrap_or_default().to_owned(),
        "GetBucketVersioning" => xml::element("VersioningConfiguration", reply, "member"),
        "GetBucketEncryption" => {
            let rules = reply["ServerSideEncryptionConfiguration"]["Rules"].as_array();
            let rules =
                rules.into_iter().flatten().map(|rule| xml::element("Rule", rule, "member"));
            let rules: String = rules.collect();
            format!(
                "<ServerSideEncryptionConfiguration>{rules}</ServerSideEncryptionConfiguration>"
            )
        }
        // The bucket's and the account's.
        "GetPublicAccessBlock" => {
            let name = "PublicAccessBlockConfiguration";
            xml::element(name, &reply[name], "member")
        }
        _ => String::new(),
    }
}

/// An error in the words of a service.
pub(super) fn refusal(wire: Wire, is_head: bool, error: &CloudError) -> Told {
    refused(wire, is_head, status(&error.code), &error.code, &error.message)
}

/// An error of this status, code and message.
pub(crate) fn refused(wire: Wire, is_head: bool, status: u16, code: &str, message: &str) -> Told {
    let mut headers = Vec::new();
    let said = |root: &str| {
        let (code, message) = (xml::escaped(code), xml::escaped(message));
        format!("<{root}><Code>{code}</Code><Message>{message}</Message></{root}>")
    };
    let body = match wire {
        _ if is_head => String::new(),
        Wire::Json => json!({ "__type": code, "message": message }).to_string(),
        Wire::RestJson => {
            headers.push(("x-amzn-errortype".to_owned(), code.to_owned()));
            json!({ "message": message }).to_string()
        }
        Wire::Query => format!("<ErrorResponse>{}</ErrorResponse>", said("Error")),
        Wire::S3 => said("Error"),
    };
    Told { status, headers, body: body.into() }
}

/// What models say of the codes that matter to a client; all others are the sender's fault.
fn status(code: &str) -> u16 {
    match code {
        "AccessDenied" => 403,
        code if code.starts_with("NoSuch") || code == "NotFound" => 404,
        "ServerSideEncryptionConfigurationNotFoundError" => 404,
        "PreconditionFailed" => 412,
        "BucketAlreadyExists" | "BucketAlreadyOwnedByYou" => 409,
        "InternalFailure" => 500,
        _ => 400,
    }
}
