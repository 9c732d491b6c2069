//! Who calls, in the shapes of the
//! [API reference](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
#![expect(missing_docs, reason = "members mean what the API reference says of them")]

use std::borrow::Cow;

use super::{Protocol, operations, shapes};

const QUERY: Protocol = Protocol::Query { version: Cow::Borrowed("2011-06-15") };

operations! { "sts", QUERY;
    /// Sent to a member's place it also shows that its access role can be assumed.
    GetCallerIdentity {} -> CallerIdentity;
    /// Its reply holds secrets: it has no shape that could be printed.
    AssumeRole { role_arn: String, role_session_name: String, duration_seconds: u32 } -> serde_json::Value;
}

shapes! {
    CallerIdentity { account: String, arn: String }
}
