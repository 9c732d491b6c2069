//! What is said of a stack set, its operations and its instances.

use std::{cmp::Reverse, time::Duration};

use accel_deploy::cloud::cloudformation as api;
use serde_json::Value;

use super::{
    Instance, Spot, StackSet,
    operation::{Action, Operation, Progress},
    stack_name,
};
use crate::{
    stacks::shown,
    template::stack_id,
    world::{Refusal, Reply, page, reply, text, unknown},
};

fn details(operation: &Operation, then: Duration) -> api::OperationStatusDetails {
    let failed = operation.results().values().filter(|it| it.detailed_status(then) == "FAILED");
    let count = u32::try_from(failed.count()).unwrap_or(u32::MAX);
    api::OperationStatusDetails { failed_stack_instances_count: count }
}

impl StackSet {
    /// Answers what only reads. `listed` is the time whose operations and results the lists show: they are
    /// behind what happens.
    pub(super) fn answer(
        &self,
        (name, administrator): (&str, &str),
        action: &str,
        request: &Value,
        (now, listed): (Duration, Duration),
    ) -> Reply {
        let operation = || {
            let id = text(request, "OperationId")?;
            let missing =
                || Refusal::new("OperationNotFoundException", format!("Operation {id} not found"));
            self.operations.get(id).map(|operation| (id, operation)).ok_or_else(missing)
        };
        match action {
            "DescribeStackSet" => {
                reply(&api::DescribedStackSet { stack_set: self.describe(name, administrator) })
            }
            "DescribeStackSetOperation" => {
                let (id, operation) = operation()?;
                reply(&api::DescribedOperation {
                    stack_set_operation: api::StackSetOperation {
                        operation_id: id.to_owned(),
                        stack_set_id: format!("{name}:1"),
                        action: action_name(operation).to_owned(),
                        status: operation.status().to_owned(),
                        retain_stacks: match operation.work.action {
                            Action::Delete { retain } => Some(retain),
                            _ => None,
                        },
                        operation_preferences: Some(operation.work.preferences.clone()),
                        deployment_targets: operation.work.targets.clone(),
                        stack_set_drift_detection_details: operation.drift(),
                        status_details: Some(details(operation, now)),
                        ..api::StackSetOperation::default()
                    },
                })
            }
            "ListStackSetOperations" => {
                // The newest first.
                let mut operations: Vec<_> = self.operations.iter().collect();
                operations.sort_by_key(|(_, operation)| Reverse(operation.number));
                let operations = operations.into_iter().filter_map(|(id, operation)| {
                    Some(api::OperationSummary {
                        operation_id: id.clone(),
                        action: action_name(operation).to_owned(),
                        status: operation.status_at(listed)?.to_owned(),
                        status_details: Some(details(operation, listed)),
                        ..api::OperationSummary::default()
                    })
                });
                let (summaries, next_token) = page(operations, request);
                reply(&api::StackSetOperations { summaries, next_token })
            }
            "ListStackSetOperationResults" => {
                let (_, operation) = operation()?;
                let wanted = wanted(request, "OPERATION_RESULT_STATUS");
                let results = operation.results().iter().filter(|(_, progress)| {
                    wanted.is_none_or(|wanted| progress.result_status(listed) == wanted)
                });
                let (results, next_token) = page(results, request);
                let result = |(spot, progress): (&Spot, &Progress)| api::OperationResult {
                    account: spot.0.clone(),
                    region: spot.1.clone(),
                    status: progress.result_status(listed).to_owned(),
                    status_reason: progress.reason(listed),
                    account_gate_result: progress.gate_result(spot, listed),
                    organizational_unit_id: None,
                };
                let summaries = results.into_iter().map(result).collect();
                reply(&api::OperationResults { summaries, next_token })
            }
            "DescribeStackInstance" => {
                let account = text(request, "StackInstanceAccount")?;
                let region = text(request, "StackInstanceRegion")?;
                let spot = (account.to_owned(), region.to_owned());
                let missing = || {
                    let message = format!("StackInstance {account}, {region} not found");
                    Refusal::new("StackInstanceNotFoundException", message)
                };
                let instance = self.instances.get(&spot).ok_or_else(missing)?;
                let stack_instance = self.summary(name, &spot, instance, now);
                reply(&api::DescribedStackInstance { stack_instance })
            }
            "ListStackInstances" => {
                let account = request["StackInstanceAccount"].as_str();
                let region = request["StackInstanceRegion"].as_str();
                let detailed = wanted(request, "DETAILED_STATUS");
                let asked = self.instances.iter().filter(|(spot, instance)| {
                    account.is_none_or(|account| *account == spot.0)
                        && region.is_none_or(|region| *region == spot.1)
                        && detailed.is_none_or(|it| self.detailed_status(spot, instance, now) == it)
                });
                let (asked, next_token) = page(asked, request);
                let summary = |(spot, instance)| self.summary(name, spot, instance, now);
                let summaries = asked.into_iter().map(summary).collect();
                reply(&api::StackInstances { summaries, next_token })
            }
            _ => Err(unknown(action)),
        }
    }

    fn summary(
        &self,
        name: &str,
        spot: &Spot,
        instance: &Instance,
        now: Duration,
    ) -> api::StackInstance {
        let (account, region) = spot;
        let progress = self.progress(spot, instance);
        api::StackInstance {
            stack_set_id: format!("{name}:1"),
            account: account.clone(),
            region: region.clone(),
            stack_id: instance.has_stack.then(|| stack_id(account, region, &stack_name(name))),
            status: instance.status.to_owned(),
            status_reason: progress.and_then(|it| it.reason(now)),
            stack_instance_status: Some(api::InstanceStatus {
                detailed_status: Some(self.detailed_status(spot, instance, now).to_owned()),
            }),
            last_operation_id: Some(instance.last_operation.clone()),
            drift_status: Some(instance.drift.to_owned()),
            ..api::StackInstance::default()
        }
    }

    fn detailed_status(&self, spot: &Spot, instance: &Instance, now: Duration) -> &'static str {
        match instance.status {
            "INOPERABLE" => "INOPERABLE",
            _ => (self.progress(spot, instance))
                .map_or("PENDING", |progress| progress.detailed_status(now)),
        }
    }

    fn describe(&self, name: &str, administrator: &str) -> api::StackSet {
        let definition = self.definition.clone();
        api::StackSet {
            stack_set_name: name.to_owned(),
            stack_set_id: format!("{name}:1"),
            stack_set_arn: format!(
                "arn:aws:cloudformation:us-east-1:{administrator}:stackset/{name}:1"
            ),
            status: "ACTIVE".to_owned(),
            template_body: self.template.to_string(),
            parameters: shown(&self.template, &definition.parameters),
            capabilities: definition.capabilities,
            tags: definition.tags,
            permission_model: definition.permission_model,
            auto_deployment: definition.auto_deployment,
            managed_execution: definition.managed_execution,
            stack_set_drift_detection_details: self.drift(),
            ..api::StackSet::default()
        }
    }
}

const fn action_name(operation: &Operation) -> &'static str {
    match operation.work.action {
        Action::Create => "CREATE",
        Action::Update => "UPDATE",
        Action::Delete { .. } => "DELETE",
        Action::DetectDrift => "DETECT_DRIFT",
    }
}

/// The value of a filter, if there is one of that name.
fn wanted<'a>(request: &'a Value, name: &str) -> Option<&'a str> {
    let mut filters = request["Filters"].as_array()?.iter();
    filters.find(|filter| filter["Name"] == name)?["Values"].as_str()
}
