use accel_core::{Construct, DocumentRef, Scope, Text};
use typed_builder::TypedBuilder;

use super::{
    Backend, EscalationRef, Hours, IncidentManagement, Priority, ScheduleRef, TeamRef, codes,
    datadog_on_call, level::backend, model::Report, ops_genie,
};
use crate::sre::datadog::file::file;

/// Where the alerts of a team go: the first route that takes an alert has it.
///
/// An example is at the head of the [module](super). A team has one of these.
#[derive(Clone, Debug, TypedBuilder)]
pub struct Routing {
    /// Whose it is.
    #[builder(setter(transform = |team: &TeamRef| team.clone()))]
    pub(super) team: TeamRef,
    /// The routes, in order.
    #[builder(setter(transform = |routes: impl IntoIterator<Item = Route>| Vec::from_iter(routes)))]
    pub(super) routes: Vec<Route>,
    /// Where the clock of hours hangs: `Europe/Berlin`.
    #[builder(default = Text::Static("UTC"), setter(into))]
    pub(super) time_zone: Text,
}

/// A route of a [`Routing`]: which alerts, when, to whom.
#[derive(Clone, Debug)]
#[must_use]
pub struct Route {
    pub(super) to: Destination,
    pub(super) priority: Option<Priority>,
    pub(super) tag: Option<Text>,
    pub(super) hours: Option<Hours>,
}

/// Where alerts go.
#[derive(Clone, Debug)]
pub(super) enum Destination {
    Escalation(EscalationRef),
    Schedule(ScheduleRef),
    Nobody,
}

impl Route {
    /// To an escalation.
    pub fn to(escalation: &EscalationRef) -> Self {
        Self::new(Destination::Escalation(escalation.clone()))
    }

    /// To who is on call, and nobody else. Only in Opsgenie.
    pub fn to_schedule(schedule: &ScheduleRef) -> Self {
        Self::new(Destination::Schedule(schedule.clone()))
    }

    /// To nobody: the alert is there to be looked at.
    pub const fn to_nobody() -> Self {
        Self::new(Destination::Nobody)
    }

    const fn new(to: Destination) -> Self {
        Self { to, priority: None, tag: None, hours: None }
    }

    /// Only alerts of this priority and those that are more urgent.
    pub const fn of_priority(mut self, priority: Priority) -> Self {
        self.priority = Some(priority);
        self
    }

    /// Only alerts with this tag: `env:prod`.
    pub fn with_tag(mut self, tag: impl Into<Text>) -> Self {
        self.tag = Some(tag.into());
        self
    }

    /// Only in these hours.
    pub fn during(mut self, hours: Hours) -> Self {
        self.hours = Some(hours);
        self
    }

    pub(super) const fn takes_everything(&self) -> bool {
        self.priority.is_none() && self.tag.is_none() && self.hours.is_none()
    }
}

impl Construct for Routing {
    type Level = IncidentManagement;
    type Output = DocumentRef;

    fn build(self, scope: &mut Scope<'_, IncidentManagement>) -> DocumentRef {
        let mut report = Report::new(scope);
        if self.routes.is_empty() {
            let help = "add `Route::to(&escalation)`";
            report.error(&codes::ROUTING, "has no route", "at least one", help);
        }
        let before_last = self.routes.len().saturating_sub(1);
        if self.routes[..before_last].iter().any(Route::takes_everything) {
            report.error(
                &codes::ROUTING,
                "has routes after one that takes everything",
                "the route that takes everything at the end",
                "move it to the end, or drop what is behind it",
            );
        }
        for route in &self.routes {
            if let Some(hours) = &route.hours {
                hours.check(&mut report);
            }
            if matches!(route.to, Destination::Schedule(_)) {
                report.unsupported(
                    Backend::DatadogOnCall,
                    "sends alerts to a schedule",
                    "escalations",
                    "make an escalation whose only step calls the schedule",
                );
            }
        }
        let root = match backend(scope) {
            Backend::OpsGenie => ops_genie::routing(&self),
            Backend::DatadogOnCall => datadog_on_call::routing(&self),
        };
        file(scope, "routing-rules", root)
    }
}
