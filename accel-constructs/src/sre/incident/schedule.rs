use accel_core::{Construct, DocumentRef, Scope, Text};
use typed_builder::TypedBuilder;

use super::{
    Backend, Hours, IncidentManagement, TeamRef, codes, datadog_on_call, level::backend,
    model::Report, ops_genie,
};
use crate::sre::datadog::file::{file, id_below_level};

/// Who is on call when: of each rotation that has hours, one at a time.
///
/// An example is at the head of the [module](super).
#[derive(Clone, Debug, TypedBuilder)]
pub struct Schedule {
    /// Whose it is.
    #[builder(setter(transform = |team: &TeamRef| team.clone()))]
    pub(super) team: TeamRef,
    /// What it is called; its ids if not said.
    #[builder(default, setter(into, strip_option))]
    pub(super) name: Option<Text>,
    /// Where its clock hangs: `Europe/Berlin`.
    #[builder(default = Text::Static("UTC"), setter(into))]
    pub(super) time_zone: Text,
    /// Who takes turns.
    #[builder(setter(
        transform = |rotations: impl IntoIterator<Item = Rotation>| Vec::from_iter(rotations)
    ))]
    pub(super) rotations: Vec<Rotation>,
}

/// What a [`Schedule`] gives back.
#[derive(Clone, Debug)]
pub struct ScheduleRef {
    /// The document, and so the id, which only the product knows.
    pub document: DocumentRef,
    /// What it is called.
    pub name: Text,
}

/// People who take turns.
#[derive(Clone, Debug)]
#[must_use]
pub struct Rotation {
    pub(super) name: Option<Text>,
    pub(super) unit: Unit,
    pub(super) length: u32,
    pub(super) participants: Vec<Participant>,
    pub(super) start: Text,
    pub(super) hours: Option<Hours>,
}

/// In what a rotation counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Hour,
    Day,
    Week,
}

/// Whose turn it can be.
#[derive(Clone, Debug)]
pub(super) enum Participant {
    User(Text),
    Team(Text),
}

impl Rotation {
    /// The next one takes over each week.
    pub fn weekly<T: Into<Text>>(people: impl IntoIterator<Item = T>) -> Self {
        Self::new(Unit::Week, people)
    }

    /// The next one takes over each day.
    pub fn daily<T: Into<Text>>(people: impl IntoIterator<Item = T>) -> Self {
        Self::new(Unit::Day, people)
    }

    /// The next one takes over each hour.
    pub fn hourly<T: Into<Text>>(people: impl IntoIterator<Item = T>) -> Self {
        Self::new(Unit::Hour, people)
    }

    fn new<T: Into<Text>>(unit: Unit, people: impl IntoIterator<Item = T>) -> Self {
        Self {
            name: None,
            unit,
            length: 1,
            participants: people
                .into_iter()
                .map(|person| Participant::User(person.into()))
                .collect(),
            start: Text::Static("2026-01-05T09:00:00Z"),
            hours: None,
        }
    }

    /// A turn has so many weeks, days or hours.
    pub const fn length(mut self, length: u32) -> Self {
        self.length = length;
        self
    }

    /// A whole team takes a turn too. Only in Opsgenie.
    pub fn team(mut self, team: &TeamRef) -> Self {
        self.participants.push(Participant::Team(team.name.clone()));
        self
    }

    /// The first turn begins then; by default on Monday, 5 January 2026, at nine.
    pub fn starting(mut self, time: &str) -> Self {
        self.start = Text::from(time);
        self
    }

    /// Only in these hours.
    pub fn during(mut self, hours: Hours) -> Self {
        self.hours = Some(hours);
        self
    }

    /// What it is called; `rotation-1`, ... if not said.
    pub fn named(mut self, name: impl Into<Text>) -> Self {
        self.name = Some(name.into());
        self
    }

    pub(super) fn title(&self, index: usize) -> Text {
        self.name.clone().unwrap_or_else(|| format!("rotation-{}", index + 1).into())
    }

    fn check(&self, report: &mut Report<'_, '_>) {
        if self.participants.is_empty() {
            report.error(
                &codes::PARTICIPANTS,
                "has a rotation without participants",
                "at least one person",
                "name people: `Rotation::weekly([\"first@example.com\"])`",
            );
        }
        for participant in &self.participants {
            match participant {
                Participant::User(person) => report.person(person),
                Participant::Team(team) => report.unsupported(
                    Backend::DatadogOnCall,
                    &format!("has the team `{team}` take turns"),
                    "people",
                    "name the people of the team",
                ),
            }
        }
        let days = match self.unit {
            Unit::Hour => self.length.div_ceil(24),
            Unit::Day => self.length,
            Unit::Week => self.length.saturating_mul(7),
        };
        if self.length == 0 || days > 400 {
            let problem = format!("has turns of {} {:?}s", self.length, self.unit);
            let allowed = "1 hour to 400 days";
            report.error(
                &codes::ROTATION,
                &problem.to_lowercase(),
                allowed,
                "choose another length",
            );
        }
        if !is_time(&self.start) {
            report.error(
                &codes::TIME,
                &format!("has a rotation that begins at {:?}", self.start),
                "a time of RFC 3339 in UTC",
                "write it as `2026-01-05T09:00:00Z`",
            );
        }
        if let Some(hours) = &self.hours {
            hours.check(report);
        }
    }
}

/// Whether it is `2026-01-05T09:00:00Z` or alike.
fn is_time(text: &str) -> bool {
    let pattern = "dddd-dd-ddTdd:dd:ddZ";
    let is_alike = |(c, p): (char, char)| if p == 'd' { c.is_ascii_digit() } else { c == p };
    let number = |range: std::ops::Range<usize>| text[range].parse::<u8>().unwrap_or(u8::MAX);
    text.len() == pattern.len()
        && text.chars().zip(pattern.chars()).all(is_alike)
        && (1..=12).contains(&number(5..7))
        && (1..=31).contains(&number(8..10))
        && number(11..13) < 24
        && number(14..16) < 60
        && number(17..19) < 60
}

impl Construct for Schedule {
    type Level = IncidentManagement;
    type Output = ScheduleRef;

    fn build(self, scope: &mut Scope<'_, IncidentManagement>) -> ScheduleRef {
        let mut report = Report::new(scope);
        if self.rotations.is_empty() {
            report.error(
                &codes::PARTICIPANTS,
                "has no rotation",
                "at least one",
                "say who takes turns: `Rotation::weekly([\"first@example.com\"])`",
            );
        }
        self.rotations.iter().for_each(|rotation| rotation.check(&mut report));
        let hours: Vec<_> = self.rotations.iter().map(|rotation| rotation.hours.as_ref()).collect();
        let overlaps = |(index, one): (usize, &Option<&Hours>)| {
            hours[..index].iter().any(|other| Hours::overlap(*one, *other))
        };
        if hours.iter().enumerate().any(overlaps) {
            report.unsupported(
                Backend::DatadogOnCall,
                "has rotations at one time, and calls somebody of each",
                "rotations that have no time in common",
                "give them hours, or make two schedules and call both in one step",
            );
        }
        let own = || Text::from(id_below_level(scope.tree(), scope.node()));
        let name = self.name.clone().unwrap_or_else(own);
        let root = match backend(scope) {
            Backend::OpsGenie => ops_genie::schedule(&self, &name),
            Backend::DatadogOnCall => datadog_on_call::schedule(&self, &name),
        };
        ScheduleRef { document: file(scope, "schedules", root), name }
    }
}

#[cfg(test)]
mod tests {
    use super::is_time;

    #[test]
    fn times_are_read() {
        assert!(is_time("2026-01-05T09:00:00Z"));
        for wrong in [
            "",
            "2026-01-05",
            "2026-13-05T09:00:00Z",
            "2026-01-05T24:00:00Z",
            "2026-01-05T09:00:00é",
        ] {
            assert!(!is_time(wrong), "{wrong}");
        }
    }
}
