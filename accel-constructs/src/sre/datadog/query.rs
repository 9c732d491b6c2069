//! What a monitor asks: a typed builder per kind of query, and [`RawQuery`] for a text at hand.

mod anomalies;
mod comparison;
mod composite;
mod event;
mod formula;
mod metric;
mod process;
mod raw;
mod service_check;
mod slo;
mod variable;

use accel_core::{Prop, Value};

pub use anomalies::{Algorithm, Anomalies, Direction, Seasonality};
pub use comparison::{Comparator, Condition, Evaluated, Threshold};
pub(super) use composite::Unfit;
pub use composite::{Composite, MonitorRef};
pub use event::{ErrorSource, EventQuery};
pub use formula::{CostChange, Formula};
pub use metric::{Ago, MetricQuery, MetricWindow};
pub use process::ProcessQuery;
pub use raw::RawQuery;
pub use service_check::ServiceCheck;
pub use slo::{BurnRate, SloId, SloRef, SloTimeframe};
pub use variable::{
    Aggregation, Augmented, BaseQuery, BoundsOverride, Compute, DataJobs, DataQuality, Difference,
    EntityMetric, EventSource, Events, Filtered, GroupBy, Join, LookupQuery, Metrics,
    MetricsAggregator, Model, ModelType, Order, ReferenceTable, SourceToTarget, Variable,
};

use super::{EvaluationWindow, Number, Span};

/// The complete question of a monitor: its type, its query, its thresholds.
///
/// Every builder of a query becomes one by `into()`, which the monitor's builder does.
#[derive(Clone, Debug)]
pub struct MonitorQuery {
    pub(super) kind: MonitorType,
    pub(super) text: QueryText,
    pub(super) thresholds: Thresholds,
    pub(super) trigger_window: Option<Span>,
    pub(super) recovery_window: Option<Span>,
    pub(super) evaluation_window: Option<EvaluationWindow>,
    pub(super) variables: Vec<Variable>,
    /// The target of the objective that a burn rate is about, in percent.
    pub(super) slo_target: Option<f64>,
}

/// The query itself; one that refers to other monitors is known when they are.
#[derive(Clone, Debug)]
pub(super) enum QueryText {
    Text(Value<String>),
    Composite(Composite),
}

/// The levels at which a monitor changes its state.
#[derive(Clone, Debug, Default)]
pub(super) struct Thresholds {
    pub(super) critical: Option<Threshold>,
    pub(super) critical_recovery: Option<Threshold>,
    pub(super) warning: Option<Number>,
    pub(super) warning_recovery: Option<Number>,
    pub(super) ok: Option<Number>,
    pub(super) unknown: Option<Number>,
}

impl MonitorQuery {
    pub(super) fn new(kind: MonitorType, text: Value<String>) -> Self {
        Self::of(kind, QueryText::Text(text))
    }

    pub(super) fn of(kind: MonitorType, text: QueryText) -> Self {
        Self {
            kind,
            text,
            thresholds: Thresholds::default(),
            trigger_window: None,
            recovery_window: None,
            evaluation_window: None,
            variables: Vec::new(),
            slo_target: None,
        }
    }
}

/// The type of a monitor, as Datadog calls it.
///
/// Three of Datadog's types are missing. `metric alert` is the old name of `query alert`, and Datadog
/// renames it. `event alert` was replaced by `event-v2 alert` and no longer works. `synthetics alert` is
/// made by a Synthetics test, and by nothing else.
///
/// Source: <https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MonitorType {
    /// `query alert`: metrics, with anomalies, outliers and forecasts.
    Query,
    /// `service check`: what an agent or an integration reports.
    ServiceCheck,
    /// `composite`: other monitors.
    Composite,
    /// `log alert`.
    Log,
    /// `event-v2 alert`: events, those of Watchdog among them.
    Event,
    /// `audit alert`: Datadog's own audit trail.
    Audit,
    /// `process alert`: live processes.
    Process,
    /// `rum alert`: real user monitoring.
    Rum,
    /// `trace-analytics alert`: indexed spans.
    TraceAnalytics,
    /// `slo alert`: error budgets and burn rates.
    Slo,
    /// `ci-pipelines alert`.
    CiPipelines,
    /// `ci-tests alert`.
    CiTests,
    /// `error-tracking alert`.
    ErrorTracking,
    /// `database-monitoring alert`.
    DatabaseMonitoring,
    /// `network-performance alert`.
    NetworkPerformance,
    /// `network-path alert`.
    NetworkPath,
    /// `cost alert`: cloud cost.
    Cost,
    /// `data-quality alert`.
    DataQuality,
    /// `data-jobs alert`.
    DataJobs,
    /// `llm-observability alert`.
    LlmObservability,
}

impl MonitorType {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Query,
        Self::ServiceCheck,
        Self::Composite,
        Self::Log,
        Self::Event,
        Self::Audit,
        Self::Process,
        Self::Rum,
        Self::TraceAnalytics,
        Self::Slo,
        Self::CiPipelines,
        Self::CiTests,
        Self::ErrorTracking,
        Self::DatabaseMonitoring,
        Self::NetworkPerformance,
        Self::NetworkPath,
        Self::Cost,
        Self::DataQuality,
        Self::DataJobs,
        Self::LlmObservability,
    ];

    /// As Datadog writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Query => "query alert",
            Self::ServiceCheck => "service check",
            Self::Composite => "composite",
            Self::Log => "log alert",
            Self::Event => "event-v2 alert",
            Self::Audit => "audit alert",
            Self::Process => "process alert",
            Self::Rum => "rum alert",
            Self::TraceAnalytics => "trace-analytics alert",
            Self::Slo => "slo alert",
            Self::CiPipelines => "ci-pipelines alert",
            Self::CiTests => "ci-tests alert",
            Self::ErrorTracking => "error-tracking alert",
            Self::DatabaseMonitoring => "database-monitoring alert",
            Self::NetworkPerformance => "network-performance alert",
            Self::NetworkPath => "network-path alert",
            Self::Cost => "cost alert",
            Self::DataQuality => "data-quality alert",
            Self::DataJobs => "data-jobs alert",
            Self::LlmObservability => "llm-observability alert",
        }
    }
}

/// `text` in double quotes, as an argument of a query.
fn quoted(text: Value<String>) -> Value<String> {
    let text: Value<String> = Value::from_prop(escaped(text.into_prop()));
    accel_core::text!["\"", text, "\""]
}

/// Quotes inside a quoted argument carry a backslash; what only the deployment knows has none.
fn escaped(text: Prop) -> Prop {
    match text {
        Prop::String(text) if text.contains('"') => Prop::from(text.replace('"', "\\\"")),
        Prop::Intrinsic(intrinsic) => match *intrinsic {
            accel_core::Intrinsic::Join(separator, parts) => Prop::from(
                accel_core::Intrinsic::Join(separator, parts.into_iter().map(escaped).collect()),
            ),
            other => Prop::from(other),
        },
        other => other,
    }
}
