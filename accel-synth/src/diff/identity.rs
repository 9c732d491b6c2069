use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    EntryDiff,
    edit::edits,
    entry::{action, pairs},
    phrase::source,
};
use crate::{
    Assembly,
    manifest::{Account, Manifest, TargetSet, Template, ValueSource},
    ordered::IntoMap as _,
};

/// Which thing of the old assembly is which of the new one.
pub(super) struct Identity<'a> {
    pub(super) old: &'a Assembly,
    pub(super) new: &'a Assembly,
    /// The old manifest, in the names of the new one: what is the same thing has the same name.
    pub(super) renamed: Manifest,
    /// Old name to new name, where it differs.
    accounts: BTreeMap<String, String>,
    /// Old construct path to new construct path of stacks, stack sets and steps, where it differs.
    paths: BTreeMap<String, String>,
}

impl<'a> Identity<'a> {
    pub(super) fn new(old: &'a Assembly, new: &'a Assembly) -> Self {
        let accounts = same_accounts(&old.manifest().accounts, &new.manifest().accounts);
        let mut identity =
            Self { old, new, renamed: old.manifest().clone(), accounts, paths: BTreeMap::new() };
        identity.match_templates();
        identity.match_steps();
        identity.renamed = identity.rename();
        identity
    }

    fn match_templates(&mut self) {
        let (old, new) = (self.old.manifest(), self.new.manifest());
        let places = new.stacks.iter().map(|(path, stack)| {
            ((stack.account.as_str(), stack.region.as_str(), stack.name.as_str()), path)
        });
        let places = places.into_lite_map();
        let sets =
            new.stack_sets.iter().map(|(path, set)| (set.name.as_str(), path)).into_lite_map();
        let stacks = old.stacks.iter().filter_map(|(path, stack)| {
            let place = (self.account(&stack.account), stack.region.as_str(), stack.name.as_str());
            Some((path, *places.get(&place)?))
        });
        let sets = old
            .stack_sets
            .iter()
            .filter_map(|(path, set)| Some((path, *sets.get(set.name.as_str())?)));
        let moved = stacks.chain(sets).filter(|(old, new)| old != new);
        let moved: Vec<_> = moved.map(|(old, new)| (old.clone(), new.clone())).collect();
        self.paths.extend(moved);
    }

    fn match_steps(&mut self) {
        let path = |step: &Value| step["path"].as_str().unwrap_or_default().to_owned();
        let new = steps(self.new)
            .iter()
            .map(|step| (self.step_owner(step, false), path(step)))
            .into_lite_map();
        let old = steps(self.old);
        let pairs = old.iter().filter_map(|step| {
            let new = new.get(&self.step_owner(step, true))?;
            Some((path(step), new.clone()))
        });
        let moved: Vec<_> = pairs.filter(|(old, new)| old != new).collect();
        self.paths.extend(moved);
    }

    /// Account, region and setting: what a step owns, and nobody else.
    pub(super) fn step_owner(&self, step: &Value, is_old: bool) -> [String; 3] {
        let member = |name: &str| step[name].as_str().unwrap_or_default().to_owned();
        let account = member("account");
        let account = if is_old { self.account(&account).to_owned() } else { account };
        [account, member("region"), member("setting")]
    }

    /// The old manifest in the names of the new one.
    fn rename(&self) -> Manifest {
        let mut renamed = self.old.manifest().clone();
        renamed.accounts = rename_keys(renamed.accounts, |name| self.account(name).to_owned());
        renamed.stacks = rename_keys(renamed.stacks, |path| self.path(path).to_owned());
        for stack in renamed.stacks.values_mut() {
            stack.account = self.account(&stack.account).to_owned();
            self.sources(stack.template.parameters.values_mut());
        }
        renamed.stack_sets = rename_keys(renamed.stack_sets, |path| self.path(path).to_owned());
        for set in renamed.stack_sets.values_mut() {
            self.sources(set.template.parameters.values_mut());
            match &mut set.targets {
                TargetSet::Units { units, accounts, .. } => {
                    self.sources(units.iter_mut());
                    self.names(accounts);
                }
                TargetSet::Accounts(accounts) => self.names(accounts),
            }
            self.sources(set.canary.iter_mut());
            for table in set.by_account.values_mut() {
                table.rows = rename_keys(std::mem::take(&mut table.rows), |name| {
                    self.account(name).to_owned()
                });
                self.sources(table.rows.values_mut().chain(&mut table.default));
            }
        }
        renamed
    }

    fn sources<'s>(&self, sources: impl Iterator<Item = &'s mut ValueSource>) {
        for source in sources {
            match source {
                ValueSource::Literal { .. } => {}
                ValueSource::Output { stack, .. } => *stack = self.path(stack).to_owned(),
                ValueSource::Step { step, .. } => *step = self.path(step).to_owned(),
                ValueSource::Document { document } => *document = self.path(document).to_owned(),
                ValueSource::AccountId { account } => *account = self.account(account).to_owned(),
                ValueSource::Published { stack_set, account, .. } => {
                    *stack_set = self.path(stack_set).to_owned();
                    *account = self.account(account).to_owned();
                }
            }
        }
    }

    fn names(&self, accounts: &mut [String]) {
        for account in accounts {
            *account = self.account(account).to_owned();
        }
    }

    /// What the old account `name` is called now.
    fn account<'s>(&'s self, name: &'s str) -> &'s str {
        self.accounts.get(name).map_or(name, String::as_str)
    }

    /// Where what was at the old `path` is now.
    fn path<'s>(&'s self, path: &'s str) -> &'s str {
        self.paths.get(path).map_or(path, String::as_str)
    }

    /// An old step in the names of the new assembly.
    pub(super) fn renamed_step(&self, step: &Value) -> Value {
        match step {
            Value::Object(object) => {
                let entries = object.iter().map(|(key, value)| {
                    let value = match (key.as_str(), value) {
                        ("account", Value::String(name)) => self.account(name).into(),
                        ("path" | "stack" | "step" | "stackSet", Value::String(path)) => {
                            self.path(path).into()
                        }
                        (_, value) => self.renamed_step(value),
                    };
                    (key.clone(), value)
                });
                Value::Object(entries.into_members())
            }
            Value::Array(items) => items.iter().map(|item| self.renamed_step(item)).collect(),
            scalar => scalar.clone(),
        }
    }

    /// What to call the parts of a template: construct paths by logical id, and by parameter what it is
    /// given.
    pub(super) fn names_in(&self, template: &Template) -> BTreeMap<String, String> {
        let parameters = template.parameters.iter();
        let parameters = parameters.map(|(name, source)| (name.clone(), self.name_of(source)));
        let constructs = template.constructs.iter().map(|(id, path)| (id.clone(), path.clone()));
        constructs.chain(parameters).into_map()
    }

    /// `prod/eu-west-1/network/vpc.CidrBlock` for the output that holds it.
    fn name_of(&self, of: &ValueSource) -> String {
        let ValueSource::Output { stack, output } = of else { return source(of) };
        let stacks = [&self.new.manifest().stacks, &self.renamed.stacks];
        let mut constructs = stacks
            .iter()
            .filter_map(|stacks| stacks.get(stack))
            .flat_map(|s| &s.template.constructs);
        // The name of an output is a logical id and an attribute; no logical id begins with another.
        constructs
            .find_map(|(id, path)| match output.strip_prefix(id.as_str())? {
                "" => Some(format!("{stack}/{path}")),
                attribute => Some(format!("{stack}/{path}.{attribute}")),
            })
            .unwrap_or_else(|| source(of))
    }

    /// How the accounts differ.
    pub(super) fn accounts(&self) -> Vec<EntryDiff> {
        let value = |account: &Account| serde_json::to_value(account).unwrap_or_default();
        let (old, new) = (&self.renamed.accounts, &self.new.manifest().accounts);
        let entry = |(name, old, new): (&str, Option<&Account>, Option<&Account>)| {
            let was = self.accounts.iter().find(|(_, new)| *new == name).map(|(old, _)| old);
            let mut entry = EntryDiff::new("account", name, action(old, new));
            if let (Some(old), Some(new)) = (old, new) {
                entry.edits = edits(&value(old), &value(new));
                entry.note = was.map(|was| format!("was called `{was}`"));
            } else if new.is_none() {
                entry.note = Some("stays as it is: accounts are not closed".to_owned());
            }
            (!entry.edits.is_empty() || entry.note.is_some() || old.is_none()).then_some(entry)
        };
        pairs(old, new).filter_map(entry).collect()
    }
}

fn rename_keys<V>(
    map: BTreeMap<String, V>,
    rename: impl Fn(&str) -> String,
) -> BTreeMap<String, V> {
    map.into_iter().map(|(key, value)| (rename(&key), value)).into_map()
}

/// Old name to new name: by id, by e-mail, by name; only where it differs.
fn same_accounts(
    old: &BTreeMap<String, Account>,
    new: &BTreeMap<String, Account>,
) -> BTreeMap<String, String> {
    let same = |old: &Account, new: &Account| match (&old.id, &new.id) {
        (Some(old), Some(new)) => old == new,
        _ => old.email.is_some() && old.email == new.email,
    };
    let renamed = old.iter().filter(|(name, _)| !new.contains_key(*name));
    let pair = |(name, account): (&String, &Account)| {
        let found = new
            .iter()
            .find(|(other, candidate)| !old.contains_key(*other) && same(account, candidate));
        Some((name.clone(), found?.0.clone()))
    };
    renamed.filter_map(pair).collect()
}

/// The rows of the steps' file.
pub(super) fn steps(assembly: &Assembly) -> Vec<Value> {
    let text = assembly.manifest().steps.as_ref().and_then(|path| assembly.file(path));
    let root: Value = text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    root["steps"].as_array().cloned().unwrap_or_default()
}
