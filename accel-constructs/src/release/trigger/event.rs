//! The events of GitHub that have no filter of their own, each with its activities.
//!
//! ```
//! use accel_constructs::release::{GithubWorkflow, event};
//!
//! GithubWorkflow::new("Triage")
//!     .on([event::Issues::Opened, event::Issues::Reopened])
//!     .on(event::Release::Published)
//!     .on(event::Discussion::any())
//!     .on(event::Plain::Fork);
//! ```

use accel_core::DocumentNode;

use super::{Trigger, texts};

/// An activity of an event.
pub trait Activity: Copy {
    /// The name of the event.
    const EVENT: &'static str;
    /// The name of the activity.
    fn name(self) -> &'static str;
}

macro_rules! activities {
    ($($(#[$doc:meta])+ $event:ident = $name:literal { $($activity:ident $text:literal,)+ })+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $event {
            $(
                #[doc = concat!("`", $text, "`.")]
                $activity,
            )+
        }

        impl Activity for $event {
            const EVENT: &'static str = $name;
            fn name(self) -> &'static str {
                match self {
                    $(Self::$activity => $text,)+
                }
            }
        }
    )+};
}

/// Events that start a workflow by their activities alone.
macro_rules! events {
    ($($event:ident)+) => {$(
        impl $event {
            /// Whatever GitHub starts a workflow for when no activity is named.
            #[must_use]
            pub fn any() -> Trigger {
                Trigger::new(Self::EVENT, DocumentNode::Null)
            }
        }
        impl From<$event> for Trigger {
            fn from(activity: $event) -> Self {
                Self::from([activity])
            }
        }
        impl<const N: usize> From<[$event; N]> for Trigger {
            fn from(activities: [$event; N]) -> Self {
                let types = texts(activities.map(Activity::name));
                Self::new($event::EVENT, DocumentNode::map([("types", types)]))
            }
        }
    )+};
}

events! {
    BranchProtectionRule CheckRun CheckSuite Discussion DiscussionComment IssueComment Issues Label
    Milestone Project ProjectCard ProjectColumn PullRequestComment PullRequestReview
    PullRequestReviewComment RegistryPackage Release Watch
}

activities! {
    /// A rule that protects a branch changes.
    BranchProtectionRule = "branch_protection_rule" {
        Created "created", Edited "edited", Deleted "deleted",
    }
    /// Something happens to a check of a commit.
    CheckRun = "check_run" {
        Completed "completed", Created "created", Rerequested "rerequested",
        RequestedAction "requested_action",
    }
    /// The checks of a commit are through.
    CheckSuite = "check_suite" { Completed "completed", }
    /// Something happens to a discussion.
    Discussion = "discussion" {
        Created "created", Edited "edited", Deleted "deleted", Transferred "transferred",
        Pinned "pinned", Unpinned "unpinned", Labeled "labeled", Unlabeled "unlabeled",
        Locked "locked", Unlocked "unlocked", CategoryChanged "category_changed",
        Answered "answered", Unanswered "unanswered",
    }
    /// Somebody comments on a discussion.
    DiscussionComment = "discussion_comment" {
        Created "created", Edited "edited", Deleted "deleted",
    }
    /// What happens to a version of an image; see [`ImageVersion`](super::ImageVersion).
    ImageVersionActivity = "image_version" {
        Created "created", Ready "ready", Deleted "deleted",
    }
    /// Somebody comments on an issue or a pull request. The run has the secrets and the token of the
    /// default branch, whoever commented.
    IssueComment = "issue_comment" { Created "created", Edited "edited", Deleted "deleted", }
    /// Something happens to an issue.
    Issues = "issues" {
        Opened "opened", Edited "edited", Deleted "deleted", Transferred "transferred",
        Pinned "pinned", Unpinned "unpinned", Closed "closed", Reopened "reopened",
        Assigned "assigned", Unassigned "unassigned", Labeled "labeled", Unlabeled "unlabeled",
        Locked "locked", Unlocked "unlocked", Milestoned "milestoned",
        Demilestoned "demilestoned", FieldAdded "field_added", FieldRemoved "field_removed",
        Typed "typed", Untyped "untyped",
    }
    /// A label changes.
    Label = "label" { Created "created", Edited "edited", Deleted "deleted", }
    /// Something happens to a milestone.
    Milestone = "milestone" {
        Created "created", Closed "closed", Opened "opened", Edited "edited", Deleted "deleted",
    }
    /// Something happens to a classic project.
    Project = "project" {
        Created "created", Closed "closed", Reopened "reopened", Edited "edited",
        Deleted "deleted",
    }
    /// Something happens to a card of a classic project.
    ProjectCard = "project_card" {
        Created "created", Moved "moved", Converted "converted", Edited "edited",
        Deleted "deleted",
    }
    /// Something happens to a column of a classic project.
    ProjectColumn = "project_column" {
        Created "created", Updated "updated", Moved "moved", Deleted "deleted",
    }
    /// What happens to a pull request; see [`PullRequest`](super::PullRequest).
    PullRequestActivity = "pull_request" {
        Assigned "assigned", Unassigned "unassigned", Labeled "labeled", Unlabeled "unlabeled",
        Opened "opened", Edited "edited", Closed "closed", Reopened "reopened",
        Synchronize "synchronize", ConvertedToDraft "converted_to_draft", Locked "locked",
        Unlocked "unlocked", Enqueued "enqueued", Dequeued "dequeued", Milestoned "milestoned",
        Demilestoned "demilestoned", ReadyForReview "ready_for_review",
        ReviewRequested "review_requested", ReviewRequestRemoved "review_request_removed",
        AutoMergeEnabled "auto_merge_enabled", AutoMergeDisabled "auto_merge_disabled",
        Stacked "stacked",
    }
    /// Somebody comments on a pull request, not on a line of it.
    PullRequestComment = "pull_request_comment" {
        Created "created", Edited "edited", Deleted "deleted",
    }
    /// Somebody reviews a pull request.
    PullRequestReview = "pull_request_review" {
        Submitted "submitted", Edited "edited", Dismissed "dismissed",
    }
    /// Somebody comments on a line of a pull request.
    PullRequestReviewComment = "pull_request_review_comment" {
        Created "created", Edited "edited", Deleted "deleted",
    }
    /// A package is published.
    RegistryPackage = "registry_package" { Published "published", Updated "updated", }
    /// Something happens to a release.
    Release = "release" {
        Published "published", Unpublished "unpublished", Created "created", Edited "edited",
        Deleted "deleted", Prereleased "prereleased", Released "released",
    }
    /// Somebody gives the repository a star.
    Watch = "watch" { Started "started", }
    /// What happens to a run; see [`WorkflowRun`](super::WorkflowRun).
    WorkflowRunActivity = "workflow_run" {
        Requested "requested", Completed "completed", InProgress "in_progress",
    }
}

/// The events that have neither activities nor filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// A branch or a tag is made.
    Create,
    /// A branch or a tag is deleted.
    Delete,
    /// A deployment is made.
    Deployment,
    /// Somebody says how a deployment goes.
    DeploymentStatus,
    /// The repository is forked.
    Fork,
    /// A page of the wiki changes.
    Gollum,
    /// A site of GitHub Pages is built.
    PageBuild,
    /// The repository becomes public.
    Public,
    /// The status of a commit changes.
    Status,
}

impl From<Plain> for Trigger {
    fn from(event: Plain) -> Self {
        let event = match event {
            Plain::Create => "create",
            Plain::Delete => "delete",
            Plain::Deployment => "deployment",
            Plain::DeploymentStatus => "deployment_status",
            Plain::Fork => "fork",
            Plain::Gollum => "gollum",
            Plain::PageBuild => "page_build",
            Plain::Public => "public",
            Plain::Status => "status",
        };
        Self::new(event, DocumentNode::Null)
    }
}
