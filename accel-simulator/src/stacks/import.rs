//! What exists outside of stacks, and what CloudFormation asks of a change set that takes it in.

use std::collections::{BTreeMap, BTreeSet};

use accel_deploy::cloud::cloudformation::{Change, CreateChangeSet, ResourceToImport};
use accel_synth::schema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Key, Stack, change_sets::change, replacement::Update};
use crate::{
    template::{Made, stack_id},
    world::{Refusal, World},
};

/// A resource that no stack has made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Existing {
    pub(crate) account: String,
    pub(crate) region: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Property and value of each that identifies it.
    pub(crate) identifier: BTreeMap<String, String>,
}

impl World {
    /// Lets a resource exist that no stack has made: by the properties that identify its type.
    pub fn add_existing(
        &mut self,
        account: &str,
        region: &str,
        kind: &str,
        identifier: impl IntoIterator<Item = (&'static str, &'static str)>,
    ) {
        let identifier = identifier.into_iter();
        self.existing.insert(Existing {
            account: account.to_owned(),
            region: region.to_owned(),
            kind: kind.to_owned(),
            identifier: identifier.map(|(name, of)| (name.to_owned(), of.to_owned())).collect(),
        });
    }

    /// Looks at the request as CloudFormation does, in its words: what it changes, and why it cannot be executed.
    pub(super) fn import(
        &self,
        key: &Key,
        stack: &Stack,
        request: &CreateChangeSet,
        update: &Update<'_>,
    ) -> Result<(Vec<Change>, Option<String>), Refusal> {
        let asked = request.resources_to_import.as_deref().unwrap_or_default();
        check(stack, request, asked, update)
            .map_err(|message| Refusal::new("ValidationError", message))?;
        let refused = asked.iter().find_map(|it| self.not_importable(key, it));
        let changes = match refused {
            Some(_) => Vec::new(),
            None => asked.iter().map(imported).collect(),
        };
        Ok((changes, refused))
    }

    /// Whether it is there, and free.
    fn not_importable(&self, key: &Key, asked: &ResourceToImport) -> Option<String> {
        let (kind, id) = (&asked.resource_type, id_of(asked));
        let mut stacks = self.stacks.iter().filter(|(of, _)| of.0 == key.0 && of.1 == key.1);
        let owner = stacks.find(|(_, stack)| {
            stack.resources.values().any(|made| made.kind == *kind && made.physical == id)
        });
        if let Some(((account, region, name), _)) = owner {
            return Some(format!(
                "{id} already exists in stack {}",
                stack_id(account, region, name)
            ));
        }
        let is_there = self.exists_outside(key, kind, &id);
        (!is_there)
            .then(|| format!("Resource of type '{kind}' with identifier '{id}' was not found."))
    }

    /// Whether there is such a thing that is in no stack.
    pub(crate) fn exists_outside(&self, key: &Key, kind: &str, id: &str) -> bool {
        let is_it = |it: &Existing| {
            it.account == key.0
                && it.region == key.1
                && it.kind == kind
                && physical(kind, &it.identifier) == id
        };
        let it = (key.0.clone(), key.1.clone(), kind.to_owned(), id.to_owned());
        self.left.contains(&it) || (!self.gone.contains(&it) && self.existing.iter().any(is_it))
    }

    /// Whether what is to be made is named, and there is one of this name already: in no stack, in another one, or in the
    /// same one under another logical id.
    pub(super) fn is_taken(&self, key: &Key, id: &str, made: &Made, update: &Update<'_>) -> bool {
        let [name] = schema::identifier(&made.kind) else { return false };
        let Some(set) = made.properties[*name].as_str() else { return false };
        let is_it = |other: &Made| other.kind == made.kind && other.physical == set;
        let mut own = update.before.iter().chain(&update.resources);
        let here = self.stacks.range((key.0.clone(), key.1.clone(), String::new())..);
        let mut here = here.take_while(|(of, _)| (&of.0, &of.1) == (&key.0, &key.1));
        self.exists_outside(key, &made.kind, set)
            || own.any(|(other, it)| other != id && is_it(it))
            || here.any(|(of, stack)| of != key && stack.resources.values().any(is_it))
    }
}

/// What CloudFormation refuses before it looks for anything.
fn check(
    stack: &Stack,
    request: &CreateChangeSet,
    asked: &[ResourceToImport],
    Update { template, resources, .. }: &Update<'_>,
) -> Result<(), String> {
    if asked.is_empty() {
        return Err("Must Provide at least one resource to import".to_owned());
    }
    let deployed: Value = serde_json::from_str(&stack.template).unwrap_or_default();
    let frozen = [
        ("Outputs", section(&deployed, "Outputs") != section(&template.body, "Outputs")),
        ("Tags", request.tags.as_ref().is_some_and(|tags| *tags != stack.tags)),
    ];
    let frozen: Vec<&str> = frozen.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    if !frozen.is_empty() {
        let frozen = frozen.join(", ");
        return Err(format!(
            "As part of the import operation, you cannot modify or add [{frozen}]"
        ));
    }
    let ids: BTreeSet<&str> = asked.iter().map(|it| it.logical_resource_id.as_str()).collect();
    if ids.len() < asked.len() {
        return Err("Every resource to import must have unique LogicalResourceId".to_owned());
    }
    let declared = &template.body["Resources"];
    let names = |is: &dyn Fn(&str) -> bool| {
        let names: Vec<&str> = ids.iter().copied().filter(|id| is(id)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    if let Some(ids) = names(&|id| declared[id].is_null()) {
        return Err(format!(
            "The logical resource ids [{ids}] provided in ResourceToImport do not exist in the template."
        ));
    }
    asked.iter().try_for_each(|it| check_entry(it, &declared[&it.logical_resource_id]))?;
    if resources.keys().all(|id| stack.resources.contains_key(id)) {
        return Err("The template should contain at least one new resource to import.".to_owned());
    }
    if let Some(ids) = names(&|id| stack.resources.contains_key(id)) {
        return Err(format!(
            "Resources [{ids}] passed in ResourceToImport are already in a stack and cannot be imported."
        ));
    }
    let is_new = |id: &&String| !stack.resources.contains_key(*id);
    let unasked: Vec<&str> = resources
        .keys()
        .filter(|id| is_new(id) && !ids.contains(id.as_str()))
        .map(String::as_str)
        .collect();
    if !unasked.is_empty() {
        return Err(format!(
            "Resources [{}] is missing from ResourceToImport list",
            unasked.join(", ")
        ));
    }
    let modified: Vec<&str> = stack
        .resources
        .iter()
        .filter(|(id, made)| resources.get(*id) != Some(*made))
        .map(|(id, _)| id.as_str())
        .collect();
    if !modified.is_empty() {
        return Err(format!(
            "You have modified resources [{}] in your template that are not being imported. Update, create or \
             delete operations cannot be executed during import operations.",
            modified.join(", ")
        ));
    }
    match names(&|id| declared[id]["DeletionPolicy"].is_null()) {
        Some(ids) => Err(format!(
            "The following resources to import [{ids}] must have DeletionPolicy attribute specified in the \
             template."
        )),
        None => Ok(()),
    }
}

/// One resource, and what the template says of it.
fn check_entry(asked: &ResourceToImport, declared: &Value) -> Result<(), String> {
    let ResourceToImport { resource_type, logical_resource_id, resource_identifier } = asked;
    let known = schema::identifier(resource_type);
    if known.is_empty() {
        return Err(format!(
            "The following resource types are not supported for resource import: {resource_type}"
        ));
    }
    let are_right = known.len() == resource_identifier.len()
        && known.iter().all(|name| resource_identifier.contains_key(*name));
    if !are_right {
        return Err(format!(
            "Invalid resource identifier for resource type {resource_type}. Expected [{}]",
            known.join(", ")
        ));
    }
    let in_template = declared["Type"].as_str().unwrap_or_default();
    if in_template != resource_type {
        return Err(format!(
            "Resource type of [{logical_resource_id}] passed in ResourceToImport does not match with resource type \
             defined in the template. Resource type in ResourceToImport: {resource_type}; Resource type in \
             Template: {in_template}."
        ));
    }
    let other = resource_identifier.iter().find(|(name, value)| {
        let set = declared["Properties"][name.as_str()].as_str();
        set.is_some_and(|set| set != value.as_str())
    });
    match other {
        Some((name, _)) => Err(format!(
            "The Identifier [{name}] for resource [{logical_resource_id}] does not match the identifier value for \
             the resource in the template"
        )),
        None => Ok(()),
    }
}

/// What CloudFormation calls a resource with this identifier.
fn physical(kind: &str, identifier: &BTreeMap<String, String>) -> String {
    let known = schema::identifier(kind).iter().filter_map(|name| identifier.get(*name));
    known.map(String::as_str).collect::<Vec<_>>().join("|")
}

/// The ids of the resources that a request takes in, by logical id.
pub(super) fn ids(request: &CreateChangeSet) -> BTreeMap<String, String> {
    let asked = request.resources_to_import.iter().flatten();
    asked.map(|it| (it.logical_resource_id.clone(), id_of(it))).collect()
}

fn id_of(asked: &ResourceToImport) -> String {
    physical(&asked.resource_type, &asked.resource_identifier)
}

fn imported(asked: &ResourceToImport) -> Change {
    change("Import", &asked.logical_resource_id, &asked.resource_type, |it| {
        it.physical_resource_id = Some(id_of(asked));
    })
}

fn section(template: &Value, name: &str) -> Map<String, Value> {
    template[name].as_object().cloned().unwrap_or_default()
}
