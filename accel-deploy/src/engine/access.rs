//! Whether the caller comes into the accounts that a run is about to change.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use accel_synth::manifest::{Template, ValueSource};
use serde_json::Value;
use tokio::task::JoinSet;

use super::{Failure, Shared, Trouble, Unknown};
use crate::{
    cloud::{
        Cloud, CloudError, ErrorClass, Place, organizations::ListAccounts, sts::GetCallerIdentity,
    },
    graph::Subject,
    step::Step,
};

impl<C: Cloud> Shared<C> {
    /// Where the calls for an account and region go.
    pub(super) fn place(&self, account: &str, region: &str) -> Result<Place, Unknown> {
        let known = self.graph.manifest.accounts.get(account);
        if known.is_some_and(|account| account.management) {
            return Ok(Place::caller(region));
        }
        let role = known.and_then(|account| account.access_role.clone());
        let values = self.values();
        let id = values.account(account);
        id.map(|id| Place::account(id, region).entered_by(role))
            .ok_or_else(|| format!("the id of the account `{account}`"))
    }

    /// Where the calls for an account go that is known by its id.
    pub(super) fn place_of(&self, id: &str, region: &str) -> Place {
        let values = self.values();
        let mut accounts = self.graph.manifest.accounts.iter();
        let known = accounts.find(|(name, _)| values.account(name) == Some(id));
        let role = known.and_then(|(_, account)| account.access_role.clone());
        Place::account(id, region).entered_by(role)
    }
}

impl<C: Cloud + 'static> Shared<C> {
    /// Tries to come into every account of the organization that the nodes of `paths` are in, and says of all
    /// at once into which it does not work. Accounts that are still to be made, or to join, are not there yet.
    pub(super) async fn try_access(self: &Arc<Self>, paths: &[String]) -> Vec<Failure> {
        let reached = self.reached(paths);
        if reached.is_empty() {
            return Vec::new();
        }
        let states = match self.states().await {
            Ok(states) => states,
            Err(error) => return vec![self.failure("", &Trouble::Cloud(error))],
        };
        let mut failures = BTreeMap::new();
        let mut tries = JoinSet::new();
        for (name, id) in reached {
            match states.as_ref().map(|states| states.get(&id).map(String::as_str)) {
                // It has not joined yet, or nothing has been joined.
                Some(None) => continue,
                None if self.step_of(&name, &id).is_some() => continue,
                Some(Some(state)) if state != "ACTIVE" => {
                    let reason = format!(
                        "the account `{name}` ({id}) is {state}: reopen it, or take what is in it out of the app"
                    );
                    failures.insert(name, self.failure("", &Trouble::Refused(reason)));
                    continue;
                }
                _ => {}
            }
            let shared = Arc::clone(self);
            tries.spawn(async move {
                let _turn = shared.limits.turn(Some(&name)).await;
                let place = shared.place_of(&id, "us-east-1");
                let tried = shared.call(&place, &GetCallerIdentity::default()).await;
                (name, id, tried.err())
            });
        }
        for (name, id, error) in tries.join_all().await {
            let failed = match error {
                None => continue,
                Some(error) if error.class == ErrorClass::Denied => {
                    self.failure("", &Trouble::Refused(self.shut_out(&name, &id, &error)))
                }
                Some(error) => self.failure("", &Trouble::Cloud(error)),
            };
            failures.insert(name, failed);
        }
        failures.into_values().collect()
    }

    /// The accounts that a run enters and whose ids are known, by name.
    fn reached(&self, paths: &[String]) -> BTreeMap<String, String> {
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for node in paths.iter().filter_map(|path| self.graph.get(path)) {
            match &node.subject {
                Subject::Stack(stack) => names.extend(published_in(&stack.template)),
                Subject::StackSet(set) => {
                    names.extend(published_in(&set.template));
                    let tables = set.by_account.values();
                    names.extend(tables.flat_map(|table| table.rows.keys().map(String::as_str)));
                }
                Subject::Step(_) | Subject::Removal(_) => {}
            }
            names.extend(node.account());
        }
        let values = self.values();
        let accounts = &self.graph.manifest.accounts;
        let members = names
            .into_iter()
            .filter(|name| accounts.get(*name).is_some_and(|account| !account.management));
        members
            .filter_map(|name| Some((name.to_owned(), values.account(name)?.to_owned())))
            .collect()
    }

    /// The states of the organization's accounts, by id; none if the caller cannot tell.
    async fn states(&self) -> Result<Option<BTreeMap<String, String>>, CloudError> {
        let mut states = BTreeMap::new();
        let mut list = ListAccounts::default();
        loop {
            let page = match self.call(&Place::caller("us-east-1"), &list).await {
                Ok(page) => page,
                Err(error) if error.code.starts_with("AWSOrganizationsNotInUse") => {
                    return Ok(None);
                }
                Err(error) if error.class == ErrorClass::Denied => return Ok(None),
                Err(error) => return Err(error),
            };
            states.extend(page.accounts.into_iter().map(|account| {
                let state = account.state.or(account.status);
                (account.id, state.unwrap_or_else(|| "ACTIVE".to_owned()))
            }));
            list.next_token = page.next_token;
            if list.next_token.is_none() {
                return Ok(Some(states));
            }
        }
    }

    /// The step that makes an account, or asks it to join.
    fn step_of(&self, name: &str, id: &str) -> Option<&Step> {
        let email = self.graph.manifest.accounts.get(name).and_then(|it| it.email.as_deref());
        self.graph.nodes().find_map(|node| match &node.subject {
            Subject::Step(step) if step.kind == "account" => {
                let request = step.call.as_ref().map(|call| &call.request);
                let text = |pointer| request?.pointer(pointer).and_then(Value::as_str);
                let is_its =
                    text("/Target/Id") == Some(id) || email.is_some() && text("/Email") == email;
                is_its.then_some(&**step)
            }
            _ => None,
        })
    }

    fn shut_out(&self, name: &str, id: &str, error: &CloudError) -> String {
        let known = self.graph.manifest.accounts.get(name);
        let role = known.and_then(|account| account.access_role.as_deref());
        let by = role.map(|role| format!(" by the role `{role}`, which the program names"));
        format!(
            "the caller does not come into the account `{name}` ({id}){}: {error}; give the account the role, and \
             let it trust the caller, or name the one that it has: `Account::builder().access_role(..)` for this \
             account, `--access-role` for all that the program says nothing of",
            by.unwrap_or_default()
        )
    }
}

/// The accounts in which values are read that a template takes.
fn published_in(template: &Template) -> impl Iterator<Item = &str> {
    template.parameters.values().filter_map(|source| match source {
        ValueSource::Published { account, .. } => Some(account.as_str()),
        _ => None,
    })
}
