use std::fmt;

use accel_core::L1;
use accel_synth::{Assembly, manifest};
use serde_json::Value;

use crate::{
    FoundResource, FoundResources,
    lookup::{not_there, read},
    resource::type_of,
};

/// The template of a stack or a stack set.
#[derive(Clone)]
pub struct FoundTemplate<'a> {
    path: String,
    entry: &'a manifest::Template,
    json: Value,
}

impl<'a> FoundTemplate<'a> {
    #[track_caller]
    pub(crate) fn new(assembly: &'a Assembly, path: &str, entry: &'a manifest::Template) -> Self {
        let json = read(assembly.file(&entry.template).unwrap_or_default());
        Self { path: path.to_owned(), entry, json }
    }

    /// The template as JSON.
    #[must_use]
    pub const fn json(&self) -> &Value {
        &self.json
    }

    /// The resource of type `T` at a construct path below the stack: `vpc/private-a`. With
    /// [`Resource`](accel_core::Resource) as `T`, of any type.
    ///
    /// # Panics
    ///
    /// If there is none, or it is of another type.
    #[track_caller]
    #[must_use]
    pub fn resource<T: L1>(&self, path: &str) -> FoundResource<'_> {
        let all = self.all::<accel_core::Resource>();
        let Some(found) = all.iter().find(|resource| resource.path() == path) else {
            let what = format!("resource of `{}`", self.path);
            not_there(&what, path, all.iter().map(ToString::to_string));
        };
        if let Some(expected) = T::TYPE.filter(|expected| expected.name != found.type_name()) {
            panic!("`{}/{path}` is no {}, it is {}", self.path, expected.name, found.type_name());
        }
        found.clone()
    }

    /// All resources of type `T`, ordered by path. With [`Resource`](accel_core::Resource) as `T`, of any type.
    #[must_use]
    pub fn all<T: L1>(&self) -> FoundResources<'_> {
        let resources = self.json["Resources"].as_object().into_iter().flatten();
        let is_asked = |(_, resource): &(&String, &Value)| {
            T::TYPE.is_none_or(|expected| expected.name == type_of(resource))
        };
        let found = resources.filter(is_asked).map(|(logical_id, json)| {
            let path = self.entry.constructs.get(logical_id).unwrap_or(logical_id);
            FoundResource::new(path, logical_id, json)
        });
        let what = T::TYPE.map_or("resource", |expected| expected.name);
        FoundResources::new(&self.path, what, found.collect())
    }

    /// How many resources of type `T` there are.
    #[must_use]
    pub fn count<T: L1>(&self) -> usize {
        self.all::<T>().count()
    }

    /// The value of the output at a construct path below the stack.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[track_caller]
    #[must_use]
    pub fn output(&self, path: &str) -> &Value {
        let outputs = self.json["Outputs"].as_object();
        let constructs = &self.entry.constructs;
        let is_output = |logical_id: &str| outputs.is_some_and(|all| all.contains_key(logical_id));
        let outputs_there = constructs.iter().filter(|(logical_id, _)| is_output(logical_id));
        let mut outputs_there: Vec<_> = outputs_there.collect();
        outputs_there.sort_by_key(|(_, path)| *path);
        match outputs_there.iter().find(|(_, there)| *there == path) {
            Some((logical_id, _)) => &self.json["Outputs"][logical_id.as_str()]["Value"],
            None => {
                let what = format!("output of `{}`", self.path);
                not_there(&what, path, outputs_there.into_iter().map(|(_, path)| path))
            }
        }
    }
}

impl fmt::Debug for FoundTemplate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:#}", self.path, self.json)
    }
}
