//! Who is called when something breaks: teams, schedules, escalations and routing, written once, for
//! whichever product calls people.
//!
//! ```
//! use accel_constructs::sre::incident::{
//!     AlertSource, Backend, Escalation, IncidentManagement, Priority, Rotation, Route, Routing,
//!     Schedule, EscalationStep, Team,
//! };
//! use accel_core::App;
//!
//! let mut app = App::new("example");
//! let mut incidents = app.open("incidents", IncidentManagement::new(Backend::DatadogOnCall));
//! let people = ["first@example.com", "second@example.com"];
//! let shop = incidents.add("shop", Team::builder().name("shop").members(people).build());
//! let rotation = Rotation::weekly(people).starting("2026-01-05T09:00:00Z");
//! let schedule = Schedule::builder().team(&shop).time_zone("Europe/Berlin").rotations([rotation]);
//! let schedule = incidents.add("shop-schedule", schedule.build());
//! let escalation = Escalation::builder()
//!     .team(&shop)
//!     .steps([
//!         EscalationStep::at_once().schedule(&schedule),
//!         EscalationStep::after_minutes(15).user("second@example.com"),
//!     ])
//!     .build();
//! let escalation = incidents.add("shop-escalation", escalation);
//! let routing = Routing::builder()
//!     .team(&shop)
//!     .routes([Route::to(&escalation).of_priority(Priority::P2)])
//!     .build();
//! incidents.add("shop-routing", routing);
//! let handle = incidents.add("shop-datadog", AlertSource::datadog(&shop));
//! assert_eq!(handle, "@oncall-shop");
//! ```
//!
//! What a product cannot express is an error where it is said, so that moving from one to the other by
//! the [`Backend`] alone shows what is lost.

mod alert_source;
mod datadog_on_call;
mod escalation;
mod level;
mod model;
mod ops_genie;
mod routing;
mod schedule;
mod team;

pub mod codes;

pub use alert_source::AlertSource;
pub use escalation::{Escalation, EscalationRef, EscalationStep};
pub use level::{Backend, IncidentManagement};
pub use model::{ClockTime, Hours, Weekday, at};
pub use routing::{Route, Routing};
pub use schedule::{Rotation, Schedule, ScheduleRef};
pub use team::{Team, TeamRef};

/// How urgent an alert is, from 1 to 5.
pub use super::datadog::Priority;
