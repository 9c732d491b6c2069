//! What is known of the world while an assembly is deployed: ids of accounts, outputs, results of steps.

use std::{collections::BTreeMap, fmt};

use accel_core::{AccountId, Lock};
use accel_synth::manifest::{DocumentValue, Manifest, ValueSource};
use serde_json::{Map, Value};

use crate::step::Stand;

/// Values by where they come from.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// By name.
    accounts: BTreeMap<String, String>,
    /// By the path of the stack or step, and the name of the output or result.
    made: BTreeMap<(String, String), String>,
    /// By stack set, key, account and region.
    published: BTreeMap<(String, String, String, String), String>,
    /// What somebody said: by stack or stack set, and parameter.
    given: BTreeMap<(String, String), Given>,
}

/// What may be a secret is not printed.
#[derive(Clone)]
struct Given(String);

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

/// A value that nobody knows yet, in words.
pub(crate) type Unknown = String;

impl Values {
    /// Those that the manifest has.
    #[must_use]
    pub fn new(manifest: &Manifest) -> Self {
        let accounts = manifest.accounts.iter();
        let accounts =
            accounts.filter_map(|(name, account)| Some((name.clone(), account.id.clone()?)));
        Self { accounts: accounts.collect(), ..Self::default() }
    }

    /// The id of an account, by its name.
    #[must_use]
    pub fn account(&self, name: &str) -> Option<&str> {
        self.accounts.get(name).map(String::as_str)
    }

    /// What a stack or a step has made, by its path and the value's name.
    #[must_use]
    pub fn made(&self, path: &str, name: &str) -> Option<&str> {
        self.made.get(&(path.to_owned(), name.to_owned())).map(String::as_str)
    }

    /// Gives the value of a parameter that has no source in the program.
    pub fn give(&mut self, path: &str, parameter: String, value: String) {
        self.given.insert((path.to_owned(), parameter), Given(value));
    }

    pub(crate) fn given(&self, path: &str, parameter: &str) -> Result<String, Unknown> {
        let given = self.given.get(&(path.to_owned(), parameter.to_owned()));
        given
            .map(|given| given.0.clone())
            .ok_or_else(|| format!("a value for the parameter `{parameter}`"))
    }

    pub(crate) fn learn_account(&mut self, name: &str, id: String) {
        self.accounts.insert(name.to_owned(), id);
    }

    pub(crate) fn learn(&mut self, path: &str, name: &str, value: String) {
        self.made.insert((path.to_owned(), name.to_owned()), value);
    }

    pub(crate) fn learn_published(&mut self, source: &ValueSource, value: String) {
        if let ValueSource::Published { stack_set, key, account, region } = source {
            let place = (stack_set.clone(), key.clone(), account.clone(), region.clone());
            self.published.insert(place, value);
        }
    }

    pub(crate) fn get(&self, source: &ValueSource) -> Result<String, Unknown> {
        match source {
            ValueSource::Literal { value } => Ok(value.clone()),
            ValueSource::Output { stack, output } => self
                .made(stack, output)
                .map(str::to_owned)
                .ok_or_else(|| format!("the output `{output}` of `{stack}`")),
            ValueSource::Step { step, result } => self
                .made(step, result)
                .map(str::to_owned)
                .ok_or_else(|| format!("`{result}` of `{step}`")),
            ValueSource::AccountId { account } => self
                .account(account)
                .map(str::to_owned)
                .ok_or_else(|| format!("the id of the account `{account}`")),
            ValueSource::Published { stack_set, key, account, region } => self
                .published
                .get(&(stack_set.clone(), key.clone(), account.clone(), region.clone()))
                .cloned()
                .ok_or_else(|| {
                    format!("`{key}` that `{stack_set}` publishes in `{account}`, {region}")
                }),
            ValueSource::Document { document } => Err(format!("the id of `{document}`")),
        }
    }

    /// A request with its values in it.
    pub(crate) fn fill(&self, request: &Value) -> Result<Value, Unknown> {
        match request {
            Value::Object(members) => match Stand::of(members) {
                Some(Stand::Value(source)) => self.get(&source).map(Value::String),
                Some(Stand::Join(parts)) => {
                    let parts = parts.iter().map(|part| match self.fill(part)? {
                        Value::String(text) => Ok(text),
                        other => Ok(other.to_string()),
                    });
                    parts.collect::<Result<String, _>>().map(Value::String)
                }
                // Assemblies for other partitions have their own places, but no other pseudo values here.
                Some(Stand::Pseudo(name)) if name == "AWS::Partition" => Ok("aws".into()),
                Some(Stand::Pseudo(name)) if name == "AWS::URLSuffix" => Ok("amazonaws.com".into()),
                Some(Stand::Pseudo(name)) => Err(format!("the pseudo parameter `{name}`")),
                None => {
                    let members = members
                        .iter()
                        .map(|(name, value)| Ok((name.clone(), self.fill(value)?)))
                        .collect::<Result<Map<_, _>, Unknown>>()?;
                    Ok(Value::Object(members))
                }
            },
            Value::Array(items) => {
                let items = items.iter().map(|item| self.fill(item)).collect::<Result<_, _>>()?;
                Ok(Value::Array(items))
            }
            other => Ok(other.clone()),
        }
    }

    /// What a lock file keeps of it: the ids of accounts, and the values that documents hold.
    #[must_use]
    pub fn lock(&self, manifest: &Manifest, mut lock: Lock) -> Lock {
        for (name, id) in &self.accounts {
            if let Ok(id) = AccountId::parse(id) {
                lock.set_account(name.clone(), id);
            }
        }
        let sources = manifest.documents.values().flat_map(|document| &document.values);
        for source in sources.map(|value| &value.source) {
            if let (Some((producer, name)), Ok(value)) = (locked(source), self.get(source)) {
                lock.set_value(producer, name.to_owned(), value);
            }
        }
        lock
    }

    /// The paths of the documents that the next synthesis writes otherwise, with a lock file that knew `before` and
    /// knows [what is known now](Self::lock).
    #[must_use]
    pub fn documents_that_change(&self, manifest: &Manifest, before: &Lock) -> Vec<String> {
        let now = self.lock(manifest, before.clone());
        let changes = |value: &&DocumentValue| {
            let [before, now] = [before, &now].map(|lock| match &value.source {
                ValueSource::AccountId { account } => {
                    lock.account(account).map(|id| id.to_string())
                }
                source => locked(source)
                    .and_then(|(producer, name)| lock.value(&producer, name).map(str::to_owned)),
            });
            let is_another = before.is_some() && before != now;
            now.is_some() && (is_another || !value.known)
        };
        let documents = manifest.documents.iter();
        let changing =
            documents.filter(|(_, document)| document.values.iter().any(|it| changes(&it)));
        changing.map(|(path, _)| path.clone()).collect()
    }
}

/// By which producer and name the lock file keeps a value.
fn locked(source: &ValueSource) -> Option<(String, &str)> {
    match source {
        ValueSource::Output { stack, output } => Some((stack.clone(), output)),
        ValueSource::Step { step, result } => Some((step.clone(), result)),
        ValueSource::Published { stack_set, key, account, region } => {
            Some((format!("{stack_set}@{account}/{region}"), key))
        }
        ValueSource::Literal { .. }
        | ValueSource::AccountId { .. }
        | ValueSource::Document { .. } => None,
    }
}
