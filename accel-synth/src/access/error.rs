//! What an assembly cannot answer.

use std::fmt;

/// What an assembly cannot answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessError {
    /// It has none of that name.
    NotThere {
        /// What was looked for: a stack, a role, an account.
        what: &'static str,
        /// As it was given.
        name: String,
        /// What there is instead.
        others: Vec<String>,
    },
    /// Somebody who is neither an ARN of IAM nor a service.
    NoPrincipal(String),
    /// A document that is no policy.
    Unreadable {
        /// The policy's name.
        policy: String,
        /// The construct that made it, if one did.
        construct: Option<String>,
        /// Why.
        error: String,
        /// Whether it has functions that only a deployment evaluates: AWS may find a policy there.
        is_open: bool,
    },
}

impl AccessError {
    pub(super) fn not_there(
        what: &'static str,
        name: &str,
        others: impl IntoIterator<Item = impl ToString>,
    ) -> Self {
        let mut others: Vec<_> = others.into_iter().map(|other| other.to_string()).collect();
        others.sort();
        others.dedup();
        Self::NotThere { what, name: name.to_owned(), others }
    }
}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere { what, name, others } if others.is_empty() => {
                write!(f, "no {what} is at `{name}`: there is none at all")
            }
            Self::NotThere { what, name, others } => {
                write!(f, "no {what} is at `{name}`; there are")?;
                others.iter().try_for_each(|other| write!(f, "\n  {other}"))
            }
            Self::NoPrincipal(text) => {
                write!(f, "`{text}` is neither the ARN of a user, role or session, nor a service")
            }
            Self::Unreadable { policy, error, .. } => write!(f, "`{policy}`: {error}"),
        }
    }
}

impl std::error::Error for AccessError {}
