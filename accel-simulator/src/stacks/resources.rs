//! What becomes of the resources of a stack when it changes.

use std::collections::BTreeMap;

use super::{Key, Stack, published, replacement::Update};
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
    /// Has the resources of an update now, those that were changed as their template says.
    pub(super) fn become_made_of(&mut self, update: &Update<'_>) {
        let Update { before, imported, resources, .. } = update;
        self.by_hand.retain(|id, _| before.get(id) == resources.get(id));
        self.statuses.retain(|id, _| resources.contains_key(id));
        for (id, made) in resources {
            match before.get(id) {
                Some(before) if before == made => {}
                Some(_) => _ = self.statuses.insert(id.clone(), "UPDATE_COMPLETE"),
                None if imported.contains_key(id) => {
                    self.statuses.insert(id.clone(), "IMPORT_COMPLETE");
                }
                None => {}
            }
        }
        self.resources.clone_from(resources);
    }
}
