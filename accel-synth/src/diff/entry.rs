use litemap::LiteMap;
use serde::Serialize;

use super::{Action, Edit};

/// How a parameter, an output, an account, a step, ... differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryDiff {
    /// What it is: `parameter`, `output`, `account`, `trusted-access`.
    pub kind: String,
    /// Its name or construct path.
    pub name: String,
    /// What happens to it.
    pub action: Action,
    /// More to know, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Its changes; none if it is made or deleted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
}

impl EntryDiff {
    pub(super) fn new(kind: &str, name: &str, action: Action) -> Self {
        Self { kind: kind.into(), name: name.into(), action, note: None, edits: Vec::new() }
    }
}

/// Every key of two maps, with its values.
pub(super) fn pairs<'m, V: 'm>(
    old: impl IntoIterator<Item = (&'m String, &'m V)>,
    new: impl IntoIterator<Item = (&'m String, &'m V)>,
) -> impl Iterator<Item = (&'m str, Option<&'m V>, Option<&'m V>)> {
    let mut pairs = LiteMap::new_vec();
    for (key, value) in old {
        pairs.insert(key.as_str(), (Some(value), None));
    }
    for (key, value) in new {
        pairs.entry(key.as_str()).or_insert((None, None)).1 = Some(value);
    }
    pairs.into_iter().map(|(key, (old, new))| (key, old, new))
}

/// What happens to something of which there was `old` and will be `new`.
pub(super) const fn action<V: Copy>(old: Option<V>, new: Option<V>) -> Action {
    match (old, new) {
        (None, _) => Action::Add,
        (_, None) => Action::Remove,
        _ => Action::Change,
    }
}
