//! Stacks: change sets, execution over time, rollback, outputs.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use accel_deploy::cloud::cloudformation::{
    self as api, Change, CreateChangeSet, Output, Parameter, Tag,
};
use serde_json::{Value, json};

use crate::{
    template::{Made, stack_id},
    world::{Refusal, Reply, World, page, read, reply, text, unknown},
};

mod change_sets;
mod checks;
mod cleanup;
mod events;
mod import;
mod replacement;
mod resources;
mod update;
mod uses;

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
    /// The status of resources that something has happened to since they were made.
    pub(crate) statuses: BTreeMap<String, &'static str>,
    pub(crate) protected: bool,
    pub(crate) change_sets: BTreeMap<String, ChangeSet>,
    /// How many change sets it has had.
    made: usize,
    pub(crate) running: Option<Running>,
    pub(crate) events: Vec<api::StackEvent>,
    /// Of the operation that was begun last.
    token: Option<String>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Execution {
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
    fn begin(
        &mut self,
        key: &Key,
        lasts: Duration,
        status: &str,
        token: Option<String>,
        what: Work,
    ) {
        let ends = self.now() + lasts;
        let Some(stack) = self.stacks.get_mut(key) else { return };
        stack.token = token;
        stack.enter(key, status);
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
            // Whoever has done it has given no token.
            stack.token = None;
            stack.enter(&key, status);
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
                let there = stack.and_then(|stack| stack.change_sets.get(name));
                let there = there.ok_or_else(|| no_change_set(name))?;
                there.describe(&key(text(request, "StackName")?))
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
                reply(&stack.events(request))
            }
            "DescribeStackResources" => {
                let id = text(request, "PhysicalResourceId")?;
                let here = (account.to_owned(), region.to_owned(), String::new())..;
                let here = self
                    .stacks
                    .range(here)
                    .take_while(|(key, _)| (key.0.as_str(), key.1.as_str()) == (account, region));
                let mut stacks = here.map(|(_, stack)| stack);
                let stack =
                    stacks.find(|stack| stack.resources.values().any(|it| it.physical == id));
                let message = || format!("Stack for {id} does not exist");
                let stack = stack.ok_or_else(|| Refusal::new("ValidationError", message()))?;
                reply(&api::ResourcesOfStack { stack_resources: stack.summaries().collect() })
            }
            "ListStackResources" => {
                let name = text(request, "StackName")?;
                let stack = self.stacks.get(&key(name)).ok_or_else(|| absent(name))?;
                let (stack_resource_summaries, next_token) = page(stack.summaries(), request);
                reply(&api::StackResources { stack_resource_summaries, next_token })
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
                    return Err(Refusal::new("ValidationError", message));
                }
                self.begin(
                    &key(name),
                    RESOURCE,
                    "DELETE_IN_PROGRESS",
                    token(request),
                    Work::Deletion,
                );
                Ok(json!({}))
            }
            "CancelUpdateStack" => self.roll_back(
                &key(text(request, "StackName")?),
                "UPDATE_IN_PROGRESS",
                action,
                request,
            ),
            "ContinueUpdateRollback" => self.roll_back(
                &key(text(request, "StackName")?),
                "UPDATE_ROLLBACK_FAILED",
                action,
                request,
            ),
            action if action.contains("Drift") => self.drift(key, action, request),
            _ => Err(unknown(action)),
        }
    }

    /// The text of a template that was sent inline or put into a bucket which the account may read.
    pub(crate) fn template_text(
        &self,
        account: &str,
        body: Option<&String>,
        url: Option<&String>,
    ) -> Result<String, Refusal> {
        if let Some(body) = body {
            if body.len() > INLINE {
                let message = format!(
                    "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: \
                     Member must have length less than or equal to {INLINE}"
                );
                return Err(Refusal::new("ValidationError", message));
            }
            return Ok(body.clone());
        }
        let refused = || Refusal::new("ValidationError", "S3 error: Access Denied".to_owned());
        let (host, key) = url
            .and_then(|url| url.strip_prefix("https://"))
            .and_then(|url| url.split_once('/'))
            .ok_or_else(refused)?;
        let bucket = host.split_once(".s3.").map_or(host, |(bucket, _)| bucket);
        self.object(account, bucket, key).ok_or_else(refused)
    }

    fn roll_back(&mut self, key: &Key, from: &str, action: &str, request: &Value) -> Reply {
        let stack = self.stacks.get(key).ok_or_else(|| absent(&key.2))?;
        if stack.status != from {
            let message = format!("{action} cannot be called from current stack status");
            return Err(Refusal::new("ValidationError", message));
        }
        let status = "UPDATE_ROLLBACK_IN_PROGRESS";
        self.begin(key, RESOURCE, status, token(request), Work::Rollback);
        Ok(json!({}))
    }
}

impl Stack {
    fn summaries(&self) -> impl Iterator<Item = api::StackResource> {
        self.resources.iter().map(|(id, made)| api::StackResource {
            logical_resource_id: id.clone(),
            physical_resource_id: Some(made.physical.clone()),
            resource_type: made.kind.clone(),
            resource_status: self.statuses.get(id).copied().unwrap_or("CREATE_COMPLETE").into(),
            resource_status_reason: None,
        })
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
    Refusal::new(
        "ValidationError",
        format!("Stack:{id} is in {status} state and can not be updated."),
    )
}

fn no_change_set(name: &str) -> Refusal {
    Refusal::new("ChangeSetNotFound", format!("ChangeSet [{name}] does not exist"))
}

fn token(request: &Value) -> Option<String> {
    request["ClientRequestToken"].as_str().map(str::to_owned)
}

/// The name in a name or an id.
fn name_of(stack: &str) -> &str {
    stack.split_once(":stack/").and_then(|(_, named)| named.split('/').next()).unwrap_or(stack)
}

pub(crate) fn absent(name: &str) -> Refusal {
    Refusal::new("ValidationError", format!("Stack with id {name} does not exist"))
}
