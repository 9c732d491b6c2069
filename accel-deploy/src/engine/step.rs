//! Steps: a read tells whether one holds, its call makes it so.

use std::{collections::BTreeSet, time::Duration};

use serde_json::Value;

use super::{
    Shared, State, Trouble,
    access::{CLOSED, unusable},
};
use crate::{
    cloud::{
        Call, Cloud, CloudError, Place,
        organizations::{
            CreateAccountStatus, DescribeCreateAccountStatus, ListCreateAccountStatus,
        },
    },
    deployed::Deployed,
    graph::Subject,
    step::{self, Request, Step},
    values::Values,
};

const UNIT: &str = "organizational-unit";

/// AWS makes an account in minutes.
const ACCOUNT_POLL: Duration = Duration::from_secs(10);

impl<C: Cloud> Shared<C> {
    pub(super) async fn look_at_step(&self, step: &Step) -> Result<State, Trouble> {
        let Some(reply) = self.read_step(step).await? else { return absent(step) };
        let expect = self.values().fill(&step.read.expect)?;
        let found = step::find(&reply, &step.read.pointer);
        let mut found = found.into_iter().filter(|found| step::says(found, &expect));
        let Some(holds) = found.next() else {
            if step.kind == "account" {
                refuse_closed(step, &reply, expect)?;
            }
            return match self.renamed(step, &reply) {
                Some(remark) => Ok(State::Absent(vec![remark])),
                None => absent(step),
            };
        };
        if step.call.is_none() && found.next().is_some() {
            let reason = format!("there are several {}: name it by its id", step.called());
            return Err(Trouble::Refused(reason));
        }
        let mut values = self.values();
        for (name, member) in &step.read.results {
            let Some(result) = holds.get(member).and_then(Value::as_str) else { continue };
            let result = result.strip_prefix(&step.read.prefix).unwrap_or(result);
            values.learn(&step.path, name, result.to_owned());
            if step.kind == "account" && name == "Id" {
                self.learn_account_of(step, result, &mut values);
            }
        }
        Ok(State::Present)
    }

    /// What is to be said of a unit that an earlier run has made, and that is there no longer: by its name it cannot be
    /// told whether somebody has deleted or renamed it.
    fn renamed(&self, step: &Step, reply: &Value) -> Option<String> {
        let mut made = self.graph.deployed.iter().flat_map(Deployed::settings);
        if step.kind != UNIT || !made.any(|(path, _)| path == step.path) {
            return None;
        }
        let steps = self.graph.nodes().filter_map(|node| match &node.subject {
            Subject::Step(step) if step.kind == UNIT => step.call.as_ref(),
            _ => None,
        });
        let wanted: BTreeSet<String> = steps.map(|call| text(&call.request, "/Name")).collect();
        let there = step::find(reply, &step.read.pointer).into_iter();
        let others = there.map(|unit| (text(unit, "/Name"), text(unit, "/Id")));
        let others = others.filter(|(name, _)| !wanted.contains(name));
        let others: Vec<_> = others.map(|(name, id)| format!("`{name}` ({id})")).collect();
        Some(match others.as_slice() {
            [] => "somebody has deleted it".to_owned(),
            others => format!(
                "somebody has renamed or deleted it: if it is {}, give it its name back; otherwise that stays as it is, \
                 and a new unit is made",
                others.join(" or ")
            ),
        })
    }

    pub(super) async fn take_step(&self, step: &Step) -> Result<(), Trouble> {
        let Some(request) = &step.call else { return absent(step).map(|_| ()) };
        let place = self.place(&step.account, &step.region)?;
        let mut call = filled(request, &self.values())?;
        if !step.read.found.is_empty() {
            self.add_found(step, &mut call).await?;
        }
        let _turn = match request.service.as_str() {
            "organizations" => Some(self.limits.organization.lock().await),
            _ => None,
        };
        if step.kind != "account" {
            self.send(&place, call).await?;
            return Ok(());
        }
        let request = match self.account_request(&place, &call).await? {
            Some(request) => request,
            // One that has ended since the look: the account is there.
            None if self.look_at_step(step).await? == State::Present => return Ok(()),
            None => {
                let reply = self.send(&place, call).await?;
                CreateAccountStatus {
                    id: text(&reply, "/CreateAccountStatus/Id"),
                    state: text(&reply, "/CreateAccountStatus/State"),
                    ..CreateAccountStatus::default()
                }
            }
        };
        self.await_account(&place, request).await
    }

    /// The whole reply of a step's read, all pages of it; none if its error means that it is not there.
    async fn read_step(&self, step: &Step) -> Result<Option<Value>, Trouble> {
        let place = self.place(&step.account, &step.region)?;
        let call = filled(&step.read.call, &self.values())?;
        let mut whole: Option<Value> = None;
        let mut page = call.clone();
        loop {
            let reply = match self.send(&place, page).await {
                Ok(reply) => reply,
                Err(error) if step.read.absent.contains(&error.code) => return Ok(None),
                Err(error) => return Err(error.into()),
            };
            page = call.clone();
            let more = step::next_page(&reply).map(|(name, token)| {
                page.request[name] = token.clone();
            });
            match &mut whole {
                None => whole = Some(reply),
                Some(whole) => append(whole, reply),
            }
            if more.is_none() {
                return Ok(whole);
            }
        }
    }

    /// Members of a call that are what is there instead: the unit that an account leaves.
    async fn add_found(&self, step: &Step, call: &mut Call) -> Result<(), Trouble> {
        let reply = self.read_step(step).await?.unwrap_or_default();
        let found = step::find(&reply, &step.read.pointer);
        for (member, of) in &step.read.found {
            if let Some(value) = found.first().and_then(|found| found.get(of)) {
                call.request[member.as_str()] = value.clone();
            }
        }
        Ok(())
    }

    /// A request for the same account that still runs: a killed run's.
    async fn account_request(
        &self,
        place: &Place,
        call: &Call,
    ) -> Result<Option<CreateAccountStatus>, CloudError> {
        let name = call.request.get("AccountName").and_then(Value::as_str);
        let mut list = ListCreateAccountStatus {
            states: Some(vec!["IN_PROGRESS".to_owned()]),
            next_token: None,
        };
        loop {
            let page = self.call(place, &list).await?;
            let mut requests = page.create_account_statuses.into_iter();
            let ours = requests.find(|request| request.account_name.as_deref() == name);
            if ours.is_some() || page.next_token.is_none() {
                return Ok(ours);
            }
            list.next_token = page.next_token;
        }
    }

    async fn await_account(
        &self,
        place: &Place,
        mut request: CreateAccountStatus,
    ) -> Result<(), Trouble> {
        while request.state == "IN_PROGRESS" {
            if self.pause(ACCOUNT_POLL).await {
                let going_on = "AWS goes on making the account, and the next run waits for it";
                return Err(Trouble::Stopped(going_on.to_owned()));
            }
            let describe =
                DescribeCreateAccountStatus { create_account_request_id: request.id.clone() };
            request = self.call(place, &describe).await?.create_account_status;
        }
        match request.failure_reason {
            None => Ok(()),
            Some(reason) if reason == "EMAIL_ALREADY_EXISTS" => Err(Trouble::Refused(format!(
                "the account is not made: {reason}: an account, maybe outside of the organization, has \
                 this address; give the account another one, or its id"
            ))),
            Some(reason) => Err(Trouble::Refused(format!("the account is not made: {reason}"))),
        }
    }

    /// Accounts are found by their address.
    fn learn_account_of(&self, step: &Step, id: &str, values: &mut crate::Values) {
        let request = step.call.as_ref().map(|call| &call.request);
        let email = request.and_then(|request| request.get("Email")).and_then(Value::as_str);
        let accounts = self.graph.manifest.accounts.iter();
        for (name, account) in accounts {
            if account.email.is_some() && account.email.as_deref() == email {
                values.learn_account(name, id.to_owned());
            }
        }
    }
}

/// An account that is there and closed is not made a second time.
fn refuse_closed(step: &Step, reply: &Value, mut expect: Value) -> Result<(), Trouble> {
    if let Some(members) = expect.as_object_mut() {
        members.remove("State");
    }
    for account in step::find(reply, &step.read.pointer) {
        let state = text(account, "/State");
        if step::says(account, &expect) && CLOSED.contains(&state.as_str()) {
            let (name, id) = (text(account, "/Name"), text(account, "/Id"));
            return Err(Trouble::Refused(unusable(&name, &id, &state)));
        }
    }
    Ok(())
}

/// A row's call with the values that are known now. Members are added to it, so that it has to be an object.
fn filled(request: &Request, values: &Values) -> Result<Call, Trouble> {
    let Request { service, action, protocol, request } = request;
    let request = values.fill(request)?;
    if !request.is_object() {
        return Err(Trouble::Refused(format!(
            "the request of {service}:{action} in the organization's steps is no object: synthesize again"
        )));
    }
    Ok(Call {
        service: service.clone().into(),
        action: action.clone().into(),
        protocol: protocol.clone(),
        request,
    })
}

/// What is only looked up, no call makes.
fn absent(step: &Step) -> Result<State, Trouble> {
    match step.call {
        Some(_) => Ok(State::Absent(Vec::new())),
        None => Err(Trouble::NotThere(format!("there is no {}", step.called()))),
    }
}

fn text(reply: &Value, pointer: &str) -> String {
    reply.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Adds the lists of a page to those before.
fn append(whole: &mut Value, page: Value) {
    match (whole, page) {
        (Value::Array(whole), Value::Array(page)) => whole.extend(page),
        (Value::Object(whole), Value::Object(page)) => {
            for (name, value) in page {
                match whole.get_mut(&name) {
                    Some(there) if there.is_array() || there.is_object() => append(there, value),
                    Some(_) => {}
                    None => {
                        whole.insert(name, value);
                    }
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_without_members_is_refused() {
        let call = |request: Value| {
            let request = json!({
                "service": "organizations", "action": "ListRoots", "request": request,
                "protocol": {"name": "json", "target": "AWSOrganizationsV20161128"},
            });
            filled(&serde_json::from_value(request).unwrap(), &Values::default())
        };
        assert_eq!(call(json!({})).unwrap().request, json!({}));
        for request in [json!("all"), json!([]), json!({"$join": ["a", "ll"]})] {
            let said = call(request.clone()).unwrap_err().to_string();
            assert!(said.contains("organizations:ListRoots"), "{request}: {said}");
        }
    }
}
