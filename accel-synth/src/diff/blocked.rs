use std::fmt;

use serde::Serialize;

use super::{Action, ResourceDiff, TemplateDiff};

/// A stateful resource that must not be replaced or deleted by accident.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Blocked {
    /// The construct path of its stack or stack set.
    pub template: String,
    /// Its own construct path below that.
    pub construct: String,
    /// `AWS::RDS::DBInstance`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// [`Replace`](Action::Replace), [`MayReplace`](Action::MayReplace) or [`Remove`](Action::Remove).
    pub action: Action,
    /// What is lost.
    pub loses: &'static str,
    /// Where, if not everywhere: the places that a stack set leaves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
}

/// The stateful resources of one stack or stack set that would be replaced or deleted.
pub(super) fn of(template: &TemplateDiff) -> Vec<Blocked> {
    let blocked = |resource: &ResourceDiff, from: &[String]| {
        // What a deletion policy keeps is not lost. A replacement is another thing, wherever the old is.
        let lost = resource.action != Action::Remove || !resource.kept;
        Some(Blocked {
            template: template.path.clone(),
            construct: resource.construct.clone(),
            type_name: resource.type_name.clone(),
            action: resource.action,
            loses: resource.stateful.filter(|_| lost && resource.is_endangered())?,
            from: from.to_owned(),
        })
    };
    let own = template.resources.iter().filter_map(|resource| blocked(resource, &[]));
    let withdrawn = template.withdrawal.iter().flat_map(|withdrawal| {
        withdrawal.resources.iter().filter_map(|resource| blocked(resource, &withdrawal.from))
    });
    own.chain(withdrawn).collect()
}

/// `prod/eu-west-1/data/table (AWS::DynamoDB::Table) would be replaced, and lost: the items in it`.
impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { template, construct, type_name, action, loses, from } = self;
        write!(f, "{template}/{construct} ({type_name}) ")?;
        f.write_str(match action {
            Action::Remove => "would be deleted",
            Action::MayReplace => "might be replaced",
            Action::Replace | Action::Add | Action::Import | Action::Change => "would be replaced",
        })?;
        if !from.is_empty() {
            write!(f, " in {}", from.join(", "))?;
        }
        write!(f, ", which loses: {loses}")
    }
}
