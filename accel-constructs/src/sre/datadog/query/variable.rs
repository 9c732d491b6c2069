//! The queries that a formula names. Each is a typed face of one object, as Datadog's API has it.

/// Setters that put a value into the object of a type.
macro_rules! setters {
    ($type:ident { $($(#[$doc:meta])* $setter:ident($argument:ty) = $key:literal;)+ }) => {
        impl $type {$(
            $(#[$doc])*
            pub fn $setter(mut self, value: $argument) -> Self {
                self.object.insert($key, value);
                self
            }
        )+}
    };
}

mod aggregate;
mod data;
mod events;

use accel_core::{Object, Prop, Text};

pub use aggregate::{Augmented, BaseQuery, Filtered, Join, LookupQuery, ReferenceTable};
pub use data::{
    BoundsOverride, DataJobs, DataQuality, Difference, EntityMetric, Model, ModelType,
    SourceToTarget,
};
pub use events::{Aggregation, Compute, EventSource, Events, GroupBy, Order};

use super::MonitorType;

/// A query that a [`Formula`](super::Formula) names: [`Events`], [`Metrics`], [`DataQuality`],
/// [`DataJobs`], [`Augmented`] or [`Filtered`].
#[derive(Clone, Debug)]
pub struct Variable {
    pub(super) kind: MonitorType,
    object: Object,
}

impl Variable {
    pub(super) fn named(mut self, name: impl Into<Text>) -> Self {
        self.object.insert("name", name.into());
        self
    }

    /// As the option `variables` lists it.
    pub(in super::super) const fn object(&self) -> &Object {
        &self.object
    }
}

/// Metrics, in the syntax of dashboards: `sum:aws.cost.amortized{*} by {aws_product}`.
#[derive(Clone, Debug)]
#[must_use]
pub struct Metrics {
    kind: MonitorType,
    object: Object,
}

impl Metrics {
    /// Metrics of any kind.
    pub fn new(query: &str) -> Self {
        Self::of(MonitorType::Query, "metrics", query)
    }

    /// Cloud cost.
    pub fn cloud_cost(query: &str) -> Self {
        Self::of(MonitorType::Cost, "cloud_cost", query)
    }

    /// What Datadog itself is used for.
    pub fn datadog_usage(query: &str) -> Self {
        Self::of(MonitorType::Query, "datadog_usage", query)
    }

    fn of(kind: MonitorType, source: &str, query: &str) -> Self {
        Self { kind, object: [("data_source", source), ("query", query)].into_iter().collect() }
    }

    /// How the points of the window become one number.
    pub fn aggregator(mut self, aggregator: MetricsAggregator) -> Self {
        self.object.insert("aggregator", aggregator.name());
        self
    }
}

impl From<Metrics> for Variable {
    fn from(Metrics { kind, object }: Metrics) -> Self {
        Self { kind, object }
    }
}

names! {
    /// How the points of a window become one number.
    pub enum MetricsAggregator {
        /// Their mean.
        Avg = "avg",
        /// The least.
        Min = "min",
        /// The greatest.
        Max = "max",
        /// Their sum.
        Sum = "sum",
        /// The last.
        Last = "last",
        /// The area below them.
        Area = "area",
        /// Their Euclidean norm.
        L2Norm = "l2norm",
        /// A percentile.
        Percentile = "percentile",
        /// Their standard deviation.
        StdDev = "stddev",
        /// Their mean; only below [`Augmented`] and [`Filtered`].
        Mean = "mean",
        /// How many different ones there are; only below [`Augmented`] and [`Filtered`].
        CountUnique = "count_unique",
    }
}

/// Adds `item` to the list at `key`.
fn push(object: &mut Object, key: &'static str, item: impl Into<Prop>) {
    match object.get_mut(key) {
        Some(Prop::List(items)) => items.push(item.into()),
        _ => object.insert(key, vec![item.into()]),
    }
}
