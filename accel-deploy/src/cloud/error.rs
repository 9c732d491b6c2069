use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a call did not succeed, in AWS's words and in ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CloudError {
    /// What to do about it.
    pub class: ErrorClass,
    /// AWS's code, `AlreadyExistsException`; empty if no answer came.
    pub code: String,
    /// AWS's words. They never hold credentials.
    pub message: String,
    /// The service and action of the call: `cloudformation:CreateStackSet`.
    pub call: String,
}

/// What an error means for the one who called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorClass {
    /// Too many calls: ask again later, for minutes.
    Throttled,
    /// The service failed, before or after it did what was asked: look before asking again.
    Ambiguous,
    /// Another operation runs: wait for it.
    InProgress,
    /// What was planned on has changed: observe and plan that node again.
    Stale,
    /// It was done already, under this name or token: look, and attach.
    Exists,
    /// There is none. Only this means absence.
    NotFound,
    /// Nothing is to be updated.
    NoChange,
    /// The credentials are no longer valid: refresh, or resume later.
    Expired,
    /// The caller may not.
    Denied,
    /// The request was wrong, or is refused for good.
    Refused,
    /// The reply has not the shape it should have.
    Unreadable,
}

impl CloudError {
    /// An answer of the service with this code, classified.
    #[must_use]
    pub fn answer(
        service: &str,
        action: &str,
        code: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        let (code, message) = (code.into(), message.into());
        let class = ErrorClass::of(&code, &message);
        Self { class, code, message, call: format!("{service}:{action}") }
    }

    /// No answer came: a lost connection, a time that ran out.
    #[must_use]
    pub fn no_answer(service: &str, action: &str, message: impl Into<String>) -> Self {
        Self {
            class: ErrorClass::Ambiguous,
            code: String::new(),
            message: message.into(),
            call: format!("{service}:{action}"),
        }
    }

    pub(crate) fn unreadable(service: &str, action: &str, error: &serde_json::Error) -> Self {
        Self {
            class: ErrorClass::Unreadable,
            code: String::new(),
            message: error.to_string(),
            call: format!("{service}:{action}"),
        }
    }
}

impl fmt::Display for CloudError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code.as_str() {
            "" => write!(f, "{}: {}", self.call, self.message),
            code => write!(f, "{}: {code}: {}", self.call, self.message),
        }
    }
}

impl std::error::Error for CloudError {}

impl ErrorClass {
    /// The class of an answer. CloudFormation says several things by one code, `ValidationError`, and
    /// tells them apart in words only.
    #[must_use]
    pub fn of(code: &str, message: &str) -> Self {
        let code = code.strip_suffix("Exception").unwrap_or(code);
        match code {
            "Throttling"
            | "Throttled"
            | "TooManyRequests"
            | "RequestLimitExceeded"
            | "SlowDown"
            | "RequestThrottled"
            | "PriorRequestNotComplete"
            | "LimitExceededRate" => Self::Throttled,
            "InternalFailure"
            | "InternalError"
            | "InternalServerError"
            | "HandlerInternalFailure"
            | "NetworkFailure"
            | "ServiceInternalError"
            | "ServiceUnavailable"
            | "Service"
            | "ServiceFailure"
            | "RequestTimeout" => Self::Ambiguous,
            "OperationInProgress"
            | "ConcurrentModification"
            | "ConcurrentOperation"
            | "ConflictingOperation"
            | "ConditionalRequestConflict" => Self::InProgress,
            "StaleRequest" | "CreatedButModified" | "PreconditionFailed" => Self::Stale,
            "AlreadyExists"
            | "OperationIdAlreadyExists"
            | "NameAlreadyExists"
            | "TokenAlreadyExists"
            | "BucketAlreadyOwnedByYou"
            | "ParameterAlreadyExists"
            | "AlreadyInOrganization"
            | "AccountAlreadyRegistered"
            | "DuplicateAccount"
            | "DuplicateOrganizationalUnit"
            | "DuplicatePolicy"
            | "DuplicatePolicyAttachment"
            | "PolicyTypeAlreadyEnabled" => Self::Exists,
            "StackSetNotFound"
            | "StackInstanceNotFound"
            | "OperationNotFound"
            | "ChangeSetNotFound"
            | "NoSuchBucket"
            | "NoSuchBucketPolicy"
            | "NoSuchPublicAccessBlockConfiguration"
            | "ServerSideEncryptionConfigurationNotFoundError"
            | "NoSuchKey"
            | "NotFound"
            | "ParameterNotFound"
            | "ResourceNotFound" => Self::NotFound,
            "ExpiredToken" | "RequestExpired" | "ExpiredTokenFault" => Self::Expired,
            "AccessDenied"
            | "UnauthorizedOperation"
            | "AuthFailure"
            | "InvalidClientTokenId"
            | "UnrecognizedClient" => Self::Denied,
            "ValidationError" if message.contains("does not exist") => Self::NotFound,
            "ValidationError" if message.contains("No updates are to be performed") => {
                Self::NoChange
            }
            "ValidationError" if message.contains("_IN_PROGRESS state") => Self::InProgress,
            _ => Self::Refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validation_errors_are_told_apart_by_their_words() {
        let of = |message| ErrorClass::of("ValidationError", message);
        assert_eq!(of("Stack with id a does not exist"), ErrorClass::NotFound);
        assert_eq!(of("No updates are to be performed."), ErrorClass::NoChange);
        assert_eq!(
            of("Stack:a is in UPDATE_IN_PROGRESS state and can not be updated."),
            ErrorClass::InProgress
        );
        assert_eq!(of("Template format error"), ErrorClass::Refused);
    }

    #[test]
    fn what_a_bucket_has_not_is_absent() {
        for code in ["NoSuchBucketPolicy", "ServerSideEncryptionConfigurationNotFoundError"] {
            assert_eq!(ErrorClass::of(code, ""), ErrorClass::NotFound, "{code}");
        }
    }

    #[test]
    fn only_absence_is_absence() {
        for code in ["Throttling", "AccessDenied", "InternalFailure", "ExpiredToken", "Whatever"] {
            assert_ne!(ErrorClass::of(code, ""), ErrorClass::NotFound, "{code}");
        }
    }
}
