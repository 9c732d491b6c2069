//! Times, people and problems, as all constructs of this level have them.

use std::fmt;

use accel_core::{Code, Diagnostic, Email, Scope};

use super::{Backend, IncidentManagement, codes, level::backend};

/// A time of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockTime {
    pub(super) hour: u8,
    pub(super) minute: u8,
}

/// `at(17, 30)`: half past five in the afternoon.
#[must_use]
pub const fn at(hour: u8, minute: u8) -> ClockTime {
    ClockTime { hour, minute }
}

impl ClockTime {
    const fn is_right(self) -> bool {
        self.hour < 24 && self.minute < 60
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// All of them, from Monday on.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// `monday`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    pub(super) const fn following(self) -> Self {
        Self::ALL[(self as usize + 1) % 7]
    }
}

/// Hours of the day or of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Hours {
    /// Every day, from one time to another; over midnight if the second is earlier.
    Daily(ClockTime, ClockTime),
    /// On these days, from one time to another of the same day.
    On(Vec<Weekday>, ClockTime, ClockTime),
}

impl Hours {
    /// From Monday to Friday, from 9 to 17.
    pub fn business() -> Self {
        Self::On(Weekday::ALL[..5].to_vec(), at(9, 0), at(17, 0))
    }

    /// The parts of the week, in minutes from Monday on, each before its end.
    fn parts(hours: Option<&Self>) -> Vec<(u32, u32)> {
        const DAY: u32 = 24 * 60;
        const WEEK: u32 = 7 * DAY;
        let minute = |time: ClockTime| u32::from(time.hour) * 60 + u32::from(time.minute);
        let (days, from, to): (&[Weekday], _, _) = match hours {
            None => return vec![(0, WEEK)],
            Some(Self::Daily(from, to)) => (&Weekday::ALL, minute(*from), minute(*to)),
            Some(Self::On(days, from, to)) => (days, minute(*from), minute(*to)),
        };
        let length = if from < to { to - from } else { to + DAY - from };
        let part = |day: &Weekday| {
            let begin = *day as u32 * DAY + from;
            let end = begin + length;
            [(begin, end.min(WEEK)), (0, end.saturating_sub(WEEK))]
        };
        days.iter().flat_map(part).filter(|(begin, end)| begin < end).collect()
    }

    /// Whether two have a time in common; none is always.
    pub(super) fn overlap(one: Option<&Self>, other: Option<&Self>) -> bool {
        let others = Self::parts(other);
        Self::parts(one).iter().any(|a| others.iter().any(|b| a.0 < b.1 && b.0 < a.1))
    }

    pub(super) fn check(&self, report: &mut Report<'_, '_>) {
        let (Self::Daily(from, to) | Self::On(_, from, to)) = *self;
        let is_right = from.is_right() && to.is_right() && from != to;
        let is_right = is_right && (matches!(self, Self::Daily(..)) || from < to);
        if !is_right {
            report.error(
                &codes::TIME,
                &format!("has hours from {from} to {to}"),
                "two times of a day, the first before the second",
                "write `at(9, 0)`; hours over midnight are `Hours::Daily`",
            );
        }
        if matches!(self, Self::On(days, ..) if days.is_empty()) {
            let help = "name the days";
            report.error(&codes::TIME, "has hours of no day", "at least one day", help);
        }
    }
}

/// Reports what is wrong with one construct.
pub(super) struct Report<'s, 'tree> {
    scope: &'s mut Scope<'tree, IncidentManagement>,
}

impl<'s, 'tree> Report<'s, 'tree> {
    pub(super) const fn new(scope: &'s mut Scope<'tree, IncidentManagement>) -> Self {
        Self { scope }
    }

    pub(super) fn error(&mut self, code: &'static Code, problem: &str, allowed: &str, help: &str) {
        let message = format!("`{}` {problem}", self.scope.path());
        let diagnostic = Diagnostic::error(code, message, self.scope.location());
        self.scope.report(diagnostic.allowed(allowed).help(help));
    }

    /// Says that the product cannot do it, if it is `by`.
    pub(super) fn unsupported(&mut self, by: Backend, problem: &str, allowed: &str, help: &str) {
        if backend(self.scope) == by {
            let problem = format!("{problem}, which {} cannot do", by.title());
            self.error(&codes::UNSUPPORTED, &problem, allowed, help);
        }
    }

    pub(super) fn person(&mut self, person: &str) {
        if Email::parse(person).is_err() {
            let problem = format!("names {person:?}, which is no e-mail address");
            let allowed = "the address that somebody signs in with: `first@example.com`";
            self.error(&codes::PERSON, &problem, allowed, "give the whole address");
        }
    }
}

/// What stands for the id of a person, where a product wants one.
pub(super) fn user_id(person: &str) -> String {
    format!("%{{user:{person}}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_overlap_where_they_have_a_time_in_common() {
        let overlap = |one: &Hours, other: &Hours| Hours::overlap(Some(one), Some(other));
        let nights = Hours::Daily(at(17, 0), at(9, 0));
        assert!(!overlap(&Hours::business(), &nights));
        assert!(overlap(&Hours::business(), &Hours::Daily(at(17, 0), at(9, 1))));
        let monday = Hours::On(vec![Weekday::Monday], at(0, 0), at(1, 0));
        assert!(overlap(&nights, &monday), "the night from Sunday to Monday");
        assert!(!overlap(&Hours::business(), &monday));
        assert!(Hours::overlap(None, Some(&monday)));
    }
}
