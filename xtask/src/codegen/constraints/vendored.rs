//! cfn-lint's resource schemas: the vendored copy, and how it is refreshed.
//!
//! cfn-lint keeps one schema a type and region. They differ where a feature is still being rolled
//! out, so the copy holds one schema a type: that of us-east-1 (of the first region that has the type,
//! where us-east-1 has not) with the properties, definitions and enum values that only other regions
//! know added.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Write as _},
    path::Path,
    process::Command,
};

use anyhow::{Context as _, ensure};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::codegen::npm::sha256;

/// Its files, from the root of the repository.
const DIRECTORY: &str = "xtask/data/cfn-lint";
const SCHEMAS: &str = "schemas.json.gz";
const SOURCE: &str = "source.json";

const BASE_REGION: &str = "us-east-1";

/// Every resource schema, by type.
#[derive(Serialize, Deserialize)]
pub(crate) struct Schemas {
    /// The regions that cfn-lint has a map of, sorted.
    pub(crate) regions: Vec<String>,
    /// The regions whose map is a copy of us-east-1's, so that it says nothing of availability.
    pub(crate) unknown_regions: Vec<String>,
    /// By name of the resource type: `AWS::S3::Bucket`.
    pub(crate) types: BTreeMap<String, Schema>,
}

/// One resource type.
#[derive(Serialize, Deserialize)]
pub(crate) struct Schema {
    /// The regions whose map has the type, sorted.
    pub(crate) regions: Vec<String>,
    /// The schema, a JSON Schema with CloudFormation's and cfn-lint's keywords.
    pub(crate) schema: Value,
}

/// Where the copy is from.
#[derive(Serialize, Deserialize)]
struct Source {
    package: String,
    version: String,
    licence: String,
    /// Of the package's wheel.
    wheel_sha256: String,
    /// Of the vendored file.
    schemas_sha256: String,
}

impl Schemas {
    /// The vendored copy, checked against its recorded digest.
    pub(crate) fn vendored() -> anyhow::Result<Self> {
        let directory = crate::root().join(DIRECTORY);
        let compressed = fs::read(directory.join(SCHEMAS)).context("reading vendored schemas")?;
        let source: Source = serde_json::from_slice(&fs::read(directory.join(SOURCE))?)?;
        ensure!(
            sha256(&compressed) == source.schemas_sha256,
            "{DIRECTORY}/{SCHEMAS} is not the file that {SOURCE} describes"
        );
        let mut json = Vec::new();
        GzDecoder::new(compressed.as_slice()).read_to_end(&mut json)?;
        serde_json::from_slice(&json).context("parsing vendored schemas")
    }

    /// Fetches `version` of the package with pip, and replaces the vendored copy. Returns what
    /// changed, a line a type.
    pub(crate) fn update(version: &str) -> anyhow::Result<Vec<String>> {
        let scratch = crate::root().join("target/codegen/cfn-lint");
        if scratch.exists() {
            fs::remove_dir_all(&scratch)?;
        }
        fs::create_dir_all(&scratch)?;
        run(Command::new("python3")
            .args(["-m", "pip", "download", "--quiet", "--no-deps", "--dest"])
            .arg(&scratch)
            .arg(format!("cfn-lint=={version}")))?;
        let wheel = scratch.join(format!("cfn_lint-{version}-py3-none-any.whl"));
        run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&scratch))?;

        let schemas = Self::read_package(&scratch.join("cfnlint/data/schemas"))?;
        let changes = Self::vendored().map_or_else(|_| Vec::new(), |old| old.changes(&schemas));
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&serde_json::to_vec(&schemas)?)?;
        let compressed = gzip.finish()?;
        let source = Source {
            package: "cfn-lint (PyPI)".to_owned(),
            version: version.to_owned(),
            licence: "MIT-0".to_owned(),
            wheel_sha256: sha256(&fs::read(&wheel)?),
            schemas_sha256: sha256(&compressed),
        };
        let directory = crate::root().join(DIRECTORY);
        fs::create_dir_all(&directory)?;
        fs::write(directory.join(SCHEMAS), compressed)?;
        fs::write(directory.join(SOURCE), serde_json::to_string_pretty(&source)? + "\n")?;
        let licence = format!("cfn_lint-{version}.dist-info/licenses/LICENSE");
        fs::copy(scratch.join(licence), directory.join("LICENSE"))?;
        Ok(changes)
    }

    fn read_package(directory: &Path) -> anyhow::Result<Self> {
        let mut maps = BTreeMap::new();
        for entry in fs::read_dir(directory.join("providers"))? {
            let path = entry?.path();
            // JSON since 1.52; before that Python sources.
            let types = match path.extension().and_then(|extension| extension.to_str()) {
                Some("json") => serde_json::from_slice(&fs::read(&path)?)
                    .with_context(|| format!("reading {}", path.display()))?,
                Some("py") => read_provider(&fs::read_to_string(&path)?),
                _ => continue,
            };
            let region = path.file_stem().context("a file has a name")?.to_string_lossy();
            maps.insert(region.replace('_', "-"), types);
        }
        let base = maps.get(BASE_REGION).with_context(|| format!("no map of {BASE_REGION}"))?;
        let unknown_regions = maps
            .iter()
            .filter(|(region, types)| *types == base && *region != BASE_REGION)
            .map(|(region, _)| region.clone())
            .collect();

        let mut hashes: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for (region, types) in &maps {
            for (name, hash) in types {
                hashes.entry(name).or_default().push((region, hash));
            }
        }
        hashes.remove("Module"); // a template's module, not a resource type
        let types = hashes
            .into_iter()
            .map(|(name, by_region)| Ok((name.to_owned(), merged(directory, &by_region)?)))
            .collect::<anyhow::Result<_>>()?;
        Ok(Self { regions: maps.keys().cloned().collect(), unknown_regions, types })
    }

    fn changes(&self, new: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        for (name, old) in &self.types {
            match new.types.get(name) {
                None => changes.push(format!("- {name}")),
                Some(new) if new.schema != old.schema => changes.push(format!("~ {name}")),
                Some(_) => {}
            }
        }
        let added = new.types.keys().filter(|name| !self.types.contains_key(*name));
        changes.extend(added.map(|name| format!("+ {name}")));
        changes
    }
}

/// The version that the package index has: `cfn-lint (1.51.0)` on the first line.
pub(crate) fn newest() -> anyhow::Result<String> {
    let pip = ["-m", "pip", "index", "versions", "cfn-lint"];
    let output = Command::new("python3").args(pip).output()?;
    ensure!(output.status.success(), "pip does not tell the version of cfn-lint");
    let text = String::from_utf8(output.stdout)?;
    let version = text.split(['(', ')']).nth(1).context("pip names no version")?;
    Ok(version.to_owned())
}

/// The schema of one type, from its body in each region.
fn merged(directory: &Path, by_region: &[(&str, &str)]) -> anyhow::Result<Schema> {
    let body = |hash: &str| -> anyhow::Result<Value> {
        let path = directory.join("resources").join(format!("{hash}.json"));
        let json = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        Ok(serde_json::from_slice(&json)?)
    };
    let base = by_region.iter().find(|(region, _)| *region == BASE_REGION);
    let (_, base) = base.or(by_region.first()).context("a type has a region")?;
    let mut schema = body(base)?;
    let mut others: Vec<&str> = by_region.iter().map(|(_, hash)| *hash).collect();
    others.sort_unstable();
    others.dedup();
    for hash in others.into_iter().filter(|hash| hash != base) {
        add_missing(&mut schema, &body(hash)?);
    }
    let regions = by_region.iter().map(|(region, _)| (*region).to_owned()).collect();
    Ok(Schema { regions, schema })
}

/// Adds the properties, definitions and enum values that only `other` knows.
fn add_missing(schema: &mut Value, other: &Value) {
    let (Value::Object(schema), Value::Object(other)) = (schema, other) else { return };
    // A property that this region does not have at all may be read-only there.
    for list in ["readOnlyProperties", "createOnlyProperties"] {
        let known: Vec<Value> =
            other.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
        let missing_here = known.into_iter().filter(|pointer| {
            let name = pointer.as_str().and_then(|pointer| pointer.strip_prefix("/properties/"));
            name.is_some_and(|name| {
                let top = name.split('/').next().unwrap_or(name);
                schema.get("properties").is_some_and(|properties| properties.get(top).is_none())
            })
        });
        let missing_here: Vec<Value> = missing_here.collect();
        if !missing_here.is_empty() {
            let own = schema.entry(list).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(own) = own {
                own.extend(missing_here);
            }
        }
    }
    for (key, theirs) in other {
        match (key.as_str(), schema.get_mut(key), theirs) {
            ("properties" | "definitions", Some(Value::Object(ours)), Value::Object(theirs)) => {
                for (name, theirs) in theirs {
                    match ours.get_mut(name) {
                        Some(ours) => add_missing(ours, theirs),
                        None => _ = ours.insert(name.clone(), theirs.clone()),
                    }
                }
            }
            ("definitions", None, theirs) => _ = schema.insert(key.clone(), theirs.clone()),
            ("enum", Some(Value::Array(ours)), Value::Array(theirs)) => {
                let new: Vec<_> = theirs.iter().filter(|value| !ours.contains(value)).collect();
                ours.extend(new.into_iter().cloned());
            }
            ("items", Some(ours), theirs) => add_missing(ours, theirs),
            _ => {}
        }
    }
}

/// The lines `"AWS::S3::Bucket": "0123456789abcdef",` of a region's map.
fn read_provider(source: &str) -> BTreeMap<String, String> {
    let entries = source.lines().filter_map(|line| {
        let mut quoted = line.split('"').skip(1).step_by(2);
        let (name, hash) = (quoted.next()?, quoted.next()?);
        name.contains("::").then(|| (name.to_owned(), hash.to_owned()))
    });
    entries.collect()
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("starting {command:?}"))?;
    ensure!(status.success(), "{command:?} failed: {status}");
    Ok(())
}
