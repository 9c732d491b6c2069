//! One request over the network, and its answer.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::{http::HttpConnector as _, orchestrator::HttpRequest};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use serde_json::Value;
use tokio::time::timeout;

use super::{
    reply::{self, Answer},
    said,
    wire::Request,
};
use crate::cloud::{Call, CloudError};

/// A server that has not answered by then has lost the call, or its answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Signs and sends a request, once.
pub(super) async fn exchange(
    connector: &Connector,
    keys: &Credentials,
    request: Request,
    call: &Call,
) -> Result<Value, CloudError> {
    let lost = |reason: String| CloudError::no_answer(&call.service, &call.action, reason);
    let request = signed(request, keys).map_err(|reason| {
        CloudError::answer(&call.service, &call.action, "InvalidRequest", reason)
    })?;
    let answered = async {
        let response = connector.call(request).await;
        let mut response = response.map_err(|error| said(&error))?;
        let header = |name: &str| response.headers().get(name).map(str::to_owned);
        let (error_type, e_tag) = (header("x-amzn-errortype"), header("etag"));
        let body = ByteStream::new(response.take_body()).collect().await;
        let body = body.map_err(|error| said(&error))?;
        let body = String::from_utf8(body.to_vec())
            .map_err(|_| "the reply is no text of UTF-8".to_owned())?;
        Ok(Answer { status: response.status().as_u16(), error_type, e_tag, body })
    };
    match timeout(PATIENCE, answered).await {
        Ok(Ok(answer)) => reply::read(call, &answer),
        Ok(Err(reason)) => Err(lost(reason)),
        Err(_) => Err(lost(format!("no answer within {} s", PATIENCE.as_secs()))),
    }
}

fn signed(request: Request, keys: &Credentials) -> Result<HttpRequest, String> {
    let Request { method, endpoint, path, mut headers, body, scope } = request;
    headers
        .push(("user-agent".to_owned(), concat!("accel/", env!("CARGO_PKG_VERSION")).to_owned()));
    let mut settings = SigningSettings::default();
    if scope.service == "s3" {
        // A key is a path as it is written.
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    let uri = format!("{endpoint}{path}");
    let identity = keys.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(&scope.region)
        .name(&scope.service)
        .time(SystemTime::now())
        .settings(settings)
        .build()
        .map_err(|error| error.to_string())?
        .into();
    let signable = SignableRequest::new(
        &method,
        uri.as_str(),
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str())),
        SignableBody::Bytes(body.as_bytes()),
    );
    let signable = signable.map_err(|error| error.to_string())?;
    let (signature, _) =
        sign(signable, &parameters).map_err(|error| error.to_string())?.into_parts();
    let mut request = HttpRequest::new(SdkBody::from(body));
    request.set_method(&method).map_err(|error| error.to_string())?;
    request.set_uri(uri).map_err(|error| error.to_string())?;
    let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in headers.chain(signature.headers()) {
        request
            .headers_mut()
            .try_insert(name.to_owned(), value.to_owned())
            .map_err(|error| error.to_string())?;
    }
    Ok(request)
}
