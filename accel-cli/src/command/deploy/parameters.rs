use std::str::FromStr;

use accel_deploy::Graph;
use clap::Args;

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
    #[arg(long = "parameter", value_name = "PATH.NAME=VALUE")]
    given: Vec<Given>,
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

impl FromStr for Given {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('=');
        // Names of parameters have letters and digits only, paths may have more.
        let parts = parts.and_then(|(key, value)| Some((key.rsplit_once('.')?, value)));
        let ((path, name), value) = parts
            .ok_or("this is no `PATH.NAME=VALUE`, as `prod/eu-west-1/data.Group=admins` is")?;
        Ok(Self { path: path.to_owned(), name: name.to_owned(), value: value.to_owned() })
    }
}

impl Parameters {
    /// As they are given again, without the values: they may be secrets.
    pub(super) fn flags(&self) -> impl Iterator<Item = String> {
        self.given.iter().map(|given| format!(" --parameter {given:?}=..."))
    }

    /// All that is needed for `paths`, by path and name.
    pub(super) fn values(
        &self,
        session: &Session,
        paths: &[String],
    ) -> Result<Vec<(String, String, String)>, Problems> {
        let open: Vec<(&str, String)> = session.graph.open_parameters().collect();
        let is_open = |given: &&Given| {
            open.iter().any(|(path, name)| (*path, name) == (&*given.path, &given.name))
        };
        if let Some(unknown) = self.given.iter().find(|given| !is_open(given)) {
            return Err(nobody_asks(unknown, &session.graph));
        }
        let mut values = Vec::new();
        let mut missing = Vec::new();
        for (path, name) in open {
            let given = self.given.iter().rfind(|it| (path, &name) == (&*it.path, &it.name));
            match given.map(|given| given.value.clone()) {
                Some(value) => values.push((path.to_owned(), name, value)),
                None if session.cloud.is_simulated() => {
                    values.push((path.to_owned(), name, "simulated".to_owned()));
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
            .help("give each as `--parameter PATH.NAME=VALUE`")
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
