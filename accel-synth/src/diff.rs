//! What deploying one assembly over another would do.
//!
//! ```
//! use accel_core::{AccountInfo, App, Prop, Region, Resource, Stack};
//!
//! let build = |name: &str| {
//!     let mut app = App::new("example");
//!     let prod = app.scope().declare_account_as("prod", AccountInfo::default());
//!     let mut stack = app.open("data", Stack::new(prod.in_region(Region::EU_WEST_1)));
//!     let bucket = stack.add("bucket", Resource::new("AWS::S3::Bucket"));
//!     stack[bucket].set("BucketName", name);
//!     accel_synth::synth(app)
//! };
//!
//! let (old, new) = (build("orders")?, build("bookings")?);
//! let diff = accel_synth::diff::diff(&old, &new);
//! assert_eq!(diff.to_string(), "\
//! ~ stack prod/eu-west-1/data
//!     -/+ bucket  AWS::S3::Bucket  (stateful: the objects in it, and its name until it is made again)
//!           ~ BucketName: \"orders\" -> \"bookings\"  (replaces)
//!
//! 1 resource to replace
//! ");
//! assert_eq!(diff.blocked(false, false).len(), 1);
//! assert!(accel_synth::diff::diff(&new, &new).is_empty());
//! # Ok::<(), accel_core::Diagnostics>(())
//! ```

use serde::Serialize;

use crate::Assembly;

mod align;
mod blocked;
mod compare;
mod document;
mod edit;
mod entry;
mod follow;
mod identity;
mod path;
mod phrase;
mod policy;
mod rename;
mod resource;
mod steps;
mod template;
mod text;
mod used_by;

pub use blocked::Blocked;
pub use document::{DocumentDiff, Line};
pub use edit::{Action, Edit};
pub use entry::EntryDiff;
pub use rename::Rename;
pub use resource::ResourceDiff;
pub use template::{TemplateDiff, TemplateKind, Withdrawal};

/// What differs between two assemblies. It prints as text, one change a line, the first word of each
/// line saying what happens: `+` made, `<+` taken into its stack, `-` deleted, `~` changed, `-/+` replaced, `~/+` perhaps replaced.
/// As JSON it has the same, with whole values.
///
/// Things are the same if what is deployed is the same: a stack by account, region and name, a stack
/// set by name, a resource by its logical id, a step by its account, region and setting. So a rename that
/// is [declared](accel_core::App::moved) is no difference. Neither is what changes nothing in the world:
/// the order of stacks, the order or the form of the statements of a policy.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diff {
    /// Accounts, by name.
    pub accounts: Vec<EntryDiff>,
    /// The organization's steps.
    pub steps: Vec<EntryDiff>,
    /// Stacks and stack sets, by construct path.
    pub templates: Vec<TemplateDiff>,
    /// Workflows, monitors, manifests and all other files.
    pub documents: Vec<DocumentDiff>,
    /// Construct paths of stacks and stack sets whose templates are written differently and mean the
    /// same. They make no difference here, yet CloudFormation would update them.
    pub rewritten: Vec<String>,
}

/// What deploying `new` over `old` would do.
#[must_use]
pub fn diff(old: &Assembly, new: &Assembly) -> Diff {
    let identity = identity::Identity::new(old, new);
    let mut diff = Diff {
        accounts: identity.accounts(),
        steps: steps::compare(&identity),
        documents: document::compare(old, new),
        ..Diff::default()
    };
    compare::compare(&identity, &mut diff);
    follow::replacements(&identity, &mut diff.templates);
    used_by::mark(&identity, &mut diff.templates);
    compare::mark_imports(&identity, &mut diff.templates);
    rename::find(&identity, &mut diff.templates);
    diff
}

impl Diff {
    /// Whether deploying would change nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.accounts.is_empty()
            && self.steps.is_empty()
            && self.templates.is_empty()
            && self.documents.is_empty()
    }

    /// What must not be deployed by accident: stateful resources that would be replaced (perhaps), unless
    /// `allow_replace`, or deleted, unless `allow_delete`. A resource that its deletion policy keeps is
    /// not deleted; its replacement is empty all the same.
    #[must_use]
    pub fn blocked(&self, allow_replace: bool, allow_delete: bool) -> Vec<Blocked> {
        let allowed = |action| match action {
            Action::Replace | Action::MayReplace => allow_replace,
            Action::Remove => allow_delete,
            Action::Add | Action::Import | Action::Change => true,
        };
        let all = self.templates.iter().flat_map(blocked::of);
        all.filter(|blocked| !allowed(blocked.action)).collect()
    }
}
