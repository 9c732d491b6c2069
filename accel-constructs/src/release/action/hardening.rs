//! What accel knows of actions besides their inputs: what they need, what is safe, what runs as code.

use accel_core::Prop;

use crate::release::permission::{
    ACTIONS, ATTESTATIONS, CONTENTS, ID_TOKEN, ISSUES, PAGES, PULL_REQUESTS, Permission,
    SECURITY_EVENTS,
};

/// What an action does with the job's token, and why.
pub(in crate::release) fn permissions(action: &str) -> Permissions {
    PERMISSIONS.iter().find(|(name, _)| *name == action).map_or(&[], |(_, permissions)| permissions)
}

type Permissions = &'static [(Permission, &'static str)];

const PERMISSIONS: &[(&str, Permissions)] = &[
    ("actions/checkout", &[(CONTENTS.read(), "to check the sources out")]),
    (
        "actions/attest",
        &[
            (ATTESTATIONS.write(), "to store the attestation"),
            (ID_TOKEN.write(), "to sign as this workflow"),
        ],
    ),
    (
        "actions/attest-build-provenance",
        &[
            (ATTESTATIONS.write(), "to store the attestation"),
            (ID_TOKEN.write(), "to sign as this workflow"),
        ],
    ),
    (
        "actions/attest-sbom",
        &[
            (ATTESTATIONS.write(), "to store the attestation"),
            (ID_TOKEN.write(), "to sign as this workflow"),
        ],
    ),
    ("actions/configure-pages", &[(PAGES.read(), "to read the settings of the site")]),
    ("actions/dependency-review-action", &[(CONTENTS.read(), "to compare dependencies")]),
    (
        "actions/deploy-pages",
        &[
            (PAGES.write(), "to publish the site"),
            (ID_TOKEN.write(), "to show where the site comes from"),
        ],
    ),
    (
        "actions/labeler",
        &[
            (CONTENTS.read(), "to read the rules for labels"),
            (PULL_REQUESTS.write(), "to label pull requests"),
        ],
    ),
    (
        "actions/stale",
        &[
            (ISSUES.write(), "to mark and close issues"),
            (PULL_REQUESTS.write(), "to mark and close pull requests"),
        ],
    ),
    (
        "amannn/action-semantic-pull-request",
        &[(PULL_REQUESTS.read(), "to read the title of the pull request")],
    ),
    ("aws-actions/configure-aws-credentials", &[(ID_TOKEN.write(), "to assume an AWS role")]),
    ("dorny/paths-filter", &[(PULL_REQUESTS.read(), "to list changed files")]),
    ("github/codeql-action/init", &[(CONTENTS.read(), "to read the sources")]),
    ("github/codeql-action/analyze", &[(SECURITY_EVENTS.write(), "to report what was found")]),
    ("github/codeql-action/upload-sarif", &[(SECURITY_EVENTS.write(), "to report what was found")]),
    (
        "googleapis/release-please-action",
        &[
            (CONTENTS.write(), "to push and tag releases"),
            (PULL_REQUESTS.write(), "to propose releases"),
        ],
    ),
    (
        "release-plz/action",
        &[
            (CONTENTS.write(), "to push and tag releases"),
            (PULL_REQUESTS.write(), "to propose releases"),
        ],
    ),
    (
        "ossf/scorecard-action",
        &[
            (ACTIONS.read(), "to read the workflows' runs"),
            (CONTENTS.read(), "to read the sources"),
        ],
    ),
    (
        "peter-evans/create-pull-request",
        &[
            (CONTENTS.write(), "to push a branch"),
            (PULL_REQUESTS.write(), "to open a pull request"),
        ],
    ),
    ("pypa/gh-action-pypi-publish", &[(ID_TOKEN.write(), "to publish as this workflow")]),
    ("rust-lang/crates-io-auth-action", &[(ID_TOKEN.write(), "to publish as this workflow")]),
    ("softprops/action-gh-release", &[(CONTENTS.write(), "to make a release")]),
    (
        "zizmorcore/zizmor-action",
        &[
            (ACTIONS.read(), "to read the workflows' runs"),
            (CONTENTS.read(), "to read the workflows"),
            (SECURITY_EVENTS.write(), "to report what was found"),
        ],
    ),
];

/// Inputs that accel sets where the action's own default is not the safe one: credentials that stay
/// behind, and caches that a pull request can fill for a release to use.
pub(in crate::release) fn defaults(action: &str) -> Vec<(&'static str, Prop)> {
    match action {
        "actions/checkout" => vec![("persist-credentials", false.into())],
        "actions/setup-go" => vec![("cache", false.into())],
        "actions/setup-node" => vec![("package-manager-cache", false.into())],
        "astral-sh/setup-uv" => vec![("enable-cache", false.into())],
        "aws-actions/configure-aws-credentials" => vec![(
            "role-session-name",
            "github-${{ github.run_id }}-${{ github.run_attempt }}".into(),
        )],
        _ => Vec::new(),
    }
}

/// Whether an input is a program: what an expression says there would be run.
pub(in crate::release) fn is_code(action: &str, input: &str) -> bool {
    matches!(
        (action, input),
        ("actions/github-script", "script")
            | ("azure/powershell", "inlineScript")
            | ("azure/cli", "inlineScript")
    )
}
