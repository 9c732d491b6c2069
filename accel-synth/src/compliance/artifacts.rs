//! Reading the files again: only what some control asks for is read whole.

use std::{borrow::Cow, collections::BTreeMap};

use accel_core::compliance::Subject;
use litemap::LiteMap;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::{Artifacts, Asked, Found, Thing, passed};
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
    regions: &'a [String],
}

impl<'a> Artifacts<'a> {
    /// What `files` show of what is asked.
    pub(super) fn read(
        asked: &Asked<'a>,
        manifest: &'a Manifest,
        files: &[(&'a str, &'a str)],
    ) -> Self {
        let stacks = manifest.stacks.iter().map(|(path, stack)| {
            let template = &stack.template;
            let regions = std::slice::from_ref(&stack.region);
            Place { path, template, account: Some(&stack.account), regions }
        });
        let sets = manifest.stack_sets.iter().map(|(path, set)| {
            let template = &set.template;
            Place { path, template, account: None, regions: &set.regions }
        });
        let places: LiteMap<&str, Place<'_>> =
            stacks.chain(sets).map(|place| (&*place.template.template, place)).into_lite_map();
        let read = parallel::map(files, |&(file, text)| {
            let place = places.get(file);
            let document = manifest.documents.get(file).map(|document| &*document.construct);
            // A file of no stack and no document, such as that of the steps, is of the whole app.
            let construct = place.map(|place| place.path).or(document).unwrap_or(&manifest.app);
            let whole = Found {
                artifact: file,
                pointer: None,
                construct: construct.into(),
                sha256: manifest.files.get(file).map_or("", |file| &file.sha256),
            };
            let things = match place {
                Some(place) => resources(asked, place, &whole, text),
                None if file == steps::PATH => kinds(asked, &whole, text),
                None => Vec::new(),
            };
            (things, whole)
        });
        let (things, files): (Vec<_>, _) = read.into_iter().unzip();
        let accounts = manifest.accounts.keys().map(String::as_str).collect();
        Self { things: things.into_iter().flatten().collect(), files, accounts }
    }
}

/// The resources of a template.
fn resources<'a>(
    asked: &Asked<'a>,
    place: &Place<'a>,
    whole: &Found<'a>,
    text: &'a str,
) -> Vec<Thing<'a>> {
    let Ok(template) = serde_json::from_str::<Template<'_>>(text) else { return Vec::new() };
    let things = template.resources.into_iter().filter_map(|(id, resource)| {
        let asked = asked.get(&*resource.type_name)?;
        let below = place.template.constructs.get(&*id).map_or("", String::as_str);
        let value = resource.properties.and_then(parsed).unwrap_or_default();
        Some(Thing {
            subject: Subject::Resource(resource.type_name.into_owned().into()),
            passes: passed(&value, asked),
            account: place.account.map(Cow::from),
            regions: place.regions.iter().map(Cow::from).collect(),
            found: Found {
                pointer: Some(format!("/Resources/{id}")),
                construct: format!("{}/{below}", place.path).into(),
                ..whole.clone()
            },
        })
    });
    things.collect()
}

/// The steps of the organization.
fn kinds<'a>(asked: &Asked<'a>, whole: &Found<'a>, text: &'a str) -> Vec<Thing<'a>> {
    let Ok(file) = serde_json::from_str::<Steps<'_>>(text) else { return Vec::new() };
    let steps = file.steps.into_iter().enumerate().filter_map(|(index, raw)| {
        let step: Step<'_> = serde_json::from_str(raw.get()).ok()?;
        let asked = asked.get(&*step.kind)?;
        Some(Thing {
            subject: Subject::Step(step.kind.into_owned().into()),
            passes: passed(&parsed(raw).unwrap_or_default(), asked),
            account: step.account,
            regions: step.region.into_iter().collect(),
            found: Found {
                pointer: Some(format!("/steps/{index}")),
                construct: step.path,
                ..whole.clone()
            },
        })
    });
    steps.collect()
}

fn parsed(raw: &RawValue) -> Option<Value> {
    serde_json::from_str(raw.get()).ok()
}
