//! What stacks and stack sets have replaced, and can be found only by what was noted before.

use std::collections::{BTreeMap, btree_map::Entry};

use serde::{Deserialize, Serialize};

use crate::{
    cleanup::{Going, Superseded},
    cloud::Place,
};

/// By the path of the stack or stack set, and the logical id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Formers(BTreeMap<String, BTreeMap<String, Former>>);

impl Formers {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What of an owner is not deleted yet, by logical id.
    pub(crate) fn of(&self, owner: &str) -> impl Iterator<Item = (&String, &Former)> {
        self.0.get(owner).into_iter().flatten()
    }

    /// By what a resource was known.
    pub(crate) fn ids(&self, owner: &str, resource: &Superseded) -> &[FormerId] {
        let former = self.0.get(owner).and_then(|it| it.get(&resource.logical_id));
        former.map_or(&[], |it| &it.ids)
    }

    pub(crate) fn note(&mut self, owner: &str, resource: &Superseded, id: FormerId) {
        let of_owner = self.0.entry(owner.to_owned()).or_default();
        let former = of_owner.entry(resource.logical_id.clone());
        former.or_insert_with(|| Former::of(resource)).ids.push(id);
    }

    pub(super) fn forget(&mut self, owner: &str) {
        self.0.remove(owner);
    }

    /// Keeps those of the owners that something is deleted for.
    pub(super) fn retain(&mut self, is_cleaned_up: impl Fn(&str) -> bool) {
        self.0.retain(|owner, _| is_cleaned_up(owner));
    }

    /// By the paths that the owners have now.
    pub(super) fn renamed<'p>(&'p self, path: impl Fn(&'p str) -> &'p str) -> Self {
        let mut renamed = Self::default();
        for (owner, formers) in &self.0 {
            let of_owner = renamed.0.entry(path(owner).to_owned()).or_default();
            for (logical_id, former) in formers {
                match of_owner.entry(logical_id.clone()) {
                    Entry::Vacant(none) => drop(none.insert(former.clone())),
                    Entry::Occupied(mut known) => known.get_mut().ids.extend(former.ids.clone()),
                }
            }
        }
        renamed
    }

    /// Those of owners that nothing is deleted for any more, in words.
    pub(crate) fn left(
        &self,
        is_cleaned_up: impl Fn(&str) -> bool,
    ) -> impl Iterator<Item = String> {
        let owners = self.0.iter().filter(move |(owner, _)| !is_cleaned_up(owner));
        owners.flat_map(|(owner, formers)| {
            formers.values().flat_map(move |former| {
                let called = format!("`{owner}`: the old {}", former.called());
                former.ids.iter().map(move |id| format!("{called}, {}", id.physical))
            })
        })
    }
}

/// A resource as it was, or is still.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Former {
    construct: String,
    type_name: String,
    /// By what it can be found: more than once if an update was followed by another before all was moved, and in all the
    /// places of a stack set.
    ids: Vec<FormerId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FormerId {
    pub(crate) place: Place,
    /// What its stack calls it.
    pub(crate) physical: String,
    /// What Cloud Control calls it, if it knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) known_as: Option<String>,
}

impl FormerId {
    /// The same resource.
    pub(crate) fn is(&self, place: &Place, physical: &str) -> bool {
        self.is_in(place) && self.physical == physical
    }

    /// By whatever role the account is entered.
    pub(crate) fn is_in(&self, place: &Place) -> bool {
        (&self.place.account, &self.place.region) == (&place.account, &place.region)
    }
}

impl Former {
    fn of(resource: &Superseded) -> Self {
        let (construct, type_name) = (resource.construct.clone(), resource.type_name.clone());
        Self { construct, type_name, ids: Vec::new() }
    }

    pub(crate) fn called(&self) -> String {
        format!("`{}` ({})", self.construct, self.type_name)
    }

    pub(crate) fn going(&self, logical_id: &str, used_by: Vec<String>) -> Going {
        Going {
            logical_id: logical_id.to_owned(),
            construct: self.construct.clone(),
            type_name: self.type_name.clone(),
            used_by,
            is_needed: true,
        }
    }
}
