//! AWS behind [`Cloud`]: every call is signed and sent once, in the protocol of its service.
//!
//! There is one client for all services, because a call has its protocol with it. The SDK finds the
//! credentials, signs, and holds the connections; what a service answers is classified by its code.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use aws_config::{
    BehaviorVersion, environment::EnvironmentVariableRegionProvider,
    meta::region::RegionProviderChain, profile::ProfileFileRegionProvider,
};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_http_client::{
    Builder, Connector,
    tls::{Provider, rustls_provider::CryptoMode},
};
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::cloud::{
    AccountKey, Call, Cloud, CloudError, ErrorClass, Place, sts::GetCallerIdentity,
};

mod connection;
mod form;
mod keys;
mod reply;
mod s3;
mod wire;
mod xml;

use self::{
    connection::exchange,
    keys::{Entered, Keys},
    wire::Target,
};

const TLS: Provider = Provider::Rustls(CryptoMode::Ring);

/// Where there is no region, and for the services that have none.
const HOME: &str = "us-east-1";

/// AWS, with the credentials that the command line tool of AWS would take: variables, profiles, single
/// sign-on, web identities, roles of machines.
///
/// Another account is reached through its access role, which the caller assumes; sessions are kept and made
/// anew before they end. `AWS_ENDPOINT_URL` names one server that stands in for all services.
///
/// It needs a runtime with time and I/O.
pub struct Aws {
    connector: Connector,
    keys: Keys,
    endpoint: Option<String>,
    access_role: String,
    /// The id of the caller's account.
    caller: OnceCell<String>,
}

impl Aws {
    /// AWS as the environment says. No call is sent yet.
    pub async fn from_environment() -> Self {
        // Not asked of the machine: only a session of a profile needs one.
        let region = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
            .or_else(ProfileFileRegionProvider::new())
            .or_else(HOME);
        let config = aws_config::defaults(BehaviorVersion::latest())
            .http_client(Builder::new().tls_provider(TLS).build_https())
            .region(region)
            .load()
            .await;
        Self {
            connector: Connector::builder().tls_provider(TLS).build(),
            keys: Keys::new(config.credentials_provider()),
            endpoint: config.endpoint_url().map(str::to_owned),
            access_role: "OrganizationAccountAccessRole".to_owned(),
            caller: OnceCell::new(),
        }
    }

    /// One server that stands in for all services of AWS, with these keys. Nothing is read of the environment.
    #[must_use]
    pub fn at(
        endpoint: impl Into<String>,
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
    ) -> Self {
        let keys = Credentials::new(access_key_id, secret_access_key, None, None, "accel");
        Self {
            connector: Connector::builder().tls_provider(TLS).build(),
            keys: Keys::new(Some(SharedCredentialsProvider::new(keys))),
            endpoint: Some(endpoint.into()),
            access_role: "OrganizationAccountAccessRole".to_owned(),
            caller: OnceCell::new(),
        }
    }

    /// The name of the role through which accounts are reached that have none of their own in the program, instead
    /// of `OrganizationAccountAccessRole`.
    #[must_use]
    pub fn access_role(self, name: impl Into<String>) -> Self {
        Self { access_role: name.into(), ..self }
    }

    /// The one server that stands in for all services, if there is one.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }

    /// The id of the account whose credentials are used.
    ///
    /// # Errors
    /// Without credentials, or if AWS does not know them.
    pub async fn caller(&self) -> Result<&str, CloudError> {
        let id = self.caller.get_or_try_init(|| async {
            let call = Call::of(&GetCallerIdentity::default())?;
            let reply = self.send_as_caller(HOME, &call).await?;
            let account = reply["Account"].as_str().unwrap_or_default().to_owned();
            Ok::<_, CloudError>(account)
        });
        id.await.map(String::as_str)
    }

    /// The account that a call enters, and by which role: none if it is the caller's own.
    async fn entered(&self, place: &Place) -> Result<Option<Entered>, CloudError> {
        match &place.account {
            AccountKey::Caller => Ok(None),
            AccountKey::Id(id) if self.caller().await? == id => Ok(None),
            AccountKey::Id(id) => Ok(Some(Entered {
                account: id.clone(),
                role: place.role.as_ref().unwrap_or(&self.access_role).clone(),
            })),
        }
    }

    /// Asks for a session in another account.
    async fn assume(&self, entered: &Entered, region: &str) -> Result<Credentials, CloudError> {
        let call = Call::of(&keys::assume_role(entered))?;
        keys::session(&self.send_as_caller(region, &call).await?)
    }

    /// Asks who calls, or for a session. That the caller's own session has ended is no answer to either: it is made
    /// anew, once, whatever is tried again of the call that needs the answer.
    async fn send_as_caller(&self, region: &str, call: &Call) -> Result<Value, CloudError> {
        let once = async || {
            let keys = self.keys.callers().await?;
            self.send_with(&keys, "", region, call).await
        };
        match once().await {
            Err(error) if error.class == ErrorClass::Expired => {
                self.keys.forget(None);
                once().await
            }
            result => result,
        }
    }

    async fn send_with(
        &self,
        keys: &Credentials,
        account: &str,
        region: &str,
        call: &Call,
    ) -> Result<Value, CloudError> {
        let target = Target { account, region, endpoint: self.endpoint() };
        exchange(&self.connector, keys, wire::request(&target, call), call).await
    }

    async fn send_once(
        &self,
        entered: Option<&Entered>,
        place: &Place,
        call: &Call,
    ) -> Result<Value, CloudError> {
        let keys = match entered {
            None => self.keys.callers().await?,
            Some(it) => self.keys.of(it, || self.assume(it, &place.region)).await?,
        };
        // Only S3 Control has the account in its address.
        let account = match (entered, call.service.as_ref()) {
            (Some(entered), _) => &entered.account,
            (None, "s3-control") => self.caller().await?,
            (None, _) => "",
        };
        self.send_with(&keys, account, &place.region, call).await
    }
}

impl Cloud for Aws {
    async fn send(&self, place: &Place, call: Call) -> Result<Value, CloudError> {
        let entered = self.entered(place).await?;
        match self.send_once(entered.as_ref(), place, &call).await {
            // Nothing was done. Whoever ended the session early, a new one may be had.
            Err(error) if error.class == ErrorClass::Expired => {
                self.keys.forget(entered.as_ref());
                self.send_once(entered.as_ref(), place, &call).await
            }
            result => result,
        }
    }

    fn now(&self) -> Duration {
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }
}

impl fmt::Debug for Aws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aws").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// An error with what caused it, for people: the SDK's own way to show both has the insides of its types in it.
fn said(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !words.ends_with(&more) {
            words = format!("{words}: {more}");
        }
        cause = error.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use aws_credential_types::provider::error::CredentialsError;

    use super::*;

    #[test]
    fn an_error_is_told_with_its_causes_and_nothing_else() {
        let cause = std::io::Error::other("the profile `prod` is not there");
        let error = CredentialsError::provider_error(cause);
        let words = "an error occurred while loading credentials: the profile `prod` is not there";
        assert_eq!(said(&error), words);
    }
}
