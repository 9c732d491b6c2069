//! The one seam between a deployment and a cloud: a call goes in, a reply or a classified error comes out.
//!
//! A call is the service, the action and the request in the words and shapes of the AWS API, as JSON.
//! Calls are written as the typed [`Operation`]s of the modules below; a step of an assembly is a call
//! already. Whoever stands behind a cloud (an SDK, a simulation, a fault on purpose, a counter in a test)
//! sees all of them alike.

use std::{borrow::Cow, fmt, time::Duration};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

pub mod cloudcontrolapi;
pub mod cloudformation;
pub mod organizations;
pub mod s3;
pub mod servicequotas;
pub mod ssm;
pub mod sts;

#[cfg(feature = "schema")]
mod described;
mod error;
mod lenient;
mod time;

#[cfg(feature = "schema")]
pub use described::{Described, described};

pub use error::{CloudError, ErrorClass};
pub use time::date_time;

/// Where calls go: AWS, or a simulation of it.
///
/// An implementation sends each call once for itself or retries only what is certain not to have
/// happened; the engine decides what is asked again, by [`CloudError::class`].
pub trait Cloud: Send + Sync {
    /// Sends a call to the API of a service in one account and region.
    fn send(
        &self,
        place: &Place,
        call: Call,
    ) -> impl Future<Output = Result<Value, CloudError>> + Send;

    /// Time since the epoch of Unix, of the world the cloud is in: a simulated one has its own.
    fn now(&self) -> Duration;
}

/// Sends typed operations; every [`Cloud`] can.
pub trait CloudExt: Cloud {
    /// Sends an operation and reads its reply.
    ///
    /// # Errors
    /// What the cloud answers; [`ErrorClass::Unreadable`] for a reply that has not the operation's shape.
    fn call<O: Operation>(
        &self,
        place: &Place,
        operation: &O,
    ) -> impl Future<Output = Result<O::Output, CloudError>> + Send {
        let call = Call::of(operation);
        async move {
            let reply = self.send(place, call?).await?;
            O::Output::deserialize(lenient::Lenient(reply))
                .map_err(|error| CloudError::unreadable(O::SERVICE, O::ACTION, &error))
        }
    }
}

impl<C: Cloud + ?Sized> CloudExt for C {}

/// The account and region a call is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The account.
    pub account: AccountKey,
    /// The region, `us-east-1` for services that have none.
    pub region: String,
    /// The name of the account's access role, where it is another one than elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// The account of a [`Place`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AccountKey {
    /// The one whose credentials the run has: the management account or a delegated administrator.
    Caller,
    /// Twelve digits; reached through its access role unless it is the caller's.
    Id(String),
}

impl Place {
    /// The caller's own account.
    #[must_use]
    pub fn caller(region: impl Into<String>) -> Self {
        Self { account: AccountKey::Caller, region: region.into(), role: None }
    }

    /// An account by its id.
    #[must_use]
    pub fn account(id: impl Into<String>, region: impl Into<String>) -> Self {
        Self { account: AccountKey::Id(id.into()), region: region.into(), role: None }
    }

    /// The same place, entered by another role than elsewhere.
    #[must_use]
    pub fn entered_by(self, role: Option<impl Into<String>>) -> Self {
        Self { role: role.map(Into::into), ..self }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.account {
            AccountKey::Caller => f.write_str(&self.region),
            AccountKey::Id(id) => write!(f, "{id}/{}", self.region),
        }
    }
}

/// A request to an AWS API, in its own words.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The service as its endpoint names it: `cloudformation`.
    pub service: Cow<'static, str>,
    /// The operation: `DescribeStacks`.
    pub action: Cow<'static, str>,
    /// How it is sent.
    pub protocol: Protocol,
    /// The members of the request as the API names them; none is `null`.
    pub request: Value,
}

impl Call {
    pub(crate) fn of<O: Operation>(operation: &O) -> Result<Self, CloudError> {
        let mut request = serde_json::to_value(operation)
            .map_err(|error| CloudError::unreadable(O::SERVICE, O::ACTION, &error))?;
        drop_absent(&mut request);
        Ok(Self {
            service: O::SERVICE.into(),
            action: O::ACTION.into(),
            protocol: O::PROTOCOL,
            request,
        })
    }

    /// Whether the call changes nothing: [`is_read`].
    #[must_use]
    pub fn is_read(&self) -> bool {
        is_read(&self.action)
    }
}

/// The request of an operation as whoever sent it had it, of a query, in which truths and numbers are texts. None
/// for operations that the engine does not know, and for requests that have not their shape.
#[must_use]
pub fn typed_request(service: &str, action: &str, request: &Value) -> Option<Value> {
    match service {
        "cloudcontrolapi" => cloudcontrolapi::typed(action, request),
        "cloudformation" => cloudformation::typed(action, request),
        "organizations" => organizations::typed(action, request),
        "s3" => s3::typed(action, request),
        "servicequotas" => servicequotas::typed(action, request),
        "ssm" => ssm::typed(action, request),
        "sts" => sts::typed(action, request),
        _ => None,
    }
}

fn typed<O: Operation + DeserializeOwned>(request: &Value) -> Option<Value> {
    let operation = O::deserialize(lenient::Lenient(request.clone())).ok()?;
    Call::of(&operation).ok().map(|call| call.request)
}

/// Whether an operation changes nothing, by its name: AWS names all that only read so.
#[must_use]
pub fn is_read(action: &str) -> bool {
    ["Describe", "List", "Get", "Head", "AssumeRole"].iter().any(|verb| action.starts_with(verb))
}

/// Members that are not given are not sent, and neither are lists that are not.
fn drop_absent(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_absent);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_absent),
        _ => {}
    }
}

/// How a call is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Protocol {
    /// Form parameters and XML.
    Query {
        /// Of the API: `2010-05-15`.
        version: Cow<'static, str>,
    },
    /// AWS JSON 1.1.
    Json {
        /// The prefix of `X-Amz-Target`.
        target: Cow<'static, str>,
    },
    /// AWS JSON 1.0.
    Json10 {
        /// The prefix of `X-Amz-Target`.
        target: Cow<'static, str>,
    },
    /// REST with JSON: `{Name}` in the path is a member; the others are the body, or the query of GET and
    /// DELETE.
    RestJson {
        /// For instance `POST`.
        method: Cow<'static, str>,
        /// For instance `/admin/enable`.
        path: Cow<'static, str>,
    },
    /// REST with XML: a member that is in neither path nor headers is the root element of the body.
    RestXml {
        /// For instance `PUT`.
        method: Cow<'static, str>,
        /// For instance `/v20180820/configuration/publicAccessBlock`.
        path: Cow<'static, str>,
        /// Members that are sent as headers, and the names of those.
        #[serde(default)]
        headers: std::collections::BTreeMap<String, String>,
        /// Of the body's root element.
        #[serde(default)]
        namespace: Cow<'static, str>,
    },
}

/// A typed call: what serializes to the request, and what its reply is read as.
pub trait Operation: Serialize + Sync {
    /// The reply.
    type Output: DeserializeOwned;
    /// The service, as its endpoint names it.
    const SERVICE: &'static str;
    /// The operation's name.
    const ACTION: &'static str;
    /// How it is sent.
    const PROTOCOL: Protocol;
}

/// Declares operations: the request's and the reply's members under the names of the API reference, in
/// Rust's case.
macro_rules! operations {
    ($service:literal, $protocol:expr;
     $($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? } -> $output:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
            #[cfg_attr(feature = "schema", derive(::schemars::JsonSchema))]
            #[serde(rename_all = "PascalCase", default)]
            pub struct $name { $(pub $field: $type),* }

            impl $crate::cloud::Operation for $name {
                type Output = $output;
                const SERVICE: &'static str = $service;
                const ACTION: &'static str = stringify!($name);
                const PROTOCOL: $crate::cloud::Protocol = $protocol;
            }
        )*

        /// The members of a request of one of the operations, of which all that is plain is a text.
        pub(super) fn typed(action: &str, request: &::serde_json::Value) -> Option<::serde_json::Value> {
            match action {
                $(stringify!($name) => $crate::cloud::typed::<$name>(request),)*
                _ => None,
            }
        }

        /// What each of the operations sends and reads.
        #[cfg(feature = "schema")]
        pub(super) fn described() -> Vec<$crate::cloud::Described> {
            vec![$($crate::cloud::Described::of::<$name>()),*]
        }
    };
}

/// Declares shapes of requests and replies: every member is optional on the wire.
macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
            #[cfg_attr(feature = "schema", derive(::schemars::JsonSchema))]
            #[serde(rename_all = "PascalCase", default)]
            pub struct $name { $($(#[$attribute])* pub $field: $type),* }
        )*
    };
}

use {operations, shapes};
