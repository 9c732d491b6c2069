//! Who uses a resource: other stacks, whose resources have its id in their properties.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Key;
use crate::{
    template::{Made, fnv, is_made},
    world::World,
};

/// The services that do not delete what others use.
const REFUSING: [&str; 2] = ["AWS::EC2::", "AWS::ElasticLoadBalancingV2::"];

impl World {
    /// What was deleted while another stack used it, one line each. Most services do not refuse it, and who used it is
    /// broken then: a deployment should leave nothing here.
    #[must_use]
    pub fn broken(&self) -> &[String] {
        &self.broken
    }

    /// What stacks have left behind that no stack has now, one line each: what a policy keeps, and what could not be
    /// deleted.
    #[must_use]
    pub fn left_behind(&self) -> Vec<String> {
        let left = self.left.iter();
        left.map(|(account, region, kind, id)| format!("{kind} {id} in {account}, {region}"))
            .collect()
    }

    /// Whether a resource may be deleted. What the service deletes although it is used, the world remembers.
    ///
    /// # Errors
    /// If another stack uses it, and its service does not let go of what is used.
    pub(crate) fn may_delete(&mut self, key: &Key, made: &Made) -> Result<(), String> {
        let Some((user, id)) = self.user(key, made) else { return Ok(()) };
        let Made { kind, physical, .. } = made;
        if REFUSING.iter().any(|service| kind.starts_with(service)) {
            return Err(format!(
                "Resource handler returned message: \"resource {physical} has a dependent object (Status Code: 400, Error \
                 Code: DependencyViolation)\" (HandlerErrorCode: ResourceConflict)"
            ));
        }
        let ((account, region, _), (of, there, stack)) = (key, user);
        let line = format!(
            "{kind} `{physical}` in {account}, {region} was deleted, and `{id}` of stack {stack} in {of}, {there} uses it"
        );
        self.broken.push(line);
        Ok(())
    }

    /// Remembers the words in the properties of a stack's resources, so that most ids need not be looked for: all but what
    /// says a resource's own name, and the made ids of the stack, which are nobody else's.
    pub(super) fn take_note(&mut self, resources: &BTreeMap<String, Made>) {
        let own: BTreeSet<&str> = resources.values().map(|made| &*made.physical).collect();
        for made in resources.values() {
            each_text(&made.properties, &mut |text| {
                if text != made.physical {
                    let foreign = words(text).filter(|word| !is_made(word) || !own.contains(word));
                    self.words.extend(foreign.map(|word| fnv(&[word])));
                }
                false
            });
        }
    }

    /// The first resource of another stack that has the id somewhere in its properties.
    fn user(&self, key: &Key, made: &Made) -> Option<(&Key, &String)> {
        let id = &made.physical;
        if id.is_empty() || !words(id).all(|word| self.words.contains(&fnv(&[word]))) {
            return None;
        }
        let mut stacks = self.stacks.iter().filter(|(of, _)| *of != key);
        stacks.find_map(|(of, stack)| {
            let mut resources = stack.resources.iter();
            let (user, _) = resources.find(|(user, it)| {
                each_text(&it.properties, &mut |text| mentions(text, id)) && stack.is_there(user)
            })?;
            let is_here = (&of.0, &of.1) == (&key.0, &key.1);
            (is_here || !self.is_there(of, made)).then_some((of, user))
        })
    }

    /// Whether there is one of this name where a stack is: then that is the one it means.
    fn is_there(&self, (account, region, _): &Key, made: &Made) -> bool {
        self.owner(account, region, &made.kind, &made.physical).is_some()
    }
}

/// Goes through the texts of a value until one is it.
fn each_text(value: &Value, is_it: &mut impl FnMut(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is_it(text),
        Value::Array(items) => items.iter().any(|item| each_text(item, is_it)),
        Value::Object(members) => members.values().any(|member| each_text(member, is_it)),
        _ => false,
    }
}

/// Whether a text is the id, or has it as a part: of an ARN, for instance.
fn mentions(text: &str, id: &str) -> bool {
    let is_within = |one: Option<char>, other: Option<char>| {
        one.zip(other).is_some_and(|(one, other)| is_of_word(one) && is_of_word(other))
    };
    text.match_indices(id).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + id.len()..]);
        !is_within(before.chars().next_back(), id.chars().next())
            && !is_within(id.chars().next_back(), after.chars().next())
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter| !is_of_word(letter)).filter(|word| !word.is_empty())
}

const fn is_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_as_whole_words() {
        for (text, id) in [
            ("alerts", "alerts"),
            ("arn:aws:sns:eu-west-1:111111111111:topic/alerts", "alerts"),
            ("my-alerts,alerts", "alerts"),
            ("arn:aws:ssm:eu-west-1:111111111111:parameter/app/name", "/app/name"),
            ("a1b2c3|prod", "a1b2c3|prod"),
        ] {
            assert!(mentions(text, id), "{id} in {text}");
            let all: Vec<&str> = words(text).collect();
            assert!(words(id).all(|word| all.contains(&word)), "{id} in {text}");
        }
        for text in ["my-alerts", "alerts2", "alert", "alerts_", ""] {
            assert!(!mentions(text, "alerts"), "{text}");
        }
    }
}
