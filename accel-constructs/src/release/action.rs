use std::fmt;

use accel_core::Text;

mod checkout;
pub(super) mod hardening;

/// An action that a step uses, pinned to a commit.
///
/// The actions of the catalogue have types of their own ([`Checkout`](super::Checkout), ...), with
/// their pin and a setter for each input; this is for all others.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionRef {
    pub(super) source: Source,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    Catalogue(&'static ActionSpec),
    Pinned { action: Text, version: Text, sha: Text },
    Unpinned { uses: Text, reason: Text },
    Local(Text),
    Docker(Text),
}

/// What is known of an action of the catalogue.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ActionSpec {
    /// `owner/repository`, with a path behind it if there are several in one repository.
    pub name: &'static str,
    /// The release.
    pub version: &'static str,
    /// Its commit.
    pub sha: &'static str,
    /// Whether the inputs and outputs are those of this very commit, so that another one is wrong.
    pub exact: bool,
    /// What it takes.
    pub inputs: &'static [InputSpec],
    /// What it gives.
    pub outputs: &'static [&'static str],
}

/// An input of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputSpec {
    /// As workflows write it.
    pub name: &'static str,
    /// Whether the action fails without it.
    pub required: bool,
    /// All that it can be, if that is known.
    pub allowed: &'static [&'static str],
}

impl ActionSpec {
    /// The input `name`.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&InputSpec> {
        // GitHub takes an input's name in any case.
        self.inputs.iter().find(|input| input.name.eq_ignore_ascii_case(name))
    }
}

impl fmt::Debug for ActionSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{} ({})", self.name, self.sha, self.version)
    }
}

impl ActionRef {
    /// The action `owner/repository`, or one in a directory of it, at the commit `sha` (40 digits),
    /// which is the release `version`.
    pub fn pinned(action: impl Into<Text>, version: impl Into<Text>, sha: impl Into<Text>) -> Self {
        let (action, version, sha) = (action.into(), version.into(), sha.into());
        Self { source: Source::Pinned { action, version, sha } }
    }

    /// `owner/repository@tag`: whoever owns the action can move what the tag stands for, and then
    /// runs code with the job's secrets. The reason stands beside it in the file.
    pub fn unpinned(uses: impl Into<Text>, reason: impl Into<Text>) -> Self {
        Self { source: Source::Unpinned { uses: uses.into(), reason: reason.into() } }
    }

    /// The action in a directory of the own repository, as it is at the workflow's commit:
    /// `.github/actions/setup`.
    pub fn local(path: impl Into<Text>) -> Self {
        Self { source: Source::Local(path.into()) }
    }

    /// An image with its digest: `ghcr.io/example/tools@sha256:...`.
    pub fn docker(image: impl Into<Text>) -> Self {
        Self { source: Source::Docker(image.into()) }
    }

    /// What stands behind `uses:`, and the comment behind that.
    pub(super) fn uses(&self) -> (String, Option<Text>) {
        match &self.source {
            Source::Catalogue(spec) => {
                (format!("{}@{}", spec.name, spec.sha), Some(Text::Static(spec.version)))
            }
            Source::Pinned { action, version, sha } => {
                (format!("{action}@{sha}"), Some(version.clone()))
            }
            Source::Unpinned { uses, reason } => {
                (uses.to_string(), Some(format!("not pinned: {reason}").into()))
            }
            Source::Local(path) => (format!("$/{}", path.trim_start_matches("./")), None),
            Source::Docker(image) => (format!("docker://{image}"), None),
        }
    }

    /// The action without its version.
    pub(super) fn name(&self) -> &str {
        match &self.source {
            Source::Catalogue(spec) => spec.name,
            Source::Pinned { action, .. } => action,
            Source::Unpinned { uses, .. } => uses.split('@').next().unwrap_or(uses),
            Source::Local(path) => path,
            Source::Docker(image) => image,
        }
    }

    pub(super) const fn spec(&self) -> Option<&'static ActionSpec> {
        match self.source {
            Source::Catalogue(spec) => Some(spec),
            _ => None,
        }
    }
}

impl From<&'static ActionSpec> for ActionRef {
    fn from(spec: &'static ActionSpec) -> Self {
        Self { source: Source::Catalogue(spec) }
    }
}
