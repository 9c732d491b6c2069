//! Cloud Control: one resource by its type and id, whoever made it.

use std::time::Duration;

use accel_deploy::cloud::cloudcontrolapi::{
    DeleteResource, FoundResource, GetResource, GetResourceRequestStatus, ProgressEvent,
    Progressed, ResourceDescription,
};
use accel_synth::schema;
use serde_json::Value;

use crate::{
    stacks::Key,
    template::{Made, fnv},
    world::{Refusal, Reply, World, read, reply, unknown},
};

/// How long a deletion takes.
const DELETION: Duration = Duration::from_secs(5);

/// Some of the types that CloudFormation has and Cloud Control has not: those that deployments meet.
const UNSUPPORTED: [&str; 6] = [
    "AWS::CloudFormation::CustomResource",
    "AWS::CloudFormation::WaitCondition",
    "AWS::CloudFormation::WaitConditionHandle",
    "AWS::IAM::Policy",
    "AWS::Route53::RecordSet",
    "AWS::Route53::RecordSetGroup",
];

/// A deletion that was asked for, in an account and region.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Deletion {
    account: String,
    region: String,
    client_token: Option<String>,
    event: ProgressEvent,
}

impl World {
    /// When the next deletion ends.
    pub(crate) fn next_of_deletions(&self) -> Option<Duration> {
        self.deleting.first().map(|(ends, _)| *ends)
    }

    /// Settles what ends now.
    pub(crate) fn settle_deletions(&mut self) {
        while self.deleting.first().is_some_and(|(ends, _)| *ends <= self.now())
            && let Some((_, token)) = self.deleting.pop_first()
        {
            let Some(deletion) = self.deletions.get(&token).cloned() else { continue };
            let Deletion { account, region, event, .. } = deletion;
            let id = event.identifier.as_deref().unwrap_or_default();
            let deleted = self.delete_one(&account, &region, &event.type_name, id);
            let Some(Deletion { event, .. }) = self.deletions.get_mut(&token) else { continue };
            match deleted {
                Ok(()) => "SUCCESS".clone_into(&mut event.operation_status),
                Err((code, message)) => {
                    "FAILED".clone_into(&mut event.operation_status);
                    event.error_code = Some(code.to_owned());
                    event.status_message = Some(message);
                }
            }
        }
    }

    pub(crate) fn cloud_control(
        &mut self,
        account: &str,
        region: &str,
        action: &str,
        request: &Value,
    ) -> Reply {
        match action {
            "GetResource" => {
                let GetResource { type_name, identifier } = read(request)?;
                supported(&type_name, "READ")?;
                let found = self.owner(account, region, &type_name, &identifier);
                let message = || {
                    format!(
                        "Resource of type '{type_name}' with identifier '{identifier}' was not found."
                    )
                };
                found.ok_or_else(|| Refusal::new("ResourceNotFoundException", message()))?;
                let resource_description = ResourceDescription { identifier };
                reply(&FoundResource { type_name, resource_description })
            }
            "DeleteResource" => self.begin_deletion(account, region, read(request)?),
            "GetResourceRequestStatus" => {
                let GetResourceRequestStatus { request_token } = read(request)?;
                let deletion = self.deletions.get(&request_token);
                let here = |it: &&Deletion| it.account == account && it.region == region;
                let deletion = deletion.filter(here).ok_or_else(|| {
                    let message = format!("Request token {request_token} does not exist");
                    Refusal::new("RequestTokenNotFoundException", message)
                })?;
                reply(&Progressed { progress_event: deletion.event.clone() })
            }
            _ => Err(unknown(action)),
        }
    }

    fn begin_deletion(&mut self, account: &str, region: &str, it: DeleteResource) -> Reply {
        let DeleteResource { type_name, identifier, client_token } = it;
        supported(&type_name, "DELETE")?;
        let here = |it: &&Deletion| it.account == account && it.region == region;
        let is_same = |event: &ProgressEvent| {
            event.type_name == type_name && event.identifier.as_ref() == Some(&identifier)
        };
        let mut known = self.deletions.values().filter(here);
        let asked = known.find(|it| client_token.is_some() && it.client_token == client_token);
        if let Some(Deletion { event, .. }) = asked {
            if !is_same(event) {
                let message = "The client token was used for another request".to_owned();
                return Err(Refusal::new("ClientTokenConflictException", message));
            }
            return reply(&Progressed { progress_event: event.clone() });
        }
        let mut known = self.deletions.values().filter(here);
        if let Some(Deletion { event, .. }) =
            known.find(|it| is_same(&it.event) && it.event.operation_status == "IN_PROGRESS")
        {
            let message = format!(
                "There is already an operation with request token {} for resource {identifier}",
                event.request_token
            );
            return Err(Refusal::new("ConcurrentOperationException", message));
        }
        // One without a token of the caller's is another one each time.
        let token = client_token.clone().unwrap_or_else(|| self.deletions.len().to_string());
        let hash = fnv(&[account, region, &type_name, &identifier, &token]);
        let event = ProgressEvent {
            type_name,
            identifier: Some(identifier),
            request_token: format!("{hash:016x}"),
            operation_status: "IN_PROGRESS".to_owned(),
            status_message: None,
            error_code: None,
        };
        let token = event.request_token.clone();
        let (account, region) = (account.to_owned(), region.to_owned());
        let deletion = Deletion { account, region, client_token, event: event.clone() };
        self.deleting.insert((self.now() + DELETION, token.clone()));
        self.deletions.insert(token, deletion);
        reply(&Progressed { progress_event: event })
    }

    fn delete_one(
        &mut self,
        account: &str,
        region: &str,
        kind: &str,
        id: &str,
    ) -> Result<(), (&'static str, String)> {
        let Some(owner) = self.owner(account, region, kind, id) else {
            let message =
                format!("Resource of type '{kind}' with identifier '{id}' was not found.");
            return Err(("NotFound", message));
        };
        let none = (account.to_owned(), region.to_owned(), String::new());
        let key = owner.as_ref().map_or(&none, |(key, _)| key);
        let (kind, physical) = (kind.to_owned(), id.to_owned());
        let made = Made { kind, physical, properties: Value::Null };
        self.may_delete(key, &made).map_err(|message| ("ResourceConflict", message))?;
        self.is_gone(key, &made);
        if let Some((key, logical)) = &owner {
            self.make_actual(key, logical, None);
        }
        Ok(())
    }

    /// The stack that has a resource, and as what; within, none if it is in no stack. None if it does not exist.
    pub(crate) fn owner(
        &self,
        account: &str,
        region: &str,
        kind: &str,
        id: &str,
    ) -> Option<Option<(Key, String)>> {
        let place = (account.to_owned(), region.to_owned(), String::new());
        let here = self.stacks.range(place.clone()..);
        let mut here = here.take_while(|(key, _)| key.0 == account && key.1 == region);
        let owner = here.find_map(|(key, stack)| {
            let is_it = |made: &Made| made.kind == kind && made.physical == id;
            let (logical, _) = stack.resources.iter().find(|(_, made)| is_it(made))?;
            Some((key.clone(), logical.clone()))
        });
        match owner {
            Some((key, logical)) => {
                let is_there = self.stacks.get(&key)?.is_there(&logical);
                is_there.then_some(Some((key, logical)))
            }
            None => self.exists_outside(&place, kind, id).then_some(None),
        }
    }
}

/// Refuses the types that there are not, and those that Cloud Control does not handle.
fn supported(kind: &str, operation: &str) -> Result<(), Refusal> {
    let is_extension = schema::is_extension(kind);
    if !is_extension && !schema::is_known(kind) {
        let message = format!("The type '{kind}' cannot be found.");
        return Err(Refusal::new("TypeNotFoundException", message));
    }
    if is_extension || UNSUPPORTED.contains(&kind) || schema::identifier(kind).is_empty() {
        let message = format!("Resource type {kind} does not support {operation} action");
        return Err(Refusal::new("UnsupportedActionException", message));
    }
    Ok(())
}
