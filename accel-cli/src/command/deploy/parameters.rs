use std::{collections::BTreeMap, ffi::OsStr, fs, path::PathBuf};

use accel_deploy::Graph;
use clap::{Arg, Args, Command, builder::TypedValueParser, error::ErrorKind};

use super::session::Session;
use crate::{
    codes,
    problem::{Problem, Problems},
};

/// Values that only people know, such as the ids of their groups.
#[derive(Args, Debug)]
pub(super) struct Parameters {
    /// The value of a parameter that has neither a source in the program nor a default; simulated clouds
    /// invent those that are not given
    #[arg(long = "parameter", value_name = "PATH.NAME=VALUE", value_parser = Discreet)]
    given: Vec<Given>,

    /// Such values from a file, as a JSON object of texts by `PATH.NAME`: what is in it, no list of processes
    /// shows. What `--parameter` says comes first
    #[arg(long = "parameters", value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Clone)]
struct Given {
    path: String,
    name: String,
    value: String,
}

/// A value may be a secret.
impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.path, self.name)
    }
}

impl Given {
    fn parse(text: &str) -> Option<Self> {
        let (key, value) = text.split_once('=')?;
        Self::new(key, value.to_owned())
    }

    fn new(key: &str, value: String) -> Option<Self> {
        // Names of parameters have letters and digits only, paths may have more.
        let (path, name) = key.rsplit_once('.')?;
        Some(Self { path: path.to_owned(), name: name.to_owned(), value })
    }
}

/// Does not repeat in an error what was given.
#[derive(Clone, Debug)]
struct Discreet;

impl TypedValueParser for Discreet {
    type Value = Given;

    fn parse_ref(
        &self,
        command: &Command,
        _: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Given, clap::Error> {
        value.to_str().and_then(Given::parse).ok_or_else(|| {
            let message = "what follows `--parameter` is no `PATH.NAME=VALUE`, as \
                `prod/eu-west-1/data.Group=admins` is\n";
            clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }
}

impl Parameters {
    /// As they are given again, without the values: they may be secrets.
    pub(super) fn flags(&self) -> impl Iterator<Item = String> {
        let file = self.file.iter().map(|file| format!("--parameters={}", file.display()));
        self.given.iter().map(|given| format!("--parameter={given:?}=...")).chain(file)
    }

    /// Those of the file, then those of the command line: the last one counts.
    fn given(&self) -> Result<Vec<Given>, Problems> {
        let mut all = Vec::new();
        if let Some(file) = &self.file {
            let wrong = |what: &str| {
                let message = format!("`{}`: {what}", file.display());
                Problem::new(&codes::MISSING_PARAMETER, message)
                    .help(r#"write it as `{"prod/eu-west-1/data.Group": "admins"}`"#)
            };
            let text = fs::read_to_string(file).map_err(|error| wrong(&error.to_string()))?;
            // What serde says of a value that is no text repeats it.
            let values: BTreeMap<String, String> =
                serde_json::from_str(&text).map_err(|_| wrong("it is no JSON object of texts"))?;
            for (key, value) in values {
                let given = Given::new(&key, value);
                all.push(given.ok_or_else(|| wrong(&format!("`{key}` is no `PATH.NAME`")))?);
            }
        }
        all.extend(self.given.iter().cloned());
        Ok(all)
    }

    /// All that is needed for `paths`, by path and name.
    pub(super) fn values(
        &self,
        session: &Session,
        paths: &[String],
    ) -> Result<Vec<(String, String, String)>, Problems> {
        let all = self.given()?;
        let open: Vec<(&str, String)> = session.graph.open_parameters().collect();
        let is_open = |given: &&Given| {
            open.iter().any(|(path, name)| (*path, name) == (&*given.path, &given.name))
        };
        if let Some(unknown) = all.iter().find(|given| !is_open(given)) {
            return Err(nobody_asks(unknown, &session.graph));
        }
        let mut values = Vec::new();
        let mut missing = Vec::new();
        for (path, name) in open {
            let given = all.iter().rfind(|it| (path, &name) == (&*it.path, &it.name));
            match given.map(|given| given.value.clone()) {
                Some(value) => values.push((path.to_owned(), name, value)),
                None if session.cloud.is_simulated() => {
                    // A word that stands in no message: errors do not repeat the values of secrets.
                    values.push((path.to_owned(), name, "invented".to_owned()));
                }
                None if paths.iter().any(|wanted| wanted == path) => {
                    missing.push(format!("`{path}.{name}`"));
                }
                None => {}
            }
        }
        if missing.is_empty() {
            return Ok(values);
        }
        let message = format!("nobody has said the values of {}", missing.join(", "));
        Err(Problem::new(&codes::MISSING_PARAMETER, message)
            .help(
                "give each as `--parameter PATH.NAME=VALUE`, or all in a file: `--parameters FILE`",
            )
            .into())
    }
}

fn nobody_asks(given: &Given, graph: &Graph) -> Problems {
    let open: Vec<String> =
        graph.open_parameters().map(|(path, name)| format!("`{path}.{name}`")).collect();
    let help = if open.is_empty() {
        "every parameter has a source in the program or a default".to_owned()
    } else {
        format!("those that need a value are {}", open.join(", "))
    };
    let message = format!("no parameter `{}.{}` needs a value", given.path, given.name);
    Problem::new(&codes::MISSING_PARAMETER, message).help(help).into()
}
