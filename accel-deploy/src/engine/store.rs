//! What is read of parameter stores: values that stack sets publish, and those that were written for them.

use std::collections::BTreeMap;

use accel_synth::manifest::{StackSet, ValueSource};

use super::{Shared, Trouble};
use crate::cloud::{Cloud, CloudError, Place, ssm::GetParameters};

/// What a call of `GetParameters` takes.
const NAMES: usize = 10;

impl<C: Cloud> Shared<C> {
    /// Those of these parameters that are there, with their values.
    pub(super) async fn parameters(
        &self,
        place: &Place,
        names: impl Iterator<Item = &String>,
    ) -> Result<BTreeMap<String, String>, CloudError> {
        let names: Vec<String> = names.cloned().collect();
        let mut there = BTreeMap::new();
        for names in names.chunks(NAMES) {
            let get = GetParameters { names: names.to_vec(), with_decryption: None };
            let found = self.call(place, &get).await?.parameters.into_iter();
            there.extend(found.map(|parameter| (parameter.name, parameter.value)));
        }
        Ok(there)
    }

    /// Learns what stack sets publish, where it is. A value that is not there stays unknown.
    pub(super) async fn read_published(&self, sources: &[&ValueSource]) -> Result<(), Trouble> {
        let mut places: BTreeMap<Place, BTreeMap<String, &ValueSource>> = BTreeMap::new();
        for source in sources {
            let ValueSource::Published { stack_set, key, account, region } = source else {
                continue;
            };
            let set = self.graph.manifest.stack_sets.get(stack_set);
            if let Some(name) = set.and_then(|set| set.published.get(key)) {
                let place = self.place(account, region)?;
                places.entry(place).or_default().insert(name.clone(), source);
            }
        }
        for (place, sources) in places {
            let found = self.parameters(&place, sources.keys()).await?;
            for (name, value) in found {
                if let Some(source) = sources.get(&name) {
                    self.values().learn_published(source, value);
                }
            }
        }
        Ok(())
    }

    /// Learns what documents hold of what a set publishes, for the lock file. The account of one may not be known yet,
    /// and then nothing is there.
    pub(super) async fn learn_published(&self, path: &str, set: &StackSet) -> Result<(), Trouble> {
        if set.published.is_empty() {
            return Ok(());
        }
        let documents = self.graph.manifest.documents.values();
        let sources = documents.flat_map(|document| &document.values).map(|value| &value.source);
        let is_known = |source: &&ValueSource| {
            matches!(source, ValueSource::Published { stack_set, account, region, .. }
                if stack_set == path && self.place(account, region).is_ok())
        };
        let sources: Vec<&ValueSource> = sources.filter(is_known).collect();
        self.read_published(&sources).await
    }
}
