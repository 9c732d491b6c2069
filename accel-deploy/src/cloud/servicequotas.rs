//! What an account may have of something, in the shapes of the
//! [API reference](https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html).
#![expect(missing_docs, reason = "members mean what the API reference says of them")]

use std::borrow::Cow;

use super::{Protocol, operations, shapes};

const JSON: Protocol = Protocol::Json { target: Cow::Borrowed("ServiceQuotasV20190624") };

operations! { "servicequotas", JSON;
    /// What is applied to the account: raised, or else as it is given to all.
    GetServiceQuota { service_code: String, quota_code: String } -> FoundQuota;
}

shapes! {
    FoundQuota { quota: ServiceQuota }
    ServiceQuota {
        service_code: String, quota_code: String, quota_name: Option<String>,
        /// A whole number, written as `10.0`.
        value: f64
    }
}
