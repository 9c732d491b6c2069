//! What CloudFormation finds when it compares stacks with what is there.
//!
//! "Only resource properties explicitly defined in the stack template are checked for drift." Here all types are checked;
//! of some, CloudFormation says nothing.

use std::time::Duration;

use accel_deploy::cloud::cloudformation::{
    DescribeStackResourceDrifts, PropertyDifference, StackDriftStatus, StackResourceDrift,
    StackResourceDrifts,
};
use serde_json::{Value, json};

use crate::{
    stacks::{Key, absent},
    world::{Refusal, Reply, World, page, read, reply, text, unknown},
};

/// How long the comparison of each resource takes.
const RESOURCE: Duration = Duration::from_secs(1);

/// A comparison of a stack that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Detection {
    stack: Key,
    /// How many resources have drifted, once that is known.
    drifted: Option<u32>,
}

impl World {
    /// When the next comparison has its result.
    pub(crate) fn next_of_detections(&self) -> Option<Duration> {
        self.detecting.first().map(|(ends, _)| *ends)
    }

    /// Settles what ends now.
    pub(crate) fn settle_detections(&mut self) {
        while self.detecting.first().is_some_and(|(ends, _)| *ends <= self.now())
            && let Some((_, id)) = self.detecting.pop_first()
        {
            let Some(stack) = self.detections.get(&id).map(|it| it.stack.clone()) else { continue };
            let drifted = self.compare(&stack);
            self.detections.insert(id, Detection { stack, drifted: Some(drifted) });
        }
    }

    /// Compares a stack with what is there, and remembers what is found; how many resources have drifted.
    pub(crate) fn compare(&mut self, key: &Key) -> u32 {
        let Some(stack) = self.stacks.get(key) else { return 0 };
        let compared = stack.resources.iter().map(|(id, made)| {
            let actual = self.actual(key, id);
            let mut property_differences = Vec::new();
            let status = match &actual {
                None => "DELETED",
                Some(actual) => {
                    differences("", &made.properties, actual, &mut property_differences);
                    if property_differences.is_empty() { "IN_SYNC" } else { "MODIFIED" }
                }
            };
            StackResourceDrift {
                logical_resource_id: id.clone(),
                physical_resource_id: Some(made.physical.clone()),
                resource_type: made.kind.clone(),
                stack_resource_drift_status: status.to_owned(),
                property_differences,
            }
        });
        let drifts: Vec<StackResourceDrift> = compared.collect();
        let has_drifted = |it: &&StackResourceDrift| it.stack_resource_drift_status != "IN_SYNC";
        let drifted = drifts.iter().filter(has_drifted).count();
        if let Some(stack) = self.stacks.get_mut(key) {
            stack.drifts = drifts;
        }
        u32::try_from(drifted).unwrap_or(u32::MAX)
    }

    pub(crate) fn drift(
        &mut self,
        key: impl Fn(&str) -> Key,
        action: &str,
        request: &Value,
    ) -> Reply {
        match action {
            "DetectStackDrift" => self.detect(key(text(request, "StackName")?)),
            "DescribeStackDriftDetectionStatus" => {
                let id = text(request, "StackDriftDetectionId")?;
                let (account, region, _) = key("");
                let here = |it: &&Detection| it.stack.0 == account && it.stack.1 == region;
                let detection = self.detections.get(id).filter(here).ok_or_else(|| {
                    let message = format!("No drift detection found for id {id}");
                    Refusal::new("ValidationError", message)
                })?;
                let (detection_status, drift) = match detection.drifted {
                    None => ("DETECTION_IN_PROGRESS", "NOT_CHECKED"),
                    Some(0) => ("DETECTION_COMPLETE", "IN_SYNC"),
                    Some(_) => ("DETECTION_COMPLETE", "DRIFTED"),
                };
                reply(&StackDriftStatus {
                    stack_drift_detection_id: id.to_owned(),
                    detection_status: detection_status.to_owned(),
                    detection_status_reason: None,
                    stack_drift_status: Some(drift.to_owned()),
                    drifted_stack_resource_count: detection.drifted,
                })
            }
            "DescribeStackResourceDrifts" => {
                let asked: DescribeStackResourceDrifts = read(request)?;
                let key = key(&asked.stack_name);
                let stack = self.stacks.get(&key).ok_or_else(|| absent(&key.2))?;
                let wanted = asked.stack_resource_drift_status_filters;
                let drifts = stack.drifts.iter().filter(|drift| {
                    let status = &drift.stack_resource_drift_status;
                    wanted.as_ref().is_none_or(|wanted| wanted.contains(status))
                });
                let (stack_resource_drifts, next_token) = page(drifts.cloned(), request);
                reply(&StackResourceDrifts { stack_resource_drifts, next_token })
            }
            _ => Err(unknown(action)),
        }
    }

    fn detect(&mut self, key: Key) -> Reply {
        let stack = self.stacks.get(&key).ok_or_else(|| absent(&key.2))?;
        let refused = |reason: String| {
            let message =
                format!("Drift detection cannot be performed on stack [{}]: {reason}", key.2);
            Err(Refusal::new("ValidationError", message))
        };
        if !matches!(
            stack.status.as_str(),
            "CREATE_COMPLETE"
                | "UPDATE_COMPLETE"
                | "UPDATE_ROLLBACK_COMPLETE"
                | "UPDATE_ROLLBACK_FAILED"
                | "IMPORT_COMPLETE"
                | "IMPORT_ROLLBACK_COMPLETE"
        ) {
            return refused(format!("it is in {} state", stack.status));
        }
        if self.detections.values().any(|it| it.stack == key && it.drifted.is_none()) {
            return refused("another drift detection is in progress".to_owned());
        }
        let count = u32::try_from(stack.resources.len()).unwrap_or(u32::MAX).max(1);
        let id = format!("detection-{}", self.detections.len() + 1);
        self.detecting.insert((self.now() + RESOURCE * count, id.clone()));
        self.detections.insert(id.clone(), Detection { stack: key, drifted: None });
        Ok(json!({ "StackDriftDetectionId": id }))
    }
}

/// What is otherwise than expected. What was not expected at all is no difference, but for items of lists.
fn differences(path: &str, expected: &Value, actual: &Value, found: &mut Vec<PropertyDifference>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (name, expected) in expected {
                let path = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
                match actual.get(name) {
                    Some(actual) => differences(&path, expected, actual, found),
                    None => found.push(difference(path, expected, &Value::Null, "REMOVE")),
                }
            }
        }
        (Value::Array(expected), Value::Array(actual)) => {
            for index in 0..expected.len().max(actual.len()) {
                let path = format!("{path}/{index}");
                match (expected.get(index), actual.get(index)) {
                    (Some(expected), Some(actual)) => differences(&path, expected, actual, found),
                    (Some(expected), None) => {
                        found.push(difference(path, expected, &Value::Null, "REMOVE"));
                    }
                    (None, Some(actual)) => {
                        found.push(difference(path, &Value::Null, actual, "ADD"));
                    }
                    (None, None) => {}
                }
            }
        }
        // `20` and `"20"` are one value to CloudFormation.
        _ if as_text(expected) == as_text(actual) => {}
        _ => found.push(difference(path.to_owned(), expected, actual, "NOT_EQUAL")),
    }
}

fn difference(path: String, expected: &Value, actual: &Value, kind: &str) -> PropertyDifference {
    PropertyDifference {
        property_path: path,
        expected_value: as_text(expected),
        actual_value: as_text(actual),
        difference_type: kind.to_owned(),
    }
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_expected_is_compared_but_for_items_of_lists() {
        let expected = json!({"Delay": 20, "Policy": {"a/b": 1, "Gone": {"X": true}}, "Open": ["x"], "Less": [1, 2]});
        let actual = json!({"Delay": "120", "Policy": {"a/b": "1"}, "Open": ["x", {"y": 1}], "Less": [1], "More": 1});
        let mut found = Vec::new();
        differences("", &expected, &actual, &mut found);
        let found: Vec<String> = found
            .into_iter()
            .map(|it| {
                let (path, kind) = (it.property_path, it.difference_type);
                format!("{path} {kind} {} {}", it.expected_value, it.actual_value)
            })
            .collect();
        assert_eq!(
            found,
            [
                "/Delay NOT_EQUAL 20 120",
                "/Less/1 REMOVE 2 null",
                "/Open/1 ADD null {\"y\":1}",
                "/Policy/Gone REMOVE {\"X\":true} null",
            ]
        );
    }
}
