//! AWS's service spec: the vendored copy, and how it is refreshed.
//!
//! The copy is the package's own database without prose, which is AWS's to publish, and without the
//! metrics, events and compatibility notes that nothing here reads.

use std::{
    fs,
    io::{Read as _, Write as _},
};

use anyhow::{Context as _, ensure};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Spec;
use crate::codegen::npm::{self, sha256};

/// Its files, from the root of the repository.
const DIRECTORY: &str = "xtask/data/service-spec";
const DATABASE: &str = "database.json.gz";
const SOURCE: &str = "source.json";

const PACKAGE: &str = "@aws-cdk/aws-service-spec";
const TABLES: [&str; 4] = ["service", "resource", "typeDefinition", "hasResource"];
const DROPPED: [&str; 5] =
    ["documentation", "previousTypes", "scrutinizable", "vendedLogs", "mustRenderForBwCompat"];

/// Where the copy is from.
#[derive(Serialize, Deserialize)]
struct Source {
    package: String,
    version: String,
    licence: String,
    changes: String,
    /// Of the package's `db.json.gz`.
    original_sha256: String,
    /// Of the vendored file.
    database_sha256: String,
}

/// The JSON of the vendored copy, checked against its recorded digest.
pub(super) fn database() -> anyhow::Result<Vec<u8>> {
    let directory = crate::root().join(DIRECTORY);
    let compressed = fs::read(directory.join(DATABASE)).context("reading the service spec")?;
    let source: Source = serde_json::from_slice(&fs::read(directory.join(SOURCE))?)?;
    ensure!(
        sha256(&compressed) == source.database_sha256,
        "{DIRECTORY}/{DATABASE} is not the file that {SOURCE} describes"
    );
    decompress(&compressed)
}

/// The version that npm has.
pub(crate) fn newest() -> anyhow::Result<String> {
    npm::newest(PACKAGE)
}

/// Fetches `version` of the package with npm, and replaces the vendored copy. Returns what changed,
/// a line each.
pub(crate) fn update(version: &str) -> anyhow::Result<Vec<String>> {
    let scratch = crate::root().join("target/codegen/service-spec");
    let package = npm::unpack(PACKAGE, version, &scratch)?;

    let original = fs::read(package.files.join("db.json.gz"))?;
    let database = stripped(&serde_json::from_slice(&decompress(&original)?)?)?;
    let new = Spec::parse(&database)?;
    let changes = Spec::load().map_or_else(|_| Vec::new(), |old| old.changes(&new));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&database)?;
    let compressed = gzip.finish()?;
    let source = Source {
        package: format!("{PACKAGE} (npm)"),
        version: version.to_owned(),
        licence: "Apache-2.0".to_owned(),
        changes: "Without documentation, metrics, events and compatibility notes.".to_owned(),
        original_sha256: sha256(&original),
        database_sha256: sha256(&compressed),
    };
    let directory = crate::root().join(DIRECTORY);
    fs::create_dir_all(&directory)?;
    fs::write(directory.join(DATABASE), compressed)?;
    fs::write(directory.join(SOURCE), serde_json::to_string_pretty(&source)? + "\n")?;
    fs::copy(package.files.join("LICENSE"), directory.join("LICENSE"))?;
    Ok(changes)
}

/// The tables that are read, without what is dropped.
fn stripped(database: &Value) -> anyhow::Result<Vec<u8>> {
    let schema = database.get("schema").context("the database has a schema")?;
    let tables = TABLES.iter().map(|name| {
        let table = schema.get(name).with_context(|| format!("the database has no {name}"))?;
        Ok(((*name).to_owned(), without_dropped(table)))
    });
    let tables: serde_json::Map<_, _> = tables.collect::<anyhow::Result<_>>()?;
    Ok(serde_json::to_vec(&serde_json::json!({ "schema": tables }))?)
}

fn without_dropped(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            // A property of AWS's may be called `documentation` too; it then has a type.
            let kept = map.iter().filter(|(key, value)| {
                !DROPPED.contains(&key.as_str()) || value.get("type").is_some()
            });
            kept.map(|(key, value)| (key.clone(), without_dropped(value))).collect()
        }
        Value::Array(items) => items.iter().map(without_dropped).collect(),
        scalar => scalar.clone(),
    }
}

fn decompress(compressed: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(compressed).read_to_end(&mut bytes)?;
    Ok(bytes)
}
