//! The model in Opsgenie's words. Things are known by their names, people by their addresses.
//!
//! Source: <https://docs.opsgenie.com/docs/api-overview>

use accel_core::Text;

use super::{
    AlertSource, Escalation, Hours, Routing, Schedule, Team,
    escalation::Target,
    routing::{Destination, Route},
    schedule::{Participant, Rotation, Unit},
};
use crate::sre::datadog::file::{Entries, nodes};

pub(super) fn team(team: &Team) -> Entries {
    let mut root = Entries::default().with("name", team.name.clone());
    root.some("description", team.description.clone());
    let member = |(person, role): (&Text, &'static str)| {
        let user = Entries::default().with("username", person.clone());
        Entries::default().with("user", user).with("role", role)
    };
    let administrators = team.administrators.iter().map(|person| (person, "admin"));
    let others = team.members.iter().filter(|person| !team.administrators.contains(person));
    let all = administrators.chain(others.map(|person| (person, "user")));
    root.with("members", nodes(all.map(member)))
}

pub(super) fn schedule(schedule: &Schedule, name: &Text) -> Entries {
    let rotations = schedule.rotations.iter().enumerate();
    Entries::default()
        .with("name", name.clone())
        .with("timezone", schedule.time_zone.clone())
        .with("enabled", true)
        .with("ownerTeam", named(&schedule.team.name))
        .with("rotations", nodes(rotations.map(|(index, it)| rotation(it, it.title(index)))))
}

fn rotation(rotation: &Rotation, name: Text) -> Entries {
    let unit = match rotation.unit {
        Unit::Hour => "hourly",
        Unit::Day => "daily",
        Unit::Week => "weekly",
    };
    let participant = |participant: &Participant| match participant {
        Participant::User(person) => {
            Entries::default().with("type", "user").with("username", person.clone())
        }
        Participant::Team(team) => {
            Entries::default().with("type", "team").with("name", team.clone())
        }
    };
    let mut root = Entries::default()
        .with("name", name)
        .with("startDate", rotation.start.clone())
        .with("type", unit)
        .with("length", rotation.length)
        .with("participants", nodes(rotation.participants.iter().map(participant)));
    root.some("timeRestriction", rotation.hours.as_ref().map(hours));
    root
}

fn hours(hours: &Hours) -> Entries {
    let (Hours::Daily(from, to) | Hours::On(_, from, to)) = *hours;
    let clock = |entries: Entries| {
        entries
            .with("startHour", from.hour)
            .with("startMin", from.minute)
            .with("endHour", to.hour)
            .with("endMin", to.minute)
    };
    match hours {
        Hours::Daily(..) => Entries::default()
            .with("type", "time-of-day")
            .with("restriction", clock(Entries::default())),
        Hours::On(days, ..) => {
            let day = |day: &super::Weekday| {
                clock(Entries::default().with("startDay", day.name()).with("endDay", day.name()))
            };
            Entries::default()
                .with("type", "weekday-and-time-of-day")
                .with("restrictions", nodes(days.iter().map(day)))
        }
    }
}

pub(super) fn escalation(escalation: &Escalation, name: &Text) -> Entries {
    let mut rules = Vec::new();
    for step in &escalation.steps {
        for target in &step.targets {
            let (kind, recipient) = match target {
                Target::User(person) => (
                    "default",
                    Entries::default().with("type", "user").with("username", person.clone()),
                ),
                Target::Schedule(schedule) => {
                    ("default", named(&schedule.name).with("type", "schedule"))
                }
                Target::Team(team) => ("all", named(&team.name).with("type", "team")),
            };
            let condition = if step.until_closed { "if-not-closed" } else { "if-not-acked" };
            rules.push(
                Entries::default()
                    .with("condition", condition)
                    .with("notifyType", kind)
                    .with("delay", Entries::default().with("timeAmount", step.after))
                    .with("recipient", recipient),
            );
        }
    }
    let mut root = Entries::default()
        .with("name", name.clone())
        .with("ownerTeam", named(&escalation.team.name))
        .with("rules", nodes(rules));
    if escalation.repeats > 0 {
        let repeat = Entries::default()
            .with("waitInterval", escalation.repeat_after_minutes)
            .with("count", escalation.repeats)
            .with("resetRecipientStates", true)
            .with("closeAlertAfterAll", false);
        root.add("repeat", repeat);
    }
    root
}

/// The rules of a team are requests of their own, to `/v2/teams/{team}/routing-rules`, in this order.
pub(super) fn routing(routing: &Routing) -> Entries {
    let rule = |(index, route): (usize, &Route)| {
        let mut rule = Entries::default()
            .with("name", format!("route-{}", index + 1))
            .with("order", index as i64)
            .with("timezone", routing.time_zone.clone())
            .with("criteria", criteria(route));
        rule.some("timeRestriction", route.hours.as_ref().map(hours));
        let to = match &route.to {
            Destination::Escalation(escalation) => {
                named(&escalation.name).with("type", "escalation")
            }
            Destination::Schedule(schedule) => named(&schedule.name).with("type", "schedule"),
            Destination::Nobody => Entries::default().with("type", "none"),
        };
        rule.with("notify", to)
    };
    Entries::default()
        .with("team", routing.team.name.clone())
        .with("rules", nodes(routing.routes.iter().enumerate().map(rule)))
}

fn criteria(route: &Route) -> Entries {
    let mut conditions = Vec::new();
    if let Some(priority) = route.priority.filter(|&priority| priority < super::Priority::P5) {
        // More urgent is greater for Opsgenie, which has no "at least".
        conditions.push(
            Entries::default()
                .with("field", "priority")
                .with("operation", "greater-than")
                .with("expectedValue", format!("P{}", priority as u8 + 1)),
        );
    }
    if let Some(tag) = &route.tag {
        conditions.push(
            Entries::default()
                .with("field", "tags")
                .with("operation", "contains")
                .with("expectedValue", tag.clone()),
        );
    }
    if conditions.is_empty() {
        return Entries::default().with("type", "match-all");
    }
    Entries::default().with("type", "match-all-conditions").with("conditions", nodes(conditions))
}

pub(super) fn integration(source: &AlertSource) -> Entries {
    Entries::default()
        .with("name", source.name.clone())
        .with("type", "Datadog")
        .with("ownerTeam", named(&source.team.name))
        .with("allowWriteAccess", true)
        .with("suppressNotifications", false)
}

fn named(name: &Text) -> Entries {
    Entries::default().with("name", name.clone())
}
