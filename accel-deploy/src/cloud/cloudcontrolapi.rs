//! One resource of any type by its identifier, in the shapes of Cloud Control's
//! [API reference](https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_DeleteResource.html). Whoever
//! calls needs the permissions of the resource's own service as well.
#![expect(missing_docs, reason = "members mean what the API reference says of them")]

use std::borrow::Cow;

use super::{Protocol, operations, shapes};

const JSON: Protocol = Protocol::Json10 { target: Cow::Borrowed("CloudApiService") };

operations! { "cloudcontrolapi", JSON;
    GetResource { type_name: String, identifier: String } -> FoundResource;
    DeleteResource { type_name: String, identifier: String, client_token: Option<String> } -> Progressed;
    GetResourceRequestStatus { request_token: String } -> Progressed;
}

shapes! {
    FoundResource { type_name: String, resource_description: ResourceDescription }
    ResourceDescription { identifier: String }
    Progressed { progress_event: ProgressEvent }
    ProgressEvent {
        type_name: String, identifier: Option<String>, request_token: String,
        /// `PENDING`, `IN_PROGRESS`, `SUCCESS`, `FAILED`, `CANCEL_IN_PROGRESS` or `CANCEL_COMPLETE`.
        operation_status: String,
        status_message: Option<String>, error_code: Option<String>,
    }
}
