//! [Datadog](https://docs.datadoghq.com): monitors as typed values.
//!
//! A Datadog organization is a level, [`Datadog`]; a [`DatadogMonitor`] is added to it and becomes
//! `datadog/<organization>/monitors/<id>.json`, the request that makes it. Nothing is sent from here.
//!
//! ```
//! use accel_constructs::sre::datadog::{
//!     Datadog, DatadogMonitor, Message, MetricQuery, Priority, Renotify, When, hours, minutes,
//! };
//! use accel_core::App;
//!
//! let mut app = App::new("example");
//! let mut datadog = app.open("datadog", Datadog::new("example"));
//! let load = MetricQuery::avg("system.load.norm.5").over(["env:prod"]).by(["host"]);
//! let monitor = DatadogMonitor::builder()
//!     .name("Load of {{host.name}} is high")
//!     .query(load.last(minutes(15)).min().above(2).warning(1.5))
//!     .message(
//!         Message::new("Five processes wait for each core.")
//!             .when(When::Alert, Message::new("Runbook: https://example.com/load").notify("@pagerduty-web"))
//!             .when(When::Warning, Message::new("").notify("@slack-web")),
//!     )
//!     .priority(Priority::P2)
//!     .tags(["team:web"])
//!     .renotify(Renotify::every(hours(2)))
//!     .build();
//! datadog.add("load", monitor);
//! ```
//!
//! What is wrong with a monitor is said where it is added: as an error where Datadog would refuse it or
//! it could never alert, as a warning where it would do something else than it seems to.

/// An enumeration of names of the API, with `ALL` and `name`.
macro_rules! names {
    (
        $(#[$doc:meta])*
        pub enum $enum:ident { $($(#[$case_doc:meta])* $case:ident = $name:literal,)+ }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $enum { $($(#[$case_doc])* $case,)+ }

        impl $enum {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$case),+];

            /// As the API writes it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$case => $name),+ }
            }
        }
    };
}
mod aws;
mod dashboard;
pub(super) mod file;
mod grammar;
mod level;
mod message;
mod monitor;
mod number;
mod options;
mod query;
mod rules;
mod slo;
mod span;
mod synthetics;

pub mod codes;

pub use aws::{DatadogAwsAccount, DatadogRole};
pub use dashboard::{DatadogDashboard, Display, Palette, TemplateVariable, Widget};
pub use level::{Datadog, Site};
pub use message::{Message, When};
pub use monitor::DatadogMonitor;
pub use number::Number;
pub use options::{
    Asset, DraftStatus, EvaluationWindow, MissingData, NotificationPreset, Priority, Recurrence,
    Renotify, RenotifyStatus,
};
pub use query::{
    Aggregation, Ago, Algorithm, Anomalies, Augmented, BaseQuery, BoundsOverride, BurnRate,
    Comparator, Composite, Compute, Condition, CostChange, DataJobs, DataQuality, Difference,
    Direction, EntityMetric, ErrorSource, Evaluated, EventQuery, EventSource, Events, Filtered,
    Formula, GroupBy, Join, LookupQuery, MetricQuery, MetricWindow, Metrics, MetricsAggregator,
    Model, ModelType, MonitorQuery, MonitorRef, MonitorType, Order, ProcessQuery, RawQuery,
    ReferenceTable, Seasonality, ServiceCheck, SloId, SloRef, SloTimeframe, SourceToTarget,
    Threshold, Variable,
};
pub use slo::{BurnRateMonitors, BurnRateMonitorsRef, DatadogSlo, DatadogSloRef, Objective, Sli};
pub use span::{Span, days, hours, minutes, seconds, weeks};
pub use synthetics::{Assertion, HttpTest};
