use accel_core::{DocumentNode, Prop, Text};

use super::{expr::Uses, keys::Keys};

pub mod event;
mod input;

pub(super) use input::Interface;
pub use input::{WorkflowCall, WorkflowDispatch, WorkflowInput};

/// What starts a workflow: [`Push`], [`PullRequest`], [`Schedule`], [`WorkflowDispatch`],
/// [`WorkflowCall`], ..., or one or several activities of an [`event`]: `event::Release::Published`.
///
/// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows>
#[derive(Clone, Debug)]
pub struct Trigger {
    pub(super) event: &'static str,
    pub(super) node: DocumentNode,
    /// What the workflow takes and gives, if the event lets it.
    pub(super) interface: Option<Interface>,
    pub(super) uses: Uses,
}

impl Trigger {
    fn new(event: &'static str, node: impl Into<DocumentNode>) -> Self {
        Self { event, node: node.into(), interface: None, uses: Uses::default() }
    }

    fn filtered(event: &'static str, filters: Keys) -> Self {
        let node = if filters.is_empty() { DocumentNode::Null } else { filters.into() };
        Self::new(event, node)
    }
}

fn texts<T: Into<Text>>(values: impl IntoIterator<Item = T>) -> DocumentNode {
    let mut texts: Vec<DocumentNode> = Vec::new();
    for value in values {
        texts.push(Prop::String(value.into()).into());
    }
    DocumentNode::List(texts)
}

macro_rules! filtered {
    ($($(#[$doc:meta])+ $type:ident = $event:literal: $($filter:ident)*;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Debug, Default)]
        pub struct $type {
            filters: Keys,
        }

        impl $type {
            /// Without a filter.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }

            $(filtered! { @$filter })*
        }

        impl From<$type> for Trigger {
            fn from(trigger: $type) -> Self {
                Self::filtered($event, trigger.filters)
            }
        }
    )+};
    (@branches) => { filtered! { @pair branches branches_ignore "branches" "branches-ignore" } };
    (@tags) => { filtered! { @pair tags tags_ignore "tags" "tags-ignore" } };
    (@paths) => { filtered! { @pair paths paths_ignore "paths" "paths-ignore" } };
    (@pull_request_types) => {
        /// Only these activities; without them `opened`, `synchronize` and `reopened`.
        #[must_use]
        pub fn types(mut self, types: impl IntoIterator<Item = event::PullRequestActivity>) -> Self {
            self.filters.set("types", texts(types.into_iter().map(event::Activity::name)));
            self
        }
    };
    (@pair $only:ident $ignore:ident $key:literal $ignore_key:literal) => {
        #[doc = concat!("Only for these ", $key, ", which are patterns; takes the place of `",
            $ignore_key, "`.")]
        #[must_use]
        pub fn $only<T: Into<Text>>(mut self, patterns: impl IntoIterator<Item = T>) -> Self {
            self.filters.remove($ignore_key);
            self.filters.set($key, texts(patterns));
            self
        }

        #[doc = concat!("For all but these ", $key, ", which are patterns; takes the place of `",
            $key, "`.")]
        #[must_use]
        pub fn $ignore<T: Into<Text>>(mut self, patterns: impl IntoIterator<Item = T>) -> Self {
            self.filters.remove($key);
            self.filters.set($ignore_key, texts(patterns));
            self
        }
    };
}
filtered! {
    /// Commits or tags are pushed.
    Push = "push": branches tags paths;
    /// Something happens to a pull request. The run sees the merged sources and, for a fork, no
    /// secrets and a token that only reads.
    PullRequest = "pull_request": branches paths pull_request_types;
    /// The same, with the secrets and the token of the base branch: a run must not execute what the
    /// pull request brings. See [`acknowledge_pwn_request_risk`](super::GithubWorkflow::acknowledge_pwn_request_risk).
    PullRequestTarget = "pull_request_target": branches paths pull_request_types;
    /// A merge queue wants checks for a group of pull requests.
    MergeGroup = "merge_group": branches;
}

/// Other workflows are requested, run or completed. The run has the secrets and the token of the
/// default branch, whoever started the other one.
#[derive(Clone, Debug)]
pub struct WorkflowRun {
    filters: Keys,
}

impl WorkflowRun {
    /// Of the workflows with these names.
    pub fn new<T: Into<Text>>(workflows: impl IntoIterator<Item = T>) -> Self {
        let mut filters = Keys::default();
        filters.set("workflows", texts(workflows));
        Self { filters }
    }

    /// Only these activities.
    #[must_use]
    pub fn types(mut self, types: impl IntoIterator<Item = event::WorkflowRunActivity>) -> Self {
        self.filters.set("types", texts(types.into_iter().map(event::Activity::name)));
        self
    }

    filtered! { @branches }
}

impl From<WorkflowRun> for Trigger {
    fn from(trigger: WorkflowRun) -> Self {
        Self::filtered("workflow_run", trigger.filters)
    }
}

/// A point of time comes. Two of them in one workflow are both kept.
///
/// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule>
#[derive(Clone, Debug)]
pub struct Schedule {
    keys: Keys,
}

impl Schedule {
    /// Minute, hour, day, month, day of the week: `30 5 * * 1-5`. In UTC unless said otherwise.
    pub fn cron(cron: impl Into<Text>) -> Self {
        let mut keys = Keys::default();
        keys.set("cron", Prop::String(cron.into()));
        Self { keys }
    }

    /// In the time zone `Area/City`.
    #[must_use]
    pub fn timezone(mut self, zone: impl Into<Text>) -> Self {
        self.keys.set("timezone", Prop::String(zone.into()));
        self
    }
}

impl From<Schedule> for Trigger {
    fn from(trigger: Schedule) -> Self {
        Self::new("schedule", DocumentNode::list([DocumentNode::from(trigger.keys)]))
    }
}

/// Somebody asks for it through the API.
#[derive(Clone, Debug, Default)]
pub struct RepositoryDispatch {
    filters: Keys,
}

impl RepositoryDispatch {
    /// Whatever its type.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Only of these types, which the asking side makes up.
    #[must_use]
    pub fn types<T: Into<Text>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
        self.filters.set("types", texts(types));
        self
    }
}

impl From<RepositoryDispatch> for Trigger {
    fn from(trigger: RepositoryDispatch) -> Self {
        Self::filtered("repository_dispatch", trigger.filters)
    }
}

/// A version of an image for runners is made.
#[derive(Clone, Debug, Default)]
pub struct ImageVersion {
    filters: Keys,
}

impl ImageVersion {
    /// Whichever.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Only these activities.
    #[must_use]
    pub fn types(mut self, types: impl IntoIterator<Item = event::ImageVersionActivity>) -> Self {
        self.filters.set("types", texts(types.into_iter().map(event::Activity::name)));
        self
    }

    /// Only of images with these names.
    #[must_use]
    pub fn names<T: Into<Text>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.filters.set("names", texts(names));
        self
    }

    /// Only these versions.
    #[must_use]
    pub fn versions<T: Into<Text>>(mut self, versions: impl IntoIterator<Item = T>) -> Self {
        self.filters.set("versions", texts(versions));
        self
    }
}

impl From<ImageVersion> for Trigger {
    fn from(trigger: ImageVersion) -> Self {
        Self::filtered("image_version", trigger.filters)
    }
}
