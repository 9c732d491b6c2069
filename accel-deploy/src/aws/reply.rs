//! What a service has answered: a reply, or an error with a code.

use serde_json::{Value, json};

use super::{s3, xml};
use crate::cloud::{Call, CloudError, ErrorClass, Protocol};

/// An answer as it came.
pub(super) struct Answer {
    pub(super) status: u16,
    /// The header by which the JSON protocols may name an error.
    pub(super) error_type: Option<String>,
    pub(super) e_tag: Option<String>,
    pub(super) body: String,
}

/// The reply to a call, in the shapes of its API.
pub(super) fn read(call: &Call, answer: &Answer) -> Result<Value, CloudError> {
    let is_json = !matches!(call.protocol, Protocol::Query { .. } | Protocol::RestXml { .. });
    if !(200..300).contains(&answer.status) {
        let said = if is_json { json_error(answer) } else { xml::error(&answer.body) };
        let is_head = call.action.starts_with("Head");
        let (code, message) = said.unwrap_or_else(|| by_status(answer.status, is_head));
        return Err(CloudError::answer(&call.service, &call.action, &code, shown(&code, &message)));
    }
    let body = answer.body.trim();
    let reply = match &call.protocol {
        _ if call.service == "s3" => s3::reply(call, answer.e_tag.as_deref(), &answer.body),
        _ if body.is_empty() => Ok(json!({})),
        Protocol::Query { .. } => xml::result(body),
        Protocol::RestXml { .. } => xml::rooted(body),
        _ => serde_json::from_str(body).map_err(|error| error.to_string()),
    };
    // What was asked for is done: only a look can tell more than this.
    reply.map_err(|reason| CloudError {
        class: if call.is_read() { ErrorClass::Unreadable } else { ErrorClass::Ambiguous },
        code: String::new(),
        message: format!("the reply cannot be read: {reason}"),
        call: format!("{}:{}", call.service, call.action),
    })
}

/// `com.amazonaws.organizations#DuplicateAccountException:http://...` is `DuplicateAccountException`.
fn json_error(answer: &Answer) -> Option<(String, String)> {
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let text = |names: [&str; 2]| names.into_iter().find_map(|name| body[name].as_str());
    let code = answer.error_type.as_deref().or_else(|| text(["__type", "code"]))?;
    let code = code.split(':').next()?.rsplit('#').next()?.to_owned();
    Some((code, text(["message", "Message"]).unwrap_or_default().to_owned()))
}

/// An answer without a code: to HEAD, which has no body, or by something on the way, which knows of no absence.
fn by_status(status: u16, is_head: bool) -> (String, String) {
    let code = match status {
        // A session that has ended is a bad request to S3, and HEAD has no body to say so.
        400 if is_head => "ExpiredToken",
        403 => "AccessDenied",
        404 if is_head => "NotFound",
        409 => "ConditionalRequestConflict",
        412 => "PreconditionFailed",
        429 => "TooManyRequestsException",
        503 => "ServiceUnavailable",
        500.. => "InternalFailure",
        _ => "UnknownError",
    };
    (code.to_owned(), format!("HTTP {status}"))
}

/// AWS shows who signs wrongly the request that it would have signed, with the session's token.
fn shown<'a>(code: &str, message: &'a str) -> &'a str {
    if code.contains("Signature") { message.lines().next().unwrap_or_default() } else { message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{
        Operation, cloudcontrolapi::GetResource, cloudformation::DescribeStacks,
        organizations::ListRoots, s3::HeadBucket, sts::AssumeRole,
    };

    fn error(operation: &impl Operation, status: u16, body: &str) -> CloudError {
        let call = Call::of(operation).unwrap();
        let answer = Answer { status, error_type: None, e_tag: None, body: body.to_owned() };
        read(&call, &answer).unwrap_err()
    }

    #[test]
    fn a_code_is_found_in_each_protocol() {
        let json = r#"{"__type": "com.amazonaws.organizations#DuplicateAccountException", "Message": "m"}"#;
        let said = error(&ListRoots::default(), 400, json);
        assert_eq!((said.class, said.message.as_str()), (ErrorClass::Exists, "m"));
        let json =
            r#"{"__type": "com.amazon.cloudapiservice#ResourceNotFoundException", "Message": "m"}"#;
        let said = error(&GetResource::default(), 400, json);
        assert_eq!((said.class, said.message.as_str()), (ErrorClass::NotFound, "m"));
        let xml = "<ErrorResponse><Error><Code>ValidationError</Code>\
                   <Message>Stack with id a does not exist</Message></Error></ErrorResponse>";
        assert_eq!(error(&DescribeStacks::default(), 400, xml).class, ErrorClass::NotFound);
    }

    #[test]
    fn an_answer_without_a_code_is_never_absence_except_to_head() {
        let head = HeadBucket { bucket: "b".to_owned() };
        assert_eq!(error(&head, 404, "").class, ErrorClass::NotFound);
        assert_eq!(error(&head, 403, "").class, ErrorClass::Denied);
        assert_eq!(error(&head, 400, "").class, ErrorClass::Expired);
        assert_eq!(error(&DescribeStacks::default(), 400, "").class, ErrorClass::Refused);
        let page = "<!doctype html><title>404 Not Found</title>";
        assert_ne!(error(&ListRoots::default(), 404, page).class, ErrorClass::NotFound);
        assert_ne!(error(&DescribeStacks::default(), 404, page).class, ErrorClass::NotFound);
        assert_eq!(error(&DescribeStacks::default(), 502, page).class, ErrorClass::Ambiguous);
    }

    #[test]
    fn a_truncated_reply_is_not_taken_for_an_empty_one() {
        let said = error(&DescribeStacks::default(), 200, "<DescribeStacksResponse><Desc");
        assert_eq!(said.class, ErrorClass::Unreadable);
        assert_eq!(
            error(&ListRoots::default(), 200, r#"{"Roots": ["#).class,
            ErrorClass::Unreadable
        );
    }

    #[test]
    fn the_token_in_a_refused_signature_is_not_shown() {
        let json = r#"{"__type": "InvalidSignatureException", "message": "No match.\n\nx-amz-security-token:T"}"#;
        assert_eq!(error(&ListRoots::default(), 403, json).message, "No match.");
    }

    #[test]
    fn credentials_in_a_reply_that_cannot_be_read_are_not_shown() {
        let assume = AssumeRole {
            role_arn: "arn:aws:iam::111111111111:role/Access".to_owned(),
            role_session_name: "accel-deploy".to_owned(),
            duration_seconds: 3600,
        };
        let begins = "<AssumeRoleResponse><AssumeRoleResult><Credentials>\
                      <SecretAccessKey>HIDDEN</SecretAccessKey><SessionToken>HIDDEN";
        for ends in ["", "</SessionToken>", "</Token>", "&HIDDEN", "<", "</SessionToken></a>"] {
            let said = error(&assume, 200, &format!("{begins}{ends}"));
            assert!(!said.to_string().contains("HIDDEN"), "{said}");
        }
    }
}
