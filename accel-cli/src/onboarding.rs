//! The first files of an application's repository, by archetype.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use minijinja::{Environment, UndefinedBehavior, context};

use crate::{
    codes,
    problem::{Problem, Problems},
};

/// A kind of application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Archetype {
    Microservice,
    Spa,
    Library,
    Executable,
}

impl Archetype {
    pub(crate) const ALL: [Self; 4] =
        [Self::Microservice, Self::Spa, Self::Library, Self::Executable];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Microservice => "microservice",
            Self::Spa => "spa",
            Self::Library => "library",
            Self::Executable => "executable",
        }
    }

    /// What can be built by its workflows.
    pub(crate) const fn languages(self) -> &'static [Language] {
        match self {
            Self::Microservice | Self::Library => {
                &[Language::Rust, Language::Node, Language::Python, Language::Go]
            }
            Self::Spa => &[Language::Node],
            Self::Executable => &[Language::Rust, Language::Go],
        }
    }

    /// Path and template of each of its own files.
    const fn files(self) -> &'static [(&'static str, &'static str)] {
        macro_rules! files {
            ($($path:literal = $template:literal),+ $(,)?) => {
                &[$(($path, include_str!(concat!("../templates/", $template)))),+]
            };
        }
        match self {
            Self::Microservice => files![
                ".dockerignore" = "microservice/dockerignore",
                "Dockerfile" = "microservice/Dockerfile",
                "ONBOARDING.md" = "microservice/ONBOARDING.md",
            ],
            Self::Spa => files![
                ".npmrc" = "spa/npmrc",
                ".nvmrc" = "spa/nvmrc",
                "ONBOARDING.md" = "spa/ONBOARDING.md",
            ],
            Self::Library => files!["ONBOARDING.md" = "library/ONBOARDING.md"],
            Self::Executable => files![
                "ONBOARDING.md" = "executable/ONBOARDING.md",
                "SECURITY.md" = "executable/SECURITY.md",
            ],
        }
    }
}

/// Those of every archetype.
const COMMON: &[(&str, &str)] = &[
    (".github/CODEOWNERS", include_str!("../templates/common/CODEOWNERS")),
    (".github/dependabot.yml", include_str!("../templates/common/dependabot.yml")),
    (
        ".github/pull_request_template.md",
        include_str!("../templates/common/pull_request_template.md"),
    ),
];

/// Those of a service in a cluster of Kubernetes.
const CHART: &[(&str, &str)] = &[
    ("chart/Chart.yaml", include_str!("../templates/microservice/Chart.yaml")),
    ("chart/templates/deployment.yaml", include_str!("../templates/microservice/deployment.yaml")),
    ("chart/templates/ingress.yaml", include_str!("../templates/microservice/ingress.yaml")),
    ("chart/templates/service.yaml", include_str!("../templates/microservice/service.yaml")),
    ("chart/values.yaml", include_str!("../templates/microservice/values.yaml")),
];

/// What an application is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    Rust,
    Node,
    Python,
    Go,
}

impl Language {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Node => "node",
            Self::Python => "python",
            Self::Go => "go",
        }
    }

    /// As accel's enum of toolchains calls it.
    const fn toolchain(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Node => "Node",
            Self::Python => "Python",
            Self::Go => "Go",
        }
    }

    /// As Dependabot calls its packages.
    const fn ecosystem(self) -> &'static str {
        match self {
            Self::Rust => "cargo",
            Self::Node => "npm",
            Self::Python => "uv",
            Self::Go => "gomod",
        }
    }

    /// Where its libraries are published.
    const fn registry(self) -> &'static str {
        match self {
            Self::Rust => "The registry of Cargo",
            Self::Node => "The registry of npm",
            Self::Python => "The Python package index",
            Self::Go => "",
        }
    }
}

/// What a service runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// Kubernetes, through GitOps
    Eks,
    /// Amazon ECS
    Ecs,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Application<'a> {
    pub(crate) archetype: Archetype,
    pub(crate) name: &'a str,
    pub(crate) owner: &'a str,
    pub(crate) language: Language,
    pub(crate) target: Target,
}

impl Application<'_> {
    /// The files by path.
    pub(crate) fn files(&self) -> Result<BTreeMap<&'static str, String>, Problems> {
        let Self { archetype, name, owner, language, target } = *self;
        let mut templates = [COMMON, archetype.files()].concat();
        let mut ecosystems = vec![language.ecosystem()];
        if archetype == Archetype::Microservice {
            ecosystems.push("docker");
            if target == Target::Eks {
                templates.extend(CHART);
            }
        }
        let values = context! {
            archetype => archetype.name(),
            name,
            owner,
            module => name.replace('-', "_"),
            language => language.name(),
            toolchain => language.toolchain(),
            registry => language.registry(),
            ecosystems,
            target => if target == Target::Eks { "eks" } else { "ecs" },
        };
        let mut engine = Environment::new();
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        let rendered = templates.into_iter().map(|(path, template)| {
            let text = engine.render_str(template, &values);
            // Templates are ours: a test renders each of them.
            let text =
                text.map_err(|error| Problem::new(&codes::CANNOT_WRITE, error.to_string()))?;
            Ok((path, format!("{}\n", text.trim_end())))
        });
        rendered.collect()
    }
}

/// What a folder lacks. Paths are below it.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) created: BTreeMap<&'static str, String>,
    pub(crate) unchanged: BTreeSet<&'static str>,
    /// Differ, and stay as they are.
    pub(crate) kept: BTreeSet<&'static str>,
}

impl Plan {
    /// Compares `files` with what is in `directory`. Without `keep`, a file that differs is a problem.
    pub(crate) fn new(
        files: BTreeMap<&'static str, String>,
        directory: &Path,
        keep: bool,
    ) -> Result<Self, Problems> {
        let mut plan = Self::default();
        let mut problems = Problems::default();
        for (path, text) in files {
            let target = directory.join(path);
            match fs::read(&target) {
                Ok(there) if there == text.as_bytes() => _ = plan.unchanged.insert(path),
                Ok(_) if keep => _ = plan.kept.insert(path),
                Ok(_) => problems.0.push(foreign(&target)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    plan.created.insert(path, text);
                }
                Err(error) => problems.0.push(unreachable(&target, &error)),
            }
        }
        if problems.0.is_empty() { Ok(plan) } else { Err(problems) }
    }

    /// Writes what is lacking: all of it, or nothing if one of them cannot be written.
    pub(crate) fn apply(&self, directory: &Path) -> Result<(), Problems> {
        let mut written: Vec<PathBuf> = Vec::new();
        for (path, text) in &self.created {
            let target = directory.join(path);
            let parent = target.parent().unwrap_or(directory);
            let made = fs::create_dir_all(parent).and_then(|()| {
                // Somebody else may have made it meanwhile.
                let mut file = fs::File::create_new(&target)?;
                written.push(target.clone());
                io::Write::write_all(&mut file, text.as_bytes())
            });
            if let Err(error) = made {
                for path in &written {
                    // What cannot be removed either is told by the same message.
                    fs::remove_file(path).ok();
                }
                return Err(unreachable(&target, &error).into());
            }
        }
        Ok(())
    }
}

fn foreign(path: &Path) -> Problem {
    let message = format!("`{}` is there already, and differs", path.display());
    Problem::new(&codes::FOREIGN_FILE, message)
        .help("nothing was written; `--keep` leaves such files as they are and writes the others")
}

fn unreachable(path: &Path, error: &io::Error) -> Problem {
    Problem::new(&codes::CANNOT_WRITE, format!("`{}`: {error}", path.display()))
}
