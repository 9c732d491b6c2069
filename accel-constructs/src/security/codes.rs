//! What the constructs of security can find wrong.

use accel_core::Code;

/// All codes of this module.
pub const ALL: &[&Code] = &[&OPEN_GITHUB_ROLE];

/// See [`Code::explanation`].
pub static OPEN_GITHUB_ROLE: Code = Code::new(
    "open-github-role",
    "A role of GitHub Actions names a subject with a wildcard. Whoever can make a branch, a tag or a \
     pull request whose subject looks like that gets the role, and a wildcard too early lets in other \
     repositories. Subjects are compared whole: list the environments and branches that may deploy.",
);
