//! Reading the files again: only what some control asks for is read whole.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use accel_core::compliance::Subject;
use litemap::LiteMap;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::{Artifacts, Found, Thing};
use crate::{
    manifest::{Manifest, Template as Listed},
    ordered::IntoMap as _,
    parallel, steps,
};

#[derive(Deserialize)]
struct Template<'a> {
    #[serde(rename = "Resources", borrow, default)]
    resources: BTreeMap<Cow<'a, str>, Resource<'a>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(rename = "Type", borrow)]
    type_name: Cow<'a, str>,
    #[serde(rename = "Properties", borrow)]
    properties: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Steps<'a> {
    #[serde(borrow)]
    steps: Vec<&'a RawValue>,
}

/// What a step says of itself; its requests are read only if a control asks for its kind.
#[derive(Deserialize)]
struct Step<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    path: Cow<'a, str>,
    #[serde(borrow)]
    account: Option<Cow<'a, str>>,
    #[serde(borrow)]
    region: Option<Cow<'a, str>>,
}

/// Where the resources of a template are.
struct Place<'a> {
    path: &'a str,
    template: &'a Listed,
    account: Option<&'a str>,
    regions: Vec<String>,
}

impl Artifacts {
    /// What `files` show of the types and kinds that are `wanted`.
    pub(super) fn read(
        wanted: &BTreeSet<&str>,
        manifest: &Manifest,
        files: &[(&str, &str)],
    ) -> Self {
        let stacks = manifest.stacks.iter().map(|(path, stack)| {
            let template = &stack.template;
            let regions = vec![stack.region.clone()];
            Place { path, template, account: Some(&stack.account), regions }
        });
        let sets = manifest.stack_sets.iter().map(|(path, set)| {
            let template = &set.template;
            Place { path, template, account: None, regions: set.regions.clone() }
        });
        let places: LiteMap<&str, Place<'_>> =
            stacks.chain(sets).map(|place| (&*place.template.template, place)).into_lite_map();
        let read = parallel::map(files, |&(file, text)| {
            let place = places.get(file);
            let document = manifest.documents.get(file).map(|document| &*document.construct);
            // A file of no stack and no document, such as that of the steps, is of the whole app.
            let construct = place.map(|place| place.path).or(document).unwrap_or(&manifest.app);
            let whole = Found {
                artifact: file.to_owned(),
                pointer: None,
                construct: construct.to_owned(),
                sha256: manifest
                    .files
                    .get(file)
                    .map(|file| file.sha256.clone())
                    .unwrap_or_default(),
            };
            let things = match place {
                Some(place) => resources(wanted, place, &whole, text),
                None if file == steps::PATH => kinds(wanted, &whole, text),
                None => Vec::new(),
            };
            (things, whole)
        });
        let (things, files): (Vec<_>, _) = read.into_iter().unzip();
        let accounts = manifest.accounts.keys().cloned().collect();
        Self { things: things.into_iter().flatten().collect(), files, accounts }
    }
}

/// The resources of a template.
fn resources(wanted: &BTreeSet<&str>, place: &Place<'_>, whole: &Found, text: &str) -> Vec<Thing> {
    let Ok(template) = serde_json::from_str::<Template<'_>>(text) else { return Vec::new() };
    let resources = template.resources.into_iter();
    let resources = resources.filter(|(_, resource)| wanted.contains(&*resource.type_name));
    resources
        .map(|(id, resource)| {
            let below = place.template.constructs.get(&*id).map_or("", String::as_str);
            Thing {
                subject: Subject::Resource(resource.type_name.into_owned().into()),
                value: resource.properties.and_then(parsed).unwrap_or_default(),
                account: place.account.map(str::to_owned),
                regions: place.regions.clone(),
                found: Found {
                    pointer: Some(format!("/Resources/{id}")),
                    construct: format!("{}/{below}", place.path),
                    ..whole.clone()
                },
            }
        })
        .collect()
}

/// The steps of the organization.
fn kinds(wanted: &BTreeSet<&str>, whole: &Found, text: &str) -> Vec<Thing> {
    let Ok(file) = serde_json::from_str::<Steps<'_>>(text) else { return Vec::new() };
    let steps = file.steps.into_iter().enumerate().filter_map(|(index, raw)| {
        let step: Step<'_> = serde_json::from_str(raw.get()).ok()?;
        wanted.contains(&*step.kind).then(|| Thing {
            subject: Subject::Step(step.kind.into_owned().into()),
            value: parsed(raw).unwrap_or_default(),
            account: step.account.map(Cow::into_owned),
            regions: step.region.into_iter().map(Cow::into_owned).collect(),
            found: Found {
                pointer: Some(format!("/steps/{index}")),
                construct: step.path.into_owned(),
                ..whole.clone()
            },
        })
    });
    steps.collect()
}

fn parsed(raw: &RawValue) -> Option<Value> {
    serde_json::from_str(raw.get()).ok()
}
