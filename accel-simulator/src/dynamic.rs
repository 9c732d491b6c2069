//! Dynamic references: what a template reads of the parameter store when a stack is made or changed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{template::Made, world::World};

const OPEN: &str = "{{resolve:ssm:";
const CLOSE: &str = "}}";

impl World {
    /// Puts the values of parameters where resources refer to them by [`ssm`]. References to secrets stay as they are:
    /// nobody is shown those.
    ///
    /// [`ssm`]: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html
    ///
    /// # Errors
    /// The parameters that are not there, in CloudFormation's words.
    pub(crate) fn resolve(
        &self,
        (account, region): (&str, &str),
        resources: &mut BTreeMap<String, Made>,
    ) -> Result<(), String> {
        let mut missing = BTreeSet::new();
        let mut lookup = |reference: &str| {
            // A version is a number behind the name. Only the newest is kept here.
            let (name, version) = reference.split_once(':').unwrap_or((reference, ""));
            let found = self.parameter(account, region, name);
            let found = found.filter(|_| version.bytes().all(|byte| byte.is_ascii_digit()));
            if found.is_none() {
                missing.insert(format!("ssm:{reference}"));
            }
            found.unwrap_or_default().to_owned()
        };
        for made in resources.values_mut() {
            made.physical = resolved(&made.physical, &mut lookup);
            resolve_in(&mut made.properties, &mut lookup);
        }
        if missing.is_empty() {
            return Ok(());
        }
        let missing: Vec<String> = missing.into_iter().collect();
        Err(format!("Parameters: [{}] cannot be found.", missing.join(", ")))
    }
}

fn resolve_in(value: &mut Value, lookup: &mut impl FnMut(&str) -> String) {
    match value {
        Value::String(text) if text.contains(OPEN) => *text = resolved(text, lookup),
        Value::Array(items) => items.iter_mut().for_each(|item| resolve_in(item, lookup)),
        Value::Object(members) => members.values_mut().for_each(|it| resolve_in(it, lookup)),
        _ => {}
    }
}

fn resolved(text: &str, lookup: &mut impl FnMut(&str) -> String) -> String {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN)
        && let Some((reference, after)) = after.split_once(CLOSE)
    {
        whole.push_str(before);
        whole.push_str(&lookup(reference));
        rest = after;
    }
    whole + rest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::BEGINNING;

    #[test]
    fn references_are_read_where_the_stack_is_and_the_missing_are_named() {
        let mut world = World::new(BEGINNING);
        let put = |world: &mut World, region: &str| {
            world.set_parameter("111111111111", region, "/a/size".into(), "3".into());
        };
        put(&mut world, "eu-west-1");
        let properties = json!({
            "A": ["x-{{resolve:ssm:/a/size}}-{{resolve:ssm:/a/size:1}}"],
            "B": {"C": "{{resolve:ssm-secure:/a/secret}}"},
        });
        let made = Made { kind: "A::B::C".into(), physical: "c".into(), properties };
        let made = BTreeMap::from([("C".to_owned(), made)]);
        let mut here = made.clone();
        assert_eq!(world.resolve(("111111111111", "eu-west-1"), &mut here), Ok(()));
        assert_eq!(
            here["C"].properties,
            json!({"A": ["x-3-3"], "B": {"C": "{{resolve:ssm-secure:/a/secret}}"}})
        );
        let there = world.resolve(("111111111111", "us-east-1"), &mut made.clone());
        let expected = "Parameters: [ssm:/a/size, ssm:/a/size:1] cannot be found.";
        assert_eq!(there, Err(expected.to_owned()));
    }
}
