use std::fmt;

use accel_core::App;
use accel_synth::{Assembly, manifest::Manifest};
use clap::Args;
use serde::Serialize;

use super::Json;
use crate::{
    input::{Input, Written},
    outcome::Outcome,
    problem::Problems,
};

/// List the stacks, stack sets and documents that the app consists of
#[derive(Args, Debug)]
pub(crate) struct Ls {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    pub(super) json: Json,
}

impl Ls {
    pub(super) fn run(&self, app: App) -> Result<Outcome<Listing>, Problems> {
        let (assembly, warnings) = self.input.synthesize(app)?;
        Ok(Outcome::done(Listing::new(assembly.manifest()), warnings))
    }
}

/// List the stacks, stack sets and documents of an assembly
#[derive(Args, Debug)]
pub(crate) struct LsWritten {
    #[command(flatten)]
    assembly: Written,
    #[command(flatten)]
    pub(super) json: Json,
}

impl LsWritten {
    pub(super) fn run(&self) -> Result<Outcome<Listing>, Problems> {
        let assembly: Assembly = self.assembly.read()?;
        Ok(Outcome::done(Listing::new(assembly.manifest()), Problems::default()))
    }
}

/// What an assembly consists of, by kind.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Listing {
    stacks: Vec<Stack>,
    stack_sets: Vec<StackSet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<String>,
    documents: Vec<Document>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Stack {
    path: String,
    name: String,
    account: String,
    account_id: Option<String>,
    region: String,
    template: String,
}

#[derive(Debug, Serialize)]
struct StackSet {
    path: String,
    name: String,
    regions: Vec<String>,
    template: String,
}

#[derive(Debug, Serialize)]
struct Document {
    file: String,
    construct: String,
    /// Left out of the assembly until a value is known.
    pending: bool,
}

impl Listing {
    fn new(manifest: &Manifest) -> Self {
        let stack = |(path, stack): (&String, &accel_synth::manifest::Stack)| Stack {
            path: path.clone(),
            name: stack.name.clone(),
            account: stack.account.clone(),
            account_id: manifest.accounts.get(&stack.account).and_then(|it| it.id.clone()),
            region: stack.region.clone(),
            template: stack.template.template.clone(),
        };
        let stack_set = |(path, set): (&String, &accel_synth::manifest::StackSet)| StackSet {
            path: path.clone(),
            name: set.name.clone(),
            regions: set.regions.clone(),
            template: set.template.template.clone(),
        };
        let document = |(file, document): (&String, &accel_synth::manifest::Document)| Document {
            file: file.clone(),
            construct: document.construct.clone(),
            pending: document.pending,
        };
        Self {
            stacks: manifest.stacks.iter().map(stack).collect(),
            stack_sets: manifest.stack_sets.iter().map(stack_set).collect(),
            steps: manifest.steps.clone(),
            documents: manifest.documents.iter().map(document).collect(),
        }
    }

    /// Kind, path, and a word more.
    fn rows(&self) -> Vec<[&str; 3]> {
        let stacks = self.stacks.iter().map(|it| ["stack", &it.path, &it.name]);
        let sets = self.stack_sets.iter().map(|it| ["stack set", &it.path, &it.name]);
        let steps = self.steps.iter().map(|file| ["steps", file, ""]);
        let documents = self.documents.iter().map(|it| {
            ["document", &it.file, if it.pending { "(left out: it needs values)" } else { "" }]
        });
        stacks.chain(sets).chain(steps).chain(documents).collect()
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows();
        let width = rows.iter().map(|[_, path, _]| path.len()).max().unwrap_or_default();
        rows.iter().try_for_each(|[kind, path, more]| {
            let row = format!("{kind:9}  {path:width$}  {more}");
            writeln!(f, "{}", row.trim_end())
        })
    }
}
