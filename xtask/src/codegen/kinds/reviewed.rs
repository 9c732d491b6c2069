//! `xtask/data/references.toml`: what a person decided about references.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use anyhow::Context as _;
use serde::Deserialize;

use super::{Kind, Target};

/// The decisions, by target or by path of a property.
#[derive(Debug)]
pub(super) struct Reviewed {
    /// Another name that a source has for a target.
    pub(super) aliases: BTreeMap<Target, Target>,
    /// Targets that a source names by mistake.
    pub(super) ignored: BTreeSet<Target>,
    /// Identifiers that are good where another is wanted.
    pub(super) is_a: BTreeMap<Target, Target>,
    /// Attributes that are an identifier of something else.
    pub(super) attributes: BTreeMap<Target, Attribute>,
    /// Names for what takes any of several.
    pub(super) unions: BTreeMap<Kind, Vec<Target>>,
    /// What properties take, whatever the sources say; nothing for plain text.
    pub(super) properties: BTreeMap<String, Vec<Target>>,
}

/// What an attribute is.
#[derive(Debug)]
pub(super) enum Attribute {
    Text,
    /// A kind of accel-core.
    Builtin(&'static str),
    Identifier(Target),
}

#[derive(Deserialize)]
struct File {
    aliases: BTreeMap<String, String>,
    is_a: BTreeMap<String, String>,
    targets: Targets,
    attributes: BTreeMap<String, String>,
    unions: BTreeMap<String, Vec<String>>,
    properties: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Targets {
    ignored: Vec<String>,
}

impl Reviewed {
    pub(super) fn load() -> anyhow::Result<Self> {
        let path = crate::root().join("xtask/data/references.toml");
        let text = fs::read_to_string(&path)?;
        Self::parse(&text).with_context(|| format!("in {}", path.display()))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let file: File = toml::from_str(text)?;
        Ok(Self {
            aliases: pairs(&file.aliases)?,
            is_a: pairs(&file.is_a)?,
            ignored: file
                .targets
                .ignored
                .iter()
                .map(|target| parse(target))
                .collect::<Result<_, _>>()?,
            attributes: file
                .attributes
                .iter()
                .map(|(attribute, target)| {
                    let is = match target.as_str() {
                        "" => Attribute::Text,
                        "AccountId" => Attribute::Builtin("AccountId"),
                        "OuId" => Attribute::Builtin("OuId"),
                        target => Attribute::Identifier(parse(target)?),
                    };
                    Ok((parse(attribute)?, is))
                })
                .collect::<anyhow::Result<_>>()?,
            unions: file
                .unions
                .iter()
                .map(|(name, members)| {
                    let (module, kind) = name.split_once("::").context("a kind has a module")?;
                    let kind = Kind { module: module.to_owned(), name: kind.to_owned() };
                    Ok((kind, parse_all(members)?))
                })
                .collect::<anyhow::Result<_>>()?,
            properties: file
                .properties
                .into_iter()
                .map(|(path, targets)| Ok((path, parse_all(&targets)?)))
                .collect::<anyhow::Result<_>>()?,
        })
    }
}

fn pairs(table: &BTreeMap<String, String>) -> anyhow::Result<BTreeMap<Target, Target>> {
    table.iter().map(|(from, to)| Ok((parse(from)?, parse(to)?))).collect()
}

fn parse_all(targets: &[String]) -> anyhow::Result<Vec<Target>> {
    targets.iter().map(|target| parse(target)).collect()
}

/// `AWS::EC2::VPC.VpcId`.
pub(super) fn parse(target: &str) -> anyhow::Result<Target> {
    let not_a_target = || format!("{target:?} is not like \"AWS::EC2::VPC.VpcId\"");
    let (type_name, property) = target.split_once('.').with_context(not_a_target)?;
    let is_type = type_name.split("::").count() == 3;
    is_type.then_some(()).with_context(not_a_target)?;
    Ok(Target { type_name: type_name.to_owned(), property: property.to_owned() })
}
