//! Stacks: change sets, execution over time, rollback, outputs.

use std::{collections::BTreeMap, time::Duration};

use accel_deploy::cloud::cloudformation::{
    self as api, Change, CreateChangeSet, ExecuteChangeSet, Output, Parameter, ResourceChange, Tag,
};
use serde_json::{Value, json};

use crate::{
    template::{Made, Template, stack_id},
    world::{Refusal, Reply, World, read, reply, text, unknown},
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
    pub(crate) template: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) outputs: BTreeMap<String, String>,
    pub(crate) resources: BTreeMap<String, Made>,
    pub(crate) protected: bool,
    pub(crate) change_sets: BTreeMap<String, ChangeSet>,
    pub(crate) running: Option<Running>,
    pub(crate) events: Vec<api::StackEvent>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChangeSet {
    request: CreateChangeSet,
    template: String,
    /// Why it cannot be executed.
    refused: Option<String>,
    changes: Vec<Change>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Running {
    ends: Duration,
    /// None while the stack is deleted.
    change_set: Option<ChangeSet>,
}

impl World {
    pub(crate) fn advance_stacks(&mut self) {
        let ended: Vec<Key> = (self.stacks.iter())
            .filter(|(_, stack)| stack.running.as_ref().is_some_and(|it| it.ends <= self.now()))
            .map(|(key, _)| key.clone())
            .collect();
        for key in ended {
            self.end(&key);
        }
    }

    /// Makes a stack one of another app, as somebody who deploys by hand might.
    pub fn retag_stack(&mut self, account: &str, region: &str, name: &str, app: &str) {
        let key = (account.to_owned(), region.to_owned(), name.to_owned());
        let stack = self.stacks.get_mut(&key).into_iter();
        for tag in stack.flat_map(|stack| &mut stack.tags).filter(|tag| tag.key == "accel:app") {
            app.clone_into(&mut tag.value);
        }
    }

    pub(crate) fn stacks(
        &mut self,
        account: &str,
        region: &str,
        action: &str,
        request: &Value,
    ) -> Reply {
        let key = |name: &str| (account.to_owned(), region.to_owned(), name.to_owned());
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
                    None => ("CREATE_COMPLETE", "AVAILABLE"),
                    Some(_) => ("FAILED", "UNAVAILABLE"),
                };
                reply(&api::ChangeSet {
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
                Ok(json!({ "TemplateBody": stack.template }))
            }
            "UpdateTerminationProtection" => {
                let name = text(request, "StackName")?;
                let stack = self.stacks.get_mut(&key(name)).ok_or_else(|| absent(name))?;
                stack.protected = request["EnableTerminationProtection"] == true;
                Ok(json!({}))
            }
            "DeleteStack" => {
                let now = self.now();
                let name = text(request, "StackName")?;
                let Some(stack) = self.stacks.get_mut(&key(name)) else { return Ok(json!({})) };
                if stack.protected {
                    let message = format!(
                        "Stack [{name}] cannot be deleted while TerminationProtection is enabled"
                    );
                    return Err(Refusal("ValidationError", message));
                }
                "DELETE_IN_PROGRESS".clone_into(&mut stack.status);
                stack.running = Some(Running { ends: now + RESOURCE, change_set: None });
                Ok(json!({}))
            }
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

    fn create_change_set(&mut self, key: Key, request: CreateChangeSet) -> Reply {
        let template =
            self.template_text(request.template_body.as_ref(), request.template_u_r_l.as_ref())?;
        let checked = checked(&key, &template, &request.parameters, &request.capabilities)?;
        let is_new = request.change_set_type.as_deref() == Some("CREATE");
        let name = request.change_set_name.clone();
        let there = self.stacks.get(&key);
        match there {
            None if !is_new => return Err(absent(&key.2)),
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
        let stack = self.stacks.entry(key.clone()).or_insert_with(|| Stack {
            status: "REVIEW_IN_PROGRESS".to_owned(),
            ..Stack::default()
        });
        let changes = changes(&stack.resources, &checked.resources());
        let same = !is_new
            && changes.is_empty()
            && stack.template == template
            && stack.parameters == request.parameters
            && stack.tags == request.tags;
        let refused = same.then(|| {
            "The submitted information didn't contain changes. Submit different information to \
             create a change set."
                .to_owned()
        });
        stack.change_sets.insert(name.clone(), ChangeSet { request, template, refused, changes });
        let (account, region, stack) = &key;
        Ok(json!({
            "Id": format!("arn:aws:cloudformation:{region}:{account}:changeSet/{name}/1"),
            "StackId": stack_id(account, region, stack),
        }))
    }

    fn execute(&mut self, key: &Key, request: ExecuteChangeSet) -> Reply {
        let now = self.now();
        let stack = self.stacks.get_mut(key).ok_or_else(|| absent(&key.2))?;
        let name = request.change_set_name;
        if !can_change(&stack.status) && stack.status != "REVIEW_IN_PROGRESS" {
            return Err(not_now(key, &stack.status));
        }
        let missing = || Refusal("ChangeSetNotFound", format!("ChangeSet [{name}] does not exist"));
        let change_set = stack.change_sets.get(&name).ok_or_else(missing)?.clone();
        if change_set.refused.is_some() {
            let message =
                format!("ChangeSet [{name}] cannot be executed in its current status of [FAILED]");
            return Err(Refusal("InvalidChangeSetStatus", message));
        }
        stack.change_sets.clear();
        if stack.status == "REVIEW_IN_PROGRESS" {
            stack.tags.clone_from(&change_set.request.tags);
        }
        let status = if stack.status == "REVIEW_IN_PROGRESS" { "CREATE" } else { "UPDATE" };
        stack.status = format!("{status}_IN_PROGRESS");
        let count = u32::try_from(change_set.changes.len()).unwrap_or(u32::MAX).max(1);
        let ends = now + RESOURCE * count;
        stack.running = Some(Running { ends, change_set: Some(change_set) });
        Ok(json!({}))
    }

    fn end(&mut self, key: &Key) {
        let Some(stack) = self.stacks.get_mut(key) else { return };
        let Some(running) = stack.running.take() else { return };
        let Some(change_set) = running.change_set else {
            let gone = self.stacks.remove(key).map(|stack| published(&stack.resources));
            for (name, _) in gone.into_iter().flatten() {
                self.drop_parameter(&key.0, &key.1, name);
            }
            return;
        };
        let is_new = stack.status == "CREATE_IN_PROGRESS";
        let (account, region, name) = key;
        let request = change_set.request;
        let template = template(key, &change_set.template, &request.parameters);
        let resources = template.resources();
        let failing = resources.iter().find_map(|(id, made)| {
            let reason = self.failures.get(&(account.clone(), region.clone(), id.clone()))?;
            Some((id.clone(), made.kind.clone(), reason.clone()))
        });
        let failed = failing.map(|(id, kind, reason)| api::StackEvent {
            event_id: format!("{id}-{}", stack.events.len()),
            stack_id: stack_id(account, region, name),
            stack_name: name.clone(),
            logical_resource_id: id,
            physical_resource_id: None,
            resource_type: kind,
            timestamp: String::new(),
            resource_status: if is_new { "CREATE_FAILED" } else { "UPDATE_FAILED" }.into(),
            resource_status_reason: Some(reason),
            client_request_token: None,
        });
        if let Some(event) = failed {
            stack.events.push(event);
            stack.status =
                if is_new { "ROLLBACK_COMPLETE" } else { "UPDATE_ROLLBACK_COMPLETE" }.to_owned();
            return;
        }
        stack.status = if is_new { "CREATE_COMPLETE" } else { "UPDATE_COMPLETE" }.to_owned();
        stack.outputs = template.outputs();
        let parameters = published(&resources);
        let before = published(&std::mem::replace(&mut stack.resources, resources));
        stack.template = change_set.template;
        stack.parameters = request.parameters;
        stack.tags = request.tags;
        for (name, _) in
            before.into_iter().filter(|(old, _)| parameters.iter().all(|it| it.0 != *old))
        {
            self.drop_parameter(account, region, name);
        }
        for (name, value) in parameters {
            self.set_parameter(account, region, name, value);
        }
    }
}

impl Stack {
    pub(crate) fn ends_by(&self, now: Duration) -> bool {
        self.running.as_ref().is_some_and(|running| running.ends <= now)
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
            parameters: self.parameters.clone(),
            outputs: outputs.map(output).collect(),
            tags: self.tags.clone(),
            enable_termination_protection: self.protected,
            ..api::Stack::default()
        }
    }
}

/// The parameters of the store that resources are, by name.
pub(crate) fn published(resources: &BTreeMap<String, Made>) -> Vec<(String, String)> {
    let parameters = resources.values().filter(|made| made.kind == "AWS::SSM::Parameter");
    parameters
        .filter_map(|made| {
            let value = made.properties["Value"].as_str()?;
            Some((made.properties["Name"].as_str()?.to_owned(), value.to_owned()))
        })
        .collect()
}

pub(crate) fn template<'a>(key: &'a Key, body: &str, parameters: &[Parameter]) -> Template<'a> {
    let given = parameters.iter();
    Template {
        body: serde_json::from_str(body).unwrap_or_default(),
        account: &key.0,
        region: &key.1,
        stack: &key.2,
        parameters: given
            .filter_map(|it| Some((it.parameter_key.clone(), it.parameter_value.clone()?)))
            .collect(),
    }
}

/// What CloudFormation checks before it takes a template.
pub(crate) fn checked<'a>(
    key: &'a Key,
    body: &str,
    parameters: &[Parameter],
    capabilities: &[String],
) -> Result<Template<'a>, Refusal> {
    let refused = |message: String| Err(Refusal("ValidationError", message));
    if let Err(error) = serde_json::from_str::<Value>(body) {
        return refused(format!("Template format error: JSON not well-formed. {error}"));
    }
    let template = template(key, body, parameters);
    let missing = template.missing();
    if !missing.is_empty() {
        return refused(format!("Parameters: [{}] must have values", missing.join(", ")));
    }
    let declared = &template.body["Parameters"];
    if let Some(extra) = template.parameters.keys().find(|name| declared[name.as_str()].is_null()) {
        return refused(format!("Parameters: [{extra}] do not exist in the template"));
    }
    let resources =
        template.body["Resources"].as_object().map(serde_json::Map::len).unwrap_or_default();
    if resources == 0 {
        return refused("At least one Resources member must be defined.".to_owned());
    }
    if resources > 500 {
        return refused(format!(
            "Template format error: Number of resources, {resources}, is greater than maximum allowed, 500"
        ));
    }
    let needs = template.resources().values().fold("", |needs, made| {
        let is_iam = made.kind.starts_with("AWS::IAM::");
        let named =
            ["RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName"];
        match (is_iam, named.iter().any(|name| !made.properties[*name].is_null())) {
            (true, true) => "CAPABILITY_NAMED_IAM",
            (true, false) if needs.is_empty() => "CAPABILITY_IAM",
            _ => needs,
        }
    });
    let has = |name: &str| capabilities.iter().any(|capability| capability == name);
    if !needs.is_empty() && !has(needs) && !has("CAPABILITY_NAMED_IAM") {
        let message = format!("Requires capabilities : [{needs}]");
        return Err(Refusal("InsufficientCapabilitiesException", message));
    }
    Ok(template)
}

fn changes(before: &BTreeMap<String, Made>, after: &BTreeMap<String, Made>) -> Vec<Change> {
    let change = |action: &str, id: &String, made: &Made| Change {
        r#type: Some("Resource".to_owned()),
        resource_change: Some(ResourceChange {
            action: action.to_owned(),
            logical_resource_id: id.clone(),
            resource_type: made.kind.clone(),
            ..ResourceChange::default()
        }),
    };
    let mut changes = Vec::new();
    for (id, made) in after {
        match before.get(id) {
            None => changes.push(change("Add", id, made)),
            Some(old) if old != made => changes.push(change("Modify", id, made)),
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|(id, _)| !after.contains_key(*id));
    changes.extend(gone.map(|(id, made)| change("Remove", id, made)));
    changes
}

fn can_change(status: &str) -> bool {
    matches!(status, "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "UPDATE_ROLLBACK_COMPLETE")
}

fn not_now(key: &Key, status: &str) -> Refusal {
    let id = stack_id(&key.0, &key.1, &key.2);
    Refusal("ValidationError", format!("Stack:{id} is in {status} state and can not be updated."))
}

fn absent(name: &str) -> Refusal {
    Refusal("ValidationError", format!("Stack with id {name} does not exist"))
}
