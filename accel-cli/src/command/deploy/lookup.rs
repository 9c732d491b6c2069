use std::fmt;

use clap::Args;
use serde::Serialize;

use super::{
    Json, deployment::Deployment, losses::Losses, parameters::Parameters, selection::Selection,
    source::Source,
};
use crate::{outcome::Outcome, problem::Problems};

/// Look for what is there already, and write it to the lock file: ids of accounts, values that documents hold
///
/// Accounts are found by their address, or else by their name; hosted zones, VPCs, keys and roles by what the
/// program calls them. AWS is not changed.
#[derive(Args, Debug)]
pub(crate) struct Lookup<S: Source> {
    #[command(flatten)]
    deployment: Deployment<S>,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    parameters: Parameters,
    #[command(flatten)]
    pub(in crate::command) json: Json,
}

impl<S: Source> Lookup<S> {
    pub(in crate::command) fn run(&self, from: S::From) -> Result<Outcome<Learned>, Problems> {
        let session = self.deployment.open(from)?;
        let files = self.deployment.destination.files();
        // It is added to at the end: that it cannot be is known before anything is looked for.
        files.read_lock()?;
        let paths = self.selection.paths(&session.graph)?;
        let given = self.parameters.values(&session, &[])?;
        let engine = session.engine(Losses::none(), given);
        let values = session.look(engine.lookup(&paths))?;
        files.write_lock(&session.assembly, &values)?;
        let accounts = session.assembly.manifest().accounts.iter();
        let accounts = accounts.filter(|(_, account)| account.id.is_none());
        let (mut learned, mut unknown) = (Vec::new(), Vec::new());
        for (name, account) in accounts {
            match values.account(name) {
                Some(id) => learned.push(Account { name: name.clone(), id: id.to_owned() }),
                None => unknown.push(match &account.email {
                    Some(email) => format!("{name} <{email}>"),
                    None => name.clone(),
                }),
            }
        }
        let mut found = Vec::new();
        for (path, results) in
            session.graph.lookups().filter(|(path, _)| paths.iter().any(|asked| asked == path))
        {
            let values: Vec<Found> = results
                .filter_map(|name| Some(Found::new(path, name, values.made(path, name)?)))
                .collect();
            if values.is_empty() {
                unknown.push(path.to_owned());
            }
            found.extend(values);
        }
        let lock = files.lock.display().to_string();
        Ok(Outcome::done(Learned { accounts: learned, found, unknown, lock }, session.warnings))
    }
}

/// What was found, and what was not.
#[derive(Debug, Serialize)]
pub(crate) struct Learned {
    accounts: Vec<Account>,
    found: Vec<Found>,
    /// Accounts that are not in the organization, and the paths of what else does not exist.
    unknown: Vec<String>,
    lock: String,
}

/// What a step has looked up.
#[derive(Debug, Serialize)]
struct Found {
    path: String,
    name: String,
    value: String,
}

impl Found {
    fn new(path: &str, name: &str, value: &str) -> Self {
        Self { path: path.to_owned(), name: name.to_owned(), value: value.to_owned() }
    }
}

#[derive(Debug, Serialize)]
struct Account {
    name: String,
    id: String,
}

impl fmt::Display for Learned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Account { name, id } in &self.accounts {
            writeln!(f, "{name}: {id}")?;
        }
        for Found { path, name, value } in &self.found {
            writeln!(f, "{path}.{name}: {value}")?;
        }
        for name in &self.unknown {
            writeln!(f, "{name}: not there")?;
        }
        writeln!(
            f,
            "{} found, {} not there; {}",
            self.accounts.len() + self.found.len(),
            self.unknown.len(),
            self.lock
        )
    }
}
