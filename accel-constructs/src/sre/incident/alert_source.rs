use accel_core::{Construct, Scope, Text};

use super::{Backend, IncidentManagement, TeamRef, level::backend, ops_genie};
use crate::sre::datadog::file::file;

/// Where alerts of a team come from. It gives back the handle that a monitor notifies.
///
/// An example is at the head of the [module](super).
#[derive(Clone, Debug)]
#[must_use]
pub struct AlertSource {
    pub(super) team: TeamRef,
    pub(super) name: Text,
}

impl AlertSource {
    /// Monitors of Datadog. Opsgenie needs an integration for that, called as the team is; the key that
    /// it makes is given to Datadog by hand, once. Datadog On-Call needs nothing.
    ///
    /// Source: <https://support.atlassian.com/opsgenie/docs/integrate-opsgenie-with-datadog/>
    pub fn datadog(team: &TeamRef) -> Self {
        Self { team: team.clone(), name: team.name.clone() }
    }
}

impl Construct for AlertSource {
    type Level = IncidentManagement;
    /// `@opsgenie-shop`, `@oncall-shop`.
    type Output = String;

    fn build(self, scope: &mut Scope<'_, IncidentManagement>) -> String {
        match backend(scope) {
            Backend::OpsGenie => {
                file(scope, "integrations", ops_genie::integration(&self));
                format!("@opsgenie-{}", self.name)
            }
            Backend::DatadogOnCall => format!("@oncall-{}", self.team.name),
        }
    }
}
