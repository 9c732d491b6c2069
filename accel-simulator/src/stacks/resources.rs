//! What becomes of the resources of a stack when it changes.

use std::collections::BTreeMap;

use super::{Key, Stack, published};
use crate::{template::Made, world::World};

impl World {
    /// Brings the parameters that are resources into the store.
    pub(crate) fn publish(
        &mut self,
        (account, region, _): &Key,
        before: &BTreeMap<String, Made>,
        after: &BTreeMap<String, Made>,
    ) {
        let (before, after) = (published(before.values()), published(after.values()));
        for (name, _) in before.iter().filter(|(old, _)| after.iter().all(|it| it.0 != *old)) {
            self.drop_parameter(account, region, name.clone());
        }
        // What a template does not change, nobody touches.
        for (name, value) in after.into_iter().filter(|it| !before.contains(it)) {
            self.set_parameter(account, region, name, value);
        }
    }
}

impl Stack {
    /// Has other resources now, those that were changed as their template says; what it had before.
    pub(crate) fn become_made_of(
        &mut self,
        resources: BTreeMap<String, Made>,
    ) -> BTreeMap<String, Made> {
        let before = std::mem::replace(&mut self.resources, resources);
        self.by_hand.retain(|id, _| before.get(id) == self.resources.get(id));
        before
    }
}
