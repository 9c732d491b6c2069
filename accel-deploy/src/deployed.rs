//! The record of what earlier runs have brought into the cloud.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use accel_synth::{
    Assembly,
    manifest::{self, Account, Manifest, Stack, StackSet, Template},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    cleanup::{self, Owner},
    cloud::{
        Cloud, CloudError, ErrorClass, Place,
        s3::{GetObject, Object},
        sts::GetCallerIdentity,
    },
    engine::{bucket::bucket_name, patience::call},
    graph::{Graph, Node, Removal, Subject},
    step::Step,
    values::Values,
};

mod former;
mod names;

pub(crate) use self::former::{FormerId, Formers};

/// Where the record is kept, for every app in the bucket of this region.
pub(crate) const REGION: &str = "us-east-1";
pub(crate) const KEY: &str = "deployed.json";

const VERSION: u32 = 1;

/// What earlier runs have brought into the cloud: stacks and stack sets with their templates and what
/// waited for what, and the organization's settings.
///
/// It says where to look for what is no longer in the app; whether a thing is there, and is the app's, the
/// look decides. A run writes what it is about to make before it begins, so that a killed one leaves nothing
/// behind that nobody knows of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Deployed {
    version: u32,
    accounts: BTreeMap<String, Account>,
    stacks: BTreeMap<String, Stack>,
    stack_sets: BTreeMap<String, StackSet>,
    settings: BTreeMap<String, Setting>,
    /// By the file that the stacks and stack sets name.
    templates: BTreeMap<String, String>,
    /// The parameters of values by account that runs have written, or were about to, by the name of the stack set.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<String, BTreeSet<String>>,
    /// What stacks and stack sets have replaced, or are about to, and is deleted only when others have moved.
    #[serde(default, skip_serializing_if = "Formers::is_empty")]
    former: Formers,
}

/// A record as it was read, and what tells whether somebody has written another one since.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) record: Deployed,
    pub(crate) e_tag: Option<String>,
}

/// What a step has set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Setting {
    account: String,
    region: String,
    call: String,
    request: Value,
}

impl Setting {
    /// None of what is only looked up.
    pub(crate) fn of(step: &Step) -> Option<Self> {
        let call = step.call.as_ref()?;
        Some(Self {
            account: step.account.clone(),
            region: step.region.clone(),
            call: format!("{}:{}", call.service, call.action),
            request: call.request.clone(),
        })
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}, {}", self.call, self.account, self.region)
    }
}

impl Default for Deployed {
    fn default() -> Self {
        Self {
            version: VERSION,
            accounts: BTreeMap::new(),
            stacks: BTreeMap::new(),
            stack_sets: BTreeMap::new(),
            settings: BTreeMap::new(),
            templates: BTreeMap::new(),
            parameters: BTreeMap::new(),
            former: Formers::default(),
        }
    }
}

impl Deployed {
    /// The record of an app; an empty one if nothing was deployed yet.
    ///
    /// # Errors
    /// If the bucket cannot be read, or the record is one of another version.
    pub async fn read<C: Cloud>(cloud: &C, app: &str) -> Result<Self, CloudError> {
        Ok(Self::kept(cloud, app).await?.record)
    }

    pub(crate) async fn kept<C: Cloud>(cloud: &C, app: &str) -> Result<Kept, CloudError> {
        let place = Place::caller(REGION);
        let caller = call(cloud, &place, &GetCallerIdentity::default()).await?.account;
        let get = GetObject { bucket: bucket_name(app, &caller, REGION), key: KEY.to_owned() };
        match call(cloud, &place, &get).await {
            Ok(Object { e_tag, body, .. }) => {
                let record: Self = serde_json::from_str(&body)
                    .map_err(|error| CloudError::unreadable("s3", "GetObject", &error))?;
                if record.version != VERSION {
                    let message = format!(
                        "the record of what is deployed, `{KEY}` in `{}`, is of version {}, and this \
                         program knows version {VERSION}",
                        get.bucket, record.version
                    );
                    return Err(CloudError::answer("s3", "GetObject", "OtherVersion", message));
                }
                Ok(Kept { record, e_tag: Some(e_tag) })
            }
            Err(error) if error.class == ErrorClass::NotFound => {
                Ok(Kept { record: Self::default(), e_tag: None })
            }
            Err(error) => Err(error),
        }
    }

    pub(crate) fn stacks(&self) -> impl Iterator<Item = (&str, &Stack)> {
        self.stacks.iter().map(|(path, stack)| (path.as_str(), stack))
    }

    pub(crate) fn stack_sets(&self) -> impl Iterator<Item = (&str, &StackSet)> {
        self.stack_sets.iter().map(|(path, set)| (path.as_str(), set))
    }

    pub(crate) fn settings(&self) -> impl Iterator<Item = (&str, &Setting)> {
        self.settings.iter().map(|(path, setting)| (path.as_str(), setting))
    }

    /// The parameters that may be there of a stack set's values by account.
    pub(crate) fn parameters_of(&self, stack_set: &str) -> BTreeSet<String> {
        self.parameters.get(stack_set).cloned().unwrap_or_default()
    }

    pub(crate) const fn formers(&self) -> &Formers {
        &self.former
    }

    pub(crate) const fn formers_mut(&mut self) -> &mut Formers {
        &mut self.former
    }

    /// Whether a stack of the record is one of a manifest: what is in this place under this name.
    pub(crate) fn is_same(&self, recorded: &Stack, wanted: &Stack, manifest: &Manifest) -> bool {
        (&wanted.name, &wanted.region) == (&recorded.name, &recorded.region)
            && self.is_account(&recorded.account, &wanted.account, manifest)
    }

    /// The template that a stack or stack set was deployed with.
    pub(crate) fn template_of(&self, owner: &Owner, manifest: &Manifest) -> Option<&str> {
        let recorded = match owner {
            Owner::Stack(wanted) => &self.stack(wanted, manifest)?.template,
            Owner::StackSet(wanted) => &self.stack_set(wanted)?.template,
        };
        self.templates.get(&recorded.template).map(String::as_str)
    }

    /// What the record has of a stack of a manifest, by whatever path.
    fn stack(&self, wanted: &Stack, manifest: &Manifest) -> Option<&Stack> {
        self.stacks.values().find(|recorded| self.is_same(recorded, wanted, manifest))
    }

    fn stack_set(&self, wanted: &StackSet) -> Option<&StackSet> {
        self.stack_sets.values().find(|recorded| recorded.name == wanted.name)
    }

    /// Whether an account of the record is one of a manifest.
    pub(crate) fn is_account(&self, recorded: &str, name: &str, manifest: &Manifest) -> bool {
        let id = |accounts: &BTreeMap<String, Account>, name| {
            accounts.get(name).and_then(|account: &Account| account.id.clone())
        };
        match (id(&self.accounts, recorded), id(&manifest.accounts, name)) {
            (Some(recorded), Some(id)) => recorded == id,
            _ => recorded == name,
        }
    }

    pub(crate) fn place(&self, account: &str, region: &str) -> Option<Place> {
        let account = self.accounts.get(account)?;
        if account.management {
            return Some(Place::caller(region));
        }
        let role = account.access_role.as_deref();
        account.id.as_ref().map(|id| Place::account(id, region).entered_by(role))
    }

    /// As an assembly, to compare a graph's with.
    pub(crate) fn assembly(&self, graph: &Graph) -> Assembly {
        let mut stack_sets = self.stack_sets.clone();
        stack_sets.values_mut().for_each(|set| graph.retain_as_said(set));
        let manifest = Manifest {
            version: manifest::VERSION,
            app: graph.manifest.app.clone(),
            accounts: self.accounts.clone(),
            stacks: self.stacks.clone(),
            stack_sets,
            steps: None,
            documents: BTreeMap::new(),
            files: BTreeMap::new(),
        };
        Assembly::of_parts(manifest, self.templates.clone())
    }

    /// With what a run is about to make beside what is there.
    pub(crate) fn begun(&self, graph: &Graph, paths: &[String]) -> Self {
        let former = self.formers_in(&graph.manifest);
        let mut begun = Self { former, ..self.clone() };
        for path in paths {
            let is_known = self.stacks.contains_key(path) || self.stack_sets.contains_key(path);
            let is_new = !is_known && !graph.get(path).is_some_and(Node::is_removal);
            if is_new && !begun.take_renamed(graph, path) {
                begun.take(graph, path);
            }
            begun.take_edges(graph, path);
            if let Some(Subject::StackSet(set)) = graph.get(path).map(|node| &node.subject) {
                begun.take_parameters(set);
            }
        }
        // Also of a set that this run does not bring to its end, and whose next run may be without it.
        begun.stack_sets.values_mut().for_each(|set| graph.retain_as_said(set));
        begun.take_accounts(graph, None);
        begun
    }

    /// With what a run has done, and without what is no longer there.
    pub(crate) fn done(&self, graph: &Graph, paths: &[&str], values: &Values) -> Self {
        let mut done = self.clone();
        for path in paths {
            // One of which something is kept is not what it was, and not yet what it is to be.
            let is_kept = graph.cleanup_of(path).is_some();
            if !is_kept || paths.contains(&cleanup::path_of(path).as_str()) {
                done.take(graph, path);
            }
        }
        // What has another path now.
        done.stacks.retain(|path, _| graph.get(path).is_some());
        done.stack_sets.retain(|path, _| graph.get(path).is_some());
        // What is left was told of.
        done.settings.retain(|path, _| graph.get(path).is_some());
        done.former.retain(|owner| graph.cleanup_of(owner).is_some());
        let used = |template: &Template| template.template.clone();
        let stacks = done.stacks.values().map(|stack| used(&stack.template));
        let files: BTreeSet<String> =
            stacks.chain(done.stack_sets.values().map(|set| used(&set.template))).collect();
        done.templates.retain(|file, _| files.contains(file));
        done.take_accounts(graph, Some(values));
        let stays = |name: &String| done.stacks.values().any(|stack| stack.account == *name);
        let accounts = done.accounts.iter();
        let accounts =
            accounts.filter(|(name, _)| graph.manifest.accounts.contains_key(*name) || stays(name));
        done.accounts = accounts.map(|(name, account)| (name.clone(), account.clone())).collect();
        done
    }

    /// Puts a node of a graph in, or takes it out if it is a removal.
    fn take(&mut self, graph: &Graph, path: &str) {
        let Some(node) = graph.get(path) else { return };
        let path = path.to_owned();
        match &node.subject {
            Subject::Step(step) => {
                self.settings.extend(Setting::of(step).map(|setting| (path, setting)));
            }
            Subject::Stack(stack) => {
                self.templates.extend([graph.file_of(&stack.template)]);
                self.stacks.insert(path, (**stack).clone());
            }
            Subject::StackSet(set) => {
                self.templates.extend([graph.file_of(&set.template)]);
                self.stack_sets.insert(path, (**set).clone());
                // Those of former tables are gone.
                self.parameters.remove(&set.name);
                self.take_parameters(set);
            }
            Subject::Removal(removal) => {
                let owner = match &**removal {
                    Removal::Cleanup(cleanup) => &cleanup.path,
                    _ => &path,
                };
                self.former.forget(owner);
                self.stacks.remove(&path);
                if let Some(set) = self.stack_sets.remove(&path) {
                    self.parameters.remove(&set.name);
                }
            }
        }
    }

    fn take_parameters(&mut self, set: &StackSet) {
        let names = set.by_account.values().map(|table| table.parameter.clone());
        let names: BTreeSet<String> = names.collect();
        if !names.is_empty() {
            self.parameters.entry(set.name.clone()).or_default().extend(names);
        }
    }

    fn take_accounts(&mut self, graph: &Graph, values: Option<&Values>) {
        for (name, account) in &graph.manifest.accounts {
            let known = self.accounts.get(name).and_then(|account| account.id.clone());
            let learned = values.and_then(|values| values.account(name)).map(str::to_owned);
            let mut account = account.clone();
            account.id = learned.or(account.id).or(known);
            self.accounts.insert(name.clone(), account);
        }
    }
}
