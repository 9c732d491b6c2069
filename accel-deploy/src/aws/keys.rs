//! Credentials: the caller's, and sessions in other accounts, each kept until shortly before it ends.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials as _, SharedCredentialsProvider, error::CredentialsError},
};
use aws_smithy_types::{DateTime, date_time::Format};
use serde_json::Value;

use super::said;
use crate::cloud::{CloudError, ErrorClass, sts::AssumeRole};

/// What ends within that time is made anew: a call must not reach AWS with a session that has just ended.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// By where sessions are; the caller's own are nowhere.
type Slots = BTreeMap<Option<Entered>, Slot>;

/// One that waits for a session waits for nobody else's.
type Slot = Arc<tokio::sync::Mutex<Option<Credentials>>>;

/// Where a session is, and by which role it has come there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entered {
    pub(super) account: String,
    pub(super) role: String,
}

pub(super) struct Keys {
    provider: Option<SharedCredentialsProvider>,
    slots: Mutex<Slots>,
}

impl Keys {
    pub(super) fn new(provider: Option<SharedCredentialsProvider>) -> Self {
        Self { provider, slots: Mutex::default() }
    }

    /// The caller's own.
    pub(super) async fn callers(&self) -> Result<Credentials, CloudError> {
        self.kept(None, || async {
            let Some(provider) = &self.provider else {
                return Err(none("no source of any is set"));
            };
            provider.provide_credentials().await.map_err(|error| refused(&error))
        })
        .await
    }

    /// Those of a session in an account.
    pub(super) async fn of<F>(
        &self,
        entered: &Entered,
        assume: impl FnOnce() -> F,
    ) -> Result<Credentials, CloudError>
    where
        F: Future<Output = Result<Credentials, CloudError>>,
    {
        self.kept(Some(entered), assume).await
    }

    /// The next call gets new ones.
    pub(super) fn forget(&self, entered: Option<&Entered>) {
        self.slots().remove(&entered.cloned());
        if entered.is_some() {
            // The session may have been refused because of these.
            self.slots().remove(&None);
        }
    }

    async fn kept<F>(
        &self,
        entered: Option<&Entered>,
        make: impl FnOnce() -> F,
    ) -> Result<Credentials, CloudError>
    where
        F: Future<Output = Result<Credentials, CloudError>>,
    {
        let slot = Arc::clone(self.slots().entry(entered.cloned()).or_default());
        let mut slot = slot.lock().await;
        match &*slot {
            Some(keys) if is_good(keys, SystemTime::now()) => Ok(keys.clone()),
            _ => Ok(slot.insert(make().await?).clone()),
        }
    }

    fn slots(&self) -> std::sync::MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Credentials are never printed.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

fn is_good(keys: &Credentials, now: SystemTime) -> bool {
    keys.expiry().is_none_or(|end| now + MARGIN < end)
}

/// A session of an hour: as long as one may be that is begun from another.
pub(super) fn assume_role(Entered { account, role }: &Entered) -> AssumeRole {
    AssumeRole {
        role_arn: format!("arn:aws:iam::{account}:role/{role}"),
        role_session_name: "accel-deploy".to_owned(),
        duration_seconds: 3600,
    }
}

/// The credentials in the reply of `AssumeRole`.
pub(super) fn session(reply: &Value) -> Result<Credentials, CloudError> {
    let text = |name: &str| reply["Credentials"][name].as_str();
    let keys = (text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken"));
    let end = text("Expiration").and_then(|end| DateTime::from_str(end, Format::DateTime).ok());
    let end = end.and_then(|end| SystemTime::try_from(end).ok());
    match (keys, end) {
        ((Some(id), Some(secret), Some(token)), Some(end)) => {
            Ok(Credentials::new(id, secret, Some(token.to_owned()), Some(end), "accel"))
        }
        _ => Err(CloudError {
            class: ErrorClass::Unreadable,
            code: String::new(),
            message: "the reply holds no credentials".to_owned(),
            call: "sts:AssumeRole".to_owned(),
        }),
    }
}

fn none(reason: &str) -> CloudError {
    CloudError {
        class: ErrorClass::Denied,
        code: "NoCredentials".to_owned(),
        message: format!("there are no credentials of AWS: {reason}"),
        call: "credentials".to_owned(),
    }
}

/// Without any, there is nobody to call. Those that could not be had now may be had later.
fn refused(error: &CredentialsError) -> CloudError {
    let reason = said(error);
    match error {
        CredentialsError::CredentialsNotLoaded(_) => none(&reason),
        _ => CloudError {
            class: ErrorClass::Expired,
            code: "CredentialsUnavailable".to_owned(),
            message: reason,
            call: "credentials".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use serde_json::json;

    use super::*;

    fn keys(end: SystemTime) -> Credentials {
        Credentials::new("id", "secret", None, Some(end), "test")
    }

    fn entered(account: &str) -> Entered {
        Entered { account: account.to_owned(), role: "Access".to_owned() }
    }

    #[test]
    fn what_ends_soon_is_not_good_any_more() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        assert!(is_good(&keys(now + Duration::from_secs(301)), now));
        assert!(!is_good(&keys(now + Duration::from_secs(300)), now));
        assert!(is_good(&Credentials::new("id", "secret", None, None, "test"), now));
    }

    #[test]
    fn a_session_is_made_once_until_it_ends_or_is_forgotten() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let made = AtomicUsize::new(0);
        let kept = Keys::new(None);
        let (one, other) = (entered("111111111111"), entered("222222222222"));
        let lasts = |seconds| {
            let made = &made;
            move || async move {
                made.fetch_add(1, Ordering::Relaxed);
                Ok(keys(SystemTime::now() + Duration::from_secs(seconds)))
            }
        };
        runtime.block_on(async {
            for _ in 0..3 {
                kept.of(&one, lasts(3600)).await.unwrap();
            }
            assert_eq!(made.load(Ordering::Relaxed), 1);
            kept.of(&other, lasts(60)).await.unwrap();
            kept.of(&other, lasts(60)).await.unwrap();
            assert_eq!(made.load(Ordering::Relaxed), 3);
            kept.forget(Some(&one));
            kept.of(&one, lasts(3600)).await.unwrap();
            assert_eq!(made.load(Ordering::Relaxed), 4);
            let by_another_role = Entered { role: "Other".to_owned(), ..one };
            kept.of(&by_another_role, lasts(3600)).await.unwrap();
            assert_eq!(made.load(Ordering::Relaxed), 5);
        });
    }

    #[test]
    fn a_reply_without_credentials_is_an_error_that_does_not_show_it() {
        let reply = json!({"Credentials": {"SecretAccessKey": "hidden"}});
        let error = session(&reply).unwrap_err().to_string();
        assert!(!error.contains("hidden"), "{error}");
    }

    #[test]
    fn without_credentials_nobody_calls() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let error = runtime.block_on(Keys::new(None).callers()).unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (ErrorClass::Denied, "NoCredentials"));
    }
}
