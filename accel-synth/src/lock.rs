//! The lock file's format. Reading and writing the file itself is the business of whoever runs the app.

use std::collections::BTreeMap;

use accel_core::{AccountId, Lock};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LockFile {
    version: u32,
    #[serde(default)]
    accounts: BTreeMap<String, String>,
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
}

/// Reads the text of a lock file.
///
/// # Errors
///
/// What is wrong with it, in words.
pub fn parse_lock(text: &str) -> Result<Lock, String> {
    let file: LockFile = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if file.version != 1 {
        return Err(format!("it is of version {}, and this accel reads version 1", file.version));
    }
    let mut lock = Lock::default();
    for (name, id) in file.accounts {
        let id = AccountId::parse(&id).map_err(|error| format!("account `{name}`: {error}"))?;
        lock.set_account(name, id);
    }
    for (producer, values) in file.values {
        for (name, value) in values {
            lock.set_value(&producer, name, value);
        }
    }
    Ok(lock)
}

/// Prints a lock file: ordered, so that it changes only where something was learned.
#[must_use]
pub fn print_lock(lock: &Lock) -> String {
    let mut file = LockFile { version: 1, accounts: BTreeMap::new(), values: BTreeMap::new() };
    for (name, id) in lock.accounts() {
        file.accounts.insert(name.to_owned(), id.to_string());
    }
    for (producer, name, value) in lock.values() {
        let values = file.values.entry(producer.to_owned()).or_default();
        values.insert(name.to_owned(), value.to_owned());
    }
    // Plain maps of text always serialize.
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use accel_core::account_id;

    use super::*;

    #[test]
    fn a_lock_survives_its_file() {
        let mut lock = Lock::default();
        lock.set_account("prod", account_id!("111111111111"));
        lock.set_value("prod/eu-west-1/network", "VpcId", "vpc-1");
        assert_eq!(parse_lock(&print_lock(&lock)), Ok(lock));
    }

    #[test]
    fn a_broken_lock_says_what_is_wrong() {
        for (text, wrong) in [
            ("{", "EOF"),
            ("{\"version\": 2}", "version 2"),
            ("{\"version\": 1, \"accounts\": {\"prod\": \"12\"}}", "`prod`"),
            ("{\"version\": 1, \"extra\": 1}", "extra"),
        ] {
            assert!(parse_lock(text).unwrap_err().contains(wrong), "{text}");
        }
    }
}
