//! Models of services as botocore publishes them: operations, shapes and errors.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use flate2::read::GzDecoder;
use serde_json::{Map, Value, json};

/// The models of some services, by the name of their endpoint.
pub(super) struct Models(BTreeMap<String, Value>);

impl Models {
    /// Reads the newest model of each service from the `data` of botocore.
    pub(super) fn read(data: &Path, services: BTreeSet<&str>) -> anyhow::Result<Self> {
        let models = services.into_iter().map(|service| {
            let directory = directory(data, service)?;
            let model = newest(&directory);
            Ok((
                service.to_owned(),
                model.with_context(|| format!("reading {}", directory.display()))?,
            ))
        });
        Ok(Self(models.collect::<anyhow::Result<_>>()?))
    }

    pub(super) fn operation(&self, service: &str, action: &str) -> Option<Operation<'_>> {
        let model = self.0.get(service)?;
        Some(Operation { model, operation: model["operations"].get(action)? })
    }
}

/// Where the models of a service are: some are there with a hyphen that their endpoint has not, or without one that it
/// has, or without the `api` at its end.
fn directory(data: &Path, service: &str) -> anyhow::Result<PathBuf> {
    let plain = |name: &str| name.replace('-', "").trim_end_matches("api").to_owned();
    for entry in fs::read_dir(data)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| plain(name) == plain(service)) {
            return Ok(path);
        }
    }
    anyhow::bail!("{} has no models of {service}", data.display())
}

fn newest(service: &Path) -> anyhow::Result<Value> {
    let entries = fs::read_dir(service)?.map(|entry| Ok(entry?.path()));
    let versions: BTreeSet<PathBuf> = entries.collect::<anyhow::Result<_>>()?;
    let newest = versions.last().context("a service has a version")?;
    let file = File::open(newest.join("service-2.json.gz"))?;
    Ok(serde_json::from_reader(GzDecoder::new(file))?)
}

/// An operation, and the model it is in.
#[derive(Clone, Copy)]
pub(super) struct Operation<'a> {
    model: &'a Value,
    operation: &'a Value,
}

impl<'a> Operation<'a> {
    pub(super) fn metadata(&self, name: &str) -> &'a Value {
        &self.model["metadata"][name]
    }

    pub(super) fn method(&self) -> &'a Value {
        &self.operation["http"]["method"]
    }

    pub(super) fn path(&self) -> &'a Value {
        &self.operation["http"]["requestUri"]
    }

    /// The members of the request, their shapes in short.
    pub(super) fn request(&self) -> Value {
        self.short(&self.operation["input"]["shape"], &[])
    }

    /// The members of the reply, their shapes in short.
    pub(super) fn reply(&self) -> Value {
        self.short(&self.operation["output"]["shape"], &[])
    }

    /// Whether a member of a structure of the request must be there. The structure is where these steps lead.
    pub(super) fn requires(&self, steps: &[&str], member: &str) -> bool {
        let shape = steps.iter().fold(self.input(), |shape, step| {
            let next = match *step {
                "[]" => &shape["member"],
                name => {
                    members(shape).find(|(wire, _)| *wire == name).map_or(&Value::Null, |it| it.1)
                }
            };
            self.shape(&next["shape"])
        });
        let required = shape["required"].as_array().into_iter().flatten();
        let mut required = required.filter_map(Value::as_str);
        required.any(|name| wire_name(name, &shape["members"][name]) == member)
    }

    /// The codes of its errors, as they are on the wire.
    pub(super) fn errors(&self) -> BTreeSet<&'a str> {
        let errors = self.operation["errors"].as_array().into_iter().flatten();
        let code =
            |name: &'a Value| self.shape(name)["error"]["code"].as_str().or_else(|| name.as_str());
        errors.filter_map(|error| code(&error["shape"])).collect()
    }

    /// Lists that are not written as their protocol writes them, `member` by `member`.
    pub(super) fn has_plain_lists(&self) -> bool {
        let shapes = self.model["shapes"].as_object().into_iter().flatten();
        shapes.filter(|(_, shape)| shape["type"] == "list").all(|(_, list)| {
            list["flattened"] != true
                && list["member"]["locationName"].as_str().is_none_or(|name| name == "member")
        })
    }

    fn input(&self) -> &'a Value {
        self.shape(&self.operation["input"]["shape"])
    }

    fn shape(&self, name: &Value) -> &'a Value {
        &self.model["shapes"][name.as_str().unwrap_or_default()]
    }

    /// A shape in short: members by name, a list of its items, or the kind of a value.
    fn short(&self, name: &'a Value, within: &[&str]) -> Value {
        let Some(id) = name.as_str() else { return json!({}) };
        if within.contains(&id) {
            return json!("recursive");
        }
        let within = [within, &[id]].concat();
        let shape = self.shape(name);
        match shape["type"].as_str().unwrap_or_default() {
            "structure" => {
                let short = |(name, member): (&'a str, &'a Value)| {
                    (name.to_owned(), self.short(&member["shape"], &within))
                };
                Value::Object(members(shape).map(short).collect::<Map<_, _>>())
            }
            "list" => json!([self.short(&shape["member"]["shape"], &within)]),
            "long" | "float" | "double" => json!("integer"),
            "blob" => json!("string"),
            kind => json!(kind),
        }
    }
}

/// The members of a structure by their names on the wire.
fn members(shape: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = shape["members"].as_object().into_iter().flatten();
    members.map(|(name, member)| (wire_name(name, member), member))
}

/// What is sent as a header has its name on the wire there alone.
fn wire_name<'a>(name: &'a str, member: &'a Value) -> &'a str {
    match member["location"].as_str() {
        Some("header") => name,
        _ => member["locationName"].as_str().unwrap_or(name),
    }
}
