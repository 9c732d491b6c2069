use super::{Handle, Import};
use crate::{Object, template::ConditionRef};

/// What a resource has besides its properties.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    /// What happens to the real thing when the resource leaves its template.
    pub deletion: Option<DeletionPolicy>,
    /// What happens to the old thing when a change replaces it.
    pub update_replace: Option<DeletionPolicy>,
    /// The thing that is there already.
    pub import: Option<Import>,
    /// The resources of the same template that this one waits for.
    pub depends_on: Vec<Handle>,
    /// The condition under which the resource exists.
    pub condition: Option<ConditionRef>,
    /// Data for tools that read templates.
    pub metadata: Object,
    /// How CloudFormation waits for creation signals.
    pub creation: Option<Object>,
    /// How CloudFormation rolls an update out.
    pub update: Option<Object>,
}

/// What CloudFormation does with the real thing behind a resource.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionPolicy {
    /// Deletes it.
    Delete,
    /// Keeps it.
    Retain,
    /// Keeps it, except when its creation is rolled back. Not for replacements.
    RetainExceptOnCreate,
    /// Takes a snapshot, then deletes it. Only some types can.
    Snapshot,
}

impl DeletionPolicy {
    /// As templates write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delete => "Delete",
            Self::Retain => "Retain",
            Self::RetainExceptOnCreate => "RetainExceptOnCreate",
            Self::Snapshot => "Snapshot",
        }
    }
}
