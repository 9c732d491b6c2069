//! Reads queries, those that builders write and those that programs give as text, so that all are
//! checked by the same rules.
//!
//! Source: <https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor>

mod chain;
mod composite;
mod cursor;
mod metric;

use accel_core::{Intrinsic, Prop};

pub(super) use chain::Call;

use super::{Comparator, MonitorType, Number};

/// What stands for a part of a text that is known only later.
pub(super) const UNKNOWN: char = '\u{fffc}';

/// The text of a property, with [`UNKNOWN`] where it is not known.
pub(super) fn known(prop: &Prop) -> String {
    match prop {
        Prop::String(text) => text.to_string(),
        Prop::Intrinsic(intrinsic) => match &**intrinsic {
            Intrinsic::Join(separator, parts) => {
                parts.iter().map(known).collect::<Vec<_>>().join(separator)
            }
            _ => UNKNOWN.to_string(),
        },
        _ => UNKNOWN.to_string(),
    }
}

/// What a query says.
#[derive(Clone, Debug)]
pub(super) enum Reading {
    Metric(MetricReading),
    Chain(ChainReading),
    Composite { monitors: usize },
}

/// `avg(last_5m):avg:system.load.1{*} by {host} > 2`
#[derive(Clone, Debug, Default)]
pub(super) struct MetricReading {
    /// `last_5m`, `next_1w`, `current_1d`.
    pub(super) window: String,
    pub(super) is_change: bool,
    pub(super) metrics: Vec<Metric>,
    pub(super) functions: Vec<String>,
    /// Whether it is one metric with neither a function nor a formula around it.
    pub(super) is_bare: bool,
    pub(super) comparison: Option<Comparison>,
}

/// A metric of a query, with its scope and grouping.
#[derive(Clone, Debug, Default)]
pub(super) struct Metric {
    pub(super) name: String,
    pub(super) scope: String,
    pub(super) by: Vec<String>,
}

/// `logs("...").index("*").rollup("count").last("5m") > 3`, `"check".over("*")...`
#[derive(Clone, Debug)]
pub(super) struct ChainReading {
    pub(super) head: Call,
    pub(super) calls: Vec<Call>,
    pub(super) comparison: Option<Comparison>,
}

/// The end of a query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Comparison {
    pub(super) comparator: Comparator,
    pub(super) bound: Bound,
}

/// What a query is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Bound {
    Number(Number),
    /// The word `threshold`: another query.
    Threshold,
    Unknown,
}

impl Reading {
    pub(super) const fn comparison(&self) -> Option<Comparison> {
        match self {
            Self::Metric(metric) => metric.comparison,
            Self::Chain(chain) => chain.comparison,
            Self::Composite { .. } => None,
        }
    }

    /// The number in the query.
    pub(super) fn critical(&self) -> Option<Number> {
        match self.comparison()?.bound {
            Bound::Number(number) => Some(number),
            Bound::Threshold | Bound::Unknown => None,
        }
    }

    /// The tags or facets that there is one alert for.
    pub(super) fn groups(&self) -> Vec<&str> {
        match self {
            Self::Metric(reading) => {
                reading.metrics.iter().flat_map(|m| &m.by).map(String::as_str).collect()
            }
            Self::Chain(reading) => reading.arguments("by"),
            Self::Composite { .. } => Vec::new(),
        }
    }
}

impl ChainReading {
    /// The call of a method.
    pub(super) fn call(&self, method: &str) -> Option<&Call> {
        self.calls.iter().find(|call| call.name == method)
    }

    /// The arguments of a method, those of `"a,b"` one by one.
    pub(super) fn arguments(&self, method: &str) -> Vec<&str> {
        let calls = self.calls.iter().filter(|call| call.name == method);
        let arguments = calls.flat_map(|call| &call.arguments);
        arguments
            .flat_map(|a| a.text().split(','))
            .map(str::trim)
            .filter(|a| !a.is_empty())
            .collect()
    }
}

/// Reads the query of a monitor of type `kind`; the error says what is wrong.
pub(super) fn read(kind: MonitorType, query: &str) -> Result<Reading, String> {
    match kind {
        MonitorType::Composite => {
            composite::read(query).map(|monitors| Reading::Composite { monitors })
        }
        MonitorType::Query if !is_formula(query) => metric::read(query).map(Reading::Metric),
        _ => chain::read(query).map(Reading::Chain),
    }
}

fn is_formula(query: &str) -> bool {
    query.trim_start().starts_with("formula(")
}
