//! What the engine, the steps and the simulated cloud take for the API of a service, compared with its model.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;
use serde_json::{Map, Value};

use self::model::{Models, Operation};
use super::{
    process::succeed,
    step::{Passed, Step},
    tools::{committed, python},
};

mod model;

const EXPLANATIONS: &str = "tests/checkers/service-models.toml";

/// What the tests of the steps are held to.
const STEPS: &str = "accel-constructs/tests/data/step-apis.json";

pub(crate) const SERVICE_MODELS: Step = Step {
    name: "service-models",
    about: "calls of the engine and of steps, and errors of the simulated cloud, are as botocore's models of the services say",
    run: |context| {
        let print =
            "run --quiet --package accel-simulator --features schema --example calls".split(' ');
        let calls: Calls = serde_json::from_str(&succeed(&mut context.cargo(print))?)?;
        let steps: Steps = serde_json::from_str(&fs::read_to_string(context.root.join(STEPS))?)?;
        let known: Explanations =
            toml::from_str(&fs::read_to_string(context.root.join(EXPLANATIONS))?)?;
        let canary = committed(context, "service-models").join("canary.json");
        let canary: Calls = serde_json::from_str(&fs::read_to_string(canary)?)?;

        let bin = python(context, "moto")?;
        let library = bin.parent().context("an environment has a directory")?.join("lib");
        let python = fs::read_dir(library)?.next().context("an environment has a python")??.path();
        let services = calls.services().chain(canary.services()).chain(steps.services());
        let data = python.join("site-packages/botocore/data");
        let models = Models::read(&data, services.collect())?;

        // What is wrong on purpose is found, all of it.
        let found = canary.problems(&models, &Explanations::default());
        let is_found = |operation: &Described| operation.problems(&models).len() == 1;
        ensure!(
            found.len() == canary.len() && canary.operations.iter().all(is_found),
            "of {} things that are wrong in the canary these are found:\n{}",
            canary.len(),
            found.join("\n")
        );
        let mut problems = calls.problems(&models, &known);
        problems.extend(steps.problems(&models));
        problems.extend(known.needless(&models));
        if !problems.is_empty() {
            bail!("{} problems\n{}", problems.len(), problems.join("\n"));
        }
        let count = calls.len() + steps.operations.len();
        Ok(Passed::new(
            count,
            format!("operations, paths and errors; {} explained", known.error.len()),
        ))
    },
};

/// What the example `calls` prints.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Calls {
    operations: Vec<Described>,
    /// Of S3: action, method and path.
    routes: Vec<(String, String, String)>,
    errors: Vec<Answered>,
    /// Those need no model, but a reason.
    common_errors: Vec<Common>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    service: String,
    action: String,
    protocol: Map<String, Value>,
    request: Value,
    reply: Value,
}

#[derive(Deserialize)]
struct Answered {
    operation: String,
    code: String,
}

#[derive(Deserialize)]
struct Common {
    service: String,
    code: String,
}

impl Calls {
    fn services(&self) -> impl Iterator<Item = &str> {
        let errors =
            self.errors.iter().filter_map(|error| Some(error.operation.split_once(':')?.0));
        self.operations.iter().map(|it| it.service.as_str()).chain(errors)
    }

    fn len(&self) -> usize {
        self.operations.len() + self.routes.len() + self.errors.len() + self.common_errors.len()
    }

    fn problems(&self, models: &Models, known: &Explanations) -> Vec<String> {
        let operations = self.operations.iter().flat_map(|it| it.problems(models));
        let routes = self.routes.iter().filter_map(|(action, method, path)| {
            let model = models.operation("s3", action);
            let is_right = model.is_some_and(|it| it.method() == method && it.path() == path);
            (!is_right).then(|| {
                format!(
                    "s3:{action}: {method} {path}; the model has {:?}",
                    model.map(|it| it.path())
                )
            })
        });
        let errors = self.errors.iter().filter(|Answered { operation, code }| {
            !has_error(models, operation, code) && !known.explains(operation, code)
        });
        let errors = errors.map(|Answered { operation, code }| {
            let errors = operation.split_once(':').and_then(|(service, action)| {
                models.operation(service, action).map(|it| it.errors())
            });
            format!("{operation} has no error {code}; the model has {errors:?}")
        });
        let common = self.common_errors.iter().filter(|it| !known.explains(&it.service, &it.code));
        let common = common.map(|it| format!("{} of {} needs a reason", it.code, it.service));
        operations.chain(routes).chain(errors).chain(common).collect()
    }
}

fn has_error(models: &Models, operation: &str, code: &str) -> bool {
    let named = operation.split_once(':');
    let model = named.and_then(|(service, action)| models.operation(service, action));
    model.is_some_and(|model| model.errors().contains(code))
}

impl Described {
    fn problems(&self, models: &Models) -> Vec<String> {
        let name = format!("{}:{}", self.service, self.action);
        let Some(model) = models.operation(&self.service, &self.action) else {
            return vec![format!("there is no {name}")];
        };
        let mut problems: Vec<String> = self.protocol(model).into_iter().collect();
        let request = Schema { definitions: &self.request["$defs"], of: &self.request };
        request.compare(&model.request(), Some(model), &[], &mut problems);
        let reply = Schema { definitions: &self.reply["$defs"], of: &self.reply };
        reply.compare(&model.reply(), None, &[], &mut problems);
        problems.into_iter().map(|problem| format!("{name}: {problem}")).collect()
    }

    fn protocol(&self, model: Operation<'_>) -> Option<String> {
        let (kind, pairs) = match self.protocol["name"].as_str().unwrap_or_default() {
            "query" => ("query", vec![("version", model.metadata("apiVersion"))]),
            "json" | "json10" => ("json", vec![("target", model.metadata("targetPrefix"))]),
            // Its methods and paths are the routes.
            other => (other, Vec::new()),
        };
        if *model.metadata("protocol") != kind {
            return Some(format!("{kind}, but the model says {}", model.metadata("protocol")));
        }
        let version = if self.protocol["name"] == "json10" { "1.0" } else { "1.1" };
        if kind == "json" && *model.metadata("jsonVersion") != version {
            return Some(format!("it is not version {version} of JSON"));
        }
        if kind == "query" && !model.has_plain_lists() {
            return Some("there are lists that are not written `member` by `member`".to_owned());
        }
        let (name, said) = pairs.into_iter().find(|(name, said)| self.protocol[*name] != **said)?;
        Some(format!("{name} is {}, but the model says {said}", self.protocol[name]))
    }
}

/// A JSON Schema of a Rust type.
#[derive(Clone, Copy)]
struct Schema<'a> {
    definitions: &'a Value,
    of: &'a Value,
}

impl<'a> Schema<'a> {
    /// What differs from the shape, in short, of a model. With a request, what is required must be sent.
    fn compare(
        self,
        shape: &Value,
        request: Option<Operation<'_>>,
        path: &[&str],
        problems: &mut Vec<String>,
    ) {
        let of = self.resolved();
        let at = if path.is_empty() { "it".to_owned() } else { path.join(".") };
        match shape {
            // Any value: what S3 takes as a document.
            _ if ["type", "properties", "$ref"].iter().all(|name| of.get(*name).is_none()) => {}
            Value::Object(members) => {
                let Some(properties) = of["properties"].as_object().or_else(|| none(of)) else {
                    return problems.push(format!("{at} is a structure"));
                };
                for (name, property) in properties {
                    let Some(shape) = members.get(name) else {
                        problems.push(format!("{at} has no {name}"));
                        continue;
                    };
                    let path = [path, &[name]].concat();
                    Schema { of: property, ..self }.compare(shape, request, &path, problems);
                }
                let Some(request) = request else { return };
                for name in members.keys().filter(|name| request.requires(path, name)) {
                    let sent = properties.get(name).map(|of| Schema { of, ..self });
                    if sent.is_none_or(Schema::is_optional) {
                        problems.push(format!("{at} requires {name}"));
                    }
                }
            }
            Value::Array(items) => match (of["items"].as_object(), items.first()) {
                (Some(_), Some(shape)) => {
                    let path = [path, &["[]"]].concat();
                    Schema { of: &of["items"], ..self }.compare(shape, request, &path, problems);
                }
                _ => problems.push(format!("{at} is a list")),
            },
            kind => {
                let is = match of["additionalProperties"].is_object() {
                    true => "map",
                    // What the models call a number of any kind is an integer here.
                    false => match self.kind().unwrap_or("structure") {
                        "number" => "integer",
                        kind => kind,
                    },
                };
                // XML has texts alone; a time is one as well.
                if *kind != is && !(*kind == "timestamp" && is == "string") {
                    problems.push(format!("{at} is a {kind}, not a {is}"));
                }
            }
        }
    }

    /// Without the choice to be absent, and where a name leads.
    fn resolved(self) -> &'a Value {
        let choices = self.of["anyOf"].as_array().into_iter().flatten();
        let of = choices.into_iter().find(|it| it["type"] != "null").unwrap_or(self.of);
        match of["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/")) {
            Some(name) => &self.definitions[name],
            None => of,
        }
    }

    fn is_optional(self) -> bool {
        let null = |of: &Value| match &of["type"] {
            Value::Array(kinds) => kinds.iter().any(|kind| kind == "null"),
            kind => kind == "null",
        };
        null(self.of) || self.of["anyOf"].as_array().is_some_and(|of| of.iter().any(null))
    }

    fn kind(self) -> Option<&'a str> {
        match &self.resolved()["type"] {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|it| *it != "null"),
            kind => kind.as_str(),
        }
    }
}

/// The members of a structure that has none.
fn none(of: &Value) -> Option<&'static Map<String, Value>> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    (of["type"] == "object").then(|| &*NONE)
}

/// What the steps send and read: an extract of the models.
#[derive(Deserialize)]
struct Steps {
    operations: BTreeMap<String, StepOperation>,
}

#[derive(Deserialize)]
struct StepOperation {
    protocol: Value,
    version: Value,
    target: Value,
    method: Value,
    path: Value,
    request: BTreeMap<String, StepMember>,
    reply: Value,
    errors: BTreeSet<String>,
}

#[derive(Deserialize)]
struct StepMember {
    shape: Value,
    required: bool,
}

impl Steps {
    fn services(&self) -> impl Iterator<Item = &str> {
        self.operations.keys().filter_map(|name| Some(name.split_once(':')?.0))
    }

    fn problems(&self, models: &Models) -> Vec<String> {
        let mut problems = Vec::new();
        for (name, step) in &self.operations {
            let named = name.split_once(':');
            let model = named.and_then(|(service, action)| models.operation(service, action));
            let Some(model) = model else {
                problems.push(format!("{STEPS}: there is no {name}"));
                continue;
            };
            let mut differs = |what: &str, is: &Value, said: &Value| {
                if is != said {
                    problems
                        .push(format!("{STEPS}: {name}: {what} is {is}, the model says {said}"));
                }
            };
            differs("protocol", &step.protocol, model.metadata("protocol"));
            differs("version", &step.version, model.metadata("apiVersion"));
            differs("target", &step.target, model.metadata("targetPrefix"));
            differs("method", &step.method, model.method());
            differs("path", &step.path, model.path());
            differs("reply", &step.reply, &model.reply());
            let request = step.request.iter().map(|(name, it)| (name.clone(), it.shape.clone()));
            differs("request", &Value::Object(request.collect()), &model.request());
            for (member, is) in &step.request {
                let required = Value::Bool(model.requires(&[], member));
                differs(&format!("requiring {member}"), &Value::Bool(is.required), &required);
            }
            let errors = model.errors().into_iter().map(str::to_owned).collect();
            let missing: Vec<_> = step.errors.symmetric_difference(&errors).collect();
            // The model of S3 Control has this error without the operations that answer with it.
            if missing.iter().any(|code| *code != "NoSuchPublicAccessBlockConfiguration") {
                problems.push(format!("{STEPS}: {name}: the errors differ by {missing:?}"));
            }
        }
        problems
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Explanations {
    #[serde(default)]
    error: Vec<Explanation>,
}

/// An error that no model has, and why it is one all the same.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explanation {
    /// `service:Action`, a service, or `*`.
    of: String,
    code: String,
    reason: String,
}

impl Explanations {
    fn explains(&self, of: &str, code: &str) -> bool {
        let service = of.split_once(':').map(|(service, _)| service);
        self.error.iter().any(|known| {
            known.code == code && (known.of == of || Some(known.of.as_str()) == service)
        })
    }

    /// Those without a reason, and those that a model makes unnecessary.
    fn needless(&self, models: &Models) -> Vec<String> {
        let needless = |known: &&Explanation| {
            known.reason.trim().is_empty() || has_error(models, &known.of, &known.code)
        };
        let needless = self.error.iter().filter(needless);
        needless
            .map(|known| format!("{EXPLANATIONS}: {} of {} explains nothing", known.code, known.of))
            .collect()
    }
}
