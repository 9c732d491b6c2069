//! What a job may do with its token, typed: there is no `read` of an identity token.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions>

use std::marker::PhantomData;

use accel_core::{DocumentEntry, DocumentNode, Text};

/// One scope of a token and how far it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permission {
    scope: &'static str,
    /// `read` is below `write`.
    access: &'static str,
}

/// A scope that knows what can be asked of it: [`Any`], [`ReadOnly`] or [`WriteOnly`].
#[derive(Clone, Copy, Debug)]
pub struct PermissionScope<A>(&'static str, PhantomData<fn() -> A>);

/// Reading and writing.
#[derive(Clone, Copy, Debug)]
pub enum Any {}
/// Reading alone.
#[derive(Clone, Copy, Debug)]
pub enum ReadOnly {}
/// Writing alone.
#[derive(Clone, Copy, Debug)]
pub enum WriteOnly {}

macro_rules! access {
    ($($marker:ident: $($access:ident)+;)+) => {$(
        impl PermissionScope<$marker> {$(
            #[doc = concat!("To `", stringify!($access), "`.")]
            #[must_use]
            pub const fn $access(self) -> Permission {
                Permission { scope: self.0, access: stringify!($access) }
            }
        )+}
    )+};
}
access! {
    Any: read write;
    ReadOnly: read;
    WriteOnly: write;
}

macro_rules! scopes {
    ($($marker:ident: $($name:ident = $text:literal),+;)+) => {$($(
        #[doc = concat!("`", $text, "`.")]
        pub const $name: PermissionScope<$marker> = PermissionScope($text, PhantomData);
    )+)+};
}
scopes! {
    Any:
        ACTIONS = "actions",
        ARTIFACT_METADATA = "artifact-metadata",
        ATTESTATIONS = "attestations",
        CHECKS = "checks",
        CODE_QUALITY = "code-quality",
        CONTENTS = "contents",
        DEPLOYMENTS = "deployments",
        DISCUSSIONS = "discussions",
        DRIVES = "drives",
        ISSUES = "issues",
        PACKAGES = "packages",
        PAGES = "pages",
        PULL_REQUESTS = "pull-requests",
        REPOSITORY_PROJECTS = "repository-projects",
        SECURITY_EVENTS = "security-events",
        STATUSES = "statuses";
    WriteOnly:
        COPILOT_REQUESTS = "copilot-requests",
        ID_TOKEN = "id-token";
    ReadOnly:
        MODELS = "models",
        VULNERABILITY_ALERTS = "vulnerability-alerts";
}

/// Permissions with the reasons they were asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Grants(Vec<(Permission, Text)>);

impl Grants {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn add(&mut self, permission: Permission, reason: impl Into<Text>) {
        self.0.push((permission, reason.into()));
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    /// The union: for each scope the most that was asked for, behind it every reason once.
    pub(super) fn into_node(mut self) -> DocumentNode {
        self.0.sort_by_key(|(permission, _)| permission.scope);
        let scopes = self.0.chunk_by(|(left, _), (right, _)| left.scope == right.scope);
        DocumentNode::Map(scopes.map(entry).collect())
    }
}

/// `grants` are of one scope.
fn entry(grants: &[(Permission, Text)]) -> DocumentEntry {
    let most = grants.iter().map(|(permission, _)| permission.access).max().unwrap_or("none");
    let mut reasons: Vec<&str> = Vec::new();
    for (_, reason) in grants.iter().filter(|(permission, _)| permission.access == most) {
        if !reasons.contains(&reason.as_str()) {
            reasons.push(reason);
        }
    }
    DocumentEntry::new(grants[0].0.scope, most).behind(reasons.join("; "))
}
