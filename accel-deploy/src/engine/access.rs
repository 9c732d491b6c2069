//! Whether the caller comes into the accounts that a run is about to change.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use accel_synth::manifest::{Template, ValueSource};
use tokio::task::JoinSet;

use super::{Failure, Shared, Trouble, Unknown};
use crate::{
    cloud::{
        Cloud, CloudError, ErrorClass, Place,
        organizations::{Account, ListAccounts},
        sts::GetCallerIdentity,
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

impl<C: Cloud> Shared<C> {
    /// The organization's accounts.
    pub(super) async fn accounts(&self) -> Result<Vec<Account>, CloudError> {
        let mut accounts = Vec::new();
        let mut list = ListAccounts::default();
        loop {
            let page = self.call(&Place::caller("us-east-1"), &list).await?;
            accounts.extend(page.accounts);
            list.next_token = page.next_token;
            if list.next_token.is_none() {
                return Ok(accounts);
            }
        }
    }
}

impl<C: Cloud + 'static> Shared<C> {
    /// Tries to come into every account of the organization that the nodes of `paths` are in, and says of all
    /// at once into which it does not work, and which are closed: also those that only the units of stack sets have.
    /// Accounts that are still to be made, or to join, are not there yet.
    pub(super) async fn try_access(self: &Arc<Self>, paths: &[String]) -> Vec<Failure> {
        let reached = self.reached(paths);
        let steps = self.account_steps(paths);
        if reached.is_empty() && steps.is_empty() {
            return Vec::new();
        }
        // None if the caller cannot tell.
        let listed = match self.accounts().await {
            Ok(listed) => Some(listed),
            Err(error) if error.code.starts_with("AWSOrganizationsNotInUse") => None,
            Err(error) if error.class == ErrorClass::Denied => None,
            Err(error) => return vec![self.failure("", &Trouble::Cloud(error))],
        };
        let mut failures = BTreeMap::new();
        for account in listed.iter().flatten().filter(|account| account.state() != ACTIVE) {
            let is_reached = |(_, id): &(&String, &String)| **id == account.id;
            let reached = reached.iter().find(is_reached).map(|(name, _)| name);
            let is_closed = CLOSED.contains(&account.state());
            let is_its =
                |step: &&&Step| is_closed && step.is_of_account(&account.id, &account.email);
            let name = reached.or_else(|| steps.iter().find(is_its).map(|_| &account.name));
            if let Some(name) = name {
                let reason = unusable(name, &account.id, account.state());
                failures.insert(account.id.clone(), self.failure("", &Trouble::Refused(reason)));
            }
        }
        let mut tries = JoinSet::new();
        for (name, id) in reached {
            let is_member = listed.as_ref().map(|them| them.iter().any(|it| it.id == id));
            match is_member {
                // It has not joined yet, or nothing has been joined.
                Some(false) => continue,
                None if self.step_of(&name, &id).is_some() => continue,
                _ if failures.contains_key(&id) => continue,
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
            failures.insert(id, failed);
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

    /// The steps of `paths` that make accounts, or ask them to join.
    fn account_steps(&self, paths: &[String]) -> Vec<&Step> {
        let nodes = paths.iter().filter_map(|path| self.graph.get(path));
        let steps = nodes.filter_map(|node| match &node.subject {
            Subject::Step(step) if step.kind == "account" => Some(&**step),
            _ => None,
        });
        steps.collect()
    }

    /// The step that makes an account, or asks it to join.
    fn step_of(&self, name: &str, id: &str) -> Option<&Step> {
        let email = self.graph.manifest.accounts.get(name).and_then(|it| it.email.as_deref());
        self.graph.nodes().find_map(|node| match &node.subject {
            Subject::Step(step) if step.kind == "account" => {
                step.is_of_account(id, email.unwrap_or_default()).then_some(&**step)
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

const ACTIVE: &str = "ACTIVE";

/// An account that is closed is there for 90 days more, and its address is taken for good.
pub(super) const CLOSED: [&str; 3] = ["SUSPENDED", "PENDING_CLOSURE", "CLOSED"];

/// That an account cannot be used, and what to do.
pub(super) fn unusable(name: &str, id: &str, state: &str) -> String {
    let way_out = if CLOSED.contains(&state) {
        "let AWS Support reopen it, which they do for 90 days, give the account of the app another address, or take \
         the account and what is in it out of the app"
    } else {
        "complete its sign-up, or take what is in it out of the app"
    };
    format!("the account `{name}` ({id}) is {state}: {way_out}")
}

impl Account {
    pub(super) fn state(&self) -> &str {
        self.state.as_deref().or(self.status.as_deref()).unwrap_or(ACTIVE)
    }
}

/// The accounts in which values are read that a template takes.
fn published_in(template: &Template) -> impl Iterator<Item = &str> {
    template.parameters.values().filter_map(|source| match source {
        ValueSource::Published { account, .. } => Some(account.as_str()),
        _ => None,
    })
}
