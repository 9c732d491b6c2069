//! Stacks: change sets, execution over time, rollback, outputs.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use accel_deploy::cloud::cloudformation::{
    self as api, Change, CreateChangeSet, ExecuteChangeSet, Output, Parameter, Tag,
};
use serde_json::{Value, json};

use self::{
    checks::{changes, valued},
    import::Import,
};
use crate::{
    template::{Made, stack_id},
    world::{Refusal, Reply, World, read, reply, text, unknown},
};

mod checks;
mod import;
mod resources;

pub(crate) use self::{
    checks::{checked, invalid, named, published, shown, tagged, template, unfit},
    import::Existing,
};

/// How long each resource takes.
const RESOURCE: Duration = Duration::from_secs(2);

/// The largest template that is sent inline.
const INLINE: usize = 51_200;

/// Account, region and name.
pub(crate) type Key = (String, String, String);

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stack {
    pub(crate) status: String,
    pub(crate) template: Arc<str>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) outputs: BTreeMap<String, String>,
    pub(crate) resources: BTreeMap<String, Made>,
    /// The physical ids of those that were not made by it.
    pub(crate) imported: BTreeMap<String, String>,
    pub(crate) protected: bool,
    pub(crate) change_sets: BTreeMap<String, ChangeSet>,
    /// How many change sets it has had.
    made: usize,
    pub(crate) running: Option<Running>,
    pub(crate) events: Vec<api::StackEvent>,
    /// Resources that were changed by hand, with the properties that they have; without any, they were deleted.
    pub(crate) by_hand: BTreeMap<String, Option<Value>>,
    /// What the last comparison has found, of each resource.
    pub(crate) drifts: Vec<api::StackResourceDrift>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChangeSet {
    request: CreateChangeSet,
    template: String,
    /// Why it cannot be executed.
    refused: Option<String>,
    changes: Vec<Change>,
    imported: BTreeMap<String, String>,
    /// Which one of its stack it is.
    nth: usize,
    execution: Execution,
}

/// How far a change set is: the one that was executed stays, until the next one is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Execution {
    #[default]
    Available,
    Running,
    Complete,
    Failed,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Running {
    ends: Duration,
    what: Work,
}

/// What goes on in a stack.
#[derive(Clone, Debug, PartialEq)]
enum Work {
    Change(Box<ChangeSet>),
    Deletion,
    /// Back to what was before an update.
    Rollback,
}

impl World {
    /// When the next stack has done what it does.
    pub(crate) fn next_of_stacks(&self) -> Option<Duration> {
        self.due.first().map(|(ends, _)| *ends)
    }

    /// Settles what ends now.
    pub(crate) fn settle_stacks(&mut self) {
        while self.due.first().is_some_and(|(ends, _)| *ends <= self.now())
            && let Some((_, key)) = self.due.pop_first()
        {
            self.end(&key);
        }
    }

    /// Begins what ends after a while; what ran before does not end any more.
    fn begin(&mut self, key: &Key, lasts: Duration, status: &str, what: Work) {
        let ends = self.now() + lasts;
        let Some(stack) = self.stacks.get_mut(key) else { return };
        status.clone_into(&mut stack.status);
        if let Some(before) = stack.running.replace(Running { ends, what }) {
            self.due.remove(&(before.ends, key.clone()));
        }
        self.due.insert((ends, key.clone()));
    }

    /// Makes a stack one of another app, as somebody who deploys by hand might.
    pub fn retag_stack(&mut self, account: &str, region: &str, name: &str, app: &str) {
        let key = (account.to_owned(), region.to_owned(), name.to_owned());
        let stack = self.stacks.get_mut(&key).into_iter();
        for tag in stack.flat_map(|stack| &mut stack.tags).filter(|tag| tag.key == "accel:app") {
            app.clone_into(&mut tag.value);
        }
    }

    /// Brings a stack into a state that is hard to reach, `UPDATE_ROLLBACK_FAILED` for instance.
    pub fn set_stack_status(&mut self, account: &str, region: &str, name: &str, status: &str) {
        let key = (account.to_owned(), region.to_owned(), name.to_owned());
        if let Some(stack) = self.stacks.get_mut(&key) {
            status.clone_into(&mut stack.status);
        }
    }

    pub(crate) fn stacks(
        &mut self,
        account: &str,
        region: &str,
        action: &str,
        request: &Value,
    ) -> Reply {
        let key = |name: &str| (account.to_owned(), region.to_owned(), name_of(name).to_owned());
        match action {
            "CreateChangeSet" => {
                let request: CreateChangeSet = read(request)?;
                self.create_change_set(key(&request.stack_name), request)
            }
            "DescribeChangeSet" => {
                let stack = self.stacks.get(&key(text(request, "StackName")?));
                let name = text(request, "ChangeSetName")?;
                let there =
                    stack.and_then(|stack| stack.change_sets.get(name)).ok_or_else(|| {
                        Refusal("ChangeSetNotFound", format!("ChangeSet [{name}] does not exist"))
                    })?;
                let (status, execution) = match there.refused {
                    None => ("CREATE_COMPLETE", there.execution.name()),
                    Some(_) => ("FAILED", "UNAVAILABLE"),
                };
                reply(&api::ChangeSet {
                    change_set_id: there.id(&key(text(request, "StackName")?)),
                    change_set_name: name.to_owned(),
                    stack_name: there.request.stack_name.clone(),
                    status: status.into(),
                    status_reason: there.refused.clone(),
                    execution_status: Some(execution.to_owned()),
                    changes: there.changes.clone(),
                    ..api::ChangeSet::default()
                })
            }
            "DeleteChangeSet" => {
                let name = text(request, "ChangeSetName")?;
                if let Some(stack) = self.stacks.get_mut(&key(text(request, "StackName")?)) {
                    stack.change_sets.remove(name);
                }
                Ok(json!({}))
            }
            "ExecuteChangeSet" => self.execute(&key(text(request, "StackName")?), read(request)?),
            "DescribeStacks" => {
                let name = text(request, "StackName")?;
                let key = key(name);
                let stack = self.stacks.get(&key).ok_or_else(|| absent(name))?;
                let stacks = vec![stack.describe(&key)];
                reply(&api::Stacks { stacks, next_token: None })
            }
            "DescribeStackEvents" => {
                let name = text(request, "StackName")?;
                let stack = self.stacks.get(&key(name)).ok_or_else(|| absent(name))?;
                // The newest first.
                let stack_events = stack.events.iter().rev().cloned().collect();
                reply(&api::StackEvents { stack_events, next_token: None })
            }
            "GetTemplate" => {
                let name = text(request, "StackName")?;
                let stack = self.stacks.get(&key(name)).ok_or_else(|| absent(name))?;
                Ok(json!({ "TemplateBody": &*stack.template }))
            }
            "UpdateTerminationProtection" => {
                let name = text(request, "StackName")?;
                let stack = self.stacks.get_mut(&key(name)).ok_or_else(|| absent(name))?;
                stack.protected = request["EnableTerminationProtection"] == true;
                Ok(json!({}))
            }
            "DeleteStack" => {
                let name = text(request, "StackName")?;
                let Some(stack) = self.stacks.get(&key(name)) else { return Ok(json!({})) };
                if stack.protected {
                    let message = format!(
                        "Stack [{name}] cannot be deleted while TerminationProtection is enabled"
                    );
                    return Err(Refusal("ValidationError", message));
                }
                self.begin(&key(name), RESOURCE, "DELETE_IN_PROGRESS", Work::Deletion);
                Ok(json!({}))
            }
            "CancelUpdateStack" => {
                self.roll_back(&key(text(request, "StackName")?), "UPDATE_IN_PROGRESS", action)
            }
            "ContinueUpdateRollback" => {
                self.roll_back(&key(text(request, "StackName")?), "UPDATE_ROLLBACK_FAILED", action)
            }
            action if action.contains("Drift") => self.drift(key, action, request),
            _ => Err(unknown(action)),
        }
    }

    /// The text of a template that was sent inline or put into a bucket.
    pub(crate) fn template_text(
        &self,
        body: Option<&String>,
        url: Option<&String>,
    ) -> Result<String, Refusal> {
        if let Some(body) = body {
            if body.len() > INLINE {
                let message = format!(
                    "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: \
                     Member must have length less than or equal to {INLINE}"
                );
                return Err(Refusal("ValidationError", message));
            }
            return Ok(body.clone());
        }
        let refused = || Refusal("ValidationError", "S3 error: Access Denied".to_owned());
        let (host, key) = url
            .and_then(|url| url.strip_prefix("https://"))
            .and_then(|url| url.split_once('/'))
            .ok_or_else(refused)?;
        let bucket = host.split_once(".s3.").map_or(host, |(bucket, _)| bucket);
        self.object(bucket, key).ok_or_else(refused)
    }

    fn roll_back(&mut self, key: &Key, from: &str, action: &str) -> Reply {
        let stack = self.stacks.get(key).ok_or_else(|| absent(&key.2))?;
        if stack.status != from {
            let message = format!("{action} cannot be called from current stack status");
            return Err(Refusal("ValidationError", message));
        }
        self.begin(key, RESOURCE, "UPDATE_ROLLBACK_IN_PROGRESS", Work::Rollback);
        Ok(json!({}))
    }

    fn create_change_set(&mut self, key: Key, mut request: CreateChangeSet) -> Reply {
        named("stackName", &key.2)?;
        named("changeSetName", &request.change_set_name)?;
        tagged(request.tags.as_deref().unwrap_or_default())?;
        let text =
            self.template_text(request.template_body.as_ref(), request.template_u_r_l.as_ref())?;
        let there = self.stacks.get(&key);
        request.parameters = valued(&request.parameters, there);
        let mut template = checked(&key, &text, &request.parameters, &request.capabilities)?;
        template.known = there.map(|stack| stack.imported.clone()).unwrap_or_default();
        let kind = request.change_set_type.as_deref().unwrap_or("UPDATE");
        let (is_new, is_import) = (kind == "CREATE", kind == "IMPORT");
        let name = request.change_set_name.clone();
        match there {
            None if !is_new && !is_import => return Err(absent(&key.2)),
            None if self.stacks_in(&key.0, &key.1) >= self.stack_quota => {
                let message = format!("Limit for stack has been exceeded: {}", self.stack_quota);
                return Err(Refusal("LimitExceededException", message));
            }
            Some(stack) if is_import && stack.status == "REVIEW_IN_PROGRESS" => {}
            Some(stack) if is_new && stack.status != "REVIEW_IN_PROGRESS" => {
                let message =
                    format!("Stack [{}] already exists and cannot be created again", key.2);
                return Err(Refusal("ValidationError", message));
            }
            Some(stack) if !is_new && !can_change(&stack.status) => {
                return Err(not_now(&key, &stack.status));
            }
            _ => {}
        }
        if there.is_some_and(|stack| stack.change_sets.contains_key(&name)) {
            return Err(Refusal(
                "AlreadyExistsException",
                format!("ChangeSet {name} already exists"),
            ));
        }
        let import = match is_import {
            true => Some(self.import(&key, &request, &mut template)?),
            false => None,
        };
        let mut resources = template.resources();
        self.resolve((&key.0, &key.1), &mut resources)
            .map_err(|reason| Refusal("ValidationError", reason))?;
        let stack = self.stacks.entry(key.clone()).or_insert_with(|| Stack {
            status: "REVIEW_IN_PROGRESS".to_owned(),
            ..Stack::default()
        });
        stack.made += 1;
        let nth = stack.made;
        let change_set = match import {
            Some(Import { changes, physical, refused }) => ChangeSet {
                request,
                template: text,
                refused,
                changes,
                imported: physical,
                nth,
                execution: Execution::Available,
            },
            None => {
                let changes = changes(&stack.resources, &resources);
                let same = !is_new
                    && changes.is_empty()
                    && *stack.template == *text
                    && stack.parameters == request.parameters
                    && request.tags.as_ref().is_none_or(|tags| *tags == stack.tags);
                let unchanged = same.then(|| {
                    "The submitted information didn't contain changes. Submit different information to \
                     create a change set."
                        .to_owned()
                });
                let refused = unchanged.or_else(|| invalid(&text, &[&key.1]));
                ChangeSet {
                    request,
                    template: text,
                    refused,
                    changes,
                    imported: BTreeMap::new(),
                    nth,
                    execution: Execution::Available,
                }
            }
        };
        let id = change_set.id(&key);
        stack.change_sets.insert(name, change_set);
        Ok(json!({ "Id": id, "StackId": stack_id(&key.0, &key.1, &key.2) }))
    }

    fn stacks_in(&self, account: &str, region: &str) -> usize {
        let here = self.stacks.range((account.to_owned(), region.to_owned(), String::new())..);
        here.take_while(|(key, _)| key.0 == account && key.1 == region).count()
    }

    fn execute(&mut self, key: &Key, request: ExecuteChangeSet) -> Reply {
        let stack = self.stacks.get_mut(key).ok_or_else(|| absent(&key.2))?;
        let name = request.change_set_name;
        if !can_change(&stack.status) && stack.status != "REVIEW_IN_PROGRESS" {
            return Err(not_now(key, &stack.status));
        }
        let missing = || Refusal("ChangeSetNotFound", format!("ChangeSet [{name}] does not exist"));
        let there = stack.change_sets.get_mut(&name).ok_or_else(missing)?;
        let status = match there.execution {
            Execution::Available if there.refused.is_none() => None,
            Execution::Available => Some("status of [FAILED]".to_owned()),
            other => Some(format!("execution status of [{}]", other.name())),
        };
        if let Some(status) = status {
            let message = format!("ChangeSet [{name}] cannot be executed in its current {status}");
            return Err(Refusal("InvalidChangeSetStatus", message));
        }
        there.execution = Execution::Running;
        let change_set = there.clone();
        stack.change_sets.retain(|other, _| *other == name);
        if stack.status == "REVIEW_IN_PROGRESS" {
            stack.tags = change_set.request.tags.clone().unwrap_or_default();
        }
        let status = match change_set.request.change_set_type.as_deref() {
            Some("IMPORT") => "IMPORT",
            _ if stack.status == "REVIEW_IN_PROGRESS" => "CREATE",
            _ => "UPDATE",
        };
        let count = u32::try_from(change_set.changes.len()).unwrap_or(u32::MAX).max(1);
        let work = Work::Change(Box::new(change_set));
        self.begin(key, RESOURCE * count, &format!("{status}_IN_PROGRESS"), work);
        Ok(json!({}))
    }

    fn end(&mut self, key: &Key) {
        let Some(stack) = self.stacks.get_mut(key) else { return };
        let Some(running) = stack.running.take() else { return };
        let change_set = match running.what {
            Work::Change(change_set) => *change_set,
            Work::Rollback => {
                "UPDATE_ROLLBACK_COMPLETE".clone_into(&mut stack.status);
                stack.executed(Execution::Failed);
                return;
            }
            Work::Deletion => {
                let Some(stack) = self.stacks.remove(key) else { return };
                self.publish(key, &stack.resources, &BTreeMap::new());
                self.leave(key, &stack.template, &stack.resources);
                return;
            }
        };
        let kind = stack.status.trim_end_matches("_IN_PROGRESS").to_owned();
        let (account, region, name) = key;
        let ChangeSet { request, template: text, imported, .. } = change_set;
        let mut known = stack.imported.clone();
        known.extend(imported.clone());
        let mut template = template(key, &text, &request.parameters);
        template.known = known;
        let mut resources = template.resources();
        let before = stack.resources.clone();
        // What is missing was refused with the change set.
        self.resolve((account, region), &mut resources).ok();
        let failing = resources.iter().find_map(|(id, made)| {
            let is_touched = kind != "IMPORT" || imported.contains_key(id);
            let is_made = !before.contains_key(id) && !imported.contains_key(id);
            let place = (account.clone(), region.clone(), id.clone());
            let reason = self.failures.get(&place).cloned().filter(|_| is_touched);
            let exists = is_made && self.is_taken(key, made);
            let reason = reason.or_else(|| {
                exists.then(|| {
                    format!("{} already exists (HandlerErrorCode: AlreadyExists)", made.physical)
                })
            });
            let stack = self.stacks.get(key);
            let reason = reason.or_else(|| stack.and_then(|stack| stack.lost(id, made)))?;
            Some((id.clone(), made.kind.clone(), reason))
        });
        let Some(stack) = self.stacks.get_mut(key) else { return };
        let failed = failing.map(|(id, of, reason)| api::StackEvent {
            event_id: format!("{id}-{}", stack.events.len()),
            stack_id: stack_id(account, region, name),
            stack_name: name.clone(),
            logical_resource_id: id,
            physical_resource_id: None,
            resource_type: of,
            timestamp: String::new(),
            resource_status: format!("{kind}_FAILED").as_str().into(),
            resource_status_reason: Some(reason),
            client_request_token: None,
        });
        if let Some(event) = failed {
            stack.executed(Execution::Failed);
            stack.events.push(event);
            stack.status = match kind.as_str() {
                "CREATE" => "ROLLBACK_COMPLETE".to_owned(),
                kind => format!("{kind}_ROLLBACK_COMPLETE"),
            };
            return;
        }
        stack.status = format!("{kind}_COMPLETE");
        stack.executed(Execution::Complete);
        stack.outputs = template.outputs();
        stack.imported = template.known;
        stack.imported.retain(|id, _| resources.contains_key(id));
        let gone = before.iter().filter(|(id, _)| !resources.contains_key(*id));
        let gone = gone.map(|(id, made)| (id.clone(), made.clone())).collect();
        stack.become_made_of(resources.clone());
        let deployed = std::mem::replace(&mut stack.template, text.into());
        stack.parameters = request.parameters;
        if let Some(tags) = request.tags {
            stack.tags = tags;
        }
        self.leave(key, &deployed, &gone);
        self.publish(key, &before, &resources);
    }
}

impl Stack {
    /// Says how the change set that is executed has ended.
    fn executed(&mut self, how: Execution) {
        let running = self.change_sets.values_mut().find(|it| it.execution == Execution::Running);
        if let Some(change_set) = running {
            change_set.execution = how;
        }
    }

    fn describe(&self, (account, region, name): &Key) -> api::Stack {
        let outputs = self.outputs.iter();
        let output = |(key, value): (&String, &String)| Output {
            output_key: key.clone(),
            output_value: value.clone(),
        };
        api::Stack {
            stack_id: stack_id(account, region, name),
            stack_name: name.clone(),
            stack_status: self.status.as_str().into(),
            parameters: shown(&self.template, &self.parameters),
            outputs: outputs.map(output).collect(),
            tags: self.tags.clone(),
            enable_termination_protection: self.protected,
            ..api::Stack::default()
        }
    }
}

impl ChangeSet {
    fn id(&self, (account, region, _): &Key) -> String {
        let Self { request, nth, .. } = self;
        let name = &request.change_set_name;
        format!("arn:aws:cloudformation:{region}:{account}:changeSet/{name}/{nth}")
    }
}

impl Execution {
    const fn name(self) -> &'static str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Running => "EXECUTE_IN_PROGRESS",
            Self::Complete => "EXECUTE_COMPLETE",
            Self::Failed => "EXECUTE_FAILED",
        }
    }
}

fn can_change(status: &str) -> bool {
    matches!(
        status,
        "CREATE_COMPLETE"
            | "UPDATE_COMPLETE"
            | "UPDATE_ROLLBACK_COMPLETE"
            | "IMPORT_COMPLETE"
            | "IMPORT_ROLLBACK_COMPLETE"
    )
}

fn not_now(key: &Key, status: &str) -> Refusal {
    let id = stack_id(&key.0, &key.1, &key.2);
    Refusal("ValidationError", format!("Stack:{id} is in {status} state and can not be updated."))
}

/// The name in a name or an id.
fn name_of(stack: &str) -> &str {
    stack.split_once(":stack/").and_then(|(_, named)| named.split('/').next()).unwrap_or(stack)
}

pub(crate) fn absent(name: &str) -> Refusal {
    Refusal("ValidationError", format!("Stack with id {name} does not exist"))
}
