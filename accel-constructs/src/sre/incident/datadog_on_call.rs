//! The model in the words of Datadog On-Call. Things and people are known by ids.
//!
//! Source: <https://docs.datadoghq.com/api/latest/on-call/>

use accel_core::{DocumentNode, DocumentRef, Text};

use super::{
    ClockTime, Escalation, Hours, Routing, Schedule, Team, TeamRef, Weekday,
    escalation::{EscalationStep, Target},
    model::user_id,
    routing::{Destination, Route},
    schedule::{Participant, Rotation, Unit},
};
use crate::sre::datadog::file::{Entries, nodes};

pub(super) fn team(team: &Team) -> Entries {
    let mut attributes =
        Entries::default().with("handle", team.name.clone()).with("name", team.name.clone());
    attributes.some("description", team.description.clone());
    let mut data = Entries::default().with("type", "team").with("attributes", attributes);
    if !team.members.is_empty() {
        let users = team
            .members
            .iter()
            .map(|person| Entries::default().with("type", "users").with("id", user_id(person)));
        data.add("relationships", related("users", nodes(users)));
    }
    Entries::default().with("data", data)
}

pub(super) fn schedule(schedule: &Schedule, name: &Text) -> Entries {
    let layers = schedule.rotations.iter().enumerate();
    let layers = layers.map(|(index, rotation)| layer(rotation, rotation.title(index)));
    let attributes = Entries::default()
        .with("name", name.clone())
        .with("time_zone", schedule.time_zone.clone())
        .with("layers", nodes(layers));
    request("schedules", attributes, &schedule.team)
}

fn layer(rotation: &Rotation, name: Text) -> Entries {
    let interval = match rotation.unit {
        Unit::Hour => Entries::default().with("seconds", i64::from(rotation.length) * 3_600),
        Unit::Day => Entries::default().with("days", rotation.length),
        Unit::Week => Entries::default().with("days", i64::from(rotation.length) * 7),
    };
    let member = |participant: &Participant| {
        let (Participant::User(who) | Participant::Team(who)) = participant;
        Entries::default().with("user", Entries::default().with("id", user_id(who)))
    };
    let mut layer = Entries::default()
        .with("name", name)
        .with("interval", interval)
        .with("rotation_start", rotation.start.clone())
        .with("effective_date", rotation.start.clone())
        .with("members", nodes(rotation.participants.iter().map(member)));
    layer.some("restrictions", rotation.hours.as_ref().map(restrictions));
    layer
}

/// Each day by itself: there is no daily form.
fn restrictions(hours: &Hours) -> DocumentNode {
    let restriction = |from_day: Weekday, from: ClockTime, to_day: Weekday, to: ClockTime| {
        Entries::default()
            .with("start_day", from_day.name())
            .with("start_time", format!("{from}:00"))
            .with("end_day", to_day.name())
            .with("end_time", format!("{to}:00"))
    };
    match hours {
        Hours::Daily(from, to) => nodes(Weekday::ALL.map(|day| {
            let end = if from < to { day } else { day.following() };
            restriction(day, *from, end, *to)
        })),
        Hours::On(days, from, to) => {
            nodes(days.iter().map(|&day| restriction(day, *from, day, *to)))
        }
    }
}

pub(super) fn escalation(escalation: &Escalation, name: &Text) -> Entries {
    let target = |target: &Target| match target {
        Target::User(person) => {
            Entries::default().with("type", "users").with("id", user_id(person))
        }
        Target::Schedule(schedule) => of("schedules", schedule.document),
        Target::Team(team) => of("teams", team.document),
    };
    let steps = escalation.steps.iter().enumerate().map(|(index, step)| {
        // How long this step has, not when it begins.
        let next: Option<&EscalationStep> = escalation.steps.get(index + 1);
        let minutes = next.map_or(escalation.repeat_after_minutes.clamp(1, 600), |next| {
            next.after.saturating_sub(step.after)
        });
        Entries::default()
            .with("targets", nodes(step.targets.iter().map(target)))
            .with("assignment", "default")
            .with("escalate_after_seconds", i64::from(minutes) * 60)
    });
    let attributes = Entries::default()
        .with("name", name.clone())
        .with("steps", nodes(steps))
        .with("retries", escalation.repeats)
        .with("resolve_page_on_policy_end", false);
    request("policies", attributes, &escalation.team)
}

pub(super) fn routing(routing: &Routing) -> Entries {
    let rules = routing.routes.iter().map(|route| rule(route, &routing.time_zone));
    let data = Entries::default()
        .with("type", "team_routing_rules")
        .with("id", routing.team.document.id::<String>())
        .with("attributes", Entries::default().with("rules", nodes(rules)));
    Entries::default().with("data", data)
}

fn rule(route: &Route, time_zone: &Text) -> Entries {
    let mut rule = Entries::default();
    let mut terms = Vec::new();
    if let Some(priority) = route.priority {
        let levels: Vec<String> = (1..=priority as u8).map(|level| level.to_string()).collect();
        terms.push(format!("priority:({})", levels.join(" OR ")));
    }
    terms.extend(route.tag.iter().map(|tag| format!("tags.{tag}")));
    if !terms.is_empty() {
        rule.add("query", terms.join(" AND "));
    }
    match &route.to {
        Destination::Escalation(escalation) => {
            rule.add("policy_id", escalation.document.id::<String>());
            rule.add("urgency", "high");
        }
        Destination::Schedule(_) | Destination::Nobody => rule.add("urgency", "low"),
    }
    if let Some(hours) = &route.hours {
        let times = Entries::default()
            .with("time_zone", time_zone.clone())
            .with("restrictions", restrictions(hours));
        rule.add("time_restriction", times);
    }
    rule
}

fn request(kind: &'static str, attributes: Entries, team: &TeamRef) -> Entries {
    let teams = related("teams", nodes([of("teams", team.document)]));
    let data = Entries::default()
        .with("type", kind)
        .with("attributes", attributes)
        .with("relationships", teams);
    Entries::default().with("data", data)
}

fn related(kind: &'static str, items: DocumentNode) -> Entries {
    Entries::default().with(kind, Entries::default().with("data", items))
}

/// A reference to what another document makes.
fn of(kind: &'static str, document: DocumentRef) -> Entries {
    Entries::default().with("type", kind).with("id", document.id::<String>())
}
