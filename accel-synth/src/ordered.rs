use std::collections::BTreeMap;

use litemap::LiteMap;
use serde_json::{Map, Value};

/// Ends an iterator in a map, as `collect` does. That sorts first, by 2,000 lines which are compiled anew for each
/// iterator: an eighth of what a debug build of this crate compiled.
pub(crate) trait IntoMap: Iterator + Sized {
    /// The map. Of entries with one key the last counts.
    fn into_map<K: Ord, V>(self) -> BTreeMap<K, V>
    where
        Self: Iterator<Item = (K, V)>,
    {
        let mut map = BTreeMap::new();
        for (key, value) in self {
            map.insert(key, value);
        }
        map
    }

    /// The same for a few entries, or for many that come in their order: each insertion moves those behind it. Each type of
    /// a `BTreeMap` is 3,000 lines that a debug build compiles, this one 300.
    fn into_lite_map<K: Ord, V>(self) -> LiteMap<K, V>
    where
        Self: Iterator<Item = (K, V)>,
    {
        let mut map = LiteMap::new_vec();
        for (key, value) in self {
            map.insert(key, value);
        }
        map
    }

    /// The members of an object.
    fn into_members(self) -> Map<String, Value>
    where
        Self: Iterator<Item = (String, Value)>,
    {
        let mut members = Map::new();
        for (name, value) in self {
            members.insert(name, value);
        }
        members
    }
}

impl<I: Iterator> IntoMap for I {}
