use accel_core::{IntoValue, Object, Prop};

use super::{Variable, push};
use crate::sre::datadog::{MonitorType, Span};

/// Events in the wide sense, of which something is computed; they are counted unless told otherwise.
///
/// ```
/// use accel_constructs::sre::datadog::{Aggregation, Compute, EventSource, Events, GroupBy};
///
/// let slow = Events::new(EventSource::Logs, "service:shop")
///     .compute(Compute::of(Aggregation::Pc95, "@duration"))
///     .group_by(GroupBy::facet("@http.url").limit(10));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Events {
    source: EventSource,
    object: Object,
}

impl Events {
    /// Events of `source` that `search` finds; `*` finds all.
    pub fn new(source: EventSource, search: impl IntoValue<String>) -> Self {
        let search = Prop::object([("query", search.into_value().into_prop())]);
        let mut object = Object::new();
        object.insert("data_source", source.name());
        object.insert("search", search);
        Self { source, object }.compute(Compute::count())
    }

    /// What is computed of them.
    pub fn compute(mut self, compute: Compute) -> Self {
        self.object.insert("compute", compute.object);
        self
    }

    /// Only those of this index; one more with each call.
    pub fn index(mut self, index: &str) -> Self {
        push(&mut self.object, "indexes", index);
        self
    }

    /// One number for each value of a facet; one more facet with each call.
    pub fn group_by(mut self, group: GroupBy) -> Self {
        push(&mut self.object, "group_by", group.object);
        self
    }

    pub(super) const fn kind(&self) -> MonitorType {
        match self.source {
            EventSource::Rum => MonitorType::Rum,
            EventSource::CiPipelines => MonitorType::CiPipelines,
            EventSource::CiTests => MonitorType::CiTests,
            EventSource::Audit => MonitorType::Audit,
            EventSource::Events => MonitorType::Event,
            EventSource::Logs => MonitorType::Log,
            EventSource::Spans => MonitorType::TraceAnalytics,
            EventSource::DatabaseQueries => MonitorType::DatabaseMonitoring,
            EventSource::Network => MonitorType::NetworkPerformance,
            EventSource::NetworkPath => MonitorType::NetworkPath,
        }
    }

    pub(super) fn into_object(self) -> Object {
        self.object
    }
}

impl From<Events> for Variable {
    fn from(events: Events) -> Self {
        Self { kind: events.kind(), object: events.object }
    }
}

names! {
    /// Where [`Events`] are from.
    pub enum EventSource {
        /// Real user monitoring.
        Rum = "rum",
        /// Runs of pipelines.
        CiPipelines = "ci_pipelines",
        /// Runs of tests.
        CiTests = "ci_tests",
        /// The audit trail.
        Audit = "audit",
        /// Events.
        Events = "events",
        /// Logs.
        Logs = "logs",
        /// Spans of traces.
        Spans = "spans",
        /// Queries of databases.
        DatabaseQueries = "database_queries",
        /// Network flows.
        Network = "network",
        /// Network paths.
        NetworkPath = "network_path",
    }
}

names! {
    /// What is computed of events.
    pub enum Aggregation {
        /// How many there are.
        Count = "count",
        /// How many different values there are.
        Cardinality = "cardinality",
        /// The median.
        Median = "median",
        /// The 75th percentile.
        Pc75 = "pc75",
        /// The 90th percentile.
        Pc90 = "pc90",
        /// The 95th percentile.
        Pc95 = "pc95",
        /// The 98th percentile.
        Pc98 = "pc98",
        /// The 99th percentile.
        Pc99 = "pc99",
        /// The sum.
        Sum = "sum",
        /// The least.
        Min = "min",
        /// The greatest.
        Max = "max",
        /// The mean.
        Avg = "avg",
    }
}

/// What is computed of [`Events`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Compute {
    pub(super) object: Object,
}

impl Compute {
    /// How many there are.
    pub fn count() -> Self {
        Self { object: [("aggregation", Aggregation::Count.name())].into_iter().collect() }
    }

    /// An aggregation of a measure or facet.
    pub fn of(aggregation: Aggregation, metric: &str) -> Self {
        let object = [("aggregation", aggregation.name()), ("metric", metric)];
        Self { object: object.into_iter().collect() }
    }

    /// The distance of the points.
    pub fn every(mut self, interval: Span) -> Self {
        // Datadog counts it in milliseconds; a u32 of weeks still fits.
        self.object.insert("interval", interval.as_seconds() as i64 * 1_000);
        self
    }
}

setters! { Compute {
    /// What the result is called.
    named(&str) = "name";
    /// The subquery that the measure is of, below [`Augmented`](super::Augmented).
    source(&str) = "source";
} }

/// A facet that [`Events`] are grouped by.
#[derive(Clone, Debug)]
#[must_use]
pub struct GroupBy {
    pub(super) object: Object,
}

impl GroupBy {
    /// Grouped by this facet.
    pub fn facet(facet: &str) -> Self {
        Self { object: [("facet", facet)].into_iter().collect() }
    }

    /// The first groups by how many events they have.
    pub fn sort_by_count(mut self, order: Order) -> Self {
        let sort = [("aggregation", Aggregation::Count.name()), ("order", order.name())];
        self.object.insert("sort", Prop::object(sort));
        self
    }

    /// The first groups by an aggregation of a measure.
    pub fn sort_by(mut self, aggregation: Aggregation, metric: &str, order: Order) -> Self {
        let sort =
            [("aggregation", aggregation.name()), ("metric", metric), ("order", order.name())];
        self.object.insert("sort", Prop::object(sort));
        self
    }
}

setters! { GroupBy {
    /// How many groups at most.
    limit(u16) = "limit";
    /// The subquery that the facet is of, below [`Augmented`](super::Augmented).
    source(&str) = "source";
} }

names! {
    /// Which groups come first.
    pub enum Order {
        /// The least.
        Ascending = "asc",
        /// The greatest.
        Descending = "desc",
    }
}
