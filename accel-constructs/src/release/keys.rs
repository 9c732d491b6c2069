use accel_core::{DocumentEntry, DocumentNode, Text};

/// The keys of a workflow, a job or a step: set once or more, printed in the order of GitHub's pages.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys(Vec<DocumentEntry>);

impl Keys {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Sets `key`, replacing what it was.
    pub(super) fn set(&mut self, key: impl Into<Text>, value: impl Into<DocumentNode>) {
        self.set_entry(DocumentEntry::new(key, value));
    }

    pub(super) fn set_entry(&mut self, entry: DocumentEntry) {
        match self.0.iter_mut().find(|existing| existing.key == entry.key) {
            Some(existing) => *existing = entry,
            None => self.0.push(entry),
        }
    }

    pub(super) fn set_if_absent(&mut self, key: &'static str, value: impl Into<DocumentNode>) {
        if self.get(key).is_none() {
            self.set(Text::Static(key), value);
        }
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.0.retain(|entry| entry.key != key);
    }

    pub(super) fn get(&self, key: &str) -> Option<&DocumentNode> {
        self.0.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, DocumentEntry> {
        self.0.iter()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys that `order` names in its order, then the others as they were set.
    pub(super) fn in_order(mut self, order: &[&str]) -> DocumentNode {
        let place = |entry: &DocumentEntry| order.iter().position(|key| entry.key == *key);
        self.0.sort_by_key(|entry| place(entry).unwrap_or(order.len()));
        DocumentNode::Map(self.0)
    }
}

impl From<Keys> for DocumentNode {
    fn from(keys: Keys) -> Self {
        Self::Map(keys.0)
    }
}
