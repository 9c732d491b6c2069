use accel_core::{Construct, DocumentRef, Scope, Text};
use typed_builder::TypedBuilder;

use super::{
    Backend, IncidentManagement, ScheduleRef, TeamRef, codes, datadog_on_call, level::backend,
    model::Report, ops_genie,
};
use crate::sre::datadog::file::{file, id_below_level};

/// Who is called first, and who is called if nobody answers.
///
/// An example is at the head of the [module](super).
#[derive(Clone, Debug, TypedBuilder)]
pub struct Escalation {
    /// Whose it is.
    #[builder(setter(transform = |team: &TeamRef| team.clone()))]
    pub(super) team: TeamRef,
    /// What it is called; its ids if not said.
    #[builder(default, setter(into, strip_option))]
    pub(super) name: Option<Text>,
    /// Who is called when, in the order of time.
    #[builder(setter(transform = |steps: impl IntoIterator<Item = EscalationStep>| Vec::from_iter(steps)))]
    pub(super) steps: Vec<EscalationStep>,
    /// How often it begins again if nobody answers: at most 10 times.
    #[builder(default)]
    pub(super) repeats: u8,
    /// How many minutes after its last step it begins again.
    #[builder(default = 15)]
    pub(super) repeat_after_minutes: u16,
}

/// What an [`Escalation`] gives back.
#[derive(Clone, Debug)]
pub struct EscalationRef {
    /// The document, and so the id, which only the product knows.
    pub document: DocumentRef,
    /// What it is called.
    pub name: Text,
}

/// A step of an [`Escalation`].
#[derive(Clone, Debug)]
#[must_use]
pub struct EscalationStep {
    pub(super) after: u16,
    pub(super) targets: Vec<Target>,
    pub(super) until_closed: bool,
}

/// Who is called.
#[derive(Clone, Debug)]
pub(super) enum Target {
    User(Text),
    Schedule(ScheduleRef),
    Team(TeamRef),
}

impl EscalationStep {
    /// When the alert comes.
    pub const fn at_once() -> Self {
        Self::after_minutes(0)
    }

    /// So many minutes after the alert came, if nobody has acknowledged it.
    pub const fn after_minutes(after: u16) -> Self {
        Self { after, targets: Vec::new(), until_closed: false }
    }

    /// Calls who is on call.
    pub fn schedule(mut self, schedule: &ScheduleRef) -> Self {
        self.targets.push(Target::Schedule(schedule.clone()));
        self
    }

    /// Calls one person.
    pub fn user(mut self, person: impl Into<Text>) -> Self {
        self.targets.push(Target::User(person.into()));
        self
    }

    /// Calls everybody of a team.
    pub fn team(mut self, team: &TeamRef) -> Self {
        self.targets.push(Target::Team(team.clone()));
        self
    }

    /// Calls even if somebody has acknowledged the alert, as long as it is not closed. Only in Opsgenie.
    pub const fn until_closed(mut self) -> Self {
        self.until_closed = true;
        self
    }
}

impl Construct for Escalation {
    type Level = IncidentManagement;
    type Output = EscalationRef;

    fn build(self, scope: &mut Scope<'_, IncidentManagement>) -> EscalationRef {
        self.check(scope);
        let own = || Text::from(id_below_level(scope.tree(), scope.node()));
        let name = self.name.clone().unwrap_or_else(own);
        let (kind, root) = match backend(scope) {
            Backend::OpsGenie => ("escalations", ops_genie::escalation(&self, &name)),
            Backend::DatadogOnCall => {
                ("escalation-policies", datadog_on_call::escalation(&self, &name))
            }
        };
        EscalationRef { document: file(scope, kind, root), name }
    }
}

impl Escalation {
    fn check(&self, scope: &mut Scope<'_, IncidentManagement>) {
        let mut report = Report::new(scope);
        let mut wrong = |problem: &str, allowed: &str, help: &str| {
            report.error(&codes::ESCALATION, problem, allowed, help);
        };
        if self.steps.is_empty() {
            wrong(
                "has no step",
                "at least one",
                "add `EscalationStep::at_once().schedule(&schedule)`",
            );
        }
        if self.steps.iter().any(|step| step.targets.is_empty()) {
            let help = "say who: `.schedule(&schedule)`, `.user(\"first@example.com\")`";
            wrong("has a step that calls nobody", "at least one target", help);
        }
        if !self.steps.is_sorted_by(|one, next| one.after < next.after) {
            let help = "put what happens at one time into one step";
            wrong(
                "has steps that are not in the order of time",
                "each later than the one before",
                help,
            );
        }
        if self.repeats > 10 {
            let problem = format!("begins again {} times", self.repeats);
            wrong(&problem, "at most 10 times", "add a step that calls more people");
        }
        for target in self.steps.iter().flat_map(|step| &step.targets) {
            if let Target::User(person) = target {
                report.person(person);
            }
        }
        let by = Backend::DatadogOnCall;
        if self.steps.first().is_some_and(|step| step.after > 0) {
            let help = "begin with `EscalationStep::at_once()`";
            report.unsupported(by, "waits before its first step", "a first step at once", help);
        }
        if self.steps.iter().any(|step| step.until_closed) {
            let problem = "calls although somebody has acknowledged";
            let help = "leave `.until_closed()` away";
            report.unsupported(by, problem, "calls until somebody acknowledges", help);
        }
        let gaps = self.steps.windows(2).map(|two| two[1].after.saturating_sub(two[0].after));
        if gaps.max().is_some_and(|gap| gap > 600) {
            let help = "call again in between";
            report.unsupported(by, "waits for more than 10 hours", "1 to 600 minutes", help);
        }
    }
}
