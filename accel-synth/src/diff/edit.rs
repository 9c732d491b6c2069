use std::collections::BTreeSet;

use litemap::LiteMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::{
    align::align,
    path::Path,
    phrase::is_intrinsic,
    policy::{self, Policy},
};
use crate::ordered::IntoMap as _;
use crate::schema::Replacement;

/// What happens to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It is made.
    Add,
    /// It exists, and is taken into a stack.
    Import,
    /// It is changed in place.
    Change,
    /// It is changed; AWS decides whether a new one takes its place.
    MayReplace,
    /// A new one takes its place.
    Replace,
    /// It is deleted.
    Remove,
}

impl Action {
    /// `+`, `<+`, `~`, `~/+`, `-/+` or `-`.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Import => "<+",
            Self::Change => "~",
            Self::MayReplace => "~/+",
            Self::Replace => "-/+",
            Self::Remove => "-",
        }
    }
}

impl From<Replacement> for Action {
    fn from(replacement: Replacement) -> Self {
        match replacement {
            Replacement::No => Self::Change,
            Replacement::Maybe => Self::MayReplace,
            Replacement::Yes => Self::Replace,
        }
    }
}

/// One change inside of something.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Edit {
    /// Where: `LifecycleConfiguration.Rules[0].Status`, `Tags[owner]`.
    pub path: String,
    /// Whether something was put there, taken away or changed.
    pub action: Action,
    /// What was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
    /// What it does to the resource it is part of.
    #[serde(serialize_with = "replacement", skip_serializing_if = "is_in_place")]
    pub replacement: Replacement,
    /// The construct whose replacement changes the value, though the template says the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

fn replacement<S: Serializer>(replacement: &Replacement, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(match replacement {
        Replacement::No => "no",
        Replacement::Maybe => "maybe",
        Replacement::Yes => "yes",
    })
}

fn is_in_place(replacement: &Replacement) -> bool {
    *replacement == Replacement::No
}

/// What changing a place does; see [`Comparison`].
type Replaces<'a> = &'a dyn Fn(&str) -> Replacement;

/// Compares two values, place by place.
pub(super) struct Comparison<'a> {
    /// What changing the place at a path, as schemas write it, does to the resource.
    replaces: Replaces<'a>,
    pub(super) edits: Vec<Edit>,
}

/// The changes from `old` to `new`, none of which replaces anything.
pub(super) fn edits(old: &Value, new: &Value) -> Vec<Edit> {
    let mut comparison = Comparison::new(&|_| Replacement::No);
    comparison.compare(&Path::default(), old, new);
    comparison.edits
}

impl<'a> Comparison<'a> {
    pub(super) fn new(replaces: Replaces<'a>) -> Self {
        Self { replaces, edits: Vec::new() }
    }

    pub(super) fn compare(&mut self, path: &Path, old: &Value, new: &Value) {
        if old == new {
            return;
        }
        if let (Some(old), Some(new)) = (Policy::of(old), Policy::of(new)) {
            return self.policies(path, &old, &new);
        }
        match (old, new) {
            (Value::Object(old), Value::Object(new))
                if !is_intrinsic(old) && !is_intrinsic(new) =>
            {
                self.objects(path, old, new);
            }
            (Value::Array(old), Value::Array(new)) => self.lists(path, old, new),
            _ => self.push(path, Some(old), Some(new)),
        }
    }

    pub(super) fn objects(
        &mut self,
        path: &Path,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) {
        // Sorted here, since a build may switch on maps that keep insertion order.
        let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for key in keys {
            self.places(&path.key(key), old.get(key), new.get(key));
        }
    }

    fn lists(&mut self, path: &Path, old: &[Value], new: &[Value]) {
        if let Some((before, after)) = named(old, new) {
            let names: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
            for name in names {
                let values = (before.get(name).copied(), after.get(name).copied());
                self.places(&path.item(name), values.0, values.1);
            }
            return;
        }
        for (removed, added) in align(old, new) {
            let Some(index) = added.or(removed) else { continue };
            let (before, after) = (removed.map(|at| &old[at]), added.map(|at| &new[at]));
            match (removed, before, after) {
                // One scalar of a list does not become another one.
                (Some(place), Some(Value::String(_)), Some(Value::String(_)))
                    if before != after =>
                {
                    self.push(&path.index(place), before, None);
                    self.push(&path.index(index), None, after);
                }
                _ => self.places(&path.index(index), before, after),
            }
        }
    }

    fn places(&mut self, path: &Path, old: Option<&Value>, new: Option<&Value>) {
        match (old, new) {
            (Some(old), Some(new)) => self.compare(path, old, new),
            (None, None) => {}
            _ => self.push(path, old, new),
        }
    }

    fn policies(&mut self, path: &Path, old: &Policy<'_>, new: &Policy<'_>) {
        let (removed, added) = policy::differences(old, new);
        let statements = path.key("Statement");
        for statement in removed {
            self.push(&statements, Some(statement), None);
        }
        for statement in added {
            self.push(&statements, None, Some(statement));
        }
        let others = |policy: &Policy<'_>| {
            let mut others = policy.document.clone().into_owned();
            others.remove("Statement");
            others
        };
        self.objects(path, &others(old), &others(new));
    }

    fn push(&mut self, path: &Path, old: Option<&Value>, new: Option<&Value>) {
        let action = match (old, new) {
            (None, _) => Action::Add,
            (_, None) => Action::Remove,
            _ => Action::Change,
        };
        self.edits.push(Edit {
            path: path.to_string(),
            action,
            old: old.cloned(),
            new: new.cloned(),
            replacement: (self.replaces)(&path.in_schema()),
            because: None,
        });
    }
}

/// The items of a list, by what tells them apart.
type Items<'v> = LiteMap<&'v str, &'v Value>;

/// Members that tell the items of a list apart, as far as they have them.
const NAMES: [&str; 5] = ["Key", "Id", "Sid", "Name", "PolicyName"];

/// Both lists by the names of their items, if each item has one, no two the same, and those that both
/// lists have stand in the same order. The items of lists of tags are the tags' values.
fn named<'v>(old: &'v [Value], new: &'v [Value]) -> Option<(Items<'v>, Items<'v>)> {
    NAMES.iter().find_map(|name| {
        let (before, after) = (by_name(old, name)?, by_name(new, name)?);
        let order = |items: &'v [Value], others: &Items<'_>| -> Vec<&'v str> {
            let names = items.iter().filter_map(|item| item[*name].as_str());
            names.filter(|name| others.contains_key(name)).collect()
        };
        let is_tags = |items: &[Value]| items.iter().all(is_tag);
        if is_tags(old) && is_tags(new) {
            let values = |items: Items<'v>| {
                items.into_iter().map(|(key, tag)| (key, &tag["Value"])).into_lite_map()
            };
            return Some((values(before), values(after)));
        }
        (order(old, &after) == order(new, &before)).then_some((before, after))
    })
}

fn by_name<'v>(items: &'v [Value], name: &str) -> Option<Items<'v>> {
    let mut named = Items::new();
    for item in items {
        let name = item.as_object()?.get(name)?.as_str()?;
        if named.insert(name, item).is_some() {
            return None;
        }
    }
    Some(named)
}

fn is_tag(item: &Value) -> bool {
    item.as_object()
        .is_some_and(|tag| tag.len() == 2 && tag.contains_key("Key") && tag.contains_key("Value"))
}
