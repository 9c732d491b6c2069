use std::collections::BTreeMap;

use crate::{AccountId, Text};

/// What earlier deployments learned: the content of the committed lock file. Reading and writing the
/// file is the business of whoever runs the app; see [`App::set_lock`](crate::App::set_lock).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    accounts: BTreeMap<Text, AccountId>,
    values: BTreeMap<Text, BTreeMap<Text, Text>>,
}

impl Lock {
    /// Notes the id of the account called `name` in the tree.
    pub fn set_account(&mut self, name: impl Into<Text>, id: AccountId) {
        self.accounts.insert(name.into(), id);
    }

    /// Notes what `producer` (the path of a stack or a step; for a stack set
    /// `<set>@<account>/<region>`) made known under `name`.
    pub fn set_value(
        &mut self,
        producer: impl Into<Text>,
        name: impl Into<Text>,
        value: impl Into<Text>,
    ) {
        self.values.entry(producer.into()).or_default().insert(name.into(), value.into());
    }

    /// See [`Lock::set_account`].
    #[must_use]
    pub fn account(&self, name: &str) -> Option<AccountId> {
        self.accounts.get(name).copied()
    }

    /// See [`Lock::set_value`].
    #[must_use]
    pub fn value(&self, producer: &str, name: &str) -> Option<&str> {
        self.values.get(producer)?.get(name).map(Text::as_str)
    }

    /// All accounts, by name.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, AccountId)> {
        self.accounts.iter().map(|(name, id)| (name.as_str(), *id))
    }

    /// All values: producer, name, value; ordered.
    pub fn values(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.values.iter().flat_map(|(producer, values)| {
            values.iter().map(|(name, value)| (producer.as_str(), name.as_str(), value.as_str()))
        })
    }
}
