//! What people are told of what went wrong.

use std::cmp::Reverse;

use super::{Shared, Trouble, outcome::Failure};
use crate::cloud::Cloud;

/// What CloudFormation shows of a secret.
pub(super) const STARS: &str = "****";

impl<C: Cloud> Shared<C> {
    pub(super) fn failure(&self, path: &str, trouble: &Trouble) -> Failure {
        let expired = trouble.is_expired();
        let guarded = matches!(trouble, Trouble::Guarded(_));
        let reason = self.without_secrets(trouble.to_string());
        Failure { path: path.to_owned(), reason, expired, guarded }
    }

    /// A text for people in which AWS may have repeated what a parameter keeps secret.
    pub(super) fn without_secrets(&self, text: String) -> String {
        let values = self.values();
        let secrets = self.secret_parameters.iter();
        let mut secrets: Vec<String> =
            secrets.filter_map(|(path, name)| values.given(path, name).ok()).collect();
        secrets.retain(|secret| !secret.is_empty());
        // One may begin with another.
        secrets.sort_by_key(|secret| Reverse(secret.len()));
        secrets.iter().fold(text, |text, secret| text.replace(secret, STARS))
    }
}
