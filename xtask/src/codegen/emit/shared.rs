//! Nested types that several resources of a service have alike: emitted once, named by all.
//!
//! The statements of a web ACL are those of a rule group, and half of QuickSight is there three
//! times. As one type they can be built once for both, and cost one build.

use std::{collections::BTreeMap, fmt};

use super::nested;
use crate::codegen::model::{Nested, Resource, Service, ValueKind};

/// Where each item of each resource's module is: the index of the first resource that has it.
pub(super) struct Shared<'a> {
    owners: BTreeMap<Item<'a>, usize>,
}

/// An item by the index of its resource and its name.
type Item<'a> = (usize, &'a str);

impl<'a> Shared<'a> {
    pub(super) fn of(service: &'a Service) -> Result<Self, fmt::Error> {
        let mut items = BTreeMap::new();
        for (index, resource) in service.resources.iter().enumerate() {
            for item in &resource.nested {
                items.insert((index, item.name.as_str()), (nested::text(item)?, parts(item)));
            }
            for item in &resource.enumerations {
                let text = nested::enumeration_text(item)?;
                items.insert((index, item.name.as_str()), (text, Vec::new()));
            }
        }
        // Alike are items of one text whose parts are alike; refined until no class splits.
        let texts = items.iter().map(|(item, (text, _))| (*item, (item.1, text.as_str())));
        let mut classes = numbered(texts);
        loop {
            let keys = items.iter().map(|(item, (_, parts))| {
                let parts: Vec<_> = parts.iter().map(|part| classes.get(&(item.0, part))).collect();
                (*item, (classes.get(item), parts))
            });
            let refined = numbered(keys);
            if refined.values().max() == classes.values().max() {
                break;
            }
            classes = refined;
        }
        let mut first = BTreeMap::new();
        let owners = classes.iter().map(|(item, class)| {
            let owner = *first.entry(*class).or_insert(item.0);
            (*item, owner)
        });
        Ok(Self { owners: owners.collect() })
    }

    /// The resource whose module has the item `name` of the resource at `index`, if it is another.
    pub(super) fn owner(
        &self,
        service: &'a Service,
        index: usize,
        name: &str,
    ) -> Option<&'a Resource> {
        let owner = *self.owners.get(&(index, name))?;
        (owner != index).then(|| &service.resources[owner])
    }
}

/// Numbers for keys, equal for equal ones.
fn numbered<'a, K: Ord>(keys: impl Iterator<Item = (Item<'a>, K)>) -> BTreeMap<Item<'a>, usize> {
    let mut numbers = BTreeMap::new();
    keys.map(|(item, key)| {
        let next = numbers.len();
        (item, *numbers.entry(key).or_insert(next))
    })
    .collect()
}

/// The items of the same module that a nested type refers to.
fn parts(nested: &Nested) -> Vec<&str> {
    fn own(value: &ValueKind) -> Option<&str> {
        match value {
            ValueKind::Own(name) => Some(name),
            ValueKind::List(item) | ValueKind::Map(item) => own(item),
            _ => None,
        }
    }
    let setters = &nested.setters;
    let all = setters.required.iter().chain(&setters.optional);
    all.filter_map(|setter| own(&setter.value)).collect()
}
