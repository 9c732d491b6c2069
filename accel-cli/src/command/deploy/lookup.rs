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
/// Accounts are found by their address, or else by their name. AWS is not changed.
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
        let paths = self.selection.paths(&session.graph)?;
        let given = self.parameters.values(&session, &[])?;
        let engine = session.engine(Losses::none(), given);
        let values = session.look(engine.lookup(&paths))?;
        let files = self.deployment.destination.files();
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
        let lock = files.lock.display().to_string();
        Ok(Outcome::done(Learned { accounts: learned, unknown, lock }, session.warnings))
    }
}

/// What was found, and what was not.
#[derive(Debug, Serialize)]
pub(crate) struct Learned {
    accounts: Vec<Account>,
    /// Accounts that are not in the organization.
    unknown: Vec<String>,
    lock: String,
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
        for name in &self.unknown {
            writeln!(f, "{name}: not there")?;
        }
        writeln!(
            f,
            "{} found, {} not there; {}",
            self.accounts.len(),
            self.unknown.len(),
            self.lock
        )
    }
}
