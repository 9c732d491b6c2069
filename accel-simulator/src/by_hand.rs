//! What somebody does to resources without CloudFormation.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    stacks::{Key, Stack, published},
    template::Made,
    world::World,
};

/// A change of a resource that CloudFormation does not know of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ByHand {
    /// Twelve digits.
    pub account: String,
    /// The region.
    pub region: String,
    /// The resource's logical id, in each stack there that has it.
    pub of: String,
    /// What is done to it.
    pub change: Change,
}

/// What is done to a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Change {
    /// It is deleted.
    Deleted,
    /// A property is another one now.
    Set {
        /// Where, as a JSON pointer: `/VersioningConfiguration/Status`. An index after the last of a list adds an item.
        property: String,
        /// What it is then; `null` takes it away.
        value: Value,
    },
}

impl World {
    /// Changes a resource as somebody with a console would. Until its template changes it, CloudFormation does not
    /// notice, unless it is asked to compare.
    ///
    /// # Errors
    /// If there is no such resource there, or nothing of that name in it.
    pub fn change_by_hand(&mut self, by_hand: &ByHand) -> Result<(), String> {
        let ByHand { account, region, of, change } = by_hand;
        let here = |key: &Key| key.0 == *account && key.1 == *region;
        let mut keys: Vec<Key> = Vec::new();
        let mut there: Vec<&String> = Vec::new();
        for (key, stack) in self.stacks.iter().filter(|(key, _)| here(key)) {
            there.extend(stack.resources.keys());
            if stack.is_there(of) {
                keys.push(key.clone());
            }
        }
        if keys.is_empty() {
            there.sort();
            there.dedup();
            return Err(format!(
                "nothing can be changed by hand: no stack in {account}, {region} has a resource `{of}`; the resources \
                 there are {there:?}"
            ));
        }
        for key in keys {
            let actual = match (change, self.actual(&key, of)) {
                (Change::Set { property, value }, Some(mut actual)) => {
                    set(&mut actual, property, value)?;
                    Some(actual)
                }
                _ => None,
            };
            self.make_actual(&key, of, actual);
        }
        Ok(())
    }

    /// The properties that a resource has, whatever its stack says; none if it is no more.
    pub(crate) fn actual(&self, key: &Key, id: &str) -> Option<Value> {
        let stack = self.stacks.get(key)?;
        let made = stack.resources.get(id)?;
        let mut actual = match stack.by_hand.get(id) {
            Some(changed) => changed.clone()?,
            None => made.properties.clone(),
        };
        // Others write to the parameter store by its own calls.
        if let Some((name, _)) = published([made]).pop() {
            actual["Value"] = self.parameter(&key.0, &key.1, &name)?.into();
        }
        Some(actual)
    }

    pub(crate) fn make_actual(&mut self, key: &Key, id: &str, actual: Option<Value>) {
        let Some(stack) = self.stacks.get_mut(key) else { return };
        let parameter = stack.resources.get(id).and_then(|made| published([made]).pop());
        if let Some((name, _)) = parameter {
            match actual.as_ref().and_then(|actual| actual["Value"].as_str()) {
                Some(value) => self.set_parameter(&key.0, &key.1, name, value.to_owned()),
                None => self.drop_parameter(&key.0, &key.1, name),
            }
        }
        if let Some(stack) = self.stacks.get_mut(key) {
            stack.by_hand.insert(id.to_owned(), actual);
        }
    }
}

impl Stack {
    pub(crate) fn is_there(&self, id: &str) -> bool {
        self.resources.contains_key(id) && self.by_hand.get(id) != Some(&None)
    }

    /// Why CloudFormation cannot make a resource what it is to be: it was deleted by hand.
    pub(crate) fn lost(&self, id: &str, wanted: &Made) -> Option<String> {
        let before = self.resources.get(id).filter(|before| before.physical == wanted.physical)?;
        (before != wanted && !self.is_there(id)).then(|| {
            let Made { kind, physical, .. } = before;
            format!("Resource of type '{kind}' with identifier '{physical}' was not found.")
        })
    }
}

/// Puts a value where a pointer says, with the structures on the way.
fn set(properties: &mut Value, pointer: &str, value: &Value) -> Result<(), String> {
    let refused = || format!("nothing can be changed by hand: there is no property `{pointer}`");
    let steps = pointer.strip_prefix('/').ok_or_else(refused)?;
    let mut steps: Vec<String> =
        steps.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let last = steps.pop().ok_or_else(refused)?;
    let mut at = properties;
    for step in steps {
        at = match at {
            Value::Array(items) => step
                .parse()
                .ok()
                .and_then(|index: usize| items.get_mut(index))
                .ok_or_else(refused)?,
            Value::Object(members) => {
                members.entry(step).or_insert_with(|| Value::Object(Map::new()))
            }
            _ => return Err(refused()),
        };
    }
    match (at, value) {
        (Value::Object(members), Value::Null) => drop(members.remove(&last)),
        (Value::Object(members), value) => drop(members.insert(last, value.clone())),
        (Value::Array(items), value) => {
            let index: usize = last.parse().map_err(|_| refused())?;
            match (items.len(), value) {
                (count, Value::Null) if index < count => drop(items.remove(index)),
                (count, value) if index < count => value.clone_into(&mut items[index]),
                (count, value) if index == count => items.push(value.clone()),
                _ => return Err(refused()),
            }
        }
        _ => return Err(refused()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn after(properties: &Value, pointer: &str, value: Value) -> Result<Value, String> {
        let mut properties = properties.clone();
        set(&mut properties, pointer, &value).map(|()| properties)
    }

    #[test]
    fn a_pointer_reaches_members_and_items() {
        let properties = json!({"A": {"B": 1}, "L": ["x", "y"]});
        for (pointer, value, expected) in [
            ("/A/B", json!(2), json!({"A": {"B": 2}, "L": ["x", "y"]})),
            ("/A/C/D", json!(2), json!({"A": {"B": 1, "C": {"D": 2}}, "L": ["x", "y"]})),
            ("/A", Value::Null, json!({"L": ["x", "y"]})),
            ("/L/0", json!("z"), json!({"A": {"B": 1}, "L": ["z", "y"]})),
            ("/L/2", json!("z"), json!({"A": {"B": 1}, "L": ["x", "y", "z"]})),
            ("/L/0", Value::Null, json!({"A": {"B": 1}, "L": ["y"]})),
            ("/a~1b", json!(1), json!({"A": {"B": 1}, "L": ["x", "y"], "a/b": 1})),
        ] {
            assert_eq!(after(&properties, pointer, value), Ok(expected), "{pointer}");
        }
    }

    #[test]
    fn a_pointer_to_nowhere_is_refused_by_name() {
        let properties = json!({"A": 1, "L": []});
        for pointer in ["A", "/A/B", "/A/B/C", "/L/1", "/L/x", "/L/0/x"] {
            let error = after(&properties, pointer, json!(1)).unwrap_err();
            assert!(error.ends_with(&format!("no property `{pointer}`")), "{error}");
        }
    }
}
