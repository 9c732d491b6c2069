use std::{collections::BTreeSet, fmt, path::PathBuf};

use accel_core::nearest;
use clap::{Args, Subcommand};
use serde::Serialize;

use super::Json;
use crate::{
    codes,
    onboarding::{Application, Archetype, Language, Plan, Target},
    outcome::{Exit, Outcome, conclude},
    problem::{Problem, Problems},
};

/// Write the first files of something new
#[derive(Args, Debug)]
pub(crate) struct New {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    App(NewApp),
}

impl New {
    pub(super) fn run(self) -> Exit {
        let What::App(command) = self.what;
        conclude(command.run(), command.json)
    }
}

/// Write the first files of an application's repository
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
struct NewApp {
    /// What the application is called: lower-case letters, digits and hyphens
    name: String,
    /// microservice, spa, library or executable
    #[arg(long)]
    archetype: String,
    /// The folder; called like the application unless said otherwise
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// Who owns the repository on GitHub
    #[arg(long, value_name = "OWNER", default_value = "example")]
    owner: String,
    /// What it is written in; the first that the archetype takes unless said otherwise
    #[arg(long, value_enum)]
    language: Option<Language>,
    /// What a microservice runs on
    #[arg(long, value_enum, default_value_t = Target::Eks)]
    target: Target,
    /// Leave files that differ as they are
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    json: Json,
}

const AFTER_HELP: &str = "\
A file that is there already and differs is never overwritten: then nothing is written, and
the exit code is 1. What is left to do stands in ONBOARDING.md.";

impl NewApp {
    fn run(&self) -> Result<Outcome<Answer>, Problems> {
        let archetype = self.archetype()?;
        self.check_names()?;
        let application = Application {
            archetype,
            name: &self.name,
            owner: &self.owner,
            language: self.language(archetype)?,
            target: self.target,
        };
        let directory = self.path.clone().unwrap_or_else(|| PathBuf::from(&self.name));
        let plan = Plan::new(application.files()?, &directory, self.keep)?;
        plan.apply(&directory)?;
        let answer = Answer {
            directory: directory.display().to_string(),
            created: plan.created.into_keys().collect(),
            unchanged: plan.unchanged,
            kept: plan.kept,
        };
        Ok(Outcome::done(answer, Problems::default()))
    }

    fn archetype(&self) -> Result<Archetype, Problems> {
        let given = self.archetype.as_str();
        let found = Archetype::ALL.into_iter().find(|archetype| archetype.name() == given);
        found.ok_or_else(|| {
            let names = Archetype::ALL.map(Archetype::name);
            let help = match nearest(given, names) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("they are {}", names.join(", ")),
            };
            let message = format!("there is no archetype `{given}`");
            Problem::new(&codes::UNKNOWN_ARCHETYPE, message).help(help).into()
        })
    }

    fn language(&self, archetype: Archetype) -> Result<Language, Problems> {
        let taken = archetype.languages();
        let language = self.language.unwrap_or(taken[0]);
        if taken.contains(&language) {
            return Ok(language);
        }
        let (given, archetype) = (language.name(), archetype.name());
        let message = format!("the archetype `{archetype}` is not built with {given}");
        let names: Vec<&str> = taken.iter().map(|language| language.name()).collect();
        Err(Problem::new(&codes::INVALID_APPLICATION, message)
            .help(format!("it is built with {}", names.join(", ")))
            .into())
    }

    fn check_names(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        if !is_name(&self.name) {
            let message = format!("{:?} cannot be the name of an application", self.name);
            let help = "1 to 40 lower-case letters, digits and single hyphens, the first a letter";
            problems.0.push(Problem::new(&codes::INVALID_APPLICATION, message).help(help));
        }
        if !is_owner(&self.owner) {
            let message = format!("{:?} cannot be an owner on GitHub", self.owner);
            let help = "up to 39 letters, digits and single hyphens";
            problems.0.push(Problem::new(&codes::INVALID_APPLICATION, message).help(help));
        }
        if problems.0.is_empty() { Ok(()) } else { Err(problems) }
    }
}

fn is_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && !name.contains("--")
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn is_owner(owner: &str) -> bool {
    (1..=39).contains(&owner.len())
        && !owner.starts_with('-')
        && !owner.ends_with('-')
        && !owner.contains("--")
        && owner.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// What was written.
#[derive(Debug, Serialize)]
struct Answer {
    directory: String,
    created: Vec<&'static str>,
    unchanged: BTreeSet<&'static str>,
    kept: BTreeSet<&'static str>,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { directory, created, unchanged, kept } = self;
        for path in created {
            writeln!(f, "create  {path}")?;
        }
        for path in kept {
            writeln!(f, "keep    {path}")?;
        }
        let [created, unchanged, kept] = [created.len(), unchanged.len(), kept.len()];
        writeln!(f, "{created} created, {unchanged} unchanged, {kept} kept in {directory}")
    }
}
