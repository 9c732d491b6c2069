use accel_core::Text;

use crate::release::{
    Job, RustToolchain, SetupGo, SetupNode, SetupUv, Step,
    expr::{AvailableIn, Expr, place},
};

/// What builds and tests the sources of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// Cargo.
    Rust,
    /// Node.js and npm.
    Node,
    /// Python and uv.
    Python,
    /// Go.
    Go,
}

impl Toolchain {
    /// The version that is built with, unless said otherwise.
    pub(super) const fn version(self) -> &'static str {
        match self {
            Self::Rust => "1.95",
            Self::Node => "24",
            Self::Python => "3.14",
            Self::Go => "1.26",
        }
    }

    /// Adds the steps that install `version` of it. Nothing is cached: a pull request could fill a cache
    /// that a release reads.
    pub(super) fn install(self, job: Job, version: impl Into<Version>) -> Job {
        let version = version.into();
        macro_rules! with {
            ($step:ident.$set:ident) => {
                match version {
                    Version::Is(text) => job.step($step::new().$set(text)),
                    Version::OfMatrix => job.step($step::new().$set(axis())),
                }
            };
        }
        match self {
            Self::Rust => match version {
                Version::Is(text) => {
                    job.step(RustToolchain::new(text).components("clippy, rustfmt"))
                }
                Version::OfMatrix => {
                    job.step(RustToolchain::new(axis()).components("clippy, rustfmt"))
                }
            },
            Self::Node => with!(SetupNode.node_version),
            Self::Python => with!(SetupUv.python_version),
            Self::Go => with!(SetupGo.go_version),
        }
    }

    /// What has to hold before something is merged.
    pub(super) fn check(self) -> Step {
        Step::run(match self {
            Self::Rust => {
                "cargo fmt --check\n\
                 cargo clippy --locked --all-targets -- --deny warnings\n\
                 cargo test --locked"
            }
            Self::Node => {
                "npm ci --ignore-scripts\n\
                 npm run lint --if-present\n\
                 npm run build --if-present\n\
                 npm test"
            }
            Self::Python => {
                "uv sync --locked\n\
                 uv run --locked ruff check\n\
                 uv run --locked pytest"
            }
            Self::Go => {
                "test -z \"$(gofmt -l .)\"\n\
                 go vet ./...\n\
                 go test ./..."
            }
        })
        .name("Lint and test")
    }

    /// How release-please calls a project of its kind.
    pub(super) const fn release_type(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Node => "node",
            Self::Python => "python",
            Self::Go => "go",
        }
    }
}

/// A version, or the one of the matrix' axis `version`.
pub(super) enum Version {
    Is(Text),
    OfMatrix,
}

impl From<&str> for Version {
    fn from(version: &str) -> Self {
        Self::Is(version.into())
    }
}

/// The axis of a matrix over versions.
pub(super) const AXIS: &str = "version";

fn axis() -> Expr<impl AvailableIn<place::Step>> {
    crate::release::expr::matrix(AXIS)
}
